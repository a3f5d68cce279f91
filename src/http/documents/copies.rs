//! What is copied each time that a field is executed: the executor gives every record its own arguments.

use super::work::Amount;
use apollo_compiler::ast::Value;

/// About so many bytes does a value take beside its text.
const VALUE_BYTES: usize = 64;

/// What an argument, or a default value, takes: variables are told apart, for their length is known only with a request.
pub(super) fn of(value: &Value) -> Amount {
    let own = match value {
        Value::Variable(_) => return Amount { uses: 1, ..Amount::default() },
        Value::Null | Value::Boolean(_) | Value::List(_) => 0,
        Value::Enum(name) => name.len(),
        Value::String(text) => text.len(),
        Value::Int(number) => number.as_str().len(),
        Value::Float(number) => number.as_str().len(),
        Value::Object(fields) => fields.iter().map(|(name, _)| name.len()).sum(),
    };
    let written = u64::try_from(own.saturating_add(VALUE_BYTES)).unwrap_or(u64::MAX);
    let itself = Amount { written, ..Amount::default() };
    match value {
        Value::List(values) => values.iter().map(|value| of(value)).fold(itself, Amount::and),
        Value::Object(fields) => fields.iter().map(|(_, value)| of(value)).fold(itself, Amount::and),
        _ => itself,
    }
}
