//! The queries.

use super::alias_account::AliasAccountObject;
use super::audit_entries::{AuditEntryConnection, audit_entries};
use super::connection::{AliasAccountConnection, HolderConnection};
use super::cost::{LIST, PAGE_DEFAULT, STORE_CALL, cost, list_size, names};
use super::errors::{error_of, session};
use super::holder::HolderObject;
use super::inputs::filter::{AliasAccountFilter, AuditEntryFilter, HolderFilter};
use super::loaders::{AliasAccountKey, HolderKey};
use super::node::Node;
use super::order::{AliasAccountSort, HolderSort, RecordState, SortDirection, order};
use super::scalars::UuidScalar;
use super::{Session, lists, selection};
use crate::domain::filter::IDS_MAX;
use crate::domain::ids::{AccountId, AliasAccountId, HolderId, LedgerId, parse_uuid};
use crate::registry::Found;
use crate::registry::failure::Failure;
use crate::registry::lists::Paging;
use crate::registry::ports::access::{Action, Resource};
use crate::registry::ports::audit::AuditedRecord;
use async_graphql::{Context, ID, MaybeUndefined, MergedObject, Object, Result};
use std::collections::HashMap;
use uuid::Uuid;

/// The queries of the API.
pub(super) struct Queries;

/// Reads. Each field needs its own permission, so one document may be allowed in part: a refused field is null with a located FORBIDDEN.
#[derive(MergedObject)]
#[graphql(name = "Query")]
pub(super) struct Query(pub(super) Queries);

