//! JSON in which no member is there twice. Of two, some readers take the first and some the last: whoever looks at a
//! request before us must not have seen another one.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Said by serde where a member is there twice.
pub(super) const TWICE: &str = "a member of the request is there twice";

/// Any JSON value.
pub(super) struct Strict(pub(super) Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading).map(Self)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        // JSON has no number that is not finite.
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = sequence.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let Strict(value) = map.next_value()?;
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom(TWICE));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Value, serde_json::Error> {
        serde_json::from_str::<Strict>(text).map(|strict| strict.0)
    }

    #[test]
    fn a_member_that_is_there_twice_is_refused_at_any_depth() {
        for text in [
            r#"{"a": 1, "a": 1}"#,
            r#"{"a": null, "b": 2, "a": null}"#,
            r#"{"x": [{"y": {"a": 1, "a": 2}}]}"#,
            r#"{"a": 1, "\u0061": 2}"#,
        ] {
            assert!(read(text).unwrap_err().to_string().starts_with(TWICE), "{text}");
        }
        assert!(read(&"[".repeat(10_000)).is_err());
    }

    proptest! {
        /// Whatever has each member once is read as serde_json reads it.
        #[test]
        fn all_else_is_read_as_it_is(text in r#"(\{("[a-c]":(1|-7|2\.50|1e3|18446744073709551615|true|null|"\\u00e9"|\[1,"x",\[\]\]|\{"a":\{\}\}),?){0,2}\}|\[.{0,9}\])"#) {
            let (ours, theirs) = (read(&text), serde_json::from_str::<Value>(&text));
            match (ours, theirs) {
                (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs),
                (Err(_), Err(_)) => {}
                (Err(error), Ok(_)) => prop_assert!(error.to_string().starts_with(TWICE), "{}: {}", text, error),
                (Ok(_), Err(error)) => prop_assert!(false, "{}: {}", text, error),
            }
        }
    }
}
