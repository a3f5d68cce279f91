//! Whose trails there are.

use super::Stores;
use super::records::organization;
use super::trail_entries::{
    ALL, chain, checkpoint, entry, head, ids, links, of, settle_all, waiting, waiting_ids,
};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{TrailFilter, TrailHead};

pub(crate) async fn the_trails_of_two_organizations_never_meet<S: Stores>(stores: &mut S) {
    let trail = stores.trail();
    let (mine, other) = (organization(), organization());
    // Even with the same numbers and the same entries.
    let entries: Vec<_> = (1..=4).map(entry).collect();
    trail
        .keep_entries(of(mine, &entries).into_iter().chain(of(other, &entries[..2])).collect())
        .await
        .unwrap();
    assert!(trail.append_links(mine, links(1, &entries)).await.unwrap());
    assert_eq!(trail.trail_head(other).await.unwrap(), TrailHead::NONE);
    let theirs = links(1, &entries[..2]);
    assert!(trail.append_links(other, theirs.clone()).await.unwrap());
    assert_eq!(trail.links_after(other, 0, ALL).await.unwrap(), theirs);
    let found = trail.find_links(other, &TrailFilter::default(), None, false, ALL).await.unwrap();
    assert_eq!((found.links, found.next), (theirs.clone(), None));

    // Whose place it is, is looked at.
    let places: Vec<_> = waiting(&*trail, mine).await.into_iter().map(|waiting| waiting.place).collect();
    trail.settle_entries(other, places).await.unwrap();
    assert_eq!(waiting_ids(&*trail, mine).await, ids(&entries));
    settle_all(&*trail, mine).await;
    assert_eq!(waiting_ids(&*trail, other).await, ids(&entries[..2]));

    trail.set_checkpoint(mine, checkpoint(&links(1, &entries)[3])).await.unwrap();
    assert_eq!(trail.checkpoint(other).await.unwrap(), None);
    assert_eq!(trail.prune_links(other, ALL).await.unwrap(), 0);
    assert_eq!(trail.prune_links(mine, ALL).await.unwrap(), 4);
    assert_eq!(trail.links_after(other, 0, ALL).await.unwrap(), theirs);
    assert_eq!(trail.trail_head(other).await.unwrap(), head(&theirs[1]));
}

pub(crate) async fn those_that_wait_longest_are_told_first<S: Stores>(stores: &mut S) {
    let trail = stores.trail();
    let mut organizations: Vec<OrganizationId> = (0..5).map(|_| organization()).collect();
    // Not in the order of their ids.
    organizations.swap(0, 3);
    assert_eq!(trail.organizations_waiting(ALL).await.unwrap(), []);
    for (milliseconds, organization) in (0..).zip(&organizations) {
        trail.keep_entries(of(*organization, &[entry(milliseconds)])).await.unwrap();
    }
    trail.keep_entries(of(organizations[2], &[entry(100), entry(101)])).await.unwrap();
    assert_eq!(trail.organizations_waiting(ALL).await.unwrap(), organizations);
    assert_eq!(trail.organizations_waiting(2).await.unwrap(), organizations[..2]);
    settle_all(&*trail, organizations[0]).await;
    assert_eq!(trail.organizations_waiting(ALL).await.unwrap(), organizations[1..]);
    for organization in &organizations {
        settle_all(&*trail, *organization).await;
    }
    assert_eq!(trail.organizations_waiting(ALL).await.unwrap(), []);
}

pub(crate) async fn all_that_have_a_chain_or_wait_are_walked_in_the_order_of_their_ids<S: Stores>(
    stores: &mut S,
) {
    let trail = stores.trail();
    let organizations: Vec<OrganizationId> = (0..6).map(|_| organization()).collect();
    // With a chain, waiting, both, both, waiting, and with a chain whose links are all gone.
    for chained in [0, 2, 3] {
        chain(&*trail, organizations[chained], 2).await;
    }
    for waiting in [1, 2, 3, 4] {
        trail.keep_entries(of(organizations[waiting], &[entry(1), entry(2)])).await.unwrap();
    }
    let gone = chain(&*trail, organizations[5], 2).await;
    trail.set_checkpoint(organizations[5], checkpoint(&gone[1])).await.unwrap();
    assert_eq!(trail.prune_links(organizations[5], ALL).await.unwrap(), 2);
    assert_eq!(trail.audited_organizations(None, ALL).await.unwrap(), organizations);
    for most in [1, 2, 4] {
        let (mut met, mut after) = (vec![], None);
        loop {
            let some = trail.audited_organizations(after, most).await.unwrap();
            assert!(some.len() <= most);
            let Some(last) = some.last() else { break };
            after = Some(*last);
            met.extend(some);
        }
        assert_eq!(met, organizations);
    }
}
