//! Rule 14: the cost of a page does not grow with its depth.

use super::super::connection::{self, Access};
use super::super::{list, strays};
use super::{Sqlite, statements, tour};
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::list::{
    Count, Direction, Filter, LOOKED_AT_MAX, PageRequest, Position, Sort, Take,
};
use crate::registry::ports::record::Token;
use crate::store::conformance::records::{organization, page};
use crate::store::conformance::scale::scaled;
use rusqlite::{Connection, StatementStatus, params};
use uuid::Uuid;

/// Every record has its type; half of them are even and the others odd, and of the even ones, from the 40,000th on, each
/// 1,000th is odd too: two conditions that hold for very many, and both of them for few.
const FILL: &str = "
    CREATE TEMP TABLE made AS
        WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?2)
        SELECT n, unhex(printf('%032x', n * 2654435761 % 4294967296)) AS id,
            1700000000000 + n / 3 AS created_at, 1700000000000 + n * 7919 % 1000003 AS updated_at
        FROM numbers WHERE ?1 IS NOT NULL;
    INSERT INTO holders (organization, id, type, metadata, created_at, updated_at, version, revision, generations,
            sealed)
        SELECT ?1, id, 'NATURAL_PERSON', '{}', created_at, updated_at, 1, 1, '[]', x'00' FROM made WHERE ?2;
    INSERT INTO claims SELECT ?1, 'document.1/' || n, 1, id FROM made WHERE ?2;
    INSERT INTO tokens SELECT ?1, 1, '', 1, created_at, id, updated_at FROM made WHERE ?2;
    INSERT INTO tokens SELECT ?1, 1, 'type/NATURAL_PERSON', 1, created_at, id, updated_at FROM made WHERE ?2;
    INSERT INTO tokens SELECT ?1, 1, iif(n % 2, 'odd', 'even'), 1, created_at, id, updated_at FROM made WHERE ?2;
    INSERT INTO tokens SELECT ?1, 1, 'rare', 1, created_at, id, updated_at FROM made WHERE n % 4000 = 7 AND ?2;
    INSERT INTO tokens SELECT ?1, 1, 'odd', 1, created_at, id, updated_at FROM made
        WHERE n >= 40000 AND n % 1000 = 0 AND ?2;
";

/// A file of so many holders of one organization, made without the port: three to a millisecond, changed in another
/// order than they were created in.
fn filled(count: usize) -> (Sqlite, Connection, OrganizationId) {
    let stores = Sqlite::new();
    let organization = organization();
    let db = stores.beside();
    let count = i64::try_from(count).unwrap();
    db.execute_batch("PRAGMA temp_store = MEMORY; BEGIN").unwrap();
    for statement in FILL.split_terminator(";\n") {
        db.execute(statement, params![organization, count]).unwrap();
    }
    db.execute_batch("COMMIT").unwrap();
    let db = connection::open(&stores.dir.path().join("holdergraph.db"), Access::Read).unwrap();
    (stores, db, organization)
}

/// What SQLite did for the statements of this thread since the last look: steps of its machine, steps through whole
/// tables, and sorts.
pub(super) fn work(db: &Connection) -> (i32, i32, i32) {
    let mut work = (0, 0, 0);
    for statement in statements::prepared_here() {
        let statement = db.prepare_cached(&statement).unwrap();
        work.0 += statement.reset_status(StatementStatus::VmStep);
        work.1 += statement.reset_status(StatementStatus::FullscanStep);
        work.2 += statement.reset_status(StatementStatus::Sort);
    }
    work
}

/// Where so many records of the list lie before this place.
fn place(db: &Connection, organization: OrganizationId, sort: Sort, depth: usize) -> Position {
    let time = if sort == Sort::CreatedAt { "created_at" } else { "updated_at" };
    let select = format!(
        "SELECT {time}, id FROM tokens WHERE organization = ?1 AND kind = 1 AND token = '' AND live
         ORDER BY {time}, id LIMIT 1 OFFSET ?2"
    );
    db.query_row(&select, params![organization, i64::try_from(depth).unwrap()], |row| {
        Ok(Position { at: Timestamp(row.get(0)?), id: Uuid::from_bytes(row.get(1)?) })
    })
    .unwrap()
}

#[test]
fn page_1_and_page_5000_cost_the_same() {
    let count = scaled(500_000, 50_000);
    let (_stores, db, organization) = filled(count);
    let by_type = Filter { tokens: vec![vec![Token("type/NATURAL_PERSON".to_owned())]], ..Filter::default() };
    let mut first_of_all = None;
    for (sort, direction, take) in tour::shapes() {
        // Forwards in the list's order, `after` bounds the page; backwards, `before` does.
        let depths = [None, Some(count / 2), Some(count - 101)];
        for filter in [&Filter::default(), &by_type] {
            let mut costs = vec![];
            for depth in depths {
                let from_the_end = (direction == Direction::Ascending) != (take == Take::First);
                let bound = depth.map(|depth| {
                    place(&db, organization, sort, if from_the_end { count - 1 - depth } else { depth })
                });
                let (after, before) = if take == Take::First { (bound, None) } else { (None, bound) };
                let request = PageRequest { sort, direction, take, after, before, ..page(100, None) };
                work(&db);
                let page = list::page::<Holder>(&db, organization, filter, &request).unwrap();
                assert_eq!(page.records.len(), 100);
                let more = depth != Some(count - 101);
                let beyond = if take == Take::First { page.has_next } else { page.has_previous };
                assert_eq!(beyond, more);
                let (steps, scans, sorts) = work(&db);
                assert_eq!((scans, sorts), (0, 0));
                costs.push(steps);
            }
            println!("{sort:?} {direction:?} {take:?} tokens: {}: {costs:?}", filter.tokens.len());
            let first = *first_of_all.get_or_insert(costs[0]);
            for cost in costs {
                assert!((cost - first).abs() * 100 <= 3 * first, "{cost} steps, the first page {first}");
            }
        }
    }
}

