//! The server's own check of all links against the ledger.

use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::interval;
use std::time::Duration;

static LINK_CHECK_INTERVAL: Setting = Setting {
    name: "LINK_CHECK_INTERVAL",
    flag: "link-check-interval",
    value: "DURATION",
    unset: Unset::Means("links are checked when somebody asks for it"),
    help: "How often the servers ask the ledger about every link, for example 6h or 1d.\n\
           From the beginning of one walk to the beginning of the next; one server of a store does it at a time, \
           spread over half of the interval and never faster than 50 links a second. `holdergraph links verify` does \
           the same once.",
};

pub(super) static GROUP: Group = Group { heading: "Links", settings: &[&LINK_CHECK_INTERVAL] };

/// The server's own check of all links.
#[derive(Clone, Debug)]
pub struct Links {
    /// From the beginning of one walk to the beginning of the next; none where there is no such check.
    pub interval: Option<Duration>,
}

impl Links {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Faulted> {
        Ok(Self { interval: reader.optional(&LINK_CHECK_INTERVAL, interval)? })
    }
}
