//! What the audit trail does not take is not answered.

use super::super::bench::Bench;
use super::super::calls::text;
use super::super::mutations::{Ready, Service, Tenant, holder, keyed, ready};
use super::Watch;
use holdergraph::access::Open;
use holdergraph::domain::ids::OrganizationId;
use holdergraph::domain::target::{DeletionMode, Target};
use holdergraph::registry::caller::Caller;
use holdergraph::registry::failure::{Failure, Refusal};
use holdergraph::registry::mutating::{Given, Mutating};
use holdergraph::registry::ports::audit::{EntryKind, EntryOutcome};
use holdergraph::registry::ports::call::Call;
use holdergraph::registry::trail::Answered;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

fn code(answer: &Value) -> &str {
    text(answer, "/errors/0/extensions/code")
}

#[tokio::test]
async fn a_change_carries_its_own_entry_and_what_changes_nothing_is_not_answered_without_one() {
    let bench = Bench::new();
    let tenant = Tenant { bench: &bench, organization: OrganizationId(Uuid::now_v7()) };
    let Ready { input, .. } = ready(&tenant, "updateHolder").await;
    let mut watch = Watch::new(&bench, tenant.organization);
    watch.new_entries().await;
    bench.trail.refuse();
    let update = "mutation($input: UpdateHolderInput!) { updateHolder(input: $input) { holder { version } userErrors { code } } }";
    let call = async |input: &Value| bench.answer(tenant.organization, update, json!({"input": input})).await;

    let changed = keyed(&input, "first");
    assert_eq!(call(&changed).await["errors"], Value::Null);
    assert_eq!(watch.new_entry().await.outcome, EntryOutcome::Done);
    let repeated = changed.clone();
    let unchanged = keyed(&input, "second");
    let missing = json!({"id": Uuid::now_v7().to_string(), "name": "Nobody"});
    for input in [repeated, unchanged, missing] {
        let answer = call(&input).await;
        assert_eq!(code(&answer), "STORE_UNAVAILABLE", "{answer}");
        assert_eq!(answer["errors"][0]["extensions"]["retryable"], true, "{answer}");
        assert_eq!(answer["data"]["updateHolder"], Value::Null, "{answer}");
    }
    assert_eq!(watch.new_entries().await, []);
}

#[tokio::test]
async fn an_outage_is_answered_as_it_is_whether_the_trail_takes_it_or_not() {
    let bench = Bench::new();
    let tenant = Tenant { bench: &bench, organization: OrganizationId(Uuid::now_v7()) };
    let mut input = tenant.new_account().await;
    input["holderId"] = json!(holder(&tenant).await);
    bench.trail.refuse();
    bench.ledger.fall_silent(true);
    let create = "mutation($input: CreateAliasAccountInput!) { createAliasAccount(input: $input) { aliasAccount { id } } }";
    let answer = bench.answer(tenant.organization, create, json!({"input": input})).await;
    assert_eq!(code(&answer), "LEDGER_UNAVAILABLE", "{answer}");
}

#[tokio::test]
async fn a_trail_that_says_nothing_is_waited_for_until_the_requests_time_is_over() {
    let bench = Bench::new();
    bench.trail.fall_silent();
    let mut call = Call::of_service("test", Duration::ZERO);
    call.deadline = Instant::now();
    let organization = OrganizationId(Uuid::now_v7());
    let caller = Caller::new(call, organization, Arc::new(Open::default())).proven(true);
    let answered =
        Answered { operations: vec!["holder".to_owned()], is_refused: true, ..Answered::default() };
    let told = bench.registry().tell_of_answer(&caller, answered).await;
    assert_eq!(told, Err(Failure::StoreUnavailable));
}

#[tokio::test]
async fn nothing_is_told_of_an_answer_that_neither_reveals_nor_refuses() {
    let bench = Bench::new();
    let tenant = Tenant { bench: &bench, organization: OrganizationId(Uuid::now_v7()) };
    let id = holder(&tenant).await;
    bench.trail.take();
    let query = "query($id: ID!) { holder(id: $id) { id type documentMasked metadata createdAt } }";
    bench.ask(tenant.organization, query, json!({"id": id})).await;
    assert_eq!(bench.trail.take(), []);
    let query = "query($id: ID!) { holder(id: $id) { name } }";
    bench.ask(tenant.organization, query, json!({"id": id})).await;
    let entries = bench.trail.take();
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].kind, entries[0].outcome), (EntryKind::Read, EntryOutcome::Done));
}

#[tokio::test]
async fn a_mutation_that_ends_when_its_time_is_over_is_told_all_the_same() {
    let bench = Bench::new();
    let mut call = Call::of_service("test", Duration::ZERO);
    call.deadline = Instant::now().checked_sub(Duration::from_secs(1)).unwrap();
    let organization = OrganizationId(Uuid::now_v7());
    let caller = Caller::new(call, organization, Arc::new(Open::default())).proven(true);
    let mutating = Mutating::new(&caller, Given::default());
    let target = Target { id: Uuid::now_v7().to_string(), expected_version: None, idempotency_key: None };
    let end = bench.registry().delete_holder(&mutating, target, DeletionMode::Soft).await;
    // A store that is quicker than the timer still finds out that there is no such holder.
    let (outcome, code) = match end {
        Err(Refusal::Failure(Failure::Timeout)) => (EntryOutcome::Failed, "TIMEOUT"),
        Err(Refusal::Faults(_)) => (EntryOutcome::Refused, "HOLDER_NOT_FOUND"),
        end => panic!("{end:?}"),
    };
    let told = bench.trail.take();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!((told[0].outcome, &told[0].codes[..]), (outcome, &[code.to_owned()][..]));
}