/// The queries of the API. A root is merged of such parts, and its name is none of theirs.
#[Object]
impl Queries {
    /// The live record with this id, of whichever type; null where there is none. Needs the permission to read that type.
    #[graphql(directive = cost::apply(STORE_CALL.to_owned()))]
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of a holder or an alias account.")] id: ID,
    ) -> Option<Result<Node>> {
        let found = async {
            let mut found = nodes(ctx, std::slice::from_ref(&id)).await?;
            found.pop().flatten().transpose()
        };
        found.await.transpose()
    }

    /// The live records with these ids, in the order asked, repeats included; null where there is none. Each needs the permission to read its type.
    #[graphql(
        directive = cost::apply(STORE_CALL.to_owned()),
        directive = list_size::apply(None, names(["ids"]), None, None)
    )]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Ids of holders and alias accounts, at most 100.")] ids: Vec<ID>,
    ) -> Option<Result<Vec<Option<Result<Node>>>>> {
        Some(nodes(ctx, &ids).await)
    }

    /// The holder with this id; null where there is none in that state. Needs the permission to read holders.
    #[graphql(directive = cost::apply(STORE_CALL.to_owned()))]
    async fn holder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the holder.")] id: ID,
        #[graphql(default, desc = "In which state it is looked for.")] state: RecordState,
    ) -> Option<Result<HolderObject>> {
        let found = async {
            let session = session(ctx)?;
            let asked = parse_uuid(&id).map(|id| AuditedRecord::Holder(HolderId(id)));
            may_read(session, Resource::Holders, asked).await?;
            let (id, detail) = (HolderId(read_id("id", &id)?), selection::of_holder(ctx.field()));
            let key = HolderKey { id, state: state.into(), detail };
            session.loaders.holder(key).await.map_err(|f| error_of(&f))
        };
        Some(found.await.transpose()?.map(HolderObject::new))
    }

    /// The live holder of a document, compared without case and punctuation; at most one of the organization has it. Null where there is none. Too many look-ups that find nobody are refused for a while with RATE_LIMITED. Needs the permission to read holders.
    #[graphql(directive = cost::apply(STORE_CALL.to_owned()))]
    async fn holder_by_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document in any writing: `913.150.260-15` and `91315026015` are one.")]
        document: String,
    ) -> Option<Result<HolderObject>> {
        let found = async {
            let session = session(ctx)?;
            let detail = selection::of_holder(ctx.field());
            let found = session.registry.holder_by_document(&session.caller, &document, detail).await;
            found.map_err(|f| error_of(&f))
        };
        Some(found.await.transpose()?.map(HolderObject::new))
    }

    /// A list of holders: live ones in the order of creation, unless the arguments say otherwise. Needs the permission to read holders.
    #[graphql(
        directive = cost::apply(LIST.to_owned()),
        directive = list_size::apply(Some(PAGE_DEFAULT), names(["first", "last"]), names(["edges", "nodes"]), Some(false))
    )]
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn holders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them; all live ones where it is left out.")] filter: MaybeUndefined<
            HolderFilter,
        >,
        #[graphql(default, desc = "What the list is sorted by.")] sort: HolderSort,
        #[graphql(default, desc = "Which way the list goes.")] direction: SortDirection,
        #[graphql(desc = "So many from the start, 1 to 100; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100; not together with first.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the same list.")] before: Option<String>,
    ) -> Option<Result<HolderConnection>> {
        let paging = Paging { first, after, last, before };
        Some(lists::holders(ctx, filter, order(sort, direction), paging).await)
    }

    /// The alias account with this id; null where there is none in that state. Needs the permission to read alias accounts.
    #[graphql(directive = cost::apply(STORE_CALL.to_owned()))]
    async fn alias_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the alias account.")] id: ID,
        #[graphql(default, desc = "In which state it is looked for.")] state: RecordState,
    ) -> Option<Result<AliasAccountObject>> {
        let found = async {
            let session = session(ctx)?;
            let asked = parse_uuid(&id).map(|id| AuditedRecord::AliasAccount(AliasAccountId(id)));
            may_read(session, Resource::Aliases, asked).await?;
            let id = AliasAccountId(read_id("id", &id)?);
            let key =
                AliasAccountKey { id, state: state.into(), detail: selection::of_alias_account(ctx.field()) };
            session.loaders.alias_account(key).await.map_err(|f| error_of(&f))
        };
        Some(found.await.transpose()?.map(AliasAccountObject::new))
    }

    /// The live alias account of one ledger account: who owns it. Null where it is not linked. Needs the permission to read alias accounts.
    #[graphql(directive = cost::apply(STORE_CALL.to_owned()))]
    async fn alias_account_by_ledger_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ledger.")] ledger_id: UuidScalar,
        #[graphql(desc = "The account in that ledger.")] account_id: UuidScalar,
    ) -> Option<Result<AliasAccountObject>> {
        match by_ledger_accounts(ctx, ledger_id, &[account_id]).await {
            Ok(mut found) => found.pop().flatten(),
            Err(error) => Some(Err(error)),
        }
    }

    /// The live alias accounts of up to 100 accounts of one ledger, in the order asked, repeats included; null where an account is not linked. Needs the permission to read alias accounts.
    #[graphql(
        directive = cost::apply(STORE_CALL.to_owned()),
        directive = list_size::apply(None, names(["accountIds"]), None, None)
    )]
    async fn alias_accounts_by_ledger_accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ledger.")] ledger_id: UuidScalar,
        #[graphql(desc = "The accounts in that ledger, at most 100.")] account_ids: Vec<UuidScalar>,
    ) -> Option<Result<Vec<Option<Result<AliasAccountObject>>>>> {
        Some(by_ledger_accounts(ctx, ledger_id, &account_ids).await)
    }

    /// A list of alias accounts of all holders: live ones in the order of creation, unless the arguments say otherwise. Needs the permission to read alias accounts.
    #[graphql(
        directive = cost::apply(LIST.to_owned()),
        directive = list_size::apply(Some(PAGE_DEFAULT), names(["first", "last"]), names(["edges", "nodes"]), Some(false))
    )]
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn alias_accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them; all live ones where it is left out.")] filter: MaybeUndefined<
            AliasAccountFilter,
        >,
        #[graphql(default, desc = "What the list is sorted by.")] sort: AliasAccountSort,
        #[graphql(default, desc = "Which way the list goes.")] direction: SortDirection,
        #[graphql(desc = "So many from the start, 1 to 100; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100; not together with first.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the same list.")] before: Option<String>,
    ) -> Option<Result<AliasAccountConnection>> {
        let paging = Paging { first, after, last, before };
        Some(lists::alias_accounts(ctx, None, filter, order(sort, direction), paging).await)
    }

    /// The audit trail: who did what, the newest first. What has just happened waits for about a second before it is sealed into the trail, and is not listed until then. Needs the permission to read the audit trail.
    #[graphql(
        directive = cost::apply(LIST.to_owned()),
        directive = list_size::apply(Some(PAGE_DEFAULT), names(["first", "last"]), names(["edges", "nodes"]), Some(false))
    )]
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn audit_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them; all where it is left out.")] filter: MaybeUndefined<
            AuditEntryFilter,
        >,
        #[graphql(
            default_with = "SortDirection::Descending",
            desc = "Which way the list goes, by the time when it happened."
        )]
        direction: SortDirection,
        #[graphql(desc = "So many from the start, 1 to 100; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100; not together with first.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the same list.")] before: Option<String>,
    ) -> Option<Result<AuditEntryConnection>> {
        Some(audit_entries(ctx, filter, direction, Paging { first, after, last, before }).await)
    }
}

