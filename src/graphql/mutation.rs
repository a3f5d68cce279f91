//! The mutations.

use super::alias_account::AliasAccountObject;
use super::cost::{LEDGER_MUTATION, MUTATION, ONBOARDING, cost, list_size, names};
use super::errors::session;
use super::holder::HolderObject;
use super::inputs::alias_account::{CreateAliasAccountInput, UpdateAliasAccountInput};
use super::inputs::holder::{CreateHolderInput, UpdateHolderInput};
use super::inputs::onboarding::OnboardHolderInput;
use super::inputs::related_party::{AddRelatedPartyInput, RemoveRelatedPartyInput, UpdateRelatedPartyInput};
use super::inputs::target::{
    DeleteAliasAccountInput, DeleteHolderInput, RestoreAliasAccountInput, RestoreHolderInput,
    VerifyAliasAccountInput,
};
use super::payloads::{
    AddRelatedPartyPayload, CreateAliasAccountPayload, CreateHolderPayload, DeleteAliasAccountPayload,
    DeleteHolderPayload, OnboardHolderPayload, RemoveRelatedPartyPayload, RestoreAliasAccountPayload,
    RestoreHolderPayload, UpdateAliasAccountPayload, UpdateHolderPayload, UpdateRelatedPartyPayload,
    VerifyAliasAccountPayload, edited, payload,
};
use super::{given, selection};
use crate::registry::mutating::Mutating;
use crate::registry::ports::record::Detail;
use async_graphql::{Context, ID, Object, Result};

/// The use cases and this mutation of the caller's, or the located error that there is no session.
macro_rules! at_hand {
    ($ctx:ident, $naming:expr) => {
        match session($ctx) {
            Ok(session) => (&session.registry, Mutating::new(&session.caller, given::given($ctx, $naming))),
            Err(error) => return Some(Err(error)),
        }
    };
}

/// The mutation root.
pub(super) struct Mutation;

