//! Rule 16: one damaged record never fails a list, and the rest is served.

use super::bench::Bench;
use super::inside;
use holdergraph::domain::ids::{AccountId, LedgerId, OrganizationId};
use serde_json::{Value, json};
use uuid::Uuid;

/// Three holders with an alias account each; ids of both and the ledger's ids.
async fn three(bench: &Bench, organization: OrganizationId) -> (Vec<String>, Vec<String>, Value) {
    let ledger = LedgerId(Uuid::now_v7());
    let (mut holders, mut aliases, mut accounts) = (Vec::new(), Vec::new(), Vec::new());
    for index in 0..3 {
        let account = AccountId(Uuid::now_v7());
        bench.ledger.set(organization, ledger, account, |_| {});
        let input = json!({
            "holder": {"type": "NATURAL_PERSON", "name": "Maria Souza", "document": format!("DOC-{index}")},
            "aliasAccounts": [{"ledgerId": ledger.to_string(), "accountId": account.to_string()}],
        });
        let made =
            bench.mutate(organization, "onboardHolder", "holder { id } aliasAccounts { id }", input).await;
        holders.push(made["holder"]["id"].as_str().unwrap().to_owned());
        aliases.push(made["aliasAccounts"][0]["id"].as_str().unwrap().to_owned());
        accounts.push(account.to_string());
    }
    (holders, aliases, json!({"ledger": ledger.to_string(), "accounts": accounts}))
}

fn damage(bench: &Bench, collection: &'static str, id: &str) {
    inside::damage(bench.dir(), collection, id);
}

fn told(answer: &Value) -> Vec<(String, Value)> {
    let errors = answer["errors"].as_array().cloned().unwrap_or_default();
    errors
        .into_iter()
        .map(|error| (error["extensions"]["code"].as_str().unwrap().to_owned(), error["path"].clone()))
        .collect()
}

fn ids(nodes: &Value) -> Vec<&str> {
    nodes.as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect()
}

const UNREADABLE: &str = "UNREADABLE";

#[tokio::test]
async fn a_damaged_holder_is_left_out_of_its_list_with_an_error_and_the_rest_is_served() {
    let (bench, organization) = (Bench::new(), OrganizationId(Uuid::now_v7()));
    let (holders, aliases, _) = three(&bench, organization).await;
    damage(&bench, "holders", &holders[1]);

    let query = "{ holders { totalCount nodes { id name aliasAccounts { nodes { id } } } pageInfo { hasNextPage } } }";
    let answer = bench.answer(organization, query, json!({})).await;
    assert_eq!(ids(&answer["data"]["holders"]["nodes"]), [&holders[0], &holders[2]]);
    assert_eq!(answer["data"]["holders"]["totalCount"], 3);
    assert_eq!(told(&answer), [(UNREADABLE.to_owned(), json!(["holders"]))]);
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains(&holders[1]));

    let query = "query($ids: [ID!]!, $id: ID!) { nodes(ids: $ids) { id } holder(id: $id) { id } }";
    let answer = bench.answer(organization, query, json!({"ids": holders, "id": holders[1]})).await;
    assert_eq!(answer["data"]["nodes"], json!([{"id": holders[0]}, null, {"id": holders[2]}]));
    assert_eq!(answer["data"]["holder"], Value::Null);
    let mut paths = told(&answer);
    paths.sort_by_key(|(_, path)| path.to_string());
    let expected = [json!(["holder"]), json!(["nodes", 1])].map(|path| (UNREADABLE.to_owned(), path));
    assert_eq!(paths, expected);

    let query = "{ aliasAccounts { nodes { id holder { id } } } }";
    let answer = bench.answer(organization, query, json!({})).await;
    assert_eq!(ids(&answer["data"]["aliasAccounts"]["nodes"]), aliases);
    assert_eq!(told(&answer), [(UNREADABLE.to_owned(), json!(["aliasAccounts", "nodes", 1, "holder"]))]);
}

#[tokio::test]
async fn a_damaged_alias_account_spoils_no_other() {
    let (bench, organization) = (Bench::new(), OrganizationId(Uuid::now_v7()));
    let (holders, aliases, ledger) = three(&bench, organization).await;
    damage(&bench, "alias_accounts", &aliases[0]);

    let query = "query($ledger: UUID!, $accounts: [UUID!]!) {
        aliasAccountsByLedgerAccounts(ledgerId: $ledger, accountIds: $accounts) { id }
        holders { nodes { id aliasAccounts { nodes { id } } } }
    }";
    let answer = bench.answer(organization, query, ledger).await;
    let owners = &answer["data"]["aliasAccountsByLedgerAccounts"];
    assert_eq!(*owners, json!([null, {"id": aliases[1]}, {"id": aliases[2]}]));
    let nodes = &answer["data"]["holders"]["nodes"];
    assert_eq!(ids(nodes), holders);
    assert_eq!(nodes[0]["aliasAccounts"]["nodes"], json!([]));
    assert_eq!(ids(&nodes[1]["aliasAccounts"]["nodes"]), [&aliases[1]]);
    let mut paths = told(&answer);
    paths.sort_by_key(|(_, path)| path.to_string());
    let expected =
        [json!(["aliasAccountsByLedgerAccounts", 0]), json!(["holders", "nodes", 0, "aliasAccounts"])]
            .map(|path| (UNREADABLE.to_owned(), path));
    assert_eq!(paths, expected);
}
