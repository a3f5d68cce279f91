//! Lists: pages and counts of what a filter lets through.
//!
//! A list is walked along the entries of one token in an index, in the order of the list: that of the condition that
//! holds for the fewest records, or the empty token where there is no condition. The other conditions are looked at
//! record by record. A page of a list without others costs the same at any depth; one with others looks at a bounded
//! number of records. The lists of several holders are walked each along its own entries, some of them in one command.

mod batch;
mod choose;
mod count;
mod joiners;
mod lists;
mod range;
mod span;
mod walk;

use super::budget::Budget;
use super::database::Collections;
use super::document;
use super::kind::Kind;
use super::values::Fields;
use crate::domain::alias_account::AliasAccount;
use crate::domain::ids::{HolderId, OrganizationId};
use crate::registry::ports::list::{Count, Filter, Page, PageRequest};
use crate::registry::ports::record::{AliasAccountRecord, Stored, Token};
use crate::registry::ports::store::StoreError;
use crate::registry::ports::terms;
use futures::{StreamExt, TryStreamExt, stream};
use lists::{Counting, Reading};
use span::Span;
use std::collections::{BTreeSet, HashMap};
use walk::{Condition, Walk};

/// The lists of so many holders are asked in one command: what a server needs to plan a command grows faster than its
/// length.
const TOGETHER: usize = 20;
/// So many such commands are under way at once.
const AT_ONCE: usize = 4;

impl Collections {
    /// One page of a list of records.
    pub(super) async fn page<T: Kind>(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        filter: &Filter,
        request: &PageRequest,
    ) -> Result<Page<Stored<T>>, StoreError> {
        let Some(walk) = self.walk::<T>(budget, organization, filter).await? else { return Ok(nothing()) };
        let spans = self.read_lists::<T, _>(budget, organization, &[walk], request).await?;
        Ok(spans.into_iter().next().map_or_else(nothing, page))
    }

    /// How many records a list holds.
    pub(super) async fn count<T: Kind>(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        filter: &Filter,
    ) -> Result<Count, StoreError> {
        let walk = self.walk::<T>(budget, organization, filter).await?;
        let counts = self.read_lists::<T, _>(budget, organization, walk.as_slice(), &Counting).await?;
        Ok(counts.into_iter().next().unwrap_or(Count { total: 0, exact: true }))
    }

    /// One page of each holder's alias accounts. Holders of whom nothing can be told are left out.
    pub(super) async fn pages_of_holders(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        holders: &[HolderId],
        filter: &Filter,
        request: &PageRequest,
    ) -> Result<HashMap<HolderId, Page<AliasAccountRecord>>, StoreError> {
        let spans = self.of_each(budget, organization, holders, filter, request).await?;
        let told =
            |span: &Span| span.end.is_some() || span.start.is_some() || span.has_previous || span.has_next;
        let spans = spans.into_iter().filter(|(_, span)| told(span));
        Ok(spans.map(|(holder, span)| (holder, page(span))).collect())
    }

    /// How many alias accounts each holder has.
    pub(super) async fn counts_of_holders(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        holders: &[HolderId],
        filter: &Filter,
    ) -> Result<HashMap<HolderId, Count>, StoreError> {
        let none = Count { total: 0, exact: true };
        let mut counts: HashMap<HolderId, Count> = holders.iter().map(|holder| (*holder, none)).collect();
        counts.extend(self.of_each(budget, organization, holders, filter, &Counting).await?);
        Ok(counts)
    }

    /// What is read of each holder's list, some of them together.
    async fn of_each<R: Reading>(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        holders: &[HolderId],
        filter: &Filter,
        reading: &R,
    ) -> Result<Vec<(HolderId, R::Told)>, StoreError> {
        let Some(conditions) = conditions(filter) else { return Ok(Vec::new()) };
        let holders: BTreeSet<HolderId> = holders.iter().copied().collect();
        let holders: Vec<HolderId> = holders.into_iter().collect();
        let mut parts = Vec::new();
        for part in holders.chunks(TOGETHER) {
            let mut walks = Vec::with_capacity(part.len());
            for holder in part {
                let whose = [terms::holder(*holder).0].into();
                walks.push(Walk::of::<AliasAccount>(organization, filter, Some(whose), conditions.clone()));
            }
            parts.push(async move {
                self.read_lists::<AliasAccount, R>(budget, organization, &walks, reading).await
            });
        }
        let told: Vec<Vec<R::Told>> = stream::iter(parts).buffered(AT_ONCE).try_collect().await?;
        Ok(holders.into_iter().zip(told.into_iter().flatten()).collect())
    }

    /// How a list is walked; `None` where it holds nothing.
    async fn walk<T: Kind>(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        filter: &Filter,
    ) -> Result<Option<Walk>, StoreError> {
        let Some(mut conditions) = conditions(filter) else { return Ok(None) };
        let along = match filter.ids {
            Some(_) => None,
            None => self.fewest::<T>(budget, organization, filter.state, &mut conditions).await?,
        };
        Ok(Some(Walk::of::<T>(organization, filter, along, conditions)))
    }
}

/// The conditions of a filter; `None` where one of them holds for no record.
fn conditions(filter: &Filter) -> Option<Vec<Condition>> {
    let condition = |tokens: &Vec<Token>| -> Option<Condition> {
        (!tokens.is_empty()).then(|| tokens.iter().map(|token| token.0.clone()).collect())
    };
    if filter.ids.as_ref().is_some_and(Vec::is_empty) {
        return None;
    }
    filter.tokens.iter().map(condition).collect()
}

fn nothing<T: Kind>() -> Page<Stored<T>> {
    page(Span { documents: Vec::new(), has_previous: false, has_next: false, start: None, end: None })
}

/// The records of a page; those that cannot be read spoil no other.
fn page<T: Kind>(span: Span) -> Page<Stored<T>> {
    let (mut records, mut unreadable) = (Vec::with_capacity(span.documents.len()), Vec::new());
    for document in &span.documents {
        match document::record(document) {
            Ok(record) => records.push(record),
            Err(error) => {
                let id = Fields(document).uuid("_id").ok();
                tracing::error!(record = ?id, %error, "a record cannot be read: run `holdergraph check`");
                unreadable.extend(id);
            }
        }
    }
    Page {
        records,
        unreadable,
        has_previous: span.has_previous,
        has_next: span.has_next,
        start: span.start,
        end: span.end,
    }
}
