//! Recording what the ledger said of an alias account, which is no change that a client made.

use super::Stores;
use super::acts::{Record, by};
use super::records::{NOW, alias_account, organization, page};
use super::writes::change;
use crate::domain::alias_account::{AccountLink, AliasAccount, LinkStatus};
use crate::domain::holder::Holder;
use crate::registry::ports::list::{Filter, PageRequest, Sort};
use crate::registry::ports::record::{LinkCheck, NewAliasAccount, Stored};
use crate::registry::ports::store::{Commit, Refused, Store};
use crate::registry::ports::terms;

const CHANGED: Commit = Commit::Refused(Refused::Changed);

fn check(read: &Stored<AliasAccount>, status: LinkStatus) -> LinkCheck {
    LinkCheck {
        organization: read.clear.organization,
        id: read.clear.id,
        link: AccountLink { status, checked_at: Some(NOW.plus(5_000)), detail: None },
        revision: read.revision,
        audit: vec![],
    }
}

async fn linked(store: &dyn Store) -> NewAliasAccount {
    AliasAccount::stored(store, organization()).await
}

pub(crate) async fn a_check_raises_neither_version_nor_the_time_of_the_last_change<S: Stores>(
    stores: &mut S,
) {
    let store = stores.store();
    let new = linked(&*store).await;
    let read = new.clear.now(&*store).await;
    let blocked = check(&read, LinkStatus::Blocked);
    assert_eq!(store.record_link_check(blocked.clone()).await.unwrap(), Commit::Stored);
    let now = new.clear.now(&*store).await;
    assert_eq!(now.clear, AliasAccount { link: blocked.link, ..read.clear });
    assert_eq!((now.version, now.revision), (1, 2));
    assert!(now.sealed == read.sealed);
}

pub(crate) async fn a_checked_alias_account_is_found_by_its_new_link_only<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let new = linked(&*store).await;
    let all = [
        LinkStatus::Verified,
        LinkStatus::NotFound,
        LinkStatus::Blocked,
        LinkStatus::Mismatch,
        LinkStatus::Unverified,
    ];
    for found in all.into_iter().chain(all) {
        let check = check(&new.clear.now(&*store).await, found);
        assert_eq!(store.record_link_check(check).await.unwrap(), Commit::Stored);
        for status in all {
            let filter = by(terms::link_status(status));
            assert_eq!(new.clear.is_in(&*store, &filter).await, status == found);
        }
        // What else it is found by stays.
        for filter in
            [Filter::default(), by(terms::holder(new.clear.holder_id)), by(new.protected.tokens[0].clone())]
        {
            assert!(new.clear.is_in(&*store, &filter).await);
        }
    }
}

pub(crate) async fn a_check_moves_the_alias_account_in_no_list<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = Holder::stored(&*store, organization()).await;
    let mut ids = vec![];
    for i in 0..3 {
        let mut new = alias_account(&owner);
        (new.clear.created_at, new.clear.updated_at) = (NOW.plus(i), NOW.plus(-i));
        assert_eq!(AliasAccount::insert(&*store, new.clone(), None).await, Commit::Stored);
        let check = check(&new.clear.now(&*store).await, LinkStatus::Blocked);
        assert_eq!(store.record_link_check(check).await.unwrap(), Commit::Stored);
        ids.push(new.clear.id);
    }
    for (sort, order) in [(Sort::CreatedAt, [0, 1, 2]), (Sort::UpdatedAt, [2, 1, 0])] {
        for filter in [Filter::default(), by(terms::link_status(LinkStatus::Blocked))] {
            let request = PageRequest { sort, ..page(9, None) };
            let page = AliasAccount::list(&*store, owner.clear.organization, &filter, request).await;
            let listed: Vec<_> = page.records.iter().map(|record| record.clear.id).collect();
            assert_eq!(listed, order.map(|place: usize| ids[place]));
        }
    }
}

pub(crate) async fn a_check_of_what_was_changed_since_or_is_not_live_is_not_recorded<S: Stores>(
    stores: &mut S,
) {
    let store = stores.store();
    let new = linked(&*store).await;
    let read = new.clear.now(&*store).await;
    let update = change(&read, &new.protected);
    assert_eq!(AliasAccount::update(&*store, update, None).await, Commit::Stored);
    let old = check(&read, LinkStatus::Blocked);
    assert_eq!(store.record_link_check(old).await.unwrap(), CHANGED);
    let now = new.clear.now(&*store).await;
    let elsewhere = LinkCheck { organization: organization(), ..check(&now, LinkStatus::Blocked) };
    assert_eq!(store.record_link_check(elsewhere).await.unwrap(), CHANGED);
    assert_eq!(now.clear.link, read.clear.link);
    new.clear.bury(&*store).await;
    let dead = check(&new.clear.now(&*store).await, LinkStatus::Blocked);
    assert_eq!(store.record_link_check(dead).await.unwrap(), CHANGED);
    assert_eq!(new.clear.now(&*store).await.clear.link, read.clear.link);
}

pub(crate) async fn an_update_after_a_check_must_have_read_it<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let new = linked(&*store).await;
    let read = new.clear.now(&*store).await;
    let blocked = check(&read, LinkStatus::Blocked);
    assert_eq!(store.record_link_check(blocked).await.unwrap(), Commit::Stored);
    let update = change(&read, &new.protected);
    assert_eq!(AliasAccount::update(&*store, update, None).await, CHANGED);
    assert_eq!(new.clear.now(&*store).await.clear.link.status, LinkStatus::Blocked);
}
