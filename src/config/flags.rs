//! The command line's share of the settings: a flag for each, taken as plain text, so that no bad value stops at
//! the first one.

use super::GROUPS;
use super::setting::{Group, Setting, Unset};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;

/// The flags that were given. Use it as a clap argument group: `Serve(Flags)`.
#[derive(Clone, Default)]
pub struct Flags(BTreeMap<&'static str, OsString>);

impl Flags {
    /// Takes the flags of these groups that were given.
    pub(super) fn take(&mut self, matches: &ArgMatches, groups: &[&Group]) {
        for setting in groups.iter().flat_map(|group| group.settings) {
            if let Some(value) = matches.get_one::<OsString>(setting.name) {
                self.0.insert(setting.name, value.clone());
            }
        }
    }

    /// The value that a setting's flag was given.
    pub(super) fn get(&self, setting: &Setting) -> Option<&OsStr> {
        self.0.get(setting.name).map(OsString::as_os_str)
    }
}

/// Names only: a value may hold what it should not.
impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        augment(command, &GROUPS).after_long_help(EXAMPLES)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.take(matches, &GROUPS);
        Ok(())
    }
}

/// A flag for each setting of these groups.
pub(super) fn augment(command: Command, groups: &'static [&'static Group]) -> Command {
    let arguments = groups
        .iter()
        .flat_map(|group| group.settings.iter().map(|setting| argument(setting).help_heading(group.heading)));
    command.args(arguments)
}

fn argument(setting: &'static Setting) -> Arg {
    let unset = match setting.unset {
        Unset::Default(value) => format!("[default: {value}]"),
        Unset::Means(text) => format!("[unset: {text}]"),
        Unset::Refused => "[required]".to_owned(),
    };
    let summary = setting.help.split_once('\n').map_or(setting.help, |(first, _)| first);
    Arg::new(setting.name)
        .long(setting.flag)
        .value_name(setting.value)
        .value_parser(clap::value_parser!(OsString))
        .allow_negative_numbers(true)
        .help(format!("{summary} {unset}"))
        .long_help(format!("{}\n[env: {}] {unset}", setting.help, setting.name))
}

const EXAMPLES: &str = "\
A flag wins over its variable. All settings are checked before anything is opened, and every fault is named at once.

Examples:
  On a machine of your own, without Access Manager:
    holdergraph serve --deployment-mode local --plugin-auth-enabled false \\
      --midaz-ledger-url http://127.0.0.1:3002 \\
      --lcrypto-encrypt-secret-key-file ./encrypt.key --lcrypto-hash-secret-key-file ./hash.key \\
      --audit-secret-key-file ./audit.key

  In a cluster whose mesh does the TLS, keys from mounted secrets:
    SERVER_ADDRESS=:4003 OPS_ADDRESS=:9103 ALLOW_INSECURE_TLS=true \\
    PLUGIN_AUTH_ADDRESS=http://plugin-auth:4000 MIDAZ_LEDGER_URL=http://midaz-ledger:3002 \\
    LCRYPTO_ENCRYPT_SECRET_KEY_FILE=/run/secrets/encrypt \\
    LCRYPTO_HASH_SECRET_KEY_FILE=/run/secrets/hash AUDIT_SECRET_KEY_FILE=/run/secrets/audit \\
      holdergraph serve";
