//! Two organizations in one store: nothing of one ever reaches the other.

mod reads;
mod stored;
mod writes;

use super::bench::Bench;
use super::calls::text;
use super::mutations::{Service, Tenant, party, with};
use holdergraph::domain::ids::OrganizationId;
use serde_json::{Value, json};
use uuid::Uuid;

/// One of the two, and what it has: a live and a soft-deleted holder, each with an alias account in its own state.
struct Inhabited<'a> {
    tenant: Tenant<'a>,
    holder: String,
    alias: String,
    dead_holder: String,
    dead_alias: String,
    party: String,
    /// Its ledger account.
    account: Value,
}

/// The same values in each organization that has them.
fn holder() -> Value {
    json!({"type": "LEGAL_PERSON", "name": "Maria Souza", "document": "913.150.260-15", "externalId": "crm-1",
        "metadata": {"tier": "gold"}})
}

fn details() -> Value {
    json!({
        "bankingDetails": {"branch": "0001", "account": "12345-6", "iban": "GB82 WEST 1234 5698 7654 32"},
        "regulatoryFields": {"participantDocument": "99.888-P"}, "metadata": {"tier": "gold"},
        "relatedParties": [party("A-1")],
    })
}

fn tenant(bench: &Bench) -> Tenant<'_> {
    Tenant { bench, organization: OrganizationId(Uuid::now_v7()) }
}

async fn create_holder(tenant: Tenant<'_>, document: &str) -> String {
    let input = with(holder(), "document", document);
    text(&tenant.call("createHolder", "holder { id }", &input).await, "/holder/id").to_owned()
}

/// The payload's alias account.
async fn link(tenant: Tenant<'_>, holder: &str, account: &Value) -> Value {
    let mut input = with(account.clone(), "holderId", holder);
    input.as_object_mut().unwrap().extend(details().as_object().unwrap().clone());
    let fields = "aliasAccount { id relatedParties { id } }";
    tenant.call("createAliasAccount", fields, &input).await["aliasAccount"].clone()
}

async fn inhabited(bench: &Bench) -> Inhabited<'_> {
    let tenant = tenant(bench);
    let (account, other) = (tenant.new_account().await, tenant.new_account().await);
    let holder = create_holder(tenant, "913.150.260-15").await;
    let alias = link(tenant, &holder, &account).await;
    let dead_holder = create_holder(tenant, "AB 12").await;
    let dead_alias = text(&link(tenant, &dead_holder, &other).await, "/id").to_owned();
    tenant.call("deleteAliasAccount", "deletedId", &json!({"id": dead_alias})).await;
    tenant.call("deleteHolder", "deletedId", &json!({"id": dead_holder})).await;
    let party = text(&alias, "/relatedParties/0/id").to_owned();
    let alias = text(&alias, "/id").to_owned();
    Inhabited { tenant, holder, alias, dead_holder, dead_alias, party, account }
}
