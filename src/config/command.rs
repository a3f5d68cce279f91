//! The flags of commands that ask a running server, and open nothing themselves.

use super::flags::{self, Flags};
use super::setting::Group;
use super::{mode, server, smoke};
use clap::{ArgMatches, Args, Command, FromArgMatches};

static GROUPS_OF_HEALTH: [&Group; 1] = [&server::OPS_GROUP];
static GROUPS_OF_SMOKE: [&Group; 2] = [&smoke::GROUP, &mode::GROUP];

/// The flags that were given to `health`, or to `smoke`.
#[derive(Clone, Debug, Default)]
pub struct CommandFlags<const SMOKE: bool>(pub(super) Flags);

/// The flags of `health`.
pub type HealthFlags = CommandFlags<false>;
/// The flags of `smoke`.
pub type SmokeFlags = CommandFlags<true>;

impl<const SMOKE: bool> CommandFlags<SMOKE> {
    const GROUPS: &'static [&'static Group] = if SMOKE { &GROUPS_OF_SMOKE } else { &GROUPS_OF_HEALTH };
}

impl<const SMOKE: bool> Args for CommandFlags<SMOKE> {
    fn augment_args(command: Command) -> Command {
        flags::augment(command, Self::GROUPS)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const SMOKE: bool> FromArgMatches for CommandFlags<SMOKE> {
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
