//! Entries that tell of no change of a record, until they are moved to the trail.

use super::Stores;
use super::records::organization;
use super::trail_entries::{ALL, entry, ids, moment, of, settle_all, waiting, waiting_ids};
use crate::registry::ports::audit::WaitingEntry;
use futures::future::join_all;

pub(crate) async fn kept_entries_wait_in_their_order_also_after_a_restart<S: Stores>(stores: &mut S) {
    let organization = organization();
    let entries: Vec<_> = (0..5).map(entry).collect();
    let trail = stores.trail();
    trail.keep_entries(of(organization, &entries[..2])).await.unwrap();
    trail.keep_entries(of(organization, &entries[2..3])).await.unwrap();
    trail.keep_entries(of(organization, &entries[3..])).await.unwrap();
    let before = waiting(&*trail, organization).await;
    drop(trail);
    stores.reopen().await;
    let trail = stores.trail();
    assert_eq!(waiting(&*trail, organization).await, before);
    let told: Vec<_> = before.into_iter().map(|WaitingEntry { entry, .. }| entry).collect();
    assert_eq!(told, entries);
    let first = trail.waiting_entries(organization, 2).await.unwrap();
    assert_eq!(first.into_iter().map(|waiting| waiting.entry).collect::<Vec<_>>(), entries[..2]);
}

pub(crate) async fn what_is_settled_waits_no_more<S: Stores>(stores: &mut S) {
    let organization = organization();
    let entries: Vec<_> = (0..4).map(entry).collect();
    let trail = stores.trail();
    trail.keep_entries(of(organization, &entries)).await.unwrap();
    let mut places = waiting(&*trail, organization).await.into_iter().map(|waiting| waiting.place);
    for (count, left) in [(1, vec![1, 2, 3]), (1, vec![2, 3])] {
        trail.settle_entries(organization, places.by_ref().take(count).collect()).await.unwrap();
        let left: Vec<_> = left.into_iter().map(|place: usize| entries[place].clone()).collect();
        assert_eq!(waiting_ids(&*trail, organization).await, ids(&left));
    }
    // One may be settled before those that came before it.
    trail.settle_entries(organization, places.skip(1).collect()).await.unwrap();
    assert_eq!(waiting_ids(&*trail, organization).await, ids(&entries[2..3]));
    drop(trail);
    stores.reopen().await;
    let trail = stores.trail();
    assert_eq!(waiting_ids(&*trail, organization).await, ids(&entries[2..3]));
    // What comes afterwards is not taken for what was settled.
    let later = entry(9);
    trail.keep_entries(of(organization, std::slice::from_ref(&later))).await.unwrap();
    assert_eq!(waiting_ids(&*trail, organization).await, ids([&entries[2], &later]));
}

pub(crate) async fn what_is_gone_already_is_settled_without_a_fault<S: Stores>(stores: &mut S) {
    let (trail, organization) = (stores.trail(), organization());
    let entries: Vec<_> = (0..3).map(entry).collect();
    trail.keep_entries(of(organization, &entries)).await.unwrap();
    let places: Vec<_> =
        waiting(&*trail, organization).await.into_iter().map(|waiting| waiting.place).collect();
    trail.settle_entries(organization, places[..1].to_vec()).await.unwrap();
    trail.settle_entries(organization, places[..2].to_vec()).await.unwrap();
    assert_eq!(waiting_ids(&*trail, organization).await, ids(&entries[2..]));
    for _ in 0..2 {
        trail.settle_entries(organization, places.clone()).await.unwrap();
        assert_eq!(waiting(&*trail, organization).await, []);
    }
    let later = entry(9);
    trail.keep_entries(of(organization, std::slice::from_ref(&later))).await.unwrap();
    trail.settle_entries(organization, places).await.unwrap();
    assert_eq!(waiting_ids(&*trail, organization).await, ids([&later]));
}

pub(crate) async fn an_entry_that_is_kept_twice_has_one_id_and_is_settled_as_a_whole<S: Stores>(
    stores: &mut S,
) {
    let (trail, organization) = (stores.trail(), organization());
    let (twice, once) = (entry(0), entry(1));
    trail.keep_entries(of(organization, &[twice.clone(), once.clone()])).await.unwrap();
    trail.keep_entries(of(organization, std::slice::from_ref(&twice))).await.unwrap();
    assert_eq!(waiting_ids(&*trail, organization).await, ids([&twice, &once]));
    settle_all(&*trail, organization).await;
}

pub(crate) async fn the_moment_of_the_oldest_that_waits_is_known<S: Stores>(stores: &mut S) {
    let trail = stores.trail();
    let (first, second) = (organization(), organization());
    assert_eq!(trail.oldest_waiting().await.unwrap(), None);
    trail.keep_entries(of(first, &[entry(10), entry(20)])).await.unwrap();
    trail.keep_entries(of(second, &[entry(30)])).await.unwrap();
    assert_eq!(trail.oldest_waiting().await.unwrap(), Some(moment(10)));
    let places = waiting(&*trail, first).await.into_iter().map(|waiting| waiting.place).take(1);
    trail.settle_entries(first, places.collect()).await.unwrap();
    assert_eq!(trail.oldest_waiting().await.unwrap(), Some(moment(20)));
    settle_all(&*trail, first).await;
    assert_eq!(trail.oldest_waiting().await.unwrap(), Some(moment(30)));
    settle_all(&*trail, second).await;
    assert_eq!(trail.oldest_waiting().await.unwrap(), None);
}

pub(crate) async fn keeping_and_settling_nothing_changes_nothing<S: Stores>(stores: &mut S) {
    let (trail, organization) = (stores.trail(), organization());
    trail.keep_entries(vec![]).await.unwrap();
    trail.settle_entries(organization, vec![]).await.unwrap();
    assert_eq!(waiting(&*trail, organization).await, []);
    assert_eq!(trail.organizations_waiting(ALL).await.unwrap(), []);
    assert_eq!(trail.audited_organizations(None, ALL).await.unwrap(), []);
}

pub(crate) async fn of_64_that_keep_at_once_every_entry_waits<S: Stores>(stores: &mut S) {
    let organization = organization();
    let entries: Vec<_> = (0..64).map(entry).collect();
    let race = entries.iter().map(|entry| {
        let (trail, kept) = (stores.trail(), of(organization, std::slice::from_ref(entry)));
        tokio::spawn(async move { trail.keep_entries(kept).await.unwrap() })
    });
    join_all(race.collect::<Vec<_>>()).await.into_iter().for_each(Result::unwrap);
    let trail = stores.trail();
    assert_eq!(waiting_ids(&*trail, organization).await, ids(&entries));
    settle_all(&*trail, organization).await;
}
