//! The chain: numbered links, of which two never have the same number or the same entry.

use super::Stores;
use super::records::organization;
use super::trail_entries::{ALL, chain, entry, head, ids, link, links, numbers};
use crate::domain::ids::{AliasAccountId, HolderId};
use crate::registry::ports::audit::{Actor, AuditedRecord, EntryKind, EntryOutcome, NAMED_MAX, TrailHead};
use futures::future::join_all;
use std::collections::HashSet;
use uuid::Uuid;

pub(crate) async fn a_chain_without_links_has_no_head<S: Stores>(stores: &mut S) {
    let (trail, organization) = (stores.trail(), organization());
    assert_eq!(trail.trail_head(organization).await.unwrap(), TrailHead::NONE);
    assert_eq!(trail.links_after(organization, 0, ALL).await.unwrap(), []);
    assert_eq!(trail.checkpoint(organization).await.unwrap(), None);
    assert!(trail.append_links(organization, vec![]).await.unwrap(), "nothing stands against nothing");
    assert_eq!(trail.trail_head(organization).await.unwrap(), TrailHead::NONE);
}

pub(crate) async fn links_are_read_as_they_were_written<S: Stores>(stores: &mut S) {
    let organization = organization();
    let of_both = (0..NAMED_MAX + 5).map(|place| match place % 2 {
        0 => AuditedRecord::Holder(HolderId(Uuid::now_v7())),
        _ => AuditedRecord::AliasAccount(AliasAccountId(Uuid::now_v7())),
    });
    let mut full = entry(0);
    full.records.clear();
    let mut full = full.about(of_both);
    (full.actor, full.kind, full.outcome) = (Actor::Operator, EntryKind::Refusal, EntryOutcome::Failed);
    full.subject = "operator/\u{fc}\"\\'$.\u{10348}".to_owned();
    full.operation = "holders,aliasAccounts".to_owned();
    full.fields = vec!["document".to_owned(), "name".to_owned()];
    full.codes = vec!["FORBIDDEN".to_owned()];
    full.client_address = Some("2001:db8::7".parse().unwrap());
    let mut bare = entry(-3_000_000_000_000);
    (bare.records, bare.record_count) = (vec![], 0);
    let mut twice = entry(7);
    twice.records = vec![twice.records[0]; 2];
    let mut written = links(1, &[full, bare, twice]);
    // What the HMAC covers is kept to the byte, also where it is no JSON that we would write.
    written[1].entry = "{ \"at\" : 1e3,\n\"at\":2 }".to_owned();
    assert!(stores.trail().append_links(organization, written.clone()).await.unwrap());
    assert_eq!(stores.trail().links_after(organization, 0, ALL).await.unwrap(), written);
    stores.reopen().await;
    assert_eq!(stores.trail().links_after(organization, 0, ALL).await.unwrap(), written);
    assert_eq!(stores.trail().trail_head(organization).await.unwrap(), head(&written[2]));
}

pub(crate) async fn links_are_walked_in_the_order_of_their_numbers<S: Stores>(stores: &mut S) {
    let (trail, organization) = (stores.trail(), organization());
    // Numbers whose decimal digits sort otherwise, and times that do not climb with them.
    let entries: Vec<_> = (1..=120).map(|number| entry(number * 37 % 50)).collect();
    let written = links(1, &entries);
    for some in written.chunks(50) {
        assert!(trail.append_links(organization, some.to_vec()).await.unwrap());
        assert_eq!(trail.trail_head(organization).await.unwrap(), head(some.last().unwrap()));
    }
    let (mut met, mut after) = (vec![], 0);
    loop {
        let some = trail.links_after(organization, after, 7).await.unwrap();
        assert!(some.len() <= 7);
        let Some(last) = some.last() else { break };
        after = last.number;
        met.extend(some);
    }
    assert_eq!(met, written);
    assert_eq!(numbers(&trail.links_after(organization, 98, 3).await.unwrap()), [99, 100, 101]);
    for behind in [120, 121, u64::MAX] {
        assert_eq!(trail.links_after(organization, behind, 3).await.unwrap(), []);
    }
}

