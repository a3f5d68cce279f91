use super::super::testing::{Sandbox, answer, bad_tokens, bearer, members, refusal};
use super::super::{LedgerIdentity, Organization};
use super::*;
use reqwest::header::AUTHORIZATION;
use reqwest::{Method, RequestBuilder};
use std::fmt::Display;
use uuid::Uuid;

const ACCOUNT: [&str; 17] = [
    "alias",
    "assetCode",
    "blocked",
    "createdAt",
    "deletedAt",
    "entityId",
    "id",
    "ledgerId",
    "metadata",
    "name",
    "organizationId",
    "parentAccountId",
    "portfolioId",
    "segmentId",
    "status",
    "type",
    "updatedAt",
];
const LEDGER: [&str; 9] =
    ["createdAt", "deletedAt", "id", "metadata", "name", "organizationId", "settings", "status", "updatedAt"];

fn ledger_path(organization: impl Display, ledger: impl Display) -> String {
    format!("/v1/organizations/{organization}/ledgers/{ledger}")
}

fn of(organization: &Organization) -> String {
    ledger_path(organization.id, organization.ledger.id)
}

fn account_path(organization: &Organization, account: impl Display) -> String {
    format!("{}/accounts/{account}", of(organization))
}

/// The door that changes an account of the main ledger.
fn put_at(sandbox: &Sandbox, path: &str, body: &Value) -> RequestBuilder {
    sandbox.ledger(Method::PUT, &path.replacen("/v1/", "/_sandbox/", 1)).json(body)
}

async fn put_account(sandbox: &Sandbox, account: AccountId, body: Value) -> (u16, Value) {
    answer(put_at(sandbox, &account_path(sandbox.world.organization(), account), &body)).await
}

async fn page(sandbox: &Sandbox, organization: &Organization, query: &str) -> Value {
    let (status, body) = answer(sandbox.ask_ledger(&format!("{}/accounts{query}", of(organization)))).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(members(&body), ["items", "limit", "page"]);
    body
}

