//! Relay connections of alias accounts.

use super::Session;
use super::alias_account::AliasAccountObject;
use crate::domain::ids::HolderId;
use crate::registry::failure::Failure;
use crate::registry::ports::record::Detail;
use crate::registry::ports::store::PageRequest;
use async_graphql::SimpleObject;

/// Page size where none is asked for.
const FIRST_DEFAULT: usize = 20;
/// Largest page.
const FIRST_MAX: usize = 100;

/// Reads the arguments of a list of a holder's alias accounts.
pub(super) fn page_request(
    session: &Session,
    holder: HolderId,
    first: Option<i32>,
    after: Option<&str>,
    detail: Detail,
) -> Result<PageRequest, Failure> {
    let first = match first.map(usize::try_from) {
        None => FIRST_DEFAULT,
        Some(Ok(first)) if (1..=FIRST_MAX).contains(&first) => first,
        Some(_) => return Err(Failure::BadUserInput(format!("first must be from 1 to {FIRST_MAX}"))),
    };
    let after =
        after.map(|cursor| session.registry.position_of(&session.caller, holder, cursor)).transpose()?;
    Ok(PageRequest { first, after, detail })
}

/// One page of alias accounts (Relay's connection).
#[derive(SimpleObject)]
pub(super) struct AliasAccountConnection {
    /// The page's alias accounts, each with its cursor.
    edges: Vec<AliasAccountEdge>,
    /// The page's alias accounts.
    nodes: Vec<AliasAccountObject>,
    /// Where the page lies in the list.
    page_info: PageInfo,
}

/// One alias account of a page.
#[derive(SimpleObject)]
pub(super) struct AliasAccountEdge {
    /// The alias account.
    node: AliasAccountObject,
    /// Its place in this list, for `after`. Opaque; only this list of this organization takes it.
    cursor: String,
}

/// Where a page lies in its list.
#[derive(SimpleObject)]
pub(super) struct PageInfo {
    /// Whether more records follow this page.
    has_next_page: bool,
    /// Whether records lie before this page.
    has_previous_page: bool,
    /// Cursor of the page's first record; null where the page is empty.
    start_cursor: Option<String>,
    /// Cursor of the page's last record; null where the page is empty.
    end_cursor: Option<String>,
}

impl AliasAccountConnection {
    pub(super) fn new(session: &Session, nodes: Vec<AliasAccountObject>, more: bool, after: bool) -> Self {
        let cursor = |node: &AliasAccountObject| session.registry.cursor_of(&session.caller, node.record());
        let edges: Vec<AliasAccountEdge> =
            nodes.iter().map(|node| AliasAccountEdge { cursor: cursor(node), node: node.clone() }).collect();
        let page_info = PageInfo {
            has_next_page: more,
            // A cursor names a record of the list, and that record lies before this page.
            has_previous_page: after,
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        };
        Self { edges, nodes, page_info }
    }
}
