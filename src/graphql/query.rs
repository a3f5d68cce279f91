//! The queries.

use super::alias_account::AliasAccountObject;
use super::errors::{error_of, session};
use super::holder::HolderObject;
use super::loaders::HolderKey;
use super::node::Node;
use super::scalars::UuidScalar;
use super::{Session, selection};
use crate::domain::ids::{AccountId, AliasAccountId, HolderId, LedgerId, parse_uuid};
use crate::registry::failure::Failure;
use crate::registry::ports::access::{Action, Resource};
use crate::registry::ports::store::State;
use async_graphql::{Context, ID, Object, Result};
use uuid::Uuid;

/// The query root.
pub struct Query;

/// Reads. Each field needs its own permission, so one document may be allowed in part: a refused field is null with a located FORBIDDEN.
#[Object]
impl Query {
    /// The live record with this id, of whichever type; null where there is none. Needs the permission to read that type.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of a holder or an alias account.")] id: ID,
    ) -> Option<Result<Node>> {
        let found = async {
            let session = session(ctx)?;
            let detail = selection::of_node(ctx.field());
            let found = match parse_uuid(&id) {
                Some(id) => session.registry.node(&session.caller, id, detail).await,
                None => session.registry.no_node(&session.caller).await.and_then(|()| Err(no_uuid())),
            };
            found.map_err(|f| error_of(&f))
        };
        Some(found.await.transpose()?.map(Node::from))
    }

    /// The live holder with this id; null where there is none. Needs the permission to read holders.
    async fn holder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the holder.")] id: ID,
    ) -> Option<Result<HolderObject>> {
        let found = async {
            let session = session(ctx)?;
            may_read(session, Resource::Holders).await?;
            let id = HolderId(read_id(&id)?);
            let key = HolderKey { id, state: State::Live, detail: selection::of_holder(ctx.field()) };
            session.loaders.holder(key).await.map_err(|f| error_of(&f))
        };
        Some(found.await.transpose()?.map(HolderObject::new))
    }

    /// The live holder of a document, compared without case and punctuation; at most one of the organization has it. Null where there is none. Needs the permission to read holders.
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

    /// The live alias account with this id; null where there is none. Needs the permission to read alias accounts.
    async fn alias_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the alias account.")] id: ID,
    ) -> Option<Result<AliasAccountObject>> {
        let found = async {
            let session = session(ctx)?;
            may_read(session, Resource::Aliases).await?;
            let id = AliasAccountId(read_id(&id)?);
            let detail = selection::of_alias_account(ctx.field());
            session.loaders.alias_account(id, detail).await.map_err(|f| error_of(&f))
        };
        Some(found.await.transpose()?.map(AliasAccountObject::new))
    }

    /// The live alias account of one ledger account: who owns it. Null where it is not linked. Needs the permission to read alias accounts.
    async fn alias_account_by_ledger_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ledger.")] ledger_id: UuidScalar,
        #[graphql(desc = "The account in that ledger.")] account_id: UuidScalar,
    ) -> Option<Result<AliasAccountObject>> {
        let found = async {
            let session = session(ctx)?;
            let detail = selection::of_alias_account(ctx.field());
            let (ledger, account) = (LedgerId(ledger_id.0), AccountId(account_id.0));
            let found =
                session.registry.alias_account_by_ledger_account(&session.caller, ledger, account, detail);
            found.await.map_err(|f| error_of(&f))
        };
        Some(found.await.transpose()?.map(AliasAccountObject::new))
    }
}

/// The permission comes before the arguments: who may not read is not told what is wrong with them.
async fn may_read(session: &Session, resource: Resource) -> Result<()> {
    session.caller.may(resource, Action::Get).await.map_err(|failure| error_of(&failure))
}

fn read_id(id: &ID) -> Result<Uuid> {
    parse_uuid(id).ok_or_else(|| error_of(&no_uuid()))
}

fn no_uuid() -> Failure {
    Failure::BadUserInput("id is no UUID: write it as 36 characters with dashes".to_owned())
}
