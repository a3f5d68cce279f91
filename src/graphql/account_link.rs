//! The type AccountLink.

use super::scalars::DateTimeScalar;
use crate::domain::alias_account::{AccountLink as DomainLink, LinkStatus as DomainStatus};
use async_graphql::{Enum, SimpleObject};

/// What the last check of an alias account against the ledger found.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "LinkStatus", remote = "DomainStatus")]
pub(super) enum LinkStatus {
    /// The ledger confirmed the account.
    Verified,
    /// The ledger or the account is not there, or deleted.
    NotFound,
    /// The account is blocked.
    Blocked,
    /// The account is external, or the ledger names another holder.
    Mismatch,
    /// The ledger was never asked.
    Unverified,
}

/// The state of the link from an alias account to its ledger account.
#[derive(SimpleObject)]
pub(super) struct AccountLink {
    /// What the last check found.
    status: LinkStatus,
    /// When the ledger was last asked.
    checked_at: Option<DateTimeScalar>,
    /// What a person should know of it, for example that the ledger names a holder unknown here.
    detail: Option<String>,
}

impl From<&DomainLink> for AccountLink {
    fn from(link: &DomainLink) -> Self {
        let DomainLink { status, checked_at, detail } = link.clone();
        Self { status: status.into(), checked_at: checked_at.map(DateTimeScalar), detail }
    }
}
