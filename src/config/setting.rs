//! What a setting is: one row drives its flag, its variable, its default and its line in `--help`.

/// One setting.
#[derive(Debug)]
pub(super) struct Setting {
    /// Its name in the environment.
    pub(super) name: &'static str,
    /// Its flag, without the dashes.
    pub(super) flag: &'static str,
    /// What stands for its value in `--help`.
    pub(super) value: &'static str,
    /// What holds where it is not set.
    pub(super) unset: Unset,
    /// What it is for.
    pub(super) help: &'static str,
}

/// What holds where a setting is not set.
#[derive(Debug)]
pub(super) enum Unset {
    /// This value, read like a given one.
    Default(&'static str),
    /// No value; the text says what that means.
    Means(&'static str),
    /// The start is refused.
    Refused,
}

impl Setting {
    /// The default value, if it has one.
    pub(super) fn default(&self) -> Option<&'static str> {
        match self.unset {
            Unset::Default(value) => Some(value),
            Unset::Means(_) | Unset::Refused => None,
        }
    }
}

/// A secret: in a variable, or in a file that a second setting names. It has no flag of its own, because every
/// process of a machine can read the others' command lines.
#[derive(Debug)]
pub(super) struct Secret {
    /// The variable's name.
    pub(super) name: &'static str,
    /// Names the file instead.
    pub(super) file: Setting,
}

/// The settings of one concern.
#[derive(Debug)]
pub(super) struct Group {
    /// Its heading in `--help`.
    pub(super) heading: &'static str,
    /// Its settings, in the order of `--help`.
    pub(super) settings: &'static [&'static Setting],
}
