//! Records with every line filled in, and how they look in the shape of their inputs.

use crate::domain::alias_account::{
    AccountLink, AliasAccount, AliasAccountPersonal, LinkStatus, RelatedParty, RelatedPartyPersonal,
    RelatedPartyRole,
};
use crate::domain::holder::{Holder, HolderPersonal, HolderType};
use crate::domain::ids::{AccountId, AliasAccountId, HolderId, LedgerId, OrganizationId, RelatedPartyId};
use crate::domain::time::{Date, Timestamp};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub(super) const ID: &str = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";
/// A related party that is not the one to be changed.
const OTHER: &str = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5c";

fn address(n: u8) -> Value {
    json!({
        "line1": format!("line1 {n}"), "line2": format!("line2 {n}"), "zip_code": format!("zip {n}"),
        "city": format!("city {n}"), "state": format!("state {n}"), "country": "BR",
        "description": format!("description {n}"),
    })
}

pub(super) fn full_holder() -> (Holder, HolderPersonal) {
    let personal = json!({
        "name": "Maria Souza", "document": "913.150.260-15",
        "addresses": {"primary": address(1), "additional1": address(2), "additional2": address(3)},
        "contact": {
            "primary_email": "a@example.com", "secondary_email": "b@example.com", "mobile_phone": "1",
            "other_phone": "2",
        },
        "natural_person": {
            "favorite_name": "Mia", "social_name": "Maria", "gender": "f", "birth_date": "1990-05-06",
            "civil_status": "single", "nationality": "BR", "mother_name": "Rita", "father_name": "Rui",
            "status": "active",
        },
        "legal_person": {
            "trade_name": "Sol", "activity": "bakery", "kind": "LTDA", "founding_date": "2001-02-03",
            "size": "small", "status": "active",
            "representative": {"name": "Ivo", "document": "7", "email": "ivo@example.com", "role": "owner"},
        },
    });
    (clear_holder(Some("C-1")), serde_json::from_value(personal).unwrap())
}

pub(super) fn bare_holder() -> (Holder, HolderPersonal) {
    let personal = json!({"name": "Maria Souza", "document": "913.150.260-15"});
    (clear_holder(None), serde_json::from_value(personal).unwrap())
}

fn clear_holder(external_id: Option<&str>) -> Holder {
    Holder {
        id: HolderId::parse(ID).unwrap(),
        organization: OrganizationId(Uuid::nil()),
        holder_type: HolderType::NaturalPerson,
        external_id: external_id.map(str::to_owned),
        metadata: serde_json::from_value(json!({"tier": "gold", "score": 7, "vip": true})).unwrap(),
        created_at: Timestamp(1),
        updated_at: Timestamp(2),
        deleted_at: None,
    }
}

pub(super) fn full_alias_account() -> (AliasAccount, AliasAccountPersonal) {
    let (mut clear, mut personal) = bare_alias_account();
    let banking = json!({
        "branch": "0001", "kind": "savings", "opening_date": "2020-01-01", "closing_date": "2030-01-01",
        "country_code": "BR", "bank_id": "104",
    });
    clear.banking = Some(serde_json::from_value(banking).unwrap());
    personal.account = Some("12345-6".to_owned());
    personal.iban = Some("NO93 8601 1117 947".to_owned());
    personal.regulatory = Some(serde_json::from_value(json!({"participant_document": "42"})).unwrap());
    (clear, personal)
}

