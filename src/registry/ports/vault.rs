//! The vault: what is made with keys. Pure computation; which generations take part is the vault's own affair.

use super::operation::{Fingerprint, OperationKey};
use super::record::{AliasAccountRecord, Claim, HolderRecord, KeyId, Protected, Token};
use crate::domain::alias_account::{AliasAccount, AliasAccountPersonal, RelatedPartyRole};
use crate::domain::holder::{Holder, HolderPersonal};
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::domain::normal::Normalised;
use crate::domain::redacted;

/// A record's personal data does not open. The cause and the record's id are logged where it is found; nobody is
/// told more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sealed data of a record does not open")]
pub struct Unreadable;

/// Sealing itself failed (no key, or no randomness to be had): nothing may be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record could not be sealed")]
pub struct SealError;

/// A sealed field that can be searched.
///
/// Holders and alias accounts share the tokens of [`SearchField::Document`]: an alias account has its holder's document
/// and names that holder in clear, so that two keys would hide nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchField {
    /// The document of a holder, and of its alias accounts.
    Document,
    /// The number of the bank account.
    Account,
    /// The IBAN.
    Iban,
    /// The participant's document among the regulatory fields.
    ParticipantDocument,
    /// The document of a related party, whatever its role.
    Party,
    /// The document of a related party in this role.
    PartyAs(RelatedPartyRole),
}

/// What a record alone may hold, and what it is found by: without duplicates, in order.
#[derive(Clone, PartialEq, Eq)]
pub struct Index {
    /// Held while the record is live.
    pub claims: Vec<Claim>,
    /// Of its sealed part only.
    pub tokens: Vec<Token>,
}
redacted!(Index);

/// Seals, opens, and makes claims, tokens and authenticated texts.
pub trait Vault: Send + Sync + 'static {
    /// Seals a holder and makes its claims and tokens.
    fn protect_holder(&self, clear: &Holder, personal: &HolderPersonal) -> Result<Protected, SealError>;

    /// Opens a holder.
    fn open_holder(&self, record: &HolderRecord) -> Result<HolderPersonal, Unreadable>;

    /// Seals an alias account and makes its claims and tokens.
    fn protect_alias_account(
        &self,
        clear: &AliasAccount,
        personal: &AliasAccountPersonal,
    ) -> Result<Protected, SealError>;

    /// Opens an alias account.
    fn open_alias_account(&self, record: &AliasAccountRecord) -> Result<AliasAccountPersonal, Unreadable>;

    /// The claims and tokens of a holder that was made with these generations; `None` where it can have none, or one of
    /// the generations is not known here.
    fn index_of_holder(
        &self,
        clear: &Holder,
        personal: &HolderPersonal,
        generations: &[KeyId],
    ) -> Option<Index>;

    /// The same of an alias account.
    fn index_of_alias_account(
        &self,
        clear: &AliasAccount,
        personal: &AliasAccountPersonal,
        generations: &[KeyId],
    ) -> Option<Index>;

    /// The tokens by which a sealed value is searched, one for each generation in use.
    fn search(&self, organization: OrganizationId, field: SearchField, value: &Normalised) -> Vec<Token>;

    /// The claims by which the live holder of a document is found, one for each generation in use.
    fn document_claims(&self, organization: OrganizationId, document: &Normalised) -> Vec<Claim>;

    /// The claim of a ledger account.
    fn account_claim(&self, ledger: LedgerId, account: AccountId) -> Claim;

    /// The HMACs of an idempotency key and of a mutation's normalised input.
    fn operation(&self, organization: OrganizationId, key: &str, input: &[u8])
    -> (OperationKey, Fingerprint);

    /// Authenticates a cursor's content for one organization and one list (`scope`), as opaque text.
    fn make_cursor(&self, organization: OrganizationId, scope: &str, content: &[u8]) -> String;

    /// The content of a cursor made for that organization and list; `None` for any other text.
    fn read_cursor(&self, organization: OrganizationId, scope: &str, cursor: &str) -> Option<Vec<u8>>;
}
