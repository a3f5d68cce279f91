//! The model: what the rules say of holders, alias accounts and parties, in as few words as possible.

use super::ops::{DOCUMENTS, Expected, Op};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a record of the model is, live or not; purged ones are gone.
#[derive(Clone, Debug, Default)]
pub(super) struct MHolder {
    pub(super) id: String,
    pub(super) document: usize,
    pub(super) writing: usize,
    pub(super) name: String,
    pub(super) external_id: Option<String>,
    /// An object that was given once stays, even if it is empty.
    pub(super) contact: bool,
    pub(super) phone: Option<String>,
    pub(super) tier: Option<String>,
    pub(super) version: i64,
    pub(super) deleted: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct MAlias {
    pub(super) id: String,
    pub(super) holder: String,
    pub(super) account: usize,
    pub(super) banking: bool,
    pub(super) branch: Option<String>,
    pub(super) parties: Vec<MParty>,
    pub(super) link: &'static str,
    pub(super) version: i64,
    pub(super) deleted: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct MParty {
    pub(super) id: String,
    pub(super) document: usize,
    pub(super) name: String,
}

/// What the rules answer: an error code, or the record that the payload must show.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    Refused(&'static str),
    Holder(String),
    Alias(String),
    /// A record that is to be made: the real id is learnt from the answer.
    NewHolder,
    NewAlias,
    NewParty(String),
    Onboarded(usize),
    Deleted(String),
    Party(String, String),
    Removed(String, String),
}

#[derive(Clone, Debug, Default)]
pub(super) struct World {
    pub(super) holders: Vec<MHolder>,
    pub(super) aliases: Vec<MAlias>,
    /// Of each account in the ledger: whether it is blocked.
    pub(super) blocked: BTreeMap<usize, bool>,
}

pub(super) const NOBODY: &str = "01900000-0000-7000-8000-000000000000";

impl World {
    /// The holder that an index means, or an id that nobody has.
    pub(super) fn holder_id(&self, index: usize) -> String {
        pick(&self.holders, index).map_or(NOBODY.to_owned(), |holder| holder.id.clone())
    }

    pub(super) fn alias_id(&self, index: usize) -> String {
        pick(&self.aliases, index).map_or(NOBODY.to_owned(), |alias| alias.id.clone())
    }

    pub(super) fn party_id(&self, alias: usize, index: usize) -> String {
        let alias = pick(&self.aliases, alias);
        alias
            .and_then(|alias| pick(&alias.parties, index))
            .map_or(NOBODY.to_owned(), |party| party.id.clone())
    }

    pub(super) fn expected(&self, version: Option<i64>, expected: Expected) -> Option<i64> {
        match expected {
            Expected::None => None,
            Expected::Right => Some(version.unwrap_or(1)),
            Expected::Wrong => Some(version.unwrap_or(1) + 7),
        }
    }

    fn document_is_free(&self, document: usize) -> bool {
        !self.holders.iter().any(|holder| !holder.deleted && holder.document == document)
    }

    fn account_is_free(&self, account: usize) -> bool {
        !self.aliases.iter().any(|alias| !alias.deleted && alias.account == account)
    }

    fn ledger(&self, account: usize) -> Result<(), &'static str> {
        match self.blocked.get(&account) {
            None => Err("LEDGER_ACCOUNT_NOT_FOUND"),
            Some(true) => Err("LEDGER_ACCOUNT_BLOCKED"),
            Some(false) => Ok(()),
        }
    }

    /// Applies an operation whose new records' ids are not known yet.
    pub(super) fn apply(&mut self, op: &Op) -> Answer {
        self.try_apply(op).unwrap_or_else(Answer::Refused)
    }

