//! Every mutation and every way in which it may end.

use super::super::bench::mutation_document;
use super::super::calls::{refusal, text};
use super::super::grants::{EVERY, Gate};
use super::super::mutations::{
    MUTATIONS, Ready, alias_account as new_alias_account, fields, keyed, ready, with,
};
use super::{Watch, alias_account, holder, values, words};
use holdergraph::registry::ports::audit::{Actor, AuditEntry, AuditedRecord, EntryKind, EntryOutcome};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::ops::Deref;

const KEY: &str = "KEY-of-the-test";

/// The fields that the input of [`ready`] gives, with its key.
fn given(mutation: &str) -> Vec<&'static str> {
    match mutation {
        "createHolder" => vec!["document", "idempotencyKey", "name", "type"],
        "updateHolder" => vec!["id", "idempotencyKey", "name"],
        "onboardHolder" => vec![
            "aliasAccounts.accountId",
            "aliasAccounts.ledgerId",
            "holder.document",
            "holder.name",
            "holder.type",
            "idempotencyKey",
        ],
        "createAliasAccount" => vec!["accountId", "holderId", "idempotencyKey", "ledgerId"],
        "updateAliasAccount" => vec!["bankingDetails.branch", "id", "idempotencyKey"],
        "addRelatedParty" => vec![
            "aliasAccountId",
            "idempotencyKey",
            "relatedParty.document",
            "relatedParty.name",
            "relatedParty.role",
            "relatedParty.startDate",
        ],
        "updateRelatedParty" => vec!["aliasAccountId", "id", "idempotencyKey", "name"],
        "removeRelatedParty" => vec!["aliasAccountId", "id", "idempotencyKey"],
        _ => vec!["id", "idempotencyKey"],
    }
}

/// The records that the input names by their ids.
fn named(mutation: &str, input: &Value) -> Vec<AuditedRecord> {
    match mutation {
        "createHolder" | "onboardHolder" => Vec::new(),
        "createAliasAccount" => vec![holder(text(input, "/holderId"))],
        "addRelatedParty" | "updateRelatedParty" | "removeRelatedParty" => {
            vec![alias_account(text(input, "/aliasAccountId"))]
        }
        _ if mutation.ends_with("Holder") => vec![holder(text(input, "/id"))],
        _ => vec![alias_account(text(input, "/id"))],
    }
}

/// The records that it has changed.
fn changed(mutation: &str, input: &Value, payload: &Value) -> Vec<AuditedRecord> {
    match mutation {
        "createHolder" => vec![holder(text(payload, "/holder/id"))],
        "onboardHolder" => {
            let accounts = payload["aliasAccounts"].as_array().unwrap().iter();
            let accounts = accounts.map(|one| alias_account(text(one, "/id")));
            [holder(text(payload, "/holder/id"))].into_iter().chain(accounts).collect()
        }
        "createAliasAccount" => {
            let made = alias_account(text(payload, "/aliasAccount/id"));
            [made].into_iter().chain(named(mutation, input)).collect()
        }
        _ => named(mutation, input),
    }
}

struct Scene(Gate);

impl Deref for Scene {
    type Target = Gate;

    fn deref(&self) -> &Gate {
        &self.0
    }
}

impl Scene {
    fn new() -> Self {
        Self(Gate::new())
    }

    fn watch(&self) -> Watch<'_> {
        Watch::new(&self.bench, self.organization)
    }

    async fn answer(&self, mutation: &str, input: &Value) -> Value {
        let document = mutation_document(mutation, fields(mutation));
        self.bench.answer(self.organization, &document, json!({"input": input})).await
    }

    async fn payload(&self, mutation: &str, input: &Value) -> Value {
        let answer = self.answer(mutation, input).await;
        assert_eq!(answer["errors"], Value::Null, "{mutation}: {answer}");
        answer["data"][mutation].clone()
    }
}

