//! What one walk does.

use super::super::{Checked, Ending, Outcome};
use super::{World, silent, taken, walk, well, whole};
use crate::domain::alias_account::{AliasAccount, LinkStatus};
use crate::domain::link::HolderCheck;
use crate::registry::links::Links;
use crate::registry::ports::ledger::{LedgerAccount, LedgerError};
use crate::registry::ports::link_walk::{LOOKED_AT, LinkWalks, Tally, WalkKind};
use crate::registry::ports::transfer::Outlet;
use crate::store::conformance::acts::Record;
use crate::store::conformance::writes::change;
use std::sync::atomic::Ordering;

#[tokio::test]
async fn each_live_link_is_asked_about_once_and_what_the_ledger_says_is_recorded() {
    let world = World::with(9).await;
    let other = world.accounts[7].clear.holder_id;
    let same_organization = world.accounts[7].clear.organization == world.accounts[8].clear.organization;
    assert!(same_organization);
    let names = |holder: &str| Ok(LedgerAccount { holder_id: Some(holder.to_owned()), ..well() });
    world.say(1, Ok(LedgerAccount { blocked: true, ..well() }));
    world.say(2, Err(LedgerError::AccountNotFound));
    world.say(3, Err(LedgerError::LedgerNotFound));
    world.say(4, Ok(LedgerAccount { account_type: "external".to_owned(), ..well() }));
    world.say(5, names("01900000-0000-7000-8000-000000000000"));
    world.say(8, names(&other.to_string()));
    world.accounts[6].clear.bury(&*world.store).await;
    let before = world.record(1).await;
    world.clock.fetch_add(60_000, Ordering::SeqCst);

    let tally = whole(&world.links()).await;
    use LinkStatus::{Blocked, Mismatch, NotFound, Verified};
    let expected = [Verified, Blocked, NotFound, NotFound, Mismatch, Verified, Verified, Verified, Mismatch];
    assert_eq!(world.statuses().await, expected);
    let mut asked = world.asked();
    asked.sort_unstable();
    assert_eq!(asked, [0, 1, 2, 3, 4, 5, 7, 8], "the deleted one is nobody's concern");
    let counts = Tally { verified: 3, not_found: 2, blocked: 1, mismatch: 2, changed: 5, ..Tally::default() };
    assert_eq!((tally, tally.broken()), (counts, 5));
    let now = world.record(1).await;
    assert_eq!(now.clear.link.checked_at, Some(before.clear.link.checked_at.unwrap().plus(60_005)));
    let mut unchanged = now.clear.clone();
    unchanged.link = before.clear.link.clone();
    assert_eq!((unchanged, now.version), (before.clear, before.version));
    assert!(world.record(5).await.clear.link.detail.is_some());

    // Mended, they recover; the time of the check moves also where nothing else does.
    world.ledger.says.lock().unwrap().clear();
    world.clock.fetch_add(60_000, Ordering::SeqCst);
    let tally = whole(&world.links()).await;
    assert_eq!(tally, Tally { verified: 8, changed: 5, ..Tally::default() });
    assert_eq!(world.record(0).await.clear.link.checked_at.unwrap().0, world.clock.load(Ordering::SeqCst));
}

#[tokio::test]
async fn what_the_operator_has_set_decides_about_other_holders() {
    let world = World::with(1).await;
    let unknown = "01900000-0000-7000-8000-000000000000".to_owned();
    world.say(0, Ok(LedgerAccount { holder_id: Some(unknown), ..well() }));
    for (holder_check, status) in [
        (HolderCheck::Known, LinkStatus::Verified),
        (HolderCheck::Strict, LinkStatus::Mismatch),
        (HolderCheck::Off, LinkStatus::Verified),
    ] {
        whole(&Links { holder_check, ..world.links() }).await;
        assert_eq!(world.statuses().await, [status], "{holder_check:?}");
    }
}

#[tokio::test]
async fn a_walk_that_was_stopped_goes_on_behind_what_is_done_with_its_counts() {
    let world = World::with(7).await;
    world.say(0, Ok(LedgerAccount { blocked: true, ..well() }));
    let links = world.links();
    let (ended, _) = walk(&links, 2, 1).await;
    let first = Tally { verified: 1, blocked: 1, changed: 1, ..Tally::default() };
    assert_eq!((ended, world.asked()), (Ending::Stopped(first), vec![0, 1]));
    let (ended, _) = walk(&links, 2, 2).await;
    assert!(matches!(ended, Ending::Stopped(tally) if tally.total() == 6));
    assert_eq!(world.asked(), [2, 3, 4, 5]);
    let (ended, _) = walk(&links, 2, usize::MAX).await;
    assert_eq!(ended, Ending::Whole(Tally { verified: 6, ..first }));
    assert_eq!(world.asked(), [6]);
    // The next one begins anew, and so does one that is told to.
    assert_eq!(whole(&links).await.total(), 7);
    walk(&links, 2, 1).await;
    assert_eq!(taken(&links, true).await.place(), None);
}

#[tokio::test]
async fn a_long_run_of_deleted_ones_is_gone_over() {
    let world = World::with(2 * LOOKED_AT + 1).await;
    for account in &world.accounts[..2 * LOOKED_AT] {
        account.clear.bury(&*world.store).await;
    }
    let (ended, _) = walk(&world.links(), 2, usize::MAX).await;
    assert_eq!(ended, Ending::Whole(Tally { verified: 1, ..Tally::default() }));
    assert_eq!(world.asked(), [2 * LOOKED_AT]);
}

