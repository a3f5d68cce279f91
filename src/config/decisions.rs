//! Access Manager's decisions: how long they are kept, and whether personal data needs one of its own.

use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::{Wrong, duration_or_none, name};
use std::time::Duration;

static AUTH_CACHE_TTL: Setting = Setting {
    name: "AUTH_CACHE_TTL",
    flag: "auth-cache-ttl",
    value: "DURATION|off",
    unset: Unset::Default("10s"),
    help: "How long a permission is reused, up to 5m; 0 or off asks Access Manager each time.\n\
           For so long a right lives on after it was revoked, yet never past the token's exp. Refusals, and permissions \
           of tokens without exp, are reused for at most 2s.",
};

static AUTH_PII_RESOURCE: Setting = Setting {
    name: "AUTH_PII_RESOURCE",
    flag: "auth-pii-resource",
    value: "NAME",
    unset: Unset::Means("personal data needs no permission beyond that of its record"),
    help: "The resource whose get permission personal data in clear needs, for example holders-pii.\n\
           Masks and searches need none.",
};

pub(super) static GROUP: Group =
    Group { heading: "Access Manager's decisions", settings: &[&AUTH_CACHE_TTL, &AUTH_PII_RESOURCE] };

/// How long decisions are kept, and whether personal data needs one of its own.
#[derive(Clone, Debug)]
pub struct Decisions {
    /// How long a permission is reused; `None`: not at all.
    pub cache_ttl: Option<Duration>,
    /// The resource that grants name personal data in clear by.
    pub pii_resource: Option<String>,
}

impl Decisions {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Faulted> {
        let cache_ttl = reader.value(&AUTH_CACHE_TTL, ttl);
        let pii_resource = reader.optional_never_blank(&AUTH_PII_RESOURCE, name);
        Ok(Self { cache_ttl: cache_ttl?, pii_resource: pii_resource? })
    }
}

/// A length of time, or none. Longer ones are refused: they would be how long nobody can be stopped.
fn ttl(text: &str) -> Result<Option<Duration>, Wrong> {
    const LONGEST: Duration = Duration::from_secs(5 * 60);
    const REMEDY: &str = "write a number with its unit, up to 5m, for example 10s; 0 or off for none";
    match duration_or_none(text) {
        Ok(ttl) if ttl.is_none_or(|ttl| ttl <= LONGEST) => Ok(ttl),
        Ok(_) => Err(Wrong::new("is longer than 5 minutes, for which a revoked right would live on", REMEDY)),
        Err(Wrong { wrong, .. }) => Err(Wrong::new(wrong, REMEDY)),
    }
}
