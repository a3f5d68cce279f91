//! The settings of the operator's commands: a store and its keys, nothing of a server.

use super::faults::Faults;
use super::flags::{self, Flags};
use super::keys::{self, GivenKeys, Keys};
use super::mode::{self, Mode};
use super::mongo;
use super::reader::{Faulted, Reader};
use super::setting::Group;
use super::store::{self, Store};
use clap::{ArgMatches, Args, Command, FromArgMatches};
use std::ffi::OsString;

static GROUPS: [&Group; 4] = [&mode::GROUP, &keys::GROUP, &store::GROUP, &mongo::GROUP];

/// The flags that were given to an operator's command.
#[derive(Clone, Debug, Default)]
pub struct OperatorFlags(Flags);

impl Args for OperatorFlags {
    fn augment_args(command: Command) -> Command {
        flags::augment(command, &GROUPS)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for OperatorFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.take(matches, &GROUPS);
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
    pub fn data_dir(
        flags: &OperatorFlags,
        environment: impl Fn(&str) -> Option<OsString>,
    ) -> Option<std::path::PathBuf> {
        let mut reader = Reader::new(&flags.0, &environment);
        store(&mut reader).ok().filter(|store| store.mongo.is_none()).map(|store| store.data_dir)
    }

    /// Where records are kept, for commands that need no keys.
    ///
    /// # Errors
    /// Every fault of every setting.
    pub fn store(
        flags: &OperatorFlags,
        environment: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Store, Faults> {
        let mut reader = Reader::new(&flags.0, &environment);
        match store(&mut reader) {
            Ok(store) if reader.faults.is_empty() => Ok(store),
            _ => Err(reader.faults),
        }
    }
}

fn store(reader: &mut Reader<'_>) -> Result<Store, Faulted> {
    let mode = Mode::read(reader);
    Store::read(reader, mode.as_ref().map_err(|faulted| *faulted))
}
