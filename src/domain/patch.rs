//! Merging by RFC 7396 (rule 7): absent leaves as it is, null clears, an object is merged field by field, anything
//! else replaces. Creating is merging onto nothing, so both have the same input types.

use super::redacted;
use serde::Serialize;

/// What an input wants of one field. Its three forms are written differently, so that none is taken for another
/// where two inputs are compared.
#[derive(Clone, Default, PartialEq, Serialize)]
pub enum Patch<T> {
    /// Absent: it stays as it is.
    #[default]
    Keep,
    /// Null: it is cleared.
    Clear,
    /// A value that replaces, or an object that is merged.
    Set(T),
}
redacted!(Patch<T>);

impl<T> Patch<T> {
    /// What is given, if anything is.
    pub fn given(&self) -> Option<&T> {
        match self {
            Self::Keep | Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// Whether it leaves everything as it is.
    pub fn keeps(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// Whether it is null.
    pub fn clears(&self) -> bool {
        matches!(self, Self::Clear)
    }

    /// What becomes of an old value.
    pub fn onto<V: Merge<Patch = T>>(self, old: Option<V>) -> Option<V> {
        match self {
            Self::Keep => old,
            Self::Clear => None,
            Self::Set(patch) => Some(V::merged(old, patch)),
        }
    }
}

impl Patch<String> {
    /// The text that is given, if one is.
    pub fn text(&self) -> Option<&str> {
        self.given().map(String::as_str)
    }
}

/// A value that a patch can be merged onto.
pub trait Merge: Sized {
    /// What a client gives to change it: for an object its fields as patches, for anything else the new value.
    type Patch;

    /// The value after the patch; merging an empty object onto nothing gives an empty object.
    fn merged(old: Option<Self>, patch: Self::Patch) -> Self;
}

/// Values without fields of their own: what is given takes the old one's place.
macro_rules! replaced {
    ($($name:ty),*) => {
        $(impl Merge for $name {
            type Patch = Self;

            fn merged(_: Option<Self>, patch: Self) -> Self {
                patch
            }
        })*
    };
}
replaced!(String, super::time::Date, super::alias_account::RelatedPartyRole);

/// Defines an object of optional lines, all of them personal data, its patch, and how the one is merged onto the
/// other.
macro_rules! personal_lines {
    ($(#[$doc:meta])* $name:ident, $patch:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $(
                $(#[$field_doc])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
        }
        $crate::domain::redacted!($name);

        #[doc = concat!("What a client wants to change of [`", stringify!($name), "`].")]
        #[derive(Clone, Default, PartialEq, serde::Serialize)]
        pub struct $patch {
            $(
                $(#[$field_doc])*
                pub $field: $crate::domain::patch::Patch<<$type as $crate::domain::patch::Merge>::Patch>,
            )*
        }
        $crate::domain::redacted!($patch);

        impl $crate::domain::patch::Merge for $name {
            type Patch = $patch;

            fn merged(old: Option<Self>, patch: $patch) -> Self {
                let old = old.unwrap_or_default();
                Self { $($field: patch.$field.onto(old.$field),)* }
            }
        }
    };
}
pub(super) use personal_lines;

#[cfg(test)]
pub(crate) mod reference;
#[cfg(test)]
pub(crate) mod tests;
