//! What the audit trail is told of a mutation's input: the names of its fields and the ids of records, never a value.

use crate::domain::ids::{AliasAccountId, HolderId, parse_uuid};
use crate::registry::mutating::Given;
use crate::registry::ports::audit::AuditedRecord;
use async_graphql::{Context, Value};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Fields that name a record by its id, and what it is then.
pub(super) type Naming = [(&'static str, fn(Uuid) -> AuditedRecord)];

/// The input names no record.
pub(super) const NONE: &Naming = &[];
/// `id` is a holder's.
pub(super) const HOLDER: &Naming = &[("id", holder)];
/// The holder that an alias account is made for.
pub(super) const ITS_HOLDER: &Naming = &[("holderId", holder)];
/// `id` is an alias account's.
pub(super) const ALIAS_ACCOUNT: &Naming = &[("id", alias_account)];
/// The alias account that has the related party, whose own `id` names no record.
pub(super) const ITS_ALIAS_ACCOUNT: &Naming = &[("aliasAccountId", alias_account)];

/// Its keys are the client's own: they may say anything, so no path goes into it.
const METADATA: &str = "metadata";

fn holder(id: Uuid) -> AuditedRecord {
    AuditedRecord::Holder(HolderId(id))
}

fn alias_account(id: Uuid) -> AuditedRecord {
    AuditedRecord::AliasAccount(AliasAccountId(id))
}

/// What the mutation of this field was given.
pub(super) fn given(ctx: &Context<'_>, naming: &Naming) -> Given {
    // Arguments that cannot be resolved cannot have come here; if they did, the mutation would say so itself.
    let arguments = ctx.field().arguments().unwrap_or_default();
    let input = arguments.into_iter().find(|(name, _)| name == "input").map(|(_, value)| value);
    input.map_or_else(Given::default, |input| of_input(&input, naming))
}

fn of_input(input: &Value, naming: &Naming) -> Given {
    let Value::Object(fields) = input else { return Given::default() };
    let mut paths = BTreeSet::new();
    for (name, value) in fields {
        collect(name, value, &mut paths);
    }
    let named = naming.iter().filter_map(|(field, record)| match fields.get(*field)? {
        Value::String(id) => parse_uuid(id).map(record),
        _ => None,
    });
    Given { named: named.collect(), fields: paths.into_iter().collect() }
}

/// The paths of the fields that were given, null among them; entries of a list are told together.
fn collect(path: &str, value: &Value, paths: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) if !fields.is_empty() && path.rsplit('.').next() != Some(METADATA) => {
            for (name, value) in fields {
                collect(&format!("{path}.{name}"), value, paths);
            }
        }
        Value::List(entries) if entries.iter().any(|entry| matches!(entry, Value::Object(_))) => {
            entries.iter().for_each(|entry| collect(path, entry, paths));
        }
        _ => {
            paths.insert(path.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ID: &str = "0190A3B4-7C2D-7E1F-8A9B-0C1D2E3F4A5B";

    fn told(input: serde_json::Value, naming: &Naming) -> Given {
        of_input(&Value::from_json(input).unwrap(), naming)
    }

    #[test]
    fn fields_are_told_by_their_paths_and_neither_a_value_nor_a_key_of_metadata_is() {
        let given = told(
            json!({
                "holder": {"name": "Maria", "metadata": {"Maria": {"x": "y"}},
                    "addresses": {"primary": {"zipCode": "1", "city": null}, "additional1": {}}},
                "metadata": {},
                "aliasAccounts": [
                    {"relatedParties": [{"document": "a"}], "bankingDetails": {"iban": "a"}},
                    {"relatedParties": [{"name": "b"}], "bankingDetails": {"iban": "b"}},
                ],
                "idempotencyKey": "key",
            }),
            NONE,
        );
        let expected = [
            "aliasAccounts.bankingDetails.iban",
            "aliasAccounts.relatedParties.document",
            "aliasAccounts.relatedParties.name",
            "holder.addresses.additional1",
            "holder.addresses.primary.city",
            "holder.addresses.primary.zipCode",
            "holder.metadata",
            "holder.name",
            "idempotencyKey",
            "metadata",
        ];
        assert_eq!(
            (given.fields.iter().map(String::as_str).collect(), given.named),
            (expected.to_vec(), vec![])
        );
    }

    #[test]
    fn a_record_is_named_by_an_id_that_can_be_one_and_never_by_another_text() {
        let id = Uuid::parse_str(ID).unwrap();
        assert_eq!(told(json!({"id": ID}), HOLDER).named, [holder(id)]);
        assert_eq!(told(json!({"id": ID}), ALIAS_ACCOUNT).named, [alias_account(id)]);
        assert_eq!(told(json!({"holderId": ID}), ITS_HOLDER).named, [holder(id)]);
        let party = json!({"aliasAccountId": ID, "id": ID});
        assert_eq!(told(party, ITS_ALIAS_ACCOUNT).named, [alias_account(id)]);
        for wrong in [json!("Maria"), json!(7), json!(null), json!([ID])] {
            assert_eq!(told(json!({"id": wrong}), HOLDER).named, []);
        }
    }
}
