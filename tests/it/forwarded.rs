//! Requests that a proxy has forwarded for somebody else.

use super::app::{App, send};
use serde_json::json;

const COUNTED: &str = "holdergraph_forwarded_requests_total";
/// An address that nobody has.
const ADDRESS: &str = "203.0.113.77";

#[tokio::test]
async fn they_are_served_counted_and_warned_about_once_without_the_address() {
    let app = App::sandbox_with(&[("LOG_LEVEL", "trace"), ("LOG_FORMAT", "json")]);
    let get = |path: &str| app.client.get(format!("{}{path}", app.base));
    // Probes, and requests of nobody else.
    for path in ["/health", "/readyz", "/version"] {
        assert_eq!(get(path).header("X-Forwarded-For", ADDRESS).send().await.unwrap().status(), 200);
    }
    let ask = || app.request("{ __typename }", json!({}));
    for header in ["X-Real-IP", "X-Forwarded-Proto", "Via"] {
        assert_eq!(send(ask().header(header, ADDRESS)).await.status, 200);
    }
    let metrics = app.metrics().await;
    assert!(!metrics.lines().any(|line| line.starts_with(COUNTED) && !line.ends_with(" 0")), "{metrics}");
    assert!(!app.log().contains("forwards requests of others"));

    let forwarded = format!("for={ADDRESS};proto=https");
    for (header, value) in [("X-Forwarded-For", ADDRESS), ("Forwarded", &forwarded), ("x-forwarded-for", "")]
    {
        let answer = send(ask().header(header, value)).await;
        assert_eq!((answer.status, &answer.body["data"]["__typename"]), (200, &json!("Query")));
    }
    // Both in one request are one request; also where there is no such page, and on the playground.
    let both = get("/nowhere").header("Forwarded", &forwarded).header("X-Forwarded-For", ADDRESS);
    assert_eq!(both.send().await.unwrap().status(), 404);
    assert_eq!(get("/graphiql").header("Forwarded", &forwarded).send().await.unwrap().status(), 200);
    let metrics = app.metrics().await;
    assert!(metrics.contains(&format!("\n{COUNTED} 5\n")), "{metrics}");
    let log = app.log();
    assert_eq!(log.matches("forwards requests of others").count(), 1, "{log}");
    assert!(log.contains(r#""header":"x-forwarded-for""#), "{log}");
    assert!(!log.contains(ADDRESS) && !metrics.contains(ADDRESS), "{log}");
}
