//! The server's own check of all links against the ledger.

use super::access::Access;
use super::ledger::Ledger;
use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::{Wrong, interval};
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
    pub(super) fn read(
        reader: &mut Reader<'_>,
        access: Option<&Access>,
        ledger: Option<&Ledger>,
    ) -> Result<Self, Faulted> {
        let interval = reader.optional(&LINK_CHECK_INTERVAL, interval)?;
        if interval.is_some() {
            needs_own_token(reader, LINK_CHECK_INTERVAL.name, access, ledger)?;
        }
        Ok(Self { interval })
    }
}

/// Nobody calls when links are checked, so there is no caller's token to pass on: the service needs one of its own.
/// Without Access Manager there are no tokens at all.
pub(super) fn needs_own_token(
    reader: &mut Reader<'_>,
    setting: &str,
    access: Option<&Access>,
    ledger: Option<&Ledger>,
) -> Result<(), Faulted> {
    let (Some(access), Some(ledger)) = (access, ledger) else { return Ok(()) };
    if access.manager.is_none() || ledger.client.is_some() {
        return Ok(());
    }
    let wrong = "needs a token of the service's own, for there is no caller whose token could be passed on";
    let remedy = "set MIDAZ_CLIENT_ID and MIDAZ_CLIENT_SECRET or MIDAZ_CLIENT_SECRET_FILE";
    Err(reader.fault(setting, Wrong::new(wrong, remedy)))
}
