//! A link as one document.

use super::super::names::{
    AT, ENTRY, ENTRY_ID, MAC, NAMED, NUMBER, OPERATION, ORGANIZATION, SEALED_AT, SUBJECT,
};
use super::super::values::{Fields, Wrong, bytes, date, uuid};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{FoundBy, TrailHead, TrailLink, TrailMac};
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Bson, Document, doc};
use uuid::Uuid;

/// The `_id` of a link: its organization's bytes, then its number, the highest byte first.
pub(super) fn id(organization: OrganizationId, number: u64) -> Bson {
    bytes(&[organization.as_bytes().as_slice(), &number.to_be_bytes()].concat())
}

/// The `_id` that a document must have by its organization and number.
pub(in super::super) fn id_of(document: &Document) -> Result<Bson, Wrong> {
    let organization = OrganizationId(Fields(document).uuid(ORGANIZATION)?);
    Ok(id(organization, head(document)?.number))
}

/// The links of an organization with larger numbers than this.
pub(super) fn above(organization: OrganizationId, number: u64) -> Document {
    doc! { "$gt": id(organization, number), "$lte": id(organization, u64::MAX) }
}

/// A number as the database holds it; no chain is as long as it could be.
pub(super) fn stored(number: u64) -> Result<i64, Wrong> {
    i64::try_from(number).map_err(|_| Wrong(NUMBER))
}

/// The document of a link.
pub(super) fn document(organization: OrganizationId, link: &TrailLink) -> Result<Document, Wrong> {
    let FoundBy { id: entry, at, subject, operation, records } = &link.found_by;
    Ok(doc! {
        "_id": id(organization, link.number), ORGANIZATION: uuid(organization.0), NUMBER: stored(link.number)?,
        MAC: bytes(&link.mac.0), SEALED_AT: date(link.sealed_at), ENTRY: &link.entry, ENTRY_ID: uuid(*entry),
        AT: date(*at), SUBJECT: subject, OPERATION: operation,
        NAMED: records.iter().copied().map(uuid).collect::<Vec<_>>(),
    })
}

/// The link in a document.
pub(in super::super) fn link(document: &Document) -> Result<TrailLink, Wrong> {
    let fields = Fields(document);
    let TrailHead { number, mac, sealed_at } = head(document)?;
    Ok(TrailLink {
        number,
        mac,
        sealed_at,
        entry: fields.text(ENTRY)?.to_owned(),
        found_by: FoundBy {
            id: fields.uuid(ENTRY_ID)?,
            at: fields.date(AT)?,
            subject: fields.text(SUBJECT)?.to_owned(),
            operation: fields.text(OPERATION)?.to_owned(),
            records: records(document)?,
        },
    })
}

/// What of a link makes it the head of a chain.
pub(super) fn head(document: &Document) -> Result<TrailHead, Wrong> {
    let fields = Fields(document);
    Ok(TrailHead {
        number: u64::try_from(fields.long(NUMBER)?).map_err(|_| Wrong(NUMBER))?,
        mac: mac(fields, MAC)?,
        sealed_at: fields.date(SEALED_AT)?,
    })
}

/// An HMAC.
pub(super) fn mac(fields: Fields<'_>, name: &'static str) -> Result<TrailMac, Wrong> {
    Ok(TrailMac(fields.bytes(name)?.try_into().map_err(|_| Wrong(name))?))
}

fn records(document: &Document) -> Result<Vec<Uuid>, Wrong> {
    let records = document.get_array(NAMED).map_err(|_| Wrong(NAMED))?;
    let one = |record: &Bson| match record {
        Bson::Binary(Binary { subtype: BinarySubtype::Uuid, bytes }) => Uuid::from_slice(bytes).ok(),
        _ => None,
    };
    records.iter().map(|record| one(record).ok_or(Wrong(NAMED))).collect()
}
