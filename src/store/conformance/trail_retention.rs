//! Where a chain begins, and removing what lies before that.

use super::Stores;
use super::records::organization;
use super::trail_entries::{ALL, chain, checkpoint, entry, head, links, numbers};
use crate::registry::ports::audit::{Checkpoint, TrailFilter};
use std::collections::HashSet;

pub(crate) async fn a_checkpoint_moves_forward_only<S: Stores>(stores: &mut S) {
    let organization = organization();
    let trail = stores.trail();
    let written = chain(&*trail, organization, 9).await;
    assert_eq!(trail.checkpoint(organization).await.unwrap(), None);
    let mut present = 0;
    for at in [3, 2, 1, 5, 5, 4, 8] {
        let moved = checkpoint(&written[at]);
        trail.set_checkpoint(organization, moved).await.unwrap();
        present = present.max(at);
        assert_eq!(trail.checkpoint(organization).await.unwrap(), Some(checkpoint(&written[present])));
    }
    drop(trail);
    stores.reopen().await;
    let now: Option<Checkpoint> = stores.trail().checkpoint(organization).await.unwrap();
    assert_eq!(now, Some(checkpoint(&written[8])));
}

pub(crate) async fn without_a_checkpoint_nothing_is_pruned<S: Stores>(stores: &mut S) {
    let (trail, organization) = (stores.trail(), organization());
    assert_eq!(trail.prune_links(organization, ALL).await.unwrap(), 0);
    let written = chain(&*trail, organization, 3).await;
    assert_eq!(trail.prune_links(organization, ALL).await.unwrap(), 0);
    assert_eq!(trail.links_after(organization, 0, ALL).await.unwrap(), written);
}

pub(crate) async fn links_are_pruned_up_to_the_checkpoint_the_oldest_first<S: Stores>(stores: &mut S) {
    let (trail, organization) = (stores.trail(), organization());
    let written = chain(&*trail, organization, 9).await;
    trail.set_checkpoint(organization, checkpoint(&written[4])).await.unwrap();
    for (most, pruned, first) in [(0, 0, 1), (2, 2, 3), (2, 2, 5), (2, 1, 6), (2, 0, 6), (ALL, 0, 6)] {
        assert_eq!(trail.prune_links(organization, most).await.unwrap(), pruned);
        let left = trail.links_after(organization, 0, ALL).await.unwrap();
        assert_eq!(numbers(&left), (first..=9).collect::<Vec<_>>());
    }
    assert_eq!(trail.trail_head(organization).await.unwrap(), head(&written[8]));
}

pub(crate) async fn the_head_is_known_when_all_links_are_gone<S: Stores>(stores: &mut S) {
    let organization = organization();
    let trail = stores.trail();
    let written = chain(&*trail, organization, 3).await;
    trail.set_checkpoint(organization, checkpoint(&written[2])).await.unwrap();
    assert_eq!(trail.prune_links(organization, ALL).await.unwrap(), 3);
    drop(trail);
    stores.reopen().await;
    let trail = stores.trail();
    assert_eq!(trail.links_after(organization, 0, ALL).await.unwrap(), []);
    assert_eq!(trail.trail_head(organization).await.unwrap(), head(&written[2]));
    let next = links(4, &[entry(9)]);
    assert!(trail.append_links(organization, next.clone()).await.unwrap());
    assert_eq!(trail.trail_head(organization).await.unwrap(), head(&next[0]));
}

pub(crate) async fn a_pruned_link_is_found_by_nothing<S: Stores>(stores: &mut S) {
    let (trail, organization) = (stores.trail(), organization());
    let written = chain(&*trail, organization, 4).await;
    trail.set_checkpoint(organization, checkpoint(&written[1])).await.unwrap();
    assert_eq!(trail.prune_links(organization, ALL).await.unwrap(), 2);
    for (place, link) in written.iter().enumerate() {
        let filter = TrailFilter { record: Some(link.found_by.records[0]), ..TrailFilter::default() };
        let found = trail.find_links(organization, &filter, None, false, ALL).await.unwrap();
        assert_eq!(found.links.len(), usize::from(place > 1), "{place}");
    }
    let of_subject =
        TrailFilter { subject: Some(written[0].found_by.subject.clone()), ..TrailFilter::default() };
    for filter in [of_subject, TrailFilter::default()] {
        let found = trail.find_links(organization, &filter, None, true, ALL).await.unwrap();
        assert_eq!(numbers(&found.links), [4, 3]);
    }
    let ids: Vec<_> = written.iter().map(|link| link.found_by.id).collect();
    let left = HashSet::from([ids[2], ids[3]]);
    assert_eq!(trail.chained(organization, &ids).await.unwrap(), left);
}
