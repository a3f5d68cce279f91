//! The writes, one protocol a file. Each works on what [`super::keyed`](super::Collections) gives it: with a slot, its
//! deciding write carries the operation.

mod change;
mod create_holder;
mod delete_holder;
mod link;
mod link_check;
mod purge_holder;
mod restore_alias_account;

use super::document;
use super::kind::Kind;
use super::names::{AUDIT, CLAIMS, DELETED_AT, STATE};
use super::phase::Phase;
use super::values::Wrong;
use crate::registry::ports::record::Change;
use mongodb::bson::{Document, doc};

/// The update that puts a whole record in the place of the one that was read, live from then on.
fn replacement<T: Kind>(change: &Change<T>) -> Result<Document, Wrong> {
    let mut set = document::content(&change.clear, &change.protected, change.version)?;
    set.insert(STATE, Phase::Live.name());
    let mut unset = doc! { DELETED_AT: "" };
    let claims = document::claims(&change.protected);
    if claims.is_empty() {
        unset.insert(CLAIMS, "");
    } else {
        set.insert(CLAIMS, claims);
    }
    let audit = document::audit(&change.audit)?;
    Ok(doc! { "$set": set, "$unset": unset, "$push": { AUDIT: { "$each": audit } } })
}