pub(crate) async fn a_number_that_is_there_is_refused<S: Stores>(stores: &mut S) {
    let (trail, organization) = (stores.trail(), organization());
    let written = chain(&*trail, organization, 3).await;
    for first in [1, 2, 3] {
        let late = links(first, &[entry(9), entry(9), entry(9)]);
        assert!(!trail.append_links(organization, late).await.unwrap(), "{first}");
        assert_eq!(trail.links_after(organization, 0, ALL).await.unwrap(), written);
    }
    assert!(trail.append_links(organization, links(4, &[entry(9)])).await.unwrap());
}

pub(crate) async fn an_entry_that_is_there_is_refused<S: Stores>(stores: &mut S) {
    let (trail, organization) = (stores.trail(), organization());
    let [first, second, third] = [1, 2, 3].map(entry);
    assert!(trail.append_links(organization, links(1, &[first.clone(), second])).await.unwrap());
    assert!(!trail.append_links(organization, links(3, std::slice::from_ref(&first))).await.unwrap());
    assert_eq!(trail.trail_head(organization).await.unwrap().number, 2);
    // Nothing behind the one that stands against it was appended, and nothing out of its order.
    let some = links(3, &[third, first, entry(9)]);
    assert!(!trail.append_links(organization, some.clone()).await.unwrap());
    let after = trail.links_after(organization, 2, ALL).await.unwrap();
    assert!(after.is_empty() || after == some[..1], "{after:?}");
}

pub(crate) async fn of_16_that_append_the_same_numbers_one_is_told_that_it_did<S: Stores>(stores: &mut S) {
    let organization = organization();
    for round in 0..4 {
        let first = 1 + 3 * round;
        let tries: Vec<_> = (0..16).map(|_| links(first, &[entry(1), entry(2), entry(3)])).collect();
        let race = tries.iter().map(|links| {
            let (trail, links) = (stores.trail(), links.clone());
            tokio::spawn(async move { trail.append_links(organization, links).await.unwrap() })
        });
        let told = join_all(race.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap);
        let winners: Vec<_> = tries.iter().zip(told).filter(|(_, won)| *won).collect();
        assert_eq!(winners.len(), 1);
        let there = stores.trail().links_after(organization, first - 1, ALL).await.unwrap();
        assert_eq!(&there, winners[0].0);
    }
}

pub(crate) async fn of_16_that_append_the_same_entry_one_is_told_that_it_did<S: Stores>(stores: &mut S) {
    let organization = organization();
    for _ in 0..4 {
        let head = stores.trail().trail_head(organization).await.unwrap().number;
        let again = entry(1);
        // Each under another number, so that only the entry can stand in the way.
        let race = (1..=16).map(|late| {
            let (trail, link) = (stores.trail(), link(head + late, &again));
            tokio::spawn(async move { trail.append_links(organization, vec![link]).await.unwrap() })
        });
        let told = join_all(race.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap);
        assert_eq!(told.filter(|won| *won).count(), 1);
        let there = stores.trail().links_after(organization, head, ALL).await.unwrap();
        assert_eq!((there.len(), there[0].found_by.id), (1, again.id));
    }
}

pub(crate) async fn only_ids_that_are_in_the_trail_are_chained<S: Stores>(stores: &mut S) {
    let (trail, mine, other) = (stores.trail(), organization(), organization());
    let [first, second, theirs, nowhere] = [1, 2, 3, 4].map(entry);
    assert!(trail.append_links(mine, links(1, &[first.clone(), second.clone()])).await.unwrap());
    assert!(trail.append_links(other, links(1, std::slice::from_ref(&theirs))).await.unwrap());
    let all: Vec<Uuid> = ids([&first, &second, &theirs, &nowhere]).into_iter().chain([first.id]).collect();
    assert_eq!(trail.chained(mine, &all).await.unwrap(), HashSet::from([first.id, second.id]));
    assert_eq!(trail.chained(other, &all).await.unwrap(), HashSet::from([theirs.id]));
    assert_eq!(trail.chained(mine, &[]).await.unwrap(), HashSet::new());
    assert_eq!(trail.chained(mine, &[nowhere.id]).await.unwrap(), HashSet::new());
}
