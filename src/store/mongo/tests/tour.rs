//! A tour through every call of the store, for tests that look at what all of them have in common.

use super::super::MongoStore;
use super::super::budget::Budget;
use super::super::trail::Outbox;
use super::super::values::uuid;
use super::PATIENCE;
use super::crowd::Crowd;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::{HolderId, OrganizationId};
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{AuditStore, FoundBy, TrailFilter, TrailLink, TrailPlace};
use crate::registry::ports::inspection::{Inspection, Place};
use crate::registry::ports::link_walk::{LinkWalks, Walk, WalkKind};
use crate::registry::ports::list::{Direction, Filter, PageRequest, Sort, State, Take};
use crate::registry::ports::operation::{Fingerprint, Operation, Outcome};
use crate::registry::ports::record::{Detail, KeyId, LinkCheck, Protected, Token};
use crate::registry::ports::store::{KeyCheck, Store};
use crate::registry::ports::transfer::{Bookmark, Intake, Outlet};
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{
    alias_account, concluding, holder, holder_with, operation, organization, page, wrote,
};
use crate::store::conformance::trail_entries::{chain, checkpoint, entry, of, settle_all};
use crate::store::conformance::writes::{change, deletion, purge};
use mongodb::Database;
use mongodb::bson::{DateTime, Document, doc};
use uuid::Uuid;

/// Every call once or more, some refused.
pub(super) async fn every_call(store: &MongoStore) {
    let organization = organization();
    let owner = holder_with(organization, &["a"]);
    let key = operation(organization, 1);
    store.ready().await.unwrap();
    store.key_check(KeyCheck { id: KeyId("1".to_owned()), value: [1; 32] }).await.unwrap();
    store.begin(&key).await.unwrap();
    let first = alias_account(&owner);
    store.create_holder(owner.clone(), vec![first.clone()], concluding(&key, wrote(&owner))).await.unwrap();
    store.create_holder(owner.clone(), vec![], concluding(&key, wrote(&owner))).await.unwrap();
    store.create_holder(holder_with(organization, &["a"]), vec![first], None).await.unwrap();
    store.begin(&Operation { fingerprint: Fingerprint([9; 32]), ..key }).await.unwrap();
    store.conclude(concluding(&operation(organization, 2), Outcome::default()).unwrap()).await.unwrap();
    let account = alias_account(&owner);
    store.link(account.clone(), concluding(&operation(organization, 3), Outcome::default())).await.unwrap();
    store.link(alias_account(&holder(organization)), None).await.unwrap();
    let (ids, accounts, all) = ([owner.clear.id], [account.clear.id], Filter::default());
    store.holders(organization, &ids, State::Live, Detail::Clear).await.unwrap();
    store.holder_with_claim(organization, &owner.protected.claims, Detail::Clear).await.unwrap();
    store.alias_accounts(organization, &accounts, State::Live, Detail::Clear).await.unwrap();
    store.alias_accounts_with_claims(organization, &account.protected.claims, Detail::Clear).await.unwrap();
    lists(store, organization, &all, page(1, None)).await;
    every_call_of_the_trail(store, organization).await;
    store.totals().await.unwrap();
    store.key_checks().await.unwrap();
    let place = Place { organization, id: Uuid::nil() };
    for place in [None, Some(place)] {
        store.holders_after(place, 9).await.unwrap();
        store.alias_accounts_after(place, 9).await.unwrap();
    }
    store.strays(usize::MAX).await.unwrap();
    store.live_links_after(None, 9).await.unwrap();
    let noted = store.walk(WalkKind::Command).await.unwrap();
    for revision in [noted.revision, noted.revision + 1] {
        assert!(store.note_walk(WalkKind::Command, revision, &Walk::default()).await.unwrap());
    }

    let link = account.clear.link.clone();
    let check = LinkCheck { organization, id: account.clear.id, link, revision: 1, audit: vec![] };
    store.record_link_check(check).await.unwrap();
    every_change::<AliasAccount>(store, &account.clear, &account.protected).await;
    every_change::<Holder>(store, &owner.clear, &owner.protected).await;
    let alone = Holder::stored(store, organization).await;
    every_change::<Holder>(store, &alone.clear, &alone.protected).await;
    // The next round finds some that are there.
    let last = Holder::stored(store, organization).await;
    AliasAccount::insert(
        store,
        alias_account(&last),
        concluding(&operation(organization, 9), Outcome::default()),
    )
    .await;
}

