use super::*;
use axum::body::Body;
use axum::http::header::{ACCEPT, ALLOW};
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

async fn asked(routes: Router, method: &str, path: &str, accept: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::builder().method(method).uri(path).header(ACCEPT, accept);
    let answer = routes.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (head, body) = answer.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (head.status, head.headers, String::from_utf8(body.to_vec()).unwrap())
}

async fn got(playground: bool, path: &str, accept: &str) -> (HeaderMap, String) {
    let (status, headers, body) = asked(routes(playground), "GET", path, accept).await;
    assert_eq!(status, StatusCode::OK, "{path}");
    (headers, body)
}

fn all() -> Vec<Place> {
    [GRAPHIQL].into_iter().chain(PLACES).chain(DOCUMENTS).collect()
}

#[tokio::test]
async fn each_form_says_the_version_every_place_and_every_document() {
    for accept in [BROWSER, "application/json", "*/*"] {
        let (_, body) = got(true, "/", accept).await;
        for said in all().iter().flat_map(|(at, what)| [*at, *what]).chain([VERSION, ABOUT]) {
            assert!(body.contains(said), "{accept}: {said} is not in {body}");
        }
    }
}

#[tokio::test]
async fn the_form_is_the_one_that_the_caller_likes_best() {
    for (accept, content_type) in [
        (BROWSER, "text/html; charset=utf-8"),
        ("application/json", "application/json"),
        ("*/*", "text/plain; charset=utf-8"),
    ] {
        let (headers, body) = got(true, "/", accept).await;
        assert_eq!(headers[CONTENT_TYPE], content_type);
        assert_eq!(headers[VARY], "accept");
        assert_eq!(body.starts_with("<!doctype html>"), accept == BROWSER);
        assert_eq!(serde_json::from_str::<Value>(&body).is_ok(), accept == "application/json");
    }
}

#[tokio::test]
async fn graphiql_is_named_only_where_it_is_on() {
    for accept in [BROWSER, "application/json", "*/*"] {
        assert!(got(true, "/", accept).await.1.contains("/graphiql"), "{accept}");
        assert!(!got(false, "/", accept).await.1.to_lowercase().contains("graphiql"), "{accept}");
    }
}

#[tokio::test]
async fn the_page_has_no_script_and_no_style_of_its_own_and_names_no_other_host() {
    let (_, body) = got(true, "/", BROWSER).await;
    for refused in ["<script", "<style", "style=", " onload", " onclick", "//", "http:", "https:"] {
        assert!(!body.contains(refused), "{refused}");
    }
    // Whatever the template leaves open is filled in: what braces there are, are those of the request.
    assert_eq!(body.matches('{').count(), CURL.matches('{').count(), "{body}");
}

#[tokio::test]
async fn the_page_and_its_style_carry_the_security_headers() {
    for (path, accept) in [("/", BROWSER), ("/", "*/*"), ("/landing.css", "text/css")] {
        let (headers, _) = got(false, path, accept).await;
        let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; "), "{policy}");
        assert!(!policy.contains("script-src") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[REFERRER_POLICY], "no-referrer");
        assert_eq!(headers[X_FRAME_OPTIONS], "DENY");
    }
}

#[tokio::test]
async fn every_file_that_the_page_names_is_served() {
    let (_, page) = got(false, "/", BROWSER).await;
    let files: Vec<&str> = page
        .split("rel=\"stylesheet\" href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let (headers, body) = got(false, files[0], "text/css").await;
    assert_eq!(headers[CONTENT_TYPE], "text/css; charset=utf-8");
    assert!(body.contains("prefers-color-scheme: dark"));
}

#[tokio::test]
async fn a_path_that_is_none_is_told_and_not_repeated() {
    for (accept, content_type) in [
        (BROWSER, "text/plain; charset=utf-8"),
        ("*/*", "text/plain; charset=utf-8"),
        ("application/json", "application/json"),
    ] {
        let (status, headers, body) = asked(routes(true), "GET", "/913.150.260-15", accept).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert_eq!(headers[CONTENT_TYPE], content_type);
        assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert!(body.contains("there is no such path: / says which there are"), "{body}");
        assert!(!body.contains("913"), "{body}");
    }
}

#[tokio::test]
async fn a_method_that_a_path_does_not_take_is_told_with_those_that_it_takes() {
    let routes = routes(true).method_not_allowed_fallback(unknown::method);
    let (status, headers, body) = asked(routes, "DELETE", "/", "application/json").await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(headers[ALLOW], "GET,HEAD");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert!(body["message"].as_str().unwrap().contains("the Allow header says which"), "{body}");
}
