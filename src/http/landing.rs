//! The page at `/`: what this is, and where to go next. It holds nothing of this deployment but the version, which
//! `/version` tells as well: no setting, no store, no upstream, no token.

use super::preference::{Form, preferred};
use super::unknown;
use axum::http::HeaderMap;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::fmt::Write;
use std::sync::Arc;

#[cfg(test)]
mod tests;

const ABOUT: &str = "An internal GraphQL API over the Holders behind a ledger's accounts, and the Alias Accounts \
                     that link a holder to one ledger account.";

/// A path, and what is there.
type Place = (&'static str, &'static str);

const GRAPHIQL: Place = ("/graphiql", "GraphiQL: write operations, read the documentation, try both");

const PLACES: [Place; 4] = [
    ("/graphql", "the API: POST a JSON body with query, operationName and variables"),
    ("/health", "whether the process answers"),
    ("/readyz", "whether this server should get requests, and how what it depends on is"),
    ("/version", "which build this is"),
];

/// What to read, by its name in the project.
const DOCUMENTS: [Place; 4] = [
    ("docs/api.md", "the guide for clients: headers, statuses, errors, pages, repeats, changes"),
    ("docs/operations.md", "every query and mutation with a real request and its answer"),
    ("schema.graphql", "the schema, described; for code generators"),
    ("holdergraph schema", "prints the schema of this very build"),
];

/// A first request, which works as it is where the three variables are set.
const CURL: &str = r#"curl -s "$HOLDERGRAPH/graphql" \
  -H 'Content-Type: application/json' \
  -H "Authorization: Bearer $TOKEN" \
  -H "X-Organization-Id: $ORGANIZATION" \
  -d '{"operationName": "First",
       "query": "query First { holders(first: 5) { totalCount nodes { id type } } }"}'
"#;

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// The page in its three forms.
struct Page {
    html: String,
    json: Value,
    text: String,
}

/// The routes of the page, and the answers where there is no such path. `playground` says whether GraphiQL is on.
pub fn routes(playground: bool) -> Router {
    let page = Arc::new(Page::new(playground));
    Router::new()
        .route("/", get(async move |headers: HeaderMap| page.answer(&headers)))
        .route("/landing.css", get(style))
        .fallback(unknown::path)
}

impl Page {
    fn new(playground: bool) -> Self {
        let places: Vec<Place> = playground.then_some(GRAPHIQL).into_iter().chain(PLACES).collect();
        Self { html: html(&places), json: json(&places), text: text(&places) }
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let body = match preferred(headers) {
            Form::Html => Html(self.html.clone()).into_response(),
            Form::Json => Json(self.json.clone()).into_response(),
            Form::Text => self.text.clone().into_response(),
        };
        (fixed(), body).into_response()
    }
}

async fn style() -> Response {
    let css = include_str!("../../assets/landing/landing.css");
    (fixed(), [(CONTENT_TYPE, "text/css; charset=utf-8")], css).into_response()
}

/// The headers of every answer here.
fn fixed() -> [(HeaderName, &'static str); 6] {
    [
        (CACHE_CONTROL, "no-cache"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (VARY, "accept"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
    ]
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn html(places: &[Place]) -> String {
    let rows = |rows: &[Place], name: fn(&str) -> String| {
        let row = |(at, what): &Place| format!("        <dt>{}</dt><dd>{what}</dd>", name(at));
        rows.iter().map(row).collect::<Vec<_>>().join("\n")
    };
    let link = |path: &str| match path {
        // A browser could only GET it.
        "/graphql" => format!("<code>{path}</code>"),
        _ => format!("<a href=\"{path}\"><code>{path}</code></a>"),
    };
    // Nothing here comes from outside; what HTML would read otherwise than text is in the curl line alone.
    include_str!("../../assets/landing/index.html")
        .replace("{version}", VERSION)
        .replace("{about}", ABOUT)
        .replace("{places}", &rows(places, link))
        .replace("{documents}", &rows(&DOCUMENTS, |name| format!("<code>{name}</code>")))
        .replace("{curl}", CURL.trim_end())
}

fn json(places: &[Place]) -> Value {
    let entries = |entries: &[Place]| -> Value {
        entries.iter().map(|(at, what)| ((*at).to_owned(), Value::from(*what))).collect()
    };
    json!({
        "service": "holdergraph",
        "version": VERSION,
        "about": ABOUT,
        "paths": entries(places),
        "documents": entries(&DOCUMENTS),
    })
}

fn text(places: &[Place]) -> String {
    let mut text = format!("holdergraph {VERSION}\n{ABOUT}\n");
    for (title, rows) in [("Where to go next", places), ("To read on", &DOCUMENTS)] {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\n{title}");
        for (at, what) in rows {
            let _ = writeln!(text, "  {at:<20} {what}");
        }
    }
    let _ = write!(text, "\nA first request\n{CURL}");
    text
}
