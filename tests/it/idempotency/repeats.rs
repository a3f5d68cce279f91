//! Every mutation that takes a key: its repeat writes nothing and tells the first outcome, another call with the key is
//! refused, and a call that failed leaves the key free.

use super::super::bench::Bench;
use super::super::calls::{refusal, text};
use super::super::mutations::{MUTATIONS, Ready, Service, Tenant, fields, ids, keyed, ready, with};
use holdergraph::domain::ids::OrganizationId;
use serde_json::{Value, json};
use uuid::Uuid;

pub(super) fn tenant(bench: &Bench) -> Tenant<'_> {
    Tenant { bench, organization: OrganizationId(Uuid::now_v7()) }
}

/// All that can be read of an organization.
pub(super) async fn everything(tenant: Tenant<'_>) -> Value {
    let query = "{ holders(filter: {state: ANY}, first: 100) { nodes {
        id version name externalId deletedAt updatedAt aliasAccounts(filter: {state: ANY}, first: 100) { nodes {
            id version deletedAt updatedAt metadata bankingDetails { branch } relatedParties { id name role } } } } } }";
    tenant.bench.ask(tenant.organization, query, json!({})).await
}

pub(super) async fn call(tenant: Tenant<'_>, ready: &Ready, input: &Value, key: &str) -> Value {
    tenant.call(ready.mutation, fields(ready.mutation), &keyed(input, key)).await
}

#[tokio::test]
async fn a_repeat_of_any_mutation_writes_nothing_and_tells_the_same() {
    let bench = Bench::new();
    for mutation in MUTATIONS {
        let tenant = tenant(&bench);
        let ready = ready(&tenant, mutation).await;
        let before = everything(tenant).await;
        let first = call(tenant, &ready, &ready.input, "k").await;
        assert_eq!(refusal(&first), "", "{mutation} {first}");
        let after = everything(tenant).await;
        assert_ne!(after, before, "{mutation} does something");
        for _ in 0..2 {
            bench.pass(1);
            assert_eq!(call(tenant, &ready, &ready.input, "k").await, first, "{mutation}");
            assert_eq!(everything(tenant).await, after, "{mutation}");
        }
    }
}

#[tokio::test]
async fn a_key_that_was_used_with_another_input_or_mutation_is_refused_and_nothing_is_done() {
    let bench = Bench::new();
    for (place, mutation) in MUTATIONS.into_iter().enumerate() {
        let tenant = tenant(&bench);
        let ready_one = ready(&tenant, mutation).await;
        call(tenant, &ready_one, &ready_one.input, "k").await;
        let next = ready(&tenant, MUTATIONS[(place + 1) % MUTATIONS.len()]).await;
        let before = everything(tenant).await;
        for (ready, input) in [(&ready_one, &ready_one.other), (&next, &next.input)] {
            let payload = call(tenant, ready, input, "k").await;
            assert_eq!(
                refusal(&payload),
                "IDEMPOTENCY_KEY_REUSED",
                "{mutation} {} {payload}",
                ready.mutation
            );
            assert_eq!(payload["userErrors"][0]["field"], json!(["input", "idempotencyKey"]));
            assert_eq!(ids(&payload), Vec::<String>::new(), "{payload}");
        }
        assert_eq!(everything(tenant).await, before, "{mutation}");
    }
}

#[tokio::test]
async fn an_update_that_leaves_a_field_out_is_another_input_than_one_that_clears_it() {
    let bench = Bench::new();
    for mutation in ["updateHolder", "updateAliasAccount", "updateRelatedParty"] {
        let tenant = tenant(&bench);
        let ready = ready(&tenant, mutation).await;
        call(tenant, &ready, &ready.input, "k").await;
        let cleared = if mutation == "updateRelatedParty" { "endDate" } else { "metadata" };
        let payload = call(tenant, &ready, &with(ready.input.clone(), cleared, Value::Null), "k").await;
        assert_eq!(refusal(&payload), "IDEMPOTENCY_KEY_REUSED", "{mutation}");
    }
}

