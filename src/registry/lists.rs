//! Lists (rule 14): what a filter looks for, and cursors that no other list takes.

use super::Registry;
use super::caller::Caller;
use super::failure::Failure;
use super::ports::list::{Direction, Filter, PageRequest, Position, Sort, Take};
use super::ports::record::{Detail, Token};
use super::ports::terms;
use super::ports::vault::SearchField;
use crate::domain::filter::{BadFilter, Condition, Conditions};
use crate::domain::ids::{HolderId, OrganizationId};
use crate::domain::redacted;
use crate::domain::time::Timestamp;
use std::fmt::Write;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Page size where none is asked for.
pub const SIZE_DEFAULT: usize = 20;
/// Largest page.
pub const SIZE_MAX: usize = 100;

/// What a list is sorted by, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// The time.
    pub sort: Sort,
    /// Which way.
    pub direction: Direction,
}

/// Which page of a list a client asks for, as it was written.
#[derive(Clone, Debug, Default)]
pub struct Paging {
    /// So many from the start of the range.
    pub first: Option<i32>,
    /// Only what follows this cursor.
    pub after: Option<String>,
    /// So many from the end of the range.
    pub last: Option<i32>,
    /// Only what comes before this cursor.
    pub before: Option<String>,
}

/// Which list, as its cursors are bound to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// `holders`.
    Holders,
    /// `aliasAccounts`.
    AliasAccounts,
    /// `aliasAccounts` of one holder.
    AliasAccountsOf(HolderId),
}

/// A list: its filter and order, and what its cursors are bound to.
#[derive(Clone)]
pub struct List {
    /// What is looked for.
    pub filter: Filter,
    /// Whether that is a sealed value, so that finding nobody counts.
    pub looks_up: bool,
    order: Order,
    scope: Zeroizing<String>,
}
redacted!(List);

impl From<BadFilter> for Failure {
    fn from(bad: BadFilter) -> Self {
        Self::BadUserInput(bad.0)
    }
}

impl Registry {
    /// A list of what these conditions let through.
    pub(super) fn list(
        &self,
        organization: OrganizationId,
        listed: Listed,
        conditions: Conditions,
        order: Order,
    ) -> List {
        let scope = scope(listed, &conditions, order);
        let Conditions { state, ids, all, created } = conditions;
        let looks_up = all.iter().any(Condition::is_sealed);
        let tokens = all.into_iter().map(|condition| self.sought(organization, condition)).collect();
        let ids = ids.map(|ids| ids.into_iter().collect());
        let filter = Filter { state, ids, tokens, created_from: created.from, created_before: created.to };
        List { filter, looks_up, order, scope }
    }

    /// The tokens of which a record has one where the condition holds.
    fn sought(&self, organization: OrganizationId, condition: Condition) -> Vec<Token> {
        let sealed = |field, value| self.vault.search(organization, field, &value);
        match condition {
            Condition::Type(holder_type) => vec![terms::holder_type(holder_type)],
            Condition::ExternalId(text) => vec![terms::external_id(&text)],
            Condition::Metadata(key, value) => vec![terms::metadata_entry(&key, &value)],
            Condition::Holder(id) => vec![terms::holder(id)],
            Condition::Ledger(id) => vec![terms::ledger(id)],
            Condition::Account(id) => vec![terms::account(id)],
            Condition::Branch(text) => vec![terms::branch(&text)],
            Condition::PartyRole(role) => vec![terms::role(role)],
            Condition::LinkStatus(status) => vec![terms::link_status(status)],
            Condition::Document(value) => sealed(SearchField::Document, value),
            Condition::BankAccount(value) => sealed(SearchField::Account, value),
            Condition::Iban(value) => sealed(SearchField::Iban, value),
            Condition::ParticipantDocument(value) => sealed(SearchField::ParticipantDocument, value),
            Condition::Party(value) => sealed(SearchField::Party, value),
            Condition::PartyAs(role, value) => sealed(SearchField::PartyAs(role), value),
        }
    }

    /// The page of a list that a client asks for.
    pub fn page(
        &self,
        caller: &Caller,
        list: &List,
        paging: &Paging,
        detail: Detail,
    ) -> Result<PageRequest, Failure> {
        let (take, size) = size(paging.first, paging.last)?;
        let position = |name, cursor: &Option<String>| {
            cursor.as_deref().map(|cursor| self.position(caller, list, name, cursor)).transpose()
        };
        let (after, before) = (position("after", &paging.after)?, position("before", &paging.before)?);
        let Order { sort, direction } = list.order;
        Ok(PageRequest { sort, direction, after, before, take, size, detail })
    }

    /// The cursor of a place in a list.
    pub fn cursor(&self, caller: &Caller, list: &List, position: Position) -> String {
        let mut content = position.at.0.to_be_bytes().to_vec();
        content.extend_from_slice(position.id.as_bytes());
        self.vault.make_cursor(caller.organization, &list.scope, &content)
    }

    fn position(&self, caller: &Caller, list: &List, name: &str, cursor: &str) -> Result<Position, Failure> {
        self.vault
            .read_cursor(caller.organization, &list.scope, cursor)
            .and_then(|content| read_position(&content))
            .ok_or_else(|| {
                Failure::BadUserInput(format!(
                    "{name} is no cursor of this list: give a cursor that the same list answered, with the same \
                     filter, sort and direction"
                ))
            })
    }
}

impl List {
    /// The place of a record that is sorted by these times.
    pub fn position(&self, created_at: Timestamp, updated_at: Timestamp, id: Uuid) -> Position {
        let at = match self.order.sort {
            Sort::CreatedAt => created_at,
            Sort::UpdatedAt => updated_at,
        };
        Position { at, id }
    }
}

pub(super) fn size(first: Option<i32>, last: Option<i32>) -> Result<(Take, usize), Failure> {
    let (name, take, asked) = match (first, last) {
        (Some(_), Some(_)) => {
            let message = "first and last do not go together: give one of them";
            return Err(Failure::BadUserInput(message.to_owned()));
        }
        (None, None) => return Ok((Take::First, SIZE_DEFAULT)),
        (Some(first), None) => ("first", Take::First, first),
        (None, Some(last)) => ("last", Take::Last, last),
    };
    match usize::try_from(asked) {
        Ok(size) if (1..=SIZE_MAX).contains(&size) => Ok((take, size)),
        _ => Err(Failure::BadUserInput(format!("{name} must be from 1 to {SIZE_MAX}"))),
    }
}

/// What a cursor is bound to beside the organization: the list, its filter and its order. It is authenticated only,
/// never shown.
fn scope(listed: Listed, conditions: &Conditions, order: Order) -> Zeroizing<String> {
    let mut scope = Zeroizing::new(match listed {
        Listed::Holders => "holders".to_owned(),
        Listed::AliasAccounts => "aliasAccounts".to_owned(),
        Listed::AliasAccountsOf(holder) => format!("Holder.aliasAccounts/{holder}"),
    });
    // Maps with text keys and plain values always become JSON, and writing into a String cannot fail.
    let conditions = Zeroizing::new(serde_json::to_string(conditions).unwrap_or_default());
    let _ = write!(scope, "/{:?}/{:?}/{}", order.sort, order.direction, *conditions);
    scope
}

fn read_position(content: &[u8]) -> Option<Position> {
    let (time, id) = content.split_first_chunk::<8>()?;
    Some(Position { at: Timestamp(i64::from_be_bytes(*time)), id: Uuid::from_slice(id).ok()? })
}
