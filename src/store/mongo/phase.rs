//! The states of a record's document.

use crate::registry::ports::list::State;

/// Where a record stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// There for everybody.
    Live,
    /// Soft-deleted.
    Deleted,
    /// Inserted with its claims, and not there for readers: its own next write makes it live.
    Held,
    /// An alias account inserted together with its holder: it is there as soon as the holder is.
    Joining,
    /// Removed for good: the document only keeps what the audit trail shall say, and its id from being used again.
    Purged,
}

impl Phase {
    /// The name in the database.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Deleted => "deleted",
            Self::Held => "held",
            Self::Joining => "joining",
            Self::Purged => "purged",
        }
    }

    /// Reads the name.
    pub(super) fn parse(name: &str) -> Option<Self> {
        [Self::Live, Self::Deleted, Self::Held, Self::Joining, Self::Purged]
            .into_iter()
            .find(|phase| phase.name() == name)
    }

    /// In which phases a record may be that is in this state for readers; of those that are joining, the holder tells.
    pub(super) fn of(state: State) -> &'static [Self] {
        match state {
            State::Live => &[Self::Live, Self::Joining],
            State::Deleted => &[Self::Deleted],
            State::Any => &[Self::Live, Self::Joining, Self::Deleted],
        }
    }

    /// Their names.
    pub(super) fn names(phases: &[Self]) -> Vec<&'static str> {
        phases.iter().map(|phase| phase.name()).collect()
    }
}