#[tokio::test]
async fn one_input_in_another_writing_is_a_repeat() {
    let bench = Bench::new();
    for mutation in ["deleteHolder", "deleteAliasAccount", "createHolder", "createAliasAccount"] {
        let tenant = tenant(&bench);
        let ready = ready(&tenant, mutation).await;
        let first = call(tenant, &ready, &ready.input, "k").await;
        let mut written = ready.input.clone();
        for id in ["id", "holderId", "ledgerId", "accountId"] {
            if let Some(text) = ready.input[id].as_str() {
                written[id] = json!(text.to_uppercase());
            }
        }
        match mutation {
            "createHolder" => written["addresses"] = Value::Null,
            "createAliasAccount" => written["metadata"] = json!({}),
            _ => written["mode"] = json!("SOFT"),
        }
        assert_eq!(call(tenant, &ready, &written, "k").await, first, "{mutation} {written}");
    }
}

/// The input, changed so that it is refused.
async fn refused_input(tenant: Tenant<'_>, ready: &Ready) -> (Value, &'static str) {
    match ready.mutation {
        "createHolder" => {
            let other = super::super::app::new_holder();
            tenant.call("createHolder", "holder { id }", &other).await;
            (with(ready.input.clone(), "document", other["document"].clone()), "DOCUMENT_IN_USE")
        }
        "onboardHolder" => {
            let account = ready.input["aliasAccounts"][0].clone();
            (with(ready.input.clone(), "aliasAccounts", json!([account, account])), "ACCOUNT_IN_USE")
        }
        "createAliasAccount" => {
            (with(ready.input.clone(), "holderId", Uuid::now_v7().to_string()), "HOLDER_NOT_FOUND")
        }
        _ => (with(ready.input.clone(), "expectedVersion", 77), "VERSION_CONFLICT"),
    }
}

#[tokio::test]
async fn after_a_refusal_the_key_is_free() {
    let bench = Bench::new();
    for mutation in MUTATIONS {
        let tenant = tenant(&bench);
        let ready = ready(&tenant, mutation).await;
        let (refused, code) = refused_input(tenant, &ready).await;
        assert_eq!(refusal(&call(tenant, &ready, &refused, "k").await), code, "{mutation}");
        let payload = call(tenant, &ready, &ready.input, "k").await;
        assert_eq!(refusal(&payload), "", "{mutation} {payload}");
        assert_eq!(call(tenant, &ready, &ready.input, "k").await, payload, "{mutation}");
    }
}

#[tokio::test]
async fn after_the_ledger_was_silent_the_key_is_free_and_nothing_is_stored() {
    let bench = Bench::new();
    for mutation in ["onboardHolder", "createAliasAccount", "restoreAliasAccount"] {
        let tenant = tenant(&bench);
        let ready = ready(&tenant, mutation).await;
        let before = everything(tenant).await;
        bench.ledger.fall_silent(true);
        let query = super::super::bench::mutation_document(mutation, fields(mutation));
        let variables = json!({"input": keyed(&ready.input, "k")});
        let answer = bench.answer(tenant.organization, &query, variables).await;
        let code = text(&answer, "/errors/0/extensions/code");
        assert_eq!((code, &answer["data"][mutation]), ("LEDGER_UNAVAILABLE", &Value::Null), "{answer}");
        bench.ledger.fall_silent(false);
        assert_eq!(everything(tenant).await, before, "{mutation}");
        let payload = call(tenant, &ready, &ready.other, "k").await;
        assert_eq!(refusal(&payload), "", "{mutation} {payload}");
        // A repeat needs no ledger.
        bench.ledger.fall_silent(true);
        assert_eq!(call(tenant, &ready, &ready.other, "k").await, payload, "{mutation}");
        bench.ledger.fall_silent(false);
    }
}

#[tokio::test]
async fn a_key_is_looked_at_before_the_expected_version() {
    let bench = Bench::new();
    for mutation in MUTATIONS {
        let tenant = tenant(&bench);
        let ready = ready(&tenant, mutation).await;
        let Some(_) = &ready.record else { continue };
        let restored = mutation.starts_with("restore");
        let versioned = |input: &Value, version: i32| with(input.clone(), "expectedVersion", version);
        let input = versioned(&ready.input, if restored { 2 } else { 1 });
        let first = call(tenant, &ready, &input, "k").await;
        assert_eq!(refusal(&first), "", "{mutation} {first}");
        // By now the record has another version, or is gone.
        assert_eq!(call(tenant, &ready, &input, "k").await, first, "{mutation}");
        let payload = call(tenant, &ready, &versioned(&ready.input, 77), "k").await;
        assert_eq!(refusal(&payload), "IDEMPOTENCY_KEY_REUSED", "{mutation}");
    }
}
