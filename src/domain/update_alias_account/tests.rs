use super::*;
use crate::domain::alias_account::{AccountLink, BankingDetails, LinkStatus};
use crate::domain::fault::FaultCode;
use crate::domain::holder::HolderType;
use crate::domain::ids::{AccountId, HolderId, LedgerId, OrganizationId};
use crate::domain::metadata::{Metadata, MetadataValue};
use crate::domain::patch::reference::{members, merge_patch, written};
use crate::domain::patch::tests::{days, patches, regulatory, texts};
use crate::domain::time::{Date, Timestamp};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

const ID: &str = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";

fn update() -> UpdateAliasAccount {
    UpdateAliasAccount {
        id: ID.to_owned(),
        expected_version: None,
        banking: Patch::Keep,
        regulatory: Patch::Keep,
        metadata: Patch::Keep,
        idempotency_key: None,
    }
}

fn clear() -> AliasAccount {
    AliasAccount {
        id: AliasAccountId::parse(ID).unwrap(),
        organization: OrganizationId(Uuid::nil()),
        holder_id: HolderId(Uuid::nil()),
        holder_type: HolderType::LegalPerson,
        ledger_id: LedgerId(Uuid::nil()),
        account_id: AccountId(Uuid::nil()),
        banking: None,
        parties: Vec::new(),
        link: AccountLink { status: LinkStatus::Verified, checked_at: Some(Timestamp(3)), detail: None },
        metadata: Metadata::default(),
        created_at: Timestamp(1),
        updated_at: Timestamp(2),
        deleted_at: None,
    }
}

