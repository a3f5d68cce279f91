//! Every mutation, made from another organization with the first one's ids: not found, and nothing is changed.

use super::super::bench::Bench;
use super::super::calls::{refusal, text};
use super::super::mutations::{MUTATIONS, Service, Tenant, fields, ids, keyed, ready, with};
use super::{Inhabited, holder, inhabited, link, tenant};
use holdergraph::domain::ids::{AccountId, LedgerId};
use serde_json::{Value, json};
use uuid::Uuid;

fn parsed(account: &Value) -> (LedgerId, AccountId) {
    let id = |name: &str| Uuid::parse_str(text(account, name)).unwrap();
    (LedgerId(id("/ledgerId")), AccountId(id("/accountId")))
}

/// All that can be read of an organization.
async fn everything(tenant: Tenant<'_>) -> Value {
    let query = "{ holders(filter: {state: ANY}, first: 100) { nodes { id version name deletedAt
        aliasAccounts(filter: {state: ANY}, first: 100) { nodes {
            id version deletedAt link { status checkedAt } bankingDetails { branch } relatedParties { id name } } } } } }";
    tenant.bench.ask(tenant.organization, query, json!({})).await
}

#[tokio::test]
async fn no_mutation_reaches_a_record_of_another_organization() {
    let bench = Bench::new();
    for mutation in MUTATIONS.into_iter().chain(["verifyAliasAccount"]) {
        let (owner, stranger) = (tenant(&bench), tenant(&bench));
        // Who is asked for by id is not found; an account of another organization's ledger is not in this one's.
        let expected = match mutation {
            "createHolder" => continue,
            "onboardHolder" => "LEDGER_ACCOUNT_NOT_FOUND",
            "updateHolder" | "deleteHolder" | "restoreHolder" | "createAliasAccount" => "HOLDER_NOT_FOUND",
            _ => "ALIAS_ACCOUNT_NOT_FOUND",
        };
        let (inputs, fields) = if mutation == "verifyAliasAccount" {
            let id = ready(&owner, "updateAliasAccount").await.record;
            (vec![json!({"id": id})], "aliasAccount { id }")
        } else {
            let ready = ready(&owner, mutation).await;
            let keyed = keyed(&ready.input, "k");
            (vec![ready.input, ready.other, keyed], fields(mutation))
        };
        let before = everything(owner).await;
        for input in inputs {
            let payload = stranger.call(mutation, fields, &input).await;
            assert_eq!(refusal(&payload), expected, "{mutation} {input}: {payload}");
            assert_eq!(ids(&payload), Vec::<String>::new(), "{mutation} {input}: {payload}");
        }
        assert_eq!(everything(owner).await, before, "{mutation}");
        assert_eq!(everything(stranger).await, json!({"holders": {"nodes": []}}), "{mutation}");
    }
}

#[tokio::test]
async fn ones_own_record_takes_no_part_of_another_organizations() {
    let bench = Bench::new();
    let (one, two) = (inhabited(&bench).await, inhabited(&bench).await);
    let before = (everything(one.tenant).await, everything(two.tenant).await);
    let theirs = two.tenant.new_account().await;
    let party_of_one = json!({"aliasAccountId": two.alias, "id": one.party});
    for (mutation, input, expected) in [
        ("createAliasAccount", with(theirs, "holderId", one.holder.as_str()), "HOLDER_NOT_FOUND"),
        (
            "createAliasAccount",
            with(one.account.clone(), "holderId", two.holder.as_str()),
            "LEDGER_ACCOUNT_NOT_FOUND",
        ),
        ("updateRelatedParty", with(party_of_one.clone(), "name", "New"), "RELATED_PARTY_NOT_FOUND"),
        ("removeRelatedParty", party_of_one, "RELATED_PARTY_NOT_FOUND"),
    ] {
        let payload = two.tenant.call(mutation, fields(mutation), &input).await;
        assert_eq!(refusal(&payload), expected, "{mutation} {input}: {payload}");
    }
    assert_eq!((everything(one.tenant).await, everything(two.tenant).await), before);
}

#[tokio::test]
async fn a_document_an_account_and_a_key_are_free_in_the_other_organization() {
    let bench = Bench::new();
    let (one, two) = (tenant(&bench), tenant(&bench));
    let (input, account) = (keyed(&holder(), "k"), one.new_account().await);
    // The same ledger and account, by id, in both organizations.
    let (ledger, number) = parsed(&account);
    bench.ledger.set(two.organization, ledger, number, |_| {});
    let mut made: Vec<Value> = Vec::new();
    for tenant in [one, two] {
        let payload = tenant.call("createHolder", "holder { id }", &input).await;
        assert_eq!(refusal(&payload), "", "{payload}");
        let alias = link(tenant, text(&payload, "/holder/id"), &account).await;
        assert!(alias["id"].is_string(), "{alias}");
        made.extend([payload["holder"]["id"].clone(), alias["id"].clone()]);
    }
    let distinct: std::collections::BTreeSet<String> = made.iter().map(Value::to_string).collect();
    assert_eq!(distinct.len(), 4);
    // And what one of them deletes is still there for the other.
    let delete = async |mutation, id: &Value| {
        let input = json!({"id": id, "mode": "HARD"});
        assert_eq!(refusal(&one.call(mutation, "deletedId", &input).await), "");
    };
    delete("deleteAliasAccount", &made[1]).await;
    delete("deleteHolder", &made[0]).await;
    let query = "query($d: String!, $l: UUID!, $a: UUID!) { holderByDocument(document: $d) { id }
        aliasAccountByLedgerAccount(ledgerId: $l, accountId: $a) { id } }";
    let asked = json!({"d": input["document"], "l": account["ledgerId"], "a": account["accountId"]});
    let left = bench.ask(two.organization, query, asked.clone()).await;
    let expected =
        json!({"holderByDocument": {"id": made[2]}, "aliasAccountByLedgerAccount": {"id": made[3]}});
    assert_eq!(left, expected);
    let gone = bench.ask(one.organization, query, asked).await;
    assert_eq!(gone, json!({"holderByDocument": null, "aliasAccountByLedgerAccount": null}));
}

#[tokio::test]
async fn a_holder_that_the_ledger_names_is_no_mismatch_where_it_is_another_organizations() {
    let bench = Bench::new();
    let (one, two): (Inhabited<'_>, Inhabited<'_>) = (inhabited(&bench).await, inhabited(&bench).await);
    let account = two.tenant.new_account().await;
    let (ledger, number) = parsed(&account);
    bench.ledger.set(two.tenant.organization, ledger, number, |known| {
        known.holder_id = Some(one.holder.clone());
    });
    // To this organization it is nobody that it knows.
    let alias = link(two.tenant, &two.holder, &account).await;
    assert!(alias["id"].is_string(), "{alias}");
}
