//! The input that links a ledger account to a holder, and what it must be like.

use super::alias_account::{BankingDetails, RegulatoryFields, RegulatoryPatch};
use super::banking::{Banking, BankingPatch, check_banking};
use super::fault::{Fault, FaultCode, Faults, FieldPath};
use super::guard::Guard;
use super::ids::{AccountId, HolderId, LedgerId};
use super::metadata::Metadata;
use super::patch::Patch;
use super::redacted;
use super::related_party::{PARTIES_MAX, RelatedPartyInput};
use super::target::read_id;
use super::text::{DOCUMENT_MAX, check_idempotency_key, check_searchable};
use serde::Serialize;
use serde_json::{Map, Value};

/// An alias account as a client wants it, whoever its holder is. Absent and null are the same here.
#[derive(Clone)]
pub struct AliasAccountInput {
    /// The ledger.
    pub ledger_id: LedgerId,
    /// The account of that ledger.
    pub account_id: AccountId,
    /// Banking details.
    pub banking: Patch<BankingPatch>,
    /// Regulatory fields.
    pub regulatory: Patch<RegulatoryPatch>,
    /// Attached persons.
    pub parties: Vec<RelatedPartyInput>,
    /// The caller's own entries, not yet judged.
    pub metadata: Map<String, Value>,
}

/// An alias account for one holder.
#[derive(Clone)]
pub struct CreateAliasAccount {
    /// The holder's id as it was written.
    pub holder_id: String,
    /// The alias account.
    pub alias_account: AliasAccountInput,
    /// Makes a repeat of the call safe.
    pub idempotency_key: Option<String>,
}
redacted!(AliasAccountInput);
redacted!(CreateAliasAccount);

/// An alias account's input that has passed all rules.
#[derive(Clone, Serialize)]
pub struct CheckedAliasAccount {
    /// The ledger.
    pub ledger_id: LedgerId,
    /// The account of that ledger.
    pub account_id: AccountId,
    /// Banking details in clear.
    pub banking: Option<BankingDetails>,
    /// Number of the bank account, to be sealed.
    pub account: Option<String>,
    /// IBAN, to be sealed.
    pub iban: Option<String>,
    /// Regulatory fields, to be sealed.
    pub regulatory: Option<RegulatoryFields>,
    /// Attached persons.
    pub parties: Vec<RelatedPartyInput>,
    /// In clear.
    pub metadata: Metadata,
}

/// An alias account that has passed all rules, and the holder that it is for.
#[derive(Clone, Serialize)]
pub struct CheckedLink {
    /// The holder.
    pub holder_id: HolderId,
    /// The alias account.
    pub alias_account: CheckedAliasAccount,
}
redacted!(CheckedAliasAccount);
redacted!(CheckedLink);

impl CreateAliasAccount {
    /// Checks everything that needs no record and no ledger; all faults come together. What the guard let through
    /// in its mode `warn` comes beside the value.
    pub fn checked(self, guard: &Guard) -> Result<(CheckedLink, Vec<Fault>), Vec<Fault>> {
        let mut faults = Faults::default();
        let at = FieldPath::input();
        check_idempotency_key(&mut faults, &at.field("idempotencyKey"), self.idempotency_key.as_deref());
        let holder = read_id(&mut faults, at.field("holderId"), &self.holder_id, HolderId::parse);
        let alias_account = self.alias_account.check_at(&mut faults, &at, guard);
        faults.finish_read(holder.map(|holder_id| CheckedLink { holder_id, alias_account }))
    }
}

impl AliasAccountInput {
    /// Checks it at its place in a larger input.
    pub(super) fn check_at(self, faults: &mut Faults, at: &FieldPath, guard: &Guard) -> CheckedAliasAccount {
        let banking_at = at.field("bankingDetails");
        check_banking(faults, &banking_at, guard, &self.banking);
        check_regulatory(faults, &at.field("regulatoryFields"), &self.regulatory);
        check_parties(faults, &at.field("relatedParties"), &self.parties);
        let metadata = Metadata::read(faults, &at.field("metadata"), guard, &self.metadata);
        let banking = Banking::default().merged(faults, &banking_at, self.banking);
        CheckedAliasAccount {
            ledger_id: self.ledger_id,
            account_id: self.account_id,
            banking: banking.clear,
            account: banking.account,
            iban: banking.iban,
            regulatory: self.regulatory.onto(None),
            parties: self.parties,
            metadata,
        }
    }
}

/// Checks what is given of regulatory fields.
pub(super) fn check_regulatory(faults: &mut Faults, at: &FieldPath, patch: &Patch<RegulatoryPatch>) {
    let Some(RegulatoryPatch { participant_document }) = patch.given() else { return };
    if let Some(document) = participant_document.text() {
        check_searchable(faults, &at.field("participantDocument"), document, DOCUMENT_MAX);
    }
}

fn check_parties(faults: &mut Faults, at: &FieldPath, parties: &[RelatedPartyInput]) {
    if parties.len() > PARTIES_MAX {
        let message = format!("{} related parties are given: at most {PARTIES_MAX} are taken", parties.len());
        faults.push(FaultCode::TooLong, at.clone(), message);
        return;
    }
    for (index, party) in parties.iter().enumerate() {
        party.check(faults, &at.index(index));
    }
}

#[cfg(test)]
mod tests;