#[tokio::test]
async fn where_the_ledger_is_down_links_and_place_stay_and_the_walk_goes_on_later() {
    let world = World::with(5).await;
    let links = world.links();
    walk(&links, 2, 1).await;
    world.asked();
    let before = world.record(2).await;
    *world.ledger.is_down.lock().unwrap() = true;
    for _ in 0..2 {
        let (ended, checked) = walk(&links, 2, usize::MAX).await;
        assert!(matches!(ended, Ending::Silent(tally, why) if tally.total() == 2 && why == "it is down"));
        assert_eq!((checked, world.asked()), (vec![], vec![2, 3]), "not one page more");
        let now = world.record(2).await;
        assert_eq!((now.clear, now.revision), (before.clear.clone(), before.revision));
    }
    *world.ledger.is_down.lock().unwrap() = false;
    let (ended, _) = walk(&links, 2, usize::MAX).await;
    assert!(matches!(ended, Ending::Whole(Tally { verified: 5, unanswered: 0, .. })));
    assert_eq!(world.asked(), [2, 3, 4]);
}

#[tokio::test]
async fn accounts_of_which_the_ledger_says_nothing_keep_their_links_and_are_counted() {
    let world = World::with(6).await;
    world.say(0, Ok(LedgerAccount { blocked: true, ..well() }));
    whole(&world.links()).await;
    world.say(0, Err(silent()));
    world.say(1, Err(silent()));
    world.say(3, Err(LedgerError::Forbidden));
    let before = world.record(0).await;
    // A whole page without an answer, and yet the ledger is there: the walk rests before it, but not for ever.
    for _ in 0..2 {
        let (ended, _) = walk(&world.links(), 2, usize::MAX).await;
        let silent = silent().to_string();
        assert!(matches!(ended, Ending::Silent(tally, why) if tally.total() == 0 && why == silent));
    }
    let (ended, checked) = walk(&world.links(), 2, usize::MAX).await;
    let counts = Tally { verified: 5, blocked: 1, unanswered: 3, ..Tally::default() };
    assert_eq!(ended, Ending::Whole(counts));
    let now = world.record(0).await;
    assert_eq!((now.clear, now.revision), (before.clear, before.revision));
    let silence = |link: &&Checked| matches!(link.outcome, Outcome::Unanswered(_));
    assert_eq!(checked.iter().filter(silence).count(), 3);
}

/// Changes a record as somebody else does, while the ledger is asked.
fn others_change(world: &World, account: usize, times: usize) {
    let (store, new) = (world.store.clone(), world.accounts[account].clone());
    let (runtime, left) = (tokio::runtime::Handle::current(), std::sync::atomic::AtomicUsize::new(times));
    *world.ledger.meanwhile.lock().unwrap() = Some(Box::new(move || {
        if left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_err() {
            return;
        }
        let (store, new) = (store.clone(), new.clone());
        let change = async move {
            let change = change(&new.clear.now(&*store).await, &new.protected);
            AliasAccount::update(&*store, change, None).await;
        };
        tokio::task::block_in_place(|| runtime.block_on(change));
    }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_changes_meanwhile_is_looked_at_again_and_at_last_passed_over() {
    for (times, status, skipped) in [(1, LinkStatus::Blocked, 0), (9, LinkStatus::Verified, 1)] {
        let world = World::with(1).await;
        world.say(0, Ok(LedgerAccount { blocked: true, ..well() }));
        others_change(&world, 0, times);
        let tally = whole(&world.links()).await;
        assert_eq!((world.statuses().await, tally.skipped, tally.total()), (vec![status], skipped, 1));
        assert_eq!(world.asked().len(), if skipped == 0 { 2 } else { 3 });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_is_deleted_meanwhile_is_nobodys_concern_any_more() {
    let world = World::with(2).await;
    let (store, clear, runtime) =
        (world.store.clone(), world.accounts[0].clear.clone(), tokio::runtime::Handle::current());
    *world.ledger.meanwhile.lock().unwrap() = Some(Box::new(move || {
        tokio::task::block_in_place(|| {
            runtime.block_on(async {
                if clear.now(&*store).await.clear.deleted_at.is_none() {
                    clear.bury(&*store).await;
                }
            });
        });
    }));
    let tally = whole(&world.links()).await;
    assert_eq!(tally, Tally { verified: 1, ..Tally::default() });
}

#[tokio::test]
async fn the_audit_trail_hears_of_what_changed_and_of_nothing_else() {
    let world = World::with(3).await;
    let entries = || async {
        let (entries, _) = world.store.entries_after(None, 1_000).await.unwrap();
        let ours = entries.into_iter().filter(|entry| entry.entry.subject == "operator/test");
        ours.map(|entry| (entry.record, entry.entry.operation)).collect::<Vec<_>>()
    };
    whole(&world.links()).await;
    let first = entries().await.len();
    whole(&world.links()).await;
    assert_eq!(entries().await.len(), first, "all is as it was");
    world.say(1, Ok(LedgerAccount { blocked: true, ..well() }));
    whole(&world.links()).await;
    let id = world.accounts[1].clear.id.0;
    assert_eq!(entries().await[first..], [(Some(id), "verifyAliasAccount".to_owned())]);
}

#[tokio::test]
async fn a_walk_over_nothing_ends_at_once() {
    let world = World::with(0).await;
    assert_eq!(whole(&world.links()).await, Tally::default());
    let noted = world.store.walk(WalkKind::Command).await.unwrap().walk;
    assert_eq!((noted.walker, noted.under_way, noted.last.is_some()), (None, None, true));
}
