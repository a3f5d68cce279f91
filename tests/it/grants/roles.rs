//! The sandbox's tokens, over HTTP: each may do what its role is granted, and for the rest it is FORBIDDEN.

use super::super::app::{App, code};
use super::*;

const ROLES: [(&str, &[Action]); 5] = [
    ("nobody", &[]),
    ("viewer", &[Get]),
    ("contributor", &[Get, Post, Patch]),
    ("editor", &[Get, Post, Patch, Delete]),
    ("admin", &[Get, Post, Patch, Delete, Purge]),
];

/// The audit trail is the admin's alone.
fn is_allowed(request: &Request, token: &str, may: &[Action]) -> bool {
    let granted =
        |(resource, action): &Grant| may.contains(action) && (*resource != Audit || token == "admin");
    request.needs.iter().all(granted)
}

async fn is_answered_as_granted(app: &App, request: &Request, token: &str, may: &[Action]) {
    let answer = app.ask_as(token, &request.document, request.variables.clone()).await;
    let allowed = is_allowed(request, token, may);
    let told = format!("{token}: {} {answer}", request.document);
    if allowed {
        assert_eq!(answer["errors"], Value::Null, "{told}");
        let refused = answer["data"][request.field]["userErrors"].as_array();
        assert!(refused.is_none_or(Vec::is_empty), "{told}");
    } else {
        assert_eq!(code(&answer), "FORBIDDEN", "{told}");
        let shown = &answer["data"][request.field];
        assert!(shown.is_null() || *shown == json!([null]), "{told}");
    }
}

#[tokio::test]
async fn each_token_reads_what_its_role_may() {
    let app = App::patient();
    for request in queries(&app).await {
        for (token, may) in ROLES {
            is_answered_as_granted(&app, &request, token, may).await;
        }
    }
}

#[tokio::test]
async fn each_token_changes_what_its_role_may() {
    let app = App::patient();
    for place in 0..MUTATION_REQUESTS {
        // From the least to the most: a request that is refused leaves its records for the next one.
        let mut request = mutation(&app, place).await;
        for (token, may) in ROLES {
            let stored = app.stored();
            is_answered_as_granted(&app, &request, token, may).await;
            let allowed = is_allowed(&request, token, may);
            assert!(allowed || app.stored() == stored, "{token}: {}", request.field);
            if allowed {
                request = mutation(&app, place).await;
            }
        }
    }
    app.check();
}
