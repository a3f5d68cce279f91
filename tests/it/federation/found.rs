//! Which records representations stand for, and how often the store is asked.

use super::{
    ENTITIES, FEDERATED, Linked, UNKNOWN, alias_account, holder, ledger_account, representations, told,
};
use crate::app::App;
use crate::store_calls::calls;
use serde_json::{Value, json};

#[tokio::test]
async fn entities_are_found_by_each_of_their_keys_in_the_order_asked_repeats_included() {
    let app = App::sandbox_with(&FEDERATED);
    let (one, two) = (Linked::new(&app, 0).await, Linked::new(&app, 1).await);
    let ledger = app.ledger_id();
    let asked = json!([
        ledger_account(&ledger, &two.account),
        holder(&one.holder),
        alias_account(&one.alias_account),
        holder(UNKNOWN),
        ledger_account(&ledger, &one.account),
        holder(&one.holder),
        ledger_account(UNKNOWN, &one.account),
        ledger_account(&one.account, &ledger),
        alias_account(UNKNOWN),
        holder(&one.alias_account),
        alias_account(&one.holder),
        holder(&two.holder.to_uppercase()),
        ledger_account(&ledger.to_uppercase(), &two.account.to_uppercase()),
        alias_account(&one.alias_account),
    ]);
    let expected = json!([
        two.as_alias_account(),
        one.as_holder(),
        one.as_alias_account(),
        null,
        one.as_alias_account(),
        one.as_holder(),
        null,
        null,
        null,
        null,
        null,
        two.as_holder(),
        two.as_alias_account(),
        one.as_alias_account(),
    ]);
    let data = app.data(ENTITIES, representations(asked)).await;
    assert_eq!(data["_entities"], expected);
    assert_eq!(app.data(ENTITIES, representations(json!([]))).await["_entities"], json!([]));
    // One value stands for a list of one.
    let data = app.data(ENTITIES, representations(holder(&two.holder))).await;
    assert_eq!(data["_entities"], json!([two.as_holder()]));
}

#[tokio::test]
async fn fields_of_no_key_are_the_gateways_affair() {
    let app = App::sandbox_with(&FEDERATED);
    let one = Linked::new(&app, 0).await;
    let with = |mut of: Value, more: Value| {
        of.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        of
    };
    let by_account = ledger_account(&app.ledger_id(), &one.account);
    let asked = json!([
        with(holder(&one.holder), json!({"ledgerId": 7, "riskClass": {"of": [1, null]}})),
        with(alias_account(&one.alias_account), json!({"balanceNote": null, "accountId": "not looked at"})),
        with(by_account, json!({"id": null, "balanceNote": "x"})),
    ]);
    let data = app.data(ENTITIES, representations(asked)).await;
    assert_eq!(data["_entities"], json!([one.as_holder(), one.as_alias_account(), one.as_alias_account()]));
}

