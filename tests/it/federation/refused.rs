//! Representations that cannot be understood.

use super::{ENTITIES, FEDERATED, Linked, UNKNOWN, holder, representations, told};
use crate::app::{App, send};
use crate::store_calls::calls;
use serde_json::{Value, json};

#[tokio::test]
async fn a_representation_that_cannot_be_understood_is_told_at_its_place_and_the_rest_is_served() {
    let app = App::sandbox_with(&FEDERATED);
    let one = Linked::new(&app, 0).await;
    let secret = "91315026015";
    let bad = [
        (json!({}), "representations.1 has no __typename"),
        (json!({"id": UNKNOWN}), "representations.1 has no __typename"),
        (json!({"__typename": null, "id": UNKNOWN}), "representations.1 has no __typename"),
        (json!({"__typename": secret, "id": UNKNOWN}), "representations.1.__typename names no entity"),
        (json!({"__typename": "holder", "id": UNKNOWN}), "representations.1.__typename names no entity"),
        (json!({"__typename": "Node", "id": UNKNOWN}), "representations.1.__typename names no entity"),
        (json!({"__typename": "PageInfo"}), "representations.1.__typename names no entity"),
        (json!({"__typename": ["Holder"], "id": UNKNOWN}), "representations.1.__typename names no entity"),
        (json!({"__typename": "Holder"}), "representations.1.id is missing"),
        (json!({"__typename": "Holder", "id": null}), "representations.1.id is missing"),
        (json!({"__typename": "Holder", "document": secret}), "representations.1.id is missing"),
        (json!({"__typename": "Holder", "id": secret}), "representations.1.id is no UUID"),
        (json!({"__typename": "Holder", "id": UNKNOWN.replace('-', "")}), "representations.1.id is no UUID"),
        (json!({"__typename": "Holder", "id": 91315026015_u64}), "representations.1.id is no text"),
        (json!({"__typename": "Holder", "id": [UNKNOWN]}), "representations.1.id is no text"),
        (json!({"__typename": "Holder", "id": {"id": secret}}), "representations.1.id is no text"),
        (
            json!({"__typename": "Holder", "ledgerId": UNKNOWN, "accountId": UNKNOWN}),
            "representations.1.id is missing",
        ),
        (json!({"__typename": "AliasAccount"}), "representations.1 has no key"),
        (json!({"__typename": "AliasAccount", "document": secret}), "representations.1 has no key"),
        (json!({"__typename": "AliasAccount", "id": secret}), "representations.1.id is no UUID"),
        (
            json!({"__typename": "AliasAccount", "id": secret, "ledgerId": UNKNOWN, "accountId": UNKNOWN}),
            "representations.1.id is no UUID",
        ),
        (
            json!({"__typename": "AliasAccount", "ledgerId": UNKNOWN}),
            "representations.1.accountId is missing",
        ),
        (
            json!({"__typename": "AliasAccount", "accountId": UNKNOWN}),
            "representations.1.ledgerId is missing",
        ),
        (
            json!({"__typename": "AliasAccount", "ledgerId": UNKNOWN, "accountId": secret}),
            "representations.1.accountId is no UUID",
        ),
        (
            json!({"__typename": "AliasAccount", "ledgerId": true, "accountId": UNKNOWN}),
            "representations.1.ledgerId is no text",
        ),
    ];
    for (bad, message) in bad {
        let asked = json!([holder(&one.holder), bad, holder(UNKNOWN), holder(&one.holder)]);
        let answer = app.ask(ENTITIES, representations(asked)).await;
        assert_eq!(told(&answer), [(json!(["_entities", 1]), "BAD_USER_INPUT")], "{bad}");
        let expected = json!([one.as_holder(), null, null, one.as_holder()]);
        assert_eq!(answer["data"]["_entities"], expected, "{bad}");
        let said = answer["errors"][0]["message"].as_str().unwrap();
        assert!(said.starts_with(message), "{bad}: {said}");
        assert!(!answer["errors"].to_string().contains(secret), "{bad}: {answer}");
    }
    assert!(!app.log().contains(secret));
}

