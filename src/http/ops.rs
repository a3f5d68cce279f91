//! The operators' port: what is for monitoring only, and not for clients. What tells of health is here as well as on the
//! main port: whoever probes needs no certificate here.

use super::log_levels;
use crate::telemetry::logs::LogControl;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;

/// Prometheus' text format.
const EXPOSITION: &str = "text/plain; version=0.0.4";

/// The routes of `OPS_ADDRESS`; `health` are those of the main port that tell of it.
pub fn routes(metrics: PrometheusHandle, logs: LogControl, health: Router) -> Router {
    let metrics = get(async move || ([(CONTENT_TYPE, EXPOSITION)], metrics.render()));
    Router::new().route("/metrics", metrics).merge(log_levels::routes(logs)).merge(health)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::logging::LogLevel;
    use axum::body::Body;
    use axum::http::Request;
    use http_body_util::BodyExt;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use tower::ServiceExt;

    #[tokio::test]
    async fn metrics_are_served_as_prometheus_reads_them() {
        let recorder = PrometheusBuilder::new().build_recorder();
        metrics::with_local_recorder(&recorder, || metrics::counter!("tried_total").increment(3));
        let (_subscriber, logs) = LogControl::detached(LogLevel::Info.into());
        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let answer = routes(recorder.handle(), logs, Router::new()).oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()[CONTENT_TYPE], "text/plain; version=0.0.4");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(String::from_utf8_lossy(&body).contains("tried_total 3"));
    }
}
