//! The settings of the operator's commands: a store and its keys, nothing of a server.

use super::access::{self, Access};
use super::audit;
use super::faults::Faults;
use super::flags::{self, Flags};
use super::keys::{self, GivenKeys, Keys};
use super::ledger::{self, Ledger};
use super::limits::{self, Limits};
use super::links::needs_own_token;
use super::mode::{self, Mode};
use super::mongo;
use super::reader::{Faulted, Reader};
use super::setting::Group;
use super::store::{self, Store};
use super::tls::{self, UpstreamsTls};
use crate::tls::UpstreamTls;
use clap::{ArgMatches, Args, Command, FromArgMatches};
use secrecy::SecretString;
use std::ffi::OsString;

static GROUPS: [&Group; 4] = [&mode::GROUP, &keys::GROUP, &store::GROUP, &mongo::GROUP];
static GROUPS_OF_STORES: [&Group; 3] = [&mode::GROUP, &store::GROUP, &mongo::GROUP];
static GROUPS_OF_A_TRAIL: [&Group; 4] = [&mode::GROUP, &audit::KEY_GROUP, &store::GROUP, &mongo::GROUP];
static GROUPS_OF_A_DATABASE: [&Group; 2] = [&mode::GROUP, &mongo::GROUP];
static GROUPS_OF_LINKS: [&Group; 7] = [
    &mode::GROUP,
    &tls::UPSTREAMS_GROUP,
    &access::GROUP,
    &ledger::GROUP,
    &store::GROUP,
    &mongo::GROUP,
    &limits::UPSTREAMS,
];

/// The flags that were given to an operator's command: those of a store, of its keys where it opens records, of the
/// ledger where it asks that, and of the audit key where it proves the trail.
#[derive(Clone, Debug, Default)]
pub struct OperatorFlags<
    const KEYS: bool = true,
    const EMBEDDED: bool = true,
    const LEDGER: bool = false,
    const TRAIL: bool = false,
>(Flags);

/// The flags of a command that opens no record.
pub type StoreFlags = OperatorFlags<false>;
/// The flags of a command that is for MongoDB alone, and opens no record.
pub type DatabaseFlags = OperatorFlags<false, false>;
/// The flags of a command that asks the ledger about what is linked, and opens no record.
pub type LinksFlags = OperatorFlags<false, true, true>;
/// The flags of a command that proves the audit trail, and opens no record.
pub type TrailFlags = OperatorFlags<false, true, false, true>;

impl<const KEYS: bool, const EMBEDDED: bool, const LEDGER: bool, const TRAIL: bool>
    OperatorFlags<KEYS, EMBEDDED, LEDGER, TRAIL>
{
    const GROUPS: &'static [&'static Group] = match (LEDGER, KEYS, EMBEDDED) {
        _ if TRAIL => &GROUPS_OF_A_TRAIL,
        (true, _, _) => &GROUPS_OF_LINKS,
        (false, true, _) => &GROUPS,
        (false, false, true) => &GROUPS_OF_STORES,
        (false, false, false) => &GROUPS_OF_A_DATABASE,
    };
}