/// Changes. Several in one document run in order, and the first stays committed when the second fails: GraphQL has no transaction.
#[Object]
impl Mutation {
    /// Creates a holder. Needs the permission to post holders.
    #[graphql(directive = cost::apply(MUTATION.to_owned()))]
    async fn create_holder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The holder.")] input: CreateHolderInput,
    ) -> Option<Result<CreateHolderPayload>> {
        let (registry, mutating) = at_hand!(ctx, given::NONE);
        let end = registry.create_holder(&mutating, input.into(), of_holder(ctx)).await;
        payload(end, |found| CreateHolderPayload {
            holder: found.map(HolderObject::new),
            ..Default::default()
        })
    }

    /// Changes a live holder: what is left out stays, null clears, an object is merged field by field. Needs the permission to patch holders.
    #[graphql(directive = cost::apply(MUTATION.to_owned()))]
    async fn update_holder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The holder and what shall change.")] input: UpdateHolderInput,
    ) -> Option<Result<UpdateHolderPayload>> {
        let (registry, mutating) = at_hand!(ctx, given::HOLDER);
        let end = registry.update_holder(&mutating, input.into(), of_holder(ctx)).await;
        payload(end, |found| UpdateHolderPayload {
            holder: found.map(HolderObject::new),
            ..Default::default()
        })
    }

    /// Deletes a holder that has no live alias account. SOFT (the default) archives it, frees its document and can be undone with restoreHolder; it needs the permission to delete holders. HARD removes a live or soft-deleted holder for good, and its soft-deleted alias accounts with it; it needs the permission to purge holders.
    #[graphql(directive = cost::apply(MUTATION.to_owned()))]
    async fn delete_holder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The holder.")] input: DeleteHolderInput,
    ) -> Option<Result<DeleteHolderPayload>> {
        let (registry, mutating) = at_hand!(ctx, given::HOLDER);
        let (target, mode) = input.into_parts();
        let end = registry.delete_holder(&mutating, target, mode).await;
        payload(end, |id| {
            let deleted_id = id.map(|id| ID(id.to_string()));
            DeleteHolderPayload { deleted_id, ..Default::default() }
        })
    }

    /// Puts a soft-deleted holder back, if no other live holder has its document by now. Needs the permission to patch holders.
    #[graphql(directive = cost::apply(MUTATION.to_owned()))]
    async fn restore_holder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The holder.")] input: RestoreHolderInput,
    ) -> Option<Result<RestoreHolderPayload>> {
        let (registry, mutating) = at_hand!(ctx, given::HOLDER);
        let end = registry.restore_holder(&mutating, input.into(), of_holder(ctx)).await;
        payload(end, |found| RestoreHolderPayload {
            holder: found.map(HolderObject::new),
            ..Default::default()
        })
    }

    /// Creates one holder and its alias accounts in one call: all of them, or nothing. The ledger is asked about each account. Needs the permissions to post holders and alias accounts.
    #[graphql(
        directive = cost::apply(ONBOARDING.to_owned()),
        directive = list_size::apply(None, names(["input.aliasAccounts"]), names(["aliasAccounts"]), None)
    )]
    async fn onboard_holder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The holder and up to 100 alias accounts.")] input: OnboardHolderInput,
    ) -> Option<Result<OnboardHolderPayload>> {
        let (registry, mutating) = at_hand!(ctx, given::NONE);
        let of_accounts = selection::of_payload(ctx.field(), "aliasAccounts", selection::of_alias_account);
        let onboarding = registry.onboard_holder(&mutating, input.into(), of_holder(ctx), of_accounts);
        payload(onboarding.await, |onboarded| OnboardHolderPayload {
            holder: onboarded.holder.map(HolderObject::new),
            alias_accounts: onboarded.alias_accounts.into_iter().map(AliasAccountObject::new).collect(),
            ..Default::default()
        })
    }

    /// Links one ledger account to a live holder, after the ledger has confirmed in this very call that the account exists and may be linked. Needs the permission to post alias accounts.
    #[graphql(directive = cost::apply(LEDGER_MUTATION.to_owned()))]
    async fn create_alias_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The holder, the ledger account and its details.")] input: CreateAliasAccountInput,
    ) -> Option<Result<CreateAliasAccountPayload>> {
        let (registry, mutating) = at_hand!(ctx, given::ITS_HOLDER);
        let end = registry.create_alias_account(&mutating, input.into(), of_alias_account(ctx)).await;
        payload(end, |found| {
            let alias_account = found.map(AliasAccountObject::new);
            CreateAliasAccountPayload { alias_account, ..Default::default() }
        })
    }

    /// Changes a live alias account: what is left out stays, null clears, an object is merged field by field. Needs the permission to patch alias accounts.
    #[graphql(directive = cost::apply(MUTATION.to_owned()))]
    async fn update_alias_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The alias account and what shall change.")] input: UpdateAliasAccountInput,
    ) -> Option<Result<UpdateAliasAccountPayload>> {
        let (registry, mutating) = at_hand!(ctx, given::ALIAS_ACCOUNT);
        let end = registry.update_alias_account(&mutating, input.into(), of_alias_account(ctx)).await;
        payload(end, |found| {
            let alias_account = found.map(AliasAccountObject::new);
            UpdateAliasAccountPayload { alias_account, ..Default::default() }
        })
    }

    /// Deletes an alias account. SOFT (the default) archives it, frees its ledger account and can be undone with restoreAliasAccount; it needs the permission to delete alias accounts. HARD removes a live or soft-deleted alias account for good; it needs the permission to purge alias accounts.
    #[graphql(directive = cost::apply(MUTATION.to_owned()))]
    async fn delete_alias_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The alias account.")] input: DeleteAliasAccountInput,
    ) -> Option<Result<DeleteAliasAccountPayload>> {
        let (registry, mutating) = at_hand!(ctx, given::ALIAS_ACCOUNT);
        let (target, mode) = input.into_parts();
        let end = registry.delete_alias_account(&mutating, target, mode).await;
        payload(end, |id| {
            let deleted_id = id.map(|id| ID(id.to_string()));
            DeleteAliasAccountPayload { deleted_id, ..Default::default() }
        })
    }

    /// Puts a soft-deleted alias account back, if its holder is live, its ledger account is still free and the ledger still confirms it. Needs the permission to patch alias accounts.
    #[graphql(directive = cost::apply(LEDGER_MUTATION.to_owned()))]
    async fn restore_alias_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The alias account.")] input: RestoreAliasAccountInput,
    ) -> Option<Result<RestoreAliasAccountPayload>> {
        let (registry, mutating) = at_hand!(ctx, given::ALIAS_ACCOUNT);
        let end = registry.restore_alias_account(&mutating, input.into(), of_alias_account(ctx)).await;
        payload(end, |found| {
            let alias_account = found.map(AliasAccountObject::new);
            RestoreAliasAccountPayload { alias_account, ..Default::default() }
        })
    }

    /// Asks the ledger again about a live alias account and records the answer in `link`; version and updatedAt stay. Where the ledger gives no answer it is LEDGER_UNAVAILABLE and the link stays as it was. Needs the permission to patch alias accounts.
    #[graphql(directive = cost::apply(LEDGER_MUTATION.to_owned()))]
    async fn verify_alias_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The alias account.")] input: VerifyAliasAccountInput,
    ) -> Option<Result<VerifyAliasAccountPayload>> {
        let (registry, mutating) = at_hand!(ctx, given::ALIAS_ACCOUNT);
        let end = registry.verify_alias_account(&mutating, input.into(), of_alias_account(ctx)).await;
        payload(end, |found| {
            let alias_account = found.map(AliasAccountObject::new);
            VerifyAliasAccountPayload { alias_account, ..Default::default() }
        })
    }

    /// Attaches a person to a live alias account; at most 100. Needs the permission to patch alias accounts.
    #[graphql(directive = cost::apply(MUTATION.to_owned()))]
    async fn add_related_party(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The alias account and the person.")] input: AddRelatedPartyInput,
    ) -> Option<Result<AddRelatedPartyPayload>> {
        let (registry, mutating) = at_hand!(ctx, given::ITS_ALIAS_ACCOUNT);
        let end = registry.add_related_party(&mutating, input.into(), of_party(ctx)).await;
        payload(end, |edit| {
            let (related_party, alias_account) = edited(edit);
            AddRelatedPartyPayload { related_party, alias_account, ..Default::default() }
        })
    }

    /// Changes a related party: what is left out stays; its document can never be changed. Needs the permission to patch alias accounts.
    #[graphql(directive = cost::apply(MUTATION.to_owned()))]
    async fn update_related_party(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The related party and what shall change.")] input: UpdateRelatedPartyInput,
    ) -> Option<Result<UpdateRelatedPartyPayload>> {
        let (registry, mutating) = at_hand!(ctx, given::ITS_ALIAS_ACCOUNT);
        let end = registry.update_related_party(&mutating, input.into(), of_party(ctx)).await;
        payload(end, |edit| {
            let (related_party, alias_account) = edited(edit);
            UpdateRelatedPartyPayload { related_party, alias_account, ..Default::default() }
        })
    }

    /// Detaches a related party from a live alias account. Needs the permission to delete alias accounts.
    #[graphql(directive = cost::apply(MUTATION.to_owned()))]
    async fn remove_related_party(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The related party.")] input: RemoveRelatedPartyInput,
    ) -> Option<Result<RemoveRelatedPartyPayload>> {
        let (registry, mutating) = at_hand!(ctx, given::ITS_ALIAS_ACCOUNT);
        let end = registry.remove_related_party(&mutating, input.into(), of_party(ctx)).await;
        payload(end, |edit| {
            let removed_id = edit.party.map(|id| ID(id.to_string()));
            let (_, alias_account) = edited(edit);
            RemoveRelatedPartyPayload { removed_id, alias_account, ..Default::default() }
        })
    }
}

fn of_holder(ctx: &Context<'_>) -> Detail {
    selection::of_payload(ctx.field(), "holder", selection::of_holder)
}

fn of_alias_account(ctx: &Context<'_>) -> Detail {
    selection::of_payload(ctx.field(), "aliasAccount", selection::of_alias_account)
}

/// A party's sealed half is in its alias account's sealed part.
fn of_party(ctx: &Context<'_>) -> Detail {
    let party = selection::of_payload(ctx.field(), "relatedParty", selection::of_related_party);
    party.max(of_alias_account(ctx))
}