    fn try_apply(&mut self, op: &Op) -> Result<Answer, &'static str> {
        match op {
            Op::CreateHolder { document, writing, name } => {
                self.require(self.document_is_free(*document), "DOCUMENT_IN_USE")?;
                self.push_holder(*document, *writing, name);
                Ok(Answer::NewHolder)
            }
            Op::UpdateHolder { holder, version, .. } => {
                let (wanted, index) = self.live_holder(*holder)?;
                self.versions(self.holders[index].version, *version)?;
                let before = self.holders[index].clone();
                let holder = &mut self.holders[index];
                op.patch_holder(holder);
                if !same(&before, holder) {
                    holder.version += 1;
                }
                Ok(Answer::Holder(wanted))
            }
            Op::DeleteHolder { holder, hard, version } => self.delete_holder(*holder, *hard, *version),
            Op::RestoreHolder { holder, version } => {
                let found = pick_index(&self.holders, *holder).ok_or("HOLDER_NOT_FOUND")?;
                self.require(self.holders[found].deleted, "NOT_DELETED")?;
                self.versions(self.holders[found].version, *version)?;
                self.require(self.document_is_free(self.holders[found].document), "DOCUMENT_IN_USE")?;
                self.holders[found].deleted = false;
                self.holders[found].version += 1;
                Ok(Answer::Holder(self.holders[found].id.clone()))
            }
            Op::Onboard { document, name, accounts } => {
                self.require(!op.names_an_account_twice(), "ACCOUNT_IN_USE")?;
                self.onboard(*document, name, accounts)
            }
            Op::CreateAlias { holder, account, branch } => {
                let (id, _) = self.live_holder(*holder)?;
                self.ledger(*account)?;
                self.require(self.account_is_free(*account), "ACCOUNT_IN_USE")?;
                self.push_alias(id, *account, branch.clone());
                Ok(Answer::NewAlias)
            }
            Op::UpdateAlias { alias, branch, version } => {
                let index = self.live_alias(*alias)?;
                self.versions(self.aliases[index].version, *version)?;
                let alias = &mut self.aliases[index];
                if let Some(branch) = branch
                    && (!alias.banking || alias.branch != *branch)
                {
                    (alias.banking, alias.branch) = (true, branch.clone());
                    alias.version += 1;
                }
                Ok(Answer::Alias(alias.id.clone()))
            }
            Op::DeleteAlias { alias, hard, version } => self.delete_alias(*alias, *hard, *version),
            Op::RestoreAlias { alias, version } => {
                let found = pick_index(&self.aliases, *alias).ok_or("ALIAS_ACCOUNT_NOT_FOUND")?;
                let (holder, account) = (self.aliases[found].holder.clone(), self.aliases[found].account);
                self.require(self.aliases[found].deleted, "NOT_DELETED")?;
                self.versions(self.aliases[found].version, *version)?;
                let live = self.holders.iter().any(|one| one.id == holder && !one.deleted);
                self.require(live, "HOLDER_NOT_FOUND")?;
                self.ledger(account)?;
                self.require(self.account_is_free(account), "ACCOUNT_IN_USE")?;
                let alias = &mut self.aliases[found];
                (alias.deleted, alias.version, alias.link) = (false, alias.version + 1, "VERIFIED");
                Ok(Answer::Alias(alias.id.clone()))
            }
            Op::Verify { alias } => {
                let index = self.live_alias(*alias)?;
                let link = match self.ledger(self.aliases[index].account) {
                    Ok(()) => "VERIFIED",
                    Err("LEDGER_ACCOUNT_BLOCKED") => "BLOCKED",
                    Err(_) => "NOT_FOUND",
                };
                self.aliases[index].link = link;
                Ok(Answer::Alias(self.aliases[index].id.clone()))
            }
            Op::AddParty { alias, document, name, version } => {
                let index = self.live_alias(*alias)?;
                self.versions(self.aliases[index].version, *version)?;
                let alias = &mut self.aliases[index];
                alias.parties.push(MParty { id: String::new(), document: *document, name: name.clone() });
                alias.version += 1;
                Ok(Answer::NewParty(alias.id.clone()))
            }
            Op::UpdateParty { alias, party, name } => {
                let index = self.live_alias(*alias)?;
                let alias = &mut self.aliases[index];
                let found = pick_index(&alias.parties, *party).ok_or("RELATED_PARTY_NOT_FOUND")?;
                if alias.parties[found].name != *name {
                    alias.parties[found].name = name.clone();
                    alias.version += 1;
                }
                Ok(Answer::Party(alias.id.clone(), alias.parties[found].id.clone()))
            }
            Op::RemoveParty { alias, party } => {
                let index = self.live_alias(*alias)?;
                let alias = &mut self.aliases[index];
                let found = pick_index(&alias.parties, *party).ok_or("RELATED_PARTY_NOT_FOUND")?;
                let removed = alias.parties.remove(found);
                alias.version += 1;
                Ok(Answer::Removed(alias.id.clone(), removed.id))
            }
            Op::Ledger { .. } => Ok(Answer::Refused("")),
        }
    }

    fn require(&self, holds: bool, code: &'static str) -> Result<(), &'static str> {
        if holds { Ok(()) } else { Err(code) }
    }

    fn versions(&self, version: i64, expected: Expected) -> Result<(), &'static str> {
        let expected = self.expected(Some(version), expected);
        self.require(expected.is_none_or(|expected| expected == version), "VERSION_CONFLICT")
    }

    fn live_holder(&self, index: usize) -> Result<(String, usize), &'static str> {
        let found = pick_index(&self.holders, index).ok_or("HOLDER_NOT_FOUND")?;
        self.require(!self.holders[found].deleted, "HOLDER_NOT_FOUND")?;
        Ok((self.holders[found].id.clone(), found))
    }

    fn live_alias(&self, index: usize) -> Result<usize, &'static str> {
        let found = pick_index(&self.aliases, index).ok_or("ALIAS_ACCOUNT_NOT_FOUND")?;
        self.require(!self.aliases[found].deleted, "ALIAS_ACCOUNT_NOT_FOUND")?;
        Ok(found)
    }

    fn delete_holder(&mut self, index: usize, hard: bool, version: Expected) -> Result<Answer, &'static str> {
        let found = pick_index(&self.holders, index).ok_or("HOLDER_NOT_FOUND")?;
        let id = self.holders[found].id.clone();
        self.require(hard || !self.holders[found].deleted, "HOLDER_NOT_FOUND")?;
        self.versions(self.holders[found].version, version)?;
        let linked = self.aliases.iter().any(|alias| alias.holder == id && !alias.deleted);
        self.require(!linked, "HOLDER_HAS_ALIAS_ACCOUNTS")?;
        if hard {
            self.holders.remove(found);
            self.aliases.retain(|alias| alias.holder != id);
        } else {
            self.holders[found].deleted = true;
            self.holders[found].version += 1;
        }
        Ok(Answer::Deleted(id))
    }

    fn delete_alias(&mut self, index: usize, hard: bool, version: Expected) -> Result<Answer, &'static str> {
        let found = pick_index(&self.aliases, index).ok_or("ALIAS_ACCOUNT_NOT_FOUND")?;
        let id = self.aliases[found].id.clone();
        self.require(hard || !self.aliases[found].deleted, "ALIAS_ACCOUNT_NOT_FOUND")?;
        self.versions(self.aliases[found].version, version)?;
        if hard {
            self.aliases.remove(found);
        } else {
            self.aliases[found].deleted = true;
            self.aliases[found].version += 1;
        }
        Ok(Answer::Deleted(id))
    }

    fn onboard(&mut self, document: usize, name: &str, accounts: &[usize]) -> Result<Answer, &'static str> {
        for account in accounts {
            self.ledger(*account)?;
        }
        self.require(self.document_is_free(document), "DOCUMENT_IN_USE")?;
        self.require(accounts.iter().all(|account| self.account_is_free(*account)), "ACCOUNT_IN_USE")?;
        self.push_holder(document, 0, name);
        for account in accounts {
            self.push_alias(String::new(), *account, None);
        }
        Ok(Answer::Onboarded(accounts.len()))
    }

    fn push_holder(&mut self, document: usize, writing: usize, name: &str) {
        let name = name.to_owned();
        self.holders.push(MHolder { document, writing, name, version: 1, ..MHolder::default() });
    }

    fn push_alias(&mut self, holder: String, account: usize, branch: Option<String>) {
        let (link, banking) = ("VERIFIED", branch.is_some());
        let alias = MAlias { holder, account, banking, branch, link, version: 1, ..MAlias::default() };
        self.aliases.push(alias);
    }

    /// What a reader of everything must see.
    pub(super) fn shown(&self) -> Value {
        json!(self.holders.iter().map(|holder| self.shown_holder(holder)).collect::<Vec<_>>())
    }

    fn shown_holder(&self, holder: &MHolder) -> Value {
        let aliases = self.aliases.iter().filter(|alias| alias.holder == holder.id).map(shown_alias);
        json!({
            "id": holder.id, "document": DOCUMENTS[holder.document][holder.writing], "name": holder.name,
            "externalId": holder.external_id, "contact": holder.contact, "phone": holder.phone, "tier": holder.tier,
            "version": holder.version, "deleted": holder.deleted, "aliases": aliases.collect::<Vec<_>>(),
        })
    }
}

fn shown_alias(alias: &MAlias) -> Value {
    let parties =
        alias.parties.iter().map(|party| json!([party.id, DOCUMENTS[party.document][0], party.name]));
    json!({
        "id": alias.id, "account": alias.account, "banking": alias.banking, "branch": alias.branch, "link": alias.link,
        "version": alias.version, "deleted": alias.deleted, "parties": parties.collect::<Vec<_>>(),
    })
}

fn same(one: &MHolder, other: &MHolder) -> bool {
    (&one.name, &one.external_id, one.contact, &one.phone, &one.tier)
        == (&other.name, &other.external_id, other.contact, &other.phone, &other.tier)
}

/// One more than there are means nobody.
fn pick_index<T>(of: &[T], index: usize) -> Option<usize> {
    Some(index % (of.len() + 1)).filter(|index| *index < of.len())
}

pub(super) fn pick<T>(of: &[T], index: usize) -> Option<&T> {
    pick_index(of, index).and_then(|index| of.get(index))
}
