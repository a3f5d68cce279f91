//! The type RelatedParty.

use super::alias_account::OpenedAliasAccount;
use super::errors::answered;
use super::scalars::DateScalar;
use crate::domain::alias_account::{
    RelatedParty as DomainParty, RelatedPartyPersonal, RelatedPartyRole as DomainRole,
};
use async_graphql::{Context, Enum, ID, Object, Result};

/// What a related party is to the account.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "RelatedPartyRole", remote = "DomainRole")]
pub(super) enum RelatedPartyRole {
    /// Owns the account first.
    PrimaryHolder,
    /// Acts for the owner by law.
    LegalRepresentative,
    /// Answers for the account.
    ResponsibleParty,
}

/// One related party and the alias account whose sealed part holds the rest of it.
pub(super) struct RelatedParty {
    of: OpenedAliasAccount,
    party: DomainParty,
}

impl RelatedParty {
    pub(super) fn new(of: OpenedAliasAccount, party: DomainParty) -> Self {
        Self { of, party }
    }

    async fn sealed(
        &self,
        ctx: &Context<'_>,
        field: &'static str,
        value: impl Fn(&RelatedPartyPersonal) -> String,
    ) -> Option<Result<String>> {
        let text =
            self.of.sealed(ctx, field, |personal| personal.parties.get(&self.party.id).map(value)).await?;
        // There may be ten times as many as their cost says, so what is answered is counted here.
        Some(text.and_then(|text| answered(ctx, text.len()).map(|()| text)))
    }
}

/// A person attached to an alias account.
#[Object]
impl RelatedParty {
    /// Its id: a UUIDv7.
    async fn id(&self) -> ID {
        ID(self.party.id.to_string())
    }

    /// Document, as it was written. Sealed at rest.
    async fn document(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.sealed(ctx, "AliasAccount.relatedParties.document", |party| party.document.clone()).await
    }

    /// Full name. Sealed at rest.
    async fn name(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.sealed(ctx, "AliasAccount.relatedParties.name", |party| party.name.clone()).await
    }

    /// What the person is to the account.
    async fn role(&self) -> RelatedPartyRole {
        self.party.role.into()
    }

    /// First day.
    async fn start_date(&self) -> DateScalar {
        DateScalar(self.party.start_date)
    }

    /// Last day; null where there is none.
    async fn end_date(&self) -> Option<DateScalar> {
        self.party.end_date.map(DateScalar)
    }
}
