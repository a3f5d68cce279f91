//! Rule 2, LEDGER_HOLDER_CHECK: what is made of the holder that a v4 ledger names on an account.

use crate::app::{App, user_errors};
use serde_json::{Value, json};

const UNKNOWN: &str = "01900000-0000-7000-8000-000000000000";
const MISMATCH: &str = "LEDGER_ACCOUNT_HOLDER_MISMATCH";

/// What becomes of a link, of a restoration and of a check of an account that names this holder: the status, with a
/// detail or not, or the code of the refusal.
async fn told(upstreams: &App, check: &str, named: impl Fn(&str, &str) -> Value) -> [String; 3] {
    let app = App::serve(upstreams, &[("LEDGER_HOLDER_CHECK", check)]);
    let (holder, other, account) = (app.holder().await, app.holder().await, upstreams.open_account().await);
    let fields = "aliasAccount { id link { status detail } }";
    let link = app.link_input(&holder, &account);
    let first = app.mutate("createAliasAccount", fields, &link).await;
    let id = first["aliasAccount"]["id"].clone();
    upstreams.ledger_says(&account, json!({"holderId": named(&holder, &other)})).await;
    let checked = app.mutate("verifyAliasAccount", fields, &json!({"id": id})).await;
    app.archive("deleteAliasAccount", id.as_str().unwrap()).await;
    let restored = app.mutate("restoreAliasAccount", fields, &json!({"id": id})).await;
    if restored["userErrors"] == json!([]) {
        app.archive("deleteAliasAccount", id.as_str().unwrap()).await;
    }
    let created = app.mutate("createAliasAccount", fields, &link).await;
    [created, restored, checked].map(|payload| match user_errors(&payload).first() {
        Some((code, _)) => code.clone(),
        None => {
            let link = &payload["aliasAccount"]["link"];
            let detail = if link["detail"].is_null() { "" } else { " with a detail" };
            format!("{}{detail}", link["status"].as_str().unwrap())
        }
    })
}

#[tokio::test]
async fn known_refuses_another_holder_of_ours_strict_also_an_unknown_one_and_off_does_not_look() {
    let upstreams = App::upstreams();
    let (fine, remarked, mismatch) = ("VERIFIED", "VERIFIED with a detail", "MISMATCH with a detail");
    for (check, other, unknown) in [
        ("known", [MISMATCH, MISMATCH, mismatch], [remarked; 3]),
        ("strict", [MISMATCH, MISMATCH, mismatch], [MISMATCH, MISMATCH, mismatch]),
        ("off", [fine; 3], [fine; 3]),
    ] {
        assert_eq!(told(&upstreams, check, |holder, _| json!(holder)).await, [fine; 3], "{check}: itself");
        assert_eq!(told(&upstreams, check, |_, _| Value::Null).await, [fine; 3], "{check}: nobody");
        assert_eq!(told(&upstreams, check, |_, other| json!(other)).await, other, "{check}: another of ours");
        assert_eq!(told(&upstreams, check, |_, _| json!(UNKNOWN)).await, unknown, "{check}: unknown");
    }
}
