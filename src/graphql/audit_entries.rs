//! The list of the audit trail's entries.

use super::audit_entry::AuditEntryObject;
use super::connection::PageInfo;
use super::errors::{error_of, session};
use super::inputs::filter::{self, AuditEntryFilter};
use super::order::SortDirection;
use crate::registry::failure::Failure;
use crate::registry::lists::Paging;
use crate::registry::ports::access::{Action, Resource};
use crate::registry::ports::audit::TrailPlace;
use crate::registry::{TrailEntry, TrailSlice};
use async_graphql::{Context, MaybeUndefined, Object, Result, SimpleObject};
use std::sync::Arc;

/// One page of entries (Relay's connection).
pub(super) struct AuditEntryConnection {
    edges: Vec<AuditEntryEdge>,
    page_info: PageInfo,
}

/// One page of entries of the audit trail (Relay's connection). They are not counted: a trail may have very many.
#[Object]
impl AuditEntryConnection {
    /// The page's entries, each with its cursor.
    async fn edges(&self) -> &[AuditEntryEdge] {
        &self.edges
    }

    /// The page's entries.
    async fn nodes(&self) -> Vec<AuditEntryObject> {
        self.edges.iter().map(|edge| edge.node.clone()).collect()
    }

    /// Where the page lies in the list.
    async fn page_info(&self) -> PageInfo {
        self.page_info.clone()
    }
}

/// One entry of a page.
#[derive(Clone, SimpleObject)]
pub(super) struct AuditEntryEdge {
    /// The entry.
    node: AuditEntryObject,
    /// Its place in this list, for `after` and `before`. Opaque; only the same list of the same organization, with the same filter and direction, takes it.
    cursor: String,
}

/// One page of entries.
pub(super) async fn audit_entries(
    ctx: &Context<'_>,
    filter: MaybeUndefined<AuditEntryFilter>,
    direction: SortDirection,
    paging: Paging,
) -> Result<AuditEntryConnection> {
    let session = session(ctx)?;
    let (registry, caller) = (&session.registry, &session.caller);
    let read = async {
        // The permission comes before the arguments: who may not read is not told what is wrong with them.
        caller.may(Resource::Audit, Action::Get).await?;
        let newest_first = matches!(direction, SortDirection::Descending);
        let list = registry.trail_list(caller, filter::audit_entries(filter)?, newest_first).await?;
        let slice = registry.list_trail(caller, &list, &paging).await?;
        Ok::<_, Failure>((list, slice))
    };
    let (list, slice) = read.await.map_err(|failure| error_of(&failure))?;
    let cursor = |place: TrailPlace| registry.trail_cursor(caller, &list, place);
    let TrailSlice { entries, unreadable, has_previous, has_next, start, end } = slice;
    tell_unreadable(ctx, &unreadable);
    let page_info = PageInfo {
        has_next_page: has_next,
        has_previous_page: has_previous,
        start_cursor: start.map(cursor),
        end_cursor: end.map(cursor),
    };
    let edge = |entry: TrailEntry| {
        let cursor = cursor(entry.place);
        AuditEntryEdge { node: AuditEntryObject(Arc::new(entry)), cursor }
    };
    Ok(AuditEntryConnection { edges: entries.into_iter().map(edge).collect(), page_info })
}

/// An entry that cannot be read is left out of its page, with an error beside it: a node can never be null (rule 16).
fn tell_unreadable(ctx: &Context<'_>, numbers: &[u64]) {
    for number in numbers {
        let mut error = error_of(&Failure::Unreadable);
        error.message = format!(
            "the entry with number {number} of this page cannot be read, so it is left out: tell the operator, who \
             has `holdergraph audit verify`"
        );
        ctx.add_error(ctx.set_error_path(error.into_server_error(ctx.item.pos)));
    }
}
