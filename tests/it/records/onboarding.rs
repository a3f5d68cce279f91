//! onboardHolder: one holder and its alias accounts, all of them or nothing.

use super::assert_refused;
use crate::app::{App, code, new_holder, user_errors};
use crate::calls::text;
use crate::shape::whole;
use serde_json::{Value, json};

fn account(app: &App, id: &str) -> Value {
    json!({"ledgerId": app.ledger_id(), "accountId": id})
}

#[tokio::test]
async fn everything_that_is_given_is_stored_and_read_back_in_the_order_of_the_input() {
    let app = App::sandbox();
    let mut one = account(&app, &app.account(4));
    one["bankingDetails"] = json!({"branch": "0001", "account": "12345-6", "iban": "GB82 WEST"});
    one["relatedParties"] =
        json!([{"document": "P-1", "name": "Ana", "role": "PRIMARY_HOLDER", "startDate": "2024-01-01"}]);
    one["regulatoryFields"] = json!({"participantDocument": "R-1"});
    one["metadata"] = json!({"channel": "app"});
    let input = json!({"holder": new_holder(), "aliasAccounts": [one, account(&app, &app.account(0)), account(&app, &app.account(2))]});
    let fields = format!("holder {} aliasAccounts {}", whole("Holder"), whole("AliasAccount"));
    let made = app.mutate("onboardHolder", &fields, &input).await;
    let read = format!(
        "query($id: ID!) {{ holder(id: $id) {{ ...H aliasAccounts {{ nodes {{ ...A }} }} }} }}
        fragment H on Holder {} fragment A on AliasAccount {}",
        whole("Holder"),
        whole("AliasAccount")
    );
    let mut found = app.data(&read, json!({"id": made["holder"]["id"]})).await["holder"].clone();
    let nodes = found.as_object_mut().unwrap().remove("aliasAccounts").unwrap()["nodes"].clone();
    assert_eq!((&made["holder"], &made["aliasAccounts"]), (&found, &nodes));
    let accounts: Vec<&str> =
        nodes.as_array().unwrap().iter().map(|alias| text(alias, "/accountId")).collect();
    assert_eq!(accounts, [app.account(4), app.account(0), app.account(2)]);
    for (name, value) in input["aliasAccounts"][0]["bankingDetails"].as_object().unwrap() {
        assert_eq!(nodes[0]["bankingDetails"][name], *value);
    }
    assert_eq!(nodes[0]["relatedParties"][0]["document"], json!("P-1"));
    assert_eq!(nodes[0]["document"], input["holder"]["document"]);
    assert_eq!(nodes[1]["link"]["status"], json!("VERIFIED"));
    app.check();
}

#[tokio::test]
async fn a_hundred_accounts_are_taken_none_are_too_and_a_hundred_and_one_are_not() {
    let app = App::sandbox();
    let accounts =
        |many: usize| (0..many).map(|index| account(&app, &app.account(index))).collect::<Vec<_>>();
    let onboard = async |accounts: Vec<Value>| {
        let input = json!({"holder": new_holder(), "aliasAccounts": accounts});
        app.mutate("onboardHolder", "holder { id } aliasAccounts { accountId link { status } }", &input).await
    };
    assert_refused(&onboard(accounts(101)).await, "TOO_LONG", "aliasAccounts");
    assert_eq!(app.stored(), (0, 0));
    let none = onboard(Vec::new()).await;
    assert!(none["holder"]["id"].is_string() && none["aliasAccounts"] == json!([]), "{none}");
    let hundred = onboard(accounts(100)).await;
    let linked: Vec<&str> =
        hundred["aliasAccounts"].as_array().unwrap().iter().map(|alias| text(alias, "/accountId")).collect();
    assert_eq!(linked, (0..100).map(|index| app.account(index)).collect::<Vec<_>>());
    assert_eq!(app.stored(), (2, 100));
    app.check();
}