/// The live records with these ids, each at its place.
async fn nodes(ctx: &Context<'_>, ids: &[ID]) -> Result<Vec<Option<Result<Node>>>> {
    let session = session(ctx)?;
    let Session { registry, caller, .. } = session;
    let read = match (ids, ids.len()) {
        ([one], _) => read_id("id", one).map(|id| vec![id]),
        (_, many) if many > IDS_MAX => {
            let message = format!("ids has {many} ids: at most {IDS_MAX} are taken");
            Err(error_of(&Failure::BadUserInput(message)))
        }
        _ => (0..).zip(ids).map(|(index, id): (usize, _)| read_id(&format!("ids.{index}"), id)).collect(),
    };
    let wanted = match read {
        Ok(wanted) => wanted,
        Err(error) => {
            registry.no_node(caller).await.map_err(|f| error_of(&f))?;
            return Err(error);
        }
    };
    let detail = selection::of_node(ctx.field());
    let found = registry.nodes(caller, &wanted, detail).await.map_err(|f| error_of(&f))?;
    let node = |id| {
        let found: Result<Found, Failure> = found.get(id).cloned()?;
        Some(found.map(Node::from).map_err(|failure| error_of(&failure)))
    };
    Ok(wanted.iter().map(node).collect())
}

/// The live alias accounts of these accounts, each at its place.
async fn by_ledger_accounts(
    ctx: &Context<'_>,
    ledger: UuidScalar,
    accounts: &[UuidScalar],
) -> Result<Vec<Option<Result<AliasAccountObject>>>> {
    let session = session(ctx)?;
    let detail = selection::of_alias_account(ctx.field());
    let (ledger, accounts) = (LedgerId(ledger.0), accounts.iter().map(|id| AccountId(id.0)));
    let accounts: Vec<AccountId> = accounts.collect();
    let found =
        session.registry.alias_accounts_by_ledger_accounts(&session.caller, ledger, &accounts, detail);
    let found = found.await.map_err(|f| error_of(&f))?;
    let found: HashMap<AccountId, Result<AliasAccountObject, Failure>> =
        found.into_iter().map(|(account, one)| (account, one.map(AliasAccountObject::new))).collect();
    let one = |account| {
        let found: Result<AliasAccountObject, Failure> = found.get(account).cloned()?;
        Some(found.map_err(|failure| error_of(&failure)))
    };
    Ok(accounts.iter().map(one).collect())
}

/// The permission comes before the arguments: who may not read is not told what is wrong with them. What was asked for
/// is told to the audit trail.
async fn may_read(session: &Session, resource: Resource, asked: Option<AuditedRecord>) -> Result<()> {
    session.caller.may(resource, Action::Get).await.map_err(|failure| {
        session.caller.revealed.withhold(asked);
        error_of(&failure)
    })
}

fn read_id(name: &str, id: &ID) -> Result<Uuid> {
    parse_uuid(id).ok_or_else(|| {
        let message = format!("{name} is no UUID: write it as 36 characters with dashes");
        error_of(&Failure::BadUserInput(message))
    })
}
