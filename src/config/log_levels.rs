//! How much each part of the service logs, as text (`info,holdergraph::store=debug`) and as JSON.

use super::logging::LogLevel;
use super::values::{Wrong, shown};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// This crate's name, with which its modules' names begin.
const OWN: &str = env!("CARGO_PKG_NAME");
/// The modules of this crate that may have a level of their own, and those within them.
const MODULES: [&str; 16] = [
    "access",
    "audit",
    "commands",
    "config",
    "domain",
    "graphql",
    "http",
    "ledger",
    "registry",
    "reload",
    "sandbox",
    "seal",
    "store",
    "telemetry",
    "tls",
    "upstream",
];
/// What the level of all others is called in JSON.
const DEFAULT: &str = "default";
/// Most modules with a level of their own.
const MODULES_MAX: usize = 50;
/// Longest name of a module.
const NAME_MAX: usize = 100;

/// How much this service logs, and which of its modules, or which libraries, differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLevels {
    /// Of whatever has none of its own; libraries log warnings and errors at most.
    pub default: LogLevel,
    /// Of modules, by their whole names.
    pub modules: BTreeMap<String, LogLevel>,
}

/// Levels that cannot be: what is wrong, and what would be right.
#[derive(Debug, thiserror::Error)]
#[error("{wrong}: {remedy}")]
pub struct BadLevels {
    wrong: String,
    remedy: String,
}

impl From<LogLevel> for LogLevels {
    fn from(default: LogLevel) -> Self {
        Self { default, modules: BTreeMap::new() }
    }
}

impl LogLevels {
    /// Reads a default level, levels of modules, or both, with commas between them.
    pub(super) fn parse(text: &str) -> Result<Self, Wrong> {
        let mut default = None;
        let mut modules = Vec::new();
        for part in text.split(',').map(str::trim) {
            match part.split_once('=') {
                Some((module, level)) => modules.push((module.trim().to_owned(), level.trim().to_owned())),
                None if default.is_some() => {
                    let remedy = "write one, for example info,holdergraph::store=debug";
                    return Err(Wrong::new("holds two levels without a module", remedy));
                }
                None => default = Some(level(part)?),
            }
        }
        Self::of(default.unwrap_or(LogLevel::Info), modules)
    }

    fn of(default: LogLevel, given: Vec<(String, String)>) -> Result<Self, Wrong> {
        let mut modules = BTreeMap::new();
        for (module, text) in given {
            let level = level(&text)?;
            check_module(&module, level)?;
            if modules.insert(module.clone(), level).is_some() {
                return Err(Wrong::new(format!("names {module} twice"), "give each module one level"));
            }
        }
        if modules.len() > MODULES_MAX {
            let remedy =
                format!("name at most {MODULES_MAX}; a module's level holds for those within it too");
            return Err(Wrong::new("names too many modules", remedy));
        }
        Ok(Self { default, modules })
    }
}

fn level(text: &str) -> Result<LogLevel, Wrong> {
    LogLevel::parse(text).ok_or_else(|| {
        Wrong::new(
            format!("{} is no level", shown(text)),
            "write trace, debug, info, warn or error, for example info,holdergraph::store=debug",
        )
    })
}

/// Whether this module may have this level. Libraries print headers below warnings, and with them tokens.
fn check_module(module: &str, level: LogLevel) -> Result<(), Wrong> {
    let is_name =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if module.len() > NAME_MAX || !module.split("::").all(is_name) {
        let remedy = "write modules as holdergraph::store or holdergraph::http::endpoint";
        return Err(Wrong::new(format!("{} is no module", shown(module)), remedy));
    }
    let mut parts = module.split("::");
    if parts.next() != Some(OWN) {
        return match level {
            LogLevel::Warn | LogLevel::Error => Ok(()),
            LogLevel::Trace | LogLevel::Debug | LogLevel::Info => Err(Wrong::new(
                format!(
                    "{} is a library, and below warn libraries print headers, with tokens in them",
                    shown(module)
                ),
                "set warn or error for it, or another level for a module of holdergraph",
            )),
        };
    }
    match parts.next() {
        Some(part) if !MODULES.contains(&part) => Err(Wrong::new(
            format!("holdergraph has no module {}", shown(part)),
            format!("name one of {}, or a module within it", MODULES.join(", ")),
        )),
        _ => Ok(()),
    }
}

impl TryFrom<Given> for LogLevels {
    type Error = BadLevels;

