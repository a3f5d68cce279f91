//! Rule 16: a bit that turned in the store spoils one sealed part, and nothing else.

use super::ids;
use crate::app::{App, code};
use crate::inside;
use serde_json::{Value, json};
use std::path::Path;

/// Turns one bit of a record's sealed part.
fn turn_a_bit(dir: &Path, collection: &'static str, id: &str) {
    let mut sealed = inside::sealed(dir, collection, id);
    let middle = sealed.len() / 2;
    sealed[middle] ^= 1;
    inside::put_sealed(dir, collection, id, &sealed);
}

/// Codes and paths of an answer's errors, by path.
fn told(answer: &Value) -> Vec<(String, String)> {
    let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let mut told: Vec<(String, String)> = errors
        .iter()
        .map(|error| (error["path"].to_string(), error["extensions"]["code"].as_str().unwrap().to_owned()))
        .collect();
    told.sort();
    told
}

fn unreadable(paths: &[Value]) -> Vec<(String, String)> {
    let mut told: Vec<(String, String)> =
        paths.iter().map(|path| (path.to_string(), "UNREADABLE".to_owned())).collect();
    told.sort();
    told
}

#[tokio::test]
async fn a_holder_that_does_not_open_is_null_in_its_sealed_fields_and_the_rest_is_served() {
    let app = App::sandbox();
    let mut holders = Vec::new();
    for index in 0..3 {
        holders.push(app.linked(&format!("DOC-{index}"), &app.account(index)).await);
    }
    let dir = app.stop();
    turn_a_bit(dir.path(), "holders", &holders[1].0);
    let app = App::sandbox_in(dir, &[]);
    let query = "{ holders { nodes { id name document documentMasked
        contact { mobilePhone } type version aliasAccounts { nodes { id document } } } totalCount } }";
    let answer = app.ask(query, json!({})).await;
    let at = |field: &str| json!(["holders", "nodes", 1, field]);
    assert_eq!(told(&answer), unreadable(&["name", "document", "documentMasked", "contact"].map(at)));
    let page = &answer["data"]["holders"];
    assert_eq!((ids(page).len(), &page["totalCount"]), (3, &json!(3)));
    for (index, (holder, alias)) in holders.iter().enumerate() {
        let own = json!({"nodes": [{"id": alias, "document": format!("DOC-{index}")}]});
        let readable = index != 1;
        let text = |text: &str| if readable { json!(text) } else { Value::Null };
        let expected = json!({"id": holder, "name": text("Maria Souza"), "document": text(&format!("DOC-{index}")),
            "documentMasked": text("****"), "contact": null, "type": "NATURAL_PERSON", "version": 1, "aliasAccounts": own});
        assert_eq!(page["nodes"][index], expected);
    }
    // What is in clear is served without an error, and what is found by a token is found.
    let clear = app
        .ask("{ holders { nodes { id type } } holderByDocument(document: \"doc1\") { id } }", json!({}))
        .await;
    assert_eq!(
        (&clear["errors"], &clear["data"]["holderByDocument"]["id"]),
        (&Value::Null, &json!(holders[1].0))
    );
}

