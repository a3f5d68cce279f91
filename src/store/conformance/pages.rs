//! Rule 14: pages of a holder's alias accounts.

use super::Stores;
use super::acts::Record;
use super::records::{NOW, alias_account, holder, organization, page};
use crate::domain::ids::AliasAccountId;
use crate::registry::ports::list::{Filter, Page, Position, State};
use crate::registry::ports::record::{AliasAccountRecord, Detail, NewHolder};
use crate::registry::ports::store::{Commit, Store};
use uuid::Uuid;

async fn owner(store: &dyn Store, of: Option<&NewHolder>) -> NewHolder {
    let owner = holder(of.map_or_else(organization, |other| other.clear.organization));
    assert_eq!(store.create_holder(owner.clone(), vec![], None).await.unwrap(), Commit::Stored);
    owner
}

/// Links so many accounts, three to an instant, the later ones first and the greater ids first among equals; their
/// ids in the right order.
async fn link(store: &dyn Store, owner: &NewHolder, count: usize) -> Vec<AliasAccountId> {
    let mut accounts: Vec<_> = (0_i64..)
        .take(count)
        .map(|i| {
            let mut account = alias_account(owner);
            account.clear.id = AliasAccountId(Uuid::new_v4());
            account.clear.created_at = NOW.plus(i / 3);
            account
        })
        .collect();
    accounts.sort_by_key(|account| (account.clear.created_at, account.clear.id));
    let ids = accounts.iter().map(|account| account.clear.id).collect();
    for account in accounts.into_iter().rev() {
        assert_eq!(store.link(account, None).await.unwrap(), Commit::Stored);
    }
    ids
}

async fn read(
    store: &dyn Store,
    owner: &NewHolder,
    first: usize,
    after: Option<Position>,
) -> Option<Page<AliasAccountRecord>> {
    let holders = [owner.clear.id];
    let mut pages = store
        .alias_accounts_of(owner.clear.organization, &holders, &Filter::default(), page(first, after))
        .await
        .unwrap();
    pages.remove(&owner.clear.id).filter(|page| !page.records.is_empty())
}

fn ids(page: &Page<AliasAccountRecord>) -> Vec<AliasAccountId> {
    page.records.iter().map(|record| record.clear.id).collect()
}

fn end(page: &Page<AliasAccountRecord>) -> Option<Position> {
    page.records.last().map(|last| Position { at: last.clear.created_at, id: last.clear.id.0 })
}

pub(crate) async fn a_page_is_in_the_order_of_creation_and_then_of_ids<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = owner(&*store, None).await;
    let expected = link(&*store, &owner, 10).await;
    let page = read(&*store, &owner, 100, None).await.unwrap();
    assert_eq!(ids(&page), expected);
    assert!(!page.has_next);
}

pub(crate) async fn several_holders_have_a_page_each<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let one = owner(&*store, None).await;
    let two = owner(&*store, Some(&one)).await;
    let none = owner(&*store, Some(&one)).await;
    let elsewhere = owner(&*store, None).await;
    let of_one = link(&*store, &one, 5).await;
    let of_two = link(&*store, &two, 2).await;
    link(&*store, &elsewhere, 2).await;

    let holders = [two.clear.id, none.clear.id, one.clear.id, elsewhere.clear.id, two.clear.id];
    let pages = store
        .alias_accounts_of(one.clear.organization, &holders, &Filter::default(), page(3, None))
        .await
        .unwrap();
    assert_eq!(pages.len(), 2, "only of holders that have any, and of this organization");
    let (first, second) = (&pages[&one.clear.id], &pages[&two.clear.id]);
    assert_eq!((ids(first), first.has_next), (of_one[..3].to_vec(), true));
    assert_eq!((ids(second), second.has_next), (of_two, false));
}

pub(crate) async fn a_walk_meets_every_record_once<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = owner(&*store, None).await;
    let expected = link(&*store, &owner, 10).await;
    for first in [1, 2, 3, 4, 9] {
        let (mut met, mut after) = (vec![], None);
        while let Some(page) = read(&*store, &owner, first, after).await {
            assert!(page.records.len() <= first);
            met.extend(ids(&page));
            assert_eq!(page.has_next, met.len() < expected.len());
            after = end(&page);
        }
        assert_eq!(met, expected, "in pages of {first}");
    }
}

pub(crate) async fn more_is_told_only_where_more_follows<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = owner(&*store, None).await;
    let expected = link(&*store, &owner, 4).await;
    for (first, more) in [(3, true), (4, false), (5, false), (usize::MAX, false)] {
        let page = read(&*store, &owner, first, None).await.unwrap();
        assert_eq!((ids(&page), page.has_next), (expected[..first.min(4)].to_vec(), more), "first: {first}");
    }
    let last = end(&read(&*store, &owner, 4, None).await.unwrap());
    assert!(read(&*store, &owner, 4, last).await.is_none());
}

pub(crate) async fn a_page_may_begin_where_no_record_is<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = owner(&*store, None).await;
    let expected = link(&*store, &owner, 6).await;
    let place = |at, id| Some(Position { at, id });
    for (after, rest) in [
        (place(NOW.plus(-1), Uuid::max()), &expected[..]),
        (place(NOW, Uuid::nil()), &expected[..]),
        (place(NOW, Uuid::max()), &expected[3..]),
        (place(NOW.plus(1), Uuid::nil()), &expected[3..]),
    ] {
        assert_eq!(ids(&read(&*store, &owner, 9, after).await.unwrap()), rest);
    }
    assert!(read(&*store, &owner, 9, place(NOW.plus(1), Uuid::max())).await.is_none());
}

pub(crate) async fn deleted_alias_accounts_are_in_no_page<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = owner(&*store, None).await;
    let organization = owner.clear.organization;
    let accounts = link(&*store, &owner, 4).await;
    let [second] = <[_; 1]>::try_from(
        store.alias_accounts(organization, &accounts[1..2], State::Live, Detail::Clear).await.unwrap(),
    )
    .unwrap();
    second.clear.bury(&*store).await;
    let page = read(&*store, &owner, 3, None).await.unwrap();
    assert_eq!((ids(&page), page.has_next), (vec![accounts[0], accounts[2], accounts[3]], false));
    let found = store.alias_accounts(organization, &accounts[..2], State::Live, Detail::Clear).await.unwrap();
    assert_eq!(found.iter().map(|record| record.clear.id).collect::<Vec<_>>(), accounts[..1]);
}
