//! A tour through every call of the port, for tests that look at what all of them have in common.

use super::Sqlite;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{AuditStore, TrailFilter};
use crate::registry::ports::inspection::Inspection;
use crate::registry::ports::link_walk::{LinkWalks, Walk, WalkKind};
use crate::registry::ports::list::{Direction, Filter, PageRequest, Position, Sort, State, Take};
use crate::registry::ports::operation::{Fingerprint, Operation, Outcome};
use crate::registry::ports::record::{Detail, KeyId, LinkCheck, Token};
use crate::registry::ports::store::{KeyCheck, Store};
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{
    NOW, alias_account, concluding, holder, holder_with, operation, organization, page, wrote,
};
use crate::store::conformance::trail_entries::{checkpoint, entry, links, of};
use crate::store::conformance::writes::{change, deletion, purge};
use uuid::Uuid;

/// Every call once or more, some refused and one that fails.
pub(super) async fn every_call(stores: &Sqlite) {
    let store = &**stores.sqlite();
    let organization = organization();
    let owner = holder_with(organization, &["a"]);
    let key = operation(organization, 1);
    store.ready().await.unwrap();
    store.key_check(KeyCheck { id: KeyId("1".to_owned()), value: [1; 32] }).await.unwrap();
    store.begin(&key).await.unwrap();
    store.create_holder(owner.clone(), vec![], concluding(&key, wrote(&owner))).await.unwrap();
    store.create_holder(owner.clone(), vec![], concluding(&key, wrote(&owner))).await.unwrap();
    store.create_holder(holder_with(organization, &["a"]), vec![], None).await.unwrap();
    store.begin(&Operation { fingerprint: Fingerprint([9; 32]), ..key }).await.unwrap();
    store.conclude(concluding(&operation(organization, 2), Outcome::default()).unwrap()).await.unwrap();
    let account = alias_account(&owner);
    store.link(account.clone(), None).await.unwrap();
    store.link(alias_account(&holder(organization)), None).await.unwrap();
    let (ids, accounts, all) = ([owner.clear.id], [account.clear.id], Filter::default());
    store.holders(organization, &ids, State::Live, Detail::Clear).await.unwrap();
    store.holder_with_claim(organization, &owner.protected.claims, Detail::Clear).await.unwrap();
    store.list_holders(organization, &all, page(1, None)).await.unwrap();
    store.count_holders(organization, &all).await.unwrap();
    store.alias_accounts(organization, &accounts, State::Live, Detail::Clear).await.unwrap();
    store.alias_accounts_with_claims(organization, &[], Detail::Clear).await.unwrap();
    store.list_alias_accounts(organization, &all, page(1, None)).await.unwrap();
    store.count_alias_accounts(organization, &all).await.unwrap();
    store.alias_accounts_of(organization, &ids, &all, page(1, None)).await.unwrap();
    store.count_alias_accounts_of(organization, &ids, &all).await.unwrap();
    store.totals().await.unwrap();
    store.holders_after(None, 9).await.unwrap();
    store.alias_accounts_after(None, 9).await.unwrap();
    store.strays(9).await.unwrap();
    store.live_links_after(None, 9).await.unwrap();
    let noted = store.walk(WalkKind::Command).await.unwrap();
    for revision in [noted.revision, noted.revision + 1] {
        assert!(store.note_walk(WalkKind::Command, revision, &Walk::default()).await.unwrap());
    }
    every_call_of_the_trail(store, organization).await;

    let link = account.clear.link.clone();
    let check = LinkCheck { organization, id: account.clear.id, link, revision: 1, audit: vec![] };
    store.record_link_check(check).await.unwrap();
    every_change::<AliasAccount>(store, &account.clear, &account.protected).await;
    every_change::<Holder>(store, &owner.clear, &owner.protected).await;
    let last = Holder::stored(store, organization).await;
    stores.beside().execute_batch("UPDATE holders SET type = 'ROBOT'").unwrap();
    store.holders(organization, &[last.clear.id], State::Live, Detail::Clear).await.unwrap_err();
}

