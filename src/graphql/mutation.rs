//! The mutations.

use super::alias_account::AliasAccountObject;
use super::errors::session;
use super::holder::HolderObject;
use super::inputs::alias_account::CreateAliasAccountInput;
use super::inputs::holder::CreateHolderInput;
use super::payloads::{CreateAliasAccountPayload, CreateHolderPayload, user_errors};
use super::selection;
use async_graphql::{Context, Object, Result};

/// The mutation root.
pub struct Mutation;

/// Changes. Several in one document run in order, and the first stays committed when the second fails: GraphQL has no transaction.
#[Object]
impl Mutation {
    /// Creates a holder. Needs the permission to post holders.
    async fn create_holder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The holder.")] input: CreateHolderInput,
    ) -> Option<Result<CreateHolderPayload>> {
        let payload = async {
            let session = session(ctx)?;
            let detail = selection::of_payload(ctx.field(), "holder", selection::of_holder);
            match session.registry.create_holder(&session.caller, input.into(), detail).await {
                Ok(holder) => {
                    Ok(CreateHolderPayload { holder: holder.map(HolderObject::new), ..Default::default() })
                }
                Err(refusal) => {
                    Ok(CreateHolderPayload { user_errors: user_errors(refusal)?, ..Default::default() })
                }
            }
        };
        Some(payload.await)
    }

    /// Links one ledger account to a live holder, after the ledger has confirmed in this very call that the account exists and may be linked. Needs the permission to post alias accounts.
    async fn create_alias_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The holder, the ledger account and its details.")] input: CreateAliasAccountInput,
    ) -> Option<Result<CreateAliasAccountPayload>> {
        let payload = async {
            let session = session(ctx)?;
            let detail = selection::of_payload(ctx.field(), "aliasAccount", selection::of_alias_account);
            match session.registry.create_alias_account(&session.caller, input.into(), detail).await {
                Ok(found) => {
                    let alias_account = found.map(AliasAccountObject::new);
                    Ok(CreateAliasAccountPayload { alias_account, ..Default::default() })
                }
                Err(refusal) => {
                    Ok(CreateAliasAccountPayload { user_errors: user_errors(refusal)?, ..Default::default() })
                }
            }
        };
        Some(payload.await)
    }
}
