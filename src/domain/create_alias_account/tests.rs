use super::*;
use crate::domain::alias_account::{RelatedPartyPersonal, RelatedPartyRole};
use crate::domain::time::Date;
use serde_json::json;

fn minimal() -> CreateAliasAccount {
    let uuid = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";
    CreateAliasAccount {
        holder_id: uuid.to_owned(),
        alias_account: AliasAccountInput {
            ledger_id: LedgerId::parse(uuid).unwrap(),
            account_id: AccountId::parse(uuid).unwrap(),
            banking: Patch::Keep,
            regulatory: Patch::Keep,
            parties: Vec::new(),
            metadata: Map::new(),
        },
        idempotency_key: None,
    }
}

fn party(name: &str, document: &str, end: Option<&str>) -> RelatedPartyInput {
    RelatedPartyInput {
        personal: RelatedPartyPersonal { name: name.to_owned(), document: document.to_owned() },
        role: RelatedPartyRole::PrimaryHolder,
        start_date: Date::parse("2024-02-01").unwrap(),
        end_date: end.and_then(Date::parse),
    }
}

fn faults(input: CreateAliasAccount) -> Vec<(FaultCode, String)> {
    let faults = input.checked(&Guard::default()).err().unwrap_or_default();
    faults.into_iter().map(|fault| (fault.code, fault.field.steps().join("/"))).collect()
}

#[test]
fn the_least_that_an_alias_account_needs_is_taken() {
    assert_eq!(faults(minimal()), []);
}

#[test]
fn all_faults_of_one_input_come_together_each_with_its_path() {
    let mut input = minimal();
    input.holder_id = "7".to_owned();
    let text = |text: &str| Patch::Set(text.to_owned());
    input.alias_account.banking = Patch::Set(BankingPatch {
        branch: text(""),
        bank_id: text("913.150.260-15"),
        country_code: text("br"),
        opening_date: Patch::Set(Date::parse("2024-02-02").unwrap()),
        closing_date: Patch::Set(Date::parse("2024-02-01").unwrap()),
        kind: Patch::Keep,
        account: text("--"),
        iban: text("\u{202e}"),
    });
    input.alias_account.regulatory =
        Patch::Set(RegulatoryPatch { participant_document: Patch::Set("9".repeat(65)) });
    input.alias_account.parties = vec![party("Ana", "1", None), party(" ", ".", Some("2024-01-31"))];
    input.alias_account.metadata = json!({"a.b": 1}).as_object().unwrap().clone();
    let expected = [
        (FaultCode::InvalidValue, "input/holderId"),
        (FaultCode::InvalidValue, "input/bankingDetails/branch"),
        (FaultCode::MetadataSensitive, "input/bankingDetails/bankId"),
        (FaultCode::InvalidValue, "input/bankingDetails/countryCode"),
        (FaultCode::InvalidValue, "input/bankingDetails/account"),
        (FaultCode::InvalidValue, "input/bankingDetails/iban"),
        (FaultCode::ClosingDateBeforeOpeningDate, "input/bankingDetails/closingDate"),
        (FaultCode::TooLong, "input/regulatoryFields/participantDocument"),
        (FaultCode::InvalidValue, "input/relatedParties/1/name"),
        (FaultCode::InvalidValue, "input/relatedParties/1/document"),
        (FaultCode::RelatedPartyDates, "input/relatedParties/1/endDate"),
        (FaultCode::MetadataInvalid, "input/metadata/a.b"),
    ];
    assert_eq!(faults(input), expected.map(|(code, path)| (code, path.to_owned())));
}

#[test]
fn an_alias_account_has_at_most_100_related_parties() {
    let mut input = minimal();
    input.alias_account.parties = (0..100).map(|i| party("Ana", &i.to_string(), None)).collect();
    assert_eq!(faults(input.clone()), []);
    input.alias_account.parties.push(party("Ana", "x", None));
    assert_eq!(faults(input), [(FaultCode::TooLong, "input/relatedParties".to_owned())]);
}
