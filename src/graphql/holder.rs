//! The type Holder.

use super::connection::AliasAccountConnection;
use super::cost::{LIST_OF_ONE, PAGE_DEFAULT, RECORD, cost, list_size, names};
use super::inputs::filter::AliasAccountFilter;
use super::lists::alias_accounts;
use super::opened::Opened;
use super::order::{AliasAccountSort, SortDirection, order};
use super::person::{Addresses, Contact, LegalPerson, NaturalPerson};
use super::scalars::{DateTimeScalar, MetadataScalar, UuidScalar};
use crate::domain::holder::{HolderPersonal, HolderType as DomainType};
use crate::domain::mask::mask;
use crate::registry::Registry;
use crate::registry::lists::Paging;
use crate::registry::ports::audit::AuditedRecord;
use crate::registry::ports::record::HolderRecord;
use async_graphql::{Context, Enum, ID, MaybeUndefined, Object, Result};
use std::sync::Arc;

/// What kind of holder it is. It never changes.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "HolderType", remote = "DomainType")]
pub(super) enum HolderType {
    /// A human being.
    NaturalPerson,
    /// A company or another organisation.
    LegalPerson,
}

/// A holder with its personal data.
#[derive(Clone)]
pub(super) struct HolderObject(Opened<HolderRecord, HolderPersonal>);

impl HolderObject {
    pub(super) fn new(record: impl Into<Arc<HolderRecord>>) -> Self {
        Self(Opened::new(record, Registry::open_holder, |record| AuditedRecord::Holder(record.clear.id)))
    }
}

/// A person or company that owns ledger accounts.
#[Object(name = "Holder", directive = cost::apply(RECORD.to_owned()))]
impl HolderObject {
    /// Its id: a UUIDv7, so that ids rise in the order of creation.
    pub(super) async fn id(&self) -> ID {
        ID(self.0.record().clear.id.to_string())
    }

    /// The tenant of the ledger that it belongs to.
    async fn organization_id(&self) -> UuidScalar {
        UuidScalar(self.0.record().clear.organization.0)
    }

    /// Your own id for the holder. Stored in clear: never personal data.
    async fn external_id(&self) -> Option<&str> {
        self.0.record().clear.external_id.as_deref()
    }

    /// Natural or legal person; never changes.
    #[graphql(name = "type")]
    async fn holder_type(&self) -> HolderType {
        self.0.record().clear.holder_type.into()
    }

    /// Full name of the person, or the company's. Sealed at rest.
    async fn name(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.0.sealed(ctx, "Holder.name", |personal| Some(personal.name.clone())).await
    }

    /// CPF, CNPJ, passport number or any other document, exactly as it was written. Sealed at rest; at most one live holder of the organization has it, compared without case and punctuation.
    async fn document(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.0.sealed(ctx, "Holder.document", |personal| Some(personal.document.clone())).await
    }

    /// The document with all but its first and last two letters or digits as `*`, for example `91*******15`; fewer than six are all `*`. Needs no permission to read personal data.
    async fn document_masked(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.0.masked(ctx, |personal| Some(mask(&personal.document)))
    }

    /// Up to three addresses. Sealed at rest.
    async fn addresses(&self, ctx: &Context<'_>) -> Option<Result<Addresses>> {
        self.0.sealed(ctx, "Holder.addresses", |personal| personal.addresses.clone().map(Into::into)).await
    }

    /// E-mail addresses and telephone numbers. Sealed at rest.
    async fn contact(&self, ctx: &Context<'_>) -> Option<Result<Contact>> {
        self.0.sealed(ctx, "Holder.contact", |personal| personal.contact.clone().map(Into::into)).await
    }

    /// Details of a human being; may be given with either type. Sealed at rest.
    async fn natural_person(&self, ctx: &Context<'_>) -> Option<Result<NaturalPerson>> {
        self.0
            .sealed(ctx, "Holder.naturalPerson", |personal| personal.natural_person.clone().map(Into::into))
            .await
    }

    /// Details of a company; may be given with either type. Sealed at rest.
    async fn legal_person(&self, ctx: &Context<'_>) -> Option<Result<LegalPerson>> {
        self.0
            .sealed(ctx, "Holder.legalPerson", |personal| personal.legal_person.clone().map(Into::into))
            .await
    }

    /// Your own entries, `{}` where there are none. Stored in clear: never personal data.
    async fn metadata(&self, ctx: &Context<'_>) -> Result<MetadataScalar> {
        MetadataScalar::answered(ctx, &self.0.record().clear.metadata)
    }

    /// Counts up by one with each change; linking an alias account is none. Send it back as expectedVersion, and a change by somebody else in between is refused instead of lost.
    async fn version(&self) -> i32 {
        self.0.record().version
    }

    /// When it was created.
    async fn created_at(&self) -> DateTimeScalar {
        DateTimeScalar(self.0.record().clear.created_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTimeScalar {
        DateTimeScalar(self.0.record().clear.updated_at)
    }

    /// When it was soft-deleted; null while it is live.
    async fn deleted_at(&self) -> Option<DateTimeScalar> {
        self.0.record().clear.deleted_at.map(DateTimeScalar)
    }

    /// Its alias accounts: live ones in the order of creation, unless the arguments say otherwise. Needs the permission to read alias accounts.
    #[graphql(
        directive = cost::apply(LIST_OF_ONE.to_owned()),
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
        let of = self.0.record().clear.id;
        Some(alias_accounts(ctx, Some(of), filter, order(sort, direction), paging).await)
    }
}
