//! Lists: pages and counts of what a filter lets through.
//!
//! A list is walked along the rows of one token, in the order of the list: that of the condition that holds for the
//! fewest records, or the empty token where there is no condition. The other conditions are looked up row by row. A
//! page of a list without others costs the same at any depth; one with others looks at a bounded number of rows.

mod range;
mod source;
mod span;
mod statement;
mod walk;

use super::table::Table;
use super::{faults, read};
use crate::domain::alias_account::AliasAccount;
use crate::domain::ids::{HolderId, OrganizationId};
use crate::registry::ports::list::{COUNT_MAX, Count, Filter, LOOKED_AT_MAX, Page, PageRequest, Sort, State};
use crate::registry::ports::record::{AliasAccountRecord, Stored, Token};
use crate::registry::ports::terms;
use rusqlite::Connection;
use source::Source;
use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

/// One page of a list of records.
pub(super) fn page<T: Table>(
    db: &Connection,
    organization: OrganizationId,
    filter: &Filter,
    request: &PageRequest,
) -> rusqlite::Result<Page<Stored<T>>> {
    page_of(db, organization, filter, &[], request)
}

/// How many records a list holds.
pub(super) fn count<T: Table>(
    db: &Connection,
    organization: OrganizationId,
    filter: &Filter,
) -> rusqlite::Result<Count> {
    count_of::<T>(db, organization, filter, &[])
}

/// One page of each holder's alias accounts. Holders of whom nothing can be told are left out.
pub(super) fn pages_of_holders(
    db: &Connection,
    organization: OrganizationId,
    holders: &[HolderId],
    filter: &Filter,
    request: &PageRequest,
) -> rusqlite::Result<HashMap<HolderId, Page<AliasAccountRecord>>> {
    let mut pages = HashMap::new();
    for holder in holders.iter().collect::<BTreeSet<_>>() {
        let page = page_of::<AliasAccount>(db, organization, filter, &[terms::holder(*holder)], request)?;
        if page.end.is_some() || page.start.is_some() || page.has_previous || page.has_next {
            pages.insert(*holder, page);
        }
    }
    Ok(pages)
}

/// How many alias accounts each holder has.
pub(super) fn counts_of_holders(
    db: &Connection,
    organization: OrganizationId,
    holders: &[HolderId],
    filter: &Filter,
) -> rusqlite::Result<HashMap<HolderId, Count>> {
    holders
        .iter()
        .map(|holder| {
            let whose = [terms::holder(*holder)];
            Ok((*holder, count_of::<AliasAccount>(db, organization, filter, &whose)?))
        })
        .collect()
}

/// Of the records that have one of the tokens of `whose` too, where it is not empty.
fn page_of<T: Table>(
    db: &Connection,
    organization: OrganizationId,
    filter: &Filter,
    whose: &[Token],
    request: &PageRequest,
) -> rusqlite::Result<Page<Stored<T>>> {
    let source = Source::of(db, organization, T::KIND, filter, whose)?;
    let span = span::of(db, &source, request)?;
    let (mut records, mut unreadable) = (Vec::with_capacity(span.places.len()), Vec::new());
    for place in &span.places {
        match read::by_ids(db, organization, [place.id], State::Any, request.detail) {
            Ok(mut found) => match found.pop() {
                Some(record) => records.push(record),
                None => tracing::error!(record = %place.id, "a list names a record that is not there"),
            },
            Err(error) if faults::is_unreadable(&error) => {
                tracing::error!(record = %place.id, "a record's row cannot be read: run `holdergraph check`");
                unreadable.push(place.id);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Page {
        records,
        unreadable,
        has_previous: span.has_previous,
        has_next: span.has_next,
        start: span.start,
        end: span.end,
    })
}

fn count_of<T: Table>(
    db: &Connection,
    organization: OrganizationId,
    filter: &Filter,
    whose: &[Token],
) -> rusqlite::Result<Count> {
    let source = Source::of(db, organization, T::KIND, filter, whose)?;
    let (mut count, mut looked_at) = (Count { total: 0, exact: true }, 0);
    let everything = source.range(Sort::CreatedAt);
    source.walk(db, Sort::CreatedAt, true, &everything, |entry| {
        if looked_at == LOOKED_AT_MAX || entry.holds && count.total == COUNT_MAX {
            count.exact = false;
            return ControlFlow::Break(());
        }
        looked_at += 1;
        count.total += usize::from(entry.holds);
        ControlFlow::Continue(())
    })?;
    Ok(count)
}