#[test]
fn a_walk_that_is_given_up_goes_on_from_there_and_meets_every_record_once() {
    let count = scaled(500_000, 50_000);
    let (_stores, db, organization) = filled(count);
    let tokens = ["even", "odd"].map(|token| vec![Token(token.to_owned())]).to_vec();
    let both = Filter { tokens, ..Filter::default() };
    let expected = (40..count.div_ceil(1_000)).len();
    // More than half of the store would have to be looked at to tell how many there are.
    let counted = list::count::<Holder>(&db, organization, &both).unwrap();
    assert_eq!(counted, Count { total: 0, exact: false });
    for (sort, direction, take) in tour::shapes() {
        let (mut met, mut bound, mut given_up) = (vec![], None, 0);
        loop {
            let (after, before) = if take == Take::First { (bound, None) } else { (None, bound) };
            let request = PageRequest { sort, direction, take, after, before, ..page(7, None) };
            work(&db);
            let page = list::page::<Holder>(&db, organization, &both, &request).unwrap();
            // A few dozen steps an entry, for as many entries as may be looked at on the page and on both its sides.
            assert!(work(&db).0 < 100 * 3 * LOOKED_AT_MAX as i32);
            met.extend(page.records.iter().map(|record| record.clear.id));
            let (more, next) =
                if take == Take::First { (page.has_next, page.end) } else { (page.has_previous, page.start) };
            if !more {
                break;
            }
            given_up += usize::from(page.records.len() < 7);
            assert!(next.is_some() && next != bound, "a page that tells of more must tell where");
            bound = next;
        }
        assert_eq!(met.len(), expected);
        met.sort();
        met.dedup();
        assert_eq!(met.len(), expected);
        // The first 40,000 hold none, and half of them are looked at.
        assert!(sort != Sort::CreatedAt || given_up >= 2, "given up {given_up} times");
    }
}

#[test]
fn the_rarest_condition_is_walked_wherever_it_stands() {
    let (_stores, db, organization) = filled(20_000);
    for order in [["odd", "rare", "type/NATURAL_PERSON"], ["rare", "type/NATURAL_PERSON", "odd"]] {
        let tokens = order.map(|token| vec![Token(token.to_owned())]).to_vec();
        let filter = Filter { tokens, ..Filter::default() };
        for (sort, direction, take) in tour::shapes() {
            let request = PageRequest { sort, direction, take, ..page(100, None) };
            work(&db);
            let page = list::page::<Holder>(&db, organization, &filter, &request).unwrap();
            assert_eq!((page.records.len(), page.has_previous, page.has_next), (5, false, false));
            // 500 entries of each condition at most to find it, and then five of them.
            let steps = work(&db).0;
            assert!(steps < 10_000, "{order:?}: {steps}");
        }
    }
}

#[test]
fn what_lies_before_a_page_is_looked_for_no_further_than_it_may() {
    let (_stores, db, organization) = filled(50_000);
    let tokens = ["even", "odd"].map(|token| vec![Token(token.to_owned())]).to_vec();
    let both = Filter { tokens, ..Filter::default() };
    // None is there among the first 40,000: 2,500 entries tell so, 19,500 are too many to be sure.
    for (depth, maybe) in [(5_000, false), (39_000, true)] {
        let after = Some(place(&db, organization, Sort::CreatedAt, depth));
        let page = list::page::<Holder>(&db, organization, &both, &page(5, after)).unwrap();
        assert_eq!(page.has_previous, maybe, "after {depth}");
    }
}

#[test]
fn a_count_looks_at_no_more_than_it_may() {
    let (_stores, db, organization) = filled(20_000);
    let all = Filter::default();
    let at_most = list::count::<Holder>(&db, organization, &all).unwrap();
    assert_eq!(at_most, Count { total: 10_000, exact: false });
    let tokens = ["even", "odd"].map(|token| vec![Token(token.to_owned())]).to_vec();
    let none = Filter { tokens, ..Filter::default() };
    let none = list::count::<Holder>(&db, organization, &none).unwrap();
    assert_eq!(none, Count { total: 0, exact: true });
    assert_eq!(work(&db).2, 0);
}

#[test]
fn the_look_for_what_is_astray_takes_twice_as_long_for_twice_as_much() {
    let steps = [5_000, 10_000].map(|count| {
        let (_stores, db, _) = filled(count);
        assert_eq!(strays::find(&db, 10).unwrap(), []);
        work(&db).0
    });
    assert!((15..25).contains(&(10 * steps[1] / steps[0])), "{steps:?}");
}
