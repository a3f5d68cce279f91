//! What is counted of each call.

use super::Sqlite;
use super::tour;
use metrics_exporter_prometheus::PrometheusBuilder;

#[test]
fn each_call_is_counted_by_its_outcome_and_timed() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            tour::every_call(&Sqlite::new()).await;
        })
    });
    let text = handle.render();
    for (call, outcome, count) in [
        ("ready", "ok", 1),
        ("key_check", "ok", 1),
        ("begin", "ok", 1),
        ("begin", "refused", 1),
        ("conclude", "ok", 1),
        ("create_holder", "ok", 3),
        ("create_holder", "refused", 1),
        ("update_holder", "ok", 1),
        ("update_holder", "refused", 1),
        ("delete_holder", "ok", 1),
        ("delete_holder", "refused", 1),
        ("restore_holder", "ok", 1),
        ("restore_holder", "refused", 1),
        ("purge_holder", "ok", 1),
        ("purge_holder", "refused", 1),
        ("link", "ok", 1),
        ("link", "refused", 1),
        ("record_link_check", "ok", 1),
        ("update_alias_account", "ok", 1),
        ("update_alias_account", "refused", 1),
        ("delete_alias_account", "ok", 1),
        ("delete_alias_account", "refused", 1),
        ("restore_alias_account", "ok", 1),
        ("restore_alias_account", "refused", 1),
        ("purge_alias_account", "ok", 1),
        ("purge_alias_account", "refused", 1),
        ("holders", "error", 1),
        ("holder_with_claim", "ok", 1),
        ("list_holders", "ok", 1),
        ("count_holders", "ok", 1),
        ("alias_accounts_with_claims", "ok", 1),
        ("list_alias_accounts", "ok", 1),
        ("count_alias_accounts", "ok", 1),
        ("alias_accounts_of", "ok", 1),
        ("count_alias_accounts_of", "ok", 1),
        ("totals", "ok", 1),
        ("holders_after", "ok", 1),
        ("alias_accounts_after", "ok", 1),
        ("strays", "ok", 1),
        ("keep_entries", "ok", 1),
        ("organizations_waiting", "ok", 1),
        ("oldest_waiting", "ok", 1),
        ("waiting_entries", "ok", 1),
        ("settle_entries", "ok", 1),
        ("lead_trail", "ok", 1),
        ("lead_trail", "refused", 1),
        ("trail_head", "ok", 1),
        ("chained", "ok", 1),
        ("append_links", "ok", 1),
        ("append_links", "refused", 1),
        ("audited_organizations", "ok", 1),
        ("links_after", "ok", 1),
        ("find_links", "ok", 8),
        ("checkpoint", "ok", 1),
        ("set_checkpoint", "ok", 1),
        ("prune_links", "ok", 1),
    ] {
        let line =
            format!("holdergraph_store_calls_total{{call=\"{call}\",outcome=\"{outcome}\"}} {count}\n");
        assert!(text.contains(&line), "{line} in {text}");
    }
    assert!(text.contains("holdergraph_store_call_seconds_count{call=\"create_holder\"} 4\n"), "{text}");
}
