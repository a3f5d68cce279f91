//! Reading what a sandbox server is sent to drive it: every fault is told, each with its place.

use serde_json::{Map, Value};
use std::fmt::Display;
use std::ops::RangeInclusive;

/// The members of one object of a body. Each is taken by its name; what is left in the end is unknown.
pub(in crate::sandbox) struct Members<'a> {
    place: String,
    members: Map<String, Value>,
    faults: &'a mut Vec<String>,
}

impl<'a> Members<'a> {
    /// The members of this value, which must be an object; `place` is empty for the body itself.
    pub(in crate::sandbox) fn of(
        place: impl Into<String>,
        value: Value,
        faults: &'a mut Vec<String>,
    ) -> Option<Self> {
        let place = place.into();
        match value {
            Value::Object(members) => Some(Self { place, members, faults }),
            _ => {
                let place = if place.is_empty() { "the body" } else { &place };
                faults.push(format!("{place} must be a JSON object"));
                None
            }
        }
    }

    /// Whether there is one of that name that was not taken.
    pub(in crate::sandbox) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// Takes the member as it is.
    pub(in crate::sandbox) fn take(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name)
    }

    /// The string of 1 to 512 characters, if there is one.
    pub(in crate::sandbox) fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) if (1..=512).contains(&text.chars().count()) => Some(text),
            _ => self.fault(name, "must be a string of 1 to 512 characters"),
        }
    }

    /// The whole number of this range, if there is one.
    pub(in crate::sandbox) fn whole(&mut self, name: &str, range: RangeInclusive<u64>) -> Option<u64> {
        match self.take(name)?.as_u64().filter(|number| range.contains(number)) {
            Some(number) => Some(number),
            None => {
                let (least, most) = range.into_inner();
                self.fault(name, format!("must be a whole number from {least} to {most}"))
            }
        }
    }

    /// `true` or `false`, if it is there.
    pub(in crate::sandbox) fn boolean(&mut self, name: &str) -> Option<bool> {
        match self.take(name)? {
            Value::Bool(value) => Some(value),
            _ => self.fault(name, "must be true or false"),
        }
    }

    /// Notes what must not be missing, before it is taken.
    pub(in crate::sandbox) fn require(&mut self, names: &[&str]) {
        for name in names {
            if !self.has(name) {
                self.note(name, "is missing");
            }
        }
    }

    /// Notes what is wrong with that member.
    pub(in crate::sandbox) fn note(&mut self, name: &str, what: impl Display) {
        let dot = if self.place.is_empty() { "" } else { "." };
        self.faults.push(format!("{}{dot}{} {what}", self.place, name.escape_debug()));
    }

    /// The same, and there is nothing to go on with.
    pub(in crate::sandbox) fn fault<T>(&mut self, name: &str, what: impl Display) -> Option<T> {
        self.note(name, what);
        None
    }

    /// Ends the reading: whatever was not taken is unknown.
    pub(in crate::sandbox) fn end(mut self, known: &[&str]) {
        for name in std::mem::take(&mut self.members).into_iter().map(|(name, _)| name) {
            self.note(&name, format!("is unknown; there are {}", known.join(", ")));
        }
    }
}
