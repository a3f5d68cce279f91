//! A head of a chain that was kept outside of the store.

use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{TrailHead, TrailMac};
use std::fmt;
use std::str::FromStr;

/// What a chain's link was when somebody noted it: `ORGANIZATION:NUMBER:HMAC`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Whose chain.
    pub organization: OrganizationId,
    /// The link's number.
    pub number: u64,
    /// Its HMAC.
    pub mac: TrailMac,
}

impl Anchor {
    /// The anchor of a head.
    pub fn at(organization: OrganizationId, head: &TrailHead) -> Self {
        Self { organization, number: head.number, mac: head.mac }
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.organization, self.number, hex::encode(self.mac.0))
    }
}

/// Why a text is no anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnchor {
    /// It has not three parts.
    #[error("is no anchor: write ORGANIZATION:NUMBER:HMAC, as the field `anchor` of the log has it")]
    Form,
    /// The first part.
    #[error("begins with no organization's id: write its UUID of 36 characters")]
    Organization,
    /// The second part.
    #[error("has no number of a link in its second part: write digits only, from 1")]
    Number,
    /// The third part.
    #[error("ends with no HMAC: write its 64 hexadecimal digits")]
    Mac,
}

impl FromStr for Anchor {
    type Err = NoAnchor;

    fn from_str(text: &str) -> Result<Self, NoAnchor> {
        let mut parts = text.split(':');
        let (Some(organization), Some(number), Some(mac), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoAnchor::Form);
        };
        let organization = OrganizationId::parse(organization).ok_or(NoAnchor::Organization)?;
        let digits = number.bytes().all(|b| b.is_ascii_digit());
        let number = number.parse().ok().filter(|number| digits && *number > 0).ok_or(NoAnchor::Number)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(mac, &mut bytes).map_err(|_| NoAnchor::Mac)?;
        Ok(Self { organization, number, mac: TrailMac(bytes) })
    }
}
