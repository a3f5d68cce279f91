//! The order of lists, and the states of records.

use crate::domain::state::State;
use crate::registry::lists::Order;
use crate::registry::ports::list::{Direction, Sort};
use async_graphql::Enum;

/// Live records, soft-deleted ones, or both.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
#[graphql(name = "RecordState", remote = "State")]
pub(super) enum RecordState {
    /// Not deleted.
    #[default]
    Live,
    /// Soft-deleted, and not purged.
    Deleted,
    /// Whether deleted or not.
    Any,
}

/// Which way a list goes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "Direction")]
pub(super) enum SortDirection {
    /// The oldest first.
    #[default]
    #[graphql(name = "ASC")]
    Ascending,
    /// The newest first.
    #[graphql(name = "DESC")]
    Descending,
}

/// What a list of holders is sorted by; equal times are sorted by id.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "Sort")]
pub(super) enum HolderSort {
    /// The time of creation: a walk through all pages meets every record that is there all the time exactly once.
    #[default]
    CreatedAt,
    /// The time of the last change: a record that changes during a walk may be met twice or not at all.
    UpdatedAt,
}

/// What a list of alias accounts is sorted by; equal times are sorted by id.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "Sort")]
pub(super) enum AliasAccountSort {
    /// The time of creation: a walk through all pages meets every record that is there all the time exactly once.
    #[default]
    CreatedAt,
    /// The time of the last change: a record that changes during a walk may be met twice or not at all.
    UpdatedAt,
}

/// The order of a list.
pub(super) fn order(sort: impl Into<Sort>, direction: SortDirection) -> Order {
    Order { sort: sort.into(), direction: direction.into() }
}
