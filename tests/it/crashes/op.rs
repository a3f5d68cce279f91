//! The operations of a writer: which can be done, what they ask for, and what becomes of the holder.

use super::super::mutations::{party, with};
use super::super::seeded::Seeded;
use super::kept::{ALIAS_ACCOUNTS_MAX, AliasAccount, Holder, Party};
use serde_json::{Value, json};

/// Places are those of the writer's holders, of a holder's alias accounts, and of an alias account's parties.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Create { document: String },
    Onboard { document: String, accounts: Vec<String> },
    Rename { name: String },
    DeleteHolder { hard: bool },
    RestoreHolder,
    Link { account: String },
    Branch { alias: usize, branch: String },
    DeleteAlias { alias: usize, hard: bool },
    RestoreAlias { alias: usize },
    AddParty { alias: usize, document: String },
    RenameParty { alias: usize, party: usize, name: String },
    RemoveParty { alias: usize, party: usize },
}

/// Fewer than an alias account may have.
const PARTIES_MAX: usize = 50;

impl Op {
    /// One that can be done to this holder, if there is any of the kind that the numbers say.
    pub(super) fn of(holder: &Holder, free: &[String], fresh: &str, seeded: &mut Seeded) -> Option<Self> {
        let alias = seeded.below(holder.alias_accounts.len().max(1));
        let of = holder.alias_accounts.get(alias);
        let parties = of.map_or(0, |of| of.parties.len());
        let (live, hard) = (!holder.deleted, seeded.below(3) == 0);
        let op = match seeded.below(12) {
            0 => Self::Rename { name: format!("Name {fresh}") },
            1 => Self::DeleteHolder { hard },
            2 => Self::RestoreHolder,
            3 | 4 => Self::Link { account: seeded.one_of(free)?.clone() },
            5 => Self::Branch { alias, branch: fresh.to_owned() },
            6 => Self::DeleteAlias { alias, hard },
            7 | 8 => Self::RestoreAlias { alias },
            9 | 10 => Self::AddParty { alias, document: format!("P-{fresh}") },
            _ if hard => Self::RemoveParty { alias, party: seeded.below(parties.max(1)) },
            _ => Self::RenameParty {
                alias,
                party: seeded.below(parties.max(1)),
                name: format!("Party {fresh}"),
            },
        };
        let linked = holder.alias_accounts.iter().any(|one| !one.deleted);
        let possible = match &op {
            Self::Create { .. } | Self::Onboard { .. } => false,
            Self::Rename { .. } => live,
            Self::DeleteHolder { hard } => !linked && (*hard || live),
            Self::RestoreHolder => !live,
            Self::Link { .. } => live && holder.alias_accounts.len() < ALIAS_ACCOUNTS_MAX,
            Self::DeleteAlias { hard, .. } => of.is_some_and(|of| *hard || !of.deleted),
            Self::RestoreAlias { .. } => {
                live && of.is_some_and(|of| of.deleted && free.contains(&of.account))
            }
            Self::Branch { .. } => of.is_some_and(|of| !of.deleted),
            Self::AddParty { .. } => parties < PARTIES_MAX && of.is_some_and(|of| !of.deleted),
            Self::RenameParty { .. } | Self::RemoveParty { .. } => {
                parties > 0 && of.is_some_and(|of| !of.deleted)
            }
        };
        possible.then_some(op)
    }

