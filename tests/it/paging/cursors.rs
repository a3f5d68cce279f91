//! Cursors are opaque, authenticated, and of one list only; what they point at may be gone.

use super::world::{DIRECTIONS, LISTS, List, SORTS, World, ids};
use super::{cursors, refused};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use holdergraph::domain::ids::OrganizationId;
use serde_json::{Value, json};
use uuid::Uuid;

/// Neither side of a page takes this cursor.
async fn no_cursor(world: &World, list: List, order: &Value, cursor: &str) {
    for side in ["after", "before"] {
        let mut arguments = order.clone();
        arguments[side] = json!(cursor);
        refused(world, list, arguments, side).await;
    }
}

#[tokio::test]
async fn a_cursor_with_one_bit_changed_or_a_part_missing_is_no_cursor() {
    let world = World::new(2).await;
    for list in LISTS {
        let order = json!({});
        let cursor = cursors(&world, list, &order).await[0].clone();
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&cursor).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let mut arguments = order.clone();
            arguments["after"] = json!(BASE64_URL_SAFE_NO_PAD.encode(changed));
            refused(&world, list, arguments, "after").await;
        }
        for length in 0..bytes.len() {
            no_cursor(&world, list, &order, &BASE64_URL_SAFE_NO_PAD.encode(&bytes[..length])).await;
        }
        for odd in [
            format!("{cursor}A"),
            format!("{cursor}="),
            format!(" {cursor}"),
            "x".to_owned(),
            "é".to_owned(),
            "A".repeat(10_000),
        ] {
            no_cursor(&world, list, &order, &odd).await;
        }
    }
}

#[tokio::test]
async fn a_cursor_of_another_sort_direction_or_filter_is_no_cursor() {
    let world = World::new(2).await;
    let filters = [
        json!(null),
        json!({"state": "ANY"}),
        json!({"createdAt": {"from": "2020-01-01T00:00:00Z"}}),
        json!({"createdAt": {"to": "2999-01-01T00:00:00Z"}}),
        json!({"ids": world.holders.iter().chain(&world.aliases).map(|one| &one.id).collect::<Vec<_>>()}),
    ];
    let mut kinds = Vec::new();
    for (sort, direction) in SORTS.into_iter().flat_map(|sort| DIRECTIONS.map(|direction| (sort, direction)))
    {
        for filter in &filters {
            let mut kind = json!({"sort": sort, "direction": direction});
            if !filter.is_null() {
                kind["filter"] = filter.clone();
            }
            kinds.push(kind);
        }
    }
    for list in LISTS {
        for one in &kinds {
            let cursor = cursors(&world, list, one).await[1].clone();
            for other in &kinds {
                if one == other {
                    let mut again = other.clone();
                    again["before"] = json!(cursor);
                    assert_eq!(ids(&world.page(list, &again).await.unwrap()).len(), 1);
                } else {
                    no_cursor(&world, list, other, &cursor).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn writings_of_one_filter_are_one_list() {
    let world = World::new(2).await;
    let document = "Straße-1 / a";
    let input = json!({"type": "LEGAL_PERSON", "name": "A", "document": document});
    world.bench.mutate(world.organization, "createHolder", "holder { id }", input).await;
    let of = |document: &str| json!({"filter": {"document": document}});
    let cursor = cursors(&world, List::Holders, &of(document)).await[0].clone();
    let mut other = of("STRASSE1A");
    other["after"] = json!(cursor);
    assert_eq!(ids(&world.page(List::Holders, &other).await.unwrap()).len(), 0);
    no_cursor(&world, List::Holders, &of("STRASSE1B"), &cursor).await;
}

#[tokio::test]
async fn a_cursor_of_another_organization_list_or_holder_is_no_cursor() {
    let world = World::new(3).await;
    let order = json!({});
    for list in LISTS {
        let cursor = cursors(&world, list, &order).await[0].clone();
        for other in LISTS.into_iter().filter(|other| *other != list) {
            no_cursor(&world, other, &order, &cursor).await;
        }
        let after = json!({"after": cursor});
        let elsewhere = OrganizationId(Uuid::now_v7());
        if list == List::Own {
            let second = &world.holders[1].id;
            let answer = world.page_of(world.organization, list, second, &after).await.unwrap_err();
            assert_eq!(crate::app::code(&answer), "BAD_USER_INPUT");
        } else {
            let answer = world.page_of(elsewhere, list, &world.holders[0].id, &after).await.unwrap_err();
            assert_eq!(crate::app::code(&answer), "BAD_USER_INPUT");
        }
        assert!(world.page(list, &after).await.is_ok());
    }
    // A filter by holder is another list than that of the holder.
    let own = cursors(&world, List::Own, &order).await[0].clone();
    let by_holder = json!({"filter": {"holderId": world.holders[0].id}});
    no_cursor(&world, List::AliasAccounts, &by_holder, &own).await;
}

#[tokio::test]
async fn the_cursor_of_a_record_that_is_deleted_or_purged_still_is_its_place() {
    let orders = SORTS
        .into_iter()
        .flat_map(|sort| DIRECTIONS.map(|direction| json!({"sort": sort, "direction": direction})));
    for (order, mode) in orders.flat_map(|order| ["SOFT", "HARD"].map(|mode| (order.clone(), mode))) {
        let world = World::new(7).await;
        for list in LISTS {
            let (all, cursors) =
                (ids(&world.page(list, &order).await.unwrap()), cursors(&world, list, &order).await);
            // The first two holders have alias accounts, so they stay.
            let may_go = |id: &String| !world.holders[..2].iter().any(|one| one.id == *id);
            let at = (2..all.len()).find(|at| may_go(&all[*at])).unwrap();
            let mutation = if list == List::Holders { "deleteHolder" } else { "deleteAliasAccount" };
            let input = json!({"id": all[at], "mode": mode});
            let gone = world.bench.mutate(world.organization, mutation, "deletedId", input).await;
            assert_eq!(gone["deletedId"], json!(all[at]), "{gone}");
            for (side, rest) in [("after", &all[at + 1..]), ("before", &all[..at])] {
                let mut arguments = order.clone();
                arguments[side] = json!(cursors[at]);
                let page = world.page(list, &arguments).await.unwrap();
                assert_eq!(ids(&page), rest, "{list:?} {order} {mode} {side}");
            }
        }
    }
}