    fn try_from(Given(given): Given) -> Result<Self, BadLevels> {
        let bad = |Wrong { wrong, remedy }| BadLevels { wrong, remedy };
        let (defaults, modules): (Vec<_>, Vec<_>) = given.into_iter().partition(|(name, _)| name == DEFAULT);
        match defaults.as_slice() {
            [(_, text)] => Self::of(level(text).map_err(bad)?, modules).map_err(bad),
            [] => {
                let remedy =
                    r#"send all levels, for example {"default":"info","holdergraph::store":"debug"}"#;
                Err(bad(Wrong::new("default is missing", remedy)))
            }
            _ => Err(bad(Wrong::new("default is there twice", "give it one level"))),
        }
    }
}

impl Serialize for LogLevels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.modules.len() + 1))?;
        map.serialize_entry(DEFAULT, self.default.as_str())?;
        for (module, level) in &self.modules {
            map.serialize_entry(module, level.as_str())?;
        }
        map.end()
    }
}

/// The members of a JSON object of levels, as they came: also those that are there twice.
pub struct Given(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;

        impl<'de> Visitor<'de> for Reading {
            type Value = Given;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of levels by module")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Given, A::Error> {
                let mut given = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    // One for the default.
                    if given.len() > MODULES_MAX {
                        return Err(A::Error::custom(format!("more than {MODULES_MAX} modules")));
                    }
                    given.push(entry);
                }
                Ok(Given(given))
            }
        }

        deserializer.deserialize_map(Reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(wrong: Result<LogLevels, Wrong>) -> String {
        let Wrong { wrong, remedy } = wrong.unwrap_err();
        format!("{wrong}; {remedy}")
    }

    fn json(text: &str) -> Result<LogLevels, BadLevels> {
        serde_json::from_str::<Given>(text).unwrap().try_into()
    }

    #[test]
    fn a_level_may_stand_alone_and_modules_beside_it() {
        assert_eq!(LogLevels::parse("warn").unwrap(), LogLevel::Warn.into());
        let levels = LogLevels::parse("debug, holdergraph::store=trace,hyper=error").unwrap();
        assert_eq!(levels.default, LogLevel::Debug);
        assert_eq!(levels.modules["holdergraph::store"], LogLevel::Trace);
        assert_eq!(levels.modules["hyper"], LogLevel::Error);
        assert_eq!(LogLevels::parse("holdergraph::http=debug").unwrap().default, LogLevel::Info);
    }

    #[test]
    fn json_holds_all_levels_and_is_read_back_as_it_was_written() {
        let levels = LogLevels::parse("info,holdergraph::store=debug").unwrap();
        let text = serde_json::to_string(&levels).unwrap();
        assert_eq!(text, r#"{"default":"info","holdergraph::store":"debug"}"#);
        assert_eq!(json(&text).unwrap(), levels);
        let twice = r#"{"default":"info","holdergraph::store":"debug","holdergraph::store":"warn"}"#;
        assert!(json(twice).unwrap_err().to_string().contains("twice"));
        assert!(json("{}").unwrap_err().to_string().starts_with("default is missing"));
    }

    #[test]
    fn more_than_warnings_of_a_library_are_refused_with_the_reason() {
        for level in ["info", "debug", "trace"] {
            let told = told(LogLevels::parse(&format!("info,reqwest={level}")));
            assert!(told.contains("reqwest") && told.contains("tokens"), "{told}");
        }
        LogLevels::parse("info,reqwest=warn").unwrap();
    }

    #[test]
    fn what_is_no_level_and_no_module_is_named() {
        for (text, named) in [
            ("loud", "loud"),
            ("", "level"),
            ("info,debug", "two levels"),
            ("info,holdergraph::stroe=debug", "stroe"),
            ("info,holdergraph::store=", "level"),
            ("info,=debug", "module"),
            ("info,a b=warn", "a b"),
            ("info,holdergraph::=warn", "module"),
            ("info,holdergraph::http=warn,holdergraph::http=info", "twice"),
        ] {
            let told = told(LogLevels::parse(text));
            assert!(told.contains(named), "{text}: {told}");
        }
    }

    #[test]
    fn every_module_of_the_crate_may_have_a_level_of_its_own() {
        let crates = include_str!("../lib.rs").lines();
        let modules = crates.filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "));
        let modules: Vec<&str> = modules.map(|line| line.trim_end_matches(';')).collect();
        assert_eq!(modules, MODULES);
    }
}
