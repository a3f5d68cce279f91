//! The table of alias accounts.

use super::columns::{Columns, Json, Kind};
use super::connection::prepare;
use super::table::{Statements, Table, statements};
use crate::domain::alias_account::{AccountLink, AliasAccount, BankingDetails};
use crate::domain::ids::{AliasAccountId, OrganizationId};
use crate::domain::time::Timestamp;
use crate::registry::ports::record::{Detail, Protected, Token};
use crate::registry::ports::store::{Refused, Taken};
use crate::registry::ports::terms;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

impl Table for AliasAccount {
    type Id = AliasAccountId;
    const KIND: Kind = Kind::AliasAccount;
    const STATEMENTS: Statements = statements!(
        "alias_accounts",
        "id, holder_id, type, ledger_id, account_id, banking, branch, banking_type, opening_date, closing_date,
         country_code, bank_id, link_status, link_checked_at, link_detail, parties, metadata, created_at,
         updated_at, deleted_at"
    );
    const INSERT: &'static str = "INSERT INTO alias_accounts (organization, id, holder_id, type, ledger_id, account_id, banking, branch,
             banking_type, opening_date, closing_date, country_code, bank_id, link_status, link_checked_at,
             link_detail, parties, metadata, created_at, updated_at, version, revision, generations, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, 1,
             ?22, ?23)";
    const UPDATE: &'static str =
        "UPDATE alias_accounts SET holder_id = ?3, type = ?4, ledger_id = ?5, account_id = ?6, banking = ?7,
             branch = ?8, banking_type = ?9, opening_date = ?10, closing_date = ?11, country_code = ?12,
             bank_id = ?13, link_status = ?14, link_checked_at = ?15, link_detail = ?16, parties = ?17,
             metadata = ?18, created_at = ?19, updated_at = ?20, deleted_at = NULL, version = ?21,
             revision = revision + 1, generations = ?22, sealed = ?23
         WHERE organization = ?1 AND id = ?2";

    fn organization(&self) -> OrganizationId {
        self.organization
    }

    fn id(&self) -> AliasAccountId {
        self.id
    }

    fn times(&self) -> (Timestamp, Timestamp) {
        (self.created_at, self.updated_at)
    }

    fn taken() -> Refused {
        Refused::Taken(Taken { holder: false, alias_accounts: vec![0] })
    }

    fn terms(&self) -> BTreeSet<Token> {
        terms::of_alias_account(self)
    }

    fn read(organization: OrganizationId, columns: &mut Columns<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            organization,
            id: columns.take()?,
            holder_id: columns.take()?,
            holder_type: columns.take()?,
            ledger_id: columns.take()?,
            account_id: columns.take()?,
            banking: banking(columns)?,
            link: AccountLink {
                status: columns.take()?,
                checked_at: columns.take()?,
                detail: columns.take()?,
            },
            parties: columns.json()?,
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
        let banking = self.banking.clone().unwrap_or_default();
        prepare(db, statement)?
            .execute(params![
                self.organization,
                self.id,
                self.holder_id,
                self.holder_type,
                self.ledger_id,
                self.account_id,
                self.banking.is_some(),
                banking.branch,
                banking.kind,
                banking.opening_date,
                banking.closing_date,
                banking.country_code,
                banking.bank_id,
                self.link.status,
                self.link.checked_at,
                self.link.detail,
                Json(&self.parties),
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

fn banking(columns: &mut Columns<'_>) -> rusqlite::Result<Option<BankingDetails>> {
    let given: bool = columns.take()?;
    let banking = BankingDetails {
        branch: columns.take()?,
        kind: columns.take()?,
        opening_date: columns.take()?,
        closing_date: columns.take()?,
        country_code: columns.take()?,
        bank_id: columns.take()?,
    };
    Ok(given.then_some(banking))
}
