//! Faults that a test asks the sandbox for, as a client of it meets them.

mod bodies;
mod calls;

use super::super::testing::{Sandbox, answer, bad_tokens, bearer, refusal};
use futures::future::join_all;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, Response, redirect};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tokio::task::JoinHandle;

/// One of the two servers, with a request that it answers rightly.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Server {
    AccessManager,
    Ledger,
}

const BOTH: [Server; 2] = [Server::AccessManager, Server::Ledger];

/// Longer than any test waits.
const FOREVER: u64 = 3_600_000;

impl Server {
    fn request(self, sandbox: &Sandbox, method: Method, path: &str) -> RequestBuilder {
        match self {
            Self::AccessManager => sandbox.access_manager(method, path),
            Self::Ledger => sandbox.ledger(method, path),
        }
    }

    /// The request that is struck in these tests: may the viewer get holders; or an open account.
    fn ask(self, sandbox: &Sandbox) -> RequestBuilder {
        self.ask_with(sandbox, &sandbox.world.tokens().viewer)
    }

    fn ask_with(self, sandbox: &Sandbox, token: &str) -> RequestBuilder {
        let request = match self {
            Self::AccessManager => self.request(sandbox, Method::POST, &self.path(sandbox)).json(&json!({
                "sub": viewer(sandbox), "resource": "holders", "action": "get", "product": "plugin-crm",
            })),
            Self::Ledger => self.request(sandbox, Method::GET, &self.path(sandbox)),
        };
        request.header(AUTHORIZATION, bearer(token))
    }

    fn path(self, sandbox: &Sandbox) -> String {
        let organization = sandbox.world.organization();
        let (id, ledger) = (organization.id, organization.ledger.id);
        match self {
            Self::AccessManager => "/v1/authorize".to_owned(),
            Self::Ledger => {
                format!("/v1/organizations/{id}/ledgers/{ledger}/accounts/{}", organization.open_accounts[0])
            }
        }
    }

    fn assert_right(self, sandbox: &Sandbox, body: &Value) {
        match self {
            Self::AccessManager => assert_eq!(body["authorized"], json!(true), "{body}"),
            Self::Ledger => {
                assert_eq!(body["id"], json!(sandbox.world.organization().open_accounts[0]), "{body}");
            }
        }
    }

    async fn is_well(self, sandbox: &Sandbox) {
        let (status, body) = answer(self.ask(sandbox)).await;
        assert_eq!(status, 200, "{self:?}: {body}");
        self.assert_right(sandbox, &body);
    }

    async fn put(self, sandbox: &Sandbox, rules: Value) -> Value {
        let put = self.request(sandbox, Method::PUT, "/_sandbox/faults").json(&json!({ "rules": rules }));
        let (status, told) = answer(put).await;
        assert_eq!(status, 200, "{told}");
        told
    }

    async fn end(self, sandbox: &Sandbox) {
        let ended = answer(self.request(sandbox, Method::DELETE, "/_sandbox/faults")).await;
        assert_eq!(ended, (200, json!({"rules": []})));
    }

    async fn calls(self, sandbox: &Sandbox) -> Value {
        answer(self.request(sandbox, Method::GET, "/_sandbox/calls")).await.1
    }

    /// Looks until the log says so.
    async fn until(self, sandbox: &Sandbox, says: impl Fn(&Value) -> bool) -> Value {
        loop {
            let calls = self.calls(sandbox).await;
            if says(&calls) {
                return calls;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Asks in a task of its own, and waits until the server has the request and keeps it.
    async fn kept_waiting(self, sandbox: &Sandbox) -> JoinHandle<(u16, Value)> {
        let asked = tokio::spawn(answer(self.ask(sandbox)));
        self.until(sandbox, |calls| calls["inFlight"] == 1 && calls["calls"][0]["fault"].is_string()).await;
        asked
    }
}

fn viewer(sandbox: &Sandbox) -> String {
    let claims: Value =
        jsonwebtoken::dangerous::insecure_decode_claims(&sandbox.world.tokens().viewer).unwrap();
    format!("lerian/{}", claims["sub"].as_str().unwrap())
}

/// The status and content type, and all of the body that came; whether it came whole.
async fn taken(mut response: Response) -> (u16, String, Vec<u8>, bool) {
    let status = response.status().as_u16();
    let media_type = response.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(bytes)) => body.extend_from_slice(&bytes),
            Ok(None) => return (status, media_type, body, true),
            Err(_) => return (status, media_type, body, false),
        }
    }
}

