//! How the domain's types stand in BSON, and how they are read back.

use crate::domain::time::Timestamp;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{self, Binary, Bson, DateTime, Document};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// A document is not as this release writes it. Names the field, never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the field `{0}` is not as this release writes it")]
pub(super) struct Wrong(pub(super) &'static str);

/// A UUID, as binary of subtype 4.
pub(super) fn uuid(id: Uuid) -> Bson {
    Bson::Binary(Binary { subtype: BinarySubtype::Uuid, bytes: id.as_bytes().to_vec() })
}

/// Any bytes.
pub(super) fn bytes(bytes: &[u8]) -> Bson {
    Bson::Binary(Binary { subtype: BinarySubtype::Generic, bytes: bytes.to_vec() })
}

/// An instant.
pub(super) fn date(at: Timestamp) -> Bson {
    Bson::DateTime(DateTime::from_millis(at.0))
}

/// A part whose form is its own affair, as the type tells it.
pub(super) fn part<T: Serialize>(name: &'static str, part: &T) -> Result<Bson, Wrong> {
    bson::serialize_to_bson(part).map_err(|_| Wrong(name))
}

/// A part whose keys or numbers BSON cannot hold, as JSON text.
pub(super) fn json<T: Serialize>(name: &'static str, part: &T) -> Result<Bson, Wrong> {
    serde_json::to_string(part).map(Bson::String).map_err(|_| Wrong(name))
}

/// Reads the fields of a document.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a Document);

impl<'a> Fields<'a> {
    fn get<T>(self, name: &'static str, read: impl FnOnce(&'a Bson) -> Option<T>) -> Result<T, Wrong> {
        self.0.get(name).and_then(read).ok_or(Wrong(name))
    }

    /// What `read` makes of a field; `None` where the field is not there.
    pub(super) fn maybe<T>(
        self,
        name: &'static str,
        read: impl FnOnce(Self, &'static str) -> Result<T, Wrong>,
    ) -> Result<Option<T>, Wrong> {
        match self.0.get(name) {
            None | Some(Bson::Null) => Ok(None),
            Some(_) => read(self, name).map(Some),
        }
    }

    pub(super) fn uuid(self, name: &'static str) -> Result<Uuid, Wrong> {
        self.get(name, |value| match value {
            Bson::Binary(Binary { subtype: BinarySubtype::Uuid, bytes }) => Uuid::from_slice(bytes).ok(),
            _ => None,
        })
    }

    pub(super) fn bytes(self, name: &'static str) -> Result<&'a [u8], Wrong> {
        self.get(name, |value| match value {
            Bson::Binary(binary) => Some(binary.bytes.as_slice()),
            _ => None,
        })
    }

    pub(super) fn date(self, name: &'static str) -> Result<Timestamp, Wrong> {
        self.get(name, |value| value.as_datetime().map(|at| Timestamp(at.timestamp_millis())))
    }

    pub(super) fn text(self, name: &'static str) -> Result<&'a str, Wrong> {
        self.get(name, Bson::as_str)
    }

    pub(super) fn int(self, name: &'static str) -> Result<i32, Wrong> {
        self.get(name, Bson::as_i32)
    }

    pub(super) fn long(self, name: &'static str) -> Result<i64, Wrong> {
        self.get(name, Bson::as_i64)
    }

    pub(super) fn document(self, name: &'static str) -> Result<Fields<'a>, Wrong> {
        self.get(name, Bson::as_document).map(Fields)
    }

    /// The texts of an array; none where it is not there.
    pub(super) fn texts(self, name: &'static str) -> Result<Vec<String>, Wrong> {
        let Some(array) = self.0.get(name) else { return Ok(Vec::new()) };
        let texts = array.as_array().ok_or(Wrong(name))?;
        texts.iter().map(|text| text.as_str().map(str::to_owned).ok_or(Wrong(name))).collect()
    }

    /// A part that [`part`] wrote.
    pub(super) fn part<T: DeserializeOwned>(self, name: &'static str) -> Result<T, Wrong> {
        let part = self.get(name, Some)?;
        bson::deserialize_from_bson(part.clone()).map_err(|_| Wrong(name))
    }

    /// A part that [`json`] wrote.
    pub(super) fn json<T: DeserializeOwned>(self, name: &'static str) -> Result<T, Wrong> {
        serde_json::from_str(self.text(name)?).map_err(|_| Wrong(name))
    }
}

/// A number of documents in a server's answer, of whichever type it has; 0 where there is none.
pub(super) fn count(answer: &Document, name: &str) -> usize {
    let count = answer.get_i64(name).ok().or_else(|| answer.get_i32(name).ok().map(i64::from));
    count.and_then(|count| usize::try_from(count).ok()).unwrap_or_default()
}
