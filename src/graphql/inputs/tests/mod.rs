//! The inputs as a client meets them: what is printed of them, and what each of their fields does to a record.

mod arguments;
mod every_field;
mod printed;
mod samples;

use super::alias_account::{CreateAliasAccountInput, UpdateAliasAccountInput};
use super::holder::{CreateHolderInput, UpdateHolderInput};
use super::onboarding::OnboardHolderInput;
use super::related_party::{AddRelatedPartyInput, RemoveRelatedPartyInput, UpdateRelatedPartyInput};
use super::target::{
    DeleteAliasAccountInput, DeleteHolderInput, RestoreAliasAccountInput, RestoreHolderInput,
    VerifyAliasAccountInput,
};
use crate::domain::create_alias_account::CreateAliasAccount;
use crate::domain::create_holder::CreateHolder;
use crate::domain::onboard_holder::OnboardHolder;
use crate::domain::related_party::{AddRelatedParty, RemoveRelatedParty, UpdateRelatedParty};
use crate::domain::target::Target;
use crate::domain::update_alias_account::UpdateAliasAccount;
use crate::domain::update_holder::UpdateHolder;
use async_graphql::{EmptySubscription, Object, Schema};

struct Query;

#[Object]
impl Query {
    async fn nothing(&self) -> bool {
        true
    }
}

/// One mutation an input; each answers what arrived, in few words.
struct Mutation;

#[Object]
impl Mutation {
    async fn create_holder(&self, input: CreateHolderInput) -> String {
        CreateHolder::from(input).name
    }

    async fn update_holder(&self, input: UpdateHolderInput) -> String {
        let input = UpdateHolder::from(input);
        let word = |keeps: bool, clears: bool| match (keeps, clears) {
            (true, _) => "keep",
            (_, true) => "clear",
            _ => "set",
        };
        let name = word(input.name.keeps(), input.name.clears());
        let contact = word(input.contact.keeps(), input.contact.clears());
        let line = input.contact.given().map(|contact| &contact.mobile_phone);
        let phone = line.map_or("nothing", |line| word(line.keeps(), line.clears()));
        format!("name {name}, contact {contact}, phone {phone}")
    }

    async fn delete_holder(&self, input: DeleteHolderInput) -> String {
        let (target, mode) = input.into_parts();
        format!("{} {mode:?}", target.id)
    }

    async fn restore_holder(&self, input: RestoreHolderInput) -> String {
        Target::from(input).id
    }

    async fn onboard_holder(&self, input: OnboardHolderInput) -> String {
        let onboarding = OnboardHolder::from(input);
        let inner = onboarding.holder.idempotency_key.is_some();
        format!("{} alias accounts, inner key {inner}", onboarding.alias_accounts.len())
    }

    async fn create_alias_account(&self, input: CreateAliasAccountInput) -> String {
        CreateAliasAccount::from(input).holder_id
    }

    async fn update_alias_account(&self, input: UpdateAliasAccountInput) -> String {
        UpdateAliasAccount::from(input).id
    }

    async fn delete_alias_account(&self, input: DeleteAliasAccountInput) -> String {
        let (target, mode) = input.into_parts();
        format!("{} {mode:?} {:?}", target.id, target.expected_version)
    }

    async fn restore_alias_account(&self, input: RestoreAliasAccountInput) -> String {
        Target::from(input).id
    }

    async fn verify_alias_account(&self, input: VerifyAliasAccountInput) -> String {
        Target::from(input).id
    }

    async fn add_related_party(&self, input: AddRelatedPartyInput) -> String {
        AddRelatedParty::from(input).party.personal.name
    }

    async fn update_related_party(&self, input: UpdateRelatedPartyInput) -> String {
        UpdateRelatedParty::from(input).id
    }

    async fn remove_related_party(&self, input: RemoveRelatedPartyInput) -> String {
        RemoveRelatedParty::from(input).id
    }
}

fn schema() -> Schema<Query, Mutation, EmptySubscription> {
    Schema::build(Query, Mutation, EmptySubscription).finish()
}
