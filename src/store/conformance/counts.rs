//! Rule 14: a total is exact up to the cap, and says where it is not.

use super::Stores;
use super::acts::{Record, by};
use super::records::{alias_account, holder, organization};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::registry::ports::list::{COUNT_MAX, Count, Filter, State};
use crate::registry::ports::record::{NewHolder, Token};
use crate::registry::ports::store::{Commit, Store};
use crate::registry::ports::terms;

/// Stores a holder with so many alias accounts, all of which have one token.
async fn onboard(store: &dyn Store, mut owner: NewHolder, count: usize) -> NewHolder {
    owner.protected.tokens.clear();
    let accounts = (0..count).map(|_| {
        let mut account = alias_account(&owner);
        account.clear.banking = None;
        account.clear.parties.clear();
        account.clear.metadata.0.clear();
        account.protected.tokens = vec![Token("participantDocument.1/1/shared".to_owned())];
        account.protected.sealed.0.clear();
        account.audit.clear();
        account
    });
    let end = store.create_holder(owner.clone(), accounts.collect(), None).await.unwrap();
    assert_eq!(end, Commit::Stored);
    owner
}

pub(crate) async fn a_total_is_exact_up_to_the_cap<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let mut owner = None;
    for _ in 0..COUNT_MAX / 100 {
        owner = Some(onboard(&*store, holder(organization), 100).await);
    }
    let owner = owner.unwrap();
    let shared = by(Token("participantDocument.1/1/shared".to_owned()));
    let mut both = shared.clone();
    both.tokens.push(vec![terms::link_status(crate::domain::alias_account::LinkStatus::Verified)]);
    let any = Filter { state: State::Any, ..Filter::default() };
    for filter in [&Filter::default(), &shared, &both, &any] {
        let count = AliasAccount::count(&*store, organization, filter).await;
        assert_eq!(count, Count { total: COUNT_MAX, exact: true });
    }
    let last = alias_account(&owner);
    assert_eq!(AliasAccount::insert(&*store, last.clone(), None).await, Commit::Stored);
    for filter in [&Filter::default(), &any] {
        let count = AliasAccount::count(&*store, organization, filter).await;
        assert_eq!(count, Count { total: COUNT_MAX, exact: false });
    }
    last.clear.bury(&*store).await;
    for (filter, exact) in [(&Filter::default(), true), (&shared, true), (&any, false)] {
        let count = AliasAccount::count(&*store, organization, filter).await;
        assert_eq!(count, Count { total: COUNT_MAX, exact });
    }
    let holders = Holder::count(&*store, organization, &Filter::default()).await;
    assert_eq!(holders, Count { total: COUNT_MAX / 100, exact: true });
}

pub(crate) async fn several_holders_have_a_total_each<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let mut expected = vec![];
    for count in [3, 0, 5] {
        expected.push((onboard(&*store, holder(organization), count).await.clear.id, count));
    }
    let elsewhere = onboard(&*store, holder(super::records::organization()), 2).await.clear.id;
    expected.push((elsewhere, 0));
    let mut ids: Vec<_> = expected.iter().map(|(id, _)| *id).collect();
    ids.push(ids[0]);
    let all = Filter::default();
    let counts = store.count_alias_accounts_of(organization, &ids, &all).await.unwrap();
    for (id, total) in expected {
        assert_eq!(counts.get(&id).map_or(0, |count| count.total), total);
        assert!(counts.get(&id).is_none_or(|count| count.exact));
    }
    let shared = by(Token("participantDocument.1/2/other".to_owned()));
    let counts = store.count_alias_accounts_of(organization, &ids, &shared).await.unwrap();
    assert!(counts.values().all(|count| *count == Count { total: 0, exact: true }));
    assert!(store.count_alias_accounts_of(organization, &[], &all).await.unwrap().is_empty());
}
