//! The vault's one adapter: seals personal data, makes tokens and claims, authenticates cursors and repeats.
//!
//! A generation of keys has two masters. Each goes through HKDF-SHA256 (salt `holdergraph/v1`) once, and every use
//! has a key of its own, told apart by HKDF's info:
//!
//! | master | info | what the key makes |
//! | --- | --- | --- |
//! | encrypt | `seal` ‖ organization ‖ collection ‖ record id | the sealed message of one record (`message.rs`) |
//! | hash | `token` ‖ organization ‖ field | the tokens and claims of one field (`tokens.rs`) |
//! | hash | `cursor` | the authentication of cursors (`cursor.rs`) |
//! | hash | `operation` | HMACs of idempotency keys and inputs (`operation.rs`) |
//! | both | `check` | the value by which a store knows its keys again (`keyring.rs`) |
//!
//! What is written with these keys stays: a change of a derivation or of a format needs a new number in it, and the
//! known answers in the tests say so.

mod binding;
mod buffer;
mod cursor;
mod derive;
mod fault;
mod generate;
mod index;
mod key;
mod key_use;
mod keyring;
mod message;
mod operation;
mod sample;
#[cfg(test)]
mod tests;
mod tokens;

pub use fault::{KeyFault, KeyProblem};
pub(crate) use generate::AUDIT_SETTING;
pub use generate::{FreshKeys, NoRandomness, draw_audit_key, generate};
pub use key::MasterKey;
pub use keyring::Keyring;
pub(crate) use keyring::{ENCRYPT_SETTING, HASH_SETTING};
pub use sample::Sample;

use crate::domain::alias_account::{AliasAccount, AliasAccountPersonal};
use crate::domain::holder::{Holder, HolderPersonal};
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::domain::normal::Normalised;
use crate::domain::redacted;
use crate::registry::ports::operation::{Fingerprint, OperationKey};
use crate::registry::ports::record::{AliasAccountRecord, Claim, HolderRecord, KeyId, Protected, Token};
use crate::registry::ports::store::KeyCheck;
use crate::registry::ports::vault::{Index, SealError, SearchField, Unreadable, Vault};
use binding::Binding;
use key_use::KeyUse;
use keyring::Generation;
use serde::Serialize;
use std::sync::Arc;

/// The keys of this process and how they are used at present.
pub struct Keys {
    keyring: Keyring,
    key_use: KeyUse,
}
redacted!(Keys);

impl Keys {
    /// Puts a keyring to use: its newest generation seals, indexes and is searched.
    pub fn new(keyring: Keyring) -> Self {
        let key_use = KeyUse::steady(keyring.newest());
        Self { keyring, key_use }
    }

    /// What a store compares with the values that it was first written with, one for each generation.
    pub fn checks(&self) -> Vec<KeyCheck> {
        self.keyring.generations().map(|generation| generation.check()).collect()
    }

    /// The generations with these ids, if all of them are here.
    fn known(&self, ids: &[KeyId]) -> Option<Vec<Arc<Generation>>> {
        ids.iter().map(|id| self.keyring.find(&id.0).cloned()).collect()
    }

    /// Puts a record's message, claims and tokens together; all of them are replaced together too.
    fn protect<T: Serialize>(
        &self,
        binding: &Binding,
        index: Result<Index, &'static str>,
        personal: &T,
    ) -> Result<Protected, SealError> {
        let Index { claims, tokens } = index.map_err(|fault| {
            binding.refuse(fault);
            SealError
        })?;
        let sealed = message::seal(self.key_use.sealing(), binding, personal)?;
        Ok(Protected { sealed, claims, tokens, generations: self.key_use.written() })
    }
}

impl Vault for Keys {
    fn protect_holder(&self, clear: &Holder, personal: &HolderPersonal) -> Result<Protected, SealError> {
        let index = index::of_holder(self.key_use.indexing(), clear, personal);
        self.protect(&Binding::of_holder(clear), index, personal)
    }

    fn open_holder(&self, record: &HolderRecord) -> Result<HolderPersonal, Unreadable> {
        message::open(&self.keyring, &Binding::of_holder(&record.clear), record.sealed.as_ref())
    }

    fn protect_alias_account(
        &self,
        clear: &AliasAccount,
        personal: &AliasAccountPersonal,
    ) -> Result<Protected, SealError> {
        let index = index::of_alias_account(self.key_use.indexing(), clear, personal);
        self.protect(&Binding::of_alias_account(clear), index, personal)
    }

    fn open_alias_account(&self, record: &AliasAccountRecord) -> Result<AliasAccountPersonal, Unreadable> {
        message::open(&self.keyring, &Binding::of_alias_account(&record.clear), record.sealed.as_ref())
    }

    fn index_of_holder(
        &self,
        clear: &Holder,
        personal: &HolderPersonal,
        generations: &[KeyId],
    ) -> Option<Index> {
        index::of_holder(&self.known(generations)?, clear, personal).ok()
    }

    fn index_of_alias_account(
        &self,
        clear: &AliasAccount,
        personal: &AliasAccountPersonal,
        generations: &[KeyId],
    ) -> Option<Index> {
        index::of_alias_account(&self.known(generations)?, clear, personal).ok()
    }

    fn search(&self, organization: OrganizationId, field: SearchField, value: &Normalised) -> Vec<Token> {
        index::search(self.key_use.searched(), organization, field, value)
    }

    fn document_claims(&self, organization: OrganizationId, document: &Normalised) -> Vec<Claim> {
        index::document_claims(self.key_use.searched(), organization, document)
    }

    fn account_claim(&self, ledger: LedgerId, account: AccountId) -> Claim {
        index::account_claim(ledger, account)
    }

    fn operation(
        &self,
        organization: OrganizationId,
        key: &str,
        input: &[u8],
    ) -> (OperationKey, Fingerprint) {
        operation::hmacs(self.key_use.sealing(), organization, key, input)
    }

    fn make_cursor(&self, organization: OrganizationId, scope: &str, content: &[u8]) -> String {
        cursor::make(self.key_use.sealing(), organization, scope, content)
    }

    fn read_cursor(&self, organization: OrganizationId, scope: &str, cursor: &str) -> Option<Vec<u8>> {
        cursor::read(&self.keyring, organization, scope, cursor)
    }
}
