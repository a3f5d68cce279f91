//! Rules 13 and 14: pages and counts of random lists, compared with lists that are written down without an index.

use super::Stores;
use super::acts::{Record, mark};
use super::records::{NOW, alias_account, holder, organization};
use super::reference::{self, Known};
use super::writes::deletion;
use crate::domain::alias_account::{AliasAccount, LinkStatus, RelatedPartyRole};
use crate::domain::holder::Holder;
use crate::domain::ids::{HolderId, OrganizationId};
use crate::domain::metadata::{Metadata, MetadataValue};
use crate::registry::ports::list::{Direction, Filter, PageRequest, Position, Sort, State, Take};
use crate::registry::ports::record::{Detail, New, NewHolder, Token};
use crate::registry::ports::store::{Commit, Store};
use crate::registry::ports::terms;
use uuid::Uuid;

/// Numbers that are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(sides).unwrap()).unwrap()
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }

    /// One of a dozen moments, so that many are equal.
    fn moment(&mut self) -> crate::domain::time::Timestamp {
        NOW.plus(i64::try_from(self.roll(12)).unwrap())
    }
}

fn token(number: usize) -> Token {
    Token(format!("document.1/{number}/x"))
}

/// Writes a record with random times, tokens, entries and state.
async fn write<C: Record>(store: &dyn Store, dice: &mut Dice, mut new: New<C>) -> (New<C>, Known) {
    let (created_at, updated_at, _) = new.clear.times();
    (*created_at, *updated_at) = (dice.moment(), dice.moment());
    *new.clear.metadata() = Metadata::default();
    mark(&mut new.clear, dice.pick::<&str>(&["a", "b", "c"]));
    new.protected.tokens = (0..6).filter(|_| dice.one_in(3)).map(token).collect();
    assert_eq!(C::insert(store, new.clone(), None).await, Commit::Stored);
    let mut tokens = new.clear.terms();
    tokens.extend(new.protected.tokens.iter().cloned());
    let id = new.clear.uuid();
    let (created_at, updated_at, _) = new.clear.times();
    let (created_at, mut updated_at) = (*created_at, *updated_at);
    let live = !dice.one_in(3);
    if !live {
        let mut deletion = deletion(&new.clear.now(store).await);
        updated_at = dice.moment();
        deletion.at = updated_at;
        assert_eq!(C::delete(store, deletion, None).await, Commit::Stored);
    }
    (new, Known { id, created_at, updated_at, live, tokens })
}

async fn write_holders(
    store: &dyn Store,
    dice: &mut Dice,
    organization: OrganizationId,
    count: usize,
) -> Vec<(NewHolder, Known)> {
    let mut written = vec![];
    for _ in 0..count {
        let mut new = holder(organization);
        new.clear.external_id = (!dice.one_in(3)).then(|| format!("crm-{}", dice.roll(3)));
        written.push(write(store, dice, new).await);
    }
    written
}

async fn write_alias_accounts(
    store: &dyn Store,
    dice: &mut Dice,
    owners: &[NewHolder],
    count: usize,
) -> Vec<Known> {
    let mut written = vec![];
    for _ in 0..count {
        let mut new = alias_account(dice.pick(owners));
        new.clear.link.status = *dice.pick(&[LinkStatus::Verified, LinkStatus::Blocked]);
        let roles = [RelatedPartyRole::PrimaryHolder, RelatedPartyRole::ResponsibleParty];
        new.clear.parties =
            (0..dice.roll(3)).map(|_| super::records::party(*dice.pick(&roles), None)).collect();
        written.push(write(store, dice, new).await.1);
    }
    written
}

/// A random filter, most of whose conditions hold for some of these.
fn filter(dice: &mut Dice, all: &[Known], terms: &[Token]) -> Filter {
    let mut conditions = vec![];
    for _ in 0..*dice.pick(&[0, 0, 1, 1, 1, 2, 3]) {
        let mut tokens = vec![];
        for _ in 0..*dice.pick(&[1, 1, 1, 1, 2, 2, 3, 0]) {
            tokens.push(if dice.one_in(2) { token(dice.roll(7)) } else { dice.pick(terms).clone() });
        }
        conditions.push(tokens);
    }
    let ids = dice.one_in(6).then(|| {
        let some =
            (0..dice.roll(30)).map(|_| if dice.one_in(5) { Uuid::now_v7() } else { dice.pick(all).id });
        some.collect()
    });
    Filter {
        state: *dice.pick(&[State::Live, State::Deleted, State::Any]),
        ids,
        tokens: conditions,
        created_from: dice.one_in(4).then(|| dice.moment().plus(-1)),
        created_before: dice.one_in(4).then(|| dice.moment().plus(1)),
    }
}

/// A random page, whose bounds are places of records or others.
fn request(dice: &mut Dice, all: &[Known]) -> PageRequest {
    let sort = *dice.pick(&[Sort::CreatedAt, Sort::UpdatedAt]);
    let place = |dice: &mut Dice| {
        let known = dice.pick(all);
        let at = if sort == Sort::CreatedAt { known.created_at } else { known.updated_at };
        match dice.roll(6) {
            0 => Position { at: dice.moment(), id: Uuid::nil() },
            1 => Position { at: dice.moment(), id: Uuid::max() },
            _ => Position { at, id: known.id },
        }
    };
    PageRequest {
        sort,
        direction: *dice.pick(&[Direction::Ascending, Direction::Descending]),
        after: dice.one_in(2).then(|| place(dice)),
        before: dice.one_in(3).then(|| place(dice)),
        take: *dice.pick(&[Take::First, Take::Last]),
        size: dice.roll(9) + 1,
        detail: *dice.pick(&[Detail::Clear, Detail::Sealed]),
    }
}

