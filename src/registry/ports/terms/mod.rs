//! Terms: the tokens of a record's clear part. No key takes part in them, so a store makes them of what it is given,
//! and a search names them by itself.
//!
//! | term | of |
//! | --- | --- |
//! | `type/<HolderType>`, `externalId/<text>` | holders |
//! | `holder/<id>`, `ledger/<id>`, `account/<id>`, `branch/<text>`, `link/<LinkStatus>`, `role/<RelatedPartyRole>` | alias accounts |
//! | `meta/<key>/<typed value>` | both |
//!
//! A blind-index token begins with its field and the normaliser's number (`document.1/…`), so the two never meet.

mod metadata;

pub use metadata::entry as metadata_entry;

use super::record::Token;
use crate::domain::alias_account::{AliasAccount, LinkStatus, RelatedPartyRole};
use crate::domain::holder::{Holder, HolderType};
use crate::domain::ids::{AccountId, HolderId, LedgerId};
use std::collections::BTreeSet;

/// All terms of a holder.
pub fn of_holder(holder: &Holder) -> BTreeSet<Token> {
    let mut terms: BTreeSet<Token> = metadata::entries(&holder.metadata).collect();
    terms.insert(holder_type(holder.holder_type));
    terms.extend(holder.external_id.as_deref().map(external_id));
    terms
}

/// All terms of an alias account.
pub fn of_alias_account(alias_account: &AliasAccount) -> BTreeSet<Token> {
    let mut terms: BTreeSet<Token> = metadata::entries(&alias_account.metadata).collect();
    terms.insert(holder(alias_account.holder_id));
    terms.insert(ledger(alias_account.ledger_id));
    terms.insert(account(alias_account.account_id));
    terms.insert(link_status(alias_account.link.status));
    terms.extend(alias_account.banking.as_ref().and_then(|banking| banking.branch.as_deref()).map(branch));
    terms.extend(alias_account.parties.iter().map(|party| role(party.role)));
    terms
}

/// A holder's type.
pub fn holder_type(holder_type: HolderType) -> Token {
    Token(format!("type/{}", holder_type.as_str()))
}

/// A holder's external id, letter by letter.
pub fn external_id(text: &str) -> Token {
    Token(format!("externalId/{text}"))
}

/// An alias account's holder.
pub fn holder(id: HolderId) -> Token {
    Token(format!("holder/{id}"))
}

/// An alias account's ledger.
pub fn ledger(id: LedgerId) -> Token {
    Token(format!("ledger/{id}"))
}

/// An alias account's account in its ledger.
pub fn account(id: AccountId) -> Token {
    Token(format!("account/{id}"))
}

/// The branch of an alias account's banking details, letter by letter.
pub fn branch(text: &str) -> Token {
    Token(format!("branch/{text}"))
}

/// What the last check of an alias account found.
pub fn link_status(status: LinkStatus) -> Token {
    Token(format!("link/{}", status.as_str()))
}

/// A role that some related party of an alias account has.
pub fn role(role: RelatedPartyRole) -> Token {
    Token(format!("role/{}", role.as_str()))
}
