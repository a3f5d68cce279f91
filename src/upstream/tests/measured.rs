//! The metrics.

use super::super::stand_in::{IMPATIENT, PATIENT, Reply, StandIn, TOKEN, json, nobody, raw};
use super::{ask, body_of, someone, upstream};
use serde_json::json as value;

/// Not a multi-threaded runtime: the recorder is that of this thread.
#[tokio::test]
async fn each_call_is_counted_by_its_outcome() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let (_socket, refusing) = nobody();
    assert!(ask(&upstream(&refusing, PATIENT), &someone()).await.is_err());
    for (reply, outcome) in [
        (json(200, &value!({})), "success"),
        (raw(200, "text/html", ""), "no_answer"),
        (json(201, &value!({})), "no_answer"),
        (json(200, &value!({"unusable": true})), "no_answer"),
        (raw(404, "text/html", ""), "client_error"),
        (raw(429, "text/html", ""), "rate_limited"),
        (raw(500, "text/html", ""), "server_error"),
        (Reply::Redirect(302, "/"), "redirect"),
        (Reply::BrokenOff, "broken_off"),
        (Reply::Never, "timed_out"),
    ] {
        let before = counted(&handle.render(), outcome);
        // The failure itself is not what this is about.
        drop(body_of(reply).await);
        assert_eq!(counted(&handle.render(), outcome), before + 1, "{outcome}");
    }
    let server = StandIn::always(Reply::Never).await;
    let upstream = upstream(&server.base, PATIENT);
    assert!(tokio::time::timeout(IMPATIENT, ask(&upstream, &someone())).await.is_err());
    let metrics = handle.render();
    assert_eq!(counted(&metrics, "not_connected"), 1);
    assert_eq!(counted(&metrics, "cancelled"), 1);
    assert!(metrics.contains("holdergraph_upstream_call_seconds_count{upstream=\"ledger\"} 12"), "{metrics}");
    assert!(!metrics.contains(TOKEN) && !metrics.contains("127.0.0.1"), "{metrics}");
}

fn counted(metrics: &str, outcome: &str) -> u64 {
    let line = format!("holdergraph_upstream_calls_total{{upstream=\"ledger\",outcome=\"{outcome}\"}} ");
    metrics.lines().find_map(|l| l.strip_prefix(&line)).map_or(0, |count| count.parse().unwrap())
}
