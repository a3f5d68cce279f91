use super::super::testing::{Sandbox, answer, bad_tokens, bearer, members, refusal};
use super::*;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::header::AUTHORIZATION;
use reqwest::{Method, RequestBuilder};

fn ask(sandbox: &Sandbox, token: &str, body: &Value) -> RequestBuilder {
    let request = sandbox.access_manager(Method::POST, "/v1/authorize");
    request.header(AUTHORIZATION, bearer(token)).json(body)
}

/// The claims of a token, whoever signed it.
fn claims(token: &str) -> Value {
    jsonwebtoken::dangerous::insecure_decode_claims(token).unwrap()
}

/// A person's question about themselves.
fn question(token: &str, resource: &str, action: &str) -> Value {
    let claims = claims(token);
    let sub = format!("{}/{}", claims["owner"].as_str().unwrap(), claims["sub"].as_str().unwrap());
    json!({ "sub": sub, "resource": resource, "action": action, "product": "plugin-crm" })
}

async fn may(sandbox: &Sandbox, token: &str, resource: &str, action: &str) -> bool {
    let (status, body) = answer(ask(sandbox, token, &question(token, resource, action))).await;
    assert_eq!(status, 200, "{body}");
    assert!(body["timestamp"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok(), "{body}");
    assert_eq!(body.as_object().unwrap().len(), 2);
    body["authorized"].as_bool().unwrap()
}

fn client(sandbox: &Sandbox) -> Value {
    let application = sandbox.world.application();
    json!({
        "grantType": "client_credentials",
        "clientId": application.client_id,
        "clientSecret": application.client_secret,
    })
}

fn log_in_as(sandbox: &Sandbox, client: &Value) -> RequestBuilder {
    sandbox.access_manager(Method::POST, "/v1/login/oauth/access_token").json(client)
}

async fn application_token(sandbox: &Sandbox) -> String {
    let (status, body) = answer(log_in_as(sandbox, &client(sandbox))).await;
    assert_eq!(status, 200, "{body}");
    body["accessToken"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn each_person_may_do_what_is_granted_and_nothing_else() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.world.tokens();
    let people = [
        (&tokens.admin, "get post patch delete purge", "get"),
        (&tokens.editor, "get post patch delete", ""),
        (&tokens.contributor, "get post patch", ""),
        (&tokens.viewer, "get", ""),
        (&tokens.nobody, "", ""),
    ];
    for (token, on_records, on_special) in people {
        for action in ["get", "post", "patch", "delete", "purge", "GET", "all"] {
            for (resource, granted) in [
                ("holders", on_records),
                ("aliases", on_records),
                ("instruments", on_records),
                ("audit", on_special),
                ("holders-pii", on_special),
                ("ledgers", ""),
            ] {
                let granted = granted.split(' ').any(|one| one == action);
                assert_eq!(may(&sandbox, token, resource, action).await, granted, "{resource} {action}");
            }
        }
    }
}

#[tokio::test]
async fn a_grant_is_for_a_product() {
    let sandbox = Sandbox::start().await;
    let token = &sandbox.world.tokens().admin;
    for (product, authorized) in [("plugin-crm", true), ("midaz", true), ("plugin-fees", false)] {
        let mut question = question(token, "holders", "get");
        question["product"] = json!(product);
        let (status, body) = answer(ask(&sandbox, token, &question)).await;
        assert_eq!((status, &body["authorized"]), (200, &json!(authorized)), "{product}");
    }
}

#[tokio::test]
async fn a_token_that_does_not_prove_itself_is_unauthenticated() {
    let sandbox = Sandbox::start().await;
    let good = &sandbox.world.tokens().viewer;
    let question = question(good, "holders", "get");
    for (fault, token) in bad_tokens(&sandbox.world).await {
        assert_eq!(refusal(ask(&sandbox, &token, &question)).await, (401, "AUT-0001".to_owned()), "{fault}");
    }
    let none = sandbox.access_manager(Method::POST, "/v1/authorize").json(&question);
    assert_eq!(refusal(none).await.0, 401);
    let two = ask(&sandbox, good, &question).header(AUTHORIZATION, bearer(good));
    assert_eq!(refusal(two).await.0, 401);
    let bare = sandbox.access_manager(Method::POST, "/v1/authorize").header(AUTHORIZATION, good);
    assert_eq!(answer(bare.json(&question)).await.0, 200);
}

#[tokio::test]
async fn a_person_needs_both_claims_and_a_stranger_has_no_rights() {
    let sandbox = Sandbox::start().await;
    let exp = jiff::Timestamp::now().as_second() + 60;
    for claims in [
        json!({"type": "normal-user", "sub": "someone", "exp": exp}),
        json!({"type": "normal-user", "owner": "lerian", "exp": exp}),
        json!({"type": "normal-user", "owner": "", "sub": "someone", "exp": exp}),
        json!({"type": "normal-user", "owner": 7, "sub": "someone", "exp": exp}),
    ] {
        let token = sandbox.world.sign(&claims).unwrap();
        let question =
            json!({"sub": "lerian/someone", "resource": "holders", "action": "get", "product": "midaz"});
        assert_eq!(refusal(ask(&sandbox, &token, &question)).await.0, 401, "{claims}");
    }
    let admin = claims(&sandbox.world.tokens().admin)["sub"].clone();
    for stranger in [
        json!({"type": "normal-user", "owner": "lerian", "sub": "someone", "exp": exp}),
        json!({"type": "normal-user", "owner": "elsewhere", "sub": admin, "exp": exp}),
    ] {
        let token = sandbox.world.sign(&stranger).unwrap();
        assert!(!may(&sandbox, &token, "holders", "get").await, "{stranger}");
    }
}

#[tokio::test]
async fn a_question_that_is_not_as_agreed_is_told_what_is_wrong() {
    let sandbox = Sandbox::start().await;
    let token = &sandbox.world.tokens().admin;
    let good = question(token, "holders", "get");
    for member in ["sub", "resource", "action", "product"] {
        for wrong in [Some(json!(7)), Some(json!("")), Some(Value::Null), None] {
            let mut question = good.clone();
            match &wrong {
                Some(wrong) => question[member] = wrong.clone(),
                None => drop(question.as_object_mut().unwrap().remove(member)),
            }
            let (status, body) = answer(ask(&sandbox, token, &question)).await;
            assert_eq!((status, &body["code"]), (400, &json!("AUT-0003")), "{member} {wrong:?}");
            assert!(body["message"].as_str().unwrap().contains(&format!("`{member}`")), "{body}");
        }
    }
    let raw = |media_type: &'static str, body: String| {
        let request = sandbox.access_manager(Method::POST, "/v1/authorize");
        request.header(AUTHORIZATION, bearer(token)).header("content-type", media_type).body(body)
    };
    for body in ["", "{", "[]", "\"x\""] {
        assert_eq!(refusal(raw("application/json", body.to_owned())).await.0, 400, "{body}");
    }
    assert_eq!(refusal(raw("text/plain", good.to_string())).await.0, 400);
    assert_eq!(answer(raw("application/json; charset=utf-8", good.to_string())).await.0, 200);
    assert_eq!(refusal(raw("application/json", " ".repeat(LARGEST_BODY + 1))).await.0, 413);
}

#[tokio::test]
async fn nobody_is_asked_about_with_another_ones_token() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.world.tokens();
    let about_admin = question(&tokens.admin, "holders", "get");
    assert_eq!(refusal(ask(&sandbox, &tokens.viewer, &about_admin)).await, (403, "AUT-0004".to_owned()));
    let mut as_application = about_admin;
    as_application["sub"] = json!("admin/plugin-crm-editor-role");
    assert_eq!(refusal(ask(&sandbox, &tokens.viewer, &as_application)).await.0, 403);
}

