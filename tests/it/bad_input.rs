//! Every wrong input has its own answer, and nothing is stored.

use super::app::{App, CREATE_ALIAS, CREATE_HOLDER, code, new_holder, send, user_errors};
use serde_json::{Value, json};

fn with(mut input: Value, path: &[&str], value: Value) -> Value {
    let mut at = &mut input;
    for step in path {
        at = &mut at[*step];
    }
    *at = value;
    input
}

#[tokio::test]
async fn wrong_fields_of_a_holder_are_told_by_code_and_path_and_nothing_is_stored() {
    let app = App::sandbox();
    let address = json!({"line1": "a", "zipCode": "1", "city": "c", "state": "s", "country": "XX"});
    for (path, value, expected, field) in [
        (&["name"][..], json!(""), "INVALID_VALUE", "input/name"),
        (&["name"], json!(" \u{a0}"), "INVALID_VALUE", "input/name"),
        (&["name"], json!("a\u{202e}b"), "INVALID_VALUE", "input/name"),
        (&["name"], json!("x".repeat(257)), "TOO_LONG", "input/name"),
        (&["document"], json!("-.-"), "INVALID_VALUE", "input/document"),
        (&["document"], json!("9".repeat(65)), "TOO_LONG", "input/document"),
        (&["externalId"], json!("x".repeat(257)), "TOO_LONG", "input/externalId"),
        (&["externalId"], json!("maria@example.com"), "METADATA_SENSITIVE", "input/externalId"),
        (&["contact"], json!({"primaryEmail": "maria"}), "INVALID_VALUE", "input/contact/primaryEmail"),
        (&["addresses"], json!({"primary": address}), "INVALID_VALUE", "input/addresses/primary/country"),
        (
            &["legalPerson"],
            json!({"representative": {"email": "@"}}),
            "INVALID_VALUE",
            "input/legalPerson/representative/email",
        ),
        (&["metadata"], json!({"a.b": 1}), "METADATA_INVALID", "input/metadata/a.b"),
        (&["metadata"], json!({"k": null}), "METADATA_INVALID", "input/metadata/k"),
        (&["metadata"], json!({"cpf": "x"}), "METADATA_SENSITIVE", "input/metadata/cpf"),
        (&["metadata"], json!({"k": "913.150.260-15"}), "METADATA_SENSITIVE", "input/metadata/k"),
        (&["idempotencyKey"], json!("ключ"), "INVALID_VALUE", "input/idempotencyKey"),
    ] {
        let answer = app.ask(CREATE_HOLDER, json!({"input": with(new_holder(), path, value)})).await;
        let payload = &answer["data"]["createHolder"];
        assert_eq!(user_errors(payload), [(expected.to_owned(), field.to_owned())], "{answer}");
        assert_eq!(payload["holder"], Value::Null);
    }
    assert_eq!(app.stored(), (0, 0));
}

#[tokio::test]
async fn all_faults_of_one_input_come_at_once() {
    let app = App::sandbox();
    let input = json!({"type": "NATURAL_PERSON", "name": "", "document": ".", "metadata": {"$a": []},
        "addresses": {"additional1": {"country": "BR"}}});
    let answer = app.ask(CREATE_HOLDER, json!({"input": input})).await;
    let told: Vec<String> =
        user_errors(&answer["data"]["createHolder"]).into_iter().map(|(_, field)| field).collect();
    let expected = [
        "name",
        "document",
        "addresses/additional1/line1",
        "addresses/additional1/zipCode",
        "addresses/additional1/city",
        "addresses/additional1/state",
        "metadata/$a",
        "metadata/$a",
    ];
    assert_eq!(told, expected.map(|field| format!("input/{field}")));
}

