//! Objects of JSON that leave out what is not there.

use super::dice::Dice;
use serde_json::Value;

/// An object of the fields that have a value.
pub(super) fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let given = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(given.collect())
}

/// A text, always there.
pub(super) fn text(text: impl Into<String>) -> Option<Value> {
    Some(Value::String(text.into()))
}

/// Made, and there, so many times out of a hundred.
pub(super) fn sometimes<T: Into<Value>>(
    dice: &mut Dice,
    percent: u64,
    make: impl FnOnce(&mut Dice) -> T,
) -> Option<Value> {
    dice.chance(percent).then(|| make(dice).into())
}
