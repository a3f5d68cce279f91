//! What only lists of this store can do wrong.

use super::super::values::uuid;
use super::meddling::before;
use super::{Mongo, connect_with, over};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::list::{Count, Direction, Filter, PageRequest, Position, Sort, State, Take};
use crate::registry::ports::record::{Detail, NewAliasAccount, NewHolder, Token};
use crate::registry::ports::store::{Commit, Store};
use crate::store::conformance::Stores;
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{NOW, alias_account, holder, organization, page};
use mongodb::bson::{DateTime, Document, doc};
use mongodb::event::EventHandler;
use mongodb::event::command::CommandEvent;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// A holder with so many alias accounts, all at one moment.
pub(super) async fn onboarded(
    store: &dyn Store,
    organization: OrganizationId,
    count: usize,
) -> (NewHolder, Vec<Uuid>) {
    let owner = holder(organization);
    let accounts: Vec<NewAliasAccount> = (0..count).map(|_| alias_account(&owner)).collect();
    let ids = accounts.iter().map(|account| account.clear.id.0).collect();
    assert_eq!(store.create_holder(owner.clone(), accounts, None).await.unwrap(), Commit::Stored);
    (owner, ids)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sealed_is_fetched_only_where_it_is_asked_for() {
    let stores = Mongo::fresh().await;
    let (owner, _) = onboarded(&*stores.store(), organization(), 3).await;
    let (organization, id) = (owner.clear.organization, owner.clear.id);
    let answers: Arc<Mutex<Vec<String>>> = Arc::default();
    let keep = answers.clone();
    let handler = EventHandler::callback(move |event| {
        if let CommandEvent::Succeeded(answer) = event {
            keep.lock().unwrap().push(answer.reply.to_string());
        }
    });
    let store = over(connect_with(stores.database.name(), Some(handler)).await).await;
    for detail in [Detail::Clear, Detail::Sealed] {
        let request = PageRequest { detail, ..page(2, None) };
        let all = Filter::default();
        let both = Filter { ids: Some(vec![id.0]), ..Filter::default() };
        for filter in [&all, &both] {
            store.list_holders(organization, filter, request).await.unwrap();
            store.list_alias_accounts(organization, filter, request).await.unwrap();
        }
        store.alias_accounts_of(organization, &[id], &all, request).await.unwrap();
        store.holders(organization, &[id], State::Any, detail).await.unwrap();
        store.holder_with_claim(organization, &owner.protected.claims, detail).await.unwrap();
        store.count_alias_accounts(organization, &all).await.unwrap();
        let told = answers.lock().unwrap().drain(..).filter(|answer| answer.contains("sealed")).count();
        // A list of ids holds no alias account, and a count tells of nothing.
        assert_eq!(told, if detail == Detail::Sealed { 6 } else { 0 });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_cannot_be_read_spoils_no_other() {
    let stores = Mongo::fresh().await;
    let (store, organization) = (stores.store(), organization());
    let (owner, accounts) = onboarded(&*store, organization, 5).await;
    let collection = stores.database.collection::<Document>("alias_accounts");
    let broken = uuid(accounts[2]);
    collection.update_one(doc! { "_id": broken }, doc! { "$set": { "clear.type": "ROBOT" } }).await.unwrap();
    let whole = store.list_alias_accounts(organization, &Filter::default(), page(9, None)).await.unwrap();
    assert_eq!((whole.records.len(), whole.unreadable.clone()), (4, vec![accounts[2]]));
    let ids = [owner.clear.id];
    let pages = store.alias_accounts_of(organization, &ids, &Filter::default(), page(9, None)).await.unwrap();
    assert_eq!(pages[&owner.clear.id].unreadable, [accounts[2]]);
    // A page that holds nothing else still tells where it ends.
    let (mut met, mut after) = (0, None);
    loop {
        let page = store.list_alias_accounts(organization, &Filter::default(), page(1, after)).await.unwrap();
        met += page.records.len() + page.unreadable.len();
        after = page.end;
        if !page.has_next {
            break;
        }
    }
    assert_eq!(met, 5);
}

/// So many holders of one organization, made without the port: half of them are even and the others odd, and of the
/// even ones, from the 21,000th on, each 400th is odd too: two conditions that hold for very many, and both of them for
/// few.
async fn filled(stores: &Mongo, organization: OrganizationId, count: i64) -> usize {
    let template = Holder::stored(&*stores.store(), organization).await;
    let holders = stores.database.collection::<Document>("holders");
    let template = holders.find_one_and_delete(doc! { "_id": uuid(template.clear.id.0) });
    let template = template.await.unwrap().unwrap();
    let (mut both, mut made) = (0, vec![]);
    for n in 0..count {
        let mut tokens = vec!["".to_owned(), (if n % 2 == 0 { "even" } else { "odd" }).to_owned()];
        if n >= 21_000 && n % 400 == 0 {
            tokens.push("odd".to_owned());
            both += 1;
        }
        let id = Uuid::from_u128((n as u128).wrapping_mul(2_654_435_761) % 4_294_967_296);
        let mut document = template.clone();
        document.insert("_id", uuid(id));
        document.insert("tokens", tokens);
        document.insert("claims", vec![format!("document.1/{n}")]);
        document.insert("createdAt", DateTime::from_millis(NOW.0 + n / 3));
        document.insert("updatedAt", DateTime::from_millis(NOW.0 + n * 7_919 % 1_000_003));
        made.push(document);
        if made.len() == 1_000 {
            holders.insert_many(&made).ordered(false).await.unwrap();
            made.clear();
        }
    }
    if !made.is_empty() {
        holders.insert_many(&made).ordered(false).await.unwrap();
    }
    both
}

fn both() -> Filter {
    Filter {
        tokens: ["even", "odd"].map(|token| vec![Token(token.to_owned())]).to_vec(),
        ..Filter::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_walk_that_is_given_up_goes_on_from_there_and_meets_every_record_once() {
    let stores = Mongo::fresh().await;
    let (store, organization) = (stores.store(), organization());
    let expected = filled(&stores, organization, 24_000).await;
    assert_eq!(expected, 7);
    for (sort, direction, take) in [
        (Sort::CreatedAt, Direction::Ascending, Take::First),
        (Sort::CreatedAt, Direction::Ascending, Take::Last),
        (Sort::UpdatedAt, Direction::Descending, Take::First),
    ] {
        let (mut met, mut bound, mut given_up) = (vec![], None, 0);
        loop {
            let (after, before) = if take == Take::First { (bound, None) } else { (None, bound) };
            let request = PageRequest { sort, direction, take, after, before, ..page(3, None) };
            let page = store.list_holders(organization, &both(), request).await.unwrap();
            met.extend(page.records.iter().map(|record| record.clear.id));
            let (more, next) =
                if take == Take::First { (page.has_next, page.end) } else { (page.has_previous, page.start) };
            if !more {
                break;
            }
            given_up += usize::from(page.records.len() < 3);
            assert!(next.is_some() && next != bound, "a page that tells of more must tell where");
            bound = next;
        }
        met.sort();
        met.dedup();
        assert_eq!(met.len(), expected);
        // The first 21,000 hold none, and half of them are looked at.
        assert!(sort != Sort::CreatedAt || given_up >= 1, "given up {given_up} times");
    }
    // More entries than may be looked at lie before the last page, and none that is sure to be on the list.
    let last = PageRequest { take: Take::Last, ..page(5, None) };
    let last = store.list_holders(organization, &both(), last).await.unwrap();
    assert!(last.records.len() == 5 && last.has_previous);
    let before_all = PageRequest { before: last.start, take: Take::Last, ..page(5, None) };
    let rest = store.list_holders(organization, &both(), before_all).await.unwrap();
    assert!(
        rest.records.len() == 2 && rest.has_previous && rest.has_next,
        "more entries may be looked at than there are"
    );
    assert!(rest.start.is_some_and(|start| start.at < NOW.plus(7_000)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_moves_up_among_those_that_are_looked_at_is_met() {
    let stores = Mongo::fresh().await;
    let organization = organization();
    // Of both conditions the first is taken, where more hold than are counted.
    filled(&stores, organization, 1_100).await;
    let holders = stores.database.collection::<Document>("holders");
    let template = holders.find_one(doc! { "tokens": "odd" }).await.unwrap().unwrap();
    let before_all = NOW.plus(1_000);
    let made = |n: i64| {
        let mut document = template.clone();
        document.insert("_id", uuid(Uuid::from_u128((1_u128 << 64) + n as u128)));
        document.insert("claims", vec![format!("document.1/moves/{n}")]);
        document.insert("createdAt", DateTime::from_millis(before_all.0 + 1 + n));
        document.insert("tokens", if n == 10_000 { vec!["", "few", "odd"] } else { vec!["", "few"] });
        document
    };
    // Behind 10,000 entries that are not on the list lies one that is.
    holders.insert_many((0..=10_000).map(made)).ordered(false).await.unwrap();
    let first = Uuid::from_u128(1_u128 << 64);
    let victim = holders.clone();
    let removal = async move || {
        victim.delete_one(doc! { "_id": uuid(first) }).await.unwrap();
    };
    // Whether entries lie behind those that were looked at is asked by skipping them.
    let handler = before(|command| command.to_string().contains("\"$skip\""), removal);
    let store = connect_with(stores.database.name(), Some(handler)).await;
    let store = over(store).await;
    let both = Filter {
        tokens: ["few", "odd"].map(|token| vec![Token(token.to_owned())]).to_vec(),
        ..Filter::default()
    };
    let page_of = store.list_holders(organization, &both, page(3, None)).await.unwrap();
    assert!(page_of.records.len() == 1 && !page_of.has_next, "{page_of:?}");

    let removed = doc! { "_id": uuid(first) };
    assert_eq!(holders.count_documents(removed.clone()).await.unwrap(), 0);
    holders.insert_one(made(0)).await.unwrap();
    let cut = Position { at: before_all, id: Uuid::nil() };
    let lower = PageRequest { before: Some(cut), ..page(3, None) };
    let lower = store.list_holders(organization, &both, lower).await.unwrap();
    assert!(lower.records.is_empty() && lower.has_next, "{lower:?}");
    assert_eq!(holders.count_documents(removed).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_count_looks_at_no_more_than_it_may() {
    let stores = Mongo::fresh().await;
    let (store, organization) = (stores.store(), organization());
    filled(&stores, organization, 10_001).await;
    let all = store.count_holders(organization, &Filter::default()).await.unwrap();
    assert_eq!(all, Count { total: 10_000, exact: false });
    let none = store.count_holders(organization, &both()).await.unwrap();
    assert_eq!(none, Count { total: 0, exact: true });
    let both = Filter {
        tokens: vec![vec![Token(String::new())], vec![Token("odd".to_owned()), Token("even".to_owned())]],
        ..Filter::default()
    };
    let cut = store.count_holders(organization, &both).await.unwrap();
    assert_eq!(cut, Count { total: 10_000, exact: false });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lists_of_many_holders_are_those_of_each() {
    let stores = Mongo::fresh().await;
    let (store, organization) = (stores.store(), organization());
    let mut owners = vec![];
    for count in 0..47 {
        owners.push(onboarded(&*store, organization, count % 5).await);
    }
    let ids: Vec<_> = owners.iter().map(|(owner, _)| owner.clear.id).collect();
    let request = PageRequest { detail: Detail::Sealed, ..page(2, None) };
    let pages = store.alias_accounts_of(organization, &ids, &Filter::default(), request).await.unwrap();
    let counts = store.count_alias_accounts_of(organization, &ids, &Filter::default()).await.unwrap();
    for (owner, accounts) in &owners {
        let page = pages.get(&owner.clear.id);
        assert_eq!(page.map_or(0, |page| page.records.len()), accounts.len().min(2));
        assert_eq!(page.is_some_and(|page| page.has_next), accounts.len() > 2);
        let whose = |record: &crate::registry::ports::record::AliasAccountRecord| record.clear.holder_id;
        assert!(
            page.into_iter().flat_map(|page| &page.records).all(|record| whose(record) == owner.clear.id)
        );
        assert_eq!(counts[&owner.clear.id].total, accounts.len());
    }
    let all = AliasAccount::count(&*store, organization, &Filter::default()).await;
    assert_eq!(all.total, owners.iter().map(|(_, accounts)| accounts.len()).sum::<usize>());
}
