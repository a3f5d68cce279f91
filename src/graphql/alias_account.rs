//! The type AliasAccount and what it is made of.

use super::errors::{error_of, session};
use super::holder::{HolderObject, HolderType};
use super::loaders::HolderKey;
use super::scalars::{DateScalar, DateTimeScalar, MetadataScalar, UuidScalar};
use super::{Session, selection};
use crate::domain::alias_account::{
    AccountLink as DomainLink, AliasAccountPersonal, LinkStatus as DomainStatus, RelatedParty as DomainParty,
    RelatedPartyPersonal, RelatedPartyRole as DomainRole,
};
use crate::domain::mask::mask;
use crate::registry::failure::Failure;
use crate::registry::ports::record::AliasAccountRecord;
use crate::registry::ports::store::State;
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use std::sync::{Arc, OnceLock};

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

/// What the last check of an alias account against the ledger found.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "LinkStatus", remote = "DomainStatus")]
pub(super) enum LinkStatus {
    /// The ledger confirmed the account.
    Verified,
    /// The ledger or the account is not there, or deleted.
    NotFound,
    /// The account is blocked.
    Blocked,
    /// The account is external, or the ledger names another holder.
    Mismatch,
    /// The ledger was never asked.
    Unverified,
}

/// The state of the link from an alias account to its ledger account.
#[derive(SimpleObject)]
pub(super) struct AccountLink {
    /// What the last check found.
    status: LinkStatus,
    /// When the ledger was last asked.
    checked_at: Option<DateTimeScalar>,
    /// What a person should know of it, for example that the ledger names a holder unknown here.
    detail: Option<String>,
}

impl From<&DomainLink> for AccountLink {
    fn from(link: &DomainLink) -> Self {
        let DomainLink { status, checked_at, detail } = link.clone();
        Self { status: status.into(), checked_at: checked_at.map(DateTimeScalar), detail }
    }
}

/// An alias account with its personal data, opened at most once.
#[derive(Clone)]
pub(super) struct AliasAccountObject {
    record: Arc<AliasAccountRecord>,
    opened: Arc<OnceLock<Result<Arc<AliasAccountPersonal>, Failure>>>,
}

impl AliasAccountObject {
    pub(super) fn new(record: impl Into<Arc<AliasAccountRecord>>) -> Self {
        Self { record: record.into(), opened: Arc::default() }
    }

    pub(super) fn record(&self) -> &AliasAccountRecord {
        &self.record
    }

    /// A value of the sealed part; `None` where it has none, a located error where it does not open.
    fn sealed<T>(
        &self,
        ctx: &Context<'_>,
        value: impl FnOnce(&AliasAccountPersonal) -> Option<T>,
    ) -> Option<Result<T>> {
        let opened = self.opened.get_or_init(|| self.open(session(ctx).ok()));
        match opened {
            Ok(personal) => value(personal).map(Ok),
            Err(failure) => Some(Err(error_of(failure))),
        }
    }

    fn open(&self, session: Option<&Session>) -> Result<Arc<AliasAccountPersonal>, Failure> {
        session.ok_or(Failure::Internal)?.registry.open_alias_account(&self.record).map(Arc::new)
    }
}

/// The link from one holder to exactly one ledger account, with its banking details.
#[Object(name = "AliasAccount")]
impl AliasAccountObject {
    /// Its id: a UUIDv7, so that ids rise in the order of creation.
    pub(super) async fn id(&self) -> ID {
        ID(self.record.clear.id.to_string())
    }

    /// The tenant of the ledger that it belongs to.
    async fn organization_id(&self) -> UuidScalar {
        UuidScalar(self.record.clear.organization.0)
    }

    /// Whose account it is, in whatever state that holder is. Needs the permission to read holders.
    async fn holder(&self, ctx: &Context<'_>) -> Option<Result<HolderObject>> {
        let session = match session(ctx) {
            Ok(session) => session,
            Err(error) => return Some(Err(error)),
        };
        let detail = selection::of_holder(ctx.field());
        let key = HolderKey { id: self.record.clear.holder_id, state: State::Any, detail };
        let loaded = session.loaders.holder(key).await.transpose()?;
        Some(loaded.map(HolderObject::new).map_err(|failure| error_of(&failure)))
    }

    /// The ledger of the account; never changes.
    async fn ledger_id(&self) -> UuidScalar {
        UuidScalar(self.record.clear.ledger_id.0)
    }

    /// The account in that ledger; at most one live alias account of the organization has it. Never changes.
    async fn account_id(&self) -> UuidScalar {
        UuidScalar(self.record.clear.account_id.0)
    }

    /// The holder's document, as it was written there. Sealed at rest.
    async fn document(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.sealed(ctx, |personal| Some(personal.document.clone()))
    }

