//! A holder and its alias accounts in one call: all of it or nothing.

use super::Stores;
use super::acts::Record;
use super::records::{
    alias_account, claim, concluding, holder, holder_with, operation, organization, page, rival,
};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::list::Filter;
use crate::registry::ports::operation::{Begun, Outcome};
use crate::registry::ports::record::{NewAliasAccount, NewHolder};
use crate::registry::ports::store::{Commit, Refused, Store, Taken};

async fn onboard(store: &dyn Store, holder: &NewHolder, accounts: &[NewAliasAccount]) -> Commit {
    store.create_holder(holder.clone(), accounts.to_vec(), None).await.unwrap()
}

fn taken(holder: bool, alias_accounts: &[usize]) -> Commit {
    Commit::Refused(Refused::Taken(Taken { holder, alias_accounts: alias_accounts.to_vec() }))
}

/// How many holders and alias accounts there are.
async fn there(store: &dyn Store, organization: OrganizationId) -> (usize, usize) {
    let all = Filter::default();
    (
        Holder::count(store, organization, &all).await.total,
        AliasAccount::count(store, organization, &all).await.total,
    )
}

pub(crate) async fn all_of_it_is_there_at_once<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = holder(organization());
    let organization = owner.clear.organization;
    let accounts: Vec<_> = (0..100).map(|_| alias_account(&owner)).collect();
    assert_eq!(onboard(&*store, &owner, &accounts).await, Commit::Stored);
    assert_eq!(there(&*store, organization).await, (1, 100));
    assert_eq!(owner.clear.now(&*store).await.clear, owner.clear);
    for account in &accounts {
        assert_eq!(account.clear.now(&*store).await.clear, account.clear);
        let held = AliasAccount::with_claims(&*store, organization, &account.protected.claims).await;
        assert_eq!(held.len(), 1);
    }
    let ids = [owner.clear.id];
    let pages =
        store.alias_accounts_of(organization, &ids, &Filter::default(), page(100, None)).await.unwrap();
    assert_eq!(pages[&owner.clear.id].records.len(), 100);
}

pub(crate) async fn nothing_of_it_is_there_where_one_claim_is_taken<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let first = holder_with(organization, &["held"]);
    let account = alias_account(&first);
    assert_eq!(onboard(&*store, &first, std::slice::from_ref(&account)).await, Commit::Stored);
    let free = holder(organization);
    let (mine, theirs) = (alias_account(&free), rival(&account, &free));
    assert_eq!(onboard(&*store, &free, &[mine.clone(), theirs]).await, taken(false, &[1]));
    let held = holder_with(organization, &["held"]);
    assert_eq!(onboard(&*store, &held, &[alias_account(&held)]).await, taken(true, &[]));
    assert_eq!(there(&*store, organization).await, (1, 1));
    // What was refused left nothing behind that stands in the way.
    assert_eq!(onboard(&*store, &free, &[mine]).await, Commit::Stored);
}

pub(crate) async fn all_whose_claims_are_taken_are_told<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let first = holder_with(organization, &["held"]);
    let held = [alias_account(&first), alias_account(&first)];
    assert_eq!(onboard(&*store, &first, &held).await, Commit::Stored);
    let second = holder_with(organization, &["free", "held"]);
    let accounts = [
        alias_account(&second),
        rival(&held[1], &second),
        alias_account(&second),
        rival(&held[0], &second),
        alias_account(&second),
    ];
    assert_eq!(onboard(&*store, &second, &accounts).await, taken(true, &[1, 3]));
    assert!(Holder::with_claims(&*store, organization, &[claim("free")]).await.is_empty());
    assert_eq!(there(&*store, organization).await, (1, 2));
}

pub(crate) async fn the_same_account_twice_is_taken_at_the_second<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let owner = holder(organization);
    let first = alias_account(&owner);
    let accounts = [alias_account(&owner), first.clone(), rival(&first, &owner), rival(&first, &owner)];
    assert_eq!(onboard(&*store, &owner, &accounts).await, taken(false, &[2, 3]));
    assert_eq!(there(&*store, organization).await, (0, 0));
    assert_eq!(onboard(&*store, &owner, &accounts[..2]).await, Commit::Stored);
}

pub(crate) async fn it_has_one_key_and_one_outcome<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = holder(organization());
    let organization = owner.clear.organization;
    let accounts: Vec<_> = (0..3).map(|_| alias_account(&owner)).collect();
    let key = operation(organization, 1);
    let outcome = Outcome {
        holder: Some(owner.clear.id),
        alias_accounts: accounts.iter().map(|account| account.clear.id).collect(),
        related_party: None,
    };
    let conclusion = concluding(&key, outcome.clone());
    let refused = [rival(&accounts[0], &owner), rival(&accounts[0], &owner)];
    let end = store.create_holder(owner.clone(), refused.into(), conclusion.clone()).await.unwrap();
    assert_eq!(end, taken(false, &[1]));
    assert_eq!(store.begin(&key).await.unwrap(), Begun::New);
    let end = store.create_holder(owner.clone(), accounts.clone(), conclusion.clone()).await.unwrap();
    assert_eq!(end, Commit::Stored);
    let again = holder(organization);
    let end = store.create_holder(again.clone(), vec![alias_account(&again)], conclusion).await.unwrap();
    assert_eq!(end, Commit::Repeated(outcome));
    assert_eq!(there(&*store, organization).await, (1, 3));
}
