//! Rules 15 and 17: records by their ids, in the order asked; times and ids; masks.

use super::ids;
use crate::app::{App, code};
use crate::calls::text;
use serde_json::{Value, json};
use uuid::Uuid;

const NOBODY: &str = "01900000-0000-7000-8000-000000000000";

#[tokio::test]
async fn nodes_keep_order_and_repeats_and_see_live_records_of_both_types() {
    let app = App::sandbox();
    let (holder, alias) = app.linked("DOC-1", &app.account(0)).await;
    let deleted = app.holder().await;
    app.archive("deleteHolder", &deleted).await;
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Holder { name } ... on AliasAccount { accountId } } }";
    let wanted = [alias.as_str(), NOBODY, &holder, &deleted, &alias, &holder.to_uppercase(), &holder];
    let found = app.data(query, json!({"ids": wanted})).await["nodes"].clone();
    let one = json!({"__typename": "Holder", "id": holder, "name": "Maria Souza"});
    let other = json!({"__typename": "AliasAccount", "id": alias, "accountId": app.account(0)});
    assert_eq!(found, json!([other, null, one, null, other, one, one]));
    assert_eq!(app.data(query, json!({"ids": []})).await["nodes"], json!([]));
    let hundred = app.data(query, json!({"ids": vec![&holder; 100]})).await;
    assert_eq!(hundred["nodes"], json!(vec![&one; 100]));
    for ids in [json!(vec![&holder; 101]), json!([holder, "7"]), json!([""])] {
        let answer = app.ask(query, json!({"ids": ids})).await;
        assert_eq!((code(&answer), &answer["data"]["nodes"]), ("BAD_USER_INPUT", &Value::Null), "{answer}");
    }
}

#[tokio::test]
async fn owners_of_many_ledger_accounts_come_in_the_order_asked() {
    let app = App::sandbox();
    let (_, one) = app.linked("DOC-1", &app.account(0)).await;
    let (_, two) = app.linked("DOC-2", &app.account(1)).await;
    let query = "query($ledger: UUID!, $accounts: [UUID!]!) {
        aliasAccountsByLedgerAccounts(ledgerId: $ledger, accountIds: $accounts) { id } }";
    let accounts = json!([app.account(1), app.account(2), app.account(0).to_uppercase(), app.account(1)]);
    let found = app.data(query, json!({"ledger": app.ledger_id(), "accounts": accounts})).await;
    let expected = json!([{"id": two}, null, {"id": one}, {"id": two}]);
    assert_eq!(found["aliasAccountsByLedgerAccounts"], expected);
    let elsewhere = app.data(query, json!({"ledger": app.account(0), "accounts": accounts})).await;
    assert_eq!(elsewhere["aliasAccountsByLedgerAccounts"], json!([null, null, null, null]));
    for (many, ok) in [(100, true), (101, false)] {
        let variables = json!({"ledger": app.ledger_id(), "accounts": vec![app.account(0); many]});
        let answer = app.ask(query, variables).await;
        assert_eq!(code(&answer), if ok { "" } else { "BAD_USER_INPUT" }, "{many}");
    }
}

#[tokio::test]
async fn ids_rise_in_the_order_of_creation_and_times_are_the_same_when_written_and_when_read() {
    let app = App::sandbox();
    let mut made = Vec::new();
    for index in 0..20 {
        let input = json!({"type": "LEGAL_PERSON", "name": "A", "document": format!("DOC-{index}")});
        let fields = "holder { id createdAt updatedAt deletedAt }";
        made.push(app.mutate("createHolder", fields, &input).await["holder"].clone());
    }
    assert!(made.is_sorted_by(
        |a, b| text(a, "/id") < text(b, "/id") && text(a, "/createdAt") <= text(b, "/createdAt")
    ));
    for holder in &made {
        let id = Uuid::parse_str(text(holder, "/id")).unwrap();
        assert_eq!((id.get_version_num(), &holder["createdAt"]), (7, &holder["updatedAt"]));
        let (seconds, nanoseconds) = id.get_timestamp().unwrap().to_unix();
        let moment =
            jiff::Timestamp::new(seconds.try_into().unwrap(), nanoseconds.try_into().unwrap()).unwrap();
        assert_eq!(text(holder, "/createdAt"), format!("{moment:.3}"));
    }
    let list =
        app.data("{ holders(first: 100) { nodes { id createdAt updatedAt deletedAt } } }", json!({})).await;
    assert_eq!(list["holders"]["nodes"], json!(made));
    assert_eq!(ids(&list["holders"]).len(), 20);
}

#[tokio::test]
async fn masks_are_of_the_value_as_written_and_the_first_and_last_two_stay() {
    let app = App::sandbox();
    let holder = app.holder().await;
    for (index, (written, masked)) in [
        ("913.150.260-15", "91*******15"),
        ("AB-12 345", "AB***45"),
        ("12345", "*****"),
        ("1-2-3-4-5-6", "12**56"),
        ("a", "*"),
        ("ﬁﬁﬁ12é", "ﬁﬁ**2é"),
        ("パスポート７７", "パス***７７"),
    ]
    .into_iter()
    .enumerate()
    {
        let input = json!({"type": "NATURAL_PERSON", "name": "Maria Souza", "document": written});
        let made = app.mutate("createHolder", "holder { document documentMasked }", &input).await;
        assert_eq!(made["holder"], json!({"document": written, "documentMasked": masked}));
        let mut link = app.link_input(&holder, &app.account(index));
        link["bankingDetails"] = json!({"account": written, "iban": written});
        let fields = "aliasAccount { bankingDetails { account accountMasked iban ibanMasked } }";
        let made = app.mutate("createAliasAccount", fields, &link).await;
        let expected =
            json!({"account": written, "accountMasked": masked, "iban": written, "ibanMasked": masked});
        assert_eq!(made["aliasAccount"]["bankingDetails"], expected);
    }
    let link = app.link_input(&holder, &app.account(20));
    let made =
        app.mutate("createAliasAccount", "aliasAccount { bankingDetails { accountMasked } }", &link).await;
    assert_eq!(made["aliasAccount"]["bankingDetails"], Value::Null);
    let mut link = app.link_input(&holder, &app.account(21));
    link["bankingDetails"] = json!({"branch": "1"});
    let fields = "aliasAccount { bankingDetails { branch accountMasked ibanMasked } }";
    let made = app.mutate("createAliasAccount", fields, &link).await;
    let expected = json!({"branch": "1", "accountMasked": null, "ibanMasked": null});
    assert_eq!(made["aliasAccount"]["bankingDetails"], expected);
}
