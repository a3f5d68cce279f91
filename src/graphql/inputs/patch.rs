//! How absent, null and a value come from an input into the domain.

use crate::domain::patch::Patch;
use crate::graphql::scalars::MetadataScalar;
use async_graphql::MaybeUndefined;
use serde_json::{Map, Value};

/// A field of an update, or of an object that is merged: absent and null differ.
impl<A: Into<B>, B> From<MaybeUndefined<A>> for Patch<B> {
    fn from(field: MaybeUndefined<A>) -> Self {
        match field {
            MaybeUndefined::Undefined => Self::Keep,
            MaybeUndefined::Null => Self::Clear,
            MaybeUndefined::Value(value) => Self::Set(value.into()),
        }
    }
}

/// A field of a create: absent and null are the same, nothing.
impl<A: Into<B>, B> From<Option<A>> for Patch<B> {
    fn from(field: Option<A>) -> Self {
        field.map_or(Self::Keep, |value| Self::Set(value.into()))
    }
}

impl From<MetadataScalar> for Map<String, Value> {
    fn from(entries: MetadataScalar) -> Self {
        entries.0
    }
}
