//! Finding links: by what they tell of, page by page, in the order of when it happened.

use super::Stores;
use super::records::organization;
use super::trail_entries::{ALL, entry, link, links, moment, numbers};
use crate::domain::ids::{HolderId, OrganizationId};
use crate::registry::ports::audit::{
    AuditStore, AuditedRecord, FoundBy, TRAIL_LOOK_MAX, TrailFilter, TrailLink, TrailPlace,
};
use uuid::Uuid;

/// The place of a link.
fn place(link: &TrailLink) -> TrailPlace {
    TrailPlace { at: link.found_by.at, number: link.number }
}

/// Whether a filter lets a link through.
fn passes(filter: &TrailFilter, found_by: &FoundBy) -> bool {
    filter.subject.as_ref().is_none_or(|subject| *subject == found_by.subject)
        && filter.record.is_none_or(|record| found_by.records.contains(&record))
        && filter.operation.as_ref().is_none_or(|operation| *operation == found_by.operation)
        && filter.from.is_none_or(|from| found_by.at >= from)
        && filter.to.is_none_or(|to| found_by.at < to)
}

/// All links that a filter lets through, and how many pages of this size they took.
async fn all_pages(
    trail: &dyn AuditStore,
    organization: OrganizationId,
    filter: &TrailFilter,
    newest_first: bool,
    most: usize,
) -> (Vec<TrailLink>, usize) {
    let (mut met, mut after, mut pages) = (vec![], None, 0);
    loop {
        let page = trail.find_links(organization, filter, after, newest_first, most).await.unwrap();
        assert!(page.links.len() <= most);
        pages += 1;
        met.extend(page.links);
        let Some(next) = page.next else { return (met, pages) };
        let onwards = after.is_none_or(|after| if newest_first { next < after } else { next > after });
        assert!(onwards, "{next:?} is no way on from {after:?}");
        after = Some(next);
    }
}

/// Links of which many happened at the same moment, and never in the order of their numbers.
fn many(records: &[Uuid; 3]) -> Vec<TrailLink> {
    let entries: Vec<_> = (0..90_usize)
        .map(|number| {
            let mut entry = entry(i64::try_from(number * 37 % 90 / 10).unwrap());
            entry.subject = ["acme/ana", "acme/bo", "acme/an"][number % 3].to_owned();
            entry.operation = ["holders", "updateHolder"][number / 3 % 2].to_owned();
            entry.records.clear();
            let named = (0..=number % 3).map(|place| AuditedRecord::Holder(HolderId(records[place])));
            entry.about(named)
        })
        .collect();
    links(1, &entries)
}

/// Every combination of conditions.
fn filters(record: Uuid) -> Vec<TrailFilter> {
    let mut filters = vec![TrailFilter::default()];
    let with = |filters: &mut Vec<TrailFilter>, one: fn(&mut TrailFilter, Uuid)| {
        for mut filter in filters.clone() {
            one(&mut filter, record);
            filters.push(filter);
        }
    };
    with(&mut filters, |filter, _| filter.subject = Some("acme/ana".to_owned()));
    with(&mut filters, |filter, _| filter.operation = Some("updateHolder".to_owned()));
    with(&mut filters, |filter, record| filter.record = Some(record));
    with(&mut filters, |filter, _| filter.from = Some(moment(2)));
    with(&mut filters, |filter, _| filter.to = Some(moment(7)));
    filters
}

pub(crate) async fn links_are_found_by_each_filter_in_both_directions_without_gaps_or_repeats<S: Stores>(
    stores: &mut S,
) {
    let (trail, organization) = (stores.trail(), organization());
    let records = [(); 3].map(|()| Uuid::now_v7());
    let written = many(&records);
    assert!(trail.append_links(organization, written.clone()).await.unwrap());
    for filter in records.into_iter().flat_map(filters) {
        let mut expected: Vec<_> =
            written.iter().filter(|link| passes(&filter, &link.found_by)).cloned().collect();
        expected.sort_by_key(place);
        for newest_first in [false, true] {
            for most in [1, 7, ALL] {
                let (met, pages) = all_pages(&*trail, organization, &filter, newest_first, most).await;
                assert_eq!(numbers(&met), numbers(&expected), "{filter:?} {newest_first} {most}");
                assert_eq!(met, expected);
                assert!(most < ALL || pages == 1, "more is told only where there may be more");
            }
            expected.reverse();
        }
    }
    let nobody = TrailFilter { subject: Some("acme/".to_owned()), ..TrailFilter::default() };
    assert_eq!(all_pages(&*trail, organization, &nobody, false, 7).await.0, []);
}

