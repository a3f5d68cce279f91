//! Banking details of an alias account: one object for a client, in the record split between what stays in clear and
//! the two lines that are sealed.

use super::alias_account::BankingDetails;
use super::fault::{FaultCode, Faults, FieldPath};
use super::guard::Guard;
use super::patch::{Merge, Patch};
use super::personal::{check_clear, check_country};
use super::redacted;
use super::text::{TEXT_MAX, check_optional, check_searchable};
use super::time::Date;
use serde::Serialize;

/// What a client wants to change of banking details.
#[derive(Clone, Default, PartialEq, Serialize)]
pub struct BankingPatch {
    /// Branch number, in clear.
    pub branch: Patch<String>,
    /// Number of the bank account, sealed.
    pub account: Patch<String>,
    /// Kind of account, in clear.
    pub kind: Patch<String>,
    /// When the account was opened, in clear.
    pub opening_date: Patch<Date>,
    /// When the account was closed, in clear.
    pub closing_date: Patch<Date>,
    /// IBAN, sealed.
    pub iban: Patch<String>,
    /// ISO 3166-1 alpha-2, in clear.
    pub country_code: Patch<String>,
    /// The bank's number, in clear.
    pub bank_id: Patch<String>,
}
redacted!(BankingPatch);

/// Banking details as a record holds them.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Banking {
    /// What stays in clear; `None` where no banking details were given.
    pub(super) clear: Option<BankingDetails>,
    /// Number of the bank account.
    pub(super) account: Option<String>,
    /// IBAN.
    pub(super) iban: Option<String>,
}
redacted!(Banking);

impl Merge for BankingDetails {
    type Patch = BankingPatch;

    fn merged(old: Option<Self>, patch: BankingPatch) -> Self {
        let old = old.unwrap_or_default();
        Self {
            branch: patch.branch.onto(old.branch),
            kind: patch.kind.onto(old.kind),
            opening_date: patch.opening_date.onto(old.opening_date),
            closing_date: patch.closing_date.onto(old.closing_date),
            country_code: patch.country_code.onto(old.country_code),
            bank_id: patch.bank_id.onto(old.bank_id),
        }
    }
}

impl Banking {
    /// These details after the patch; cleared as a whole, the sealed lines go too. The order of the two days is
    /// judged only where the patch touches one: an imported record may be older than the rule.
    pub(super) fn merged(self, faults: &mut Faults, at: &FieldPath, patch: Patch<BankingPatch>) -> Self {
        let (account, iban, days_touched) = match &patch {
            Patch::Keep => return self,
            Patch::Clear => return Self::default(),
            Patch::Set(lines) => (
                lines.account.clone().onto(self.account),
                lines.iban.clone().onto(self.iban),
                !(lines.opening_date.keeps() && lines.closing_date.keeps()),
            ),
        };
        let clear = patch.onto(self.clear);
        if let Some(details) = clear.as_ref().filter(|_| days_touched) {
            check_days(faults, at, details.opening_date, details.closing_date);
        }
        Self { clear, account, iban }
    }
}

/// Checks what is given of banking details.
pub(super) fn check_banking(faults: &mut Faults, at: &FieldPath, guard: &Guard, patch: &Patch<BankingPatch>) {
    let Some(lines) = patch.given() else { return };
    let BankingPatch { branch, account, kind, opening_date, closing_date, iban, country_code, bank_id } =
        lines;
    check_clear(faults, &at.field("branch"), guard, branch.text());
    check_clear(faults, &at.field("bankId"), guard, bank_id.text());
    check_optional(faults, &at.field("type"), kind.text(), TEXT_MAX);
    check_country(faults, &at.field("countryCode"), country_code.text());
    for (name, text) in [("account", account), ("iban", iban)] {
        if let Some(text) = text.text() {
            check_searchable(faults, &at.field(name), text, TEXT_MAX);
        }
    }
    check_days(faults, at, opening_date.given().copied(), closing_date.given().copied());
}

fn check_days(faults: &mut Faults, at: &FieldPath, opening: Option<Date>, closing: Option<Date>) {
    let at = at.field("closingDate");
    if let (Some(opening), Some(closing)) = (opening, closing)
        && closing < opening
        && !faults.told_at(&at)
    {
        let message = "closingDate is before openingDate: give the same day or a later one";
        faults.push(FaultCode::ClosingDateBeforeOpeningDate, at, message);
    }
}
