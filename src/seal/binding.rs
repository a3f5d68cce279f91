//! What a sealed message is bound to: put at another place, it does not open.

use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::{Holder, HolderType};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::record::KeyId;
use crate::telemetry::metrics::UNREADABLE_RECORDS;
use uuid::Uuid;

/// The kind of record that a message belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Collection {
    /// Holders.
    Holders,
    /// Alias accounts.
    AliasAccounts,
}

impl Collection {
    /// The byte that stands for it; never reused.
    fn byte(self) -> u8 {
        match self {
            Self::Holders => 1,
            Self::AliasAccounts => 2,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Holders => "holders",
            Self::AliasAccounts => "alias_accounts",
        }
    }
}

/// A record's place, and those of its clear fields that never change.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    collection: Collection,
    organization: OrganizationId,
    record: Uuid,
    /// Of a fixed width in each collection.
    immutable: Vec<u8>,
}

impl Binding {
    /// A holder: its type never changes.
    pub(crate) fn of_holder(holder: &Holder) -> Self {
        Self {
            collection: Collection::Holders,
            organization: holder.organization,
            record: holder.id.0,
            immutable: vec![type_byte(holder.holder_type)],
        }
    }

    /// An alias account: neither its holder nor its ledger account ever changes.
    pub(crate) fn of_alias_account(alias_account: &AliasAccount) -> Self {
        let mut immutable = vec![type_byte(alias_account.holder_type)];
        immutable.extend_from_slice(alias_account.holder_id.as_bytes());
        immutable.extend_from_slice(alias_account.ledger_id.as_bytes());
        immutable.extend_from_slice(alias_account.account_id.as_bytes());
        Self {
            collection: Collection::AliasAccounts,
            organization: alias_account.organization,
            record: alias_account.id.0,
            immutable,
        }
    }

    /// Organization, collection and record id: what the record's key is derived from.
    pub(crate) fn place(&self) -> Vec<u8> {
        let parts: [&[u8]; 3] =
            [self.organization.as_bytes(), &[self.collection.byte()], self.record.as_bytes()];
        parts.concat()
    }

    /// What is authenticated with the message but not stored in it.
    pub(crate) fn associated_data(&self, format: u8, key: &KeyId) -> Vec<u8> {
        let mut data = vec![format];
        data.extend_from_slice(&self.place());
        // An id is at most 16 characters long.
        data.extend(u8::try_from(key.0.len()));
        data.extend_from_slice(key.0.as_bytes());
        data.extend_from_slice(&self.immutable);
        data
    }

    /// Tells operators that this record does not open, and counts it; `key` is what the message says, if that is a key's
    /// id.
    pub(crate) fn unreadable(&self, key: Option<&str>) {
        metrics::counter!(UNREADABLE_RECORDS, "collection" => self.collection.as_str()).increment(1);
        tracing::error!(
            collection = self.collection.as_str(),
            record = %self.record,
            key_id = key.unwrap_or("none"),
            "sealed data does not open"
        );
    }

    /// Tells operators that this record was not sealed, and why.
    pub(crate) fn refuse(&self, reason: &'static str) {
        tracing::error!(
            collection = self.collection.as_str(),
            record = %self.record,
            reason,
            "the record was not sealed"
        );
    }
}

/// The byte that stands for a holder's type; never reused.
fn type_byte(holder_type: HolderType) -> u8 {
    match holder_type {
        HolderType::NaturalPerson => 1,
        HolderType::LegalPerson => 2,
    }
}