#[tokio::test]
async fn an_application_logs_in_and_has_an_editors_rights() {
    let sandbox = Sandbox::start().await;
    let (status, body) = answer(log_in_as(&sandbox, &client(&sandbox))).await;
    assert_eq!(members(&body), ["accessToken", "expiresIn", "refreshToken", "scope", "tokenType"]);
    assert_eq!((status, &body["tokenType"], &body["expiresIn"]), (200, &json!("Bearer"), &json!(3600)));
    let token = body["accessToken"].as_str().unwrap();
    let claims = claims(token);
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
    assert_ne!(application_token(&sandbox).await, token, "each log-in gives its own token");

    let question = |product: &str, action: &str| json!({"sub": format!("admin/{product}-editor-role"), "resource": "aliases", "action": action});
    for (product, action, authorized) in [
        ("plugin-crm", "delete", true),
        ("midaz", "post", true),
        ("plugin-crm", "purge", false),
        ("plugin-fees", "get", false),
    ] {
        let (status, body) = answer(ask(&sandbox, token, &question(product, action))).await;
        assert_eq!((status, &body["authorized"]), (200, &json!(authorized)), "{product} {action}");
    }
    let mut with_product = question("plugin-crm", "get");
    with_product["product"] = json!("plugin-crm");
    assert_eq!(refusal(ask(&sandbox, token, &with_product)).await.0, 400);
    let as_person = json!({"sub": "lerian/someone", "resource": "aliases", "action": "get"});
    assert_eq!(refusal(ask(&sandbox, token, &as_person)).await.0, 403);
    let refresh = body["refreshToken"].as_str().unwrap();
    assert_eq!(refusal(ask(&sandbox, refresh, &question("plugin-crm", "get"))).await.0, 401);
}

