//! All organizations that the audit trail knows, found in what they have: nobody keeps a list that could be cut.

use super::super::budget::Budget;
use super::super::database::Collections;
use super::super::names::{AT, CHECKPOINT, ORGANIZATION};
use super::super::values::Fields;
use super::damaged;
use super::outbox::behind;
use super::place::Outbox;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::store::StoreError;
use mongodb::bson::doc;

/// Where an organization is found.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// It has entries waiting there.
    Waiting(Outbox),
    /// It has links.
    Links,
    /// It had links.
    Checkpoint,
}

impl Source {
    const ALL: [Self; 5] = [
        Self::Waiting(Outbox::Holders),
        Self::Waiting(Outbox::AliasAccounts),
        Self::Waiting(Outbox::Entries),
        Self::Links,
        Self::Checkpoint,
    ];
}

impl Collections {
    /// Of each source the next one is known; the first of those is the next of all.
    pub(super) async fn audited_organizations(
        &self,
        after: Option<OrganizationId>,
        most: usize,
    ) -> Result<Vec<OrganizationId>, StoreError> {
        let mut next = Vec::new();
        for source in Source::ALL {
            next.push((source, self.next_of(source, after).await?));
        }
        let mut organizations = Vec::new();
        while organizations.len() < most
            && let Some(first) = next.iter().filter_map(|(_, organization)| *organization).min()
        {
            organizations.push(first);
            for (source, organization) in &mut next {
                if *organization == Some(first) {
                    *organization = self.next_of(*source, Some(first)).await?;
                }
            }
        }
        Ok(organizations)
    }

    /// Each look has a time of its own: there may be many organizations.
    async fn next_of(
        &self,
        source: Source,
        after: Option<OrganizationId>,
    ) -> Result<Option<OrganizationId>, StoreError> {
        let budget = Budget::of(self.timeout);
        let mut next = behind(after);
        let found = match source {
            Source::Waiting(outbox) => {
                return self.next_organization_waiting(&budget, outbox, after).await;
            }
            Source::Links => {
                let order = doc! { ORGANIZATION: 1, AT: 1, "_id": 1 };
                let fields = doc! { ORGANIZATION: 1 };
                let find =
                    || self.audit_trail.find_one(next.clone()).sort(order.clone()).projection(fields.clone());
                budget.again(find).await?
            }
            Source::Checkpoint => {
                // The id of a chain is its organization.
                let after = next.remove(ORGANIZATION);
                next.extend(after.map(|after| ("_id".to_owned(), after)));
                next.insert(CHECKPOINT, doc! { "$exists": true });
                let (order, fields) = (doc! { "_id": 1 }, doc! { ORGANIZATION: 1 });
                let find = || {
                    self.audit_chains.find_one(next.clone()).sort(order.clone()).projection(fields.clone())
                };
                budget.again(find).await?
            }
        };
        let organization =
            found.map(|found| Fields(&found).uuid(ORGANIZATION)).transpose().map_err(damaged)?;
        Ok(organization.map(OrganizationId))
    }
}
