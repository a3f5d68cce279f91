//! Where an upstream is, and whether it can be reached.

use super::super::alone::alone;
use super::super::stand_in::{IMPATIENT, PATIENT, Reply, StandIn, json, nobody, raw};
use super::super::{Failure, SetUpError, Upstream};
use super::{ask, settings, someone, upstream};
use serde_json::json as value;
use url::Url;

#[tokio::test]
async fn a_refused_connection_says_so() {
    let (_socket, base) = nobody();
    let failure = ask(&upstream(&base, PATIENT), &someone()).await.unwrap_err();
    assert_eq!(failure.to_string(), "connection refused");
    assert_eq!(upstream(&base, PATIENT).health().await, Err("connection refused".to_owned()));
}

#[tokio::test]
async fn a_name_that_is_not_known_is_told_without_the_url() {
    // A label of 64 characters: no resolver can know it, so none is asked.
    let base = Url::parse(&format!("http://{}.invalid/path", "x".repeat(64))).unwrap();
    let failure = ask(&upstream(&base, PATIENT), &someone()).await.unwrap_err();
    assert!(matches!(failure, Failure::CannotConnect(_)), "{failure:?}");
    assert!(!failure.to_string().contains("path"), "{failure}");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let server = StandIn::always(Reply::Redirect(status, "/elsewhere")).await;
        let answer = ask(&upstream(&server.base, PATIENT), &someone()).await.unwrap();
        assert_eq!(answer.body, Err(Failure::Status(status)));
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_base_url_may_have_a_path_and_a_slash_at_its_end() {
    let server = StandIn::always(json(200, &value!({}))).await;
    for (path, line) in [
        ("", "GET /v1/thing"),
        ("/", "GET /v1/thing"),
        ("/auth", "GET /auth/v1/thing"),
        ("/auth/", "GET /auth/v1/thing"),
    ] {
        let base = Url::parse(&format!("{}{path}", server.base.as_str().trim_end_matches('/'))).unwrap();
        ask(&upstream(&base, PATIENT), &someone()).await.unwrap();
        assert_eq!(server.seen().last().unwrap().line, line, "{base}");
    }
}

#[test]
fn a_base_url_that_cannot_be_one_is_refused_without_being_shown() {
    for (base, expected) in [
        ("ftp://host", SetUpError::NotHttp("ledger")),
        ("mailto:someone", SetUpError::NotHttp("ledger")),
        ("http://user:hunter2@host", SetUpError::Credentials("ledger")),
        ("http://:hunter2@host", SetUpError::Credentials("ledger")),
        ("http://host/?a=hunter2", SetUpError::QueryOrFragment("ledger")),
        ("http://host/#hunter2", SetUpError::QueryOrFragment("ledger")),
    ] {
        let error = Upstream::new(&settings(Url::parse(base).unwrap(), PATIENT)).err().unwrap();
        assert_eq!(error, expected, "{base}");
        assert!(!error.to_string().contains("hunter2"));
    }
    assert!(settings(Url::parse("https://host").unwrap(), PATIENT).checked_base().is_ok());
}

#[tokio::test]
async fn health_is_status_200_with_any_body() {
    for (reply, expected) in [
        (raw(200, "text/plain", "healthy"), Ok(())),
        (json(200, &value!({})), Ok(())),
        (Reply::Stuck, Ok(())),
        (raw(503, "text/plain", "no"), Err("status 503")),
        (raw(204, "text/plain", ""), Err("status 204")),
        (Reply::Redirect(302, "/health2"), Err("status 302")),
        (Reply::Never, Err("timed out")),
    ] {
        let timeout = if matches!(reply, Reply::Never) { IMPATIENT } else { PATIENT };
        let server = StandIn::always(reply.clone()).await;
        let health = upstream(&server.base, timeout).health().await;
        assert_eq!(health, expected.map_err(str::to_owned), "{reply:?}");
        for seen in server.seen() {
            assert_eq!(seen.line, "GET /health");
            assert!(!seen.headers.contains_key("authorization"));
        }
    }
}

/// A listener whose queue is full drops what comes next, as an address behind a firewall does.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn connecting_has_a_time_of_its_own() {
    use tokio::net::TcpStream;
    use tokio::time::timeout;

    let (socket, base) = nobody();
    let address = socket.local_addr().unwrap();
    let _listener = socket.listen(1).unwrap();
    let mut waiting = Vec::new();
    while let Ok(connection) = timeout(IMPATIENT, TcpStream::connect(address)).await {
        waiting.push(connection.unwrap());
        assert!(waiting.len() < 100, "the queue of the listener never fills");
    }
    // Far from both: the attempt's end, and the 30 s after which the system gives up by itself.
    let mut settings = settings(base, PATIENT / 4);
    settings.limits.connect_timeout = IMPATIENT;
    let failure = ask(&Upstream::new(&settings).unwrap(), &someone()).await.unwrap_err();
    assert_eq!(failure, Failure::ConnectTimedOut);
}

#[tokio::test]
async fn a_proxy_in_the_environment_is_not_used() {
    const NAME: &str = "upstream::tests::connections::a_proxy_in_the_environment_is_not_used";
    let (_socket, proxy) = nobody();
    let proxied = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"].map(|name| (name, proxy.as_str()));
    let not_excepted = [("no_proxy", ""), ("NO_PROXY", "")];
    if alone(NAME, &[proxied.as_slice(), &not_excepted].concat()) {
        let server = StandIn::always(json(200, &value!({}))).await;
        assert!(ask(&upstream(&server.base, PATIENT), &someone()).await.is_ok());
    }
}