#[tokio::test]
async fn a_status_comes_in_the_servers_own_form_and_its_faults_end() {
    let sandbox = Sandbox::start().await;
    for (server, codes) in [
        (Server::AccessManager, ["AUT-0006", "AUT-0429", "AUT-0404", "AUT-0006"]),
        (Server::Ledger, ["0046", "0046", "0007", "0046"]),
    ] {
        for (status, code) in [503, 429, 404, 599].into_iter().zip(codes) {
            let told =
                server.put(&sandbox, json!([{"kind": "status", "status": status, "retryAfter": 7}])).await;
            let rule = json!({"kind": "status", "status": status, "retryAfter": 7, "struck": 0});
            assert_eq!(told, json!({"rules": [rule]}));
            let response = server.ask(&sandbox).send().await.unwrap();
            assert_eq!(response.headers()[RETRY_AFTER], "7");
            assert_eq!(refusal(server.ask(&sandbox)).await, (status, code.to_owned()), "{server:?}");
        }
        // What has no route is struck too, and so is its health: a server that is down is down.
        for path in ["/health", "/nowhere"] {
            let response = server.request(&sandbox, Method::GET, path).send().await.unwrap();
            assert_eq!(response.status().as_u16(), 599, "{path}");
        }
        let (_, told) = answer(server.request(&sandbox, Method::GET, "/_sandbox/faults")).await;
        assert_eq!(told["rules"][0]["struck"], json!(4));
        server.end(&sandbox).await;
        server.is_well(&sandbox).await;
    }
}

#[tokio::test]
async fn faults_of_one_server_are_not_the_others() {
    let sandbox = Sandbox::start().await;
    Server::Ledger.put(&sandbox, json!([{"kind": "status"}])).await;
    Server::AccessManager.is_well(&sandbox).await;
    assert_eq!(Server::Ledger.ask(&sandbox).send().await.unwrap().status().as_u16(), 503);
}

#[tokio::test]
async fn what_hangs_or_is_delayed_is_answered_rightly_when_the_faults_end() {
    let sandbox = Sandbox::start().await;
    for server in BOTH {
        for rule in [json!({"kind": "hang"}), json!({"kind": "delay", "delayMs": FOREVER})] {
            let kind = rule["kind"].clone();
            answer(server.request(&sandbox, Method::DELETE, "/_sandbox/calls")).await;
            server.put(&sandbox, json!([rule])).await;
            let asked = server.kept_waiting(&sandbox).await;
            let call = server.calls(&sandbox).await["calls"][0].clone();
            assert_eq!(
                (&call["fault"], &call["status"], &call["state"]),
                (&kind, &Value::Null, &json!("waiting"))
            );
            server.end(&sandbox).await;
            let (status, body) = asked.await.unwrap();
            assert_eq!(status, 200);
            server.assert_right(&sandbox, &body);
        }
        // Other rules end the former ones too.
        answer(server.request(&sandbox, Method::DELETE, "/_sandbox/calls")).await;
        server.put(&sandbox, json!([{"kind": "hang"}])).await;
        let asked = server.kept_waiting(&sandbox).await;
        server.put(&sandbox, json!([{"kind": "delay", "delayMs": 1}])).await;
        assert_eq!(asked.await.unwrap().0, 200);
        server.is_well(&sandbox).await;
    }
}

#[tokio::test]
async fn a_client_that_goes_away_from_a_hanging_request_is_noticed() {
    let sandbox = Sandbox::start().await;
    for server in BOTH {
        server.put(&sandbox, json!([{"kind": "hang"}])).await;
        let asked = server.kept_waiting(&sandbox).await;
        asked.abort();
        let calls = server.until(&sandbox, |calls| calls["inFlight"] == 0).await;
        assert_eq!((&calls["gone"], &calls["calls"][0]["state"]), (&json!(1), &json!("gone")));
        assert_eq!(calls["statuses"], json!({}));
    }
}

#[tokio::test]
async fn a_server_that_makes_requests_wait_can_be_stopped_and_answers_them() {
    let sandbox = Sandbox::start().await;
    Server::AccessManager.put(&sandbox, json!([{"kind": "hang"}])).await;
    let hanging = Server::AccessManager.kept_waiting(&sandbox).await;
    Server::Ledger.put(&sandbox, json!([{"kind": "drip", "delayMs": FOREVER}])).await;
    let dripping = Server::Ledger.ask(&sandbox).send().await.unwrap();
    sandbox.access_manager.stop().await;
    sandbox.ledger.stop().await;
    assert_eq!(hanging.await.unwrap().0, 200);
    assert!(taken(dripping).await.3, "the rest came at once");
}

