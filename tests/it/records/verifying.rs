//! verifyAliasAccount: what the ledger says now is recorded, and nothing else is changed.

use super::ids;
use crate::app::{App, code};
use crate::calls::text;
use serde_json::{Value, json};

const WHOLE: &str = "aliasAccount { id version updatedAt link { status checkedAt detail } }";

async fn verify(app: &App, id: &str) -> Value {
    let payload = app.mutate("verifyAliasAccount", WHOLE, &json!({"id": id})).await;
    assert_eq!(payload["userErrors"], json!([]));
    payload["aliasAccount"].clone()
}

#[tokio::test]
async fn a_check_records_what_the_ledger_says_and_the_version_stays() {
    let app = App::sandbox();
    let (account, other) = (app.account(0), app.holder().await);
    let (holder, id) = app.linked("DOC-1", &account).await;
    let read =
        "query($id: ID!) { aliasAccount(id: $id) { id version updatedAt link { status checkedAt detail } } }";
    let mut last = app.data(read, json!({"id": id})).await["aliasAccount"].clone();
    let plain = json!({"blocked": false, "type": "deposit", "deletedAt": null, "holderId": null});
    for (change, status, has_detail) in [
        (json!({"blocked": true}), "BLOCKED", true),
        (json!({}), "VERIFIED", false),
        (json!({"deletedAt": "2026-01-01T00:00:00Z"}), "NOT_FOUND", true),
        (json!({"type": "external"}), "MISMATCH", true),
        (json!({"holderId": other}), "MISMATCH", true),
        (json!({"holderId": holder}), "VERIFIED", false),
        (json!({"holderId": "01900000-0000-7000-8000-000000000000"}), "VERIFIED", true),
        (json!({"holderId": "no uuid"}), "VERIFIED", true),
        (json!({}), "VERIFIED", false),
    ] {
        app.ledger_says(&account, plain.clone()).await;
        app.ledger_says(&account, change.clone()).await;
        let found = verify(&app, &id).await;
        assert_eq!(found["link"]["status"], json!(status), "{change}");
        assert_eq!(found["link"]["detail"].is_string(), has_detail, "{change}: {found}");
        assert!(text(&found, "/link/checkedAt") >= text(&last, "/link/checkedAt"));
        assert_eq!((&found["version"], &found["updatedAt"]), (&json!(1), &last["updatedAt"]));
        assert_eq!(app.data(read, json!({"id": id})).await["aliasAccount"], found);
        let list =
            "query($status: LinkStatus!) { aliasAccounts(filter: {linkStatus: $status}) { nodes { id } } }";
        for wanted in ["VERIFIED", "BLOCKED", "NOT_FOUND", "MISMATCH", "UNVERIFIED"] {
            let listed = app.data(list, json!({"status": wanted})).await;
            let expected: &[&String] = if wanted == status { &[&id] } else { &[] };
            assert_eq!(ids(&listed["aliasAccounts"]), expected, "{wanted} after {change}");
        }
        last = found;
    }
    app.check();
}

#[tokio::test]
async fn a_holder_that_the_ledger_names_counts_also_where_it_is_deleted() {
    let app = App::sandbox();
    let (account, other) = (app.account(0), app.holder().await);
    let (holder, id) = app.linked("DOC-1", &account).await;
    app.archive("deleteHolder", &other).await;
    app.ledger_says(&account, json!({"holderId": other})).await;
    assert_eq!(verify(&app, &id).await["link"]["status"], json!("MISMATCH"));
    app.ledger_says(&app.account(1), json!({"holderId": other.to_uppercase()})).await;
    let link = app.link_input(&holder, &app.account(1));
    let refused = app.mutate("createAliasAccount", "aliasAccount { id }", &link).await;
    super::assert_refused(&refused, "LEDGER_ACCOUNT_HOLDER_MISMATCH", "accountId");
    // Erased, it is unknown here.
    app.mutate("deleteHolder", "deletedId", &json!({"id": other, "mode": "HARD"})).await;
    let found = verify(&app, &id).await;
    assert_eq!((&found["link"]["status"], found["link"]["detail"].is_string()), (&json!("VERIFIED"), true));
}

#[tokio::test]
async fn a_ledger_that_gives_no_answer_leaves_the_link_as_it_was() {
    let upstreams = App::upstreams();
    let app = App::serve(&upstreams, &[]);
    let (_, id) = app.linked("DOC-1", &app.account(0)).await;
    upstreams.ledger_says(&app.account(0), json!({"blocked": true})).await;
    let before = verify(&app, &id).await;
    assert_eq!(before["link"]["status"], json!("BLOCKED"));
    let app = App::serve_in(app.stop(), &upstreams, &[("MIDAZ_LEDGER_URL", "http://127.0.0.1:9")]);
    let query = "mutation($id: ID!) { verifyAliasAccount(input: {id: $id}) { aliasAccount { id } userErrors { code } } }";
    let answer = app.ask(query, json!({"id": id})).await;
    assert_eq!((code(&answer), &answer["data"]["verifyAliasAccount"]), ("LEDGER_UNAVAILABLE", &Value::Null));
    assert_eq!(answer["errors"][0]["extensions"]["retryable"], json!(true));
    let read =
        "query($id: ID!) { aliasAccount(id: $id) { id version updatedAt link { status checkedAt detail } } }";
    assert_eq!(app.data(read, json!({"id": id})).await["aliasAccount"], before);
}
