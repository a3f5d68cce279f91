//! Metadata (rule 12): the caller's own entries on a record, stored in clear and so guarded.

use super::fault::{FaultCode, Faults, FieldPath};
use super::guard::Guard;
use super::patch::Patch;
use super::redacted;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};
use std::collections::BTreeMap;

/// Most entries of one record.
pub const KEYS_MAX: usize = 100;
/// Most characters of a key.
pub const KEY_MAX: usize = 100;
/// Most characters of a text value.
pub const VALUE_MAX: usize = 2_000;
/// Numbers beyond ±(2^53 − 1) are not the same in every client.
const INTEGER_MAX: f64 = 9_007_199_254_740_991.0;

/// One entry's value.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum MetadataValue {
    /// True or false.
    Boolean(bool),
    /// A finite number, kept as it was written.
    Number(Number),
    /// Text of up to 2,000 characters.
    Text(String),
}

/// A record's entries, by key.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metadata(pub BTreeMap<String, MetadataValue>);

/// What a client wants to change of a record's entries: by key the new value, or `None` where the key shall go.
#[derive(Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct MetadataPatch(pub BTreeMap<String, Option<MetadataValue>>);

// No personal data belongs here, yet callers err: neither keys nor values are shown.
redacted!(MetadataValue);
redacted!(Metadata);
redacted!(MetadataPatch);

impl Metadata {
    /// How many bytes its keys and texts have.
    pub fn bytes(&self) -> usize {
        let entry = |(key, value): (&String, &MetadataValue)| match value {
            MetadataValue::Text(text) => key.len() + text.len(),
            MetadataValue::Boolean(_) | MetadataValue::Number(_) => key.len(),
        };
        self.0.iter().map(entry).sum()
    }

    /// Reads the entries of a new record; every fault is told at its key.
    pub fn read(faults: &mut Faults, path: &FieldPath, guard: &Guard, entries: &Map<String, Value>) -> Self {
        if too_many(faults, path, entries.len()) {
            return Self::default();
        }
        Self(entries.iter().filter_map(|(key, value)| read_entry(faults, path, guard, key, value)).collect())
    }

    /// These entries after the patch, key by key. New keys are refused where there would be too many; a record that
    /// has too many already (an imported one) may still be changed otherwise.
    pub fn merged(&self, faults: &mut Faults, path: &FieldPath, patch: &Patch<MetadataPatch>) -> Self {
        let MetadataPatch(changes) = match patch {
            Patch::Keep => return self.clone(),
            Patch::Clear => return Self::default(),
            Patch::Set(changes) => changes,
        };
        let mut entries = self.0.clone();
        for (key, value) in changes {
            match value {
                Some(value) => entries.insert(key.clone(), value.clone()),
                None => entries.remove(key),
            };
        }
        if entries.keys().any(|key| !self.0.contains_key(key)) {
            too_many(faults, path, entries.len());
        }
        Self(entries)
    }
}

impl MetadataPatch {
    /// Reads the changes of an update, where it has any.
    pub fn check(
        faults: &mut Faults,
        path: &FieldPath,
        guard: &Guard,
        patch: &Patch<Map<String, Value>>,
    ) -> Patch<Self> {
        match patch {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(entries) => Patch::Set(Self::read(faults, path, guard, entries)),
        }
    }

    /// Only what is set is judged: a key may go whatever it is called.
    fn read(faults: &mut Faults, path: &FieldPath, guard: &Guard, entries: &Map<String, Value>) -> Self {
        if too_many(faults, path, entries.values().filter(|value| !value.is_null()).count()) {
            return Self::default();
        }
        let read = |(key, value): (&String, &Value)| match value {
            Value::Null => Some((key.clone(), None)),
            value => read_entry(faults, path, guard, key, value).map(|(key, value)| (key, Some(value))),
        };
        Self(entries.iter().filter_map(read).collect())
    }
}

fn too_many(faults: &mut Faults, path: &FieldPath, keys: usize) -> bool {
    let too_many = keys > KEYS_MAX;
    if too_many {
        let message = format!("metadata would have {keys} keys: at most {KEYS_MAX} are taken");
        faults.push(FaultCode::MetadataInvalid, path.clone(), message);
    }
    too_many
}

fn read_entry(
    faults: &mut Faults,
    path: &FieldPath,
    guard: &Guard,
    key: &str,
    value: &Value,
) -> Option<(String, MetadataValue)> {
    let at = path.key(key);
    check_key(faults, &at, key);
    let value = read_value(faults, &at, value)?;
    judge(faults, &at, guard, key, &value);
    Some((key.to_owned(), value))
}

