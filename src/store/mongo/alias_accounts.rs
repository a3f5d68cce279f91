//! The collection of alias accounts.

use super::kind::{Kind, Times};
use super::values::{Fields, Wrong, date, json, part, uuid};
use crate::domain::alias_account::{AccountLink, AliasAccount, LinkStatus};
use crate::domain::holder::HolderType;
use crate::domain::ids::{AccountId, AliasAccountId, HolderId, LedgerId, OrganizationId};
use crate::registry::ports::record::Token;
use crate::registry::ports::store::{Refused, Taken};
use crate::registry::ports::terms;
use mongodb::bson::{Document, doc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The field with the holder's id, in the clear part.
pub(super) const HOLDER_ID: &str = "holderId";
/// The field with what the last look at the ledger found, in the clear part.
pub(super) const LINK: &str = "link";

impl Kind for AliasAccount {
    const COLLECTION: &'static str = "alias_accounts";

    fn organization(&self) -> OrganizationId {
        self.organization
    }

    fn uuid(&self) -> Uuid {
        self.id.0
    }

    fn times(&self) -> Times {
        Times { created_at: self.created_at, updated_at: self.updated_at, deleted_at: self.deleted_at }
    }

    fn terms(&self) -> BTreeSet<Token> {
        terms::of_alias_account(self)
    }

    fn taken() -> Refused {
        Refused::Taken(Taken { holder: false, alias_accounts: vec![0] })
    }

    fn encode(&self) -> Result<Document, Wrong> {
        let mut clear = doc! {
            HOLDER_ID: uuid(self.holder_id.0),
            "type": self.holder_type.as_str(),
            "ledgerId": uuid(self.ledger_id.0),
            "accountId": uuid(self.account_id.0),
            LINK: link(&self.link),
            "relatedParties": json("relatedParties", &self.parties)?,
            "metadata": json("metadata", &self.metadata)?,
        };
        if let Some(banking) = &self.banking {
            clear.insert("bankingDetails", part("bankingDetails", banking)?);
        }
        Ok(clear)
    }

    fn decode(
        organization: OrganizationId,
        id: Uuid,
        times: Times,
        clear: Fields<'_>,
    ) -> Result<Self, Wrong> {
        let link = clear.document(LINK)?;
        Ok(Self {
            id: AliasAccountId(id),
            organization,
            holder_id: HolderId(clear.uuid(HOLDER_ID)?),
            holder_type: HolderType::parse(clear.text("type")?).ok_or(Wrong("type"))?,
            ledger_id: LedgerId(clear.uuid("ledgerId")?),
            account_id: AccountId(clear.uuid("accountId")?),
            banking: clear.maybe("bankingDetails", Fields::part)?,
            parties: clear.json("relatedParties")?,
            link: AccountLink {
                status: LinkStatus::parse(link.text("status")?).ok_or(Wrong("status"))?,
                checked_at: link.maybe("checkedAt", Fields::date)?,
                detail: link.maybe("detail", Fields::text)?.map(str::to_owned),
            },
            metadata: clear.json("metadata")?,
            created_at: times.created_at,
            updated_at: times.updated_at,
            deleted_at: times.deleted_at,
        })
    }
}

/// What a look at the ledger found.
pub(super) fn link(link: &AccountLink) -> Document {
    let mut document = doc! { "status": link.status.as_str() };
    if let Some(at) = link.checked_at {
        document.insert("checkedAt", date(at));
    }
    if let Some(detail) = &link.detail {
        document.insert("detail", detail);
    }
    document
}
