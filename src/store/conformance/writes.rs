//! What is written of a record that was read.

use super::acts::Record;
use super::records::NOW;
use crate::registry::ports::record::{Change, Deletion, Protected, Purge, Stored};

/// The soft deletion of a record that was read.
pub(crate) fn deletion<C: Record>(read: &Stored<C>) -> Deletion<C::Id> {
    Deletion {
        organization: read.clear.organization(),
        id: read.clear.id(),
        at: NOW.plus(1_000),
        version: read.version + 1,
        revision: read.revision,
        audit: vec![],
    }
}

/// A change of a record that was read, which changes nothing yet but its version and the time of its last change.
pub(crate) fn change<C: Record>(read: &Stored<C>, protected: &Protected) -> Change<C> {
    let mut clear = read.clear.clone();
    let (_, updated_at, deleted_at) = clear.times();
    (*updated_at, *deleted_at) = (updated_at.plus(10), None);
    Change {
        clear,
        protected: protected.clone(),
        version: read.version + 1,
        revision: read.revision,
        audit: vec![],
    }
}

/// The removal of a record that was read.
pub(crate) fn purge<C: Record>(read: &Stored<C>) -> Purge<C::Id> {
    Purge {
        organization: read.clear.organization(),
        id: read.clear.id(),
        revision: read.revision,
        audit: vec![],
    }
}
