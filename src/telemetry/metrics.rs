//! Metrics, as Prometheus reads them: their names, what they mean, and where they are kept.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use std::time::Duration;

/// Requests answered, by `operation` (its name) and `outcome`.
pub const REQUESTS: &str = "holdergraph_requests_total";
/// How long requests took, by `type`.
pub const REQUEST_SECONDS: &str = "holdergraph_request_seconds";
/// Requests that are being answered now.
pub const REQUESTS_IN_FLIGHT: &str = "holdergraph_requests_in_flight";
/// What the operations of a request may cost together, by `type`.
pub const REQUEST_COST: &str = "holdergraph_request_cost";
/// Documents that were looked for among those that are remembered, by `outcome`.
pub const DOCUMENT_CACHE: &str = "holdergraph_document_cache_total";
/// Spans that were made, by `outcome`.
pub const SPANS: &str = "holdergraph_spans_total";
/// Calls of the store, by `call` and `outcome`.
pub const STORE_CALLS: &str = "holdergraph_store_calls_total";
/// How long calls of the store took, by `call`.
pub const STORE_CALL_SECONDS: &str = "holdergraph_store_call_seconds";
/// Calls of Access Manager and the ledger, by `upstream` and `outcome`.
pub const UPSTREAM_CALLS: &str = "holdergraph_upstream_calls_total";
/// How long calls of Access Manager and the ledger took, by `upstream`.
pub const UPSTREAM_CALL_SECONDS: &str = "holdergraph_upstream_call_seconds";
/// Loads of the key set that proves tokens, by `outcome`.
pub const KEY_SET_LOADS: &str = "holdergraph_key_set_loads_total";
/// Calls of Access Manager and the ledger that were tried again, by `upstream`.
pub const UPSTREAM_RETRIES: &str = "holdergraph_upstream_retries_total";
/// Calls and retries that were not made, by `upstream` and `reason`.
pub const UPSTREAM_REFUSED: &str = "holdergraph_upstream_refused_total";
/// Attempts at Access Manager and the ledger that are under way, by `upstream`.
pub const UPSTREAM_IN_FLIGHT: &str = "holdergraph_upstream_in_flight";
/// Calls that wait for a place among those, by `upstream`.
pub const UPSTREAM_WAITING: &str = "holdergraph_upstream_waiting";
/// The circuit breaker, by `upstream`: 0 is closed, 1 half-open, 2 open.
pub const UPSTREAM_BREAKER_STATE: &str = "holdergraph_upstream_breaker_state";
/// How often the circuit breaker opened, by `upstream`.
pub const UPSTREAM_BREAKER_OPENED: &str = "holdergraph_upstream_breaker_opened_total";
/// Whether the ledger's version is one that this release supports (1) or not (0).
pub const LEDGER_VERSION_SUPPORTED: &str = "holdergraph_ledger_version_supported";
/// Permissions that were asked for, by `outcome` and by `source` of the answer.
pub const DECISIONS: &str = "holdergraph_decisions_total";
/// Records whose personal data did not open, by `collection`.
pub const UNREADABLE_RECORDS: &str = "holdergraph_unreadable_records_total";
/// Inputs that hold what looks like personal data in clear, let through by `METADATA_GUARD=warn`.
pub const GUARD_WARNINGS: &str = "holdergraph_guard_warnings_total";
/// Links that were broken when the last walk over all of them ended, by `status`.
pub const LINKS_BROKEN: &str = "holdergraph_links_broken";
/// When the last walk over all links ended, in seconds since 1970.
pub const LINK_CHECK_ENDED: &str = "holdergraph_link_check_ended_timestamp";
/// Links that a walk has asked the ledger about, by `outcome`.
pub const LINK_CHECKS: &str = "holdergraph_link_checks_total";
/// Connections to MongoDB that are in use.
pub const MONGO_POOL_IN_USE: &str = "holdergraph_mongo_pool_in_use";
/// Connections to MongoDB that wait for work.
pub const MONGO_POOL_IDLE: &str = "holdergraph_mongo_pool_idle";
/// Calls that wait for a connection to MongoDB.
pub const MONGO_POOL_WAITING: &str = "holdergraph_mongo_pool_waiting";
/// The most connections that there may be to one server.
pub const MONGO_POOL_SIZE: &str = "holdergraph_mongo_pool_size";
/// How long calls waited for a connection to MongoDB.
pub const MONGO_POOL_WAIT_SECONDS: &str = "holdergraph_mongo_pool_wait_seconds";
/// Calls that got no connection to MongoDB, by `reason`.
pub const MONGO_POOL_CHECKOUT_FAILURES: &str = "holdergraph_mongo_pool_checkout_failures_total";
/// Connections to MongoDB that were begun.
pub const MONGO_POOL_CREATED: &str = "holdergraph_mongo_pool_connections_created_total";
/// Connections to MongoDB that were closed, by `reason`.
pub const MONGO_POOL_CLOSED: &str = "holdergraph_mongo_pool_connections_closed_total";
/// Times that all connections to a server of MongoDB were given up after an error.
pub const MONGO_POOL_CLEARED: &str = "holdergraph_mongo_pool_cleared_total";
/// How long commands of MongoDB took, by `command` and `outcome`.
pub const MONGO_COMMAND_SECONDS: &str = "holdergraph_mongo_command_seconds";
/// Documents that requests named, by `source`.
pub const DOCUMENTS: &str = "holdergraph_documents_total";
/// Documents that are none of the manifest's, where that matters, by `outcome`.
pub const UNTRUSTED_DOCUMENTS: &str = "holdergraph_untrusted_documents_total";
/// Documents of the manifest in use.
pub const TRUSTED_DOCUMENTS: &str = "holdergraph_trusted_documents";
/// Changes of the manifest, by `outcome`.
pub const TRUSTED_DOCUMENT_RELOADS: &str = "holdergraph_trusted_document_reloads_total";
/// Requests that the rate limit refused.
pub const RATE_LIMITED: &str = "holdergraph_rate_limited_total";
/// Requests that a proxy has marked as somebody else's: this service must not be on the edge.
pub const FORWARDED_REQUESTS: &str = "holdergraph_forwarded_requests_total";
/// TLS handshakes on our own port that came to nothing, by `reason`.
pub const TLS_HANDSHAKE_FAILURES: &str = "holdergraph_tls_handshake_failures_total";
/// Changes of TLS files, by `of` and `outcome`.
pub const TLS_RELOADS: &str = "holdergraph_tls_reloads_total";
/// Changes of the files of secrets and of public keys, by `of` and `outcome`.
pub const SECRET_RELOADS: &str = "holdergraph_secret_reloads_total";
/// 1 where the file of a secret holds something that is not in use, 0 where it is in use, by `of`.
pub const SECRET_PENDING: &str = "holdergraph_secret_pending";
/// When a certificate of ours expires, in seconds since 1970, by the `setting` that names it.
pub const TLS_CERTIFICATE_EXPIRES: &str = "holdergraph_tls_certificate_expires_timestamp_seconds";
/// How long the entry that has waited longest for the audit trail has waited, in seconds.
pub const AUDIT_LAG: &str = "holdergraph_audit_lag_seconds";
/// Links appended to the audit trail by this process.
pub const AUDIT_LINKS: &str = "holdergraph_audit_links_total";
/// Entries that could not be taken for the audit trail, so that what they tell of was not answered.
pub const AUDIT_REFUSED: &str = "holdergraph_audit_refused_total";
/// Refusals before a token was accepted, by `reason`: they are counted and logged, not stored.
pub const UNKNOWN_REFUSED: &str = "holdergraph_unknown_refused_total";
/// Look-ups by a sealed value that found nobody (`counted`) or were not made (`refused`), by `outcome`.
pub const LOOKUP_MISSES: &str = "holdergraph_lookup_misses_total";
/// Subjects whose look-ups are refused now, because they have missed too often.
pub const LOOKUP_GUARDED: &str = "holdergraph_lookup_guarded_subjects";
/// Always 1; its labels say which build this is.
pub const BUILD_INFO: &str = "holdergraph_build_info";