#[tokio::test]
async fn a_client_that_is_not_known_gets_no_token() {
    let sandbox = Sandbox::start().await;
    for (member, wrong, expected) in [
        ("clientSecret", json!("guessed"), (401, "AUT-0002")),
        ("clientId", json!("someone"), (401, "AUT-0002")),
        ("grantType", json!("password"), (400, "AUT-0003")),
        ("clientSecret", Value::Null, (400, "AUT-0003")),
        ("clientId", json!(7), (400, "AUT-0003")),
    ] {
        let mut client = client(&sandbox);
        client[member] = wrong;
        let (status, code) = refusal(log_in_as(&sandbox, &client)).await;
        assert_eq!((status, code.as_str()), expected, "{member}");
    }
}

#[tokio::test]
async fn the_published_keys_prove_every_token() {
    let sandbox = Sandbox::start().await;
    let (status, body) = answer(sandbox.access_manager(Method::GET, JWKS_PATH)).await;
    assert_eq!(status, 200);
    let keys: JwkSet = serde_json::from_value(body).unwrap();
    let application = application_token(&sandbox).await;
    for token in [&sandbox.world.tokens().admin, &sandbox.world.tokens().nobody, &application] {
        let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
        let key = DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_issuer(&[crate::sandbox::ISSUER]);
        assert!(jsonwebtoken::decode::<Value>(token, &key, &rules).is_ok());
    }
}

#[tokio::test]
async fn it_is_healthy_and_refuses_other_paths_in_its_own_form() {
    let sandbox = Sandbox::start().await;
    let health = sandbox.access_manager(Method::GET, "/health").send().await.unwrap();
    assert_eq!((health.status().as_u16(), health.text().await.unwrap().as_str()), (200, "healthy"));
    assert_eq!(
        refusal(sandbox.access_manager(Method::GET, "/v2/authorize")).await,
        (404, "AUT-0404".to_owned())
    );
    let outside = "0.0.0.0:0".parse().unwrap();
    assert!(start_access_manager(Arc::clone(&sandbox.world), outside).await.is_err());
}

#[tokio::test]
async fn tokens_are_good_after_a_restart() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.world.tokens().viewer.clone();
    let issued = application_token(&sandbox).await;
    let sandbox = sandbox.restart().await;
    assert!(may(&sandbox, &token, "holders", "get").await);
    let question = json!({"sub": "admin/midaz-editor-role", "resource": "holders", "action": "get"});
    assert_eq!(answer(ask(&sandbox, &issued, &question)).await.0, 200);
}

async fn put_grants(sandbox: &Sandbox, grants: &Value) -> (u16, Value) {
    answer(sandbox.access_manager(Method::PUT, "/_sandbox/grants").json(grants)).await
}

