//! The calls that are stopped, over a few records, and what must hold after them.

use super::super::MongoStore;
use super::super::values::{Fields, uuid};
use super::stopping::{Case, Other};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::list::State;
use crate::registry::ports::operation::{Begun, Conclusion, Operation, Outcome};
use crate::registry::ports::record::{Claim, Detail, NewAliasAccount, NewHolder, Stored};
use crate::registry::ports::store::{Commit, Refused, Store};
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{alias_account, claim, holder_with, operation, organization, rival};
use crate::store::conformance::writes::{change, deletion, purge};
use futures::TryStreamExt;
use mongodb::Collection;
use mongodb::bson::{Document, doc};
use std::collections::BTreeMap;
use std::time::Duration;
use uuid::Uuid;

/// A call of the port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    CreateHolder,
    Onboard,
    Link,
    UpdateHolder,
    DeleteHolder,
    RestoreHolder,
    PurgeHolder,
    UpdateAliasAccount,
    DeleteAliasAccount,
    RestoreAliasAccount,
    PurgeAliasAccount,
}

impl Act {
    pub(super) const ALL: [Self; 11] = [
        Self::CreateHolder,
        Self::Onboard,
        Self::Link,
        Self::UpdateHolder,
        Self::DeleteHolder,
        Self::RestoreHolder,
        Self::PurgeHolder,
        Self::UpdateAliasAccount,
        Self::DeleteAliasAccount,
        Self::RestoreAliasAccount,
        Self::PurgeAliasAccount,
    ];
}

/// How a call ended that was told so, and what it wrote.
#[derive(Clone, Debug)]
pub(super) struct End {
    commit: Commit,
    outcome: Outcome,
}

impl End {
    pub(super) fn stored(&self) -> bool {
        self.commit == Commit::Stored
    }

    /// What the caller is told was done.
    fn done(&self) -> Option<Outcome> {
        match &self.commit {
            Commit::Stored => Some(self.outcome.clone()),
            Commit::Repeated(outcome) => Some(outcome.clone()),
            Commit::Refused(_) => None,
        }
    }
}

/// A holder, an account of it, and a key.
#[derive(Clone)]
pub(super) struct World {
    organization: OrganizationId,
    owner: NewHolder,
    account: NewAliasAccount,
    second: NewAliasAccount,
    conclusion: Option<Operation>,
}

fn document_claims() -> [Claim; 1] {
    [claim("document")]
}

impl World {
    /// What must be there before a call, so that it has something to do.
    pub(super) async fn before(store: &dyn Store, act: Act, keyed: bool) -> Self {
        let organization = organization();
        let owner = holder_with(organization, &["document"]);
        let (account, second) = (alias_account(&owner), alias_account(&owner));
        let conclusion = keyed.then(|| operation(organization, 1));
        let world = Self { organization, owner, account, second, conclusion };
        let is_there = !matches!(act, Act::CreateHolder | Act::Onboard);
        if is_there {
            let end = store.create_holder(world.owner.clone(), vec![], None).await.unwrap();
            assert_eq!(end, Commit::Stored);
        }
        let has_account = matches!(
            act,
            Act::PurgeHolder
                | Act::UpdateAliasAccount
                | Act::DeleteAliasAccount
                | Act::RestoreAliasAccount
                | Act::PurgeAliasAccount
        );
        if has_account {
            assert_eq!(store.link(world.account.clone(), None).await.unwrap(), Commit::Stored);
        }
        if matches!(act, Act::PurgeHolder | Act::RestoreAliasAccount) {
            world.account.clear.bury(store).await;
        }
        if act == Act::RestoreHolder {
            world.owner.clear.bury(store).await;
        }
        world
    }

    /// The same records for a call without a key.
    pub(super) fn without_key(&self) -> Self {
        Self { conclusion: None, ..self.clone() }
    }

    fn concluding(&self, outcome: &Outcome) -> Option<Conclusion> {
        let operation = self.conclusion.clone()?;
        Some(Conclusion { operation, outcome: outcome.clone() })
    }

