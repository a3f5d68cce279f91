//! What one request has seen of personal data in clear, and which records were withheld from it: names and ids only.

use super::ports::audit::{AuditedRecord, NAMED_MAX};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

/// Gathered while a request runs. An answer may hold thousands of values, so noting one must cost next to nothing.
#[derive(Default)]
pub struct Revealed(Mutex<Noted>);

#[derive(Default)]
struct Noted {
    /// Fields of one record are answered one after the other.
    last: Option<AuditedRecord>,
    all: HashSet<AuditedRecord>,
    named: Vec<AuditedRecord>,
    fields: BTreeSet<Cow<'static, str>>,
    withheld: Vec<AuditedRecord>,
}

/// What was gathered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Records of which personal data was read, the first of them.
    pub records: Vec<AuditedRecord>,
    /// How many there were.
    pub record_count: u64,
    /// Which fields of them, in alphabetical order.
    pub fields: Vec<String>,
    /// Records that were asked for and refused, the first of them.
    pub withheld: Vec<AuditedRecord>,
}

impl Revealed {
    /// A field of a record is answered in clear: the record's type, a dot, and the field's path below it.
    pub fn note(&self, record: AuditedRecord, field: Cow<'static, str>) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.last != Some(record) {
            noted.last = Some(record);
            if noted.all.insert(record) && noted.named.len() < NAMED_MAX {
                noted.named.push(record);
            }
        }
        if !noted.fields.contains(&field) {
            noted.fields.insert(field);
        }
    }

    /// These records were asked for by their ids and refused, or a field of them.
    pub fn withhold(&self, records: impl IntoIterator<Item = AuditedRecord>) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for record in records {
            if noted.withheld.len() >= NAMED_MAX {
                return;
            }
            if !noted.withheld.contains(&record) {
                noted.withheld.push(record);
            }
        }
    }

    /// All of it until now.
    pub fn seen(&self) -> Seen {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Seen {
            records: noted.named.clone(),
            record_count: u64::try_from(noted.all.len()).unwrap_or(u64::MAX),
            fields: noted.fields.iter().map(|field| field.clone().into_owned()).collect(),
            withheld: noted.withheld.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{AliasAccountId, HolderId};
    use uuid::Uuid;

    fn holder(number: u128) -> AuditedRecord {
        AuditedRecord::Holder(HolderId(Uuid::from_u128(number)))
    }

    #[test]
    fn a_record_is_named_once_however_many_of_its_fields_are_read_and_in_whatever_order() {
        let revealed = Revealed::default();
        let alias = AuditedRecord::AliasAccount(AliasAccountId(Uuid::from_u128(1)));
        for (record, field) in [
            (holder(1), "Holder.name"),
            (alias, "AliasAccount.document"),
            (holder(1), "Holder.document"),
            (alias, "AliasAccount.document"),
        ] {
            revealed.note(record, Cow::Borrowed(field));
        }
        let seen = revealed.seen();
        assert_eq!((seen.records, seen.record_count), (vec![holder(1), alias], 2));
        assert_eq!(seen.fields, ["AliasAccount.document", "Holder.document", "Holder.name"]);
    }

    #[test]
    fn of_more_records_than_are_named_the_rest_is_counted() {
        let revealed = Revealed::default();
        for number in (1..=250).chain(1..=250) {
            revealed.note(holder(number), Cow::Borrowed("Holder.name"));
            revealed.withhold([holder(number), holder(1)]);
        }
        let seen = revealed.seen();
        assert_eq!((seen.records.len(), seen.record_count, seen.withheld.len()), (100, 250, 100));
    }
}
