//! The input that updates an alias account: what it must be like, and how it is merged with what is stored.

use super::alias_account::{AliasAccount, AliasAccountPersonal, RegulatoryPatch};
use super::banking::{Banking, BankingPatch, check_banking};
use super::create_alias_account::check_regulatory;
use super::fault::{Fault, Faults, FieldPath};
use super::guard::Guard;
use super::ids::AliasAccountId;
use super::metadata::MetadataPatch;
use super::patch::Patch;
use super::redacted;
use super::target::read_id;
use super::text::check_idempotency_key;
use serde::Serialize;
use serde_json::{Map, Value};

/// What a client wants to change of an alias account; its holder and its ledger account never change.
#[derive(Clone)]
pub struct UpdateAliasAccount {
    /// Its id as it was written.
    pub id: String,
    /// The version that it must have.
    pub expected_version: Option<i32>,
    /// Banking details.
    pub banking: Patch<BankingPatch>,
    /// Regulatory fields.
    pub regulatory: Patch<RegulatoryPatch>,
    /// The caller's own entries by key, not yet judged; a null removes its key.
    pub metadata: Patch<Map<String, Value>>,
    /// Makes a repeat of the call safe.
    pub idempotency_key: Option<String>,
}
redacted!(UpdateAliasAccount);

/// An update that has passed all rules that need no record.
#[derive(Clone, Serialize)]
pub struct CheckedAliasAccountUpdate {
    /// The alias account.
    pub id: AliasAccountId,
    /// The version that it must have.
    pub expected_version: Option<i32>,
    banking: Patch<BankingPatch>,
    regulatory: Patch<RegulatoryPatch>,
    metadata: Patch<MetadataPatch>,
}
redacted!(CheckedAliasAccountUpdate);

impl UpdateAliasAccount {
    /// Checks everything that needs no record; all faults come together. What the guard let through in its mode
    /// `warn` comes beside the value.
    pub fn checked(self, guard: &Guard) -> Result<(CheckedAliasAccountUpdate, Vec<Fault>), Vec<Fault>> {
        let mut faults = Faults::default();
        let at = FieldPath::input();
        check_idempotency_key(&mut faults, &at.field("idempotencyKey"), self.idempotency_key.as_deref());
        let id = read_id(&mut faults, at.field("id"), &self.id, AliasAccountId::parse);
        check_banking(&mut faults, &at.field("bankingDetails"), guard, &self.banking);
        check_regulatory(&mut faults, &at.field("regulatoryFields"), &self.regulatory);
        let metadata = MetadataPatch::check(&mut faults, &at.field("metadata"), guard, &self.metadata);
        let Self { expected_version, banking, regulatory, .. } = self;
        let read =
            id.map(|id| CheckedAliasAccountUpdate { id, expected_version, banking, regulatory, metadata });
        faults.finish_read(read)
    }
}

impl CheckedAliasAccountUpdate {
    /// The alias account after the update, or what only the record could show. Times and version are the caller's
    /// affair; where nothing is changed, what comes back is equal to what was given.
    pub fn merged(
        &self,
        clear: &AliasAccount,
        personal: &AliasAccountPersonal,
    ) -> Result<(AliasAccount, AliasAccountPersonal), Vec<Fault>> {
        let mut faults = Faults::default();
        let at = FieldPath::input();
        let (mut clear, mut personal) = (clear.clone(), personal.clone());
        let old = Banking { clear: clear.banking, account: personal.account, iban: personal.iban };
        let new = old.merged(&mut faults, &at.field("bankingDetails"), self.banking.clone());
        (clear.banking, personal.account, personal.iban) = (new.clear, new.account, new.iban);
        personal.regulatory = self.regulatory.clone().onto(personal.regulatory);
        clear.metadata = clear.metadata.merged(&mut faults, &at.field("metadata"), &self.metadata);
        faults.finish((clear, personal)).map(|(merged, _)| merged)
    }
}

#[cfg(test)]
mod tests;
