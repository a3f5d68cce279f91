//! The type AliasAccount.

use super::account_link::AccountLink;
use super::banking_details::BankingDetails;
use super::cost::{PARTIES_USUAL, RECORD, cost, list_size};
use super::errors::{error_of, session};
use super::holder::{HolderObject, HolderType};
use super::loaders::HolderKey;
use super::opened::Opened;
use super::related_party::RelatedParty;
use super::scalars::{DateTimeScalar, MetadataScalar, UuidScalar};
use super::selection;
use crate::domain::alias_account::AliasAccountPersonal;
use crate::domain::ids::RelatedPartyId;
use crate::registry::Registry;
use crate::registry::ports::audit::AuditedRecord;
use crate::registry::ports::list::State;
use crate::registry::ports::record::AliasAccountRecord;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use std::sync::Arc;

/// An alias account's record and its personal data.
pub(super) type OpenedAliasAccount = Opened<AliasAccountRecord, AliasAccountPersonal>;

/// An alias account with its personal data.
#[derive(Clone)]
pub(super) struct AliasAccountObject(OpenedAliasAccount);

impl AliasAccountObject {
    pub(super) fn new(record: impl Into<Arc<AliasAccountRecord>>) -> Self {
        let audited = |record: &AliasAccountRecord| AuditedRecord::AliasAccount(record.clear.id);
        Self(Opened::new(record, Registry::open_alias_account, audited))
    }

    pub(super) fn record(&self) -> &AliasAccountRecord {
        self.0.record()
    }

    /// One of its related parties, if it still has it.
    pub(super) fn related_party(&self, id: RelatedPartyId) -> Option<RelatedParty> {
        let party = self.record().clear.parties.iter().find(|party| party.id == id)?;
        Some(RelatedParty::new(self.0.clone(), party.clone()))
    }
}

/// The link from one holder to exactly one ledger account, with its banking details.
#[Object(name = "AliasAccount", directive = cost::apply(RECORD.to_owned()))]
impl AliasAccountObject {
    /// Its id: a UUIDv7, so that ids rise in the order of creation.
    pub(super) async fn id(&self) -> ID {
        ID(self.0.record().clear.id.to_string())
    }

    /// The tenant of the ledger that it belongs to.
    async fn organization_id(&self) -> UuidScalar {
        UuidScalar(self.0.record().clear.organization.0)
    }

    /// Whose account it is, in whatever state that holder is. Needs the permission to read holders.
    async fn holder(&self, ctx: &Context<'_>) -> Option<Result<HolderObject>> {
        let session = match session(ctx) {
            Ok(session) => session,
            Err(error) => return Some(Err(error)),
        };
        let detail = selection::of_holder(ctx.field());
        let key = HolderKey { id: self.0.record().clear.holder_id, state: State::Any, detail };
        let loaded = session.loaders.holder(key).await.transpose()?;
        Some(loaded.map(HolderObject::new).map_err(|failure| error_of(&failure)))
    }

    /// The ledger of the account; never changes.
    async fn ledger_id(&self) -> UuidScalar {
        UuidScalar(self.0.record().clear.ledger_id.0)
    }

    /// The account in that ledger; at most one live alias account of the organization has it. Never changes.
    async fn account_id(&self) -> UuidScalar {
        UuidScalar(self.0.record().clear.account_id.0)
    }

    /// The holder's document, as it was written there. Sealed at rest.
    async fn document(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.0.sealed(ctx, "AliasAccount.document", |personal| Some(personal.document.clone())).await
    }

    /// The holder's type.
    #[graphql(name = "type")]
    async fn holder_type(&self) -> HolderType {
        self.0.record().clear.holder_type.into()
    }

    /// Banking details; null where none were given.
    async fn banking_details(&self) -> Option<BankingDetails> {
        self.0.record().clear.banking.is_some().then(|| BankingDetails(self.0.clone()))
    }

    /// Regulatory fields; null where none were given. Sealed at rest.
    async fn regulatory_fields(&self, ctx: &Context<'_>) -> Option<Result<RegulatoryFields>> {
        self.0
            .sealed(ctx, "AliasAccount.regulatoryFields", |personal| {
                let fields = personal.regulatory.clone()?;
                Some(RegulatoryFields { participant_document: fields.participant_document })
            })
            .await
    }

    /// The persons attached to the account, in the order in which they were added.
    #[graphql(directive = list_size::apply(Some(PARTIES_USUAL), None, None, None))]
    async fn related_parties(&self) -> Vec<RelatedParty> {
        let parties = self.0.record().clear.parties.iter();
        parties.map(|party| RelatedParty::new(self.0.clone(), party.clone())).collect()
    }

    /// What the last check against the ledger found.
    async fn link(&self) -> AccountLink {
        (&self.0.record().clear.link).into()
    }

    /// Your own entries, `{}` where there are none. Stored in clear: never personal data.
    async fn metadata(&self, ctx: &Context<'_>) -> Result<MetadataScalar> {
        MetadataScalar::answered(ctx, &self.0.record().clear.metadata)
    }

    /// Counts up by one with each change; a check of the link is none. Send it back as expectedVersion, and a change by somebody else in between is refused instead of lost.
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
}

/// What the regulator asks for.
#[derive(SimpleObject)]
struct RegulatoryFields {
    /// Document of the participant, as it was written.
    participant_document: Option<String>,
}
