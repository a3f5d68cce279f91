//! What is counted of each call.

use super::Sqlite;
use crate::registry::ports::list::{Filter, State};
use crate::registry::ports::operation::{Fingerprint, Operation};
use crate::registry::ports::record::{Detail, KeyId};
use crate::registry::ports::store::{KeyCheck, Store};
use crate::store::conformance::records::{
    alias_account, concluding, holder, holder_with, operation, organization, page, wrote,
};
use metrics_exporter_prometheus::PrometheusBuilder;

/// Every call of the port once or more, some refused and one that fails.
async fn calls() {
    let stores = Sqlite::new();
    let store = stores.sqlite();
    let organization = organization();
    let owner = holder_with(organization, &["a"]);
    let key = operation(organization, 1);
    store.ready().await.unwrap();
    store.key_check(KeyCheck { id: KeyId("1".to_owned()), value: [1; 32] }).await.unwrap();
    store.begin(&key).await.unwrap();
    store.create_holder(owner.clone(), vec![], concluding(&key, wrote(&owner))).await.unwrap();
    store.create_holder(owner.clone(), vec![], concluding(&key, wrote(&owner))).await.unwrap();
    store.create_holder(holder_with(organization, &["a"]), vec![], None).await.unwrap();
    store.begin(&Operation { fingerprint: Fingerprint([9; 32]), ..key }).await.unwrap();
    store.link(alias_account(&owner), None).await.unwrap();
    store.link(alias_account(&holder(organization)), None).await.unwrap();
    store.holders(organization, &[owner.clear.id], State::Live, Detail::Clear).await.unwrap();
    store.holder_with_claim(organization, &owner.protected.claims, Detail::Clear).await.unwrap();
    store.alias_accounts(organization, &[], State::Live, Detail::Clear).await.unwrap();
    store.alias_accounts_with_claims(organization, &[], Detail::Clear).await.unwrap();
    store
        .alias_accounts_of(organization, &[owner.clear.id], &Filter::default(), page(1, None))
        .await
        .unwrap();
    stores.beside().execute_batch("UPDATE holders SET type = 'ROBOT'").unwrap();
    store.holders(organization, &[owner.clear.id], State::Live, Detail::Clear).await.unwrap_err();
}

#[test]
fn each_call_is_counted_by_its_outcome_and_timed() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    metrics::with_local_recorder(&recorder, || runtime.block_on(calls()));
    let text = handle.render();
    for (call, outcome, count) in [
        ("ready", "ok", 1),
        ("key_check", "ok", 1),
        ("begin", "ok", 1),
        ("begin", "refused", 1),
        ("create_holder", "ok", 2),
        ("create_holder", "refused", 1),
        ("link", "ok", 1),
        ("link", "refused", 1),
        ("holders", "ok", 1),
        ("holders", "error", 1),
        ("holder_with_claim", "ok", 1),
        ("alias_accounts", "ok", 1),
        ("alias_accounts_with_claims", "ok", 1),
        ("alias_accounts_of", "ok", 1),
    ] {
        let line =
            format!("holdergraph_store_calls_total{{call=\"{call}\",outcome=\"{outcome}\"}} {count}\n");
        assert!(text.contains(&line), "{line} in {text}");
    }
    assert!(text.contains("holdergraph_store_call_seconds_count{call=\"create_holder\"} 3\n"), "{text}");
}