#[tokio::test]
async fn a_document_belongs_to_one_live_holder_however_it_is_written() {
    let app = App::sandbox();
    let create = |document: &str| json!({"input": with(new_holder(), &["document"], json!(document))});
    app.ask(CREATE_HOLDER, create("913.150.260-15")).await;
    for document in ["913.150.260-15", "91315026015", " 913 150 260 15", "９１３１５０２６０１５"]
    {
        let answer = app.ask(CREATE_HOLDER, create(document)).await;
        let expected = [("DOCUMENT_IN_USE".to_owned(), "input/document".to_owned())];
        assert_eq!(user_errors(&answer["data"]["createHolder"]), expected);
    }
    assert_eq!(app.stored(), (1, 0));
}

#[tokio::test]
async fn wrong_links_are_told_by_code_and_path_and_nothing_is_stored() {
    let app = App::sandbox();
    let holder = app.holder().await;
    let unknown = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";
    let text = |name: &str| app.info[name].as_str().unwrap().to_owned();
    let good = || app.link_input(&holder, &app.account(0));
    let party = |end: &str| json!([{"document": "1", "name": "A", "role": "PRIMARY_HOLDER", "startDate": "2024-01-02", "endDate": end}]);
    for (input, expected, field) in [
        (with(good(), &["holderId"], json!("7")), "INVALID_VALUE", "holderId"),
        (with(good(), &["holderId"], json!(unknown)), "HOLDER_NOT_FOUND", "holderId"),
        (with(good(), &["ledgerId"], json!(unknown)), "LEDGER_NOT_FOUND", "ledgerId"),
        (with(good(), &["accountId"], json!(unknown)), "LEDGER_ACCOUNT_NOT_FOUND", "accountId"),
        (
            with(good(), &["accountId"], json!(text("deletedAccountId"))),
            "LEDGER_ACCOUNT_NOT_FOUND",
            "accountId",
        ),
        (
            with(good(), &["accountId"], json!(text("blockedAccountId"))),
            "LEDGER_ACCOUNT_BLOCKED",
            "accountId",
        ),
        (
            with(good(), &["accountId"], json!(text("externalAccountId"))),
            "LEDGER_ACCOUNT_EXTERNAL",
            "accountId",
        ),
        (
            with(good(), &["relatedParties"], party("2024-01-01")),
            "RELATED_PARTY_DATES",
            "relatedParties/0/endDate",
        ),
        (
            with(
                good(),
                &["bankingDetails"],
                json!({"openingDate": "2024-01-02", "closingDate": "2024-01-01"}),
            ),
            "CLOSING_DATE_BEFORE_OPENING_DATE",
            "bankingDetails/closingDate",
        ),
        (
            with(good(), &["bankingDetails"], json!({"bankId": "11.222.333/0001-81"})),
            "METADATA_SENSITIVE",
            "bankingDetails/bankId",
        ),
        (
            with(good(), &["regulatoryFields"], json!({"participantDocument": ""})),
            "INVALID_VALUE",
            "regulatoryFields/participantDocument",
        ),
    ] {
        let answer = app.ask(CREATE_ALIAS, json!({"input": input})).await;
        let payload = &answer["data"]["createAliasAccount"];
        assert_eq!(user_errors(payload), [(expected.to_owned(), format!("input/{field}"))], "{answer}");
        assert_eq!(payload["aliasAccount"], Value::Null);
    }
    assert_eq!(app.stored(), (1, 0));
    app.link(&holder, &app.account(0)).await;
    let answer = app.ask(CREATE_ALIAS, json!({"input": good()})).await;
    let expected = [("ACCOUNT_IN_USE".to_owned(), "input/accountId".to_owned())];
    assert_eq!(user_errors(&answer["data"]["createAliasAccount"]), expected);
    assert_eq!(app.stored(), (1, 1));
}

