//! Bodies that are cut, false, big, slow or elsewhere.

use super::*;

#[tokio::test]
async fn a_body_that_is_cut_begins_rightly_and_ends_with_the_connection() {
    let sandbox = Sandbox::start().await;
    for server in BOTH {
        let whole = server.ask(&sandbox).send().await.unwrap();
        let length = whole.content_length().unwrap();
        let (_, _, whole, _) = taken(whole).await;
        server.put(&sandbox, json!([{"kind": "cut", "times": 1}])).await;
        let response = server.ask(&sandbox).send().await.unwrap();
        assert_eq!(response.content_length(), Some(length), "it says how long the whole would be");
        let (status, media_type, part, is_whole) = taken(response).await;
        assert_eq!((status, media_type.as_str(), is_whole), (200, "application/json", false));
        assert_eq!(part.len(), whole.len() / 2);
        // The timestamp of a decision is another one each time.
        assert_eq!(part[..15], whole[..15]);
        let calls = server.until(&sandbox, |calls| calls["inFlight"] == 0).await;
        let call = &calls["calls"][1];
        assert_eq!(
            (&call["fault"], &call["status"], &call["state"]),
            (&json!("cut"), &json!(200), &json!("gone"))
        );
        server.is_well(&sandbox).await;
    }
}

#[tokio::test]
async fn garbage_is_called_json_and_is_none() {
    let sandbox = Sandbox::start().await;
    for server in BOTH {
        for status in [200, 404] {
            server.put(&sandbox, json!([{"kind": "garbage", "status": status}])).await;
            let (told, media_type, body, whole) = taken(server.ask(&sandbox).send().await.unwrap()).await;
            assert_eq!((told, media_type.as_str(), whole), (status, "application/json", true));
            assert!(serde_json::from_slice::<Value>(&body).is_err());
        }
    }
}

#[tokio::test]
async fn the_right_body_is_called_html() {
    let sandbox = Sandbox::start().await;
    for server in BOTH {
        server.put(&sandbox, json!([{"kind": "content-type"}])).await;
        let (status, media_type, body, whole) = taken(server.ask(&sandbox).send().await.unwrap()).await;
        assert_eq!((status, media_type.as_str(), whole), (200, "text/html; charset=utf-8", true));
        server.assert_right(&sandbox, &serde_json::from_slice(&body).unwrap());
    }
}

#[tokio::test]
async fn a_big_body_is_right_and_longer_than_any_bound_and_does_not_say_so() {
    let sandbox = Sandbox::start().await;
    for server in BOTH {
        server.put(&sandbox, json!([{"kind": "big"}])).await;
        let response = server.ask(&sandbox).send().await.unwrap();
        assert_eq!(response.content_length(), None);
        let (status, media_type, body, whole) = taken(response).await;
        assert_eq!((status, media_type.as_str(), whole), (200, "application/json", true));
        assert!(body.len() > 2 * 1024 * 1024);
        server.assert_right(&sandbox, &serde_json::from_slice(&body).unwrap());
    }
}

#[tokio::test]
async fn a_dripping_body_comes_byte_by_byte_until_the_faults_end() {
    let sandbox = Sandbox::start().await;
    for server in BOTH {
        server.put(&sandbox, json!([{"kind": "drip", "delayMs": FOREVER}])).await;
        let mut response = server.ask(&sandbox).send().await.unwrap();
        let mut body = response.chunk().await.unwrap().unwrap().to_vec();
        assert_eq!(body, b"{", "one byte, and then nothing for an hour");
        let calls = server.calls(&sandbox).await;
        assert_eq!((&calls["inFlight"], &calls["calls"][0]["state"]), (&json!(1), &json!("waiting")));
        server.end(&sandbox).await;
        let (_, _, rest, whole) = taken(response).await;
        body.extend(rest);
        assert!(whole);
        server.assert_right(&sandbox, &serde_json::from_slice(&body).unwrap());

        server.put(&sandbox, json!([{"kind": "drip", "delayMs": 0}])).await;
        server.is_well(&sandbox).await;
        let calls = server.calls(&sandbox).await;
        assert_eq!((&calls["inFlight"], &calls["gone"]), (&json!(0), &json!(0)), "{calls}");
    }
}

#[tokio::test]
async fn a_redirection_leads_to_the_right_answer() {
    let sandbox = Sandbox::start().await;
    let stays = Client::builder().no_proxy().redirect(redirect::Policy::none()).build().unwrap();
    for server in BOTH {
        for status in [307, 308] {
            server.put(&sandbox, json!([{"kind": "redirect", "status": status}])).await;
            let mut request = server.ask(&sandbox).build().unwrap();
            request.url_mut().set_query(Some("a=b"));
            let response = stays.execute(request).await.unwrap();
            assert_eq!(response.status().as_u16(), status);
            let location = response.headers()[LOCATION].to_str().unwrap();
            assert_eq!(location, format!("{}?a=b&_sandbox=redirected", server.path(&sandbox)));
            // Who follows it is answered: a client that must not has something to lose.
            server.is_well(&sandbox).await;
        }
    }
}

#[tokio::test]
async fn an_answer_without_a_body_is_answered_whole() {
    let sandbox = Sandbox::start().await;
    for server in BOTH {
        for status in [204, 304, 503] {
            server.put(&sandbox, json!([{"kind": "status", "status": status, "path": "/health"}])).await;
            for method in [Method::HEAD, Method::GET] {
                let response = server.request(&sandbox, method.clone(), "/health").send().await.unwrap();
                assert_eq!(response.status().as_u16(), status);
                assert_eq!(
                    response.bytes().await.unwrap().is_empty(),
                    status != 503 || method == Method::HEAD
                );
            }
        }
        for kind in ["cut", "big", "drip", "content-type"] {
            server.put(&sandbox, json!([{"kind": kind}])).await;
            let response = server.request(&sandbox, Method::HEAD, "/health").send().await.unwrap();
            assert_eq!(response.status().as_u16(), 200, "{kind}");
        }
        let calls = server.until(&sandbox, |calls| calls["inFlight"] == 0).await;
        assert_eq!((&calls["total"], &calls["gone"]), (&json!(10), &json!(0)), "{server:?}");
    }
}

#[tokio::test]
async fn a_body_over_the_bound_is_refused_as_ever() {
    let sandbox = Sandbox::start().await;
    let large = json!({"sub": "x".repeat(64 * 1024), "resource": "holders", "action": "get"});
    let token = bearer(&sandbox.world.tokens().viewer);
    let request = sandbox.access_manager(Method::POST, "/v1/authorize").header(AUTHORIZATION, token);
    assert_eq!(refusal(request.json(&large)).await.0, 413);
    let call = Server::AccessManager.calls(&sandbox).await["calls"][0].clone();
    assert_eq!((&call["question"], &call["status"]), (&Value::Null, &json!(413)));
}
