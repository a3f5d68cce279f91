//! Operations' names as labels of metrics. A name is a client's own, so without a bound each new one would be a series
//! for as long as the process lives.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// Most names that are told apart.
const NAMES_MAX: usize = 200;
/// The label of every further name.
const OTHER: &str = "other";
/// The label of a request whose operation has no name, or never ran.
const NONE: &str = "none";

static NAMES: LazyLock<OperationNames> = LazyLock::new(OperationNames::default);

/// The label of an operation's name, for this process's metrics.
pub fn label(name: Option<&str>) -> Arc<str> {
    NAMES.label(name)
}

/// The names that have a label of their own: those that came first.
struct OperationNames {
    known: RwLock<HashSet<Arc<str>>>,
    other: Arc<str>,
    none: Arc<str>,
}

impl Default for OperationNames {
    fn default() -> Self {
        Self { known: RwLock::default(), other: OTHER.into(), none: NONE.into() }
    }
}

impl OperationNames {
    fn label(&self, name: Option<&str>) -> Arc<str> {
        let Some(name) = name else { return self.none.clone() };
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return known.clone();
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= NAMES_MAX {
            // Another request may have brought it in meanwhile.
            return known.get(name).unwrap_or(&self.other).clone();
        }
        let label: Arc<str> = name.into();
        known.insert(label.clone());
        label
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_flood_of_names_the_first_200_have_labels_of_their_own_and_the_rest_share_one() {
        let names = OperationNames::default();
        let labels: HashSet<Arc<str>> = (0..1_000).map(|n| names.label(Some(&format!("Op{n}")))).collect();
        assert_eq!(labels.len(), 201);
        assert_eq!(&*names.label(Some("Op199")), "Op199");
        assert_eq!(&*names.label(Some("Op200")), "other");
        assert_eq!(&*names.label(Some("Op0")), "Op0", "a flood takes no label away");
    }

    #[test]
    fn an_operation_without_a_name_takes_no_place() {
        let names = OperationNames::default();
        assert_eq!(&*names.label(None), "none");
        assert!(names.known.read().unwrap().is_empty());
    }
}
