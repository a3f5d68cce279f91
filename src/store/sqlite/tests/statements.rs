//! Every statement that the adapter has prepared in this process.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

static PREPARED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Remembers a statement.
pub(in super::super) fn note(statement: &str) {
    let mut prepared = PREPARED.lock().unwrap_or_else(PoisonError::into_inner);
    if !prepared.contains(statement) {
        prepared.insert(statement.to_owned());
    }
}
