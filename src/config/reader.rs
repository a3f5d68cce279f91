//! Looks up a setting, flag first, and notes every fault on the way.

use super::faults::Faults;
use super::flags::Flags;
use super::setting::{Setting, Unset};
use super::values::Wrong;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// A fault was noted, so there is no value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Faulted;

/// Where settings come from, and what was found wrong so far.
pub(super) struct Reader<'a> {
    flags: &'a Flags,
    environment: &'a dyn Fn(&str) -> Option<OsString>,
    pub(super) faults: Faults,
}

/// What was given for some settings, to be read once more while the service runs: only their files can have changed.
pub(super) struct Kept {
    flags: Flags,
    variables: BTreeMap<&'static str, OsString>,
}

impl Kept {
    /// Reads from it as at the start.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, Faulted>,
    ) -> Result<T, Faults> {
        let environment = |name: &str| self.variables.get(name).cloned();
        let mut reader = Reader::new(&self.flags, &environment);
        match read(&mut reader) {
            Ok(value) if reader.faults.is_empty() => Ok(value),
            _ => Err(reader.faults),
        }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(flags: &'a Flags, environment: &'a dyn Fn(&str) -> Option<OsString>) -> Self {
        Self { flags, environment, faults: Faults::default() }
    }

    /// Notes a fault of a setting.
    pub(super) fn fault(&mut self, setting: &str, wrong: Wrong) -> Faulted {
        self.faults.push(setting, wrong.wrong, wrong.remedy);
        Faulted
    }

    /// Keeps the flags, and these variables.
    pub(super) fn keep(&self, variables: impl Iterator<Item = &'static str>) -> Kept {
        let given = |name| Some((name, (self.environment)(name)?));
        Kept { flags: self.flags.clone(), variables: variables.filter_map(given).collect() }
    }

    /// A variable of the environment, as text.
    pub(super) fn variable(&mut self, name: &str) -> Result<Option<String>, Faulted> {
        let value = (self.environment)(name);
        self.text(name, value)
    }

    /// What was given for a setting, blank or not, without white space around it.
    pub(super) fn as_given(&mut self, setting: &Setting) -> Result<Option<String>, Faulted> {
        let value = self.flags.get(setting).map(OsStr::to_owned);
        let value = value.or_else(|| (self.environment)(setting.name));
        Ok(self.text(setting.name, value)?.map(|text| text.trim().to_owned()))
    }

    /// What was given for a setting; blank counts as not given.
    pub(super) fn given(&mut self, setting: &Setting) -> Result<Option<String>, Faulted> {
        Ok(self.as_given(setting)?.filter(|text| !text.is_empty()))
    }

    /// The setting's value, given or default; `None` where it has neither and need not have one.
    pub(super) fn optional<T>(
        &mut self,
        setting: &Setting,
        parse: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Result<Option<T>, Faulted> {
        let given = self.given(setting)?;
        let Some(text) = given.as_deref().or(setting.default()) else {
            return match setting.unset {
                Unset::Refused => Err(self.missing(setting)),
                Unset::Default(_) | Unset::Means(_) => Ok(None),
            };
        };
        parse(text).map(Some).map_err(|wrong| self.fault(setting.name, wrong))
    }

    /// As [`Self::optional`], for a setting that switches a check on. Blank is a fault here and not "unset": a
    /// deployment whose template lost the value must not go without the check.
    pub(super) fn optional_never_blank<T>(
        &mut self,
        setting: &Setting,
        parse: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Result<Option<T>, Faulted> {
        if self.as_given(setting)?.is_some_and(|text| text.is_empty()) {
            let remedy = format!("set {}=<{}>, or leave it out to go without", setting.name, setting.value);
            let wrong = Wrong::new("is blank, which may be a value that was lost on its way", remedy);
            return Err(self.fault(setting.name, wrong));
        }
        self.optional(setting, parse)
    }

    /// The value of a setting that must have one, given or default.
    pub(super) fn value<T>(
        &mut self,
        setting: &Setting,
        parse: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Result<T, Faulted> {
        self.optional(setting, parse)?.ok_or_else(|| self.missing(setting))
    }

    fn missing(&mut self, setting: &Setting) -> Faulted {
        let remedy = format!("set {}=<{}> or --{}", setting.name, setting.value, setting.flag);
        self.fault(setting.name, Wrong::new("is required and not set", remedy))
    }

    fn text(&mut self, name: &str, value: Option<OsString>) -> Result<Option<String>, Faulted> {
        value.map(OsString::into_string).transpose().map_err(|_| {
            self.fault(name, Wrong::new("is no UTF-8 text", "write it in UTF-8, without stray bytes"))
        })
    }
}
