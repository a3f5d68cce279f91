//! Automatic persisted queries, as Apollo's clients use them: the hash first, the text only where it is not known.

use super::super::app::send;
use super::{Manifest, PAGE, VERSION, assert_refused, persisted, post, posted, serve, sha256, trusting};
use serde_json::json;

const NONE: serde_json::Value = serde_json::Value::Null;

#[tokio::test]
async fn a_hash_is_enough_once_its_text_was_sent_with_it() {
    let app = serve(&[]);
    let hash = sha256(PAGE);
    let total = json!({"data": {"holders": {"totalCount": 0}}});
    let unknown = posted(&app, &persisted(&hash, None, &NONE)).await;
    assert_refused(&unknown, 400, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");
    assert_eq!(posted(&app, &persisted(&hash, Some(PAGE), &NONE)).await.body, total);
    assert_eq!(posted(&app, &persisted(&hash, None, &NONE)).await.body, total);
    let batch = posted(&app, &json!([persisted(&hash, None, &NONE), persisted(&hash, None, &NONE)])).await;
    assert_eq!(batch.body, json!([total, total]));
    // A batch registers as single requests do.
    let id = json!({"id": "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b"});
    let holder = json!({"data": {"holder": null}});
    let batch = posted(&app, &json!([persisted(&sha256(VERSION), Some(VERSION), &id)])).await;
    assert_eq!(batch.body, json!([holder]));
    assert_eq!(posted(&app, &persisted(&sha256(VERSION), None, &id)).await.body, holder);
}

#[tokio::test]
async fn nothing_is_registered_by_a_token_or_with_a_document_that_is_not_good() {
    // Tokens are only decoded here, so a forged one comes as far as Access Manager.
    let app = serve(&[]);
    let hash = sha256(PAGE);
    let body = persisted(&hash, Some(PAGE), &NONE);
    let token = app.token("admin");
    let forged = format!("{}AAAA", &token[..token.len() - 4]);
    for (token, status) in [(None, 401), (Some("nonsense"), 401), (Some(forged.as_str()), 401)] {
        let mut request = post(&app, &body).build().unwrap();
        request.headers_mut().remove("Authorization");
        if let Some(token) = token {
            let value = format!("Bearer {token}").parse().unwrap();
            request.headers_mut().insert("Authorization", value);
        }
        let answer = app.client.execute(request).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{token:?}");
    }
    let unknown = posted(&app, &persisted(&hash, None, &NONE)).await;
    assert_refused(&unknown, 400, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");

    let invalid = "query Page { nothing }";
    let answer = posted(&app, &persisted(&sha256(invalid), Some(invalid), &NONE)).await;
    assert_eq!(answer.code(), "GRAPHQL_VALIDATION_FAILED");
    let unknown = posted(&app, &persisted(&sha256(invalid), None, &NONE)).await;
    assert_refused(&unknown, 400, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");
}

#[tokio::test]
async fn nothing_is_registered_where_access_manager_was_not_asked() {
    let app = serve(&[]);
    let token = app.token("admin");
    let forged = format!("Bearer {}AAAA", &token[..token.len() - 4]);
    for text in ["query Skipped { holders @skip(if: true) { totalCount } }", "query Who { __typename }"] {
        let mut request = post(&app, &persisted(&sha256(text), Some(text), &NONE)).build().unwrap();
        request.headers_mut().insert("Authorization", forged.parse().unwrap());
        // Nothing in it needs a permission, so nobody finds out here what the token is worth.
        assert_eq!(app.client.execute(request).await.unwrap().status(), 200, "{text}");
        let unknown = posted(&app, &persisted(&sha256(text), None, &NONE)).await;
        assert_refused(&unknown, 400, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");
    }
}

#[tokio::test]
async fn a_document_with_a_value_in_its_text_is_not_registered() {
    let app = serve(&[]);
    let search = "query Search { holderByDocument(document: \"91315026015\") { id } }";
    for _ in 0..2 {
        let answer = posted(&app, &persisted(&sha256(search), Some(search), &NONE)).await;
        assert_eq!(answer.body, json!({"data": {"holderByDocument": null}}));
        let unknown = posted(&app, &persisted(&sha256(search), None, &NONE)).await;
        assert_refused(&unknown, 400, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");
    }
}

#[tokio::test]
async fn in_enforce_nothing_is_registered() {
    let manifest = Manifest::new(&json!({ "v": VERSION }));
    let app = trusting("enforce", &manifest);
    let hash = sha256(PAGE);
    for _ in 0..2 {
        let unknown = posted(&app, &persisted(&hash, None, &NONE)).await;
        assert_refused(&unknown, 400, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");
        let required = posted(&app, &persisted(&hash, Some(PAGE), &NONE)).await;
        assert_refused(&required, 400, "PERSISTED_QUERY_REQUIRED", "documentId");
    }
}

#[tokio::test]
async fn switched_off_clients_are_told_and_send_the_text() {
    let app = serve(&[("AUTOMATIC_PERSISTED_QUERIES", "off")]);
    let hash = sha256(PAGE);
    for _ in 0..2 {
        let unsupported = posted(&app, &persisted(&hash, None, &NONE)).await;
        assert_refused(&unsupported, 400, "BAD_USER_INPUT", "PersistedQueryNotSupported");
        assert_eq!(posted(&app, &persisted(&hash, Some(PAGE), &NONE)).await.status, 200);
    }
    assert_eq!(send(post(&app, &json!({"query": PAGE}))).await.status, 200);
}
