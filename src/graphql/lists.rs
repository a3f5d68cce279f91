//! Lists: from a field's arguments to one page of a connection.

use super::Session;
use super::alias_account::AliasAccountObject;
use super::connection::{AliasAccountConnection, HolderConnection, Paged};
use super::errors::{error_of, session};
use super::holder::HolderObject;
use super::inputs::filter::{self, AliasAccountFilter, HolderFilter};
use super::loaders::PageKey;
use super::selection;
use crate::domain::ids::HolderId;
use crate::registry::failure::Failure;
use crate::registry::lists::{List, Order, Paging};
use crate::registry::ports::access::{Action, Resource};
use crate::registry::ports::list::{Page, PageRequest};
use crate::registry::ports::record::{AliasAccountRecord, HolderRecord};
use async_graphql::{Context, MaybeUndefined, Result};
use std::sync::Arc;
use uuid::Uuid;

/// One page of holders.
pub(super) async fn holders(
    ctx: &Context<'_>,
    filter: MaybeUndefined<HolderFilter>,
    order: Order,
    paging: Paging,
) -> Result<HolderConnection> {
    let session = session(ctx)?;
    let read = async {
        let Session { registry, caller, .. } = session;
        // The permission comes before the arguments: who may not read is not told what is wrong with them.
        caller.may(Resource::Holders, Action::Get).await?;
        let list = registry.holder_list(caller, filter::holders(filter)?, order).await?;
        let detail = selection::of_connection(ctx.field(), selection::of_holder);
        let page = registry.page(caller, &list, &paging, detail)?;
        let page = registry.list_holders(caller, &list, page).await?;
        Ok::<_, Failure>((Arc::new(list), page))
    };
    let (list, page) = read.await.map_err(|failure| error_of(&failure))?;
    tell_unreadable(ctx, &page.unreadable);
    let sorted = list.clone();
    let node = |record: HolderRecord| {
        let clear = &record.clear;
        let position = sorted.position(clear.created_at, clear.updated_at, clear.id.0);
        (HolderObject::new(record), position)
    };
    Ok(HolderConnection(Paged::new(session, list, None, Some(page), node)))
}

/// One page of alias accounts, of all holders or of one.
pub(super) async fn alias_accounts(
    ctx: &Context<'_>,
    of: Option<HolderId>,
    filter: MaybeUndefined<AliasAccountFilter>,
    order: Order,
    paging: Paging,
) -> Result<AliasAccountConnection> {
    let session = session(ctx)?;
    let read = async {
        let Session { registry, caller, .. } = session;
        caller.may(Resource::Aliases, Action::Get).await?;
        let list = registry.alias_account_list(caller, of, filter::alias_accounts(filter)?, order).await?;
        let detail = selection::of_connection(ctx.field(), selection::of_alias_account);
        let page = registry.page(caller, &list, &paging, detail)?;
        let page = page_of(session, of, &list, page).await?;
        Ok::<_, Failure>((Arc::new(list), page))
    };
    let (list, page) = read.await.map_err(|failure| error_of(&failure))?;
    tell_unreadable(ctx, page.as_ref().map_or(&[], |page| &page.unreadable));
    let sorted = list.clone();
    let node = |record: AliasAccountRecord| {
        let clear = &record.clear;
        let position = sorted.position(clear.created_at, clear.updated_at, clear.id.0);
        (AliasAccountObject::new(record), position)
    };
    Ok(AliasAccountConnection(Paged::new(session, list, of, page, node)))
}

/// The pages of the holders of one level are one store call.
async fn page_of(
    session: &Session,
    of: Option<HolderId>,
    list: &List,
    page: PageRequest,
) -> Result<Option<Page<AliasAccountRecord>>, Failure> {
    let Some(holder) = of else {
        return session.registry.list_alias_accounts(&session.caller, list, page).await.map(Some);
    };
    let key = PageKey { holder, filter: Arc::new(list.filter.clone()), looks_up: list.looks_up, page };
    Ok(session.loaders.page(key).await?.map(|page| Page::clone(&page)))
}

/// A record that cannot be read is left out of its page, with an error beside it: a node can never be null (rule 16).
fn tell_unreadable(ctx: &Context<'_>, ids: &[Uuid]) {
    for id in ids {
        let mut error = error_of(&Failure::Unreadable);
        error.message = format!(
            "the record {id} of this page cannot be read, so it is left out: tell the operator its id"
        );
        ctx.add_error(ctx.set_error_path(error.into_server_error(ctx.item.pos)));
    }
}
