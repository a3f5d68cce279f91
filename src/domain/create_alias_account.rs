//! The input that links a ledger account to a holder, and what it must be like.

use super::alias_account::{BankingDetails, RegulatoryFields, RelatedPartyPersonal, RelatedPartyRole};
use super::create_holder::{check_clear, check_country};
use super::fault::{Fault, FaultCode, Faults, FieldPath};
use super::guard::Guard;
use super::ids::{AccountId, HolderId, LedgerId};
use super::metadata::Metadata;
use super::redacted;
use super::text::{DOCUMENT_MAX, TEXT_MAX, check, check_idempotency_key, check_optional, check_searchable};
use super::time::Date;
use serde_json::{Map, Value};

/// Most related parties of one alias account.
pub const PARTIES_MAX: usize = 100;

/// An alias account as a client wants it. Absent and null are the same here.
#[derive(Clone)]
pub struct CreateAliasAccount {
    /// The holder's id as it was written.
    pub holder_id: String,
    /// The ledger.
    pub ledger_id: LedgerId,
    /// The account of that ledger.
    pub account_id: AccountId,
    /// Banking details.
    pub banking: Option<BankingInput>,
    /// Regulatory fields.
    pub regulatory: Option<RegulatoryFields>,
    /// Attached persons.
    pub parties: Vec<RelatedPartyInput>,
    /// The caller's own entries, not yet judged.
    pub metadata: Map<String, Value>,
    /// Makes a repeat of the call safe.
    pub idempotency_key: Option<String>,
}

/// Banking details: the clear lines and the two sealed ones.
#[derive(Clone, Default)]
pub struct BankingInput {
    /// What stays in clear.
    pub clear: BankingDetails,
    /// Number of the bank account.
    pub account: Option<String>,
    /// IBAN.
    pub iban: Option<String>,
}

/// A person to be attached.
#[derive(Clone)]
pub struct RelatedPartyInput {
    /// Name and document.
    pub personal: RelatedPartyPersonal,
    /// What the person is to the account.
    pub role: RelatedPartyRole,
    /// First day.
    pub start_date: Date,
    /// Last day.
    pub end_date: Option<Date>,
}
redacted!(CreateAliasAccount);
redacted!(BankingInput);
redacted!(RelatedPartyInput);

/// An alias account's input that has passed all rules.
#[derive(Clone, Debug)]
pub struct CheckedAliasAccount {
    /// The holder.
    pub holder_id: HolderId,
    /// The ledger.
    pub ledger_id: LedgerId,
    /// The account of that ledger.
    pub account_id: AccountId,
    /// Banking details.
    pub banking: Option<BankingInput>,
    /// Regulatory fields.
    pub regulatory: Option<RegulatoryFields>,
    /// Attached persons.
    pub parties: Vec<RelatedPartyInput>,
    /// In clear.
    pub metadata: Metadata,
}

impl CreateAliasAccount {
    /// Checks everything that needs no record and no ledger; all faults come together. What the guard let through
    /// in its mode `warn` comes beside the value.
    pub fn checked(self, guard: &Guard) -> Result<(CheckedAliasAccount, Vec<Fault>), Vec<Fault>> {
        let mut faults = Faults::default();
        let at = FieldPath::input();
        check_idempotency_key(&mut faults, &at.field("idempotencyKey"), self.idempotency_key.as_deref());
        let holder_id = HolderId::parse(&self.holder_id).unwrap_or_else(|| {
            let message = "holderId is no UUID: write it as 36 characters with dashes";
            faults.push(FaultCode::InvalidValue, at.field("holderId"), message);
            // Takes the place of an id in a value that the fault keeps from being used.
            HolderId(uuid::Uuid::nil())
        });
        self.check_lines(&mut faults, &at, guard);
        let metadata = Metadata::read(&mut faults, &at.field("metadata"), guard, &self.metadata);
        let Self { ledger_id, account_id, banking, regulatory, parties, .. } = self;
        faults.finish(CheckedAliasAccount {
            holder_id,
            ledger_id,
            account_id,
            banking,
            regulatory,
            parties,
            metadata,
        })
    }

