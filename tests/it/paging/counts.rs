//! What a list costs the store: one call a level, and a count only where it is selected.

use crate::app::App;
use crate::store_calls::calls;
use serde_json::{Value, json};

const CALLS: [&str; 6] = [
    "list_holders",
    "count_holders",
    "list_alias_accounts",
    "count_alias_accounts",
    "alias_accounts_of",
    "count_alias_accounts_of",
];

/// How many calls of the store a query makes, those that are none left out.
async fn cost(app: &App, query: &str) -> Vec<(&'static str, u64)> {
    let mut before = Vec::new();
    for call in CALLS {
        before.push(calls(app, call).await);
    }
    let answer = app.ask(query, json!({})).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    let mut cost = Vec::new();
    for (call, before) in CALLS.into_iter().zip(before) {
        let many = calls(app, call).await - before;
        cost.extend((many > 0).then_some((call, many)));
    }
    cost
}

async fn filled() -> App {
    let app = App::sandbox();
    for index in 0..6 {
        let holder = app.holder().await;
        for account in 0..index {
            app.link(&holder, &app.account(index * 6 + account)).await;
        }
    }
    app
}

#[tokio::test]
async fn a_list_is_counted_only_where_its_count_is_selected_and_then_once() {
    let app = filled().await;
    let none: Vec<(&str, u64)> = Vec::new();
    for (query, expected) in [
        ("{ holders { nodes { id } pageInfo { hasNextPage } } }", vec![("list_holders", 1)]),
        ("{ holders { nodes { id } totalCount @skip(if: true) } }", vec![("list_holders", 1)]),
        ("{ holders { totalCount } }", vec![("list_holders", 1), ("count_holders", 1)]),
        (
            "{ holders { totalCount totalCountExact again: totalCount } }",
            vec![("list_holders", 1), ("count_holders", 1)],
        ),
        ("{ aliasAccounts { edges { cursor } } }", vec![("list_alias_accounts", 1)]),
        (
            "{ aliasAccounts { totalCountExact } }",
            vec![("list_alias_accounts", 1), ("count_alias_accounts", 1)],
        ),
        ("{ __typename }", none),
    ] {
        assert_eq!(cost(&app, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn nested_lists_with_arguments_and_their_counts_are_one_call_a_level() {
    let app = filled().await;
    let nested = |arguments: &str, more: &str| {
        format!("{{ holders {{ nodes {{ aliasAccounts{arguments} {{ nodes {{ id }} {more} }} }} }} }}")
    };
    let arguments =
        "(first: 2, sort: UPDATED_AT, direction: DESC, filter: {state: ANY, linkStatus: VERIFIED})";
    for (query, expected) in [
        (nested("", ""), vec![("list_holders", 1), ("alias_accounts_of", 1)]),
        (nested(arguments, ""), vec![("list_holders", 1), ("alias_accounts_of", 1)]),
        (
            nested(arguments, "totalCount totalCountExact"),
            vec![("list_holders", 1), ("alias_accounts_of", 1), ("count_alias_accounts_of", 1)],
        ),
        (
            "{ holders { nodes { a: aliasAccounts { totalCount } b: aliasAccounts(last: 1) { nodes {
                holder { aliasAccounts { totalCount } } } } } } }"
                .to_owned(),
            vec![("list_holders", 1), ("alias_accounts_of", 3), ("count_alias_accounts_of", 2)],
        ),
    ] {
        assert_eq!(cost(&app, &query).await, expected, "{query}");
    }
    let answer = app.ask(&nested("(first: 2)", "totalCount"), json!({})).await;
    let counts: Vec<(usize, u64)> = answer["data"]["holders"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|holder| &holder["aliasAccounts"])
        .map(|page| (page["nodes"].as_array().unwrap().len(), page["totalCount"].as_u64().unwrap()))
        .collect();
    assert_eq!(counts, [(0, 0), (1, 1), (2, 2), (2, 3), (2, 4), (2, 5)]);
}
