//! The playground: GraphiQL, served by ourselves under a strict Content-Security-Policy.

use std::sync::Arc;

use axum::extract::{Path, RawQuery};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures::future::BoxFuture;
use tower_http::set_header::SetResponseHeaderLayer;
use uuid::Uuid;

/// One GraphiQL tab.
///
/// There is no `Debug`: the headers hold a token, the variables somebody's document.
#[derive(serde::Serialize)]
pub struct Tab {
    /// What the page calls the tab: its number and the name of its operation, e.g. `1 Create`, as GraphiQL
    /// shows the operation's name and the page puts the number before it.
    pub title: String,
    /// The GraphQL document.
    pub query: String,
    /// The variables, as the JSON text of an object. The text `<answer createHolder.holder.id>` stands for
    /// the value at that path of an earlier answer.
    pub variables: String,
    /// The request's own headers, as the JSON text of an object.
    pub headers: String,
}

/// Makes the tabs for one page load (the sandbox picks a fresh document and a free account each time).
pub type Tabs = Arc<dyn Fn() -> BoxFuture<'static, Vec<Tab>> + Send + Sync>;

/// The routes of the playground; to be merged into the main router.
pub fn routes(tabs: Tabs) -> Router {
    let fixed = |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    Router::new()
        .route("/graphiql", get(page))
        .route("/graphiql/tabs", get(move || fresh_tabs(tabs)))
        .route("/graphiql/assets/{file}", get(asset))
        .route_layer(fixed(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"))
        .route_layer(fixed(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .route_layer(fixed(REFERRER_POLICY, "no-referrer"))
        .route_layer(fixed(X_FRAME_OPTIONS, "DENY"))
}

/// The page, with a nonce of its own for the one `<style>` element that GraphiQL makes while a dialog is open.
async fn page() -> Response {
    let nonce = Uuid::new_v4().simple().to_string();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; connect-src 'self'; \
         img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let page = include_str!("../../assets/graphiql/index.html").replace("{nonce}", &nonce);
    ([(CONTENT_SECURITY_POLICY, policy), (CACHE_CONTROL, "no-store".to_owned())], Html(page)).into_response()
}

async fn fresh_tabs(tabs: Tabs) -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], Json(tabs().await))
}

async fn asset(Path(file): Path<String>, RawQuery(version): RawQuery) -> Response {
    let Some((content_type, body)) = embedded(&file) else {
        let message = "The playground has no such file. Its page is /graphiql.\n";
        return (StatusCode::NOT_FOUND, [(CACHE_CONTROL, "no-store")], message).into_response();
    };
    // The page names the large files with their version, so that a browser loads each of them once.
    let caching = if version.is_some() { "public, max-age=31536000, immutable" } else { "no-cache" };
    ([(CONTENT_TYPE, content_type), (CACHE_CONTROL, caching)], body).into_response()
}

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// The content type and the content of a file that is compiled in.
fn embedded(file: &str) -> Option<(&'static str, &'static str)> {
    Some(match file {
        "graphiql.css" => (CSS, include_str!("../../assets/graphiql/graphiql.css")),
        "graphiql.js" => (SCRIPT, include_str!("../../assets/graphiql/graphiql.js")),
        "react.js" => (SCRIPT, include_str!("../../assets/graphiql/react.js")),
        "react-dom.js" => (SCRIPT, include_str!("../../assets/graphiql/react-dom.js")),
        "start.css" => (CSS, include_str!("../../assets/graphiql/start.css")),
        "start.js" => (SCRIPT, include_str!("../../assets/graphiql/start.js")),
        "THIRD-PARTY-LICENSES.txt" => (TEXT, include_str!("../../assets/graphiql/THIRD-PARTY-LICENSES.txt")),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
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
    async fn every_answer_carries_the_security_headers() {
        for path in ["/graphiql", "/graphiql/tabs", "/graphiql/assets/start.js", "/graphiql/assets/none.js"] {
            let (_, headers, _) = got(path).await;
            let policy = header(&headers, CONTENT_SECURITY_POLICY);
            assert!(policy.starts_with("default-src 'none'; "), "{path}: {policy}");
            assert!(
                policy.ends_with("frame-ancestors 'none'") && !policy.contains("unsafe"),
                "{path}: {policy}"
            );
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
        let (status, _, body) = got("/graphiql/assets/..%2Findex.html").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(body.contains("Its page is /graphiql"), "{body}");
    }
}
