//! What an update does to one field.

use cynic::InputObject;
use cynic::schema::IsScalar;
use serde::{Serialize, Serializer};

/// `Option` knows two states, an update needs three. A field of this type wants
/// `#[cynic(skip_serializing_if = "Change::leaves_alone")]`: without it, what is left alone is sent as null and cleared.
#[derive(Default)]
pub enum Change<T> {
    /// Absent: the field stays as it is.
    #[default]
    Leave,
    /// Null: the field is cleared.
    Clear,
    /// The field gets this value; of an object, those fields that it names.
    Set(T),
}

impl<T> Change<T> {
    pub fn leaves_alone(&self) -> bool {
        matches!(self, Self::Leave)
    }
}

impl<T: Serialize> Serialize for Change<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Set(value) => serializer.serialize_some(value),
            Self::Leave | Self::Clear => serializer.serialize_none(),
        }
    }
}

// To cynic it is what its value is.
impl<T: IsScalar<S>, S> IsScalar<S> for Change<T> {
    type SchemaType = T::SchemaType;
}

impl<T: InputObject> InputObject for Change<T> {
    type SchemaType = T::SchemaType;
}
