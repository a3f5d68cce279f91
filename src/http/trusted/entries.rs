//! The entries of a manifest file, in its order and with repeats: a map would keep one of two in silence.

use serde::Deserializer;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;
use std::fmt;

/// Most documents of all manifests together.
pub(super) const DOCUMENTS_MAX: usize = 10_000;

/// Ids and what stands at them.
pub(super) fn read(content: &[u8]) -> Result<Vec<(String, Value)>, String> {
    let mut json = serde_json::Deserializer::from_slice(content);
    let entries = json.deserialize_map(Entries).and_then(|entries| json.end().map(|()| entries));
    // The library's own words quote the file.
    entries.map_err(|error| match error.classify() {
        Category::Data => format!(
            "is no JSON object of ids and documents, or one of over {DOCUMENTS_MAX} documents, at line {}",
            error.line()
        ),
        Category::Io | Category::Syntax | Category::Eof => {
            format!("is no JSON that can be read, at line {}, column {}", error.line(), error.column())
        }
    })
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<(String, Value)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of at most 10,000 ids and documents")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            if entries.len() >= DOCUMENTS_MAX {
                return Err(serde::de::Error::invalid_length(entries.len() + 1, &self));
            }
            entries.push(entry);
        }
        Ok(entries)
    }
}