/// Every call of the audit trail, on an organization whose records have entries.
async fn every_call_of_the_trail(store: &MongoStore, organization: OrganizationId) {
    let written = chain(store, organization, 5).await;
    store.keep_entries(of(organization, &[entry(1), entry(2)])).await.unwrap();
    store.oldest_waiting().await.unwrap();
    assert_ne!(store.organizations_waiting(9).await.unwrap(), []);
    let budget = Budget::of(PATIENCE);
    for outbox in Outbox::ALL {
        store.collections().next_organization_waiting(&budget, outbox, Some(organization)).await.unwrap();
    }
    settle_all(store, organization).await;
    store.keep_entries(of(organization, &[entry(3)])).await.unwrap();
    // A second try, which finds its links.
    assert!(store.append_links(organization, written.clone()).await.unwrap());
    let until = Timestamp::now().plus(1_000);
    for leader in [Uuid::nil(), Uuid::max()] {
        store.lead_trail(organization, leader, Timestamp::now(), until).await.unwrap();
    }
    store.set_checkpoint(organization, checkpoint(&written[2])).await.unwrap();
    store.chained(organization, &[written[3].found_by.id]).await.unwrap();
    assert_eq!(store.prune_links(organization, 2).await.unwrap(), 2);
    store.links_after(organization, 2, 9).await.unwrap();
    store.trail_head(organization).await.unwrap();
    for after in [None, Some(organization)] {
        store.audited_organizations(after, 2).await.unwrap();
    }
    every_search(store, organization, &written[3]).await;
}

/// Links by each of what they are found by, from the beginning and from somewhere on.
async fn every_search(store: &MongoStore, organization: OrganizationId, link: &TrailLink) {
    let FoundBy { at, subject, operation, records, .. } = &link.found_by;
    let of_subject = TrailFilter { subject: Some(subject.clone()), ..TrailFilter::default() };
    let of_operation = TrailFilter { operation: Some(operation.clone()), ..TrailFilter::default() };
    let of_record = TrailFilter { record: records.first().copied(), ..of_subject.clone() };
    for filter in [TrailFilter::default(), of_subject, of_operation, of_record] {
        let bounded = TrailFilter { from: Some(at.plus(-9)), to: Some(at.plus(9)), ..filter.clone() };
        for filter in [filter, bounded] {
            for after in [None, Some(TrailPlace { at: *at, number: link.number })] {
                for newest_first in [false, true] {
                    store.find_links(organization, &filter, after, newest_first, 9).await.unwrap();
                }
            }
        }
    }
}

/// Update, deletion, restoration and removal, each once done and once refused, where nothing is in the way.
async fn every_change<C: Record>(store: &dyn Store, clear: &C, protected: &Protected) {
    let read = clear.now(store).await;
    C::update(store, change(&read, protected), None).await;
    C::update(store, change(&read, protected), None).await;
    C::delete(store, deletion(&read), None).await;
    C::delete(store, deletion(&clear.now(store).await), None).await;
    C::restore(store, change(&read, protected), None).await;
    C::restore(store, change(&clear.now(store).await, protected), None).await;
    C::purge(store, purge(&read), None).await;
    C::purge(store, purge(&clear.now(store).await), None).await;
}

/// Every shape of a list of a crowd.
pub(super) async fn every_list(store: &MongoStore, crowd: &Crowd) {
    let organization = crowd.organization;
    for filter in filters(crowd) {
        // The last records of a list are the first ones of the opposite list.
        for (sort, direction, take) in shapes().filter(|(.., take)| *take == Take::First) {
            let mut places = crowd.places().map(Some);
            if direction == Direction::Descending {
                places.reverse();
            }
            let [first, last] = places;
            for (after, before) in [(None, None), (first, None), (None, last), (first, last)] {
                let request = PageRequest { sort, direction, take, after, before, ..page(9, None) };
                pages(store, organization, &filter, request).await;
            }
        }
        counts(store, organization, &filter).await;
    }
}

/// Of whom nobody has heard.
const STRANGERS: [HolderId; 2] = [HolderId(Uuid::nil()), HolderId(Uuid::max())];

async fn lists(store: &MongoStore, organization: OrganizationId, filter: &Filter, request: PageRequest) {
    pages(store, organization, filter, request).await;
    counts(store, organization, filter).await;
}

