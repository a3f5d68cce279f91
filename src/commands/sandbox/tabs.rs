//! What GraphiQL opens with: the flow create, link, read, update, list, and a refusal; with a fresh document and a free
//! account each time.

use crate::domain::ids::AccountId;
use crate::http::graphiql::examples::{CREATE, LINK, LIST, READ, UPDATE, tab};
use crate::http::graphiql::{Tab, Tabs};
use crate::registry::Registry;
use crate::registry::ports::record::Detail;
use crate::sandbox::World;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// Makes the tabs anew for each page that is loaded.
pub(super) fn tabs(world: Arc<World>, registry: Arc<Registry>) -> Tabs {
    Arc::new(move || {
        let (world, registry) = (world.clone(), registry.clone());
        Box::pin(async move { flow(&world, free_account(&world, &registry).await) })
    })
}

/// An open account of the sandbox's ledger that no alias account holds yet; where all are held, the first: the
/// answer then says that it is in use.
pub(super) async fn free_account(world: &World, registry: &Registry) -> Option<AccountId> {
    let organization = world.organization();
    for account in &organization.open_accounts {
        let claim = registry.vault.account_claim(organization.ledger.id, *account);
        let held = registry.store.alias_accounts_with_claims(organization.id, &[claim], Detail::Clear).await;
        if held.is_ok_and(|held| held.is_empty()) {
            return Some(*account);
        }
    }
    organization.open_accounts.first().copied()
}

fn flow(world: &World, account: Option<AccountId>) -> Vec<Tab> {
    let headers = json!({
        "Authorization": format!("Bearer {}", world.tokens().contributor),
        "X-Organization-Id": world.organization().id.to_string(),
    });
    let tab = |title: &str, query: &str, variables: Value| tab(title, query, &variables, &headers);
    let link = json!({"input": {
        "holderId": CREATED,
        "ledgerId": world.organization().ledger.id.to_string(),
        "accountId": account.map(|account| account.to_string()),
        "bankingDetails": {"branch": "0001", "account": "12345-6", "countryCode": "BR"},
        "relatedParties": [
            {"name": "João Alves", "document": "PT-4711", "role": "LEGAL_REPRESENTATIVE", "startDate": "2026-01-01"},
        ],
        "idempotencyKey": Uuid::new_v4().to_string(),
    }});
    let list = json!({
        "filter": {"type": "NATURAL_PERSON", "metadata": [{"key": "segment", "string": "platinum"}]},
        "first": 5,
        "after": null,
    });
    vec![
        tab("1 Create", CREATE, json!({"input": new_holder()})),
        tab("2 Link", LINK, link),
        tab("3 Read", READ, json!({"id": CREATED})),
        tab("4 Update", UPDATE, changes()),
        tab("5 List", LIST, list),
        tab("6 Refused", &refused(), faulty_holder()),
    ]
}

/// What stands for the holder of the first tab.
const CREATED: &str = "<answer createHolder.holder.id>";

/// One field set, one cleared, and all that is not named left as it is.
fn changes() -> Value {
    json!({"input": {
        "id": CREATED,
        "contact": {"mobilePhone": "+55 11 98765-4321", "primaryEmail": null},
        "metadata": {"segment": "platinum"},
    }})
}

/// The first tab's mutation by another name, as GraphiQL labels a tab by it.
fn refused() -> String {
    CREATE.replace("mutation Create(", "mutation Refused(")
}

/// An input with three faults, each told at its field as data: nothing is stored.
fn faulty_holder() -> Value {
    json!({"input": {
        "type": "NATURAL_PERSON",
        "name": " ",
        "document": "PT-4712",
        "contact": {"primaryEmail": "nobody"},
        "metadata": {"note": "call 913.150.260-15"},
    }})
}

/// A holder's input with a document that nobody has.
pub(super) fn new_holder() -> Value {
    json!({
        "type": "NATURAL_PERSON",
        "name": "Maria Souza",
        "document": cpf(),
        "contact": {"primaryEmail": "maria.souza@example.com"},
        "metadata": {"segment": "gold"},
        "idempotencyKey": Uuid::new_v4().to_string(),
    })
}

/// A random number in a CPF's form, with right check digits.
fn cpf() -> String {
    let mut digits: Vec<u32> =
        Uuid::new_v4().as_bytes().iter().rev().take(9).map(|b| u32::from(*b) % 10).collect();
    for _ in 0..2 {
        let sum: u32 = digits.iter().rev().zip(2..).map(|(digit, weight)| digit * weight).sum();
        digits.push(match sum % 11 {
            0 | 1 => 0,
            rest => 11 - rest,
        });
    }
    let mut text: String = digits.iter().filter_map(|digit| char::from_digit(*digit, 10)).collect();
    for (at, mark) in [(9, '-'), (6, '.'), (3, '.')] {
        text.insert(at, mark);
    }
    text
}
