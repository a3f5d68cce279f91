use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, Request};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;

/// Tabs whose title counts how often they were made.
fn counted_tabs() -> Tabs {
    let loads = Arc::new(AtomicUsize::new(0));
    Arc::new(move || {
        let title = format!("load {}", loads.fetch_add(1, Ordering::SeqCst));
        let (query, variables, headers) = ("{ __typename }".into(), "{}".into(), "{}".into());
        Box::pin(async { vec![Tab { title, query, variables, headers }] })
    })
}

async fn got_from(routes: &Router, path: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let (head, body) = routes.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (head.status, head.headers, String::from_utf8(body.to_vec()).unwrap())
}

async fn got(path: &str) -> (StatusCode, HeaderMap, String) {
    got_from(&routes(counted_tabs()), path).await
}

fn header(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(&name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
}

/// What stands between `before` and the next quotation mark, each time.
fn quoted<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    text.split(before).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[tokio::test]
async fn every_file_that_the_page_names_is_served() {
    let (_, _, page) = got("/graphiql").await;
    let files: Vec<_> = [quoted(&page, "src=\""), quoted(&page, "rel=\"stylesheet\" href=\"")].concat();
    assert_eq!(files.len(), 6, "{files:?}");
    for file in files {
        let (status, headers, body) = got(file).await;
        assert_eq!(status, StatusCode::OK, "{file}");
        let expected = if file.contains(".css") { CSS } else { SCRIPT };
        assert_eq!(header(&headers, CONTENT_TYPE), expected, "{file}");
        assert!(!body.is_empty(), "{file}");
    }
}

#[tokio::test]
async fn every_module_that_a_script_imports_is_served() {
    let mut seen = vec!["start.js".to_owned()];
    let mut at = 0;
    while let Some(file) = seen.get(at).cloned() {
        let (status, headers, body) = got(&format!("/graphiql/assets/{file}")).await;
        assert_eq!((status, header(&headers, CONTENT_TYPE)), (StatusCode::OK, SCRIPT), "{file}");
        let imported = quoted(&body, "from \"./").into_iter().map(str::to_owned);
        seen.extend(imported.filter(|name| !seen.contains(name)).collect::<Vec<_>>());
        at += 1;
    }
    seen.sort();
    assert_eq!(seen, ["answers.js", "fetcher.js", "keyboard.js", "session.js", "start.js", "store.js"]);
}

#[tokio::test]
async fn only_files_named_with_a_version_are_kept_by_the_browser() {
    let (_, _, page) = got("/graphiql").await;
    for path in quoted(&page, "src=\"") {
        let (_, headers, _) = got(path).await;
        let expected =
            if path.contains("start.js") { "no-cache" } else { "public, max-age=31536000, immutable" };
        assert_eq!(header(&headers, CACHE_CONTROL), expected, "{path}");
    }
    for path in ["/graphiql", "/graphiql/tabs", "/graphiql/assets/none.js"] {
        let (_, headers, _) = got(path).await;
        assert_eq!(header(&headers, CACHE_CONTROL), "no-store", "{path}");
    }
}

#[tokio::test]
async fn each_load_of_the_page_has_a_nonce_of_its_own() {
    let mut seen = std::collections::HashSet::new();
    for _ in 0..3 {
        let (_, headers, page) = got("/graphiql").await;
        let nonce = quoted(&page, "nonce=\"")[0];
        let policy = header(&headers, CONTENT_SECURITY_POLICY);
        assert!(policy.contains(&format!("style-src 'self' 'nonce-{nonce}';")), "{policy}");
        assert!(seen.insert(nonce.to_owned()), "{nonce} twice");
    }
}

#[tokio::test]
async fn the_page_has_no_inline_script_and_names_no_other_host() {
    let (_, _, page) = got("/graphiql").await;
    assert_eq!(page.matches("<script").count(), page.matches("src=\"/graphiql/assets/").count());
    assert!(!page.contains("<style") && !page.contains("//"), "{page}");
}

#[tokio::test]
async fn the_page_may_load_no_picture_by_an_address() {
    let (_, headers, _) = got("/graphiql").await;
    let policy = header(&headers, CONTENT_SECURITY_POLICY);
    let images: Vec<_> = policy.split("; ").filter(|part| part.starts_with("img-src")).collect();
    assert_eq!(images, ["img-src data:"]);
}

#[tokio::test]
async fn no_link_of_the_page_hands_its_session_to_another_tab() {
    let (_, _, page) = got("/graphiql").await;
    assert!(page.contains("<a "));
    assert_eq!(page.matches("<a ").count(), page.matches("rel=\"noopener\"").count(), "{page}");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    for path in ["/graphiql", "/graphiql/tabs", "/graphiql/assets/start.js", "/graphiql/assets/none.js"] {
        let (_, headers, _) = got(path).await;
        let policy = header(&headers, CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; "), "{path}: {policy}");
        assert!(policy.ends_with("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(header(&headers, X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
        assert_eq!(header(&headers, REFERRER_POLICY), "no-referrer", "{path}");
        assert_eq!(header(&headers, X_FRAME_OPTIONS), "DENY", "{path}");
    }
}

#[tokio::test]
async fn tabs_are_made_afresh_for_each_load() {
    let routes = routes(counted_tabs());
    for load in 0..2 {
        let (_, _, body) = got_from(&routes, "/graphiql/tabs").await;
        let tabs: serde_json::Value = serde_json::from_str(&body).unwrap();
        let expected = serde_json::json!([
            {"title": format!("load {load}"), "query": "{ __typename }", "variables": "{}", "headers": "{}"}
        ]);
        assert_eq!(tabs, expected);
    }
}

#[tokio::test]
async fn an_unknown_file_is_not_found() {
    for file in ["none.js", "..%2Findex.html", "%ff"] {
        let (status, headers, body) = got(&format!("/graphiql/assets/{file}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{file}");
        assert!(body.contains("Its page is /graphiql"), "{file}: {body}");
        assert_eq!(header(&headers, CACHE_CONTROL), "no-store", "{file}");
    }
}