#[tokio::test]
async fn a_ledger_is_told_whole() {
    let sandbox = Sandbox::start().await;
    for organization in [sandbox.world.organization(), sandbox.world.other()] {
        let LedgerIdentity { id, name } = &organization.ledger;
        let (status, body) = answer(sandbox.ask_ledger(&of(organization))).await;
        assert_eq!((status, members(&body)), (200, LEDGER.to_vec()));
        assert_eq!((&body["id"], &body["name"]), (&json!(id), &json!(name)));
        assert_eq!(body["organizationId"], json!(organization.id));
        assert_eq!(body["status"], json!({"code": "ACTIVE", "description": null}));
        assert!(body["createdAt"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
        assert_eq!(body["deletedAt"], Value::Null);
    }
}

#[tokio::test]
async fn an_account_is_told_whole() {
    let sandbox = Sandbox::start().await;
    let organization = sandbox.world.organization();
    let id = organization.open_accounts[0];
    let (status, body) = answer(sandbox.ask_ledger(&account_path(organization, id))).await;
    assert_eq!((status, members(&body)), (200, ACCOUNT.to_vec()));
    assert_eq!(
        (&body["id"], &body["blocked"], &body["type"]),
        (&json!(id), &json!(false), &json!("deposit"))
    );
    assert_eq!(body["organizationId"], json!(organization.id));
    assert_eq!(body["ledgerId"], json!(organization.ledger.id));
    assert_eq!((&body["assetCode"], &body["alias"]), (&json!("BRL"), &json!("@deposit-001")));
    let upper = account_path(organization, id.to_string().to_uppercase());
    assert_eq!(answer(sandbox.ask_ledger(&upper)).await, (200, body));

    let refused = sandbox.world.refused();
    let (_, blocked) = answer(sandbox.ask_ledger(&account_path(organization, refused.blocked))).await;
    assert_eq!((&blocked["blocked"], &blocked["type"]), (&json!(true), &json!("deposit")));
    let (_, external) = answer(sandbox.ask_ledger(&account_path(organization, refused.external))).await;
    assert_eq!((&external["blocked"], &external["type"]), (&json!(false), &json!("external")));
}

#[tokio::test]
async fn what_is_missing_is_404_with_the_code_of_what_is_missing() {
    let sandbox = Sandbox::start().await;
    let (main, other) = (sandbox.world.organization(), sandbox.world.other());
    let nowhere = Uuid::now_v7();
    for (path, code) in [
        (ledger_path(main.id, nowhere), "0037"),
        (ledger_path(main.id, other.ledger.id), "0037"),
        (ledger_path(other.id, main.ledger.id), "0037"),
        (ledger_path(nowhere, main.ledger.id), "0038"),
        (account_path(main, nowhere), "0052"),
        (account_path(main, sandbox.world.refused().deleted), "0052"),
        (account_path(main, other.open_accounts[0]), "0052"),
        (account_path(other, main.open_accounts[0]), "0052"),
        (format!("{}/accounts/{}", ledger_path(other.id, main.ledger.id), main.open_accounts[0]), "0037"),
        (format!("{}/accounts/{}", ledger_path(nowhere, main.ledger.id), main.open_accounts[0]), "0038"),
        (format!("{}/assets/{nowhere}", of(main)), "0007"),
        (format!("/v1/organizations/{}", main.id), "0007"),
    ] {
        assert_eq!(refusal(sandbox.ask_ledger(&path)).await, (404, code.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_wrong_base_url_is_not_told_as_the_ledgers_own_404() {
    let sandbox = Sandbox::start().await;
    let path = account_path(sandbox.world.organization(), sandbox.world.refused().deleted);
    for wrong in [format!("/v1{path}"), format!("/ledger{path}"), "/".to_owned()] {
        let response = sandbox.ask_ledger(&wrong).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 404);
        assert!(serde_json::from_str::<Value>(&response.text().await.unwrap()).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn pages_hold_each_live_account_of_the_ledger_once() {
    let sandbox = Sandbox::start().await;
    let organization = sandbox.world.organization();
    let mut seen = Vec::new();
    for number in 1..=3 {
        let body = page(&sandbox, organization, &format!("?limit=50&page={number}")).await;
        assert_eq!((&body["limit"], &body["page"]), (&json!(50), &json!(number)));
        for item in body["items"].as_array().unwrap() {
            assert_eq!(members(item), ACCOUNT);
            seen.push(AccountId::parse(item["id"].as_str().unwrap()).unwrap());
        }
    }
    let refused = sandbox.world.refused();
    let mut expected = organization.open_accounts.clone();
    expected.extend([refused.blocked, refused.external]);
    assert_eq!(seen, expected);
    assert_eq!(page(&sandbox, organization, "?limit=50&page=4").await["items"], json!([]));
    assert_eq!(page(&sandbox, organization, "").await["items"].as_array().unwrap().len(), 10);
    assert_eq!(
        page(&sandbox, sandbox.world.other(), "?limit=100").await["items"].as_array().unwrap().len(),
        12
    );

    let mixed = ledger_path(sandbox.world.other().id, organization.ledger.id);
    let (status, body) = answer(sandbox.ask_ledger(&format!("{mixed}/accounts?limit=5&page=1"))).await;
    assert_eq!((status, body), (200, json!({"items": [], "limit": 5, "page": 1})));
}

#[tokio::test]
async fn bad_ids_and_numbers_are_400() {
    let sandbox = Sandbox::start().await;
    let organization = sandbox.world.organization();
    for (path, code) in [
        (ledger_path("x", organization.ledger.id), "0065"),
        (ledger_path(organization.id, "x"), "0065"),
        (account_path(organization, organization.open_accounts[0].0.simple()), "0065"),
        (format!("{}/accounts?limit=101", of(organization)), "0082"),
        (format!("{}/accounts?page=0", of(organization)), "0082"),
    ] {
        assert_eq!(refusal(sandbox.ask_ledger(&path)).await, (400, code.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn nothing_of_an_organization_is_told_without_a_good_token() {
    let sandbox = Sandbox::start().await;
    let organization = sandbox.world.organization();
    let account = account_path(organization, organization.open_accounts[0]);
    let accounts = format!("{}/accounts", of(organization));
    for path in [&of(organization), &accounts, &account, &format!("{account}/balances")] {
        assert_eq!(refusal(sandbox.ledger(Method::GET, path)).await, (401, "0041".to_owned()), "{path}");
        for (fault, token) in bad_tokens(&sandbox.world).await {
            let request = sandbox.ledger(Method::GET, path).header(AUTHORIZATION, bearer(&token));
            assert_eq!(refusal(request).await, (401, "0042".to_owned()), "{fault} {path}");
        }
    }
    let bare = sandbox.ledger(Method::GET, &account).header(AUTHORIZATION, &sandbox.world.tokens().nobody);
    assert_eq!(answer(bare).await.0, 200);
}

#[tokio::test]
async fn health_and_version_need_no_token() {
    let sandbox = Sandbox::start().await;
    let health = sandbox.ledger(Method::GET, "/health").send().await.unwrap();
    assert_eq!((health.status().as_u16(), health.text().await.unwrap().as_str()), (200, "healthy"));
    let (status, body) = answer(sandbox.ledger(Method::GET, "/version")).await;
    assert_eq!((status, members(&body)), (200, vec!["requestDate", "version"]));
    let version = body["version"].as_str().unwrap().trim_start_matches('v');
    let numbers: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
    assert!((3, 5) <= (numbers[0], numbers[1]) && numbers[0] <= 4, "{version}");
    assert!(body["requestDate"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
    let outside = "0.0.0.0:0".parse().unwrap();
    assert!(start_ledger(Arc::clone(&sandbox.world), outside).await.is_err());
}

#[tokio::test]
async fn changes_of_an_account_show_at_once_and_survive_a_restart() {
    let sandbox = Sandbox::start().await;
    let organization = sandbox.world.organization().clone();
    let (changed, deleted, new) =
        (organization.open_accounts[0], organization.open_accounts[1], AccountId(Uuid::now_v7()));
    let holder = Uuid::now_v7().to_string();
    let (status, body) =
        put_account(&sandbox, changed, json!({"blocked": true, "type": "external", "holderId": holder}))
            .await;
    assert_eq!(status, 200);
    assert_eq!(
        (&body["blocked"], &body["type"], &body["holderId"]),
        (&json!(true), &json!("external"), &json!(holder))
    );
    let (status, body) = put_account(&sandbox, deleted, json!({"deletedAt": "2026-01-02T03:04:05Z"})).await;
    assert_eq!((status, &body["deletedAt"]), (200, &json!("2026-01-02T03:04:05.000Z")));
    let (status, body) = put_account(&sandbox, new, json!({"blocked": null})).await;
    assert_eq!((status, &body["blocked"], &body["type"]), (201, &Value::Null, &json!("deposit")));
    assert_eq!(put_account(&sandbox, new, json!({})).await.0, 200);

    let told = async |sandbox: &Sandbox| {
        let mut answers = Vec::new();
        for id in [changed, deleted, new] {
            answers.push(answer(sandbox.ask_ledger(&account_path(&organization, id))).await);
        }
        answers
    };
    let before = told(&sandbox).await;
    assert_eq!(before.iter().map(|(status, _)| *status).collect::<Vec<_>>(), [200, 404, 200]);
    assert_eq!(before[0].1["holderId"], json!(holder));
    let sandbox = sandbox.restart().await;
    assert_eq!(told(&sandbox).await, before);
    assert_eq!(put_account(&sandbox, deleted, json!({"deletedAt": null})).await.0, 200);
    assert_eq!(answer(sandbox.ask_ledger(&account_path(&organization, deleted))).await.0, 200);
    let (_, body) = put_account(&sandbox, changed, json!({"holderId": null, "blocked": false})).await;
    assert_eq!(members(&body), ACCOUNT);
}

#[tokio::test]
async fn a_change_that_does_not_fit_is_told_why_and_not_made() {
    let sandbox = Sandbox::start().await;
    let organization = sandbox.world.organization();
    let id = organization.open_accounts[0];
    for (body, named) in [
        (json!({"blocked": true, "colour": "red"}), "`colour`"),
        (json!({"blocked": "yes"}), "`blocked`"),
        (json!({"blocked": true, "deletedAt": "yesterday"}), "`deletedAt`"),
        (json!([]), "JSON object"),
    ] {
        let (status, refused) = put_account(&sandbox, id, body).await;
        assert_eq!((status, &refused["code"]), (400, &json!("0094")));
        assert!(refused["message"].as_str().unwrap().contains(named), "{refused}");
    }
    let (_, account) = answer(sandbox.ask_ledger(&account_path(organization, id))).await;
    assert_eq!(account["blocked"], json!(false));

    let other = sandbox.world.other();
    let (mixed, nowhere) = (ledger_path(other.id, organization.ledger.id), Uuid::now_v7());
    for (path, expected) in [
        (format!("{mixed}/accounts/{id}"), (404, "0037")),
        (format!("{}/accounts/{id}", ledger_path(nowhere, organization.ledger.id)), (404, "0038")),
        (account_path(organization, "x"), (400, "0065")),
    ] {
        let (status, code) = refusal(put_at(&sandbox, &path, &json!({}))).await;
        assert_eq!((status, code.as_str()), expected, "{path}");
    }
    let large = json!({"type": "x".repeat(LARGEST_BODY)});
    assert_eq!(refusal(put_at(&sandbox, &account_path(organization, id), &large)).await.0, 413);
    std::fs::remove_dir_all(sandbox.directory.path()).unwrap();
    let unkept = put_at(&sandbox, &account_path(organization, id), &json!({"blocked": true}));
    assert_eq!(refusal(unkept).await, (500, "0046".to_owned()));
}

#[tokio::test]
async fn it_says_the_version_that_it_is_told_to_say() {
    let sandbox = Sandbox::start().await;
    let said = async || answer(sandbox.ledger(Method::GET, "/version")).await.1["version"].clone();
    let own = said().await;
    for version in ["v2.1.0", "latest"] {
        let put = sandbox.ledger(Method::PUT, "/_sandbox/version").json(&json!({ "version": version }));
        assert_eq!(answer(put).await, (200, json!({ "version": version })));
        assert_eq!(said().await, json!(version));
    }
    for wrong in [
        json!({}),
        json!({"version": ""}),
        json!({"version": 3}),
        json!({"version": "v1", "x": 1}),
        json!([]),
    ] {
        let put = sandbox.ledger(Method::PUT, "/_sandbox/version").json(&wrong);
        assert_eq!(refusal(put).await, (400, "0094".to_owned()), "{wrong}");
    }
    assert_eq!(
        answer(sandbox.ledger(Method::GET, "/_sandbox/version")).await.1,
        json!({"version": "latest"})
    );
    answer(sandbox.ledger(Method::DELETE, "/_sandbox/version")).await;
    assert_eq!(said().await, own);
}