/// Every call of the audit trail, and every shape of a list of links.
async fn every_call_of_the_trail(store: &dyn AuditStore, organization: OrganizationId) {
    let entry = entry(0);
    store.keep_entries(of(organization, std::slice::from_ref(&entry))).await.unwrap();
    store.organizations_waiting(9).await.unwrap();
    store.oldest_waiting().await.unwrap();
    let waiting = store.waiting_entries(organization, 1).await.unwrap();
    let places = waiting.into_iter().map(|waiting| waiting.place).collect();
    store.settle_entries(organization, places).await.unwrap();
    for leader in 1..=2 {
        let leader = Uuid::from_u128(leader);
        store.lead_trail(organization, leader, NOW, NOW.plus(1)).await.unwrap();
    }
    store.trail_head(organization).await.unwrap();
    store.chained(organization, &[entry.id]).await.unwrap();
    let links = links(1, std::slice::from_ref(&entry));
    for _ in 0..2 {
        store.append_links(organization, links.clone()).await.unwrap();
    }
    store.audited_organizations(None, 9).await.unwrap();
    store.links_after(organization, 0, 9).await.unwrap();
    let all = TrailFilter { from: Some(NOW), to: Some(NOW.plus(1)), ..TrailFilter::default() };
    for filter in [
        TrailFilter { record: Some(entry.records[0].id()), ..all.clone() },
        TrailFilter { subject: Some(entry.subject), ..all.clone() },
        TrailFilter { operation: Some(entry.operation), ..all.clone() },
        all,
    ] {
        for newest_first in [false, true] {
            let page = store.find_links(organization, &filter, None, newest_first, 9).await.unwrap();
            assert_eq!(page.links, links);
        }
    }
    store.checkpoint(organization).await.unwrap();
    store.set_checkpoint(organization, checkpoint(&links[0])).await.unwrap();
    store.prune_links(organization, 9).await.unwrap();
}

/// Update, deletion, restoration and removal, each once done and once refused.
async fn every_change<C: Record>(
    store: &dyn Store,
    clear: &C,
    protected: &crate::registry::ports::record::Protected,
) {
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

/// Every shape of a list.
pub(super) async fn every_list(stores: &Sqlite) {
    let store = &**stores.sqlite();
    let organization = organization();
    let place = Position { at: NOW, id: Uuid::nil() };
    for filter in filters() {
        for (sort, direction, take) in shapes() {
            for (after, before) in
                [(None, None), (Some(place), None), (None, Some(place)), (Some(place), Some(place))]
            {
                let request = PageRequest { sort, direction, take, after, before, ..page(9, None) };
                lists(store, organization, &filter, request).await;
            }
        }
    }
}

async fn lists(store: &dyn Store, organization: OrganizationId, filter: &Filter, request: PageRequest) {
    let holders = [crate::domain::ids::HolderId(Uuid::nil())];
    store.list_holders(organization, filter, request).await.unwrap();
    store.count_holders(organization, filter).await.unwrap();
    store.list_alias_accounts(organization, filter, request).await.unwrap();
    store.alias_accounts_of(organization, &holders, filter, request).await.unwrap();
    store.count_alias_accounts_of(organization, &holders, filter).await.unwrap();
}

/// Both sorts, both directions, both ends.
pub(super) fn shapes() -> impl Iterator<Item = (Sort, Direction, Take)> {
    [Sort::CreatedAt, Sort::UpdatedAt].into_iter().flat_map(|sort| {
        [Direction::Ascending, Direction::Descending].into_iter().flat_map(move |direction| {
            [Take::First, Take::Last].into_iter().map(move |take| (sort, direction, take))
        })
    })
}

fn filters() -> Vec<Filter> {
    let token = |text: &str| Token(text.to_owned());
    let (one, two) = (vec![token("a")], vec![token("b"), token("c")]);
    let mut filters = vec![];
    for tokens in [vec![], vec![one.clone()], vec![two.clone()], vec![one.clone(), two.clone(), one]] {
        for state in [State::Live, State::Deleted, State::Any] {
            let filter = Filter { state, tokens: tokens.clone(), ..Filter::default() };
            filters.push(Filter { created_from: Some(NOW), ..filter.clone() });
            filters.push(Filter { created_from: Some(NOW), created_before: Some(NOW), ..filter.clone() });
            filters.push(Filter {
                created_before: Some(NOW),
                ids: Some(vec![Uuid::nil()]),
                ..filter.clone()
            });
            filters.push(filter);
        }
    }
    filters
}
