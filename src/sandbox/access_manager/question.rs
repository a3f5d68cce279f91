//! What the sandbox Access Manager is sent: JSON objects of strings, read strictly.

use super::super::drive::says_json;
use super::super::refusal::Refusal;
use super::{Body, bad_request};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

/// May this subject do that?
pub(super) struct Question {
    pub(super) sub: String,
    pub(super) resource: String,
    pub(super) action: String,
    /// Sent for persons only.
    pub(super) product: Option<String>,
}

impl Question {
    /// Reads the body of a question.
    pub(super) fn read(headers: &HeaderMap, body: Body) -> Result<Self, Refusal> {
        let mut fields = Fields::read(headers, body)?;
        Ok(Self {
            sub: fields.string("sub")?,
            resource: fields.string("resource")?,
            action: fields.string("action")?,
            product: if fields.has("product") { Some(fields.string("product")?) } else { None },
        })
    }
}

/// The members of a body.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// Reads a body that must be one JSON object, and say so.
    pub(super) fn read(headers: &HeaderMap, body: Body) -> Result<Self, Refusal> {
        let body = body.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "AUT-0413",
                "Payload Too Large",
                "the body must be at most 64 KiB",
            ),
            _ => bad_request("the body could not be read"),
        })?;
        if !says_json(headers) {
            return Err(bad_request("the Content-Type must be application/json"));
        }
        serde_json::from_slice(&body).map(Self).map_err(|_| bad_request("the body must be one JSON object"))
    }

    /// The string of that name, which must not be empty.
    pub(super) fn string(&mut self, name: &str) -> Result<String, Refusal> {
        match self.0.remove(name) {
            Some(Value::String(text)) if !text.is_empty() => Ok(text),
            _ => Err(bad_request(format!("`{name}` must be a string that is not empty"))),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}
