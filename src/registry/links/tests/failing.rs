//! Where the store fails, for one record or for all.

use super::super::{Ending, Pace};
use super::{Notes, World, taken, walk, well, whole};
use crate::domain::alias_account::LinkStatus;
use crate::registry::ports::ledger::LedgerAccount;
use crate::registry::ports::link_walk::{LinkWalks, Tally, Walk, WalkKind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;

#[tokio::test]
async fn a_named_holder_that_cannot_be_read_is_ours_and_no_other_link_is_the_worse_for_it() {
    let world = World::with(4).await;
    // The first two are of one organization, and so is each one's holder.
    let other = world.accounts[1].clear.holder_id;
    world.say(0, Ok(LedgerAccount { holder_id: Some(other.to_string()), ..well() }));
    world.say(1, Ok(LedgerAccount { blocked: true, ..well() }));
    let damage = "UPDATE holders SET type = 'ROBOT' WHERE id = ?1";
    assert_eq!(world.beside().execute(damage, [other.0.as_bytes()]).unwrap(), 1);
    let tally = whole(&world.links()).await;
    assert_eq!(tally, Tally { verified: 2, mismatch: 1, blocked: 1, changed: 2, ..Tally::default() });
    assert_eq!(world.statuses().await[..2], [LinkStatus::Mismatch, LinkStatus::Blocked]);
}

#[tokio::test]
async fn a_record_that_cannot_be_read_any_more_is_passed_over_and_counted() {
    let world = World::with(2).await;
    let (db, id) = (world.beside(), world.accounts[0].clear.id.0);
    *world.ledger.meanwhile.lock().unwrap() = Some(Box::new(move || {
        let damage = "UPDATE alias_accounts SET link_status = 'ROBOT', revision = revision + 1 WHERE id = ?1";
        db.execute(damage, [id.as_bytes()]).unwrap();
    }));
    let tally = whole(&world.links()).await;
    assert_eq!(tally, Tally { verified: 2, skipped: 1, ..Tally::default() });
}

#[tokio::test]
async fn what_a_page_has_recorded_before_it_fails_is_told_and_counted() {
    let world = World::with(2).await;
    for account in 0..2 {
        world.say(account, Ok(LedgerAccount { blocked: true, ..well() }));
    }
    // Each is of an organization of its own: the first one is recorded when the second one is asked about.
    let (db, asked) = (world.beside(), AtomicUsize::new(0));
    *world.ledger.meanwhile.lock().unwrap() = Some(Box::new(move || {
        if asked.fetch_add(1, Ordering::SeqCst) == 1 {
            db.execute_batch("ALTER TABLE alias_accounts RENAME TO hidden").unwrap();
        }
    }));
    let links = world.links();
    let (stop, mut stopped) = watch::channel(false);
    let mut notes = Notes { checked: vec![], pages_left: 9, stop };
    let pace = Pace { page: 2, each: Duration::ZERO, longest: Duration::ZERO };
    let walking = taken(&links, false).await;
    links.go_on(walking, "operator/test", pace, &mut notes, &mut stopped).await.unwrap_err();
    let told: Vec<_> = notes.checked.iter().map(|link| (link.id, link.now())).collect();
    assert_eq!(told, [(world.accounts[0].clear.id, Some(LinkStatus::Blocked))]);

    *world.ledger.meanwhile.lock().unwrap() = None;
    world.beside().execute_batch("ALTER TABLE hidden RENAME TO alias_accounts").unwrap();
    let noted = world.store.walk(WalkKind::Command).await.unwrap();
    assert_eq!(noted.walk.under_way.as_ref().unwrap().tally, Tally { changed: 1, ..Tally::default() });
    let rested = Walk { walker: None, ..noted.walk };
    assert!(world.store.note_walk(WalkKind::Command, noted.revision, &rested).await.unwrap());
    let (ended, _) = walk(&links, 2, 9).await;
    assert_eq!(ended, Ending::Whole(Tally { blocked: 2, changed: 2, ..Tally::default() }));
}
