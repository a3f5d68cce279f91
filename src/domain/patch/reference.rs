//! RFC 7396 over JSON as its section 2 writes it down, to compare our merging with; and our patches as JSON that it
//! can read.

use super::Patch;
use serde::Serialize;
use serde_json::{Map, Value};

/// `MergePatch(Target, Patch)` of RFC 7396.
pub(crate) fn merge_patch(target: Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else { return patch.clone() };
    let mut target = match target {
        Value::Object(target) => target,
        _ => Map::new(),
    };
    for (name, value) in patch {
        match value {
            Value::Null => {
                target.remove(name);
            }
            value => {
                let old = target.remove(name).unwrap_or(Value::Null);
                target.insert(name.clone(), merge_patch(old, value));
            }
        }
    }
    Value::Object(target)
}

/// An object with one member for each of these patches that does not keep what is there.
pub(crate) fn members(patches: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let given = patches.into_iter().filter(|(_, value)| value != "Keep");
    Value::Object(given.map(|(name, value)| (name.to_owned(), plain(value))).collect())
}

/// A patch as it is written where two inputs are compared.
pub(crate) fn written<T: Serialize>(patch: &Patch<T>) -> Value {
    serde_json::to_value(patch).unwrap()
}

/// The same without our three words for absent, null and given.
fn plain(value: Value) -> Value {
    match value {
        Value::String(word) if word == "Clear" => Value::Null,
        Value::Object(mut set) => match set.remove("Set").unwrap() {
            Value::Object(lines) => {
                let given = lines.into_iter().filter(|(_, value)| value != "Keep");
                Value::Object(given.map(|(name, value)| (name, plain(value))).collect())
            }
            value => value,
        },
        other => panic!("no patch is written as {other}"),
    }
}
