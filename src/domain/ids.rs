//! Identifiers: one type for each kind of thing, so that one is never taken for another.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Reads a UUID in its only accepted form: 36 characters with dashes, in any case (RFC 9562).
pub fn parse_uuid(text: &str) -> Option<Uuid> {
    if text.len() != 36 {
        return None;
    }
    Uuid::try_parse(text).ok()
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Reads the text form; `None` where it is no UUID of 36 characters.
            pub fn parse(text: &str) -> Option<Self> {
                parse_uuid(text).map(Self)
            }

            /// The 16 bytes, most significant first.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }
    };
}

id! {
    /// A tenant of the ledger.
    OrganizationId
}
id! {
    /// A holder of ours.
    HolderId
}
id! {
    /// An alias account of ours.
    AliasAccountId
}
id! {
    /// A person attached to an alias account.
    RelatedPartyId
}
id! {
    /// A ledger of Midaz Core.
    LedgerId
}
id! {
    /// An account of a ledger.
    AccountId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_36_characters_with_dashes_in_any_case_and_answered_in_lower_case() {
        let id = HolderId::parse("0190A3B4-7C2D-7E1F-8A9B-0C1D2E3F4A5B").unwrap();
        assert_eq!(id.to_string(), "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b");
        for wrong in [
            "",
            "0190a3b47c2d7e1f8a9b0c1d2e3f4a5b",
            "{0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b}",
            "urn:uuid:0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b",
            "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5g",
            " 190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b",
        ] {
            assert!(HolderId::parse(wrong).is_none(), "{wrong}");
        }
    }
}
