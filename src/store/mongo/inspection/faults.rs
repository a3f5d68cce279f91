//! What is wrong with single documents.

use super::super::kind::Kind;
use super::super::link_walks;
use super::super::names::{
    ALL, AUDIT, CLAIMS, CLEAR, CREATED_AT, DELETED_AT, GENERATIONS, LEASE, ORGANIZATION, REMOVE_AT, REVIVING,
    REVIVING_TOKEN, SEALED, TOKENS, UPDATED_AT, VERSION,
};
use super::super::operations::{COMMITTED, FENCED, Known, PENDING};
use super::super::phase::Phase;
use super::super::standing::Standing;
use super::super::trail;
use super::super::values::{Fields, Wrong};
use super::{kept, key_check};
use crate::domain::holder::Holder;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::FoundBy;
use crate::registry::ports::link_walk::WalkKind;
use crate::registry::ports::record::AuditEntry;
use mongodb::bson::{self, Document};

/// So long after the end of a lease somebody must have settled what it was about.
const PATIENCE_MS: i64 = 60_000;

/// All that a purge takes away.
const CONTENT: [&str; 9] =
    [CLEAR, CLAIMS, TOKENS, SEALED, GENERATIONS, CREATED_AT, UPDATED_AT, DELETED_AT, VERSION];

/// Of a record's document with all its fields.
pub(super) fn of_record<T: Kind>(document: &Document, now: Timestamp) -> Vec<&'static str> {
    let standing = Standing::read(document).and_then(|standing| audited(document).map(|()| standing));
    let Ok(standing) = standing else { return vec!["a record that this release cannot read"] };
    let mut told = unfinished(&standing, now);
    if standing.phase == Phase::Purged {
        let left = CONTENT.iter().any(|name| document.contains_key(name));
        told.extend(left.then_some("a removed record of which something is left"));
        return told;
    }
    match kept::<T>(document) {
        Ok(_) => told.extend(of_content::<T>(document, &standing)),
        Err(_) => told.push("a record that this release cannot read"),
    }
    told
}

fn of_content<T: Kind>(document: &Document, standing: &Standing) -> impl Iterator<Item = &'static str> {
    let deleted = standing.phase == Phase::Deleted;
    let claims = &standing.claims;
    let of_kind = if T::COLLECTION == Holder::COLLECTION { "document." } else { "account/" };
    let tokens = Fields(document).texts(TOKENS).unwrap_or_default();
    let reviving = tokens.iter().any(|token| token.starts_with(REVIVING_TOKEN));
    [
        (deleted && document.contains_key(CLAIMS), "a deleted record that holds claims"),
        (!deleted && claims.is_empty(), "a live record that holds no claim"),
        (claims.iter().any(|claim| !claim.starts_with(of_kind)), "a claim of another kind than its record"),
        (
            deleted != document.contains_key(DELETED_AT),
            "a record whose state is not what its time of deletion tells",
        ),
        (!tokens.iter().any(|token| token == ALL), "a record that is not in the list of all"),
        (
            reviving != document.contains_key(REVIVING),
            "a record that is about to be restored, and not found as such",
        ),
    ]
    .into_iter()
    .filter_map(|(wrong, what)| wrong.then_some(what))
}

fn audited(document: &Document) -> Result<(), Wrong> {
    let entries = document.get_array(AUDIT).map_err(|_| Wrong(AUDIT))?;
    for entry in entries {
        bson::deserialize_from_bson::<AuditEntry>(entry.clone()).map_err(|_| Wrong(AUDIT))?;
    }
    Ok(())
}

fn unfinished(standing: &Standing, now: Timestamp) -> Vec<&'static str> {
    let begun = matches!(standing.phase, Phase::Held | Phase::Joining)
        || standing.deleting.is_some()
        || standing.reviving.is_some()
        || standing.purging.is_some()
        || standing.slot.is_some() && standing.phase != Phase::Purged;
    let late = standing.unsettled.is_some_and(|until| until.plus(PATIENCE_MS) < now);
    [
        (late, "a record with which something was begun that nobody brought to its end"),
        (
            begun && standing.unsettled.is_none(),
            "a record with which something was begun that nobody will bring to its end",
        ),
    ]
    .into_iter()
    .filter_map(|(wrong, what)| wrong.then_some(what))
    .collect()
}

/// Of an operation. One whose caller went away before it wrote anything stays until somebody asks for its key, or until
/// it expires: nothing is wrong with it.
pub(super) fn of_operation(document: &Document) -> Option<&'static str> {
    let fields = Fields(document);
    let Ok(known) = Known::read(document) else { return Some("an operation that this release cannot read") };
    let can_be_decided = known.target.is_some() && !known.collection.is_empty() && fields.date(LEASE).is_ok();
    match known.state.as_str() {
        _ if fields.date(REMOVE_AT).is_err() => Some("an operation that never expires"),
        COMMITTED => None,
        PENDING | FENCED if can_be_decided => None,
        PENDING | FENCED => Some("an operation that cannot be decided"),
        _ => Some("an operation that this release cannot read"),
    }
}

/// Of a check value.
pub(super) fn of_key_check(document: &Document) -> Option<&'static str> {
    key_check(document).is_err().then_some("a check value that this release cannot read")
}

/// Of the note of a walk over all links.
pub(super) fn of_link_walk(document: &Document) -> Option<&'static str> {
    let is_known = Fields(document).text("_id").is_ok_and(|kind| {
        [WalkKind::Background, WalkKind::Command].iter().any(|known| known.as_str() == kind)
    });
    let is_read = is_known && link_walks::noted(document).is_ok();
    (!is_read).then_some("the note of a link check that this release cannot read")
}

/// Of an entry for the audit trail without a record.
pub(super) fn of_entry(document: &Document) -> Option<&'static str> {
    let fields = Fields(document);
    let is_read = fields.uuid("_id").and(fields.uuid(ORGANIZATION)).and(audited(document)).is_ok();
    (!is_read).then_some("an entry for the audit trail that this release cannot read")
}

/// Of a link of the audit trail: what its HMAC does not cover. Whether its entry is one is the affair of
/// `holdergraph audit verify`.
pub(super) fn of_link(document: &Document) -> Option<&'static str> {
    let (Ok(link), Ok(id)) = (trail::link(document), trail::id_of(document)) else {
        return Some("a link of the audit trail that this release cannot read");
    };
    if document.get("_id") != Some(&id) {
        return Some("a link of the audit trail whose id is not that of its number");
    }
    let entry = serde_json::from_str::<AuditEntry>(&link.entry).ok()?;
    let is_found = FoundBy::of(&entry) == link.found_by;
    (!is_found).then_some("a link of the audit trail that is found by what its entry does not tell")
}

/// Of what is kept of a chain.
pub(super) fn of_chain(document: &Document) -> Option<&'static str> {
    trail::chain(document).is_err().then_some("a chain of the audit trail that this release cannot read")
}
