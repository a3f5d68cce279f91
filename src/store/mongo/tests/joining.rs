//! Alias accounts that came together with their holder, in lists.

use super::super::values::uuid;
use super::Mongo;
use super::listing::onboarded;
use super::tour::shapes;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::list::{Count, Direction, Filter, PageRequest, Sort, State, Take};
use crate::registry::ports::record::NewHolder;
use crate::registry::ports::store::Store;
use crate::store::conformance::Stores;
use crate::store::conformance::records::{organization, page};
use mongodb::bson::{DateTime, Document, doc};
use uuid::Uuid;

impl Mongo {
    /// Puts an onboarding back to the moment before the holder was made live.
    pub(super) async fn hold(&self, owner: &NewHolder, state: &str) {
        let in_a_year = DateTime::from_millis(DateTime::now().timestamp_millis() + 31_536_000_000);
        let holders = self.database.collection::<Document>("holders");
        let id = uuid(owner.clear.id.0);
        let held = doc! { "$set": { "state": state, "unsettled": in_a_year } };
        holders.update_one(doc! { "_id": id.clone() }, held).await.unwrap();
        let accounts = self.database.collection::<Document>("alias_accounts");
        let joining = doc! { "$set": { "state": "joining", "unsettled": in_a_year } };
        accounts.update_many(doc! { "clear.holderId": id }, joining).await.unwrap();
    }
}

/// All ids that a walk in pages of this size meets, and whether each page but the last is full.
async fn walk(
    store: &dyn Store,
    organization: OrganizationId,
    filter: &Filter,
    shape: (Sort, Direction, Take),
    size: usize,
) -> (Vec<Uuid>, bool) {
    let (sort, direction, take) = shape;
    let (mut met, mut bound, mut full) = (vec![], None, true);
    loop {
        let (after, before) = if take == Take::First { (bound, None) } else { (None, bound) };
        let request = PageRequest { sort, direction, take, after, before, ..page(size, None) };
        let page = store.list_alias_accounts(organization, filter, request).await.unwrap();
        met.extend(page.records.iter().map(|record| record.clear.id.0));
        let (more, next) =
            if take == Take::First { (page.has_next, page.end) } else { (page.has_previous, page.start) };
        if !more {
            met.sort();
            return (met, full);
        }
        full &= page.records.len() == size;
        assert!(next.is_some() && next != bound, "a page that tells of more must tell where");
        bound = next;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alias_accounts_of_a_holder_that_is_not_there_yet_are_in_no_list_and_leave_no_gap() {
    let stores = Mongo::fresh().await;
    let (store, organization) = (stores.store(), organization());
    let mut seen = vec![];
    let mut held = vec![];
    // Those that are there and those that are not take turns.
    for turn in 0..6 {
        let (owner, accounts) = onboarded(&*store, organization, 3).await;
        if turn % 2 == 0 { seen.extend(accounts) } else { held.push((owner, accounts)) }
    }
    for (owner, _) in &held {
        stores.hold(owner, "held").await;
    }
    let mut expected = seen.clone();
    expected.sort();
    for state in [State::Live, State::Any] {
        let filter = Filter { state, ..Filter::default() };
        for shape in shapes() {
            for size in [1, 2, 4, 9] {
                let (met, full) = walk(&*store, organization, &filter, shape, size).await;
                assert!(met == expected && full, "{state:?} {shape:?} {size}");
            }
        }
        let count = store.count_alias_accounts(organization, &filter).await.unwrap();
        assert_eq!(count, Count { total: 9, exact: true });
    }
    let owners: Vec<_> = held.iter().map(|(owner, _)| owner.clear.id).collect();
    let all = Filter::default();
    assert!(store.alias_accounts_of(organization, &owners, &all, page(2, None)).await.unwrap().is_empty());
    let counts = store.count_alias_accounts_of(organization, &owners, &all).await.unwrap();
    assert!(counts.values().all(|count| *count == Count { total: 0, exact: true }));

    // All of one are there as soon as its holder is, though their own states still say what they said.
    let (owner, accounts) = held.remove(0);
    stores.hold(&owner, "live").await;
    expected.extend(accounts);
    expected.sort();
    let (met, _) =
        walk(&*store, organization, &all, (Sort::CreatedAt, Direction::Ascending, Take::First), 2).await;
    assert_eq!(met, expected);
    assert_eq!(store.count_alias_accounts(organization, &all).await.unwrap().total, 12);
    let counts = store.count_alias_accounts_of(organization, &owners, &all).await.unwrap();
    assert_eq!(counts[&owner.clear.id].total, 3);
    let pages = store.alias_accounts_of(organization, &owners, &all, page(2, None)).await.unwrap();
    assert!(pages.len() == 1 && pages[&owner.clear.id].has_next);
}