#[tokio::test]
async fn the_ledgers_own_holder_must_not_be_another_of_ours() {
    let app = App::sandbox();
    let (one, two) = (app.holder().await, app.holder().await);
    let unknown = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";
    for (account, named) in [(0, two.as_str()), (1, one.as_str()), (2, unknown)] {
        let url = format!(
            "{}/_sandbox/organizations/{}/ledgers/{}/accounts/{}",
            app.info["ledger"].as_str().unwrap(),
            app.organization(),
            app.ledger_id(),
            app.account(account)
        );
        assert!(
            app.client.put(url).json(&json!({"holderId": named})).send().await.unwrap().status().is_success()
        );
    }
    let link = "mutation($input: CreateAliasAccountInput!) { createAliasAccount(input: $input) {
        aliasAccount { link { status detail } } userErrors { code field } } }";
    let mut answers = Vec::new();
    for account in 0..3 {
        let answer = app.ask(link, json!({"input": app.link_input(&one, &app.account(account))})).await;
        answers.push(answer["data"]["createAliasAccount"].clone());
    }
    assert_eq!(answers[0]["userErrors"][0]["code"], json!("LEDGER_ACCOUNT_HOLDER_MISMATCH"));
    assert_eq!(answers[1]["aliasAccount"]["link"], json!({"status": "VERIFIED", "detail": null}));
    assert!(answers[2]["aliasAccount"]["link"]["detail"].is_string(), "{}", answers[2]);
}

#[tokio::test]
async fn a_dead_ledger_is_an_outage_and_nothing_is_stored() {
    let upstreams = App::upstreams();
    let app = App::serve(&upstreams, &[("MIDAZ_LEDGER_URL", "http://127.0.0.1:9")]);
    let holder = app.holder().await;
    let answer = app.ask(CREATE_ALIAS, json!({"input": app.link_input(&holder, &app.account(0))})).await;
    assert_eq!(
        (code(&answer), &answer["data"]),
        ("LEDGER_UNAVAILABLE", &json!({"createAliasAccount": null}))
    );
    assert_eq!(answer["errors"][0]["extensions"]["retryable"], json!(true));
    assert_eq!(app.stored(), (1, 0));
    let (status, body) = app.get("/readyz").await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (status, &body["status"], &body["checks"]["ledger"]["status"]),
        (200, &json!("degraded"), &json!("down"))
    );
}

#[tokio::test]
async fn a_dead_access_manager_is_an_outage_and_no_denial_and_nothing_is_stored() {
    let upstreams = App::upstreams();
    let app = App::serve(&upstreams, &[("PLUGIN_AUTH_ADDRESS", "http://127.0.0.1:9")]);
    let answer = app.ask(CREATE_HOLDER, json!({"input": new_holder()})).await;
    assert_eq!(code(&answer), "AUTHORIZATION_UNAVAILABLE");
    assert_eq!(answer["errors"][0]["extensions"]["retryable"], json!(true));
    let answer = app.ask("{ holderByDocument(document: \"1\") { id } }", json!({})).await;
    assert_eq!(code(&answer), "AUTHORIZATION_UNAVAILABLE");
    assert_eq!(app.stored(), (0, 0));
    assert!(app.get("/readyz").await.1.contains("degraded"));
}

#[tokio::test]
async fn a_store_that_cannot_be_written_is_told_and_works_again_afterwards() {
    let app = App::sandbox();
    let input = new_holder();
    let blocker = rusqlite::Connection::open(app.dir().join("holdergraph.db")).unwrap();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answer = send(app.request(CREATE_HOLDER, json!({"input": input}))).await;
    assert_eq!((answer.status, answer.code()), (200, "STORE_UNAVAILABLE"), "{}", answer.body);
    assert_eq!(answer.body["errors"][0]["extensions"]["retryable"], json!(true));
    blocker.execute_batch("ROLLBACK").unwrap();
    assert_eq!(app.stored(), (0, 0));
    let answer = app.ask(CREATE_HOLDER, json!({"input": input})).await;
    assert!(answer["data"]["createHolder"]["holder"]["id"].is_string(), "{answer}");
}

