//! How long an outcome is remembered, and what it tells once its record is deleted.

use super::super::bench::Bench;
use super::super::calls::refusal;
use super::super::mutations::{MUTATIONS, Service, Tenant, ready, with};
use super::repeats::{call, everything, tenant};
use serde_json::{Value, json};

const DAY: i64 = 24 * 60 * 60 * 1_000;

#[tokio::test]
async fn one_millisecond_before_24_hours_it_is_a_repeat_and_at_24_hours_the_key_is_free() {
    let bench = Bench::new();
    for mutation in MUTATIONS {
        let tenant = tenant(&bench);
        let ready = ready(&tenant, mutation).await;
        let first = call(tenant, &ready, &ready.input, "k").await;
        bench.pass(DAY - 1);
        assert_eq!(call(tenant, &ready, &ready.input, "k").await, first, "{mutation}");
        let other = call(tenant, &ready, &ready.other, "k").await;
        assert_eq!(refusal(&other), "IDEMPOTENCY_KEY_REUSED", "{mutation}");
        bench.pass(1);
        let other = call(tenant, &ready, &ready.other, "k").await;
        assert_ne!(refusal(&other), "IDEMPOTENCY_KEY_REUSED", "{mutation}");
        // What can be done again is done again: the repeat did not lengthen the key's life.
        if mutation == "addRelatedParty" {
            assert_eq!(refusal(&other), "", "{other}");
            assert_ne!(other["relatedParty"]["id"], first["relatedParty"]["id"]);
            let again = call(tenant, &ready, &ready.input, "k").await;
            assert_eq!(refusal(&again), "IDEMPOTENCY_KEY_REUSED", "the key is the new call's now");
        }
    }
}

/// Deletes all that is there in this mode, the alias accounts first.
async fn delete_all(tenant: Tenant<'_>, mode: &str) {
    let read = everything(tenant).await;
    let holders = read["holders"]["nodes"].as_array().unwrap();
    let alias_accounts = holders.iter().flat_map(|one| one["aliasAccounts"]["nodes"].as_array().unwrap());
    let wanted = |record: &&Value| mode == "HARD" || record["deletedAt"].is_null();
    let calls = alias_accounts.filter(wanted).map(|one| ("deleteAliasAccount", &one["id"]));
    for (mutation, id) in calls.chain(holders.iter().filter(wanted).map(|one| ("deleteHolder", &one["id"]))) {
        let deleted = tenant.call(mutation, "deletedId", &json!({"id": id, "mode": mode})).await;
        assert_eq!(refusal(&deleted), "", "{deleted}");
    }
}

/// The payload without what changes with the record: its version.
fn without_versions(payload: &Value) -> Value {
    match payload {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| *name != "version");
            kept.map(|(name, value)| (name.clone(), without_versions(value))).collect()
        }
        Value::Array(values) => values.iter().map(without_versions).collect(),
        value => value.clone(),
    }
}

/// The payload with null, or nothing, in the place of each record.
fn purged(payload: &Value) -> Value {
    let mut purged = payload.clone();
    for (name, value) in purged.as_object_mut().unwrap() {
        match name.as_str() {
            "aliasAccounts" => *value = json!([]),
            "holder" | "aliasAccount" | "relatedParty" => *value = Value::Null,
            _ => {}
        }
    }
    purged
}

#[tokio::test]
async fn a_repeat_after_a_soft_deletion_tells_the_record_and_after_a_purge_that_it_is_gone() {
    let bench = Bench::new();
    for mutation in MUTATIONS {
        let tenant = tenant(&bench);
        let ready = ready(&tenant, mutation).await;
        let first = call(tenant, &ready, &ready.input, "k").await;
        delete_all(tenant, "SOFT").await;
        let after = everything(tenant).await;
        let again = call(tenant, &ready, &ready.input, "k").await;
        assert_eq!(without_versions(&again), without_versions(&first), "{mutation}");
        assert_eq!(everything(tenant).await, after, "{mutation}: nothing comes back");
        delete_all(tenant, "HARD").await;
        let again = call(tenant, &ready, &ready.input, "k").await;
        assert_eq!(again, purged(&first), "{mutation}");
        assert_eq!(everything(tenant).await, json!({"holders": {"nodes": []}}), "{mutation}");
    }
}

#[tokio::test]
async fn a_repeated_onboarding_leaves_out_the_alias_account_that_is_purged_and_keeps_the_order() {
    let bench = Bench::new();
    let tenant = tenant(&bench);
    let ready = ready(&tenant, "onboardHolder").await;
    let first = call(tenant, &ready, &ready.input, "k").await;
    let id = first["aliasAccounts"][0]["id"].clone();
    tenant.call("deleteAliasAccount", "deletedId", &json!({"id": id, "mode": "HARD"})).await;
    let again = call(tenant, &ready, &ready.input, "k").await;
    let kept = first["aliasAccounts"][1].clone();
    assert_eq!(again, with(first, "aliasAccounts", json!([kept])));
}

#[tokio::test]
async fn a_repeat_reads_the_record_as_it_stands_now() {
    let bench = Bench::new();
    let tenant = tenant(&bench);
    let ready = ready(&tenant, "createHolder").await;
    let first = call(tenant, &ready, &ready.input, "k").await;
    let id = &first["holder"]["id"];
    tenant.call("updateHolder", "holder { id }", &json!({"id": id, "name": "New"})).await;
    let input = with(ready.input.clone(), "idempotencyKey", "k");
    let again = tenant.call("createHolder", "holder { id name version deletedAt }", &input).await;
    let expected = json!({"id": id, "name": "New", "version": 2, "deletedAt": null});
    assert_eq!(again["holder"], expected);
}

#[tokio::test]
async fn a_repeat_after_its_party_is_removed_tells_the_alias_account_without_it() {
    let bench = Bench::new();
    for mutation in ["addRelatedParty", "updateRelatedParty"] {
        let tenant = tenant(&bench);
        let ready = ready(&tenant, mutation).await;
        let first = call(tenant, &ready, &ready.input, "k").await;
        let removal = json!({"aliasAccountId": ready.record, "id": first["relatedParty"]["id"]});
        let removed = tenant.call("removeRelatedParty", "removedId", &removal).await;
        assert_eq!(removed["removedId"], first["relatedParty"]["id"], "{removed}");
        let again = call(tenant, &ready, &ready.input, "k").await;
        assert_eq!((refusal(&again), &again["relatedParty"]), ("", &Value::Null), "{mutation}");
        assert_eq!(again["aliasAccount"], json!({"id": ready.record, "version": 3}), "{mutation}");
    }
}
