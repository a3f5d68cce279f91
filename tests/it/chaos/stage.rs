//! The service under test, its upstreams, and the order of events: calm, fault, calm.

use super::super::app::{App, send};
use super::super::links::own_token;
use super::clients::{Client, Made, Work, under_fault};
use super::judge::is_right;
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::watch;

/// Whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Upstream {
    AccessManager,
    Ledger,
}

/// What is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Before,
    Fault,
    After,
}

/// What came of a scene.
pub(super) struct Played {
    /// What each client did.
    pub(super) made: Vec<Vec<Made>>,
    /// How many calls the fault struck.
    pub(super) struck: u64,
}

pub(super) struct Stage {
    pub(super) upstreams: App,
    pub(super) app: App,
}

impl Stage {
    /// The ledger is asked with the callers' tokens where they read, and with the service's own where they write: so
    /// Access Manager's faults meet its log-ins too.
    pub(super) async fn new(work: Work, [deadline, attempt]: [&str; 2]) -> Self {
        let upstreams = App::upstreams();
        let mut settings = vec![
            ("REQUEST_TIMEOUT", deadline),
            ("UPSTREAM_ATTEMPT_TIMEOUT", attempt),
            // So that recovery need not be waited for; the default is proven on a virtual clock.
            ("UPSTREAM_BREAKER_OPEN", "300ms"),
            // Each request needs a decision of its own.
            ("AUTH_CACHE_TTL", "off"),
        ];
        let own = own_token(&upstreams);
        if work == Work::Write {
            settings.extend(own.iter().map(|(name, value)| (*name, value.as_str())));
        }
        let app = App::serve(&upstreams, &settings);
        Self { upstreams, app }
    }

    /// Sixteen of them, each with a subject and a token of its own.
    pub(super) async fn clients(&self, work: Work) -> Vec<Client> {
        let all = (0..16).map(|number| Client::new(self, work, number));
        join_all(all).await
    }

    /// Plays one fault to the clients.
    pub(super) async fn play(&self, upstream: Upstream, fault: &Value, clients: &[Client]) -> Played {
        let (phase, told) = watch::channel(Phase::Before);
        let playing = join_all(clients.iter().map(|client| client.play(self, told.clone())));
        let conducting = async {
            for client in clients {
                client.has_made(Phase::Before, 2).await;
            }
            self.put(upstream, fault).await;
            phase.send_replace(Phase::Fault);
            for client in clients {
                client.has_made(Phase::Fault, under_fault()).await;
            }
            let faults = self.drive(upstream, Method::GET, "faults", None).await;
            self.drive(upstream, Method::DELETE, "faults", None).await;
            phase.send_replace(Phase::After);
            faults["rules"][0]["struck"].as_u64().unwrap()
        };
        let (made, struck) = tokio::join!(playing, conducting);
        self.is_well().await;
        Played { made, struck }
    }

    async fn put(&self, upstream: Upstream, fault: &Value) {
        let mut rule = fault.clone();
        rule["path"] = json!("/v1/*");
        self.drive(upstream, Method::PUT, "faults", Some(json!({"rules": [rule]}))).await;
    }

    /// One of the sandbox's doors.
    pub(super) async fn drive(
        &self,
        upstream: Upstream,
        method: Method,
        door: &str,
        body: Option<Value>,
    ) -> Value {
        let name = if upstream == Upstream::Ledger { "ledger" } else { "accessManager" };
        let url = format!("{}/_sandbox/{door}", self.upstreams.info[name].as_str().unwrap());
        let mut request = self.upstreams.client.request(method, url);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = send(request).await;
        assert!(matches!(answer.status, 200 | 201), "{door}: {} {}", answer.status, answer.body);
        answer.body
    }

    pub(super) async fn forget_calls(&self) {
        for upstream in [Upstream::AccessManager, Upstream::Ledger] {
            self.drive(upstream, Method::DELETE, "calls", None).await;
        }
    }

    /// Both ways are open again and nothing is left under way.
    async fn is_well(&self) {
        let mut last = Value::Null;
        for _ in 0..600 {
            let (status, text) = self.app.get("/readyz").await;
            last = serde_json::from_str(&text).unwrap();
            let calm = |name: &str| {
                let check = &last["checks"][name];
                check["status"] == "up" && check["inFlight"] == 0 && check["waiting"] == 0
            };
            if status == 200 && last["status"] == "ready" && calm("accessManager") && calm("ledger") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("it does not recover: {last}");
    }
}

/// Whether a client has had the answer that it must have in calm weather, as often as this shows recovery.
pub(super) fn has_recovered(client: &Client, made: &[Made]) -> bool {
    let after = made.iter().filter(|made| made.phase == Phase::After);
    after.filter(|made| is_right(client, made)).count() >= 2
}
