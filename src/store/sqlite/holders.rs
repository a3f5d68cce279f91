//! The table of holders.

use super::columns::{Columns, Json, Kind};
use super::connection::prepare;
use super::table::{Statements, Table, statements};
use crate::domain::holder::Holder;
use crate::domain::ids::{HolderId, OrganizationId};
use crate::domain::time::Timestamp;
use crate::registry::ports::record::{Detail, Protected, Token};
use crate::registry::ports::store::{Refused, Taken};
use crate::registry::ports::terms;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

impl Table for Holder {
    type Id = HolderId;
    const KIND: Kind = Kind::Holder;
    const STATEMENTS: Statements =
        statements!("holders", "id, type, external_id, metadata, created_at, updated_at, deleted_at");
    const INSERT: &'static str = "INSERT INTO holders (organization, id, type, external_id, metadata, created_at, updated_at, version, revision,
             generations, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9, ?10)";
    const UPDATE: &'static str =
        "UPDATE holders SET type = ?3, external_id = ?4, metadata = ?5, created_at = ?6, updated_at = ?7,
             deleted_at = NULL, version = ?8, revision = revision + 1, generations = ?9, sealed = ?10
         WHERE organization = ?1 AND id = ?2";

    fn organization(&self) -> OrganizationId {
        self.organization
    }

    fn id(&self) -> HolderId {
        self.id
    }

    fn times(&self) -> (Timestamp, Timestamp) {
        (self.created_at, self.updated_at)
    }

    fn taken() -> Refused {
        Refused::Taken(Taken { holder: true, alias_accounts: Vec::new() })
    }

    fn terms(&self) -> BTreeSet<Token> {
        terms::of_holder(self)
    }

    fn read(organization: OrganizationId, columns: &mut Columns<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            organization,
            id: columns.take()?,
            holder_type: columns.take()?,
            external_id: columns.take()?,
            metadata: columns.json()?,
            created_at: columns.take()?,
            updated_at: columns.take()?,
            deleted_at: columns.take()?,
        })
    }

    fn write(
        &self,
        db: &Connection,
        statement: &'static str,
        protected: &Protected,
        version: i32,
    ) -> rusqlite::Result<()> {
        prepare(db, statement)?
            .execute(params![
                self.organization,
                self.id,
                self.holder_type,
                self.external_id,
                Json(&self.metadata),
                self.created_at,
                self.updated_at,
                version,
                Json(&protected.generations),
                protected.sealed.0,
            ])
            .map(drop)
    }
}

/// Whether a holder is there and live.
pub(super) fn is_live(
    db: &Connection,
    organization: OrganizationId,
    holder: HolderId,
) -> rusqlite::Result<bool> {
    prepare(db, "SELECT 1 FROM holders WHERE organization = ?1 AND id = ?2 AND deleted_at IS NULL")?
        .exists(params![organization, holder])
}

/// Whether a holder has live alias accounts.
pub(super) fn any_live_alias_account(
    db: &Connection,
    organization: OrganizationId,
    holder: HolderId,
) -> rusqlite::Result<bool> {
    const ANY: &str =
        "SELECT 1 FROM alias_accounts WHERE organization = ?1 AND holder_id = ?2 AND deleted_at IS NULL";
    prepare(db, ANY)?.exists(params![organization, holder])
}