    /// One try on the records as they are now; `None` where there is nothing to do it with, or the store failed.
    pub(super) async fn attempt(&self, store: &dyn Store, act: Act) -> Option<End> {
        let of_holder = Outcome { holder: Some(self.owner.clear.id), ..Outcome::default() };
        let of_account = Outcome { alias_accounts: vec![self.account.clear.id], ..Outcome::default() };
        let (outcome, commit) = match act {
            Act::CreateHolder | Act::Onboard => {
                let mut owner = holder_with(self.organization, &["document"]);
                owner.clear.external_id = None;
                let accounts = match act {
                    Act::Onboard => vec![rival(&self.account, &owner), rival(&self.second, &owner)],
                    _ => vec![],
                };
                let outcome = Outcome {
                    holder: Some(owner.clear.id),
                    alias_accounts: accounts.iter().map(|account| account.clear.id).collect(),
                    related_party: None,
                };
                let conclusion = self.concluding(&outcome);
                (outcome, store.create_holder(owner, accounts, conclusion).await)
            }
            Act::Link => {
                let account = rival(&self.account, &self.owner);
                let outcome = Outcome { alias_accounts: vec![account.clear.id], ..Outcome::default() };
                let conclusion = self.concluding(&outcome);
                (outcome, store.link(account, conclusion).await)
            }
            Act::UpdateHolder => {
                let owner = self.owner(store, State::Live).await?;
                let change = change(&owner, &self.owner.protected);
                let conclusion = self.concluding(&of_holder);
                (of_holder, store.update_holder(change, conclusion).await)
            }
            Act::DeleteHolder => {
                let owner = self.owner(store, State::Live).await?;
                let conclusion = self.concluding(&of_holder);
                (of_holder, store.delete_holder(deletion(&owner), conclusion).await)
            }
            Act::RestoreHolder => {
                let owner = self.owner(store, State::Deleted).await?;
                let change = change(&owner, &self.owner.protected);
                let conclusion = self.concluding(&of_holder);
                (of_holder, store.restore_holder(change, conclusion).await)
            }
            Act::PurgeHolder => {
                let owner = self.owner(store, State::Any).await?;
                let conclusion = self.concluding(&of_holder);
                (of_holder, store.purge_holder(purge(&owner), conclusion).await)
            }
            Act::UpdateAliasAccount => {
                let account = self.account(store, State::Live).await?;
                let change = change(&account, &self.account.protected);
                let conclusion = self.concluding(&of_account);
                (of_account, store.update_alias_account(change, conclusion).await)
            }
            Act::DeleteAliasAccount => {
                let account = self.account(store, State::Live).await?;
                let conclusion = self.concluding(&of_account);
                (of_account, store.delete_alias_account(deletion(&account), conclusion).await)
            }
            Act::RestoreAliasAccount => {
                let account = self.account(store, State::Deleted).await?;
                let change = change(&account, &self.account.protected);
                let conclusion = self.concluding(&of_account);
                (of_account, store.restore_alias_account(change, conclusion).await)
            }
            Act::PurgeAliasAccount => {
                let account = self.account(store, State::Any).await?;
                let conclusion = self.concluding(&of_account);
                (of_account, store.purge_alias_account(purge(&account), conclusion).await)
            }
        };
        Some(End { commit: commit.unwrap(), outcome })
    }