#[tokio::test]
async fn representations_may_stand_in_the_document() {
    let app = App::sandbox_with(&FEDERATED);
    let one = Linked::new(&app, 0).await;
    let query = format!(
        "query($one: _Any!) {{
            a: _entities(representations: [{{__typename: \"Holder\", id: \"{}\"}}, $one]) {{ ... on Holder {{ name }} __typename }}
            b: _entities(representations: {{__typename: \"AliasAccount\", ledgerId: \"{}\", accountId: \"{}\"}}) {{
                ... on AliasAccount {{ ledgerId bankingDetails {{ iban }} }} }} }}",
        one.holder,
        app.ledger_id(),
        one.account
    );
    let data = app.data(&query, json!({"one": alias_account(&one.alias_account)})).await;
    assert_eq!(
        data,
        json!({
            "a": [{"name": "Maria Souza", "__typename": "Holder"}, {"__typename": "AliasAccount"}],
            "b": [{"ledgerId": app.ledger_id(), "bankingDetails": null}]
        })
    );
}

#[tokio::test]
async fn only_live_records_are_found_by_whatever_key() {
    let app = App::sandbox_with(&FEDERATED);
    let one = Linked::new(&app, 0).await;
    let asked = representations(json!([
        holder(&one.holder),
        alias_account(&one.alias_account),
        ledger_account(&app.ledger_id(), &one.account),
    ]));
    app.mutate("deleteAliasAccount", "deletedId", &json!({"id": one.alias_account})).await;
    let data = app.data(ENTITIES, asked.clone()).await;
    assert_eq!(data["_entities"], json!([one.as_holder(), null, null]));
    app.mutate("deleteHolder", "deletedId", &json!({"id": one.holder})).await;
    let data = app.data(ENTITIES, asked.clone()).await;
    assert_eq!(data["_entities"], json!([null, null, null]));
    app.mutate("restoreHolder", "holder { id }", &json!({"id": one.holder})).await;
    app.mutate("restoreAliasAccount", "aliasAccount { id }", &json!({"id": one.alias_account})).await;
    let data = app.data(ENTITIES, asked).await;
    assert_eq!(data["_entities"], json!([one.as_holder(), one.as_alias_account(), one.as_alias_account()]));
}

#[tokio::test]
async fn another_organization_finds_nothing_by_any_key() {
    let app = App::sandbox_with(&FEDERATED);
    let one = Linked::new(&app, 0).await;
    let asked = representations(json!([
        holder(&one.holder),
        alias_account(&one.alias_account),
        ledger_account(&app.ledger_id(), &one.account),
    ]));
    let other = app.info["other"]["organizationId"].as_str().unwrap().to_owned();
    let mut request = app.request(ENTITIES, asked).build().unwrap();
    request.headers_mut().insert("X-Organization-Id", other.parse().unwrap());
    let answer: Value = app.client.execute(request).await.unwrap().json().await.unwrap();
    assert_eq!(answer, json!({"data": {"_entities": [null, null, null]}}));
}

#[tokio::test]
async fn a_batch_is_one_store_call_for_each_kind_of_key() {
    const CALLS: [&str; 3] = ["holders", "alias_accounts", "alias_accounts_with_claims"];
    let app = App::sandbox_with(&FEDERATED);
    let mut linked = Vec::new();
    for index in 0..10 {
        linked.push(Linked::new(&app, index).await);
    }
    let ledger = app.ledger_id();
    let holders: Vec<Value> = linked.iter().map(|one| holder(&one.holder)).collect();
    let by_id: Vec<Value> = linked.iter().map(|one| alias_account(&one.alias_account)).collect();
    let by_account: Vec<Value> = linked.iter().map(|one| ledger_account(&ledger, &one.account)).collect();
    let query = "query($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Holder { name } ... on AliasAccount { document } } }";
    for (asked, expected) in [
        (holders.clone(), [1, 0, 0]),
        (by_id.clone(), [0, 1, 0]),
        (by_account.clone(), [0, 0, 1]),
        ([holders, by_id, by_account].concat(), [1, 1, 1]),
        (Vec::new(), [0, 0, 0]),
    ] {
        let mut before = Vec::new();
        for name in CALLS {
            before.push(calls(&app, name).await);
        }
        let count = asked.len();
        let data = app.data(query, representations(asked)).await;
        assert_eq!(data["_entities"].as_array().unwrap().len(), count);
        assert!(data["_entities"].as_array().unwrap().iter().all(Value::is_object), "{data}");
        for ((name, before), expected) in CALLS.iter().zip(before).zip(expected) {
            assert_eq!(calls(&app, name).await - before, expected, "{name} of {count}");
        }
    }
}

#[tokio::test]
async fn a_hundred_are_taken_and_one_more_is_refused_before_the_store_is_asked() {
    let app = App::sandbox_with(&FEDERATED);
    let one = Linked::new(&app, 0).await;
    let many = |count: usize| -> Vec<Value> {
        let each = [holder(&one.holder), holder(UNKNOWN)];
        each.into_iter().cycle().take(count).collect()
    };
    let data = app.data(ENTITIES, representations(many(100))).await;
    let found = data["_entities"].as_array().unwrap();
    assert_eq!((found.len(), found.iter().filter(|one| one.is_object()).count()), (100, 50));
    let before = calls(&app, "holders").await;
    let answer = app.ask(ENTITIES, representations(many(101))).await;
    assert_eq!(told(&answer), [(json!(["_entities"]), "BAD_USER_INPUT")]);
    assert_eq!(answer["data"], Value::Null);
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("101"), "{answer}");
    assert_eq!(calls(&app, "holders").await, before);
}

#[tokio::test]
async fn lists_below_entities_are_one_store_call_a_level() {
    let app = App::sandbox_with(&FEDERATED);
    let mut holders = Vec::new();
    for index in 0..6 {
        holders.push(holder(&Linked::new(&app, index).await.holder));
    }
    let query = "query($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Holder { aliasAccounts { nodes { document holder { name } } } } } }";
    let before = (calls(&app, "alias_accounts_of").await, calls(&app, "holders").await);
    let data = app.data(query, representations(holders)).await;
    for (index, found) in data["_entities"].as_array().unwrap().iter().enumerate() {
        let nodes = json!([{"document": format!("DOC-{index}"), "holder": {"name": "Maria Souza"}}]);
        assert_eq!(found["aliasAccounts"]["nodes"], nodes);
    }
    assert_eq!(calls(&app, "alias_accounts_of").await - before.0, 1);
    assert_eq!(calls(&app, "holders").await - before.1, 2, "the entities, and the holders below them");
}