#[tokio::test]
async fn an_alias_account_that_does_not_open_is_null_in_its_sealed_fields_and_keeps_its_parties_roles() {
    let app = App::sandbox();
    let holder = app.holder().await;
    let mut input = app.link_input(&holder, &app.account(0));
    input["bankingDetails"] = json!({"account": "12345-6", "branch": "0001"});
    input["relatedParties"] =
        json!([{"document": "P-1", "name": "Ana", "role": "PRIMARY_HOLDER", "startDate": "2024-01-01"}]);
    let made = app.mutate("createAliasAccount", "aliasAccount { id }", &input).await;
    let (id, other) = (made["aliasAccount"]["id"].clone(), app.link(&holder, &app.account(1)).await);
    let dir = app.stop();
    turn_a_bit(dir.path(), "alias_accounts", id.as_str().unwrap());
    let app = App::sandbox_in(dir, &[]);
    let query = "{ aliasAccounts { nodes { id document bankingDetails { branch account accountMasked }
        regulatoryFields { participantDocument } relatedParties { name role } holder { name } } } }";
    let answer = app.ask(query, json!({})).await;
    let nodes = &answer["data"]["aliasAccounts"]["nodes"];
    let expected = json!({"id": id, "document": null, "bankingDetails": {"branch": "0001", "account": null, "accountMasked": null},
        "regulatoryFields": null, "relatedParties": [{"name": null, "role": "PRIMARY_HOLDER"}], "holder": {"name": "Maria Souza"}});
    assert_eq!(
        (&nodes[0], &nodes[1]["id"], nodes[1]["document"].is_string()),
        (&expected, &json!(other), true)
    );
    let path = |rest: Value| {
        let mut path = vec![json!("aliasAccounts"), json!("nodes"), json!(0)];
        path.extend(rest.as_array().unwrap().clone());
        json!(path)
    };
    let places = [
        json!(["document"]),
        json!(["bankingDetails", "account"]),
        json!(["bankingDetails", "accountMasked"]),
        json!(["regulatoryFields"]),
        json!(["relatedParties", 0, "name"]),
    ];
    assert_eq!(told(&answer), unreadable(&places.map(path)));
}

#[tokio::test]
async fn what_does_not_open_is_not_changed_and_can_be_deleted_and_erased() {
    let app = App::sandbox();
    let (holder, alias) = app.linked("DOC-1", &app.account(0)).await;
    let dir = app.stop();
    turn_a_bit(dir.path(), "holders", &holder);
    turn_a_bit(dir.path(), "alias_accounts", &alias);
    let app = App::sandbox_in(dir, &[]);
    let party =
        json!({"document": "P-1", "name": "Ana", "role": "PRIMARY_HOLDER", "startDate": "2024-01-01"});
    let unreadable = async |mutation: &str, input: Value| {
        let query = crate::bench::mutation_document(mutation, "__typename");
        let answer = app.ask(&query, json!({"input": input})).await;
        assert_eq!((code(&answer), &answer["data"][mutation]), ("UNREADABLE", &Value::Null), "{answer}");
    };
    // Sealing what cannot be read would lose it, so nothing is changed.
    unreadable("updateHolder", json!({"id": holder, "name": "B"})).await;
    unreadable("updateAliasAccount", json!({"id": alias, "bankingDetails": {"branch": "1"}})).await;
    unreadable("addRelatedParty", json!({"aliasAccountId": alias, "relatedParty": party})).await;
    unreadable("createAliasAccount", app.link_input(&holder, &app.account(1))).await;
    // The link is in clear, so it can be checked.
    let checked =
        app.mutate("verifyAliasAccount", "aliasAccount { link { status } }", &json!({"id": alias})).await;
    assert_eq!(checked["aliasAccount"]["link"]["status"], json!("VERIFIED"));
    app.archive("deleteAliasAccount", &alias).await;
    app.archive("deleteHolder", &holder).await;
    unreadable("restoreHolder", json!({"id": holder})).await;
    // Its document and its account are free.
    let (again, linked) = app.linked("DOC-1", &app.account(0)).await;
    let erased = app.mutate("deleteHolder", "deletedId", &json!({"id": holder, "mode": "HARD"})).await;
    assert_eq!(erased["deletedId"], json!(holder));
    assert_eq!(app.stored(), (1, 1));
    let left = app.data("{ holders(filter: {state: ANY}) { nodes { id name } } aliasAccounts(filter: {state: ANY}) { nodes { id document } } }", json!({})).await;
    assert_eq!(
        (ids(&left["holders"]), ids(&left["aliasAccounts"])),
        (vec![again.as_str()], vec![linked.as_str()])
    );
    app.check();
}
