//! What arrives of an argument: absent, null and a value, with and without variables.

use async_graphql::{Request, Variables};
use serde_json::{Value, json};

async fn arrived(document: &str, variables: Value) -> String {
    let request = Request::new(document).variables(Variables::from_json(variables));
    let response = super::schema().execute(request).await;
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    let Value::Object(data) = response.data.into_json().unwrap() else { panic!("no data") };
    data.values().next().unwrap().as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_variable_that_is_not_given_leaves_its_field_absent() {
    let document = "mutation($name: String, $phone: String) { updateHolder(input: \
                    {id: \"7\", name: $name, contact: {mobilePhone: $phone}}) }";
    for (variables, expected) in [
        (json!({}), "name keep, contact set, phone keep"),
        (json!({"name": null, "phone": null}), "name clear, contact set, phone clear"),
        (json!({"name": "Ana", "phone": "1"}), "name set, contact set, phone set"),
    ] {
        assert_eq!(arrived(document, variables).await, expected);
    }
}

#[tokio::test]
async fn an_input_in_one_variable_tells_absent_from_null() {
    let document = "mutation($input: UpdateHolderInput!) { updateHolder(input: $input) }";
    for (input, expected) in [
        (json!({"id": "7"}), "name keep, contact keep, phone nothing"),
        (json!({"id": "7", "name": null, "contact": null}), "name clear, contact clear, phone nothing"),
        (json!({"id": "7", "contact": {}}), "name keep, contact set, phone keep"),
        (json!({"id": "7", "contact": {"mobilePhone": null}}), "name keep, contact set, phone clear"),
    ] {
        assert_eq!(arrived(document, json!({ "input": input })).await, expected);
    }
}

#[tokio::test]
async fn a_deletion_is_soft_where_it_is_not_said_to_be_hard() {
    for (document, variables, expected) in [
        ("mutation { deleteHolder(input: {id: \"7\"}) }", json!({}), "7 Soft"),
        ("mutation { deleteHolder(input: {id: \"7\", mode: HARD}) }", json!({}), "7 Hard"),
        ("mutation($m: DeletionMode) { deleteHolder(input: {id: \"7\", mode: $m}) }", json!({}), "7 Soft"),
        (
            "mutation($i: DeleteAliasAccountInput!) { deleteAliasAccount(input: $i) }",
            json!({"i": {"id": "7", "expectedVersion": 3}}),
            "7 Soft Some(3)",
        ),
    ] {
        assert_eq!(arrived(document, variables).await, expected, "{document}");
    }
}

#[tokio::test]
async fn a_key_inside_the_holder_of_an_onboarding_is_seen() {
    let document = "mutation($input: OnboardHolderInput!) { onboardHolder(input: $input) }";
    let uuid = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";
    let onboarding = |key: Value| {
        let holder = json!({"type": "LEGAL_PERSON", "name": "Sol", "document": "1", "idempotencyKey": key});
        json!({"input": {"holder": holder, "aliasAccounts": [{"ledgerId": uuid, "accountId": uuid}]}})
    };
    assert_eq!(arrived(document, onboarding(json!("k"))).await, "1 alias accounts, inner key true");
    assert_eq!(arrived(document, onboarding(Value::Null)).await, "1 alias accounts, inner key false");
}
