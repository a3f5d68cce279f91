//! JSON objects from elsewhere: read only where each key comes once, so that no two readers see two values.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

struct Object(Map<String, Value>);

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Object, A::Error> {
        let mut object = Map::new();
        while let Some((key, value)) = entries.next_entry::<String, Value>()? {
            if object.insert(key, value).is_some() {
                return Err(A::Error::custom("a key comes twice"));
            }
        }
        Ok(Object(object))
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

/// The one JSON object that these bytes are; `None` where they are anything else.
pub(crate) fn read_object(bytes: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice::<Object>(bytes).ok().map(|object| object.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_object_with_unique_keys_is_read() {
        for good in [r#"{}"#, r#" {"a": 1, "b": {"a": [1, null]}} "#] {
            let expected: Value = serde_json::from_str(good).unwrap();
            assert_eq!(read_object(good.as_bytes()).map(Value::Object), Some(expected), "{good}");
        }
        for bad in
            ["", "null", "[]", "[true]", "true", r#""a""#, "{}{}", "{", r#"{"a":1,"a":1}"#, "\u{feff}{}"]
        {
            assert!(read_object(bad.as_bytes()).is_none(), "{bad}");
        }
        assert!(read_object(b"{\"a\":\"\xff\"}").is_none());
        assert!(read_object("[".repeat(100_000).as_bytes()).is_none());
        assert!(read_object(format!("{{\"a\":{}", "[".repeat(100_000)).as_bytes()).is_none());
    }
}
