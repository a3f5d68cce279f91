//! The collection of holders.

use super::kind::{Kind, Times};
use super::values::{Fields, Wrong, json};
use crate::domain::holder::{Holder, HolderType};
use crate::domain::ids::{HolderId, OrganizationId};
use crate::registry::ports::record::Token;
use crate::registry::ports::store::{Refused, Taken};
use crate::registry::ports::terms;
use mongodb::bson::{Document, doc};
use std::collections::BTreeSet;
use uuid::Uuid;

impl Kind for Holder {
    const COLLECTION: &'static str = "holders";

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
        terms::of_holder(self)
    }

    fn taken() -> Refused {
        Refused::Taken(Taken { holder: true, alias_accounts: Vec::new() })
    }

    fn encode(&self) -> Result<Document, Wrong> {
        let mut clear = doc! {
            "type": self.holder_type.as_str(),
            "metadata": json("metadata", &self.metadata)?,
        };
        if let Some(external_id) = &self.external_id {
            clear.insert("externalId", external_id);
        }
        Ok(clear)
    }

    fn decode(
        organization: OrganizationId,
        id: Uuid,
        times: Times,
        clear: Fields<'_>,
    ) -> Result<Self, Wrong> {
        Ok(Self {
            id: HolderId(id),
            organization,
            holder_type: HolderType::parse(clear.text("type")?).ok_or(Wrong("type"))?,
            external_id: clear.maybe("externalId", Fields::text)?.map(str::to_owned),
            metadata: clear.json("metadata")?,
            created_at: times.created_at,
            updated_at: times.updated_at,
            deleted_at: times.deleted_at,
        })
    }
}