#[tokio::test]
async fn every_bad_representation_is_told_and_none_of_them_asks_the_store() {
    let app = App::sandbox_with(&FEDERATED);
    let before = calls(&app, "holders").await + calls(&app, "alias_accounts").await;
    let asked = json!([{"__typename": "Holder"}, {"__typename": "AliasAccount"}, {"id": UNKNOWN}]);
    let answer = app.ask(ENTITIES, representations(asked)).await;
    let expected: Vec<_> = (0..3).map(|index| (json!(["_entities", index]), "BAD_USER_INPUT")).collect();
    assert_eq!(told(&answer), expected);
    assert_eq!(answer["data"], json!({"_entities": [null, null, null]}));
    assert_eq!(calls(&app, "holders").await + calls(&app, "alias_accounts").await, before);
}

#[tokio::test]
async fn what_is_no_object_is_refused_before_anything_runs() {
    let app = App::sandbox_with(&FEDERATED);
    let wrong =
        [json!([7]), json!(["x"]), json!([null]), json!([[]]), json!(true), json!(null), json!([[{}]])];
    for wrong in wrong {
        let answer = send(app.request(ENTITIES, representations(wrong.clone()))).await;
        assert_eq!((answer.status, answer.code()), (400, "BAD_USER_INPUT"), "{wrong}: {}", answer.body);
    }
    let missing = send(app.request(ENTITIES, json!({}))).await;
    assert_eq!((missing.status, missing.code()), (400, "BAD_USER_INPUT"));
    for wrong in [
        "7",
        "\"x\"",
        "null",
        "[null]",
        "[HOLDER]",
        "[{__typename: Holder, id: \"x\"}]",
        "[{__typename: \"Holder\", id: $unknown}]",
        "[{__typename: \"Holder\", id: \"x\", id: \"y\"}]",
    ] {
        let query = format!(
            "query($id: ID!) {{ node(id: $id) {{ id }} _entities(representations: {wrong}) {{ __typename }} }}"
        );
        let answer = send(app.request(&query, json!({"id": UNKNOWN}))).await;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "GRAPHQL_VALIDATION_FAILED"),
            "{wrong}: {}",
            answer.body
        );
        assert_eq!(answer.body.get("data"), None, "{wrong}");
    }
}

#[tokio::test]
async fn entities_count_as_many_as_their_representations() {
    let app = App::sandbox_with(&FEDERATED);
    let one = Linked::new(&app, 0).await;
    let selected = "... on Holder { aliasAccounts(first: 100) { nodes { id ledgerId accountId } } }";
    let by_variable = format!(
        "query($representations: [_Any!]!) {{ _entities(representations: $representations) {{ {selected} }} }}"
    );
    let many = json!(vec![holder(&one.holder); 100]);
    let answer = send(app.request(&by_variable, representations(many))).await;
    assert_eq!(answer.code(), "QUERY_TOO_COMPLEX", "{}", answer.body);
    let data = app.data(&by_variable, representations(json!([holder(&one.holder)]))).await;
    assert_eq!(data["_entities"][0]["aliasAccounts"]["nodes"][0]["id"], json!(one.alias_account));
    let literal = format!(
        "{{ _entities(representations: [{{__typename: \"Holder\", id: \"{}\"}}]) {{ {selected} }} }}",
        one.holder
    );
    let data = app.data(&literal, json!({})).await;
    let nodes = &data["_entities"][0]["aliasAccounts"]["nodes"];
    assert_eq!(
        nodes,
        &json!([{"id": one.alias_account, "ledgerId": app.ledger_id(), "accountId": one.account}])
    );
}

#[tokio::test]
async fn a_record_that_does_not_open_spoils_its_own_fields_only() {
    let app = App::sandbox_with(&FEDERATED);
    let (one, two) = (Linked::new(&app, 0).await, Linked::new(&app, 1).await);
    let dir = app.stop();
    let mut sealed = crate::inside::sealed(dir.path(), "holders", &one.holder);
    let middle = sealed.len() / 2;
    sealed[middle] ^= 1;
    crate::inside::put_sealed(dir.path(), "holders", &one.holder, &sealed);
    let app = App::sandbox_in(dir, &FEDERATED);
    let answer = app.ask(ENTITIES, representations(json!([holder(&one.holder), holder(&two.holder)]))).await;
    assert_eq!(told(&answer), [(json!(["_entities", 0, "name"]), "UNREADABLE")]);
    let broken = json!({"__typename": "Holder", "id": one.holder, "name": Value::Null});
    assert_eq!(answer["data"]["_entities"], json!([broken, two.as_holder()]));
}
