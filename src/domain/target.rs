//! Which record a mutation is about, and in which version its caller saw it.

use super::fault::{Fault, FaultCode, Faults, FieldPath};
use super::redacted;
use super::text::check_idempotency_key;
use serde::Serialize;

/// How thorough a deletion is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeletionMode {
    /// The record is archived and can be restored.
    #[default]
    Soft,
    /// The record is removed for good.
    Hard,
}

/// The one record to be deleted, restored or verified, as a client names it.
#[derive(Clone)]
pub struct Target {
    /// Its id as it was written.
    pub id: String,
    /// The version that it must have.
    pub expected_version: Option<i32>,
    /// Makes a repeat of the call safe.
    pub idempotency_key: Option<String>,
}
redacted!(Target);

/// A target that has passed all rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CheckedTarget<I> {
    /// Its id.
    pub id: I,
    /// The version that it must have.
    pub expected_version: Option<i32>,
}

impl Target {
    /// Checks everything that needs no record; all faults come together.
    pub fn checked<I>(self, parse: fn(&str) -> Option<I>) -> Result<CheckedTarget<I>, Vec<Fault>> {
        let mut faults = Faults::default();
        let at = FieldPath::input();
        check_idempotency_key(&mut faults, &at.field("idempotencyKey"), self.idempotency_key.as_deref());
        let id = read_id(&mut faults, at.field("id"), &self.id, parse);
        let expected_version = self.expected_version;
        let read = id.map(|id| CheckedTarget { id, expected_version });
        faults.finish_read(read).map(|(target, _)| target)
    }
}

/// Reads an id; one that is no UUID is a fault at its field.
pub(super) fn read_id<I>(
    faults: &mut Faults,
    at: FieldPath,
    text: &str,
    parse: fn(&str) -> Option<I>,
) -> Option<I> {
    let id = parse(text);
    if id.is_none() {
        let message = format!("{} is no UUID: write it as 36 characters with dashes", at.name());
        faults.push(FaultCode::InvalidValue, at, message);
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::HolderId;

    const ID: &str = "0190A3B4-7C2D-7E1F-8A9B-0C1D2E3F4A5B";

    fn target(id: &str, key: Option<&str>) -> Target {
        Target { id: id.to_owned(), expected_version: Some(3), idempotency_key: key.map(str::to_owned) }
    }

    #[test]
    fn an_id_of_any_case_is_read_with_the_version_beside_it() {
        let checked = target(ID, Some("key")).checked(HolderId::parse).unwrap();
        assert_eq!(checked, CheckedTarget { id: HolderId::parse(ID).unwrap(), expected_version: Some(3) });
    }

    #[test]
    fn a_wrong_id_and_a_wrong_key_are_told_together() {
        let faults = target("7", Some("")).checked(HolderId::parse).unwrap_err();
        let told: Vec<_> = faults.iter().map(|f| (f.code, f.field.steps().join("/"))).collect();
        assert_eq!(
            told,
            [
                (FaultCode::InvalidValue, "input/idempotencyKey".to_owned()),
                (FaultCode::InvalidValue, "input/id".to_owned()),
            ]
        );
    }

    #[test]
    fn the_version_is_part_of_what_tells_one_input_from_another_and_the_key_is_not() {
        let written =
            |target: Target| serde_json::to_value(target.checked(HolderId::parse).unwrap()).unwrap();
        let one = written(target(ID, Some("a")));
        assert_eq!(one, written(target(&ID.to_lowercase(), Some("b"))));
        assert_ne!(one, written(Target { expected_version: None, ..target(ID, Some("a")) }));
    }
}
