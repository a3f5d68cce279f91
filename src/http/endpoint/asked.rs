//! What a client asks for: one GraphQL request, or a batch of them.

use super::json::{Strict, TWICE};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Value};
use std::fmt;

/// A GraphQL request.
#[derive(Default)]
pub(super) struct GraphQLRequest {
    /// The document's text.
    pub(super) query: Option<String>,
    /// The id of a trusted document.
    pub(super) document_id: Option<String>,
    /// The hash of an automatic persisted query, as `extensions.persistedQuery` names it.
    pub(super) persisted_hash: Option<String>,
    /// Which of its operations.
    pub(super) operation_name: Option<String>,
    /// Values of its variables.
    pub(super) variables: Map<String, Value>,
}

/// All that came in one HTTP request.
pub(super) struct Asked {
    /// In their order.
    pub(super) requests: Vec<GraphQLRequest>,
    /// Whether they came as an array, and are answered as one.
    pub(super) is_batch: bool,
    /// How long it was.
    pub(super) bytes: usize,
}

/// The members of a request as they came, each at most once. Others are passed over, as the specification wants it.
#[derive(Default)]
pub(super) struct Members {
    pub(super) query: Option<Value>,
    pub(super) document_id: Option<Value>,
    pub(super) operation_name: Option<Value>,
    pub(super) variables: Option<Value>,
    pub(super) extensions: Option<Value>,
}

impl Members {
    /// Where this member is kept; `None` where it has no meaning here.
    pub(super) fn place(&mut self, name: &str) -> Option<&mut Option<Value>> {
        Some(match name {
            "query" => &mut self.query,
            "documentId" => &mut self.document_id,
            "operationName" => &mut self.operation_name,
            "variables" => &mut self.variables,
            "extensions" => &mut self.extensions,
            _ => return None,
        })
    }

    /// The request, or what is wrong with a member.
    pub(super) fn read(self) -> Result<GraphQLRequest, &'static str> {
        let query = text(self.query, "query must be the text of a GraphQL document")?;
        let document_id = text(self.document_id, "documentId must be the id of a trusted document")?;
        // Many clients send an empty one where they have none.
        let operation_name = text(self.operation_name, "operationName must be text or null")?;
        let operation_name = operation_name.filter(|name| !name.is_empty());
        let variables = object(self.variables, "variables must be an object or null")?;
        let extensions = object(self.extensions, "extensions must be an object or null")?;
        let persisted_hash = persisted_hash(extensions)?;
        if query.is_none() && document_id.is_none() && persisted_hash.is_none() {
            return Err("query is missing: send the text of a GraphQL document, or a documentId");
        }
        Ok(GraphQLRequest { query, document_id, persisted_hash, operation_name, variables })
    }
}

fn text(value: Option<Value>, wrong: &'static str) -> Result<Option<String>, &'static str> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(wrong),
    }
}

fn object(value: Option<Value>, wrong: &'static str) -> Result<Map<String, Value>, &'static str> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(wrong),
    }
}

/// The hash of an automatic persisted query, of the one version of that protocol.
fn persisted_hash(mut extensions: Map<String, Value>) -> Result<Option<String>, &'static str> {
    match extensions.remove("persistedQuery") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(mut persisted)) => {
            if persisted.get("version").and_then(Value::as_u64) != Some(1) {
                return Err("extensions.persistedQuery.version must be 1");
            }
            match persisted.remove("sha256Hash") {
                Some(Value::String(hash)) => Ok(Some(hash)),
                _ => Err(
                    "extensions.persistedQuery.sha256Hash must be the SHA-256 of the document in hexadecimal",
                ),
            }
        }
        Some(_) => Err("extensions.persistedQuery must be an object with version and sha256Hash"),
    }
}

/// Said where something else stands in the place of a request.
pub(super) const NO_OBJECT: &str = "a request that is no object";

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;

        impl<'de> Visitor<'de> for Reading {
            type Value = Members;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object, not ")?;
                formatter.write_str(NO_OBJECT)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Members::default();
                while let Some(name) = map.next_key::<String>()? {
                    match members.place(&name) {
                        Some(Some(_)) => return Err(A::Error::custom(TWICE)),
                        Some(place) => *place = Some(map.next_value::<Strict>()?.0),
                        None => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Reading)
    }
}

/// The requests of a batch, as far as so many are kept: what comes beyond is only counted.
pub(super) struct Batch {
    pub(super) kept: usize,
}

/// A batch that was read.
pub(super) struct Requests {
    pub(super) kept: Vec<Members>,
    /// How many there were.
    pub(super) number: usize,
}

impl<'de> DeserializeSeed<'de> for Batch {
    type Value = Requests;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Requests, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Batch {
    type Value = Requests;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Requests, A::Error> {
        let mut requests = Requests { kept: Vec::new(), number: 0 };
        while requests.number < self.kept {
            let Some(members) = sequence.next_element()? else { return Ok(requests) };
            requests.kept.push(members);
            requests.number += 1;
        }
        while sequence.next_element::<IgnoredAny>()?.is_some() {
            requests.number += 1;
        }
        Ok(requests)
    }
}
