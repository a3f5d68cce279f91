//! Reading the conditions of a filter, each under its own name.

use super::{Condition, Conditions, ENTRIES_MAX, IDS_MAX, MetadataFilter, TimeRange};
use crate::domain::ids::parse_uuid;
use crate::domain::metadata::MetadataValue;
use crate::domain::normal::Normalised;
use serde_json::Number;

/// Why a filter can be none: every condition that cannot be one, by name, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadFilter(pub String);

/// Most faults that one message tells: more help nobody, and would make the answer the attack.
const TOLD_MAX: usize = 20;

/// The first of them, and how many more there are.
pub fn listed(faults: &[String], separator: &str) -> String {
    let told = faults.get(..TOLD_MAX).unwrap_or(faults).join(separator);
    match faults.len().saturating_sub(TOLD_MAX) {
        0 => told,
        more => format!("{told} … and {more} more"),
    }
}

/// A filter while it is read.
#[derive(Default)]
pub(super) struct Reading {
    conditions: Conditions,
    faults: Vec<String>,
}

impl Reading {
    pub(super) fn finish(self) -> Result<Conditions, BadFilter> {
        if self.faults.is_empty() { Ok(self.conditions) } else { Err(BadFilter(listed(&self.faults, "; "))) }
    }

    pub(super) fn set(&mut self, conditions: impl FnOnce(&mut Conditions)) {
        conditions(&mut self.conditions);
    }

    pub(super) fn hold(&mut self, condition: Option<Condition>) {
        self.conditions.all.extend(condition);
    }

    pub(super) fn fault(&mut self, fault: impl Into<String>) {
        self.faults.push(fault.into());
    }

    pub(super) fn ids(&mut self, ids: Option<Vec<String>>) {
        let Some(ids) = ids else { return };
        if ids.len() > IDS_MAX {
            return self.fault(format!("filter.ids has {} ids: at most {IDS_MAX} are taken", ids.len()));
        }
        let mut read = std::collections::BTreeSet::new();
        for (index, id) in ids.iter().enumerate() {
            match parse_uuid(id) {
                Some(id) => drop(read.insert(id)),
                None => self
                    .fault(format!("filter.ids.{index} is no UUID: write it as 36 characters with dashes")),
            }
        }
        self.conditions.ids = Some(read);
    }

    /// A text that is compared letter by letter.
    pub(super) fn text(&mut self, name: &str, max: usize, text: Option<String>) -> Option<String> {
        let text = text?;
        self.fits(name, max, &text).then_some(text)
    }

    /// A text that is compared after normalisation.
    pub(super) fn normalised(&mut self, name: &str, max: usize, text: Option<String>) -> Option<Normalised> {
        let text = self.text(name, max, text)?;
        let normalised = Normalised::of(&text);
        if normalised.is_none() {
            self.fault(format!("filter.{name} holds no letter and no digit: leave it out, or give a value"));
        }
        normalised
    }

    fn fits(&mut self, name: &str, max: usize, text: &str) -> bool {
        let length = text.chars().count();
        if text.trim().is_empty() {
            self.fault(format!("filter.{name} is blank: leave it out, or give a value"));
        } else if length > max {
            self.fault(format!("filter.{name} has {length} characters: no record has more than {max}"));
        } else {
            return true;
        }
        false
    }

    pub(super) fn created(&mut self, range: Option<TimeRange>) {
        match range {
            None => {}
            Some(TimeRange { from: None, to: None }) => {
                self.fault("filter.createdAt is empty: leave it out, or give from, to or both");
            }
            Some(range) => self.conditions.created = range,
        }
    }

    pub(super) fn metadata(&mut self, entries: Option<Vec<MetadataFilter>>) {
        let Some(entries) = entries else { return };
        if entries.is_empty() {
            return self.fault("filter.metadata is empty: leave it out, or give an entry");
        }
        if entries.len() > ENTRIES_MAX {
            let many = entries.len();
            return self
                .fault(format!("filter.metadata has {many} entries: at most {ENTRIES_MAX} are taken"));
        }
        for (index, entry) in entries.into_iter().enumerate() {
            self.metadata_entry(&format!("metadata.{index}"), entry);
        }
    }

    fn metadata_entry(&mut self, name: &str, entry: MetadataFilter) {
        let MetadataFilter { key, string, number, boolean } = entry;
        let key = self.text(&format!("{name}.key"), crate::domain::metadata::KEY_MAX, Some(key));
        let given = [string.is_some(), number.is_some(), boolean.is_some()]
            .into_iter()
            .filter(|given| *given)
            .count();
        if given != 1 {
            return self.fault(format!(
                "filter.{name} needs exactly one of string, number and boolean, not {given}"
            ));
        }
        let string = self
            .text(&format!("{name}.string"), crate::domain::metadata::VALUE_MAX, string)
            .map(MetadataValue::Text);
        // A GraphQL Float is finite, so it always is a JSON number.
        let number = number.and_then(Number::from_f64).map(MetadataValue::Number);
        let value = string.or(number).or(boolean.map(MetadataValue::Boolean));
        self.hold(key.zip(value).map(|(key, value)| Condition::Metadata(key, value)));
    }
}
