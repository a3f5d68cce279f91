//! Metadata: the caller's own entries on a record, stored in clear.

use super::redacted;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One entry's value.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum MetadataValue {
    /// True or false.
    Boolean(bool),
    /// A finite number, kept as it was written.
    Number(serde_json::Number),
    /// Text of up to 2,000 characters.
    Text(String),
}

/// A record's entries, by key.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metadata(pub BTreeMap<String, MetadataValue>);

// No personal data belongs here, yet callers err: neither keys nor values are shown.
redacted!(MetadataValue);
redacted!(Metadata);
