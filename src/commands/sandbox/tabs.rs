//! What GraphiQL opens with: the flow create, link, read, with a fresh document and a free account each time.

use crate::domain::ids::AccountId;
use crate::http::graphiql::{Tab, Tabs};
use crate::registry::Registry;
use crate::registry::ports::record::Detail;
use crate::sandbox::World;
use serde_json::json;
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

/// The mutation of the first tab, also shown as a `curl` line.
pub(super) const CREATE: &str = "\
mutation Create($input: CreateHolderInput!) {
  createHolder(input: $input) {
    holder { id name documentMasked createdAt }
    userErrors { code field message }
  }
}";

const LINK: &str = "\
mutation Link($input: CreateAliasAccountInput!) {
  createAliasAccount(input: $input) {
    aliasAccount {
      id
      link { status checkedAt }
      bankingDetails { branch accountMasked }
    }
    userErrors { code field message }
  }
}";

const READ: &str = "\
query Read($id: ID!) {
  holder(id: $id) {
    id
    name
    document
    aliasAccounts(first: 10) {
      nodes {
        id
        ledgerId
        accountId
        relatedParties { name role }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}";

fn flow(world: &World, account: Option<AccountId>) -> Vec<Tab> {
    let headers = json!({
        "Authorization": format!("Bearer {}", world.tokens().contributor),
        "X-Organization-Id": world.organization().id.to_string(),
    });
    let tab = |title: &str, query: &str, variables: serde_json::Value| Tab {
        title: title.to_owned(),
        query: query.to_owned(),
        variables: pretty(&variables),
        headers: pretty(&headers),
    };
    let link = json!({"input": {
        "holderId": "<answer createHolder.holder.id>",
        "ledgerId": world.organization().ledger.id.to_string(),
        "accountId": account.map(|account| account.to_string()),
        "bankingDetails": {"branch": "0001", "account": "12345-6", "countryCode": "BR"},
        "relatedParties": [
            {"name": "João Alves", "document": "PT-4711", "role": "LEGAL_REPRESENTATIVE", "startDate": "2026-01-01"},
        ],
        "idempotencyKey": Uuid::new_v4().to_string(),
    }});
    vec![
        tab("1 Create", CREATE, json!({"input": new_holder()})),
        tab("2 Link", LINK, link),
        tab("3 Read", READ, json!({"id": "<answer createHolder.holder.id>"})),
    ]
}

/// A holder's input with a document that nobody has.
pub(super) fn new_holder() -> serde_json::Value {
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

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}")
}