pub(crate) async fn a_list_may_begin_where_no_link_is<S: Stores>(stores: &mut S) {
    let (trail, organization) = (stores.trail(), organization());
    let written = links(1, &[entry(10), entry(20), entry(20), entry(30)]);
    assert!(trail.append_links(organization, written).await.unwrap());
    for (milliseconds, number, older, newer) in [
        (5, 0, vec![], vec![1, 2, 3, 4]),
        (10, 1, vec![], vec![2, 3, 4]),
        (15, u64::MAX, vec![1], vec![2, 3, 4]),
        (20, 2, vec![1], vec![3, 4]),
        (20, 9, vec![3, 2, 1], vec![4]),
        (30, u64::MAX, vec![4, 3, 2, 1], vec![]),
    ] {
        let after = Some(TrailPlace { at: moment(milliseconds), number });
        for (newest_first, expected) in [(false, newer), (true, older)] {
            let all = TrailFilter::default();
            let page = trail.find_links(organization, &all, after, newest_first, ALL).await.unwrap();
            assert_eq!(numbers(&page.links), expected, "{after:?} {newest_first}");
        }
    }
}

pub(crate) async fn the_moments_are_half_open<S: Stores>(stores: &mut S) {
    let (trail, organization) = (stores.trail(), organization());
    let written = links(1, &[entry(10), entry(20), entry(20), entry(30)]);
    assert!(trail.append_links(organization, written).await.unwrap());
    for (from, to, expected) in [
        (Some(10), Some(20), vec![1]),
        (Some(20), Some(30), vec![2, 3]),
        (Some(20), Some(31), vec![2, 3, 4]),
        (Some(11), Some(20), vec![]),
        (Some(20), Some(20), vec![]),
        (Some(30), Some(10), vec![]),
        (None, Some(30), vec![1, 2, 3]),
        (Some(30), None, vec![4]),
    ] {
        let filter = TrailFilter { from: from.map(moment), to: to.map(moment), ..TrailFilter::default() };
        let mut expected = expected;
        for newest_first in [false, true] {
            let page = trail.find_links(organization, &filter, None, newest_first, ALL).await.unwrap();
            assert_eq!(numbers(&page.links), expected, "{from:?} {to:?}");
            expected.reverse();
        }
    }
}

pub(crate) async fn a_link_is_found_by_each_of_its_records<S: Stores>(stores: &mut S) {
    let (trail, organization) = (stores.trail(), organization());
    let mut twice = entry(1);
    twice.records = vec![twice.records[0]; 2];
    let several = entry(2).about((0..9).map(|_| AuditedRecord::Holder(HolderId(Uuid::now_v7()))));
    let written = vec![link(1, &twice), link(2, &several), link(3, &entry(3))];
    assert!(trail.append_links(organization, written.clone()).await.unwrap());
    for link in &written {
        for record in &link.found_by.records {
            let filter = TrailFilter { record: Some(*record), ..TrailFilter::default() };
            let page = trail.find_links(organization, &filter, None, true, ALL).await.unwrap();
            assert_eq!((page.links, page.next), (vec![link.clone()], None));
        }
    }
}

pub(crate) async fn what_lies_behind_very_many_others_is_found_in_the_end<S: Stores>(stores: &mut S) {
    let (trail, organization) = (stores.trail(), organization());
    let count = TRAIL_LOOK_MAX + 20;
    let mut entries = vec![];
    for number in 0..count {
        let mut entry = entry(i64::try_from(number).unwrap());
        if number == 0 || number + 1 == count {
            entry.operation = "rare".to_owned();
        }
        entries.push(entry);
    }
    let written = links(1, &entries);
    for some in written.chunks(1_000) {
        assert!(trail.append_links(organization, some.to_vec()).await.unwrap());
    }
    let filter = TrailFilter {
        subject: Some(entries[0].subject.clone()),
        operation: Some("rare".to_owned()),
        ..TrailFilter::default()
    };
    let mut expected = vec![1, u64::try_from(count).unwrap()];
    for newest_first in [false, true] {
        let (met, pages) = all_pages(&*trail, organization, &filter, newest_first, 9).await;
        assert_eq!(numbers(&met), expected);
        assert!(pages <= 3, "{pages}");
        expected.reverse();
    }
}
