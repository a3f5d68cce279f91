//! Rule 9: the same key with the same input gives the first outcome again, and the write happens once.

mod lifetime;
mod lost;
mod repeats;
mod texts;

use super::app::{App, CREATE_ALIAS, CREATE_HOLDER, new_holder, user_errors};
use super::mutations::keyed;
use serde_json::{Value, json};
use std::collections::HashSet;

#[tokio::test]
async fn a_repeat_gives_the_first_outcome_also_after_a_restart_and_another_input_is_refused() {
    let app = App::sandbox();
    let input = keyed(&new_holder(), "key 1");
    let first = app.ask(CREATE_HOLDER, json!({"input": input})).await;
    let id = first["data"]["createHolder"]["holder"]["id"].clone();
    let app = App::sandbox_in(app.stop(), &[]);
    let again = app.ask(CREATE_HOLDER, json!({"input": input})).await;
    assert_eq!(again["data"], first["data"]);
    let mut changed = input.clone();
    changed["name"] = json!("Another Name");
    let link = keyed(&app.link_input(id.as_str().unwrap(), &app.account(0)), "key 1");
    for (query, input, field) in
        [(CREATE_HOLDER, changed, "createHolder"), (CREATE_ALIAS, link, "createAliasAccount")]
    {
        let answer = app.ask(query, json!({"input": input})).await;
        let expected = [("IDEMPOTENCY_KEY_REUSED".to_owned(), "input/idempotencyKey".to_owned())];
        assert_eq!(user_errors(&answer["data"][field]), expected, "{answer}");
    }
    assert_eq!(app.stored(), (1, 0));
}

#[tokio::test]
async fn a_call_that_failed_leaves_the_key_free() {
    let app = App::sandbox();
    let taken = new_holder();
    app.ask(CREATE_HOLDER, json!({"input": taken})).await;
    let refused = app.ask(CREATE_HOLDER, json!({"input": keyed(&taken, "k")})).await;
    assert_eq!(refused["data"]["createHolder"]["userErrors"][0]["code"], json!("DOCUMENT_IN_USE"));
    let answer = app.ask(CREATE_HOLDER, json!({"input": keyed(&new_holder(), "k")})).await;
    assert!(answer["data"]["createHolder"]["holder"]["id"].is_string(), "{answer}");
}

#[tokio::test]
async fn a_repeated_link_asks_neither_holder_nor_ledger_again() {
    let app = App::sandbox();
    let holder = app.holder().await;
    let input = keyed(&app.link_input(&holder, &app.account(0)), "k");
    let first = app.ask(CREATE_ALIAS, json!({"input": input})).await;
    let url = format!(
        "{}/_sandbox/organizations/{}/ledgers/{}/accounts/{}",
        app.info["ledger"].as_str().unwrap(),
        app.organization(),
        app.ledger_id(),
        app.account(0)
    );
    assert!(app.client.put(url).json(&json!({"blocked": true})).send().await.unwrap().status().is_success());
    let again = app.ask(CREATE_ALIAS, json!({"input": input})).await;
    assert_eq!(again["data"], first["data"]);
    assert!(first["data"]["createAliasAccount"]["aliasAccount"]["id"].is_string(), "{first}");
}

#[tokio::test]
async fn of_32_calls_at_once_with_one_key_or_one_document_or_one_account_one_writes() {
    let app = App::sandbox();
    let holder = app.holder().await;
    let race = async |query: &str, inputs: Vec<Value>| {
        let calls = inputs.into_iter().map(|input| app.ask(query, json!({"input": input})));
        futures::future::join_all(calls).await
    };
    let one_key = keyed(&new_holder(), "race");
    let ids: HashSet<String> = race(CREATE_HOLDER, vec![one_key; 32])
        .await
        .into_iter()
        .map(|answer| {
            answer["data"]["createHolder"]["holder"]["id"]
                .as_str()
                .unwrap_or_else(|| panic!("{answer}"))
                .to_owned()
        })
        .collect();
    assert_eq!((ids.len(), app.stored()), (1, (2, 0)));
    let winners = |answers: Vec<Value>, field: &str, code: &str| {
        let won = answers.iter().filter(|answer| answer["data"][field]["userErrors"] == json!([])).count();
        let lost = answers
            .iter()
            .filter(|answer| answer["data"][field]["userErrors"][0]["code"] == json!(code))
            .count();
        (won, lost)
    };
    let answers = race(CREATE_HOLDER, vec![new_holder(); 32]).await;
    assert_eq!(winners(answers, "createHolder", "DOCUMENT_IN_USE"), (1, 31));
    let answers = race(CREATE_ALIAS, vec![app.link_input(&holder, &app.account(0)); 32]).await;
    assert_eq!(winners(answers, "createAliasAccount", "ACCOUNT_IN_USE"), (1, 31));
    assert_eq!(app.stored(), (3, 1));
}