fn check_key(faults: &mut Faults, at: &FieldPath, key: &str) {
    let length = key.chars().count();
    let why = if !(1..=KEY_MAX).contains(&length) {
        format!("a metadata key has 1 to {KEY_MAX} characters, this one has {length}")
    } else if key.starts_with('$') || key.contains('.') || key.chars().any(char::is_control) {
        "a metadata key has no leading $, no dot and no control character".to_owned()
    } else {
        return;
    };
    faults.push(FaultCode::MetadataInvalid, at.clone(), why);
}

fn read_value(faults: &mut Faults, at: &FieldPath, value: &Value) -> Option<MetadataValue> {
    let why = match value {
        Value::Bool(boolean) => return Some(MetadataValue::Boolean(*boolean)),
        Value::Number(number) if is_exact(number) => return Some(MetadataValue::Number(number.clone())),
        Value::String(text) if text.chars().count() <= VALUE_MAX => {
            return Some(MetadataValue::Text(text.clone()));
        }
        Value::Number(_) => {
            "a whole number in metadata lies within ±9007199254740991: write larger ones as text".to_owned()
        }
        Value::String(_) => format!("a text in metadata has at most {VALUE_MAX} characters"),
        Value::Null => {
            "a metadata value is text, a number or a boolean, not null: leave the key out".to_owned()
        }
        Value::Array(_) | Value::Object(_) => {
            "a metadata value is text, a number or a boolean, not an object or a list".to_owned()
        }
    };
    faults.push(FaultCode::MetadataInvalid, at.clone(), why);
    None
}

fn is_exact(number: &Number) -> bool {
    number.as_f64().is_some_and(|n| n.is_finite() && (n.fract() != 0.0 || n.abs() <= INTEGER_MAX))
}

/// A whole number without its point or exponent, however it was written: `91315026015.0` is `91315026015`.
fn by_value(number: &Number) -> String {
    match number.as_f64() {
        Some(value) if value.fract() == 0.0 => format!("{value:.0}"),
        _ => number.to_string(),
    }
}

fn judge(faults: &mut Faults, at: &FieldPath, guard: &Guard, key: &str, value: &MetadataValue) {
    let (before, warned) = (faults.faults.len(), faults.warnings.len());
    guard.judge_key(faults, at, key);
    if (faults.faults.len(), faults.warnings.len()) != (before, warned) {
        return;
    }
    match value {
        MetadataValue::Text(text) => guard.judge_text(faults, at, key, text),
        MetadataValue::Number(number) => guard.judge_number(faults, at, key, &by_value(number)),
        MetadataValue::Boolean(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn faults_of(entries: Value) -> Vec<(FaultCode, String)> {
        let mut faults = Faults::default();
        let path = FieldPath::input().field("metadata");
        Metadata::read(&mut faults, &path, &Guard::default(), entries.as_object().unwrap());
        faults.faults.into_iter().map(|f| (f.code, f.field.steps().join("/"))).collect()
    }

    #[test]
    fn texts_numbers_and_booleans_are_taken_as_written() {
        let entries =
            json!({"a": "x", "b": 1, "c": 1.0, "d": -0.5, "e": true, "f": "", "g": 9007199254740991_i64});
        let mut faults = Faults::default();
        let read =
            Metadata::read(&mut faults, &FieldPath::input(), &Guard::default(), entries.as_object().unwrap());
        assert_eq!(faults, Faults::default());
        assert_eq!(serde_json::to_value(&read).unwrap(), entries);
    }

    #[test]
    fn what_cannot_be_an_entry_is_refused_at_its_key() {
        for value in [json!(null), json!([]), json!({}), json!(9007199254740992_i64), json!("x".repeat(2001))]
        {
            let expected = vec![(FaultCode::MetadataInvalid, "input/metadata/k".to_owned())];
            assert_eq!(faults_of(json!({"k": value})), expected);
        }
        for key in ["", "$a", "a.b", "a\u{1}", &"k".repeat(101)] {
            assert_eq!(faults_of(json!({key: 1})).len(), 1, "{key:?}");
        }
        let many: Map<String, Value> = (0..101).map(|i| (format!("k{i}"), json!(i))).collect();
        assert_eq!(
            faults_of(Value::Object(many)),
            [(FaultCode::MetadataInvalid, "input/metadata".to_owned())]
        );
    }

    #[test]
    fn personal_data_are_refused_with_the_key_in_the_path() {
        assert_eq!(
            faults_of(
                json!({"cpf": "91315026015", "note": "913.150.260-15", "n": 91315026015_i64, "x": 91315026015.0, "y": 9.1315026015e10})
            ),
            [
                (FaultCode::MetadataSensitive, "input/metadata/cpf".to_owned()),
                (FaultCode::MetadataSensitive, "input/metadata/n".to_owned()),
                (FaultCode::MetadataSensitive, "input/metadata/note".to_owned()),
                (FaultCode::MetadataSensitive, "input/metadata/x".to_owned()),
                (FaultCode::MetadataSensitive, "input/metadata/y".to_owned()),
            ]
        );
    }
}
