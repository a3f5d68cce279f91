//! The ledger (Midaz Core): where it is, and what is checked there.

use super::access::{Access, check_url};
use super::mode::Mode;
use super::reader::{Faulted, Reader};
use super::secret::{optional_secret, reread};
use super::setting::{Group, Secret, Setting, Unset};
use super::values::{Wrong, base_url, choice, client_id, duration_or_none};
use crate::domain::link::HolderCheck;
use crate::reload::Fresh;
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
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

static MIDAZ_CLIENT_ID: Setting = Setting {
    name: "MIDAZ_CLIENT_ID",
    flag: "midaz-client-id",
    value: "ID",
    unset: Unset::Means("the ledger is asked with each caller's own token"),
    help: "The client that this service logs in as at Access Manager, to ask the ledger with a token of its own.\n\
           Needs MIDAZ_CLIENT_SECRET too.",
};

static MIDAZ_CLIENT_SECRET: Secret = Secret {
    name: "MIDAZ_CLIENT_SECRET",
    file: Setting {
        name: "MIDAZ_CLIENT_SECRET_FILE",
        flag: "midaz-client-secret-file",
        value: "PATH",
        unset: Unset::Means("the variable MIDAZ_CLIENT_SECRET, which may hold the secret itself"),
        help: "File with the secret of MIDAZ_CLIENT_ID.\n\
               Read again every 10 s and on SIGHUP: the service logs in with a changed secret at once.",
    },
};

static MIDAZ_CACHE_TTL: Setting = Setting {
    name: "MIDAZ_CACHE_TTL",
    flag: "midaz-cache-ttl",
    value: "DURATION|off",
    unset: Unset::Default("off"),
    help: "How long an account that the ledger has confirmed may be linked without asking it again, for example 2s.\n\
           0 or off asks in each mutation. Anything else weakens the guarantee by that time, and is said so at the start.",
};

pub(super) static GROUP: Group = Group {
    heading: "Ledger",
    settings: &[
        &MIDAZ_LEDGER_URL,
        &MIDAZ_CLIENT_ID,
        &MIDAZ_CLIENT_SECRET.file,
        &LEDGER_HOLDER_CHECK,
        &MIDAZ_CACHE_TTL,
    ],
};

/// The client that this service logs in as.
#[derive(Clone, Debug)]
pub struct ServiceClient {
    /// Its id.
    pub id: String,
    /// Its secret, as its file says now where one holds it.
    pub secret: Arc<Fresh<SecretString>>,
}

/// Where the ledger is, and what is checked there.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// Its base URL, without a slash at the end of a path.
    pub url: Url,
    /// Whose token the ledger is asked with; `None`: each caller's own.
    pub client: Option<ServiceClient>,
    /// How long an account that it has confirmed is not asked for again; `None`: each time.
    pub known_for: Option<Duration>,
    /// What is made of the holder that it names on an account.
    pub holder_check: HolderCheck,
}

impl Ledger {
    pub(super) fn read(
        reader: &mut Reader<'_>,
        mode: Result<&Mode, Faulted>,
        access: Result<&Access, Faulted>,
    ) -> Result<Self, Faulted> {
        let choices =
            [("known", HolderCheck::Known), ("strict", HolderCheck::Strict), ("off", HolderCheck::Off)];
        let url = reader
            .value(&MIDAZ_LEDGER_URL, base_url)
            .and_then(|url| check_url(reader, mode, &MIDAZ_LEDGER_URL, &url).map(|()| url));
        let client = client(reader, access);
        let holder_check = reader.value(&LEDGER_HOLDER_CHECK, |text| choice(text, &choices));
        let known_for = reader.value(&MIDAZ_CACHE_TTL, duration_or_none);
        Ok(Self { url: url?, client: client?, known_for: known_for?, holder_check: holder_check? })
    }
}

/// Both of a client's id and secret, or neither.
fn client(
    reader: &mut Reader<'_>,
    access: Result<&Access, Faulted>,
) -> Result<Option<ServiceClient>, Faulted> {
    let id = reader.optional(&MIDAZ_CLIENT_ID, client_id);
    let secret = optional_secret(reader, &MIDAZ_CLIENT_SECRET);
    let reread = reread(reader, &MIDAZ_CLIENT_SECRET);
    let (wrong, remedy) = match (id?, secret?) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) if access?.manager.is_none() => (
            "needs Access Manager to log in at, and PLUGIN_AUTH_ENABLED is false",
            "unset it, or set an Access Manager",
        ),
        (Some(id), Some(secret)) => {
            let secret = Arc::new(Fresh::new("midaz_client_secret", secret, reread?));
            return Ok(Some(ServiceClient { id, secret }));
        }
        (Some(_), None) => ("has no secret", "set MIDAZ_CLIENT_SECRET or MIDAZ_CLIENT_SECRET_FILE too"),
        (None, Some(_)) => ("is not set, and its secret is", "set the client's id too, or neither"),
    };
    Err(reader.fault(MIDAZ_CLIENT_ID.name, Wrong::new(wrong, remedy)))
}
