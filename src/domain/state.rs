//! Live or soft-deleted (rule 4).

use serde::Serialize;

/// Which records a reader sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum State {
    /// Live ones.
    #[default]
    Live,
    /// Soft-deleted ones.
    Deleted,
    /// Both.
    Any,
}
