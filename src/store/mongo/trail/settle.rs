//! Removing entries from where they waited, once they are in the trail. All of it may be done twice, and late.

use super::super::budget::Budget;
use super::super::database::Collections;
use super::super::names::{AUDIT, ORGANIZATION};
use super::super::standing::Target;
use super::super::trouble::Trouble;
use super::super::values::uuid;
use super::place::{Mark, Outbox, Spot};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::WaitingPlace;
use crate::registry::ports::store::StoreError;
use mongodb::bson::{Bson, Document, doc};
use std::collections::BTreeMap;
use uuid::Uuid;

/// So many documents are changed by one command.
const AT_ONCE: usize = 1_000;

/// The entries of one document that go.
#[derive(Default)]
struct Going {
    ids: Vec<String>,
    /// Those without an id.
    wholes: Vec<Document>,
}

impl Collections {
    pub(super) async fn settle_entries(
        &self,
        organization: OrganizationId,
        places: &[WaitingPlace],
    ) -> Result<(), StoreError> {
        let mut going: BTreeMap<(Outbox, Uuid), Going> = BTreeMap::new();
        for place in places {
            let Some(Spot { outbox, document, mark }) = Spot::read(place) else {
                return Err(StoreError::Damaged("a place that is none of this store's entries".to_owned()));
            };
            let going = going.entry((outbox, document)).or_default();
            match mark {
                Mark::Id(id) => going.ids.push(id.to_string()),
                Mark::Whole(whole) => going.wholes.push(whole),
            }
        }
        let budget = Budget::of(self.timeout);
        for outbox in [Outbox::Holders, Outbox::AliasAccounts] {
            let theirs = going.iter().filter(|((of, _), _)| *of == outbox);
            let pulls: Vec<Document> =
                theirs.flat_map(|((_, id), going)| pulls(Target { organization, id: *id }, going)).collect();
            for some in pulls.chunks(AT_ONCE) {
                self.pull(&budget, outbox, some).await?;
            }
        }
        let kept = going.keys().filter(|(of, _)| *of == Outbox::Entries).map(|(_, id)| uuid(*id));
        let kept: Vec<Bson> = kept.collect();
        for some in kept.chunks(AT_ONCE) {
            let these = doc! { ORGANIZATION: uuid(organization.0), "_id": { "$in": some.to_vec() } };
            budget.again(|| self.audit_entries.delete_many(these.clone())).await?;
        }
        Ok(())
    }

    /// One command with a statement for each document, which the driver has for no server but the newest.
    async fn pull(&self, budget: &Budget, outbox: Outbox, pulls: &[Document]) -> Result<(), StoreError> {
        let command = doc! {
            "update": outbox.of(self).name(), "updates": pulls.to_vec(), "ordered": false,
            "writeConcern": { "w": "majority", "j": true },
        };
        loop {
            let end = budget.run(self.database.run_command(command.clone())).await;
            match end.and_then(|told| written(&told)) {
                Ok(()) => return Ok(()),
                Err(trouble) => budget.outlast(trouble).await?,
            }
        }
    }
}

/// The statements that take entries from a document.
fn pulls(target: Target, Going { ids, wholes }: &Going) -> Vec<Document> {
    let statement = |update: Document| doc! { "q": target.filter(), "u": update };
    let mut pulls = Vec::new();
    if !ids.is_empty() {
        pulls.push(statement(doc! { "$pull": { AUDIT: { "id": { "$in": ids } } } }));
    }
    if !wholes.is_empty() {
        pulls.push(statement(doc! { "$pullAll": { AUDIT: wholes } }));
    }
    pulls
}

/// What became of the statements of a command, which the driver does not look at.
fn written(told: &Document) -> Result<(), Trouble> {
    if let Ok([error, ..]) = told.get_array("writeErrors").map(Vec::as_slice) {
        let code = error.as_document().and_then(|error| error.get_i32("code").ok());
        return Err(Trouble::of_code(code.unwrap_or_default()));
    }
    if told.contains_key("writeConcernError") { Err(Trouble::not_acknowledged()) } else { Ok(()) }
}
