//! A record as one document.

use super::kind::{Kind, Times};
use super::names::{
    ALL, AUDIT, CLAIMS, CLEAR, CREATED_AT, DELETED_AT, GENERATIONS, ORGANIZATION, REVISION, SEALED, STAMP,
    STATE, TOKENS, UPDATED_AT, VERSION,
};
use super::phase::Phase;
use super::standing::Target;
use super::values::{Fields, Wrong, bytes, date, part, uuid};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::record::{AuditEntry, Claim, Detail, New, Protected, Sealed, Stored, Token};
use mongodb::bson::{Bson, Document, doc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The document of a new record, without a stamp.
pub(super) fn inserted<T: Kind>(new: &New<T>, phase: Phase) -> Result<Document, Wrong> {
    let mut document = content(&new.clear, &new.protected, 1)?;
    document.insert("_id", uuid(new.clear.uuid()));
    document.insert(ORGANIZATION, uuid(new.clear.organization().0));
    document.insert(STATE, phase.name());
    document.insert(REVISION, 1_i64);
    let claims = claims(&new.protected);
    if !claims.is_empty() {
        document.insert(CLAIMS, claims);
    }
    document.insert(AUDIT, audit(&new.audit)?);
    Ok(document)
}

/// A document without a record: it keeps what the audit trail shall say, and its id from being used again.
pub(super) fn purged(target: &Target, stamp: Uuid, entries: Vec<Bson>) -> Document {
    target.with(doc! {
        STATE: Phase::Purged.name(), REVISION: 1_i64, STAMP: uuid(stamp), AUDIT: entries,
    })
}

/// All fields of a record that a change replaces, claims aside.
pub(super) fn content<T: Kind>(clear: &T, protected: &Protected, version: i32) -> Result<Document, Wrong> {
    let times = clear.times();
    Ok(doc! {
        CLEAR: clear.encode()?,
        CREATED_AT: date(times.created_at),
        UPDATED_AT: date(times.updated_at),
        VERSION: version,
        TOKENS: tokens(clear, &protected.tokens),
        SEALED: bytes(&protected.sealed.0),
        GENERATIONS: protected.generations.iter().map(|id| id.0.as_str()).collect::<Vec<_>>(),
    })
}

/// What a record holds, each claim once.
pub(super) fn claims(protected: &Protected) -> Vec<&str> {
    let claims: BTreeSet<&Claim> = protected.claims.iter().collect();
    claims.into_iter().map(|claim| claim.0.as_str()).collect()
}

/// What a record is listed and found by.
fn tokens<T: Kind>(clear: &T, sealed: &[Token]) -> Vec<String> {
    let mut tokens = clear.terms();
    tokens.extend(sealed.iter().cloned());
    tokens.insert(Token(ALL.to_owned()));
    tokens.into_iter().map(|token| token.0).collect()
}

/// Entries for the audit trail.
pub(super) fn audit(entries: &[AuditEntry]) -> Result<Vec<Bson>, Wrong> {
    entries.iter().map(|entry| part(AUDIT, entry)).collect()
}

/// The fields that a reader needs of a record: never more than asked for.
pub(super) fn projection(detail: Detail) -> Document {
    let mut fields = doc! {
        ORGANIZATION: 1, STATE: 1, CLEAR: 1, CREATED_AT: 1, UPDATED_AT: 1, DELETED_AT: 1, VERSION: 1, REVISION: 1,
    };
    if detail == Detail::Sealed {
        fields.insert(SEALED, 1);
    }
    fields
}

/// The record in a document that was read with [`projection`].
pub(super) fn record<T: Kind>(document: &Document) -> Result<Stored<T>, Wrong> {
    let fields = Fields(document);
    let times = Times {
        created_at: fields.date(CREATED_AT)?,
        updated_at: fields.date(UPDATED_AT)?,
        deleted_at: fields.maybe(DELETED_AT, Fields::date)?,
    };
    let organization = OrganizationId(fields.uuid(ORGANIZATION)?);
    Ok(Stored {
        clear: T::decode(organization, fields.uuid("_id")?, times, fields.document(CLEAR)?)?,
        version: fields.int(VERSION)?,
        revision: fields.long(REVISION)?,
        sealed: fields.maybe(SEALED, Fields::bytes)?.map(|bytes| Sealed(bytes.to_vec())),
    })
}