/// An entry says this, and nothing that the input holds.
fn says(
    entry: &AuditEntry,
    input: &Value,
    (mutation, kind, outcome): (&str, EntryKind, EntryOutcome),
    records: &[AuditedRecord],
    codes: &[&str],
) {
    let told = (entry.operation.as_str(), entry.kind, entry.outcome);
    assert_eq!(told, (mutation, kind, outcome), "{entry:#?}");
    assert_eq!(entry.records, records, "{mutation} {outcome:?}");
    assert_eq!(entry.record_count, records.len() as u64, "{mutation} {outcome:?}");
    assert_eq!(entry.codes, codes, "{mutation} {outcome:?}");
    let who = (entry.actor, entry.subject.as_str(), entry.request_id.as_str());
    assert_eq!(who, (Actor::Anonymous, "test", "test"));
    let words = words(entry);
    for value in values(input) {
        assert!(!words.contains(&value), "{mutation} {outcome:?}: {value} is in {words}");
    }
}

#[tokio::test]
async fn a_mutation_leaves_one_entry_whether_it_is_done_repeated_refused_or_forbidden() {
    use EntryKind::{Change, Refusal};
    use EntryOutcome::{Done, Refused, Repeated};
    let scene = Scene::new();
    for mutation in MUTATIONS {
        let Ready { input, other, .. } = ready(&scene.tenant(), mutation).await;
        let (input, other) = (keyed(&input, KEY), keyed(&other, KEY));
        let key = |name: &str| with(input.clone(), "idempotencyKey", format!("{KEY}-{mutation}-{name}"));
        let input = key("a");
        let other = with(other, "idempotencyKey", input["idempotencyKey"].clone());
        let mut watch = scene.watch();
        watch.new_entries().await;

        let payload = scene.payload(mutation, &input).await;
        let changed = changed(mutation, &input, &payload);
        let done = watch.new_entry().await;
        says(&done, &input, (mutation, Change, Done), &changed, &[]);
        assert_eq!(done.fields, given(mutation), "{mutation}");

        assert_eq!(scene.payload(mutation, &input).await, payload, "{mutation}");
        let repeated = watch.new_entry().await;
        // What a repeat is told of a new link is the alias account; its holder is in the first entry.
        let again = if mutation == "createAliasAccount" { &changed[..1] } else { &changed };
        says(&repeated, &input, (mutation, Change, Repeated), again, &[]);
        assert_eq!(repeated.fields, given(mutation), "{mutation}");

        let payload = scene.payload(mutation, &other).await;
        assert_eq!(refusal(&payload), "IDEMPOTENCY_KEY_REUSED", "{mutation}");
        let refused = watch.new_entry().await;
        let reused = ["IDEMPOTENCY_KEY_REUSED"];
        says(&refused, &other, (mutation, Refusal, Refused), &named(mutation, &other), &reused);

        scene.access.grant(&[]);
        let answer = scene.answer(mutation, &input).await;
        assert_eq!(text(&answer, "/errors/0/extensions/code"), "FORBIDDEN", "{answer}");
        let forbidden = watch.new_entry().await;
        says(&forbidden, &input, (mutation, Refusal, Refused), &named(mutation, &input), &["FORBIDDEN"]);
        assert_eq!(forbidden.fields, given(mutation), "{mutation}");

        scene.access.fall_silent();
        scene.answer(mutation, &input).await;
        // Nobody has accepted the token: whom it names may be anybody.
        assert_eq!(watch.new_entries().await, [], "{mutation}");
        scene.access.grant(&EVERY);
    }
}

#[tokio::test]
async fn an_update_that_changes_nothing_leaves_an_entry_all_the_same_with_a_key_and_without() {
    let scene = Scene::new();
    for mutation in ["updateHolder", "updateAliasAccount", "updateRelatedParty"] {
        let Ready { input, .. } = ready(&scene.tenant(), mutation).await;
        scene.payload(mutation, &input).await;
        for input in [input.clone(), keyed(&input, &format!("{KEY}-{mutation}"))] {
            let mut watch = scene.watch();
            watch.new_entries().await;
            scene.payload(mutation, &input).await;
            let entry = watch.new_entry().await;
            let unchanged = (mutation, EntryKind::Change, EntryOutcome::Done);
            says(&entry, &input, unchanged, &named(mutation, &input), &[]);
        }
    }
}

