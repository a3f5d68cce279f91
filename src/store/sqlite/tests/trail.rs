//! What only SQLite can do wrong with the audit trail.

use super::super::connection::{self, Access};
use super::super::trail::find;
use super::Sqlite;
use super::walking::work;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{
    AuditEntry, AuditStore, TRAIL_LOOK_MAX, TrailFilter, TrailPlace, WaitingPlace,
};
use crate::registry::ports::store::StoreError;
use crate::store::conformance::records::organization;
use crate::store::conformance::trail_damage;
use crate::store::conformance::trail_entries::{ALL, chain, checkpoint, entry, links, moment, numbers};
use rusqlite::{Connection, params};

/// A connection that may write what the tables forbid.
fn spoiler(stores: &Sqlite) -> Connection {
    let db = stores.beside();
    db.execute_batch("PRAGMA ignore_check_constraints = ON").unwrap();
    db
}

#[tokio::test]
async fn rows_of_the_trail_that_cannot_be_read_are_told_as_damage() {
    let stores = Sqlite::new();
    let store = &**stores.sqlite();
    let organization = trail_damage::to_be_spoiled(store).await;
    let db = spoiler(&stores);
    for entry in ["'{'", "'{\"at\":\"secret\"}'", "CAST(x'ff' AS TEXT)"] {
        db.execute_batch(&format!("UPDATE audit_outbox SET entry = {entry}")).unwrap();
        trail_damage::waiting_is_damaged(store, organization).await;
        let told = store.oldest_waiting().await.unwrap_err().to_string();
        assert!(!told.contains("secret"), "{told}");
    }
    for spoiled in ["mac = x'00'", "id = x'00', mac = x'00'", "entry = CAST(x'ff' AS TEXT), mac = x''"] {
        db.execute_batch(&format!("UPDATE trail_links SET {spoiled} WHERE number = 3")).unwrap();
        trail_damage::links_are_damaged(store, organization).await;
        let told = store.links_after(organization, 0, ALL).await.unwrap_err().to_string();
        assert!(told.contains("link 3 of organization"), "{told}");
        assert_eq!(store.links_after(organization, 0, 2).await.unwrap().len(), 2, "others are read");
        let append = store.append_links(organization, links(4, &[entry(9)])).await;
        assert!(matches!(append, Err(StoreError::Damaged(_))), "{append:?}");
    }
    db.execute_batch("UPDATE trail_links SET records = x'00' WHERE number = 1").unwrap();
    let pruned = store.prune_links(organization, ALL).await;
    assert!(matches!(pruned, Err(StoreError::Damaged(_))), "{pruned:?}");
    db.execute_batch("UPDATE trail_checkpoints SET proof = x'00'").unwrap();
    trail_damage::checkpoint_is_damaged(store, organization).await;
}