impl<const KEYS: bool, const EMBEDDED: bool, const LEDGER: bool, const TRAIL: bool> Args
    for OperatorFlags<KEYS, EMBEDDED, LEDGER, TRAIL>
{
    fn augment_args(command: Command) -> Command {
        flags::augment(command, Self::GROUPS)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const KEYS: bool, const EMBEDDED: bool, const LEDGER: bool, const TRAIL: bool> FromArgMatches
    for OperatorFlags<KEYS, EMBEDDED, LEDGER, TRAIL>
{
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.take(matches, Self::GROUPS);
        Ok(())
    }
}

/// The settings of an operator's command, checked.
#[derive(Clone, Debug)]
pub struct OperatorConfig {
    /// The master keys' texts.
    pub keys: Keys,
    /// Where records are kept.
    pub store: Store,
}

impl OperatorConfig {
    /// Reads and checks both; `judge` adds what is wrong with the keys' content.
    ///
    /// # Errors
    /// Every fault of every setting.
    pub fn load(
        flags: &OperatorFlags,
        environment: impl Fn(&str) -> Option<OsString>,
        judge: impl FnOnce(&GivenKeys, &mut Faults),
    ) -> Result<Self, Faults> {
        let mut reader = Reader::new(&flags.0, &environment);
        let keys = GivenKeys::read(&mut reader);
        judge(&keys, &mut reader.faults);
        let store = store(&mut reader);
        let read = || Ok::<_, Faulted>(Self { keys: keys.both()?, store: store? });
        match read() {
            Ok(config) if reader.faults.is_empty() => Ok(config),
            _ => Err(reader.faults),
        }
    }

    /// The directory of an embedded store, whatever else is wrong with the settings.
    pub fn data_dir<const KEYS: bool, const TRAIL: bool>(
        flags: &OperatorFlags<KEYS, true, false, TRAIL>,
        environment: impl Fn(&str) -> Option<OsString>,
    ) -> Option<std::path::PathBuf> {
        let mut reader = Reader::new(&flags.0, &environment);
        store(&mut reader).ok().filter(|store| store.mongo.is_none()).map(|store| store.data_dir)
    }

    /// Where records are kept, for commands that need no keys.
    ///
    /// # Errors
    /// Every fault of every setting.
    pub fn store<const KEYS: bool, const EMBEDDED: bool>(
        flags: &OperatorFlags<KEYS, EMBEDDED>,
        environment: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Store, Faults> {
        let mut reader = Reader::new(&flags.0, &environment);
        match store(&mut reader) {
            Ok(store) if reader.faults.is_empty() => Ok(store),
            _ => Err(reader.faults),
        }
    }
}

/// The settings of a command that proves the audit trail, checked.
#[derive(Clone, Debug)]
pub struct TrailConfig {
    /// `AUDIT_SECRET_KEY`, or its file's content.
    pub key: SecretString,
    /// Where the trail is kept.
    pub store: Store,
}

impl TrailConfig {
    /// Reads and checks both; `judge` adds what is wrong with the key's content.
    ///
    /// # Errors
    /// Every fault of every setting.
    pub fn load(
        flags: &TrailFlags,
        environment: impl Fn(&str) -> Option<OsString>,
        judge: impl FnOnce(&SecretString, &mut Faults),
    ) -> Result<Self, Faults> {
        let mut reader = Reader::new(&flags.0, &environment);
        let key = audit::read_key(&mut reader);
        if let Ok(key) = &key {
            judge(key, &mut reader.faults);
        }
        let store = store(&mut reader);
        let read = || Ok::<_, Faulted>(Self { key: key?, store: store? });
        match read() {
            Ok(config) if reader.faults.is_empty() => Ok(config),
            _ => Err(reader.faults),
        }
    }
}

/// The settings of a command that asks the ledger, checked: with the service's own token, so they name Access Manager
/// too.
#[derive(Clone, Debug)]
pub struct LinksConfig {
    /// Access Manager.
    pub access: Access,
    /// The ledger.
    pub ledger: Ledger,
    /// Where records are kept.
    pub store: Store,
    /// How long the ledger is waited for.
    pub limits: Limits,
    /// TLS to both.
    pub tls: UpstreamTls,
}

impl LinksConfig {
    /// Reads and checks all of them.
    ///
    /// # Errors
    /// Every fault of every setting.
    pub fn load(flags: &LinksFlags, environment: impl Fn(&str) -> Option<OsString>) -> Result<Self, Faults> {
        let mut reader = Reader::new(&flags.0, &environment);
        let mode = Mode::read(&mut reader);
        let known = mode.as_ref().map_err(|faulted| *faulted);
        let tls = UpstreamsTls::read(&mut reader);
        let access = Access::read(&mut reader, known);
        let ledger = Ledger::read(&mut reader, known, access.as_ref().map_err(|faulted| *faulted));
        let (known_access, known_ledger) = (access.as_ref().ok(), ledger.as_ref().ok());
        let token = needs_own_token(&mut reader, "MIDAZ_CLIENT_ID", known_access, known_ledger);
        let store = Store::read(&mut reader, known);
        let limits = Limits::read(&mut reader);
        let read = || {
            Ok::<_, Faulted>(Self {
                access: token.and(access)?,
                ledger: ledger?,
                store: store?,
                limits: limits?,
                tls: tls?.tls,
            })
        };
        match read() {
            Ok(config) if reader.faults.is_empty() => Ok(config),
            _ => Err(reader.faults),
        }
    }
}

fn store(reader: &mut Reader<'_>) -> Result<Store, Faulted> {
    let mode = Mode::read(reader);
    Store::read(reader, mode.as_ref().map_err(|faulted| *faulted))
}
