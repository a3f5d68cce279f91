//! Rule 13: every condition of both filters, alone and in all pairs, against a naive filter over the same records.

mod conditions;
mod oracle;
mod pairs;
mod refused;
mod values;
mod world;

use crate::shape::schema;
use conditions::Condition;
use oracle::{alias_holds, holder_holds};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use world::{World, text};

/// The ids that the naive filter lets through, in the order of creation.
fn expected(world: &World, field: &str, filter: &Value) -> Vec<String> {
    let mut found: Vec<(&str, &str)> = match field {
        "holders" => {
            let held = world.holders.iter().filter(|holder| holder_holds(filter, holder));
            held.map(|holder| (holder.created_at.as_str(), holder.id.as_str())).collect()
        }
        _ => {
            let held = world.aliases.iter().filter(|alias| alias_holds(filter, alias));
            held.map(|alias| (alias.created_at.as_str(), alias.id.as_str())).collect()
        }
    };
    found.sort_unstable();
    found.into_iter().map(|(_, id)| id.to_owned()).collect()
}

/// The list with this filter is what the naive filter says, and knows how long it is.
async fn proven(world: &World, field: &str, filter: &Value) -> BTreeSet<String> {
    let expected = expected(world, field, filter);
    let (listed, count) = world.list(field, filter).await;
    assert_eq!(listed, expected, "{field} {filter}");
    assert_eq!(count, json!([expected.len(), true]), "{field} {filter}");
    expected.into_iter().collect()
}

fn conditions_of(world: &World, field: &str) -> Vec<Condition> {
    if field == "holders" { conditions::of_holders(world) } else { conditions::of_aliases(world) }
}

/// A filter with these conditions; entries of the metadata come together.
fn filter(conditions: &[&Condition]) -> Value {
    let mut filter = Map::new();
    for (field, value) in conditions {
        assert!(filter.insert((*field).to_owned(), value.clone()).is_none(), "{field} is there twice");
    }
    Value::Object(filter)
}

#[tokio::test]
async fn every_condition_alone_lets_through_what_a_naive_filter_does() {
    let world = World::new().await;
    for field in ["holders", "aliasAccounts"] {
        let all = proven(&world, field, &json!({"state": "ANY"})).await;
        let live = proven(&world, field, &json!({})).await;
        assert!(live.len() < all.len() && !live.is_empty());
        let (mut some, mut none, mut every) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for condition in conditions_of(&world, field) {
            let found = proven(&world, field, &filter(&[&condition])).await;
            every.insert(condition.0);
            if found.is_empty() {
                none.insert(condition.0)
            } else {
                some.insert(condition.0)
            };
        }
        assert_eq!(some, every, "each kind of condition holds for something");
        let never_none = every.difference(&none).copied().collect::<Vec<_>>();
        assert_eq!(never_none, if field == "holders" { vec!["state", "type"] } else { vec!["state"] });
        let input = if field == "holders" { "HolderFilter" } else { "AliasAccountFilter" };
        let known = schema().get_input_object(input).unwrap().fields.keys();
        assert_eq!(every, known.map(|name| name.as_str()).collect());
    }
}

#[tokio::test]
async fn a_list_without_a_filter_has_all_live_records_and_no_other_tenants() {
    let world = World::new().await;
    for field in ["holders", "aliasAccounts"] {
        let query =
            format!("{{ {field}(first: 100) {{ nodes {{ id }} totalCount pageInfo {{ hasNextPage }} }} }}");
        let page = world.bench.ask(world.organization, &query, json!({})).await[field].clone();
        let expected = expected(&world, field, &json!({}));
        let ids: Vec<String> =
            page["nodes"].as_array().unwrap().iter().map(|node| text(&node["id"])).collect();
        assert_eq!(ids, expected.iter().take(100).cloned().collect::<Vec<_>>());
        assert_eq!(page["totalCount"], json!(expected.len()));
        assert_eq!(page["pageInfo"]["hasNextPage"], json!(expected.len() > 100));
        let theirs = world.bench.ask(world.other, &query, json!({})).await[field].clone();
        assert_eq!(theirs["totalCount"], json!(5));
    }
}

#[tokio::test]
async fn a_holders_own_list_takes_the_same_conditions() {
    let world = World::new().await;
    let query = "query($filter: AliasAccountFilter) { holders(filter: {state: ANY}, first: 100) { nodes { id
        aliasAccounts(filter: $filter, first: 100) { nodes { id } totalCount totalCountExact } } } }";
    for condition in conditions_of(&world, "aliasAccounts") {
        let filter = filter(&[&condition]);
        let answer = world.bench.ask(world.organization, query, json!({"filter": filter})).await;
        let holders = answer["holders"]["nodes"].as_array().unwrap();
        assert_eq!(holders.len(), world.holders.len());
        for holder in holders {
            let own = |id: &&String| {
                let alias = world.aliases.iter().find(|alias| alias.id == **id).unwrap();
                holder["id"] == json!(alias.holder)
            };
            let all = expected(&world, "aliasAccounts", &filter);
            let expected: Vec<&String> = all.iter().filter(own).collect();
            let page = &holder["aliasAccounts"];
            let ids: Vec<String> =
                page["nodes"].as_array().unwrap().iter().map(|node| text(&node["id"])).collect();
            assert_eq!(ids.iter().collect::<Vec<_>>(), expected, "{filter} of {}", holder["id"]);
            assert_eq!(
                (&page["totalCount"], &page["totalCountExact"]),
                (&json!(expected.len()), &json!(true))
            );
        }
    }
}
