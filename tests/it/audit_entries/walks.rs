//! Walks through all pages, from either end, in both directions, with every filter, also where a page ends early.

use super::trail::lets_through;
use super::world::{World, filters, found_by, numbers};
use holdergraph::registry::ports::audit::TrailFilter;
use serde_json::{Value, json};

/// The numbers of the list, as a naive one has them.
fn expected(world: &World, filter: &TrailFilter, direction: &str) -> Vec<u64> {
    let held = world.entries.iter().filter(|(_, entry)| lets_through(filter, &found_by(entry)));
    let mut held: Vec<_> = held.map(|(number, entry)| (entry.at, *number)).collect();
    held.sort_unstable();
    if direction == "DESC" {
        held.reverse();
    }
    held.into_iter().map(|(_, number)| number).collect()
}

#[tokio::test]
async fn a_walk_meets_every_entry_once_whichever_way_it_goes_and_however_early_pages_end() {
    // At how many entries one call looks, and how many a page may have.
    for (look_max, size) in [(1, 2), (3, 5), (7, 1), (1_000, 1), (1_000, 7), (1_000, 100)] {
        let world = World::new(look_max);
        for (filter, meant) in filters() {
            for direction in ["ASC", "DESC"] {
                let all = expected(&world, &meant, direction);
                for forth in [true, false] {
                    let met = walk(&world, &filter, direction, size, forth).await;
                    assert_eq!(met, all, "{filter} {direction} {size} {forth}, looking at {look_max}");
                }
            }
        }
    }
}

/// All pages one after the other, from the beginning or from the end.
async fn walk(world: &World, filter: &Value, direction: &str, size: usize, forth: bool) -> Vec<u64> {
    let (take, from, cursor, more) = match forth {
        true => ("first", "after", "endCursor", "hasNextPage"),
        false => ("last", "before", "startCursor", "hasPreviousPage"),
    };
    let (mut met, mut place) = (Vec::new(), Value::Null);
    // Each page of a trail that looks at one entry at a time may be empty.
    for _ in 0..200 {
        let page =
            world.page(json!({"filter": filter, "direction": direction, take: size, from: place})).await;
        let numbers = numbers(&page);
        assert!(numbers.len() <= size);
        met = if forth { [met, numbers].concat() } else { [numbers, met].concat() };
        if page["pageInfo"][more] == json!(false) {
            return met;
        }
        place = page["pageInfo"][cursor].clone();
        assert_ne!(place, Value::Null, "there is more, and nowhere to go on from");
    }
    panic!("the walk never ends");
}

#[tokio::test]
async fn a_page_between_two_cursors_has_what_lies_between_them_and_nothing_else() {
    let world = World::new(1_000);
    for direction in ["ASC", "DESC"] {
        let whole = world.page(json!({"first": 100, "direction": direction})).await;
        let (all, edges) = (numbers(&whole), whole["edges"].as_array().unwrap());
        assert_eq!(all.len(), world.entries.len());
        for (low, high) in [(0, 35), (3, 9), (10, 11), (10, 12)] {
            let (after, before) = (&edges[low]["cursor"], &edges[high]["cursor"]);
            let between = &all[low + 1..high];
            for (take, size) in [("first", 100), ("last", 100), ("first", 3), ("last", 3)] {
                let page = json!({"direction": direction, "after": after, "before": before, take: size});
                let page = world.page(page).await;
                let some = match take {
                    "first" => &between[..between.len().min(size)],
                    _ => &between[between.len().saturating_sub(size)..],
                };
                assert_eq!(numbers(&page), some, "{direction} {low}..{high} {take} {size}");
                let info = &page["pageInfo"];
                assert_eq!((&info["hasNextPage"], &info["hasPreviousPage"]), (&json!(true), &json!(true)));
            }
        }
    }
}

#[tokio::test]
async fn a_cursor_that_was_given_with_an_entry_goes_on_behind_that_entry() {
    let world = World::new(1_000);
    let whole = world.page(json!({"first": 100})).await;
    let (all, edges) = (numbers(&whole), whole["edges"].as_array().unwrap());
    let info = &whole["pageInfo"];
    assert_eq!((&info["hasNextPage"], &info["hasPreviousPage"]), (&json!(false), &json!(false)));
    assert_eq!((&info["startCursor"], &info["endCursor"]), (&edges[0]["cursor"], &edges[35]["cursor"]));
    for index in [0, 4, 35] {
        let page = world.page(json!({"first": 100, "after": edges[index]["cursor"]})).await;
        assert_eq!(numbers(&page), all[index + 1..]);
        assert_eq!(page["pageInfo"]["hasPreviousPage"], json!(true));
        let page = world.page(json!({"last": 100, "before": edges[index]["cursor"]})).await;
        assert_eq!(numbers(&page), all[..index]);
    }
}