/// Seconds, from a read of a cache to the longest request.
const SECONDS: [f64; 15] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// Costs, from a single record to more than any request may ask for.
const COSTS: [f64; 11] =
    [1.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1_000.0, 5_000.0, 10_000.0, 50_000.0, 100_000.0];

/// Why metrics could not be started.
#[derive(Debug, thiserror::Error)]
#[error("metrics cannot be kept: {0}")]
pub struct InstallError(#[from] BuildError);

/// Starts keeping metrics, once a process. The owner runs [`keep_up`] with the handle.
///
/// # Errors
/// Something in this process keeps metrics already.
pub fn install() -> Result<PrometheusHandle, InstallError> {
    let recorder = recorder()?;
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(BuildError::FailedToSetGlobalRecorder)?;
    describe();
    Ok(handle)
}

/// Folds what was measured into the histograms again and again; without it their raw values pile up where nobody
/// reads the metrics. It never ends.
pub async fn keep_up(handle: PrometheusHandle) {
    let mut every = tokio::time::interval(Duration::from_secs(5));
    loop {
        every.tick().await;
        handle.run_upkeep();
    }
}

fn recorder() -> Result<PrometheusRecorder, BuildError> {
    let seconds = Matcher::Suffix("_seconds".to_owned());
    let cost = Matcher::Full(REQUEST_COST.to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(seconds, &SECONDS)?;
    Ok(builder.set_buckets_for_metric(cost, &COSTS)?.build_recorder())
}

fn describe() {
    describe_requests();
    describe_counter!(STORE_CALLS, "Calls of the store, by call and outcome.");
    describe_histogram!(STORE_CALL_SECONDS, Unit::Seconds, "How long calls of the store took, by call.");
    describe_counter!(UPSTREAM_CALLS, "Calls of Access Manager and the ledger, by upstream and outcome.");
    describe_histogram!(
        UPSTREAM_CALL_SECONDS,
        Unit::Seconds,
        "How long calls of Access Manager and the ledger took, by upstream."
    );
    describe_counter!(KEY_SET_LOADS, "Loads of the key set that proves tokens, by outcome.");
    describe_upstream();
    describe_documents();
    describe_counter!(
        DECISIONS,
        "Permissions that were asked for, by outcome and source: asked of Access Manager, shared with another request that asked, or cached."
    );
    describe_counter!(GUARD_WARNINGS, "Fields that METADATA_GUARD=warn let through.");
    describe_counter!(UNREADABLE_RECORDS, "Records whose personal data did not open, by collection.");
    describe_gauge!(
        LINKS_BROKEN,
        "Links that were broken when the last walk over all of them ended, by status; with LINK_CHECK_INTERVAL."
    );
    describe_gauge!(
        LINK_CHECK_ENDED,
        "When the last walk over all links ended, in seconds since 1970; with LINK_CHECK_INTERVAL."
    );
    describe_counter!(
        LINK_CHECKS,
        "Links that this process has asked the ledger about in walks, by outcome."
    );
    describe_mongo();
    describe_connections();
    describe_audit();
    describe_counter!(
        SPANS,
        "Spans of ENABLE_TELEMETRY, by outcome: sent, failed (the collector did not take them) or given_up (too many waited)."
    );
    describe_gauge!(BUILD_INFO, "Always 1; the labels say which build this is.");
    gauge!(BUILD_INFO, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

fn describe_requests() {
    describe_counter!(
        REQUESTS,
        "Requests answered, by operation (its name; none without one, other beyond 200 names) and outcome."
    );
    describe_histogram!(
        REQUEST_SECONDS,
        Unit::Seconds,
        "How long requests took, by type: query, mutation, or none where nothing ran."
    );
    describe_gauge!(REQUESTS_IN_FLIGHT, "Requests that are being answered now.");
    describe_histogram!(REQUEST_COST, "What the operations of a request may cost together, by type.");
    describe_counter!(
        DOCUMENT_CACHE,
        "Documents that were looked for among those that are remembered, by outcome: hit or miss."
    );
}

fn describe_audit() {
    describe_gauge!(
        AUDIT_LAG,
        Unit::Seconds,
        "How long the entry that has waited longest for the audit trail has waited."
    );
    describe_counter!(AUDIT_LINKS, "Links that this process has appended to the audit trail.");
    describe_counter!(
        AUDIT_REFUSED,
        "Entries that could not be taken for the audit trail, so that what they tell of was not answered."
    );
    describe_counter!(
        UNKNOWN_REFUSED,
        "Refusals before a token was accepted, by reason: they are not in the audit trail."
    );
}

fn describe_upstream() {
    describe_counter!(UPSTREAM_RETRIES, "Calls of Access Manager and the ledger that were tried again.");
    describe_counter!(
        UPSTREAM_REFUSED,
        "Calls and retries that were not made, by reason: breaker_open, crowded, retry_budget."
    );
    describe_gauge!(UPSTREAM_IN_FLIGHT, "Attempts at Access Manager and the ledger that are under way.");
    describe_gauge!(UPSTREAM_WAITING, "Calls that wait for a place among those that are under way.");
    describe_gauge!(UPSTREAM_BREAKER_STATE, "The circuit breaker: 0 is closed, 1 half-open, 2 open.");
    describe_counter!(UPSTREAM_BREAKER_OPENED, "How often the circuit breaker opened.");
    describe_gauge!(
        LEDGER_VERSION_SUPPORTED,
        "Whether the ledger's version is one that this release supports (1) or not (0)."
    );
}

fn describe_documents() {
    describe_counter!(
        DOCUMENTS,
        "Documents that requests named, by source: manifest, apq (an automatic persisted query), text."
    );
    describe_counter!(
        UNTRUSTED_DOCUMENTS,
        "Documents that are none of the manifest's, by outcome: let_through (TRUSTED_DOCUMENTS=warn) or refused (enforce)."
    );
    describe_gauge!(TRUSTED_DOCUMENTS, "Documents of the manifest in use.");
    describe_counter!(TRUSTED_DOCUMENT_RELOADS, "Changes of the manifest, by whether they were taken.");
    describe_counter!(RATE_LIMITED, "Requests that RATE_LIMIT_PER_MINUTE refused.");
    describe_counter!(
        LOOKUP_MISSES,
        "Look-ups by a sealed value, by outcome: counted (they found nobody) or refused (LOOKUP_MISS_LIMIT was reached)."
    );
    describe_gauge!(LOOKUP_GUARDED, "Subjects whose look-ups LOOKUP_MISS_LIMIT refuses now.");
}

fn describe_connections() {
    describe_counter!(FORWARDED_REQUESTS, "Requests with Forwarded or X-Forwarded-For: is this on the edge?");
    describe_counter!(
        TLS_HANDSHAKE_FAILURES,
        "TLS handshakes on our own port that came to nothing, by reason."
    );
    describe_counter!(TLS_RELOADS, "Changes of TLS files, by whose they are and whether they were taken.");
    describe_counter!(
        SECRET_RELOADS,
        "Changes of the files of secrets, of public keys and of MongoDB, by what they are and whether they were taken."
    );
    describe_gauge!(
        SECRET_PENDING,
        "1 where the file of a secret holds something that could not be taken into use, by what it is."
    );
    describe_gauge!(
        TLS_CERTIFICATE_EXPIRES,
        Unit::Seconds,
        "When a certificate of ours expires, in seconds since 1970, by setting."
    );
}

fn describe_mongo() {
    describe_gauge!(MONGO_POOL_IN_USE, "Connections to MongoDB that are in use.");
    describe_gauge!(MONGO_POOL_IDLE, "Connections to MongoDB that wait for work.");
    describe_gauge!(MONGO_POOL_WAITING, "Calls that wait for a connection to MongoDB.");
    describe_gauge!(MONGO_POOL_SIZE, "The most connections that there may be to one server of MongoDB.");
    describe_histogram!(
        MONGO_POOL_WAIT_SECONDS,
        Unit::Seconds,
        "How long calls waited for a connection to MongoDB."
    );
    describe_counter!(MONGO_POOL_CHECKOUT_FAILURES, "Calls that got no connection to MongoDB, by reason.");
    describe_counter!(MONGO_POOL_CREATED, "Connections to MongoDB that were begun.");
    describe_counter!(MONGO_POOL_CLOSED, "Connections to MongoDB that were closed, by reason.");
    describe_counter!(
        MONGO_POOL_CLEARED,
        "Times that all connections to a server of MongoDB were given up after an error."
    );
    describe_histogram!(
        MONGO_COMMAND_SECONDS,
        Unit::Seconds,
        "How long commands of MongoDB took, by command and outcome."
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_described_once() {
        let source: String = include_str!("metrics.rs").split_whitespace().collect();
        let consts = include_str!("metrics.rs").lines().filter_map(|line| line.strip_prefix("pub const "));
        let names: Vec<&str> =
            consts.filter_map(|line| line.split_once(": &str").map(|(name, _)| name)).collect();
        assert!(names.len() > 40, "{names:?}");
        for name in names {
            let kinds = ["counter", "gauge", "histogram"];
            let described = kinds.map(|kind| source.matches(&format!("describe_{kind}!({name},")).count());
            assert_eq!(described.iter().sum::<usize>(), 1, "{name} is described otherwise than once");
        }
    }

    #[test]
    fn metrics_are_rendered_with_meaning_and_buckets() {
        let recorder = recorder().unwrap();
        metrics::with_local_recorder(&recorder, || {
            describe();
            metrics::counter!(STORE_CALLS, "call" => "link", "outcome" => "stored").increment(2);
            metrics::histogram!(UPSTREAM_CALL_SECONDS, "upstream" => "ledger").record(0.02);
        });
        let text = recorder.handle().render();
        for expected in [
            "# HELP holdergraph_store_calls_total Calls of the store, by call and outcome.",
            r#"holdergraph_store_calls_total{call="link",outcome="stored"} 2"#,
            "# TYPE holdergraph_upstream_call_seconds histogram",
            r#"holdergraph_upstream_call_seconds_bucket{upstream="ledger",le="0.01"} 0"#,
            r#"holdergraph_upstream_call_seconds_bucket{upstream="ledger",le="0.025"} 1"#,
            concat!("holdergraph_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
        ] {
            assert!(text.contains(expected), "{expected}\n{text}");
        }
    }
}