pub(super) fn bare_alias_account() -> (AliasAccount, AliasAccountPersonal) {
    let day = |text| Date::parse(text).unwrap();
    let ids = [ID, OTHER].map(|id| RelatedPartyId::parse(id).unwrap());
    let clear = AliasAccount {
        id: AliasAccountId::parse(ID).unwrap(),
        organization: OrganizationId(Uuid::nil()),
        holder_id: HolderId(Uuid::nil()),
        holder_type: HolderType::LegalPerson,
        ledger_id: LedgerId(Uuid::nil()),
        account_id: AccountId(Uuid::nil()),
        banking: None,
        parties: ids
            .map(|id| RelatedParty {
                id,
                role: RelatedPartyRole::PrimaryHolder,
                start_date: day("2020-01-01"),
                end_date: Some(day("2030-01-01")),
            })
            .into(),
        link: AccountLink { status: LinkStatus::Verified, checked_at: Some(Timestamp(3)), detail: None },
        metadata: serde_json::from_value(json!({"tier": "gold", "score": 7, "vip": true})).unwrap(),
        created_at: Timestamp(1),
        updated_at: Timestamp(2),
        deleted_at: None,
    };
    let party = |name: &str| RelatedPartyPersonal { name: name.to_owned(), document: "9".to_owned() };
    let personal = AliasAccountPersonal {
        document: "913.150.260-15".to_owned(),
        account: None,
        iban: None,
        regulatory: None,
        parties: ids.into_iter().zip([party("Ana"), party("Bia")]).collect(),
    };
    (clear, personal)
}

/// A holder in the shape of its inputs; what they cannot change stands under `fixed`.
pub(super) fn seen_holder((clear, personal): &(Holder, HolderPersonal)) -> Value {
    let mut seen = as_input(serde_json::to_value(personal).unwrap());
    let Holder { id, organization, holder_type, external_id, metadata, created_at, updated_at, deleted_at } =
        clear;
    if let Some(external_id) = external_id {
        seen["externalId"] = json!(external_id);
    }
    seen["metadata"] = json!(metadata);
    seen["fixed"] = json!([id, organization, holder_type, created_at, updated_at, deleted_at]);
    seen
}

/// An alias account in the shape of its inputs; what updateAliasAccount cannot change stands under `fixed`.
pub(super) fn seen_alias_account((clear, personal): &(AliasAccount, AliasAccountPersonal)) -> Value {
    let AliasAccountPersonal { document, account, iban, regulatory, parties } = personal;
    let mut seen = json!({"metadata": clear.metadata});
    if let Some(banking) = &clear.banking {
        seen["bankingDetails"] = as_input(json!(banking));
    }
    for (name, line) in [("account", account), ("iban", iban)] {
        if let Some(line) = line {
            seen["bankingDetails"][name] = json!(line);
        }
    }
    if let Some(regulatory) = regulatory {
        seen["regulatoryFields"] = as_input(json!(regulatory));
    }
    let ids = json!([clear.id, clear.organization, clear.holder_id, clear.ledger_id, clear.account_id]);
    let times = json!([clear.created_at, clear.updated_at, clear.deleted_at]);
    seen["fixed"] = json!([ids, times, clear.holder_type, clear.link, clear.parties, document, parties]);
    seen
}

/// The related party with [`ID`] in the shape of its input; all the rest stands under `fixed`.
pub(super) fn seen_party((clear, personal): &(AliasAccount, AliasAccountPersonal)) -> Value {
    let (mut clear, mut personal) = (clear.clone(), personal.clone());
    let RelatedParty { id, role, start_date, end_date } = clear.parties.remove(0);
    let RelatedPartyPersonal { name, document } = personal.parties.remove(&id).unwrap();
    let mut seen = json!({"name": name, "role": role, "startDate": start_date});
    if let Some(end_date) = end_date {
        seen["endDate"] = json!(end_date);
    }
    seen["fixed"] = json!([document, seen_alias_account(&(clear, personal))]);
    seen
}

/// Names as the API has them.
fn as_input(value: Value) -> Value {
    let Value::Object(lines) = value else { return value };
    let renamed = lines.into_iter().map(|(name, value)| {
        let name = if name == "kind" { "type".to_owned() } else { camel(&name) };
        (name, as_input(value))
    });
    Value::Object(renamed.collect::<Map<_, _>>())
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}
