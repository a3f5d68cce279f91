//! The scalars of the contract.

use super::errors::answered;
use crate::domain::metadata::Metadata;
use crate::domain::time::{Date, Timestamp};
use async_graphql::{Context, InputValueError, InputValueResult, Result, Scalar, ScalarType, Value};
use serde_json::Map;
use uuid::Uuid;

/// RFC 9562 UUID of 36 characters with dashes; any case is taken, lower case is answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct UuidScalar(pub(super) Uuid);

/// RFC 9562 UUID of 36 characters with dashes: any case is taken, lower case is answered. A value that does not fit is refused before anything runs.
#[Scalar(name = "UUID", specified_by_url = "https://www.rfc-editor.org/rfc/rfc9562")]
impl ScalarType for UuidScalar {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(&value)
            .and_then(crate::domain::ids::parse_uuid)
            .map(Self)
            .ok_or_else(|| InputValueError::custom("a UUID is 36 characters with dashes"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.as_hyphenated().to_string())
    }
}

/// An instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct DateTimeScalar(pub(super) Timestamp);

/// RFC 3339 instant, answered in UTC with milliseconds, for example `2026-11-23T19:13:05.042Z`. As an input any offset is taken; none, or finer than milliseconds, is not.
#[Scalar(name = "DateTime", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTimeScalar {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(&value)
            .and_then(Timestamp::parse)
            .map(Self)
            .ok_or_else(|| InputValueError::custom("a DateTime is written as 2026-11-23T19:13:05.042Z"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A calendar day.
#[derive(Clone, Copy, Debug)]
pub(super) struct DateScalar(pub(super) Date);

/// RFC 3339 full-date, `YYYY-MM-DD`. A day that does not exist does not fit.
#[Scalar(name = "Date", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateScalar {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(&value)
            .and_then(Date::parse)
            .map(Self)
            .ok_or_else(|| InputValueError::custom("a Date is a day that exists, written as 2026-11-23"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl From<Date> for DateScalar {
    fn from(date: Date) -> Self {
        Self(date)
    }
}

impl From<DateScalar> for Date {
    fn from(date: DateScalar) -> Self {
        date.0
    }
}

/// A record's own entries.
#[derive(Clone)]
pub(super) struct MetadataScalar(pub(super) Map<String, serde_json::Value>);
crate::domain::redacted!(MetadataScalar);

/// JSON object of text, number and boolean values (at most 100 keys of 1 to 100 characters; texts of at most 2,000). It is stored in clear, so it must never hold personal data: what looks like it is refused with METADATA_SENSITIVE, what can be no entry with METADATA_INVALID.
#[Scalar(name = "Metadata")]
impl ScalarType for MetadataScalar {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value.into_json() {
            Ok(serde_json::Value::Object(entries)) => Ok(Self(entries)),
            _ => Err(InputValueError::custom("Metadata is a JSON object")),
        }
    }

    fn to_value(&self) -> Value {
        // A JSON object always has a GraphQL value.
        Value::from_json(serde_json::Value::Object(self.0.clone())).unwrap_or_default()
    }
}

/// What an entry takes in an answer beside its key and its text, in bytes.
const ENTRY: usize = 64;

impl MetadataScalar {
    /// A record's entries for this answer. A request is answered so many bytes of them and no more.
    pub(super) fn answered(ctx: &Context<'_>, metadata: &Metadata) -> Result<Self> {
        let bytes = metadata.bytes() + metadata.0.len() * ENTRY;
        answered(ctx, bytes)?;
        match serde_json::to_value(metadata) {
            Ok(serde_json::Value::Object(entries)) => Ok(Self(entries)),
            // Metadata is a map with text keys, so it always becomes an object.
            _ => Ok(Self(Map::new())),
        }
    }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}
