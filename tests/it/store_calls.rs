//! How many calls of the store one request makes: never one a record.

use super::app::App;
use serde_json::{Value, json};

/// The store's calls by name, as the metrics count them.
pub(crate) async fn calls(app: &App, name: &str) -> u64 {
    let metrics = app.client.get(format!("{}/metrics", app.ops)).send().await.unwrap().text().await.unwrap();
    let lines = metrics.lines().filter(|line| {
        line.starts_with("holdergraph_store_calls_total") && line.contains(&format!("call=\"{name}\""))
    });
    lines.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
}

#[tokio::test]
async fn nested_alias_accounts_of_many_holders_are_one_store_call_a_level() {
    let app = App::sandbox();
    let mut holders = Vec::new();
    for index in 0..12 {
        let holder = app.holder().await;
        app.link(&holder, &app.account(index)).await;
        holders.push(holder);
    }
    let fields: String = holders
        .iter()
        .enumerate()
        .map(|(i, id)| format!("h{i}: holder(id: \"{id}\") {{ name aliasAccounts {{ nodes {{ id holder {{ name aliasAccounts {{ nodes {{ id }} }} }} }} }} }} "))
        .collect();
    let (holder_calls, page_calls) = (calls(&app, "holders").await, calls(&app, "alias_accounts_of").await);
    let answer = app.ask(&format!("{{ {fields} }}"), json!({})).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    for (index, id) in holders.iter().enumerate() {
        let node = &answer["data"][format!("h{index}")]["aliasAccounts"]["nodes"][0];
        assert_eq!(node["holder"]["aliasAccounts"]["nodes"][0]["id"], node["id"]);
        assert_ne!(id, node["id"].as_str().unwrap());
    }
    assert_eq!(
        calls(&app, "holders").await - holder_calls,
        2,
        "the roots are one call, the nested holders another"
    );
    assert_eq!(
        calls(&app, "alias_accounts_of").await - page_calls,
        2,
        "each level of alias accounts is one call"
    );
}

#[tokio::test]
async fn what_two_fragments_select_is_asked_of_the_store_once() {
    let app = App::sandbox();
    let holder = app.holder().await;
    app.link(&holder, &app.account(0)).await;
    let text = "query P { ...A ...B }
        fragment A on Query { holders(first: 10) { nodes { id aliasAccounts { nodes { id } } } } node(id: $ID) { ...H } }
        fragment B on Query { holders(first: 10) { nodes { name aliasAccounts { nodes { state: accountId } } } } node(id: $ID) { ... on Holder { at: createdAt } ... on AliasAccount { at: updatedAt } } }
        fragment H on Node { id __typename }"
        .replace("$ID", &json!(holder).to_string());
    let names = ["list_holders", "holders", "alias_accounts_of"];
    let mut before = Vec::new();
    for name in names {
        before.push(calls(&app, name).await);
    }
    let answer = app.ask(&text, json!({})).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    let first = &answer["data"]["holders"]["nodes"][0];
    assert!(first["id"].is_string() && first["name"].is_string(), "{answer}");
    assert!(first["aliasAccounts"]["nodes"][0]["state"].is_string(), "{answer}");
    assert_eq!(answer["data"]["node"]["__typename"], "Holder");
    assert!(answer["data"]["node"]["at"].is_string());
    for (name, before) in names.into_iter().zip(before) {
        assert_eq!(calls(&app, name).await - before, 1, "{name}");
    }
}