#[tokio::test]
async fn an_erasure_is_told_apart_and_so_is_its_repeat() {
    let scene = Scene::new();
    for mutation in ["deleteHolder", "deleteAliasAccount"] {
        let Ready { input, .. } = ready(&scene.tenant(), mutation).await;
        let input = with(keyed(&input, &format!("{KEY}-{mutation}")), "mode", "HARD");
        let mut watch = scene.watch();
        watch.new_entries().await;
        for outcome in [EntryOutcome::Done, EntryOutcome::Repeated] {
            scene.payload(mutation, &input).await;
            let entry = watch.new_entry().await;
            let expected = (mutation, EntryKind::Purge, outcome);
            says(&entry, &input, expected, &named(mutation, &input), &[]);
            assert_eq!(entry.fields, ["id", "idempotencyKey", "mode"]);
        }
    }
}

#[tokio::test]
async fn a_holder_that_is_erased_is_an_entry_and_so_is_each_alias_account_that_goes_with_it() {
    let scene = Scene::new();
    let tenant = scene.tenant();
    let (alias, _) = new_alias_account(&tenant).await;
    let query = "query($id: ID!) { aliasAccount(id: $id) { holder { id } } }";
    let found = scene.bench.ask(scene.organization, query, json!({"id": alias})).await;
    let id = text(&found, "/aliasAccount/holder/id").to_owned();
    scene.payload("deleteAliasAccount", &json!({"id": alias})).await;
    let mut watch = scene.watch();
    watch.new_entries().await;
    scene.payload("deleteHolder", &json!({"id": id, "mode": "HARD"})).await;
    let entries = watch.new_entries().await;
    assert!(
        entries
            .iter()
            .all(|entry| (entry.kind, entry.operation.as_str()) == (EntryKind::Purge, "deleteHolder"))
    );
    let told: HashSet<_> = entries.iter().flat_map(|entry| entry.records.clone()).collect();
    assert_eq!((entries.len(), told), (2, HashSet::from([holder(&id), alias_account(&alias)])));
}

#[tokio::test]
async fn a_mutation_that_the_ledger_gives_no_answer_to_is_told_as_failed() {
    let scene = Scene::new();
    for mutation in ["onboardHolder", "createAliasAccount", "restoreAliasAccount", "verifyAliasAccount"] {
        let input = match mutation {
            "verifyAliasAccount" => json!({"id": new_alias_account(&scene.tenant()).await.0}),
            _ => ready(&scene.tenant(), mutation).await.input,
        };
        let mut watch = scene.watch();
        watch.new_entries().await;
        scene.bench.ledger.fall_silent(true);
        let answer = scene.answer(mutation, &input).await;
        scene.bench.ledger.fall_silent(false);
        assert_eq!(text(&answer, "/errors/0/extensions/code"), "LEDGER_UNAVAILABLE", "{answer}");
        let entry = watch.new_entry().await;
        let failed = (mutation, EntryKind::Change, EntryOutcome::Failed);
        says(&entry, &input, failed, &named(mutation, &input), &["LEDGER_UNAVAILABLE"]);
    }
}

#[tokio::test]
async fn a_check_of_a_link_is_told_with_its_record() {
    let scene = Scene::new();
    let (id, _) = new_alias_account(&scene.tenant()).await;
    let mut watch = scene.watch();
    watch.new_entries().await;
    let input = json!({"id": id});
    scene.payload("verifyAliasAccount", &input).await;
    let done = ("verifyAliasAccount", EntryKind::Change, EntryOutcome::Done);
    says(&watch.new_entry().await, &input, done, &[alias_account(&id)], &[]);
}

#[tokio::test]
async fn several_faults_of_one_input_are_one_entry_with_each_code_once() {
    let scene = Scene::new();
    let mut watch = scene.watch();
    let input = json!({"type": "NATURAL_PERSON", "name": " ", "document": "...", "externalId": "x".repeat(257),
        "metadata": {"e": "maria@example.com", "f": "joao@example.com"}});
    scene.payload("createHolder", &input).await;
    let entry = watch.new_entry().await;
    assert_eq!(entry.codes, ["INVALID_VALUE", "METADATA_SENSITIVE", "TOO_LONG"]);
    assert_eq!(entry.fields, ["document", "externalId", "metadata", "name", "type"]);
    assert!(!words(&entry).contains("example"));
}
