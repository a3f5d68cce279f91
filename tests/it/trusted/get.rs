//! What may be sent over GET, and what is kept of its answer.

use super::super::app::{Answer, App, send};
use super::{Manifest, NAME, PAGE, VERSION, assert_refused, posted, serve};
use serde_json::json;

/// An organization that has nothing.
const OTHER: &str = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5c";

/// A GET with these parameters and headers.
async fn get(app: &App, token: &str, parameters: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let url = reqwest::Url::parse_with_params(&format!("{}/graphql", app.base), parameters).unwrap();
    let organization = headers.iter().find(|(name, _)| *name == "X-Organization-Id");
    let mut request = app
        .client
        .get(url)
        .bearer_auth(app.token(token))
        .header("X-Organization-Id", organization.map_or(app.organization(), |(_, id)| (*id).to_owned()))
        .header("Accept", "application/graphql-response+json");
    for (name, value) in headers.iter().filter(|(name, _)| *name != "X-Organization-Id") {
        request = request.header(*name, *value);
    }
    send(request).await
}

/// A service with a manifest, and a holder in it.
async fn app(manifest: &Manifest) -> (App, String) {
    let path = manifest.path();
    let app = serve(&[
        ("GET_ENABLED", "true"),
        ("TRUSTED_DOCUMENTS_FILE", &path),
        ("OPERATION_NAME_REQUIRED", "false"),
    ]);
    let holder = app.holder().await;
    (app, json!({"id": holder}).to_string())
}

fn manifest() -> Manifest {
    Manifest::new(&json!({ "version": VERSION, "name": NAME, "page": PAGE }))
}

#[tokio::test]
async fn a_trusted_query_over_get_has_an_etag_and_is_not_sent_twice() {
    let manifest = manifest();
    let (app, variables) = app(&manifest).await;
    let parameters = [("documentId", "version"), ("variables", variables.as_str())];
    let first = get(&app, "admin", &parameters, &[]).await;
    assert_eq!(first.status, 200, "{}", first.body);
    assert_eq!(first.body["data"]["holder"]["version"], 1);
    let tag = first.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(first.headers["cache-control"], "private, no-cache");
    assert_eq!(first.headers["vary"], "Authorization, X-Organization-Id, Accept, GraphQL-Cost");
    let again = get(&app, "admin", &parameters, &[("If-None-Match", &tag)]).await;
    assert_eq!((again.status, &again.body), (304, &json!("")));
    // It is asked for anew each time, so who may not read it any more gets nothing.
    let nobody = get(&app, "nobody", &parameters, &[("If-None-Match", &tag)]).await;
    assert_eq!((nobody.status, nobody.code()), (200, "FORBIDDEN"), "{}", nobody.body);
    assert!(!nobody.headers.contains_key("etag"), "an answer with an error is not kept");

    // What one organization has is no answer for another, even to who knows its tag.
    let elsewhere = [("If-None-Match", tag.as_str()), ("X-Organization-Id", OTHER)];
    let other = get(&app, "admin", &parameters, &elsewhere).await;
    assert_ne!(other.status, 304);
    assert_ne!(other.body, first.body);

    let id: serde_json::Value = serde_json::from_str(&variables).unwrap();
    let update =
        "mutation($input: UpdateHolderInput!) { updateHolder(input: $input) { holder { version } } }";
    app.ask(update, json!({"input": {"id": id["id"], "name": "Another Name"}})).await;
    let changed = get(&app, "admin", &parameters, &[("If-None-Match", &tag)]).await;
    assert_eq!((changed.status, &changed.body["data"]["holder"]["version"]), (200, &json!(2)));
    assert_ne!(changed.headers["etag"].to_str().unwrap(), tag);
}

#[tokio::test]
async fn only_trusted_documents_are_answered_with_an_etag_and_only_over_get() {
    let manifest = manifest();
    let (app, variables) = app(&manifest).await;
    let own = [("query", "query Own($id: ID!) { holder(id: $id) { version } }"), ("variables", &*variables)];
    let answer = get(&app, "admin", &own, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(!answer.headers.contains_key("etag"));
    assert_eq!(answer.headers["cache-control"], "no-store");
    let answer = posted(&app, &json!({"documentId": "page"})).await;
    assert_eq!(answer.status, 200);
    assert!(!answer.headers.contains_key("etag"));
}

#[tokio::test]
async fn what_may_hold_personal_data_is_not_taken_over_get_and_is_told_by_its_coordinate() {
    let manifest = manifest();
    let (app, variables) = app(&manifest).await;
    let secret = "91315026015";
    let by_document = format!("query D {{ holderByDocument(document: \"{secret}\") {{ id }} }}");
    let filter = "query F($f: HolderFilter) { holders(filter: $f) { totalCount } }";
    let extra = format!(r#"{{"document": "{secret}"}}"#);
    for (parameters, why) in [
        (
            vec![("documentId", "name"), ("variables", variables.as_str())],
            "Holder.name may hold personal data",
        ),
        (vec![("query", by_document.as_str())], "Query.holderByDocument(document:) may hold"),
        (vec![("query", filter)], "HolderFilter.externalId may hold"),
        (vec![("documentId", "page"), ("variables", &extra)], "no variable for"),
    ] {
        let answer = get(&app, "admin", &parameters, &[]).await;
        assert_refused(&answer, 405, "BAD_USER_INPUT", why);
        assert_eq!(answer.headers["allow"], "POST");
        assert!(!answer.body.to_string().contains(secret));
    }
    // The same over POST is answered.
    let id: serde_json::Value = serde_json::from_str(&variables).unwrap();
    let answer = posted(&app, &json!({"documentId": "name", "variables": id})).await;
    assert_eq!(answer.body["data"]["holder"]["name"], "Maria Souza");
    assert!(!app.log().contains(secret));
}