async fn pages(store: &MongoStore, organization: OrganizationId, filter: &Filter, request: PageRequest) {
    store.list_holders(organization, filter, request).await.unwrap();
    store.list_alias_accounts(organization, filter, request).await.unwrap();
    store.alias_accounts_of(organization, &STRANGERS, filter, request).await.unwrap();
}

async fn counts(store: &MongoStore, organization: OrganizationId, filter: &Filter) {
    store.count_holders(organization, filter).await.unwrap();
    store.count_alias_accounts_of(organization, &STRANGERS, filter).await.unwrap();
}

/// Both sorts, both directions, both ends.
pub(super) fn shapes() -> impl Iterator<Item = (Sort, Direction, Take)> {
    [Sort::CreatedAt, Sort::UpdatedAt].into_iter().flat_map(|sort| {
        [Direction::Ascending, Direction::Descending].into_iter().flat_map(move |direction| {
            [Take::First, Take::Last].into_iter().map(move |take| (sort, direction, take))
        })
    })
}

fn filters(crowd: &Crowd) -> Vec<Filter> {
    let token = |text: &str| Token(text.to_owned());
    let (one, two) = (vec![token("a")], vec![token("b"), token("c")]);
    // A little more than lies between the two places.
    let [from, before] = crowd.places().map(|place| place.at);
    let (created_from, created_before) = (Some(from.plus(-30)), Some(before.plus(30)));
    let mut filters = vec![];
    for tokens in [vec![], vec![one.clone()], vec![one, two]] {
        let filter = Filter { tokens, ..Filter::default() };
        filters.push(Filter { created_from, created_before, ..filter.clone() });
        filters.push(Filter { state: State::Any, ids: Some(vec![Uuid::nil()]), ..filter.clone() });
        filters.extend(
            [State::Live, State::Deleted, State::Any].map(|state| Filter { state, ..filter.clone() }),
        );
    }
    filters
}

/// What others left is brought to its end: each kind of document that asks for it.
pub(super) async fn every_repair(store: &MongoStore, database: &Database) {
    let long_ago = DateTime::from_millis(1_000);
    let left = |state: &str| doc! { "$set": { "state": state, "unsettled": long_ago } };
    for (collection, change) in [
        ("holders", left("held")),
        ("holders", doc! { "$set": { "unsettled": long_ago, "deleting": uuid(Uuid::nil()) } }),
        ("holders", doc! { "$set": { "state": "purged", "purging": [], "unsettled": long_ago } }),
        ("holders", doc! { "$set": { "unsettled": long_ago } }),
        ("alias_accounts", left("joining")),
        ("alias_accounts", left("held")),
    ] {
        let records = database.collection::<Document>(collection);
        records
            .update_one(doc! { "state": "live", "unsettled": { "$exists": false } }, change)
            .await
            .unwrap();
        let organization = organization();
        assert!(store.collections().tidy().await.unwrap() > 0);
        // And a list that meets one whose holder is not known.
        lists(store, organization, &Filter::default(), page(1, None)).await;
    }
    let organization = organization();
    let (key, owner) = (operation(organization, 1), holder(organization));
    store.create_holder(owner.clone(), vec![], concluding(&key, wrote(&owner))).await.unwrap();
    let operations = database.collection::<Document>("operations");
    let record = uuid(owner.clear.id.0);
    let pending =
        doc! { "$set": { "state": "pending", "lease": long_ago, "collection": "holders", "record": record } };
    let whose = doc! { "organizationId": uuid(organization.0) };
    operations.update_one(whose, pending).await.unwrap();
    store.begin(&key).await.unwrap();
}

/// What a copy into an empty database begins and ends with; one begins after another that broke off.
pub(super) async fn a_filling(store: &MongoStore) {
    for _ in 0..2 {
        assert_eq!(store.begin_copy().await.unwrap(), None);
    }
    assert!(store.is_under_way().await.unwrap() && store.end_copy().await.unwrap());
}

/// What a copy reads, from the beginning and from somewhere on.
pub(super) async fn a_copy(store: &MongoStore) {
    let budget = Budget::of(PATIENCE);
    assert!(!store.collections().is_being_filled(&budget).await.unwrap());
    let (_, place) = store.operations_after(None, 1).await.unwrap();
    store.operations_after(place, 1).await.unwrap();
    let (_, place) = store.entries_after(None, 1).await.unwrap();
    store.entries_after(place, 1).await.unwrap();
    for collection in [1, 2] {
        store.entries_after(Some(Bookmark(vec![collection])), 1).await.unwrap();
    }
}
