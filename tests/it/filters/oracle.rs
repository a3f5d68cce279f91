//! The naive filter: every record, every condition, one after the other.

use super::values::meant;
use super::world::{Alias, Holder};
use holdergraph::domain::time::Timestamp;
use serde_json::Value;

/// Whether a list with this filter has the holder.
pub(super) fn holder_holds(filter: &Value, holder: &Holder) -> bool {
    let written = holder.external_id.as_deref();
    in_state(filter, holder.deleted)
        && filter.as_object().unwrap().iter().all(|(name, wanted)| match name.as_str() {
            "ids" => has_id(wanted, &holder.id),
            "externalId" => written.is_some() && written == wanted.as_str(),
            "document" => means(wanted, Some(holder.document)),
            "type" => wanted == holder.kind,
            "metadata" => has_entries(wanted, &holder.metadata),
            "createdAt" => is_within(wanted, &holder.created_at),
            "state" => true,
            other => panic!("the oracle does not know {other}"),
        })
}

/// Whether a list with this filter has the alias account.
pub(super) fn alias_holds(filter: &Value, alias: &Alias) -> bool {
    in_state(filter, alias.deleted)
        && filter.as_object().unwrap().iter().all(|(name, wanted)| match name.as_str() {
            "ids" => has_id(wanted, &alias.id),
            "holderId" => is_same_id(wanted, &alias.holder),
            "ledgerId" => is_same_id(wanted, &alias.ledger),
            "accountId" => is_same_id(wanted, &alias.account),
            "document" => means(wanted, Some(alias.document)),
            "bankingDetailsBranch" => alias.branch.is_some() && wanted.as_str() == alias.branch,
            "bankingDetailsAccount" => means(wanted, alias.bank_account),
            "bankingDetailsIban" => means(wanted, alias.iban),
            "participantDocument" => means(wanted, alias.participant),
            "relatedParty" => alias.parties.iter().any(|party| is_party(wanted, party)),
            "linkStatus" => wanted == alias.link,
            "metadata" => has_entries(wanted, &alias.metadata),
            "createdAt" => is_within(wanted, &alias.created_at),
            "state" => true,
            other => panic!("the oracle does not know {other}"),
        })
}

fn in_state(filter: &Value, deleted: bool) -> bool {
    match filter.get("state").and_then(Value::as_str) {
        None | Some("LIVE") => !deleted,
        Some("DELETED") => deleted,
        _ => true,
    }
}

fn has_id(wanted: &Value, id: &str) -> bool {
    wanted.as_array().unwrap().iter().any(|wanted| is_same_id(wanted, id))
}

fn is_same_id(wanted: &Value, id: &str) -> bool {
    wanted.as_str().unwrap().eq_ignore_ascii_case(id)
}

fn means(wanted: &Value, value: Option<usize>) -> bool {
    value.is_some() && meant(wanted.as_str().unwrap()) == value
}

fn is_party(wanted: &Value, (role, document): &(&str, usize)) -> bool {
    wanted.get("role").is_none_or(|wanted| wanted == role)
        && wanted.get("document").is_none_or(|wanted| means(wanted, Some(*document)))
}

fn has_entries(wanted: &Value, metadata: &Value) -> bool {
    wanted.as_array().unwrap().iter().all(|entry| {
        let found = &metadata[entry["key"].as_str().unwrap()];
        match (entry.get("string"), entry.get("number"), entry.get("boolean")) {
            (Some(string), None, None) => found.is_string() && found == string,
            (None, Some(number), None) => found.is_number() && found.as_f64() == number.as_f64(),
            (None, None, Some(boolean)) => found.is_boolean() && found == boolean,
            _ => panic!("{entry} has not exactly one value"),
        }
    })
}

fn is_within(range: &Value, moment: &str) -> bool {
    let at = |text: &Value| Timestamp::parse(text.as_str().unwrap()).unwrap();
    let moment = Timestamp::parse(moment).unwrap();
    range.get("from").is_none_or(|from| at(from) <= moment)
        && range.get("to").is_none_or(|to| moment < at(to))
}