#[tokio::test]
async fn one_refusal_and_nothing_is_stored_each_at_its_path() {
    let app = App::sandbox();
    let (holder, _) = app.linked("913.150.260-15", &app.account(9)).await;
    app.ledger_says(&app.account(8), json!({"holderId": holder})).await;
    let special = |name: &str| account(&app, app.info[name].as_str().unwrap());
    let nowhere = json!({"ledgerId": app.account(0), "accountId": app.account(0)});
    let good = account(&app, &app.account(0));
    let mut wrong = account(&app, &app.account(1));
    wrong["bankingDetails"] = json!({"iban": "--", "countryCode": "br"});
    let taken = json!({"type": "NATURAL_PERSON", "name": "A", "document": "91315026015"});
    let nameless = json!({"type": "NATURAL_PERSON", "name": "", "document": "D-1"});
    let plain = json!({"type": "NATURAL_PERSON", "name": "A", "document": "D-1"});
    for (holder, accounts, expected) in [
        (
            &plain,
            json!([good, special("blockedAccountId")]),
            vec![("LEDGER_ACCOUNT_BLOCKED", "aliasAccounts/1/accountId")],
        ),
        (
            &plain,
            json!([
                special("externalAccountId"),
                good,
                special("deletedAccountId"),
                nowhere,
                account(&app, &app.account(8))
            ]),
            vec![
                ("LEDGER_ACCOUNT_EXTERNAL", "aliasAccounts/0/accountId"),
                ("LEDGER_ACCOUNT_NOT_FOUND", "aliasAccounts/2/accountId"),
                ("LEDGER_NOT_FOUND", "aliasAccounts/3/ledgerId"),
                ("LEDGER_ACCOUNT_HOLDER_MISMATCH", "aliasAccounts/4/accountId"),
            ],
        ),
        (
            &plain,
            json!([good, good, good]),
            vec![
                ("ACCOUNT_IN_USE", "aliasAccounts/1/accountId"),
                ("ACCOUNT_IN_USE", "aliasAccounts/2/accountId"),
            ],
        ),
        (
            &nameless,
            json!([good, wrong]),
            vec![
                ("INVALID_VALUE", "holder/name"),
                ("INVALID_VALUE", "aliasAccounts/1/bankingDetails/countryCode"),
                ("INVALID_VALUE", "aliasAccounts/1/bankingDetails/iban"),
            ],
        ),
        (
            &taken,
            json!([good, account(&app, &app.account(9))]),
            vec![("DOCUMENT_IN_USE", "holder/document"), ("ACCOUNT_IN_USE", "aliasAccounts/1/accountId")],
        ),
    ] {
        let input = json!({"holder": holder, "aliasAccounts": accounts});
        let payload = app.mutate("onboardHolder", "holder { id } aliasAccounts { id }", &input).await;
        let mut told = user_errors(&payload);
        told.sort_by_key(|(_, field)| field.clone());
        let mut expected: Vec<(String, String)> =
            expected.into_iter().map(|(code, field)| (code.to_owned(), format!("input/{field}"))).collect();
        expected.sort_by_key(|(_, field)| field.clone());
        assert_eq!(told, expected);
        assert_eq!((&payload["holder"], &payload["aliasAccounts"]), (&Value::Null, &json!([])));
        assert_eq!(app.stored(), (1, 1), "{input}");
    }
    // Nothing of what was refused is taken.
    let input = json!({"holder": plain, "aliasAccounts": [good]});
    let payload = app.mutate("onboardHolder", "holder { id } aliasAccounts { id }", &input).await;
    assert_eq!(payload["userErrors"], json!([]));
    app.check();
}

#[tokio::test]
async fn a_key_inside_the_holder_is_no_key_and_a_dead_ledger_stores_nothing() {
    let upstreams = App::upstreams();
    let app = App::serve(&upstreams, &[("MIDAZ_LEDGER_URL", "http://127.0.0.1:9")]);
    let mut holder = new_holder();
    holder["idempotencyKey"] = json!("k");
    let query = "mutation($input: OnboardHolderInput!) {
        onboardHolder(input: $input) { holder { id } aliasAccounts { id } userErrors { code } } }";
    for key in [json!("k"), Value::Null] {
        let input = json!({"holder": holder, "aliasAccounts": [], "idempotencyKey": key});
        let answer = app.ask(query, json!({"input": input})).await;
        assert_eq!((code(&answer), &answer["data"]["onboardHolder"]), ("BAD_USER_INPUT", &Value::Null));
        assert!(
            answer["errors"][0]["message"].as_str().unwrap().contains("holder.idempotencyKey"),
            "{answer}"
        );
    }
    let input = json!({"holder": new_holder(), "aliasAccounts": [account(&app, &app.account(0))], "idempotencyKey": "k"});
    let answer = app.ask(query, json!({"input": input})).await;
    assert_eq!((code(&answer), &answer["data"]["onboardHolder"]), ("LEDGER_UNAVAILABLE", &Value::Null));
    assert_eq!(app.stored(), (0, 0));
    // Without accounts the ledger is not asked.
    let input = json!({"holder": new_holder(), "aliasAccounts": []});
    let answer = app.ask(query, json!({"input": input})).await;
    assert_eq!(answer["data"]["onboardHolder"]["userErrors"], json!([]), "{answer}");
    assert_eq!(app.stored(), (1, 0));
}
