//! The metrics: their labels are bounded, each is described, and docs/observability.md has them all.

use crate::app::{App, send};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = include_str!("../../../docs/observability.md");
const SOURCE: &str = include_str!("../../../src/telemetry/metrics.rs");

/// All names of metrics in the code.
fn named() -> BTreeSet<&'static str> {
    SOURCE.split("&str = \"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(name, _)| name).collect()
}

#[tokio::test]
async fn a_flood_of_names_makes_a_bounded_number_of_series() {
    let app = App::sandbox();
    for n in 0..1_000 {
        let answer = send(app.request(&format!("query Flood{n} {{ __typename }}"), json!({}))).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    send(app.request("{ __typename }", json!({}))).await;
    send(app.request("query Refused { nothing }", json!({}))).await;
    let metrics = app.metrics().await;
    let requests: Vec<&str> =
        metrics.lines().filter(|line| line.starts_with("holdergraph_requests_total{")).collect();
    assert_eq!(requests.len(), 203, "200 names, other, and none with two outcomes");
    let expected = [
        r#"holdergraph_requests_total{operation="Flood0",outcome="ok"} 1"#,
        r#"holdergraph_requests_total{operation="other",outcome="ok"} 800"#,
        r#"holdergraph_requests_total{operation="none",outcome="ok"} 1"#,
        r#"holdergraph_requests_total{operation="none",outcome="graphql_validation_failed"} 1"#,
    ];
    for line in expected {
        assert!(requests.contains(&line), "{line}");
    }
}

#[tokio::test]
async fn what_requests_do_is_counted() {
    let app = App::sandbox();
    let holder = app.holder().await;
    app.link(&holder, &app.account(0)).await;
    for _ in 0..2 {
        app.ask("query Page { holders(first: 1) { nodes { id } } }", json!({})).await;
    }
    let metrics = app.metrics().await;
    for line in [
        r#"holdergraph_requests_total{operation="Page",outcome="ok"} 2"#,
        r#"holdergraph_document_cache_total{outcome="hit"} 1"#,
        r#"holdergraph_document_cache_total{outcome="miss"} 3"#,
        r#"holdergraph_request_seconds_count{type="query"} 2"#,
        r#"holdergraph_request_seconds_count{type="mutation"} 2"#,
        r#"holdergraph_request_cost_count{type="query"} 2"#,
        r#"holdergraph_requests_in_flight 0"#,
    ] {
        assert!(metrics.lines().any(|told| told == line), "{line} is not in\n{metrics}");
    }
    let help: BTreeSet<&str> =
        metrics.lines().filter_map(|line| line.strip_prefix("# HELP ")?.split(' ').next()).collect();
    let kinds: BTreeMap<&str, &str> =
        metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' ')).collect();
    for (name, _) in kinds {
        assert!(help.contains(name), "{name} is not described");
        assert!(named().contains(name), "{name} is no constant of src/telemetry/metrics.rs");
    }
}

#[test]
fn the_page_lists_every_metric_of_the_code_and_no_other() {
    let (_, table) = PAGE.split_once("| metric | labels | what it tells |").unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let listed: Vec<&str> = rows.map(|row| row.split('`').nth(1).unwrap()).collect();
    let listed_once: BTreeSet<&str> = listed.iter().copied().collect();
    assert_eq!(listed.len(), listed_once.len(), "one is listed twice");
    assert_eq!(listed_once, named());
}