    /// The mutation, what is selected of its payload, and its input.
    pub(super) fn request(&self, of: Option<&Holder>, ledger: &str) -> (&'static str, &'static str, Value) {
        let new = |document: &str| json!({"type": "NATURAL_PERSON", "name": "New", "document": document});
        let account = |account: &str| json!({"ledgerId": ledger, "accountId": account});
        let id = of.map_or("", |holder| &holder.id);
        let alias = |place: usize| json!({"id": of.unwrap().alias_accounts[place].id});
        let of_party = |place: usize| json!({"aliasAccountId": of.unwrap().alias_accounts[place].id});
        let party_id =
            |alias: usize, place: usize| of.unwrap().alias_accounts[alias].parties[place].id.as_str();
        match self {
            Self::Create { document } => ("createHolder", "holder { id }", new(document)),
            Self::Onboard { document, accounts } => {
                let accounts: Vec<Value> = accounts.iter().map(|one| account(one)).collect();
                let input = json!({"holder": new(document), "aliasAccounts": accounts});
                ("onboardHolder", "holder { id } aliasAccounts { id }", input)
            }
            Self::Rename { name } => ("updateHolder", "holder { id }", json!({"id": id, "name": name})),
            Self::DeleteHolder { hard } => {
                ("deleteHolder", "deletedId", json!({"id": id, "mode": mode(*hard)}))
            }
            Self::RestoreHolder => ("restoreHolder", "holder { id }", json!({"id": id})),
            Self::Link { account: one } => {
                ("createAliasAccount", "aliasAccount { id }", with(account(one), "holderId", id))
            }
            Self::Branch { alias: place, branch } => {
                let details = json!({"branch": branch});
                let input = with(alias(*place), "bankingDetails", details);
                ("updateAliasAccount", "aliasAccount { id }", input)
            }
            Self::DeleteAlias { alias: place, hard } => {
                ("deleteAliasAccount", "deletedId", with(alias(*place), "mode", mode(*hard)))
            }
            Self::RestoreAlias { alias: place } => {
                ("restoreAliasAccount", "aliasAccount { id }", alias(*place))
            }
            Self::AddParty { alias, document } => {
                let input = with(of_party(*alias), "relatedParty", party(document));
                ("addRelatedParty", "relatedParty { id }", input)
            }
            Self::RenameParty { alias, party, name } => {
                let input = with(of_party(*alias), "id", party_id(*alias, *party));
                ("updateRelatedParty", "relatedParty { id }", with(input, "name", name.as_str()))
            }
            Self::RemoveParty { alias, party } => {
                let input = with(of_party(*alias), "id", party_id(*alias, *party));
                ("removeRelatedParty", "removedId", input)
            }
        }
    }

    /// What becomes of the holder; `None` where nothing is left of it.
    pub(super) fn after(&self, before: Option<&Holder>) -> Option<Holder> {
        let mut holder = before.cloned().unwrap_or_default();
        match self {
            Self::Create { document } => holder = new_holder(document, &[]),
            Self::Onboard { document, accounts } => holder = new_holder(document, accounts),
            Self::Rename { name } => {
                holder.name.clone_from(name);
                holder.version += 1;
            }
            Self::DeleteHolder { hard: true } => return None,
            Self::DeleteHolder { hard: false } => {
                (holder.deleted, holder.version) = (true, holder.version + 1)
            }
            Self::RestoreHolder => (holder.deleted, holder.version) = (false, holder.version + 1),
            Self::Link { account } => holder.alias_accounts.push(new_alias_account(account)),
            Self::DeleteAlias { alias, hard: true } => drop(holder.alias_accounts.remove(*alias)),
            Self::Branch { alias, .. }
            | Self::DeleteAlias { alias, hard: false }
            | Self::RestoreAlias { alias }
            | Self::AddParty { alias, .. }
            | Self::RenameParty { alias, .. }
            | Self::RemoveParty { alias, .. } => self.edit(&mut holder.alias_accounts[*alias]),
        }
        Some(holder)
    }

    fn edit(&self, alias: &mut AliasAccount) {
        alias.version += 1;
        match self {
            Self::Branch { branch, .. } => alias.branch = Some(branch.clone()),
            Self::DeleteAlias { .. } => alias.deleted = true,
            Self::RestoreAlias { .. } => alias.deleted = false,
            Self::AddParty { document, .. } => {
                let new = Party { id: String::new(), document: document.clone(), name: "Ana".to_owned() };
                alias.parties.push(new);
            }
            Self::RenameParty { party, name, .. } => alias.parties[*party].name.clone_from(name),
            Self::RemoveParty { party, .. } => drop(alias.parties.remove(*party)),
            _ => {}
        }
    }
}

fn mode(hard: bool) -> &'static str {
    if hard { "HARD" } else { "SOFT" }
}

fn new_holder(document: &str, accounts: &[String]) -> Holder {
    Holder {
        document: document.to_owned(),
        name: "New".to_owned(),
        version: 1,
        alias_accounts: accounts.iter().map(|account| new_alias_account(account)).collect(),
        ..Holder::default()
    }
}

fn new_alias_account(account: &str) -> AliasAccount {
    AliasAccount { account: account.to_owned(), version: 1, ..AliasAccount::default() }
}
