//! Looking after a whole store: what `holdergraph check` walks over.

use super::record::{Claim, KeyId, Stored, Token};
use super::store::{KeyCheck, StoreError};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A record with all that was written with it. Its sealed part is always there.
#[derive(Clone, Debug)]
pub struct Kept<C> {
    /// The record itself.
    pub record: Stored<C>,
    /// The claims that it holds.
    pub claims: Vec<Claim>,
    /// What it is found by.
    pub tokens: Vec<Token>,
    /// The generations that it says it was made with.
    pub generations: Vec<KeyId>,
}

/// An alias account with all that was written with it, and what its holder was at that moment.
#[derive(Clone, Debug)]
pub struct KeptAliasAccount {
    /// The alias account.
    pub kept: Kept<AliasAccount>,
    /// Its holder; `None` where there is none.
    pub holder: Option<Holder>,
}

/// A record's place in a walk over all organizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The tenant.
    pub organization: OrganizationId,
    /// The record's id.
    pub id: Uuid,
}

/// What a store found of itself that belongs to no record, or does not say what its record says. Holds no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The tenant, where it is known.
    pub organization: Option<OrganizationId>,
    /// The record that it belongs to or pretends to, where it is known.
    pub record: Option<Uuid>,
    /// What is wrong.
    pub what: String,
}

/// A whole store, record by record, over all organizations. Each call answers from one moment's state.
#[async_trait]
pub trait Inspection: Send + Sync {
    /// How many holders and alias accounts there are about now, for a progress bar.
    async fn totals(&self) -> Result<(u64, u64), StoreError>;

    /// The check values of the key generations that it was written with; none where no server has opened it yet.
    async fn key_checks(&self) -> Result<Vec<KeyCheck>, StoreError>;

    /// At most so many holders that follow a place, in the order of places.
    async fn holders_after(&self, place: Option<Place>, size: usize)
    -> Result<Vec<Kept<Holder>>, StoreError>;

    /// At most so many alias accounts that follow a place, in the order of places.
    async fn alias_accounts_after(
        &self,
        place: Option<Place>,
        size: usize,
    ) -> Result<Vec<KeptAliasAccount>, StoreError>;

    /// What is wrong with the store's own tables and indexes, at most so many.
    async fn strays(&self, most: usize) -> Result<Vec<Stray>, StoreError>;
}
