//! The metric of decisions.

use super::*;
use Decision::{Allowed, Denied, Unauthenticated};

/// Not a multi-threaded runtime: the recorder is that of this thread.
#[tokio::test]
async fn decisions_are_counted_by_outcome_and_source() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _guard = metrics::set_default_local_recorder(&recorder);
    for (answer, outcome, kept) in [
        (Ok(Allowed), "allowed", true),
        (Ok(Denied), "denied", true),
        (Ok(Unauthenticated), "unauthenticated", true),
        (outage(), "no_decision", false),
    ] {
        let world = World::new(Some(TTL));
        let waiting = [world.waits(genuine()), world.waits(genuine()), world.waits(genuine())];
        world.settle(1).await;
        world.answer(0, answer.clone());
        for one in waiting {
            assert_eq!(one.await.unwrap(), answer);
        }
        world.answers("genuine", answer.clone());
        assert_eq!(world.decide(&genuine()).await, answer);
        let metrics = handle.render();
        let count = |source: &str| {
            let line = format!("holdergraph_decisions_total{{outcome=\"{outcome}\",source=\"{source}\"}} ");
            metrics.lines().find_map(|l| l.strip_prefix(&line)).map_or(0, |count| count.parse().unwrap())
        };
        let expected = if kept { (1, 2, 1) } else { (2, 2, 0) };
        assert_eq!((count("asked"), count("shared"), count("cached")), expected, "{metrics}");
    }
    assert!(!handle.render().contains("lerian"));
}
