//! The ledger (Midaz Core): where it is, and what is checked there.

use super::access::check_url;
use super::mode::Mode;
use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::{base_url, choice};
use crate::domain::link::HolderCheck;
use url::Url;

static MIDAZ_LEDGER_URL: Setting = Setting {
    name: "MIDAZ_LEDGER_URL",
    flag: "midaz-ledger-url",
    value: "URL",
    unset: Unset::Refused,
    help: "Base URL of the ledger (Midaz Core), for example https://midaz-ledger:3002.",
};

static LEDGER_HOLDER_CHECK: Setting = Setting {
    name: "LEDGER_HOLDER_CHECK",
    flag: "ledger-holder-check",
    value: "known|strict|off",
    unset: Unset::Default("known"),
    help: "What is made of the holder that a v4 ledger names on an account.\n\
           known refuses the link where that is another holder of this registry; strict also where this registry \
           does not know it; off does not look.",
};

pub(super) static GROUP: Group =
    Group { heading: "Ledger", settings: &[&MIDAZ_LEDGER_URL, &LEDGER_HOLDER_CHECK] };

/// Where the ledger is, and what is checked there.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// Its base URL, without a slash at the end of a path.
    pub url: Url,
    /// What is made of the holder that it names on an account.
    pub holder_check: HolderCheck,
}

impl Ledger {
    pub(super) fn read(reader: &mut Reader<'_>, mode: Result<&Mode, Faulted>) -> Result<Self, Faulted> {
        let choices =
            [("known", HolderCheck::Known), ("strict", HolderCheck::Strict), ("off", HolderCheck::Off)];
        let url = reader
            .value(&MIDAZ_LEDGER_URL, base_url)
            .and_then(|url| check_url(reader, mode, &MIDAZ_LEDGER_URL, &url).map(|()| url));
        let holder_check = reader.value(&LEDGER_HOLDER_CHECK, |text| choice(text, &choices));
        Ok(Self { url: url?, holder_check: holder_check? })
    }
}
