//! Rule 14: pages of all three lists, against slices of the whole list.

mod counts;
mod cursors;
mod walks;
mod world;

use crate::app::code;
use serde_json::{Value, json};
use world::{DIRECTIONS, LISTS, List, SORTS, World, ids};

/// A page as a part of its list: where it begins and ends.
fn sliced(length: usize, after: Option<usize>, before: Option<usize>, take: &Value) -> (usize, usize) {
    let (from, to) = (after.map_or(0, |at| at + 1), before.unwrap_or(length));
    let size = |name: &str| take[name].as_u64().map(|size| usize::try_from(size).unwrap());
    if from >= to {
        return (from, to);
    }
    match (size("first"), size("last")) {
        (_, Some(last)) => (to.saturating_sub(last).max(from), to),
        (first, None) => (from, to.min(from + first.unwrap_or(20))),
    }
}

/// The cursors of a list, in its order.
async fn cursors(world: &World, list: List, order: &Value) -> Vec<String> {
    let mut all = order.clone();
    all["first"] = json!(100);
    let page = world.page(list, &all).await.unwrap();
    let edges = page["edges"].as_array().unwrap();
    edges.iter().map(|edge| edge["cursor"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_pairing_of_first_last_after_and_before_is_a_slice_of_the_list() {
    let world = World::new(5).await;
    let takes = [
        json!({}),
        json!({"first": 1}),
        json!({"first": 3}),
        json!({"first": 100}),
        json!({"last": 1}),
        json!({"last": 3}),
        json!({"last": 100}),
    ];
    for list in LISTS {
        for (sort, direction) in
            SORTS.into_iter().flat_map(|sort| DIRECTIONS.map(|direction| (sort, direction)))
        {
            let order = json!({"sort": sort, "direction": direction});
            let (sorted, cursors) =
                (world.sorted(list, sort, direction), cursors(&world, list, &order).await);
            assert_eq!(sorted.len(), cursors.len());
            let places: Vec<Option<usize>> = [None].into_iter().chain((0..sorted.len()).map(Some)).collect();
            for (after, before) in
                places.iter().flat_map(|after| places.iter().map(move |before| (*after, *before)))
            {
                for take in &takes {
                    let mut arguments = order.clone();
                    arguments.as_object_mut().unwrap().extend(take.as_object().unwrap().clone());
                    after.into_iter().for_each(|at| arguments["after"] = json!(cursors[at]));
                    before.into_iter().for_each(|at| arguments["before"] = json!(cursors[at]));
                    let page = world.page(list, &arguments).await.unwrap();
                    let (from, to) = sliced(sorted.len(), after, before, take);
                    let what = format!("{list:?} {sort} {direction} {after:?} {before:?} {take}");
                    let slice = if from < to { &sorted[from..to] } else { &[] };
                    assert_eq!(ids(&page), slice, "{what}");
                    let info = &page["pageInfo"];
                    let edge = |at: usize| if from < to { json!(cursors[at]) } else { Value::Null };
                    assert_eq!(info["hasPreviousPage"], json!(from > 0), "{what}");
                    assert_eq!(info["hasNextPage"], json!(to < sorted.len()), "{what}");
                    assert_eq!(info["startCursor"], edge(from), "{what}");
                    assert_eq!(info["endCursor"], edge(to.saturating_sub(1)), "{what}");
                    assert_eq!(page["edges"].as_array().unwrap().len(), slice.len(), "{what}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_page_has_20_records_in_the_order_of_creation_where_nothing_else_is_asked() {
    let world = World::new(25).await;
    for list in LISTS {
        let sorted = world.sorted(list, "CREATED_AT", "ASC");
        let page = world.page(list, &json!({})).await.unwrap();
        assert_eq!(ids(&page), sorted[..20]);
        assert_eq!(page["pageInfo"]["hasNextPage"], json!(true));
        // Null is as good as nothing; with `before` alone the page is the first of the range all the same.
        let nulls = json!({"first": null, "last": null, "after": null, "before": null});
        assert_eq!(world.page(list, &nulls).await.unwrap(), page);
        let before = json!({"before": cursors(&world, list, &json!({})).await[22]});
        assert_eq!(ids(&world.page(list, &before).await.unwrap()), sorted[..20]);
        let all = world.page(list, &json!({"last": 100})).await.unwrap();
        assert_eq!(ids(&all), sorted);
    }
}

#[tokio::test]
async fn a_size_that_can_be_none_is_refused_by_its_name() {
    let world = World::new(2).await;
    for list in LISTS {
        for (name, size) in ["first", "last"]
            .into_iter()
            .flat_map(|name| [0, -1, 101, i32::MIN, i32::MAX].map(|size| (name, size)))
        {
            refused(&world, list, json!({name: size}), name).await;
        }
        refused(&world, list, json!({"first": 1, "last": 1}), "first").await;
        refused(&world, list, json!({"first": 1, "last": 1}), "last").await;
        refused(&world, list, json!({"first": 101, "last": 0}), "last").await;
        for size in [1, 100] {
            assert!(world.page(list, &json!({"first": size})).await.is_ok());
            assert!(world.page(list, &json!({"last": size})).await.is_ok());
        }
    }
}

/// The list is null with a located error that names the argument.
async fn refused(world: &World, list: List, arguments: Value, name: &str) {
    let answer = world.page(list, &arguments).await.unwrap_err();
    let error = &answer["errors"][0];
    assert_eq!(code(&answer), "BAD_USER_INPUT", "{list:?} {arguments}: {answer}");
    assert!(error["message"].as_str().unwrap().contains(name), "{name}: {answer}");
    let path = match list {
        List::Holders => json!(["holders"]),
        List::AliasAccounts => json!(["aliasAccounts"]),
        List::Own => json!(["holder", "aliasAccounts"]),
    };
    assert_eq!(error["path"], path);
    assert!(!answer["data"].to_string().contains("edges"), "{answer}");
}
