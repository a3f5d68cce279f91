//! Operations to begin with. Each has a name, as `serve` asks for.

use super::{Tab, Tabs};
use serde_json::{Value, json};
use std::sync::Arc;

/// Creates a holder.
pub const CREATE: &str = "\
mutation Create($input: CreateHolderInput!) {
  createHolder(input: $input) {
    holder { id name documentMasked createdAt }
    userErrors { code field message }
  }
}";

/// Links a ledger account to a holder.
pub const LINK: &str = "\
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

/// Reads a holder with all that belongs to it.
pub const READ: &str = "\
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

/// Changes a holder.
pub const UPDATE: &str = "\
mutation Update($input: UpdateHolderInput!) {
  updateHolder(input: $input) {
    holder { id contact { primaryEmail mobilePhone } metadata version }
    userErrors { code field message }
  }
}";

/// One page of a filtered list.
pub const LIST: &str = "\
query List($filter: HolderFilter, $first: Int!, $after: String) {
  holders(filter: $filter, sort: CREATED_AT, direction: DESC, first: $first, after: $after) {
    totalCount
    nodes { id type documentMasked metadata createdAt }
    pageInfo { hasNextPage endCursor }
  }
}";

/// Whose account is it?
const WHO: &str = "\
query Who($ledgerId: UUID!, $accountId: UUID!) {
  aliasAccountByLedgerAccount(ledgerId: $ledgerId, accountId: $accountId) {
    id
    link { status checkedAt }
    holder { id type documentMasked }
  }
}";

/// Who did what?
const TRAIL: &str = "\
query Trail($filter: AuditEntryFilter!, $first: Int!, $after: String) {
  auditEntries(filter: $filter, first: $first, after: $after) {
    nodes { at actor subject operation outcome codes records { type id } recordCount fields }
    pageInfo { hasNextPage endCursor }
  }
}";

/// A tab from its parts.
pub fn tab(title: &str, query: &str, variables: &Value, headers: &Value) -> Tab {
    let (variables, headers) = (format!("{variables:#}"), format!("{headers:#}"));
    Tab { title: title.to_owned(), query: query.to_owned(), variables, headers }
}

/// What a service opens with that knows neither the reader's token nor any record: the same each time. Nothing is written
/// before the reader has filled in what only they know.
pub fn starting() -> Tabs {
    Arc::new(|| Box::pin(async { starting_tabs() }))
}

fn starting_tabs() -> Vec<Tab> {
    let headers = json!({"Authorization": "Bearer <token>", "X-Organization-Id": "<organization>"});
    let tab = |title: &str, query: &str, variables: Value| tab(title, query, &variables, &headers);
    let list = json!({"filter": {"type": "NATURAL_PERSON", "state": "LIVE"}, "first": 5, "after": null});
    let who = json!({
        "ledgerId": "<fill in: the ledger's UUID>",
        "accountId": "<fill in: the UUID of an account in that ledger>",
    });
    let create = json!({"input": {
        "type": "NATURAL_PERSON",
        "name": "<fill in: the person's full name>",
        "document": "<fill in: a document of this person>",
        "idempotencyKey": "<fill in: a fresh UUID, so that the call can be repeated>",
    }});
    let update = json!({"input": {
        "id": "<fill in: the id of a holder>",
        "expectedVersion": null,
        "metadata": {"segment": "gold"},
    }});
    vec![
        tab("1 List", LIST, list),
        tab("2 Read", READ, json!({"id": "<answer holders.nodes.0.id>"})),
        tab("3 Who", WHO, who),
        tab("4 Create", CREATE, create),
        tab("5 Update", UPDATE, update),
        tab("6 Trail", TRAIL, json!({"filter": {"operation": "updateHolder"}, "first": 20, "after": null})),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::sdl;
    use crate::http::documents::Documents;
    use serde_json::Map;

    /// The variables with ids and texts that fit where something is to be filled in.
    fn filled(value: &Value) -> Value {
        match value {
            Value::String(text) if text.starts_with('<') => json!("01a20a25-9841-76eb-b1ba-1ef70a89c249"),
            Value::Object(fields) => {
                fields.iter().map(|(name, value)| (name.clone(), filled(value))).collect()
            }
            other => other.clone(),
        }
    }

    #[test]
    fn every_starting_tab_is_valid_once_it_is_filled_in_and_called_by_its_title() {
        let documents = Documents::new(&sdl(), crate::http::documents::Limits::default()).unwrap();
        for (index, tab) in starting_tabs().into_iter().enumerate() {
            let document = documents.prepare(&tab.query).unwrap();
            let operation = document.operation(None).unwrap();
            let name = operation.name.as_ref().expect("serve asks for a name");
            assert_eq!(tab.title, format!("{} {name}", index + 1));
            let Value::Object(variables) = filled(&serde_json::from_str(&tab.variables).unwrap()) else {
                panic!("{}", tab.variables)
            };
            documents.check_variables(&document, operation, &variables, tab.variables.len()).unwrap();
            let headers: Map<String, Value> = serde_json::from_str(&tab.headers).unwrap();
            assert_eq!(headers["Authorization"], "Bearer <token>");
            assert_eq!(headers["X-Organization-Id"], "<organization>");
        }
    }

    #[test]
    fn no_starting_mutation_can_be_sent_as_it_is() {
        let tabs = starting_tabs();
        let mutations: Vec<_> = tabs.iter().filter(|tab| tab.query.starts_with("mutation")).collect();
        assert_eq!(mutations.len(), 2);
        assert!(mutations.iter().all(|tab| tab.variables.contains("<fill in: ")));
    }
}
