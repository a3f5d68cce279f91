use super::*;
use crate::domain::alias_account::{AccountLink, LinkStatus};
use crate::domain::holder::HolderType;
use crate::domain::ids::{AccountId, HolderId, LedgerId, OrganizationId};
use crate::domain::metadata::Metadata;
use crate::domain::time::Timestamp;
use std::collections::BTreeMap;
use uuid::Uuid;

const ALIAS_ACCOUNT: &str = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";

fn id(number: u128) -> RelatedPartyId {
    RelatedPartyId(Uuid::from_u128(number))
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn ana(end: Option<&str>) -> RelatedPartyInput {
    RelatedPartyInput {
        personal: RelatedPartyPersonal { name: "Ana".to_owned(), document: "913.150.260-15".to_owned() },
        role: RelatedPartyRole::PrimaryHolder,
        start_date: day("2024-02-01"),
        end_date: end.map(day),
    }
}

/// An alias account with so many parties, numbered from 1.
fn account(parties: u128, end: Option<&str>) -> (AliasAccount, AliasAccountPersonal) {
    let party = |number| {
        let RelatedPartyInput { role, start_date, end_date, .. } = ana(end);
        RelatedParty { id: id(number), role, start_date, end_date }
    };
    let clear = AliasAccount {
        id: AliasAccountId::parse(ALIAS_ACCOUNT).unwrap(),
        organization: OrganizationId(Uuid::nil()),
        holder_id: HolderId(Uuid::nil()),
        holder_type: HolderType::LegalPerson,
        ledger_id: LedgerId(Uuid::nil()),
        account_id: AccountId(Uuid::nil()),
        banking: None,
        parties: (1..=parties).map(party).collect(),
        link: AccountLink { status: LinkStatus::Unverified, checked_at: None, detail: None },
        metadata: Metadata::default(),
        created_at: Timestamp(1),
        updated_at: Timestamp(2),
        deleted_at: None,
    };
    let personal = AliasAccountPersonal {
        document: "1".to_owned(),
        account: None,
        iban: None,
        regulatory: None,
        parties: (1..=parties).map(|number| (id(number), ana(None).personal)).collect(),
    };
    (clear, personal)
}

fn told<T>(result: Result<T, Vec<Fault>>) -> Vec<(FaultCode, String)> {
    let faults = result.err().unwrap_or_default().into_iter();
    faults.map(|fault| (fault.code, fault.field.steps().join("/"))).collect()
}

fn one(code: FaultCode, path: &str) -> Vec<(FaultCode, String)> {
    vec![(code, path.to_owned())]
}

fn add(party: RelatedPartyInput) -> AddRelatedParty {
    let alias_account_id = ALIAS_ACCOUNT.to_owned();
    AddRelatedParty { alias_account_id, party, expected_version: None, idempotency_key: None }
}

fn update(party: u128) -> UpdateRelatedParty {
    UpdateRelatedParty {
        alias_account_id: ALIAS_ACCOUNT.to_owned(),
        id: id(party).to_string(),
        name: Patch::Keep,
        role: Patch::Keep,
        start_date: Patch::Keep,
        end_date: Patch::Keep,
        expected_version: None,
        idempotency_key: None,
    }
}

fn remove(party: u128) -> RemoveRelatedParty {
    let (alias_account_id, id) = (ALIAS_ACCOUNT.to_owned(), id(party).to_string());
    RemoveRelatedParty { alias_account_id, id, expected_version: None, idempotency_key: None }
}

#[test]
fn a_party_is_added_as_the_last_one_and_the_rest_stays() {
    let (clear, personal) = account(2, None);
    let merged = add(ana(Some("2024-03-01"))).checked().unwrap().merged(id(9), &clear, &personal).unwrap();
    let (mut expected, mut sealed) = account(2, None);
    let RelatedPartyInput { personal, role, start_date, end_date } = ana(Some("2024-03-01"));
    expected.parties.push(RelatedParty { id: id(9), role, start_date, end_date });
    sealed.parties.insert(id(9), personal);
    assert!(merged == (expected, sealed));
}

#[test]
fn an_alias_account_has_at_most_100_related_parties() {
    let checked = add(ana(None)).checked().unwrap();
    let (clear, personal) = account(99, None);
    assert_eq!(told(checked.merged(id(1000), &clear, &personal)), []);
    let (clear, personal) = account(100, None);
    let expected = one(FaultCode::TooLong, "input/relatedParty");
    assert_eq!(told(checked.merged(id(1000), &clear, &personal)), expected);
}

#[test]
fn what_the_input_alone_shows_is_told_at_once() {
    let mut input = add(ana(Some("2024-01-31")));
    input.alias_account_id = "7".to_owned();
    input.idempotency_key = Some(String::new());
    input.party.personal = RelatedPartyPersonal { name: " ".to_owned(), document: "-".to_owned() };
    let expected = [
        (FaultCode::InvalidValue, "input/idempotencyKey"),
        (FaultCode::InvalidValue, "input/aliasAccountId"),
        (FaultCode::InvalidValue, "input/relatedParty/name"),
        (FaultCode::InvalidValue, "input/relatedParty/document"),
        (FaultCode::RelatedPartyDates, "input/relatedParty/endDate"),
    ];
    assert_eq!(told(input.checked()), expected.map(|(code, path)| (code, path.to_owned())));

    let input = UpdateRelatedParty {
        alias_account_id: String::new(),
        id: "x".to_owned(),
        name: Patch::Clear,
        role: Patch::Clear,
        start_date: Patch::Clear,
        end_date: Patch::Clear,
        ..update(1)
    };
    let expected = [
        (FaultCode::InvalidValue, "input/aliasAccountId"),
        (FaultCode::InvalidValue, "input/id"),
        (FaultCode::Required, "input/name"),
        (FaultCode::Required, "input/role"),
        (FaultCode::Required, "input/startDate"),
    ];
    assert_eq!(told(input.checked()), expected.map(|(code, path)| (code, path.to_owned())));

    let input = UpdateRelatedParty {
        name: Patch::Set("a\u{0}".to_owned()),
        start_date: Patch::Set(day("2024-02-02")),
        end_date: Patch::Set(day("2024-02-01")),
        ..update(1)
    };
    let expected = [(FaultCode::InvalidValue, "input/name"), (FaultCode::RelatedPartyDates, "input/endDate")];
    assert_eq!(told(input.checked()), expected.map(|(code, path)| (code, path.to_owned())));

    let input = RemoveRelatedParty { alias_account_id: String::new(), id: "x".to_owned(), ..remove(1) };
    let expected = [(FaultCode::InvalidValue, "input/aliasAccountId"), (FaultCode::InvalidValue, "input/id")];
    assert_eq!(told(input.checked()), expected.map(|(code, path)| (code, path.to_owned())));
}

#[test]
fn an_unknown_party_is_not_found() {
    let (clear, personal) = account(2, None);
    let expected = one(FaultCode::RelatedPartyNotFound, "input/id");
    assert_eq!(told(update(3).checked().unwrap().merged(&clear, &personal)), expected);
    assert_eq!(told(remove(3).checked().unwrap().merged(&clear, &personal)), expected);
}

#[test]
fn the_order_of_the_two_days_is_judged_after_the_merge_and_only_where_one_is_touched() {
    let expected = one(FaultCode::RelatedPartyDates, "input/endDate");
    let faults = |input: UpdateRelatedParty, end| {
        let (clear, personal) = account(1, end);
        told(input.checked().unwrap().merged(&clear, &personal))
    };
    let start = |patch| UpdateRelatedParty { start_date: Patch::Set(day(patch)), ..update(1) };
    let end = |patch| UpdateRelatedParty { end_date: Patch::Set(day(patch)), ..update(1) };
    assert_eq!(faults(end("2024-01-31"), None), expected);
    assert_eq!(faults(end("2024-02-01"), None), []);
    assert_eq!(faults(start("2024-03-02"), Some("2024-03-01")), expected);
    assert_eq!(faults(start("2024-03-01"), Some("2024-03-01")), []);
    let cleared = UpdateRelatedParty { end_date: Patch::Clear, ..start("2030-01-01") };
    assert_eq!(faults(cleared, Some("2024-03-01")), []);
    // An imported party may be older than the rule.
    let renamed = UpdateRelatedParty { name: Patch::Set("Bia".to_owned()), ..update(1) };
    assert_eq!(faults(renamed, Some("2020-01-01")), []);
}

#[test]
fn an_update_of_nothing_gives_back_what_is_stored_and_a_document_never_changes() {
    let stored = account(2, Some("2020-01-01"));
    let merged = |input: UpdateRelatedParty| input.checked().unwrap().merged(&stored.0, &stored.1).unwrap();
    assert!(merged(update(1)) == stored);
    let all = UpdateRelatedParty {
        name: Patch::Set("Bia".to_owned()),
        role: Patch::Set(RelatedPartyRole::ResponsibleParty),
        start_date: Patch::Set(day("2025-01-01")),
        end_date: Patch::Clear,
        ..update(2)
    };
    let (clear, personal) = merged(all);
    let documents = |parties: &BTreeMap<_, RelatedPartyPersonal>| {
        parties.values().map(|party| party.document.clone()).collect::<Vec<_>>()
    };
    assert_eq!(documents(&personal.parties), documents(&stored.1.parties));
    assert_eq!(personal.parties[&id(2)].name, "Bia");
    assert_eq!(clear.parties[0], stored.0.parties[0]);
    assert_eq!(clear.parties[1].role, RelatedPartyRole::ResponsibleParty);
    assert_eq!((clear.parties[1].start_date, clear.parties[1].end_date), (day("2025-01-01"), None));
}

#[test]
fn a_party_is_removed_with_its_sealed_part_and_the_others_keep_their_order() {
    let (clear, personal) = account(3, None);
    let (clear, personal) = remove(2).checked().unwrap().merged(&clear, &personal).unwrap();
    assert_eq!(clear.parties.iter().map(|party| party.id).collect::<Vec<_>>(), [id(1), id(3)]);
    assert_eq!(personal.parties.into_keys().collect::<Vec<_>>(), [id(1), id(3)]);
}

#[test]
fn the_version_tells_one_input_from_another_and_the_key_does_not() {
    let key = || Some("k".to_owned());
    let written = |input: AddRelatedParty| serde_json::to_value(input.checked().unwrap()).unwrap();
    assert_eq!(
        written(add(ana(None))),
        written(AddRelatedParty { idempotency_key: key(), ..add(ana(None)) })
    );
    assert_ne!(
        written(add(ana(None))),
        written(AddRelatedParty { expected_version: Some(1), ..add(ana(None)) })
    );
    assert_ne!(written(add(ana(None))), written(add(ana(Some("2025-01-01")))));
    let written = |input: UpdateRelatedParty| serde_json::to_value(input.checked().unwrap()).unwrap();
    assert_eq!(written(update(1)), written(UpdateRelatedParty { idempotency_key: key(), ..update(1) }));
    assert_ne!(written(update(1)), written(UpdateRelatedParty { end_date: Patch::Clear, ..update(1) }));
    let written = |input: RemoveRelatedParty| serde_json::to_value(input.checked().unwrap()).unwrap();
    assert_eq!(written(remove(1)), written(RemoveRelatedParty { idempotency_key: key(), ..remove(1) }));
    assert_ne!(written(remove(1)), written(RemoveRelatedParty { expected_version: Some(1), ..remove(1) }));
}