    /// As a use case does it: a key that is known is told of, and what was changed meanwhile is looked at again.
    pub(super) async fn until_told(&self, store: &dyn Store, act: Act) -> Option<End> {
        loop {
            if let Some(operation) = &self.conclusion {
                let commit = match store.begin(operation).await.unwrap() {
                    Begun::New => None,
                    Begun::Repeated(outcome) => Some(Commit::Repeated(outcome)),
                    Begun::KeyReused => Some(Commit::Refused(Refused::KeyReused)),
                };
                if let Some(commit) = commit {
                    return Some(End { commit, outcome: Outcome::default() });
                }
            }
            let end = self.attempt(store, act).await?;
            if end.commit != Commit::Refused(Refused::Changed) {
                return Some(end);
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn owner(&self, store: &dyn Store, state: State) -> Option<Stored<Holder>> {
        let found = store.holders(self.organization, &[self.owner.clear.id], state, Detail::Clear).await;
        found.unwrap().pop()
    }

    async fn account(&self, store: &dyn Store, state: State) -> Option<Stored<AliasAccount>> {
        let ids = [self.account.clear.id];
        store.alias_accounts(self.organization, &ids, state, Detail::Clear).await.unwrap().pop()
    }

    /// What must hold whoever did what, and what a caller was told.
    pub(super) async fn judge(&self, store: &MongoStore, case: Case, woken: Option<End>, told: Option<End>) {
        self.at_rest(store, case).await;
        let ends: Vec<End> = [woken, told].into_iter().flatten().collect();
        let done: Vec<Outcome> = ends.iter().filter_map(End::done).collect();
        let alone = matches!(case.other, Other::Repeat | Other::Nobody);
        if let Some(operation) = &self.conclusion {
            assert!(ends.iter().filter(|end| end.stored()).count() <= 1, "{case:?}: done twice");
            let known = match store.begin(operation).await.unwrap() {
                Begun::Repeated(outcome) => Some(outcome),
                Begun::New => None,
                Begun::KeyReused => panic!("{case:?}: another call's key"),
            };
            for outcome in &done {
                assert_eq!(Some(outcome), known.as_ref(), "{case:?}: two outcomes of one key");
            }
            if alone {
                self.effect(store, case, known.as_ref()).await;
            }
            self.at_rest(store, case).await;
        } else if alone && case.other == Other::Nobody && !done.is_empty() {
            self.effect(store, case, done.first()).await;
        }
    }

    /// Nothing is unfinished, and no rule is broken.
    async fn at_rest(&self, store: &MongoStore, case: Case) {
        let holders = self.documents(&store.collections().holders).await;
        let accounts = self.documents(&store.collections().alias_accounts).await;
        let state = |document: &Document| Fields(document).text("state").unwrap().to_owned();
        let states: BTreeMap<Uuid, String> =
            holders.iter().map(|holder| (Fields(holder).uuid("_id").unwrap(), state(holder))).collect();
        for document in holders.iter().chain(&accounts) {
            assert!(
                ["live", "deleted", "purged"].contains(&state(document).as_str()),
                "{case:?}: {}",
                state(document)
            );
            for field in ["unsettled", "operation", "deleting", "reviving", "purging"] {
                assert!(
                    !document.contains_key(field),
                    "{case:?}: {field} is left on a {} record",
                    state(document)
                );
            }
            assert_eq!(document.contains_key("claims"), state(document) == "live", "{case:?}");
            let tokens = Fields(document).texts("tokens").unwrap();
            assert!(!tokens.iter().any(|token| token.starts_with("reviving/")), "{case:?}");
            assert_eq!(tokens.is_empty(), state(document) == "purged", "{case:?}");
        }
        for account in accounts.iter().filter(|account| state(account) != "purged") {
            let holder = Fields(account).document("clear").unwrap().uuid("holderId").unwrap();
            let holder = states.get(&holder).map_or("none", String::as_str);
            let fits = match state(account).as_str() {
                "live" => holder == "live",
                _ => holder == "live" || holder == "deleted",
            };
            assert!(fits, "{case:?}: a {} alias account of a {holder} holder", state(account));
        }
    }

    async fn documents(&self, collection: &Collection<Document>) -> Vec<Document> {
        let ours = doc! { "organizationId": uuid(self.organization.0) };
        collection.find(ours).await.unwrap().try_collect().await.unwrap()
    }

    /// The call was done once, as this outcome tells; or, without one, not at all.
    async fn effect(&self, store: &MongoStore, case: Case, outcome: Option<&Outcome>) {
        let times = usize::from(outcome.is_some());
        let organization = self.organization;
        let held = Holder::with_claims(store, organization, &document_claims()).await;
        let claims = [self.account.protected.claims.clone(), self.second.protected.claims.clone()].concat();
        let linked = AliasAccount::with_claims(store, organization, &claims).await;
        match case.act {
            Act::CreateHolder | Act::Onboard => {
                assert_eq!(held.len(), times, "{case:?}");
                let ids: Vec<_> = held.iter().map(|holder| Some(holder.clear.id)).collect();
                let told: Vec<_> = outcome.iter().map(|outcome| outcome.holder).collect();
                assert_eq!(ids, told, "{case:?}");
                let accounts = if case.act == Act::Onboard { 2 * times } else { 0 };
                assert_eq!(linked.len(), accounts, "{case:?}");
            }
            Act::Link => assert_eq!(linked.len(), times, "{case:?}"),
            Act::UpdateHolder => {
                assert_eq!(held.iter().map(|held| held.version).sum::<i32>(), 1 + times as i32, "{case:?}");
            }
            Act::RestoreHolder => assert_eq!(held.len(), times, "{case:?}"),
            Act::DeleteHolder => assert_eq!(held.len(), 1 - times, "{case:?}"),
            Act::PurgeHolder => {
                assert_eq!(self.owner(store, State::Any).await.is_some(), times == 0, "{case:?}");
                assert_eq!(self.account(store, State::Any).await.is_some(), times == 0, "{case:?}");
            }
            Act::UpdateAliasAccount => {
                let versions = linked.iter().map(|linked| linked.version).sum::<i32>();
                assert_eq!(versions, 1 + times as i32, "{case:?}");
            }
            Act::RestoreAliasAccount => assert_eq!(linked.len(), times, "{case:?}"),
            Act::DeleteAliasAccount | Act::PurgeAliasAccount => {
                assert_eq!(linked.len(), 1 - times, "{case:?}");
            }
        }
    }
}
