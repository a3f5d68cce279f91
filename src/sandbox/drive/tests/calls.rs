//! The log of what was asked.

use super::*;

#[tokio::test]
async fn the_log_tells_what_was_asked_by_whom_and_how_it_was_answered() {
    let sandbox = Sandbox::start().await;
    let token = &sandbox.world.tokens().viewer;
    for server in BOTH {
        server.put(&sandbox, json!([{"kind": "status", "status": 500, "path": "/nowhere"}])).await;
        server.is_well(&sandbox).await;
        let secret = server.request(&sandbox, Method::GET, "/nowhere?access_token=secret");
        secret.header("x-api-key", "secret").send().await.unwrap();
        let calls = server.calls(&sandbox).await;
        assert_eq!((&calls["total"], &calls["gone"]), (&json!(2), &json!(0)));
        assert_eq!((&calls["inFlight"], &calls["mostInFlight"]), (&json!(0), &json!(1)));
        assert_eq!(
            (&calls["statuses"], &calls["faults"]),
            (&json!({"200": 1, "500": 1}), &json!({"status": 1}))
        );
        let mut first = calls["calls"][0].clone();
        for instant in [first["at"].take(), calls["since"].clone()] {
            assert!(instant.as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
        }
        let question =
            json!({"sub": viewer(&sandbox), "resource": "holders", "action": "get", "product": "plugin-crm"});
        let is_question = server == Server::AccessManager;
        assert_eq!(
            first,
            json!({
                "number": 1, "at": null, "method": if is_question { "POST" } else { "GET" },
                "path": server.path(&sandbox), "token": "good", "subject": viewer(&sandbox),
                "question": if is_question { question } else { Value::Null },
                "fault": null, "status": 200, "state": "answered",
            })
        );
        let second = &calls["calls"][1];
        assert_eq!((&second["path"], &second["token"]), (&json!("/nowhere"), &json!("missing")));
        assert_eq!((&second["subject"], &second["fault"]), (&Value::Null, &json!("status")));
        let text = calls.to_string();
        assert!(!text.contains("secret") && !text.contains(token.rsplit('.').next().unwrap()));

        let (_, cleared) = answer(server.request(&sandbox, Method::DELETE, "/_sandbox/calls")).await;
        assert_eq!(
            (&cleared["total"], &cleared["calls"], &cleared["connections"]),
            (&json!(0), &json!([]), &json!(0))
        );
    }
}

#[tokio::test]
async fn a_token_that_does_not_prove_itself_names_nobody_in_the_log() {
    let sandbox = Sandbox::start().await;
    for server in BOTH {
        for (fault, token) in bad_tokens(&sandbox.world).await {
            answer(server.request(&sandbox, Method::DELETE, "/_sandbox/calls")).await;
            assert_eq!(refusal(server.ask_with(&sandbox, &token)).await.0, 401, "{fault}");
            let call = server.calls(&sandbox).await["calls"][0].clone();
            let expected = if fault == "expired" { "expired" } else { "invalid" };
            assert_eq!((&call["token"], &call["subject"]), (&json!(expected), &Value::Null), "{fault}");
        }
    }
}

#[tokio::test]
async fn the_log_counts_connections_and_how_many_were_under_way_at_once() {
    let sandbox = Sandbox::start().await;
    for server in BOTH {
        server.put(&sandbox, json!([{"kind": "hang"}])).await;
        let fresh = || Client::builder().no_proxy().build().unwrap();
        let asked: Vec<_> = (0..5)
            .map(|_| {
                let request = server.ask(&sandbox).build().unwrap();
                tokio::spawn(async move { fresh().execute(request).await.unwrap().status().as_u16() })
            })
            .collect();
        server.until(&sandbox, |calls| calls["inFlight"] == 5).await;
        server.end(&sandbox).await;
        for asked in asked {
            assert_eq!(asked.await.unwrap(), 200);
        }
        let calls = server.until(&sandbox, |calls| calls["inFlight"] == 0).await;
        assert_eq!((&calls["mostInFlight"], &calls["total"]), (&json!(5), &json!(5)));
        assert_eq!(calls["connections"], json!(5), "and not those that look or command");
    }
}
