//! Alias accounts that were inserted together with their holder are there for readers as soon as the holder is.

use super::super::alias_accounts::HOLDER_ID;
use super::super::budget::Budget;
use super::super::database::Collections;
use super::super::names::{CLEAR, ORGANIZATION, STATE};
use super::super::phase::Phase;
use super::super::trouble::Trouble;
use super::super::values::{Fields, uuid};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::store::StoreError;
use futures::TryStreamExt;
use mongodb::bson::{Document, doc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Why a list could not be read to its end.
pub(super) enum Fault {
    /// Alias accounts were met that came with these holders, of whom it was not known whether they are there. It must
    /// be read again once that is known: those of one holder appear all at once.
    Joining(BTreeSet<Uuid>),
    Store(StoreError),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Trouble> for Fault {
    fn from(trouble: Trouble) -> Self {
        Self::Store(trouble.into())
    }
}

/// So often a list is read again for those that come meanwhile; then the list is as if they had not come yet.
const TRIES: usize = 5;

/// What is known of such holders.
#[derive(Default)]
pub(super) struct Joiners {
    there: BTreeSet<Uuid>,
    hidden: BTreeSet<Uuid>,
    tries: usize,
}

impl Joiners {
    /// The condition on a list that leaves out what is not there.
    pub(super) fn condition(&self) -> Option<Document> {
        let holder = format!("{CLEAR}.{HOLDER_ID}");
        let all = |holders: &BTreeSet<Uuid>| holders.iter().copied().map(uuid).collect::<Vec<_>>();
        if self.tries >= TRIES {
            let settled = doc! { STATE: { "$ne": Phase::Joining.name() } };
            return Some(doc! { "$or": [settled, { holder: { "$in": all(&self.there) } }] });
        }
        (!self.hidden.is_empty()).then(|| doc! { holder: { "$nin": all(&self.hidden) } })
    }

    /// Fails where there is one among these of whom nothing is known.
    pub(super) fn know(&self, holders: impl IntoIterator<Item = Uuid>) -> Result<(), Fault> {
        let is_known = |holder: &Uuid| self.there.contains(holder) || self.hidden.contains(holder);
        let unknown: BTreeSet<Uuid> = holders.into_iter().filter(|holder| !is_known(holder)).collect();
        if unknown.is_empty() { Ok(()) } else { Err(Fault::Joining(unknown)) }
    }

    /// Looks at these holders.
    pub(super) async fn learn(
        &mut self,
        on: &Collections,
        budget: &Budget,
        organization: OrganizationId,
        holders: BTreeSet<Uuid>,
    ) -> Result<(), StoreError> {
        let filter = doc! {
            ORGANIZATION: uuid(organization.0),
            "_id": { "$in": holders.iter().copied().map(uuid).collect::<Vec<_>>() },
            STATE: { "$in": Phase::names(&[Phase::Live, Phase::Deleted]) },
        };
        let found: Vec<Document> = budget
            .again(|| {
                let find = on.holders.find(filter.clone()).projection(doc! { "_id": 1 });
                async { find.await?.try_collect().await }
            })
            .await?;
        let there: BTreeSet<Uuid> =
            found.iter().map(|holder| Fields(holder).uuid("_id")).collect::<Result<_, _>>()?;
        self.tries += 1;
        self.hidden.extend(holders.difference(&there));
        self.there.extend(there);
        Ok(())
    }
}

/// The holder with which the alias account in this document came, as long as its own state does not tell that it is
/// there.
pub(super) fn joining(document: &Document) -> Option<Uuid> {
    let fields = Fields(document);
    let is_joining = fields.text(STATE).is_ok_and(|state| state == Phase::Joining.name());
    let holder = || fields.document(CLEAR).and_then(|clear| clear.uuid(HOLDER_ID)).ok();
    is_joining.then(holder).flatten()
}