    /// The holder's type.
    #[graphql(name = "type")]
    async fn holder_type(&self) -> HolderType {
        self.record.clear.holder_type.into()
    }

    /// Banking details; null where none were given.
    async fn banking_details(&self) -> Option<BankingDetails> {
        self.record.clear.banking.is_some().then(|| BankingDetails(self.clone()))
    }

    /// Regulatory fields; null where none were given. Sealed at rest.
    async fn regulatory_fields(&self, ctx: &Context<'_>) -> Option<Result<RegulatoryFields>> {
        self.sealed(ctx, |personal| {
            let fields = personal.regulatory.clone()?;
            Some(RegulatoryFields { participant_document: fields.participant_document })
        })
    }

    /// The persons attached to the account, in the order in which they were added.
    async fn related_parties(&self) -> Vec<RelatedParty> {
        let parties = self.record.clear.parties.iter();
        parties.map(|party| RelatedParty { of: self.clone(), party: party.clone() }).collect()
    }

    /// What the last check against the ledger found.
    async fn link(&self) -> AccountLink {
        (&self.record.clear.link).into()
    }

    /// Your own entries, `{}` where there are none. Stored in clear: never personal data.
    async fn metadata(&self) -> MetadataScalar {
        (&self.record.clear.metadata).into()
    }

    /// Counts up by one with each change; a check of the link is none.
    async fn version(&self) -> i32 {
        self.record.version
    }

    /// When it was created.
    async fn created_at(&self) -> DateTimeScalar {
        DateTimeScalar(self.record.clear.created_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTimeScalar {
        DateTimeScalar(self.record.clear.updated_at)
    }

    /// When it was soft-deleted; null while it is live.
    async fn deleted_at(&self) -> Option<DateTimeScalar> {
        self.record.clear.deleted_at.map(DateTimeScalar)
    }
}

/// Banking details of an alias account that has some.
struct BankingDetails(AliasAccountObject);

impl BankingDetails {
    fn clear(&self) -> Option<&crate::domain::alias_account::BankingDetails> {
        self.0.record.clear.banking.as_ref()
    }
}

/// Banking details of an alias account.
#[Object]
impl BankingDetails {
    /// Branch number. Stored in clear.
    async fn branch(&self) -> Option<&str> {
        self.clear()?.branch.as_deref()
    }

    /// Number of the bank account, as it was written. Sealed at rest.
    async fn account(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.0.sealed(ctx, |personal| personal.account.clone())
    }

    /// The bank account's number with all but its first and last two letters or digits as `*`.
    async fn account_masked(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.0.sealed(ctx, |personal| personal.account.as_deref().map(mask))
    }

    /// Kind of bank account, in the client's own words. Stored in clear.
    #[graphql(name = "type")]
    async fn kind(&self) -> Option<&str> {
        self.clear()?.kind.as_deref()
    }

    /// When the bank account was opened. Stored in clear.
    async fn opening_date(&self) -> Option<DateScalar> {
        self.clear()?.opening_date.map(DateScalar)
    }

    /// When the bank account was closed. Stored in clear.
    async fn closing_date(&self) -> Option<DateScalar> {
        self.clear()?.closing_date.map(DateScalar)
    }

    /// IBAN, as it was written. Sealed at rest.
    async fn iban(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.0.sealed(ctx, |personal| personal.iban.clone())
    }

    /// The IBAN with all but its first and last two letters or digits as `*`.
    async fn iban_masked(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.0.sealed(ctx, |personal| personal.iban.as_deref().map(mask))
    }

    /// ISO 3166-1 alpha-2 in capitals. Stored in clear.
    async fn country_code(&self) -> Option<&str> {
        self.clear()?.country_code.as_deref()
    }

    /// The bank's number. Stored in clear.
    async fn bank_id(&self) -> Option<&str> {
        self.clear()?.bank_id.as_deref()
    }
}

/// What the regulator asks for.
#[derive(SimpleObject)]
struct RegulatoryFields {
    /// Document of the participant, as it was written.
    participant_document: Option<String>,
}

/// One related party and the alias account whose sealed part holds the rest of it.
struct RelatedParty {
    of: AliasAccountObject,
    party: DomainParty,
}

impl RelatedParty {
    fn sealed(
        &self,
        ctx: &Context<'_>,
        value: impl Fn(&RelatedPartyPersonal) -> String,
    ) -> Option<Result<String>> {
        self.of.sealed(ctx, |personal| personal.parties.get(&self.party.id).map(value))
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
        self.sealed(ctx, |party| party.document.clone())
    }

    /// Full name. Sealed at rest.
    async fn name(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.sealed(ctx, |party| party.name.clone())
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