/// Asks for that many random pages and counts.
async fn compare<C: Record>(
    store: &dyn Store,
    dice: &mut Dice,
    organization: OrganizationId,
    all: &[Known],
    times: usize,
) {
    let terms: Vec<Token> = all.iter().flat_map(|known| known.tokens.clone()).collect();
    for _ in 0..times {
        let (filter, request) = (filter(dice, all, &terms), request(dice, all));
        let page = C::list(store, organization, &filter, request).await;
        let expected = reference::page(all, &filter, &request);
        assert_eq!(reference::told(&page, request.sort), expected, "{filter:?}\n{request:?}");
        assert!(
            page.records.iter().all(|record| record.sealed.is_some() == (request.detail == Detail::Sealed))
        );
        let count = C::count(store, organization, &filter).await;
        assert_eq!(count, reference::count(all, &filter), "{filter:?}");
    }
}

pub(crate) async fn random_pages_of_holders_are_those_of_a_list_without_an_index<S: Stores>(stores: &mut S) {
    let (store, mut dice) = (stores.store(), Dice(1));
    for organization in [organization(), organization()] {
        let written = write_holders(&*store, &mut dice, organization, 60).await;
        let all: Vec<Known> = written.into_iter().map(|(_, known)| known).collect();
        compare::<Holder>(&*store, &mut dice, organization, &all, 500).await;
    }
}

pub(crate) async fn random_pages_of_alias_accounts_are_those_of_a_list_without_an_index<S: Stores>(
    stores: &mut S,
) {
    let (store, mut dice) = (stores.store(), Dice(2));
    for organization in [organization(), organization()] {
        let owners = owners(&*store, organization).await;
        let all = write_alias_accounts(&*store, &mut dice, &owners, 60).await;
        compare::<AliasAccount>(&*store, &mut dice, organization, &all, 500).await;
    }
}

async fn owners(store: &dyn Store, organization: OrganizationId) -> Vec<NewHolder> {
    let mut owners = vec![];
    for _ in 0..4 {
        owners.push(Holder::stored(store, organization).await);
    }
    owners
}

pub(crate) async fn random_pages_of_several_holders_are_those_of_each<S: Stores>(stores: &mut S) {
    let (store, mut dice) = (stores.store(), Dice(3));
    let organization = organization();
    let owners = owners(&*store, organization).await;
    let all = write_alias_accounts(&*store, &mut dice, &owners[..3], 60).await;
    let terms: Vec<Token> = all.iter().flat_map(|known| known.tokens.clone()).collect();
    // The last of them has none, and another is asked for twice.
    let ids: Vec<HolderId> = owners.iter().chain(&owners[..1]).map(|owner| owner.clear.id).collect();
    for _ in 0..300 {
        let (filter, request) = (filter(&mut dice, &all, &terms), request(&mut dice, &all));
        let pages = store.alias_accounts_of(organization, &ids, &filter, request).await.unwrap();
        let counts = store.count_alias_accounts_of(organization, &ids, &filter).await.unwrap();
        for holder in &ids {
            let mut whose = filter.clone();
            whose.tokens.push(vec![terms::holder(*holder)]);
            let expected = reference::page(&all, &whose, &request);
            match pages.get(holder) {
                Some(page) => {
                    assert_eq!(reference::told(page, request.sort), expected, "{whose:?}\n{request:?}")
                }
                None => assert!(expected.is_empty(), "{whose:?}\n{request:?}"),
            }
            assert_eq!(counts[holder], reference::count(&all, &whose), "{whose:?}");
        }
    }
}

pub(crate) async fn a_walk_in_either_direction_meets_every_record_once<S: Stores>(stores: &mut S) {
    let (store, mut dice) = (stores.store(), Dice(4));
    let organization = organization();
    let written = write_holders(&*store, &mut dice, organization, 40).await;
    let all: Vec<Known> = written.into_iter().map(|(_, known)| known).collect();
    let marked = terms::metadata_entry("mark", &MetadataValue::Text("a".to_owned()));
    let several = vec![vec![token(0), token(1), token(2), marked]];
    for filter in [
        Filter::default(),
        Filter { state: State::Any, ..Filter::default() },
        Filter { state: State::Any, tokens: several, ..Filter::default() },
    ] {
        for sort in [Sort::CreatedAt, Sort::UpdatedAt] {
            for direction in [Direction::Ascending, Direction::Descending] {
                for take in [Take::First, Take::Last] {
                    let expected = reference::list(&all, &filter, sort, direction);
                    let met = walk(&*store, organization, &filter, sort, direction, take).await;
                    assert_eq!(met, expected.iter().map(|place| place.id).collect::<Vec<_>>());
                }
            }
        }
    }
}

/// Goes through a list in pages of 7, from its start or its end.
async fn walk(
    store: &dyn Store,
    organization: OrganizationId,
    filter: &Filter,
    sort: Sort,
    direction: Direction,
    take: Take,
) -> Vec<Uuid> {
    let (mut met, mut bound, mut more) = (vec![], None, true);
    while more {
        let (after, before) = if take == Take::First { (bound, None) } else { (None, bound) };
        let request = PageRequest { sort, direction, after, before, take, size: 7, detail: Detail::Clear };
        let page = Holder::list(store, organization, filter, request).await;
        let ids = page.records.iter().map(|record| record.clear.id.0);
        (bound, more) = if take == Take::First {
            met.extend(ids);
            (page.end, page.has_next)
        } else {
            met.splice(0..0, ids);
            (page.start, page.has_previous)
        };
    }
    met
}