    fn check_lines(&self, faults: &mut Faults, at: &FieldPath, guard: &Guard) {
        if let Some(banking) = &self.banking {
            check_banking(faults, &at.field("bankingDetails"), guard, banking);
        }
        if let Some(document) =
            self.regulatory.as_ref().and_then(|fields| fields.participant_document.as_deref())
        {
            let at = at.field("regulatoryFields").field("participantDocument");
            check_searchable(faults, &at, document, DOCUMENT_MAX);
        }
        check_parties(faults, &at.field("relatedParties"), &self.parties);
    }
}

fn check_banking(faults: &mut Faults, at: &FieldPath, guard: &Guard, banking: &BankingInput) {
    let BankingDetails { branch, kind, opening_date, closing_date, country_code, bank_id } = &banking.clear;
    check_clear(faults, &at.field("branch"), guard, branch.as_deref());
    check_clear(faults, &at.field("bankId"), guard, bank_id.as_deref());
    check_optional(faults, &at.field("type"), kind.as_deref(), TEXT_MAX);
    check_optional(faults, &at.field("countryCode"), country_code.as_deref(), TEXT_MAX);
    check_country(faults, &at.field("countryCode"), country_code.as_deref());
    for (name, text) in [("account", &banking.account), ("iban", &banking.iban)] {
        if let Some(text) = text {
            check_searchable(faults, &at.field(name), text, TEXT_MAX);
        }
    }
    if let (Some(opening), Some(closing)) = (opening_date, closing_date)
        && closing < opening
    {
        let message = "closingDate is before openingDate: give the same day or a later one";
        faults.push(FaultCode::ClosingDateBeforeOpeningDate, at.field("closingDate"), message);
    }
}

fn check_parties(faults: &mut Faults, at: &FieldPath, parties: &[RelatedPartyInput]) {
    if parties.len() > PARTIES_MAX {
        let message = format!("{} related parties are given: at most {PARTIES_MAX} are taken", parties.len());
        faults.push(FaultCode::TooLong, at.clone(), message);
        return;
    }
    for (index, party) in parties.iter().enumerate() {
        let at = at.index(index);
        check(faults, &at.field("name"), &party.personal.name, TEXT_MAX);
        check_searchable(faults, &at.field("document"), &party.personal.document, DOCUMENT_MAX);
        if party.end_date.is_some_and(|end| end < party.start_date) {
            let message = "endDate is before startDate: give the same day or a later one";
            faults.push(FaultCode::RelatedPartyDates, at.field("endDate"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn minimal() -> CreateAliasAccount {
        let uuid = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";
        CreateAliasAccount {
            holder_id: uuid.to_owned(),
            ledger_id: LedgerId::parse(uuid).unwrap(),
            account_id: AccountId::parse(uuid).unwrap(),
            banking: None,
            regulatory: None,
            parties: Vec::new(),
            metadata: Map::new(),
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
        input.banking = Some(BankingInput {
            clear: BankingDetails {
                branch: Some(String::new()),
                bank_id: Some("913.150.260-15".to_owned()),
                country_code: Some("br".to_owned()),
                opening_date: Date::parse("2024-02-02"),
                closing_date: Date::parse("2024-02-01"),
                kind: None,
            },
            account: Some("--".to_owned()),
            iban: Some("\u{202e}".to_owned()),
        });
        input.regulatory = Some(RegulatoryFields { participant_document: Some("9".repeat(65)) });
        input.parties = vec![party("Ana", "1", None), party(" ", ".", Some("2024-01-31"))];
        input.metadata = json!({"a.b": 1}).as_object().unwrap().clone();
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
        input.parties = (0..100).map(|i| party("Ana", &i.to_string(), None)).collect();
        assert_eq!(faults(input.clone()), []);
        input.parties.push(party("Ana", "x", None));
        assert_eq!(faults(input), [(FaultCode::TooLong, "input/relatedParties".to_owned())]);
    }
}
