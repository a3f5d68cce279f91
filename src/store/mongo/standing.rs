//! What a write must know of a record before it changes it: nothing of its content.

use super::alias_accounts::HOLDER_ID;
use super::names::{
    ATTEMPT, CLAIMS, CLEAR, DELETING, OPERATION, ORGANIZATION, PURGING, REVISION, REVIVING, STAMP, STATE,
    UNSETTLED,
};
use super::phase::Phase;
use super::values::{Fields, Wrong, bytes, uuid};
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use mongodb::bson::{Bson, Document, doc};
use uuid::Uuid;

/// One record among all of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) organization: OrganizationId,
    pub(super) id: Uuid,
}

impl Target {
    /// The filter that finds it; all filters begin with the shard key.
    pub(super) fn filter(&self) -> Document {
        doc! { ORGANIZATION: uuid(self.organization.0), "_id": uuid(self.id) }
    }

    /// The filter with more conditions.
    pub(super) fn with(&self, conditions: Document) -> Document {
        let mut filter = self.filter();
        filter.extend(conditions);
        filter
    }
}

/// One try at an operation; a record carries it from the write that decides the operation until both agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    /// The `_id` of the operation.
    pub(super) id: Vec<u8>,
    /// Which try.
    pub(super) attempt: Uuid,
}

impl Slot {
    /// As a record carries it.
    pub(super) fn document(&self) -> Document {
        doc! { "id": bytes(&self.id), ATTEMPT: uuid(self.attempt) }
    }

    fn read(fields: Fields<'_>, name: &'static str) -> Result<Self, Wrong> {
        let slot = fields.document(name)?;
        Ok(Self { id: slot.bytes("id")?.to_vec(), attempt: slot.uuid(ATTEMPT)? })
    }
}

/// A record's document without its content.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) target: Target,
    pub(super) phase: Phase,
    pub(super) revision: i64,
    pub(super) stamp: Uuid,
    pub(super) unsettled: Option<Timestamp>,
    pub(super) slot: Option<Slot>,
    pub(super) deleting: Option<Uuid>,
    pub(super) reviving: Option<Uuid>,
    /// The entries with which a purged holder's alias accounts go, where they are not gone yet.
    pub(super) purging: Option<Vec<Bson>>,
    /// An alias account's holder.
    pub(super) holder: Option<Uuid>,
    pub(super) claims: Vec<String>,
}

impl Standing {
    /// The fields that it is read from.
    pub(super) fn projection() -> Document {
        let mut fields = doc! {
            ORGANIZATION: 1, STATE: 1, REVISION: 1, STAMP: 1, UNSETTLED: 1, OPERATION: 1, DELETING: 1, REVIVING: 1,
            PURGING: 1, CLAIMS: 1,
        };
        fields.insert(format!("{CLEAR}.{HOLDER_ID}"), 1);
        fields
    }

    /// Reads it.
    pub(super) fn read(document: &Document) -> Result<Self, Wrong> {
        let fields = Fields(document);
        let clear = fields.maybe(CLEAR, Fields::document)?;
        Ok(Self {
            target: Target {
                organization: OrganizationId(fields.uuid(ORGANIZATION)?),
                id: fields.uuid("_id")?,
            },
            phase: Phase::parse(fields.text(STATE)?).ok_or(Wrong(STATE))?,
            revision: fields.long(REVISION)?,
            stamp: fields.uuid(STAMP)?,
            unsettled: fields.maybe(UNSETTLED, Fields::date)?,
            slot: fields.maybe(OPERATION, Slot::read)?,
            deleting: fields.maybe(DELETING, Fields::uuid)?,
            reviving: fields.maybe(REVIVING, Fields::uuid)?,
            purging: document.get_array(PURGING).ok().cloned(),
            holder: clear.map(|clear| clear.maybe(HOLDER_ID, Fields::uuid)).transpose()?.flatten(),
            claims: fields.texts(CLAIMS)?,
        })
    }

    /// Whether whoever began something with it had all the time that it is given.
    pub(super) fn is_overdue(&self, now: Timestamp) -> bool {
        self.unsettled.is_some_and(|until| until < now)
    }
}