#[tokio::test]
async fn the_second_mutation_of_a_document_may_fail_and_the_first_stays() {
    let app = App::sandbox();
    let twice = "mutation($i: CreateHolderInput!) {
        a: createHolder(input: $i) { holder { id } userErrors { code } }
        b: createHolder(input: $i) { holder { id } userErrors { code } } }";
    let answer = app.ask(twice, json!({"i": new_holder()})).await;
    assert!(answer["data"]["a"]["holder"]["id"].is_string());
    assert_eq!(answer["data"]["b"]["userErrors"][0]["code"], json!("DOCUMENT_IN_USE"));
    assert_eq!(app.stored(), (1, 0));
    // A variable that does not fit is found before the first of them runs.
    let answer = send(app.request(
        "mutation($i: CreateHolderInput!, $j: CreateHolderInput!) {
            a: createHolder(input: $i) { holder { id } } b: createHolder(input: $j) { holder { id } } }",
        json!({"i": new_holder(), "j": {"type": "NATURAL_PERSON"}}),
    ))
    .await;
    assert_eq!((answer.status, answer.code()), (400, "BAD_USER_INPUT"));
    assert_eq!(app.stored(), (1, 0));
}

#[tokio::test]
async fn a_mutation_selected_twice_under_one_name_runs_once() {
    let app = App::sandbox();
    let again = "createHolder(input: $i) { holder { name } userErrors { code } }";
    for rest in [
        again.to_owned(),
        format!("... {{ {again} }}"),
        format!("... @include(if: true) {{ {again} }}"),
        "...More".to_owned(),
    ] {
        let fragment = if rest == "...More" {
            format!("fragment More on Mutation {{ {again} }}")
        } else {
            String::new()
        };
        let query = format!(
            "mutation($i: CreateHolderInput!) {{ createHolder(input: $i) {{ holder {{ id }} userErrors {{ code }} }} {rest} }} {fragment}"
        );
        let before = app.stored().0;
        let answer = app.ask(&query, json!({"i": new_holder()})).await;
        let payload = &answer["data"]["createHolder"];
        assert_eq!(
            (&payload["userErrors"], &payload["holder"]["name"]),
            (&json!([]), &json!("Maria Souza")),
            "{answer}"
        );
        assert!(payload["holder"]["id"].is_string(), "{answer}");
        assert_eq!(app.stored().0, before + 1);
    }
    // Each time on a condition: what holds with these variables is what runs.
    let either = format!(
        "mutation($i: CreateHolderInput!, $a: Boolean!) {{ {} {} }}",
        again.replace(") {", ") @include(if: $a) {"),
        again.replace(") {", ") @skip(if: $a) {")
    );
    for a in [true, false] {
        let before = app.stored().0;
        let answer = app.ask(&either, json!({"i": new_holder(), "a": a})).await;
        assert_eq!(answer["data"]["createHolder"]["holder"]["name"], "Maria Souza", "{answer}");
        assert_eq!(app.stored().0, before + 1);
    }
}

#[tokio::test]
async fn a_mutation_on_a_condition_runs_only_where_it_holds() {
    let app = App::sandbox();
    let query = "mutation($i: CreateHolderInput!, $yes: Boolean!) {
        a: createHolder(input: $i) @include(if: $yes) { userErrors { code } }
        ... @skip(if: $yes) { b: createHolder(input: $i) { userErrors { code } } } }";
    for (yes, stored) in [(true, "a"), (false, "b")] {
        let answer = app.ask(query, json!({"i": new_holder(), "yes": yes})).await;
        assert_eq!(answer["data"], json!({stored: {"userErrors": []}}));
    }
    assert_eq!(app.stored(), (2, 0));
}

#[tokio::test]
async fn a_document_too_long_for_any_holder_is_no_search() {
    let app = App::sandbox();
    let query = "query($d: String!) { holderByDocument(document: $d) { id } }";
    let answer = app.ask(query, json!({"d": "9".repeat(65)})).await;
    assert_eq!((code(&answer), &answer["data"]["holderByDocument"]), ("BAD_USER_INPUT", &Value::Null));
}