#[tokio::test]
async fn so_many_are_struck_as_the_rule_says_however_many_ask_at_once() {
    let sandbox = Sandbox::start().await;
    for server in BOTH {
        for (rule, struck) in [(json!({"kind": "status", "times": 20}), 20), (json!({"kind": "flap"}), 30)] {
            server.put(&sandbox, json!([rule])).await;
            let answers = join_all((0..60).map(|_| answer(server.ask(&sandbox)))).await;
            let mut statuses = BTreeMap::new();
            for (status, _) in answers {
                *statuses.entry(status).or_insert(0) += 1;
            }
            assert_eq!(statuses, BTreeMap::from([(200, 60 - struck), (503, struck)]), "{server:?} {rule}");
        }
    }
}

#[tokio::test]
async fn a_rule_strikes_its_own_method_and_path() {
    let sandbox = Sandbox::start().await;
    let rules = json!([{"kind": "status", "path": "/v1/organizations/*", "method": "GET"}]);
    Server::Ledger.put(&sandbox, rules.clone()).await;
    assert_eq!(refusal(Server::Ledger.ask(&sandbox)).await.0, 503);
    assert_eq!(answer(Server::Ledger.request(&sandbox, Method::GET, "/version")).await.0, 200);
    Server::AccessManager.put(&sandbox, rules).await;
    Server::AccessManager.is_well(&sandbox).await;
}

#[tokio::test]
async fn rules_with_anything_wrong_change_nothing() {
    let sandbox = Sandbox::start().await;
    for (server, code) in [(Server::AccessManager, "AUT-0003"), (Server::Ledger, "0094")] {
        let before = server.put(&sandbox, json!([{"kind": "status", "path": "/health"}])).await;
        let wrong = json!({"rules": [{"kind": "hang"}, {"kind": "hung", "times": 0}]});
        let put = server.request(&sandbox, Method::PUT, "/_sandbox/faults");
        let (status, told) = answer(put.json(&wrong)).await;
        assert_eq!((status, &told["code"]), (400, &json!(code)));
        let message = told["message"].as_str().unwrap();
        assert!(message.contains("rules[1].kind ") && message.contains("rules[1].times "), "{message}");
        let large = server.request(&sandbox, Method::PUT, "/_sandbox/faults");
        let large = large.json(&json!({"rules": [{"kind": "x".repeat(64 * 1024)}]}));
        assert_eq!(refusal(large).await.0, 413);
        assert_eq!(answer(server.request(&sandbox, Method::GET, "/_sandbox/faults")).await, (200, before));
    }
}

#[tokio::test]
async fn a_page_in_a_browser_changes_and_learns_nothing() {
    let sandbox = Sandbox::start().await;
    for server in BOTH {
        let before = server.put(&sandbox, json!([{"kind": "status", "path": "/health"}])).await;
        let put = |name: &'static str, value: &'static str| {
            let rules = json!({"rules": [{"kind": "hang"}]}).to_string();
            let put = server.request(&sandbox, Method::PUT, "/_sandbox/faults");
            put.header(CONTENT_TYPE, "application/json").header(name, value).body(rules)
        };
        assert_eq!(refusal(put("origin", "https://evil.example")).await.0, 403);
        assert_eq!(refusal(put("host", "evil.example")).await.0, 403);
        let text = server.request(&sandbox, Method::PUT, "/_sandbox/faults").body(r#"{"rules": []}"#);
        assert_eq!(refusal(text).await.0, 400);
        for path in [
            "/_sandbox/faults",
            "/_sandbox/calls",
            "/_sandbox/grants",
            "/_sandbox/client",
            "/_sandbox/elsewhere",
        ] {
            for method in [Method::GET, Method::DELETE] {
                let request = server.request(&sandbox, method, path).header("origin", "null");
                assert_eq!(refusal(request).await.0, 403, "{path}");
            }
        }
        assert_eq!(answer(server.request(&sandbox, Method::GET, "/_sandbox/faults")).await, (200, before));
        // Only what drives is closed to it: the servers' own routes answer as ever.
        let health = server.request(&sandbox, Method::GET, "/version").header("origin", "null");
        assert_ne!(health.send().await.unwrap().status().as_u16(), 403);
    }
    let account = Server::Ledger.path(&sandbox).replacen("/v1/", "/_sandbox/", 1);
    let put = sandbox.ledger(Method::PUT, &account).header("origin", "null").json(&json!({"blocked": true}));
    assert_eq!(refusal(put).await.0, 403);
}
