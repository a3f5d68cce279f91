//! How things are called in the database. A name that was released never changes.

/// The tenant; every index of records begins with it.
pub(super) const ORGANIZATION: &str = "organizationId";
/// One of [`super::phase::Phase`].
pub(super) const STATE: &str = "state";
/// The clear part, as one document.
pub(super) const CLEAR: &str = "clear";
pub(super) const CREATED_AT: &str = "createdAt";
pub(super) const UPDATED_AT: &str = "updatedAt";
/// Only on a record that is soft-deleted.
pub(super) const DELETED_AT: &str = "deletedAt";
pub(super) const VERSION: &str = "version";
pub(super) const REVISION: &str = "revision";
/// What no other record may hold; absent where nothing is held, never empty.
pub(super) const CLAIMS: &str = "claims";
/// What the record is listed and found by; the empty token stands for all of its collection.
pub(super) const TOKENS: &str = "tokens";
pub(super) const SEALED: &str = "sealed";
pub(super) const GENERATIONS: &str = "generations";
/// Entries of the audit trail that were not moved there yet.
pub(super) const AUDIT: &str = "audit";
/// Which write left the record as it is: a write whose answer was lost knows itself again by it.
pub(super) const STAMP: &str = "stamp";
/// When the entries of [`AUDIT`] happened: the path that indexes know.
pub(super) const AUDIT_AT: &str = "audit.at";
/// Until when whoever began something with the record is given time to go on; absent where nothing is unfinished.
pub(super) const UNSETTLED: &str = "unsettled";
/// The operation that this record's last write belongs to, until the operation is committed too.
pub(super) const OPERATION: &str = "operation";
/// On a holder: somebody looks whether it has alias accounts, to delete it; the value is that write's stamp.
pub(super) const DELETING: &str = "deleting";
/// On a deleted alias account: somebody is about to restore it; the value is that write's stamp.
pub(super) const REVIVING: &str = "reviving";
/// On a holder that was removed for good: what the audit trail shall say of its alias accounts, until they are gone.
pub(super) const PURGING: &str = "purging";

/// Of an operation: which try at it this is.
pub(super) const ATTEMPT: &str = "attempt";
pub(super) const MUTATION: &str = "mutation";
pub(super) const FINGERPRINT: &str = "fingerprint";
pub(super) const OUTCOME: &str = "outcome";
/// The collection and the id of the record whose write commits the operation.
pub(super) const COLLECTION: &str = "collection";
pub(super) const RECORD: &str = "record";
/// Until when the caller is given time to go on.
pub(super) const LEASE: &str = "lease";
/// From when on the key is free again, by the clock that the operation came with.
pub(super) const EXPIRES_AT: &str = "expiresAt";
/// When the database removes the document by itself.
pub(super) const REMOVE_AT: &str = "removeAt";

/// What is noted of a walk over all links, as JSON.
pub(super) const WALK: &str = "walk";

/// Of a link of the audit trail: its number in its organization's chain, also the last eight bytes of its `_id`.
pub(super) const NUMBER: &str = "number";
/// Its HMAC.
pub(super) const MAC: &str = "mac";
/// When it was appended.
pub(super) const SEALED_AT: &str = "sealedAt";
/// The entry as the HMAC covers it, as JSON text.
pub(super) const ENTRY: &str = "entry";
/// The entry's id; no two links of an organization have the same.
pub(super) const ENTRY_ID: &str = "entryId";
/// When the entry happened.
pub(super) const AT: &str = "at";
/// Who did it.
pub(super) const SUBJECT: &str = "subject";
/// Which records it tells of. What was done is in [`OPERATION`], as text.
pub(super) const NAMED: &str = "records";

/// Of an organization's chain: who may append to it.
pub(super) const LEADER: &str = "leader";
/// Until when.
pub(super) const UNTIL: &str = "until";
/// Where the chain begins, where older links were removed.
pub(super) const CHECKPOINT: &str = "checkpoint";
/// Over the organization and the checkpoint.
pub(super) const PROOF: &str = "proof";

/// The token of all records of a collection.
pub(super) const ALL: &str = "";
/// With a holder's id: the token of an alias account that somebody is about to restore.
pub(super) const REVIVING_TOKEN: &str = "reviving/";
