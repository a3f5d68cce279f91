//! `/_sandbox/grants`: what a trial grants or takes away, whatever a subject's role says.

use super::super::drive::{Members, body};
use super::super::refusal::Refusal;
use super::{Shared, worded};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many may be in force at once.
const MOST: usize = 10_000;

/// A subject as it is asked about, a resource and an action.
type Asked = (String, String, String);

/// Who may do what, or may not, in all products. In memory only: the next start finds the roles as they were.
#[derive(Default)]
pub(super) struct Overrides(Mutex<BTreeMap<Asked, bool>>);

impl Overrides {
    /// What a trial said of that, if it did.
    pub(super) fn of(&self, sub: &str, resource: &str, action: &str) -> Option<bool> {
        let asked = (sub.to_owned(), resource.to_owned(), action.to_owned());
        self.all().get(&asked).copied()
    }

    /// Adds these to the others, or changes those that are there; `false`, and nothing, where they are too many.
    fn add(&self, new: Vec<(Asked, bool)>) -> bool {
        let mut all = self.all();
        let mut added = all.clone();
        added.extend(new);
        let fit = added.len() <= MOST;
        if fit {
            *all = added;
        }
        fit
    }

    fn told(&self) -> Value {
        let told = |((sub, resource, action), authorized): (&Asked, &bool)| json!({ "sub": sub, "resource": resource, "action": action, "authorized": authorized });
        json!({ "grants": self.all().iter().map(told).collect::<Vec<_>>() })
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<Asked, bool>> {
        // Only ever replaced whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is in force.
pub(super) async fn show(State(this): Shared) -> Json<Value> {
    Json(this.overrides.told())
}

/// Adds or changes one, or all of a list. A body with anything wrong changes nothing.
pub(super) async fn put(
    State(this): Shared,
    sent: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, Refusal> {
    let sent = body(sent, worded)?;
    let wrong = |wrong: String| worded(StatusCode::BAD_REQUEST, wrong);
    if !this.overrides.add(read(&sent).map_err(wrong)?) {
        return Err(wrong(format!(
            "there may be at most {MOST} grants: DELETE /_sandbox/grants forgets them"
        )));
    }
    Ok(Json(this.overrides.told()))
}

/// Forgets all: the roles decide again.
pub(super) async fn forget(State(this): Shared) -> Json<Value> {
    this.overrides.all().clear();
    Json(this.overrides.told())
}

/// Reads one grant or a list; what is wrong is told all at once.
fn read(body: &[u8]) -> Result<Vec<(Asked, bool)>, String> {
    let body: Value = serde_json::from_slice(body)
        .map_err(|_| "the body must be a JSON object, or a list of them".to_owned())?;
    let mut faults = Vec::new();
    let read: Vec<_> = match body {
        Value::Array(list) => (0..)
            .zip(list)
            .filter_map(|(index, grant): (usize, _)| one(format!("[{index}]"), grant, &mut faults))
            .collect(),
        grant => one(String::new(), grant, &mut faults).into_iter().collect(),
    };
    if faults.is_empty() { Ok(read) } else { Err(faults.join("; ")) }
}

fn one(place: String, grant: Value, faults: &mut Vec<String>) -> Option<(Asked, bool)> {
    const KNOWN: [&str; 4] = ["sub", "resource", "action", "authorized"];
    let mut members = Members::of(place, grant, faults)?;
    members.require(&KNOWN);
    let (sub, resource) = (members.text("sub"), members.text("resource"));
    let (action, authorized) = (members.text("action"), members.boolean("authorized"));
    members.end(&KNOWN);
    Some(((sub?, resource?, action?), authorized?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_told_with_its_place() {
        let wrong = json!([
            {"sub": "", "resource": 7, "authorized": "yes"},
            {"sub": "lerian/1", "resource": "holders", "action": "get", "authorized": true, "product": "midaz"},
            [],
        ]);
        let told = read(wrong.to_string().as_bytes()).unwrap_err();
        for part in [
            "[0].action is missing",
            "[0].sub must be a string",
            "[0].resource must be a string",
            "[0].authorized must be true or false",
            "[1].product is unknown; there are sub, resource, action, authorized",
            "[2] must be a JSON object",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert_eq!(told.matches("; ").count(), 6, "{told}");
        for none in ["", "{", "7", "\"x\""] {
            assert!(read(none.as_bytes()).unwrap_err().contains("JSON object"), "{none}");
        }
        assert!(read(b"{}").unwrap_err().starts_with("sub is missing; "));
    }
}
