//! `LINK_CHECK_INTERVAL`: the servers ask by themselves.

use super::front::Front;
use super::{is_link, metric, own_token, plain, sayings, until};
use crate::app::App;
use crate::folder::Folder;

/// A server that checks all links every second.
fn checking(upstreams: &App) -> App {
    let [(id, client), (secret, password)] = own_token(upstreams);
    let settings = [("LINK_CHECK_INTERVAL", "1s"), (id, client.as_str()), (secret, password.as_str())];
    App::serve_in(Folder::new(), upstreams, &settings)
}

#[tokio::test]
async fn what_became_of_an_account_shows_up_by_itself_and_recovers() {
    let upstreams = App::upstreams();
    let app = checking(&upstreams);
    let other = app.holder().await;
    let (_, id) = app.linked("DOC-1", &app.account(0)).await;
    for (saying, status) in sayings(&other) {
        let shows = |status: &'static str, broken: f64| {
            let (app, id) = (&app, &id);
            async move {
                let gauge = |of: &str| format!("holdergraph_links_broken{{status=\"{of}\"}}");
                let mut is = is_link(app, id, status).await;
                for of in ["BLOCKED", "NOT_FOUND", "MISMATCH"] {
                    let expected = if of == status { broken } else { 0.0 };
                    is &= metric(app, &gauge(of)).await == Some(expected);
                }
                is
            }
        };
        upstreams.ledger_says(&app.account(0), saying.clone()).await;
        until(&format!("{saying} is not seen"), || shows(status, 1.0)).await;
        upstreams.ledger_says(&app.account(0), plain()).await;
        until(&format!("it does not recover from {saying}"), || shows("VERIFIED", 0.0)).await;
    }
    assert!(metric(&app, "holdergraph_link_checks_total{outcome=\"verified\"}").await >= Some(4.0));
    assert!(metric(&app, "holdergraph_link_check_ended_timestamp").await > Some(1.7e9));
    app.check();
    app.stop();
}

#[tokio::test]
async fn without_the_setting_nobody_is_asked_and_with_it_a_client_is_needed() {
    let upstreams = App::upstreams();
    let front = Front::of(&upstreams);
    let app = App::serve(&upstreams, &[]);
    let account = app.account(0);
    app.linked("DOC-1", &account).await;
    let dir = app.stop();
    // The link is there when this one starts, and so is a client to ask with: a check by default would ask at once.
    let [(id, client), (secret, password)] = own_token(&upstreams);
    let able = [(id, client.as_str()), (secret, password.as_str()), ("MIDAZ_LEDGER_URL", &front.url)];
    let app = App::serve_in(dir, &upstreams, &able);
    app.holder().await;
    assert_eq!(metric(&app, "holdergraph_link_checks_total{outcome=\"verified\"}").await, None);
    let dir = app.stop();
    assert_eq!(front.asked(), Vec::<String>::new());
    let with = [&able[..], &[("LINK_CHECK_INTERVAL", "1h")]].concat();
    let app = App::serve_in(dir, &upstreams, &with);
    until("the same with the setting does not ask", async || {
        metric(&app, "holdergraph_link_checks_total{outcome=\"verified\"}").await.is_some()
    })
    .await;
    assert_eq!(front.asked(), [account]);
    let output = crate::app::binary()
        .arg("serve")
        .envs(crate::app::KEYS)
        .env("DEPLOYMENT_MODE", "local")
        .env("PLUGIN_AUTH_ADDRESS", "http://127.0.0.1:9")
        .env("MIDAZ_LEDGER_URL", "http://127.0.0.1:9")
        .env("LINK_CHECK_INTERVAL", "1h")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("LINK_CHECK_INTERVAL") && stderr.contains("MIDAZ_CLIENT_ID"), "{stderr}");
}