#[tokio::test]
async fn a_place_of_another_store_is_told_and_settles_nothing() {
    let stores = Sqlite::new();
    let store = &**stores.sqlite();
    let organization = trail_damage::to_be_spoiled(store).await;
    let mut places = vec![store.waiting_entries(organization, 1).await.unwrap().remove(0).place];
    places.push(WaitingPlace(vec![7; 12]));
    let told = store.settle_entries(organization, places).await.unwrap_err();
    assert!(told.to_string().contains("has 12 bytes and not 8"), "{told}");
    assert_eq!(store.waiting_entries(organization, ALL).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_refused_append_leaves_no_row_behind() {
    let stores = Sqlite::new();
    let (store, organization) = (&**stores.sqlite(), organization());
    let written = chain(store, organization, 3).await;
    let rows = || ["trail_links", "trail_records"].map(|table| stores.count(table));
    let again: AuditEntry = serde_json::from_str(&written[0].entry).unwrap();
    let gap = [links(4, &[entry(7)]), links(6, &[entry(7)])].concat();
    for links in [links(4, &[entry(7), entry(8), again]), gap, links(5, &[entry(7)]), links(0, &[entry(7)])] {
        assert!(!store.append_links(organization, links).await.unwrap());
        assert_eq!(rows(), [3, 3]);
    }
    // A number whose link was pruned is not given again.
    store.set_checkpoint(organization, checkpoint(&written[2])).await.unwrap();
    assert_eq!(store.prune_links(organization, ALL).await.unwrap(), 3);
    assert_eq!(rows(), [0, 0]);
    for first in 1..=3 {
        assert!(!store.append_links(organization, links(first, &[entry(7)])).await.unwrap());
    }
    assert_eq!(rows(), [0, 0]);
}

/// So many links of one organization, made without the port: three to a millisecond. All have one subject, one
/// operation and one record, but for the last ones, which are rare.
fn filled(count: usize) -> (Sqlite, Connection, OrganizationId) {
    let (stores, organization) = (Sqlite::new(), organization());
    let db = stores.beside();
    db.execute_batch("BEGIN").unwrap();
    db.execute(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)
         INSERT INTO trail_links SELECT ?1, n, unhex(printf('%032x', n)), ?3 + n / 3, 'acme/ana',
             iif(n + 5 > ?2, 'rare', 'holders'), zeroblob(16), ?3 + n, zeroblob(32), '{}' FROM numbers",
        params![organization, i64::try_from(count).unwrap(), moment(0)],
    )
    .unwrap();
    db.execute_batch(
        "INSERT INTO trail_records SELECT organization, records, at, number FROM trail_links; COMMIT",
    )
    .unwrap();
    let db = connection::open(&stores.dir.path().join("holdergraph.db"), Access::Read).unwrap();
    (stores, db, organization)
}

#[test]
fn a_page_of_links_costs_as_much_wherever_it_is_and_however_many_there_are() {
    let mut first_of_all: Vec<Option<i32>> = vec![None; 4];
    for count in [3_000, 30_000] {
        let (_stores, db, organization) = filled(count);
        let all = TrailFilter::default();
        let filters = [
            TrailFilter { record: Some(uuid::Uuid::nil()), ..all.clone() },
            TrailFilter { subject: Some("acme/ana".to_owned()), ..all.clone() },
            TrailFilter { operation: Some("holders".to_owned()), ..all.clone() },
            all,
        ];
        for (filter, first) in filters.iter().zip(&mut first_of_all) {
            for depth in [1, count / 2, count - 100] {
                for newest_first in [false, true] {
                    let at = moment(i64::try_from(depth / 3).unwrap());
                    let number = u64::try_from(depth).unwrap();
                    let after = Some(TrailPlace { at, number });
                    work(&db);
                    let page = find::page(&db, organization, filter, after, newest_first, 20).unwrap();
                    let (steps, scans, sorts) = work(&db);
                    assert_eq!((scans, sorts), (0, 0), "{filter:?}");
                    if page.links.len() == 20 {
                        let first = *first.get_or_insert(steps);
                        assert!((steps - first).abs() * 100 <= 5 * first, "{steps} steps, the first {first}");
                    }
                }
            }
        }
        assert!(first_of_all.iter().all(Option::is_some));
    }
}

#[tokio::test]
async fn a_page_looks_at_no_more_links_than_it_may() {
    let (stores, _, organization) = filled(2 * TRAIL_LOOK_MAX + 500);
    let store = stores.sqlite();
    let filter = TrailFilter {
        subject: Some("acme/ana".to_owned()),
        operation: Some("rare".to_owned()),
        ..TrailFilter::default()
    };
    let mut after = None;
    for looked in [TRAIL_LOOK_MAX, 2 * TRAIL_LOOK_MAX] {
        let page = store.find_links(organization, &filter, after, false, 9).await.unwrap();
        assert_eq!(page.links, []);
        after = page.next;
        assert_eq!(after.map(|place| place.number), Some(u64::try_from(looked).unwrap()));
    }
    let page = store.find_links(organization, &filter, after, false, 9).await.unwrap();
    assert_eq!((numbers(&page.links).len(), page.next), (5, None));
}
