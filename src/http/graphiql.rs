//! The playground: GraphiQL, served by ourselves under a strict Content-Security-Policy.

pub mod examples;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
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
    /// the value at that path of an earlier answer, `<fill in: …>` for one that only the reader knows: neither is sent.
    pub variables: String,
    /// The request's own headers, as the JSON text of an object. `Bearer <token>` and `<organization>` stand for what is
    /// typed above the tabs.
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
         img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let page = include_str!("../../assets/graphiql/index.html").replace("{nonce}", &nonce);
    ([(CONTENT_SECURITY_POLICY, policy), (CACHE_CONTROL, "no-store".to_owned())], Html(page)).into_response()
}

async fn fresh_tabs(tabs: Tabs) -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], Json(tabs().await))
}

async fn asset(file: Result<Path<String>, PathRejection>, RawQuery(version): RawQuery) -> Response {
    // A name that is no text is the name of no file.
    let Some((content_type, body)) = file.ok().and_then(|Path(file)| embedded(&file)) else {
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
        "answers.js" => (SCRIPT, include_str!("../../assets/graphiql/answers.js")),
        "fetcher.js" => (SCRIPT, include_str!("../../assets/graphiql/fetcher.js")),
        "keyboard.js" => (SCRIPT, include_str!("../../assets/graphiql/keyboard.js")),
        "session.js" => (SCRIPT, include_str!("../../assets/graphiql/session.js")),
        "store.js" => (SCRIPT, include_str!("../../assets/graphiql/store.js")),
        "start.js" => (SCRIPT, include_str!("../../assets/graphiql/start.js")),
        "THIRD-PARTY-LICENSES.txt" => (TEXT, include_str!("../../assets/graphiql/THIRD-PARTY-LICENSES.txt")),
        _ => return None,
    })
}
