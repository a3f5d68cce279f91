//! What waits: of whom, since when, and which entries.

use super::super::budget::Budget;
use super::super::database::Collections;
use super::super::names::{AUDIT, AUDIT_AT, OPERATION, ORGANIZATION, STATE};
use super::super::phase::Phase;
use super::super::values::{Fields, Wrong, uuid};
use super::damaged;
use super::place::{Outbox, waiting_in};
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::WaitingEntry;
use crate::registry::ports::store::StoreError;
use futures::TryStreamExt;
use mongodb::bson::{Document, doc};
use mongodb::options::Hint;
use std::collections::BTreeMap;
use uuid::Uuid;

/// So many documents that have waited longest are looked at to tell of whom they are.
const LOOKED_AT: i64 = 1_000;

/// The index of what waits, by organization.
const WAITING: &str = "waiting";

/// An organization with entries waiting, and when one of them happened.
struct Waits {
    organization: OrganizationId,
    since: Timestamp,
}

impl Waits {
    /// Only as much of it as tells whom to look after: whoever reads the entries is told of one that cannot be read.
    fn read(document: &Document) -> Result<Self, Wrong> {
        let organization = OrganizationId(Fields(document).uuid(ORGANIZATION)?);
        let entries = document.get_array(AUDIT).into_iter().flatten();
        let times = entries.filter_map(|entry| entry.as_document()?.get_i64("at").ok());
        Ok(Self { organization, since: Timestamp(times.min().unwrap_or_default()) })
    }

    fn fields() -> Document {
        doc! { ORGANIZATION: 1, AUDIT_AT: 1 }
    }
}

impl Collections {
    /// By the documents that have waited longest; where there are many of those, also by the organizations in turn, so
    /// that none waits for another's.
    pub(super) async fn organizations_waiting(&self, most: usize) -> Result<Vec<OrganizationId>, StoreError> {
        let budget = Budget::of(self.timeout);
        let mut since: BTreeMap<OrganizationId, Timestamp> = BTreeMap::new();
        for outbox in Outbox::ALL {
            let found = self.waiting_longest(&budget, outbox, Waits::fields(), LOOKED_AT).await?;
            for document in &found {
                let waits = Waits::read(document).map_err(damaged)?;
                let known = since.entry(waits.organization).or_insert(waits.since);
                *known = waits.since.min(*known);
            }
            if i64::try_from(found.len()).is_ok_and(|found| found < LOOKED_AT) {
                continue;
            }
            let mut after = None;
            while since.len() < most
                && let Some(waits) = self.next_waiting(&budget, outbox, after).await?
            {
                since.entry(waits.organization).or_insert(waits.since);
                after = Some(waits.organization);
            }
        }
        let mut organizations: Vec<_> = since.into_iter().collect();
        organizations.sort_by_key(|(_, since)| *since);
        Ok(organizations.into_iter().map(|(organization, _)| organization).take(most).collect())
    }

    /// Also of what cannot be moved yet: that nobody settles it must be seen.
    pub(super) async fn oldest_waiting(&self) -> Result<Option<Timestamp>, StoreError> {
        let budget = Budget::of(self.timeout);
        let mut oldest = None;
        for outbox in Outbox::ALL {
            for document in self.waiting_longest(&budget, outbox, whole(), 1).await? {
                let waiting = waiting_in(outbox, &document).map_err(damaged)?;
                oldest = oldest.into_iter().chain(waiting.iter().map(|waiting| waiting.entry.at)).min();
            }
        }
        Ok(oldest)
    }

    async fn waiting_longest(
        &self,
        budget: &Budget,
        outbox: Outbox,
        fields: Document,
        most: i64,
    ) -> Result<Vec<Document>, StoreError> {
        let any = doc! { AUDIT_AT: { "$exists": true } };
        let found = budget.again(|| {
            let find = outbox.of(self).find(any.clone()).projection(fields.clone());
            let find = find.sort(doc! { AUDIT_AT: 1 }).limit(most);
            async { find.await?.try_collect().await }
        });
        Ok(found.await?)
    }

    /// The next organization with entries waiting, in the order of ids.
    pub(in super::super) async fn next_organization_waiting(
        &self,
        budget: &Budget,
        outbox: Outbox,
        after: Option<OrganizationId>,
    ) -> Result<Option<OrganizationId>, StoreError> {
        Ok(self.next_waiting(budget, outbox, after).await?.map(|waits| waits.organization))
    }

    async fn next_waiting(
        &self,
        budget: &Budget,
        outbox: Outbox,
        after: Option<OrganizationId>,
    ) -> Result<Option<Waits>, StoreError> {
        let mut next = behind(after);
        next.insert(AUDIT_AT, doc! { "$exists": true });
        let order = doc! { ORGANIZATION: 1, AUDIT_AT: 1 };
        let find = || outbox.of(self).find_one(next.clone()).projection(Waits::fields()).sort(order.clone());
        let found = budget.again(find).await?;
        found.as_ref().map(Waits::read).transpose().map_err(damaged)
    }

    /// The oldest ones of each collection, for its index has them in that order; the server is not asked to sort them,
    /// for it would read all that waits.
    pub(super) async fn waiting_entries(
        &self,
        organization: OrganizationId,
        most: usize,
    ) -> Result<Vec<WaitingEntry>, StoreError> {
        let budget = Budget::of(self.timeout);
        let mut waiting = Vec::new();
        for outbox in Outbox::ALL {
            for document in self.waiting_documents(&budget, outbox, organization, most).await? {
                waiting.extend(waiting_in(outbox, &document).map_err(damaged)?);
            }
        }
        waiting.sort_by_key(|waiting| waiting.entry.at);
        waiting.truncate(most);
        Ok(waiting)
    }

    async fn waiting_documents(
        &self,
        budget: &Budget,
        outbox: Outbox,
        organization: OrganizationId,
        most: usize,
    ) -> Result<Vec<Document>, StoreError> {
        let mut theirs = doc! { ORGANIZATION: uuid(organization.0), AUDIT_AT: { "$exists": true } };
        if outbox != Outbox::Entries {
            let decided = Phase::names(&[Phase::Live, Phase::Deleted, Phase::Purged]);
            theirs.insert(STATE, doc! { "$in": decided });
            theirs.insert(OPERATION, doc! { "$exists": false });
        }
        let most = i64::from(u32::try_from(most).unwrap_or(u32::MAX));
        let found = budget.again(|| {
            let find = outbox.of(self).find(theirs.clone()).projection(whole());
            let find = find.hint(Hint::Name(WAITING.to_owned())).limit(most);
            async { find.await?.try_collect().await }
        });
        Ok(found.await?)
    }
}

/// All fields that make an entry of a document.
fn whole() -> Document {
    doc! { AUDIT: 1, STATE: 1 }
}

/// The organizations behind one; all of them behind none.
pub(super) fn behind(organization: Option<OrganizationId>) -> Document {
    match organization {
        Some(organization) => doc! { ORGANIZATION: { "$gt": uuid(organization.0) } },
        None => doc! { ORGANIZATION: { "$gte": uuid(Uuid::nil()) } },
    }
}
