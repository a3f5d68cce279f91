//! The entries of one document, and how each is found there again.

use super::super::database::Collections;
use super::super::names::{AUDIT, STATE};
use super::super::phase::Phase;
use super::super::values::{Fields, Wrong};
use crate::domain::ids::{AliasAccountId, HolderId};
use crate::registry::ports::audit::{AuditEntry, AuditedRecord, WaitingEntry, WaitingPlace, derived_id};
use mongodb::Collection;
use mongodb::bson::{self, Bson, Document};
use uuid::Uuid;

/// Which collection an entry waits in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Outbox {
    /// With a holder.
    Holders = 0,
    /// With an alias account.
    AliasAccounts = 1,
    /// By itself.
    Entries = 2,
}

impl Outbox {
    /// All of them.
    pub(in super::super) const ALL: [Self; 3] = [Self::Holders, Self::AliasAccounts, Self::Entries];

    /// Its collection.
    pub(super) fn of(self, collections: &Collections) -> &Collection<Document> {
        match self {
            Self::Holders => &collections.holders,
            Self::AliasAccounts => &collections.alias_accounts,
            Self::Entries => &collections.audit_entries,
        }
    }
}

/// How an entry is known among those of its document.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// By its id.
    Id(Uuid),
    /// By all of it: it has no id.
    Whole(Document),
}

/// Where an entry waits.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) outbox: Outbox,
    /// The `_id` of its document.
    pub(super) document: Uuid,
    pub(super) mark: Mark,
}

/// What comes before an entry's id in a place, and before the whole of one without.
const BY_ID: u8 = 0;
const BY_ALL: u8 = 1;

impl Spot {
    /// As others keep it.
    fn place(&self) -> Result<WaitingPlace, Wrong> {
        let mut place = vec![self.outbox as u8];
        place.extend(self.document.as_bytes());
        match &self.mark {
            Mark::Id(id) => {
                place.push(BY_ID);
                place.extend(id.as_bytes());
            }
            Mark::Whole(entry) => {
                place.push(BY_ALL);
                place.extend(entry.to_vec().map_err(|_| Wrong(AUDIT))?);
            }
        }
        Ok(WaitingPlace(place))
    }

    /// Reads a place; `None` where this store did not make it.
    pub(super) fn read(WaitingPlace(place): &WaitingPlace) -> Option<Self> {
        let (outbox, rest) = place.split_first()?;
        let (document, rest) = rest.split_at_checked(16)?;
        let (kind, mark) = rest.split_first()?;
        let mark = match *kind {
            BY_ID => Mark::Id(Uuid::from_slice(mark).ok()?),
            BY_ALL => Mark::Whole(Document::from_reader(mark).ok()?),
            _ => return None,
        };
        let outbox = Outbox::ALL.into_iter().find(|known| *known as u8 == *outbox)?;
        Some(Self { outbox, document: Uuid::from_slice(document).ok()?, mark })
    }
}

/// The entries of a document.
pub(super) fn waiting_in(outbox: Outbox, document: &Document) -> Result<Vec<WaitingEntry>, Wrong> {
    let fields = Fields(document);
    let id = fields.uuid("_id")?;
    let purged = fields.maybe(STATE, Fields::text)? == Some(Phase::Purged.name());
    let entries = document.get_array(AUDIT).map_err(|_| Wrong(AUDIT))?;
    entries.iter().map(|entry| waiting(outbox, id, purged, entry)).collect()
}

fn waiting(outbox: Outbox, document: Uuid, purged: bool, stored: &Bson) -> Result<WaitingEntry, Wrong> {
    let entry: AuditEntry = bson::deserialize_from_bson(stored.clone()).map_err(|_| Wrong(AUDIT))?;
    let mark = match stored {
        Bson::Document(whole) if entry.id.is_nil() => Mark::Whole(whole.clone()),
        _ => Mark::Id(entry.id),
    };
    let entry = match &mark {
        Mark::Whole(whole) => identified(entry, outbox, document, purged, whole)?,
        // Only the purge of a holder leaves its entry with records that it does not name.
        Mark::Id(_) if purged => entry.told_of(AuditedRecord::AliasAccount(AliasAccountId(document))),
        Mark::Id(_) => entry,
    };
    Ok(WaitingEntry { place: Spot { outbox, document, mark }.place()?, entry })
}

/// An entry of an earlier release with an id, and with its record where it is known of what kind that is: a copy puts
/// the entries of any removed record among holders.
fn identified(
    mut entry: AuditEntry,
    outbox: Outbox,
    document: Uuid,
    purged: bool,
    whole: &Document,
) -> Result<AuditEntry, Wrong> {
    let bytes = whole.to_vec().map_err(|_| Wrong(AUDIT))?;
    let record = match outbox {
        Outbox::AliasAccounts => Some(AuditedRecord::AliasAccount(AliasAccountId(document))),
        Outbox::Holders if !purged => Some(AuditedRecord::Holder(HolderId(document))),
        Outbox::Holders | Outbox::Entries => None,
    };
    if let Some(record) = record.filter(|_| entry.record_count == 0) {
        entry = entry.about([record]);
    }
    entry.id = derived_id(&[document.as_bytes(), &bytes]);
    Ok(entry)
}
