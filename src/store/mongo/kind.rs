//! What holders and alias accounts have in common: two collections of records.

use super::values::{Fields, Wrong};
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::record::Token;
use crate::registry::ports::store::{Commit, Refused};
use mongodb::bson::Document;
use std::collections::BTreeSet;
use uuid::Uuid;

/// When a record was created, last changed, and deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) deleted_at: Option<Timestamp>,
}

/// A collection of records, known by their clear part.
pub(super) trait Kind: Clone + Send + Sync + Sized + 'static {
    /// The collection's name.
    const COLLECTION: &'static str;

    /// The tenant.
    fn organization(&self) -> OrganizationId;

    /// The record's id.
    fn uuid(&self) -> Uuid;

    /// Its times.
    fn times(&self) -> Times;

    /// What it is found by without keys.
    fn terms(&self) -> BTreeSet<Token>;

    /// What is told where its claims are taken, and it is alone in its call.
    fn taken() -> Refused;

    /// Its clear part, without ids of its own and times.
    fn encode(&self) -> Result<Document, Wrong>;

    /// Reads the clear part.
    fn decode(organization: OrganizationId, id: Uuid, times: Times, clear: Fields<'_>)
    -> Result<Self, Wrong>;

    /// The refusal as the end of a write.
    fn refused() -> Commit {
        Commit::Refused(Self::taken())
    }
}
