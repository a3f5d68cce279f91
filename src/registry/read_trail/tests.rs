use super::*;
use crate::registry::ports::audit::FoundBy;
use uuid::Uuid;

fn link(at: i64, number: u64) -> TrailLink {
    let found_by = FoundBy {
        id: Uuid::from_u128(number.into()),
        at: Timestamp(at),
        subject: "owner/ana".to_owned(),
        operation: "createHolder".to_owned(),
        records: Vec::new(),
    };
    TrailLink { number, mac: TrailMac([7; 32]), sealed_at: Timestamp(at), entry: String::new(), found_by }
}

fn place(at: i64, number: u64) -> TrailPlace {
    TrailPlace { at: Timestamp(at), number }
}

/// The numbers of a page, where it ends, and whether more may follow.
fn way(
    found: &[i64],
    next: Option<i64>,
    end: Option<i64>,
    newest_first: bool,
) -> (Vec<u64>, Option<u64>, bool) {
    let links = found.iter().map(|at| link(*at, at.unsigned_abs())).collect();
    let of = |at: i64| place(at, at.unsigned_abs());
    let way = Way::of(TrailPage { links, next: next.map(of) }, end.map(of), newest_first, 2);
    (way.links.iter().map(|link| link.number).collect(), way.far.map(|far| far.number), way.more)
}

#[test]
fn a_page_ends_where_it_is_full_and_goes_on_where_there_is_one_more() {
    assert_eq!(way(&[9, 8, 7], Some(7), None, true), (vec![9, 8], Some(8), true));
    assert_eq!(way(&[9, 8], None, None, true), (vec![9, 8], Some(8), false));
    assert_eq!(way(&[1, 2, 3], None, None, false), (vec![1, 2], Some(2), true));
    assert_eq!(way(&[], None, None, true), (vec![], None, false));
}

#[test]
fn a_page_that_looked_at_as_much_as_it_may_goes_on_behind_the_last_that_it_looked_at() {
    assert_eq!(way(&[9], Some(3), None, true), (vec![9], Some(3), true));
    assert_eq!(way(&[], Some(3), None, true), (vec![], Some(3), true));
    assert_eq!(way(&[1], Some(6), None, false), (vec![1], Some(6), true));
}

#[test]
fn a_page_ends_at_the_end_of_its_range_and_asks_for_nothing_beyond_it() {
    assert_eq!(way(&[9, 8, 7], None, Some(8), true), (vec![9], Some(9), false));
    assert_eq!(way(&[1, 2, 3], None, Some(2), false), (vec![1], Some(1), false));
    assert_eq!(way(&[9], Some(3), Some(5), true), (vec![9], Some(9), false), "the rest is beyond it");
    assert_eq!(way(&[9], Some(6), Some(5), true), (vec![9], Some(6), true));
}

#[test]
fn a_condition_that_can_be_none_is_told_by_its_name() {
    let blank = || Some(" ".to_owned());
    let (early, late) = (Some(Timestamp(1)), Some(Timestamp(2)));
    let none = TrailConditions::default;
    for (conditions, told) in [
        (TrailConditions { subject: blank(), ..none() }, "filter.subject is blank"),
        (TrailConditions { operation: blank(), ..none() }, "filter.operation is blank"),
        (TrailConditions { record_id: blank(), ..none() }, "filter.recordId is no UUID"),
        (
            TrailConditions { from: late, to: early, ..none() },
            "filter.from (1970-01-01T00:00:00.002Z) is not before",
        ),
        (TrailConditions { from: early, to: early, ..none() }, "is not before filter.to"),
    ] {
        let refused = conditions.read().unwrap_err();
        assert!(refused.0.contains(told), "{told}: {refused}");
    }
    let all =
        TrailConditions { subject: blank(), operation: blank(), record_id: blank(), from: late, to: early };
    assert_eq!(all.read().unwrap_err().0.split("; ").count(), 4, "all faults come at once");
    let good = TrailConditions { from: early, to: late, ..none() }.read().unwrap();
    assert_eq!(good, TrailFilter { from: early, to: late, ..TrailFilter::default() });
}

#[test]
fn a_place_is_read_as_it_was_written_and_nothing_else_is_one() {
    let written = [17_i64.to_be_bytes(), 42_u64.to_be_bytes()].concat();
    assert_eq!(read_place(&written), Some(place(17, 42)));
    assert_eq!(read_place(&written[1..]), None);
    assert_eq!(read_place(&[written.as_slice(), &[0]].concat()), None);
    assert_eq!(read_place(&[]), None);
}

#[test]
fn what_is_no_entry_is_left_out_and_a_number_may_be_larger_than_an_int() {
    assert!(entry(&link(1, 1)).is_none());
    let text = r#"{"at": 5, "subject": "owner/ana", "operation": "createHolder", "requestId": "r"}"#;
    let read = entry(&TrailLink { entry: text.to_owned(), ..link(5, u64::MAX) }).unwrap();
    assert_eq!((read.number, read.entry.at), (u64::MAX, Timestamp(5)));
}