#[tokio::test]
async fn a_grant_of_a_trial_overrides_the_role_in_all_products_until_it_is_forgotten() {
    let sandbox = Sandbox::start().await;
    let (viewer, editor) = (&sandbox.world.tokens().viewer, &sandbox.world.tokens().editor);
    let grant = |token: &str, action: &str, authorized: bool| {
        json!({"sub": question(token, "", "")["sub"], "resource": "holders", "action": action,
            "authorized": authorized})
    };
    let taken = grant(viewer, "get", false);
    assert_eq!(put_grants(&sandbox, &taken).await, (200, json!({ "grants": [taken] })));
    let application = json!({"sub": "admin/plugin-crm-editor-role", "resource": "audit", "action": "get",
        "authorized": true});
    let (status, told) = put_grants(&sandbox, &json!([grant(viewer, "purge", true), application])).await;
    assert_eq!((status, told["grants"].as_array().unwrap().len()), (200, 3), "they add up");
    for (token, action, authorized) in
        [(viewer, "get", false), (viewer, "purge", true), (viewer, "post", false), (editor, "get", true)]
    {
        assert_eq!(may(&sandbox, token, "holders", action).await, authorized, "{action}");
    }
    assert!(may(&sandbox, viewer, "aliases", "get").await);
    let mut elsewhere = question(viewer, "holders", "purge");
    elsewhere["product"] = json!("plugin-fees");
    assert_eq!(answer(ask(&sandbox, viewer, &elsewhere)).await.1["authorized"], json!(true));
    let token = application_token(&sandbox).await;
    let asked = json!({"sub": "admin/plugin-crm-editor-role", "resource": "audit", "action": "get"});
    assert_eq!(answer(ask(&sandbox, &token, &asked)).await.1["authorized"], json!(true));

    put_grants(&sandbox, &grant(viewer, "get", true)).await;
    assert!(may(&sandbox, viewer, "holders", "get").await, "it is changed");
    let forgotten = answer(sandbox.access_manager(Method::DELETE, "/_sandbox/grants")).await;
    assert_eq!(forgotten, (200, json!({"grants": []})));
    assert!(!may(&sandbox, viewer, "holders", "purge").await);
}

#[tokio::test]
async fn a_grant_makes_no_bad_token_good_and_one_that_is_wrong_changes_nothing() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.world.tokens();
    let about_admin = question(&tokens.admin, "holders", "get");
    let grant =
        json!({"sub": about_admin["sub"], "resource": "holders", "action": "get", "authorized": true});
    put_grants(&sandbox, &grant).await;
    for (fault, token) in bad_tokens(&sandbox.world).await {
        assert_eq!(refusal(ask(&sandbox, &token, &about_admin)).await.0, 401, "{fault}");
    }
    assert_eq!(refusal(ask(&sandbox, &tokens.viewer, &about_admin)).await.0, 403);

    let wrong = json!([grant, {"sub": "lerian/1", "resource": "holders", "action": "get"}]);
    let (status, told) = put_grants(&sandbox, &wrong).await;
    assert_eq!((status, &told["code"]), (400, &json!("AUT-0003")));
    assert!(told["message"].as_str().unwrap().contains("[1].authorized is missing"), "{told}");
    let shown = answer(sandbox.access_manager(Method::GET, "/_sandbox/grants")).await;
    assert_eq!(shown, (200, json!({ "grants": [grant] })));
}

#[tokio::test]
async fn a_client_is_known_by_the_secret_that_a_trial_sets_until_that_is_forgotten() {
    let sandbox = Sandbox::start().await;
    let own = client(&sandbox);
    let changed =
        json!({ "grantType": "client_credentials", "clientId": own["clientId"], "clientSecret": "hunter2" });
    let statuses = async || {
        let status = async |client| answer(log_in_as(&sandbox, client)).await.0;
        [status(&own).await, status(&changed).await]
    };
    assert_eq!(statuses().await, [200, 401]);
    let put = |body: Value| sandbox.access_manager(Method::PUT, "/_sandbox/client").json(&body);
    let told = json!({ "id": own["clientId"], "secret": "changed" });
    assert_eq!(answer(put(json!({ "secret": "hunter2" }))).await, (200, told));
    assert_eq!(statuses().await, [401, 200]);
    let (status, told) = answer(put(json!({ "secret": 7 }))).await;
    assert!(status == 400 && told.to_string().contains("secret must be a string"), "{told}");
    assert_eq!(statuses().await, [401, 200]);
    answer(sandbox.access_manager(Method::DELETE, "/_sandbox/client")).await;
    assert_eq!(statuses().await, [200, 401]);
}