fn personal() -> AliasAccountPersonal {
    AliasAccountPersonal {
        document: "913.150.260-15".to_owned(),
        account: None,
        iban: None,
        regulatory: None,
        parties: BTreeMap::new(),
    }
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn with_days(opening: Option<&str>, closing: Option<&str>) -> AliasAccount {
    let banking = BankingDetails {
        opening_date: opening.map(day),
        closing_date: closing.map(day),
        ..BankingDetails::default()
    };
    AliasAccount { banking: Some(banking), ..clear() }
}

fn told(faults: Vec<Fault>) -> Vec<(FaultCode, String)> {
    faults.into_iter().map(|fault| (fault.code, fault.field.steps().join("/"))).collect()
}

/// What an update of banking details says of a stored record, before or after it is read.
fn faults(lines: BankingPatch, stored: &AliasAccount) -> Vec<(FaultCode, String)> {
    let input = UpdateAliasAccount { banking: Patch::Set(lines), ..update() };
    match input.checked(&Guard::default()) {
        Ok((checked, _)) => told(checked.merged(stored, &personal()).err().unwrap_or_default()),
        Err(faults) => told(faults),
    }
}

fn closing_too_early() -> Vec<(FaultCode, String)> {
    vec![(FaultCode::ClosingDateBeforeOpeningDate, "input/bankingDetails/closingDate".to_owned())]
}

#[test]
fn an_update_of_nothing_is_taken_and_gives_back_what_is_stored() {
    let (checked, warnings) = update().checked(&Guard::default()).unwrap();
    assert_eq!((checked.id, checked.expected_version, warnings), (clear().id, None, vec![]));
    assert!(checked.merged(&clear(), &personal()) == Ok((clear(), personal())));
}

#[test]
fn what_the_input_alone_shows_is_told_at_once() {
    let text = |text: &str| Patch::Set(text.to_owned());
    let input = UpdateAliasAccount {
        id: "7".to_owned(),
        banking: Patch::Set(BankingPatch {
            branch: text("913.150.260-15"),
            bank_id: text(""),
            country_code: text("br"),
            account: text("--"),
            iban: text(&"9".repeat(257)),
            kind: text("\u{202e}"),
            opening_date: Patch::Set(day("2024-02-02")),
            closing_date: Patch::Set(day("2024-02-01")),
        }),
        regulatory: Patch::Set(RegulatoryPatch { participant_document: text(".") }),
        metadata: Patch::Set(json!({"email": "x", "iban": null}).as_object().unwrap().clone()),
        idempotency_key: Some("é".to_owned()),
        ..update()
    };
    let expected = [
        (FaultCode::InvalidValue, "input/idempotencyKey"),
        (FaultCode::InvalidValue, "input/id"),
        (FaultCode::MetadataSensitive, "input/bankingDetails/branch"),
        (FaultCode::InvalidValue, "input/bankingDetails/bankId"),
        (FaultCode::InvalidValue, "input/bankingDetails/type"),
        (FaultCode::InvalidValue, "input/bankingDetails/countryCode"),
        (FaultCode::InvalidValue, "input/bankingDetails/account"),
        (FaultCode::TooLong, "input/bankingDetails/iban"),
        (FaultCode::ClosingDateBeforeOpeningDate, "input/bankingDetails/closingDate"),
        (FaultCode::InvalidValue, "input/regulatoryFields/participantDocument"),
        (FaultCode::MetadataSensitive, "input/metadata/email"),
    ];
    let faults = told(input.checked(&Guard::default()).unwrap_err());
    assert_eq!(faults, expected.map(|(code, path)| (code, path.to_owned())));
}

#[test]
fn the_order_of_the_two_days_is_judged_after_the_merge() {
    let opening = |day_| BankingPatch { opening_date: Patch::Set(day(day_)), ..BankingPatch::default() };
    let closing = |day_| BankingPatch { closing_date: Patch::Set(day(day_)), ..BankingPatch::default() };
    let stored = with_days(Some("2024-02-01"), Some("2024-03-01"));
    assert_eq!(faults(closing("2024-01-31"), &stored), closing_too_early());
    assert_eq!(faults(closing("2024-02-01"), &stored), []);
    assert_eq!(faults(opening("2024-03-02"), &stored), closing_too_early());
    assert_eq!(faults(opening("2024-03-01"), &stored), []);
    assert_eq!(faults(closing("1999-01-01"), &clear()), []);
    let both = BankingPatch { opening_date: Patch::Clear, ..closing("1999-01-01") };
    assert_eq!(faults(both, &stored), []);
}

#[test]
fn days_of_an_imported_record_are_judged_only_where_the_update_touches_one() {
    let imported = with_days(Some("2024-02-01"), Some("2023-02-01"));
    let branch = BankingPatch { branch: Patch::Set("0001".to_owned()), ..BankingPatch::default() };
    assert_eq!(faults(branch, &imported), []);
    let opening = |patch| BankingPatch { opening_date: patch, ..BankingPatch::default() };
    assert_eq!(faults(opening(Patch::Set(day("2024-02-02"))), &imported), closing_too_early());
    assert_eq!(faults(opening(Patch::Clear), &imported), []);
}

#[test]
fn clearing_the_banking_details_as_a_whole_clears_account_and_iban_too() {
    let stored = with_days(Some("2024-02-01"), None);
    let sealed = AliasAccountPersonal {
        account: Some("12345-6".to_owned()),
        iban: Some("NO93 8601 1117 947".to_owned()),
        ..personal()
    };
    let input = UpdateAliasAccount { banking: Patch::Clear, ..update() };
    let (checked, _) = input.checked(&Guard::default()).unwrap();
    let (clear, personal) = checked.merged(&stored, &sealed).unwrap();
    assert!(clear.banking.is_none() && personal.account.is_none() && personal.iban.is_none());
}

#[test]
fn the_version_tells_one_input_from_another_and_the_key_does_not() {
    let written = |input: UpdateAliasAccount| {
        serde_json::to_value(input.checked(&Guard::default()).unwrap().0).unwrap()
    };
    let one = written(update());
    assert_eq!(one, written(UpdateAliasAccount { idempotency_key: Some("k".to_owned()), ..update() }));
    assert_ne!(one, written(UpdateAliasAccount { expected_version: Some(1), ..update() }));
    assert_ne!(one, written(UpdateAliasAccount { banking: Patch::Clear, ..update() }));
}

prop_compose! {
    fn banking()(
        branch in patches(texts()),
        account in patches(texts()),
        kind in patches(texts()),
        opening_date in patches(days()),
        closing_date in patches(days()),
        iban in patches(texts()),
        country_code in patches(texts()),
        bank_id in patches(texts()),
    ) -> BankingPatch {
        BankingPatch { branch, account, kind, opening_date, closing_date, iban, country_code, bank_id }
    }
}

prop_compose! {
    fn updates()(
        banking in patches(banking()),
        regulatory in patches(regulatory()),
        metadata in patches(proptest::collection::btree_map("[a-e]", proptest::option::of(any::<bool>()), 0..5)),
    ) -> CheckedAliasAccountUpdate {
        let metadata = match metadata {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(entries) => Patch::Set(MetadataPatch(
                entries.into_iter().map(|(key, value)| (key, value.map(MetadataValue::Boolean))).collect(),
            )),
        };
        let (id, expected_version) = (clear().id, None);
        CheckedAliasAccountUpdate { id, expected_version, banking, regulatory, metadata }
    }
}

/// A whole alias account as JSON, its banking details in one object as a client sees them.
fn whole((clear, personal): &(AliasAccount, AliasAccountPersonal)) -> Value {
    let mut whole = json!({"metadata": clear.metadata});
    if let Some(banking) = &clear.banking {
        whole["banking"] = serde_json::to_value(banking).unwrap();
    }
    for (name, line) in [("account", &personal.account), ("iban", &personal.iban)] {
        if let Some(line) = line {
            whole["banking"][name] = json!(line);
        }
    }
    if let Some(regulatory) = &personal.regulatory {
        whole["regulatory"] = serde_json::to_value(regulatory).unwrap();
    }
    whole
}

proptest! {
    #[test]
    fn an_update_of_a_whole_alias_account_follows_rfc_7396(stored in updates(), update in updates()) {
        let nothing = (clear(), personal());
        // Where the stored days would have been refused, an alias account without details is as good.
        let stored = stored.merged(&nothing.0, &nothing.1).unwrap_or(nothing);
        let mut patch = members([
            ("banking", written(&update.banking)),
            ("regulatory", written(&update.regulatory)),
        ]);
        match &update.metadata {
            Patch::Keep => {}
            // A record always has metadata: cleared, they are none.
            Patch::Clear => {
                let keys = stored.0.metadata.0.keys().map(|key| (key.clone(), Value::Null));
                patch["metadata"] = Value::Object(keys.collect());
            }
            Patch::Set(entries) => patch["metadata"] = json!(entries),
        }
        let expected = merge_patch(whole(&stored), &patch);
        let day = |name: &str| expected["banking"][name].as_str().map(str::to_owned);
        let in_order = day("opening_date").zip(day("closing_date")).is_none_or(|(from, to)| from <= to);
        match update.merged(&stored.0, &stored.1) {
            Ok(merged) => prop_assert_eq!(whole(&merged), expected),
            Err(faults) => {
                prop_assert_eq!(told(faults), closing_too_early());
                prop_assert!(!in_order);
            }
        }
    }
}
