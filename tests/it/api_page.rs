//! docs/api.md is true: its first request is made as it stands there, its codes are those of the code, its settings those
//! that `serve --help` knows, and its statuses are answered.

use super::app::{App, binary, send};
use super::docs::blocks;
use super::shape::schema;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const PAGE: &str = include_str!("../../docs/api.md");
const OPERATIONS: &str = include_str!("../../docs/operations.md");

/// The rows of the table with this head.
fn table<'a>(page: &'a str, head: &str) -> Vec<&'a str> {
    let (_, rest) = page.split_once(head).unwrap_or_else(|| panic!("no table {head}"));
    rest.lines().skip(2).take_while(|line| line.starts_with('|')).collect()
}

/// What stands in backticks in a column of a row.
fn ticked(row: &str, column: usize) -> Vec<String> {
    let cell = row.split(" | ").nth(column).unwrap_or_default();
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The codes of a table of errors, with whether they may be retried.
fn codes(page: &str, head: &str) -> BTreeSet<(String, bool)> {
    let of = |row: &&str| {
        let retryable = row.ends_with(" yes |");
        assert!(retryable || row.ends_with(" no |"), "{row}");
        ticked(row, 0).into_iter().map(move |code| (code, retryable)).collect::<Vec<_>>()
    };
    table(page, head).iter().flat_map(of).collect()
}

fn on_the_page() -> BTreeSet<(String, bool)> {
    codes(PAGE, "| code | what to do | retryable |")
}

#[test]
fn every_code_of_operations_md_is_on_the_page_with_the_same_advice() {
    let page = on_the_page();
    let others = codes(OPERATIONS, "| code | means | retryable |");
    assert!(others.len() >= 12, "{others:?}");
    for code in others {
        assert!(page.contains(&code), "{code:?}");
    }
}

/// What of `src/http` gives no errors of GraphQL.
const OTHERS: [&str; 4] = ["examples.rs", "health.rs", "landing.rs", "tests.rs"];

/// The sources in which errors get their codes; tests are none.
fn sources() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            match path.is_dir() {
                true if name != "tests" => walk(&path, found),
                false if name.ends_with(".rs") && !OTHERS.contains(&name.as_str()) => found.push(path),
                _ => {}
            }
        }
    }
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = vec![src.join("graphql/errors.rs"), src.join("registry/failure.rs")];
    walk(&src.join("http"), &mut found);
    found
}

#[test]
fn every_code_that_the_code_gives_is_on_the_page() {
    let page: BTreeSet<String> = on_the_page().into_iter().map(|(code, _)| code).collect();
    let is_code = |text: &str| {
        let (long, letters) = (text.len() > 7, text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'));
        long && letters && !text.starts_with('_')
    };
    let mut given = BTreeSet::new();
    for path in sources() {
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        given.extend(code.split('"').filter(|text| is_code(text)).map(str::to_owned));
    }
    assert!(given.contains("UNREADABLE") && given.contains("GRAPHQL_PARSE_FAILED"), "{given:?}");
    let missing: Vec<&String> = given.difference(&page).collect();
    assert!(missing.is_empty(), "docs/api.md does not name {missing:?}");
}

#[test]
fn every_setting_of_the_page_is_one_of_serve_with_that_default() {
    let help = String::from_utf8(binary().args(["serve", "--help"]).output().unwrap().stdout).unwrap();
    let settings =
        ["OPERATION_NAME_REQUIRED", "MAX_BODY_BYTES", "GET_ENABLED", "BATCH_MAX", "REQUEST_TIMEOUT"];
    for setting in settings.into_iter().chain(["INTROSPECTION_ENABLED"]) {
        let (_, after) = PAGE.split_once(setting).unwrap_or_else(|| panic!("{setting} is not on the page"));
        let (_, default) = after.split_once("default `").unwrap();
        let default = default.split('`').next().unwrap();
        let told = format!("[env: {setting}] [default: {default}]");
        assert!(help.contains(&told), "{told} is not in --help");
    }
    assert!(help.contains("GRAPHIQL_ENABLED") && PAGE.contains("GRAPHIQL_ENABLED"));
}

#[test]
fn every_enum_that_answers_hold_has_its_advice() {
    let rows = table(PAGE, "| enum | an unknown value |").join("\n");
    for (name, of) in &schema().types {
        if of.is_enum() && !of.is_built_in() {
            let is_sorting = ["HolderSort", "AliasAccountSort", "SortDirection"].contains(&name.as_str());
            assert!(is_sorting || rows.contains(&format!("`{name}`")), "{name} is not on the page");
        }
    }
}

#[tokio::test]
async fn the_first_request_works_as_it_stands_there() {
    let (app, all) = (App::sandbox(), blocks(PAGE));
    let holder = app.holder().await;
    let console = all.iter().find(|(kind, _)| kind == "console").unwrap().1.clone();
    let body = console.split("-d '").nth(1).unwrap().strip_suffix('\'').unwrap();
    let answer = all.iter().find(|(kind, _)| kind == "json answer").unwrap().1.clone();
    let mut expected: Value = serde_json::from_str(&answer).unwrap();
    expected["data"]["holders"]["nodes"][0]["id"] = json!(holder);
    let mut request = app.client.post(format!("{}/graphql", app.base)).body(body.to_owned());
    for header in console.split("-H ").skip(1) {
        let header = header.split(['"', '\'']).nth(1).unwrap();
        let (name, value) = header.split_once(": ").unwrap();
        let value =
            value.replace("$TOKEN", &app.token("admin")).replace("$ORGANIZATION", &app.organization());
        request = request.header(name, value);
    }
    let got = send(request).await;
    assert_eq!(got.body, expected);
    assert_eq!(got.headers["content-type"], "application/graphql-response+json; charset=utf-8");
}

#[tokio::test]
async fn the_error_on_the_page_is_the_one_that_is_told() {
    let app = App::sandbox();
    let page = blocks(PAGE).into_iter().find(|(kind, _)| kind == "json error").unwrap().1;
    let mut page: Value = serde_json::from_str(&page).unwrap();
    let query = "query Name($id: ID!) {   holder(id: $id) { name } }";
    let mut told = app.ask_as("nobody", query, json!({"id": app.holder().await})).await["errors"][0].clone();
    for error in [&mut page, &mut told] {
        assert!(error["extensions"].as_object_mut().unwrap().remove("requestId").is_some());
    }
    assert_eq!(page, told);
}

#[tokio::test]
async fn the_statuses_of_the_page_are_answered() {
    let (sandbox, json_type) = (App::sandbox(), "application/json");
    let app = App::serve(&sandbox, &[("MAX_BODY_BYTES", "200"), ("OPERATION_NAME_REQUIRED", "true")]);
    let named = r#"{"query": "query A { __typename }"}"#;
    let (unnamed, wrong) = (r#"{"query": "{ __typename }"}"#, r#"{"query": "query A { nobody }"}"#);
    let (large, lists) =
        (format!("{named}{}", " ".repeat(200)), r#"{"query": "query A { holders { totalCount } }"}"#);
    for (case, content, body, statuses) in [
        ("executed", json_type, named, [200, 200]),
        ("does not validate", json_type, wrong, [400, 200]),
        ("has no name", json_type, unnamed, [400, 200]),
        ("no GraphQL request", json_type, "7", [400, 400]),
        ("no JSON", "text/plain", named, [415, 415]),
        ("too large", json_type, &large, [413, 413]),
        ("no organization", json_type, lists, [400, 400]),
    ] {
        for (accept, status) in ["application/graphql-response+json", json_type].into_iter().zip(statuses) {
            let request = app.client.post(format!("{}/graphql", app.base)).bearer_auth(app.token("admin"));
            let request =
                request.header("Content-Type", content).header("Accept", accept).body(body.to_owned());
            let answer = send(request).await;
            assert_eq!(answer.status, status, "{case} {accept}: {}", answer.body);
            assert_eq!(answer.body.get("data").is_some(), case == "executed", "{case}");
        }
    }
    let bare = app.client.post(format!("{}/graphql", app.base)).header("Content-Type", json_type).body(named);
    assert_eq!(send(bare).await.status, 401);
}

/// What is wrong with a request; a row of the table of statuses each, in the page's order.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum Fault {
    Media,
    Method,
    Token,
    Rate,
    Body,
    Shape,
    Document,
    Organization,
    Variable,
}

impl Fault {
    const ALL: [Self; 9] = [
        Self::Media,
        Self::Method,
        Self::Token,
        Self::Rate,
        Self::Body,
        Self::Shape,
        Self::Document,
        Self::Organization,
        Self::Variable,
    ];

    /// How the row of the page begins, and what is answered.
    fn told(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::Media => ("accepts neither", 406, "BAD_USER_INPUT"),
            Self::Method => ("comes by a method", 405, "BAD_USER_INPUT"),
            Self::Token => ("has no token", 401, "UNAUTHENTICATED"),
            Self::Body => ("has no JSON body", 415, "BAD_USER_INPUT"),
            Self::Shape => ("is JSON, and no GraphQL", 400, "BAD_USER_INPUT"),
            Self::Rate => ("comes too often", 429, "RATE_LIMITED"),
            Self::Document => ("does not parse", 400, "GRAPHQL_VALIDATION_FAILED"),
            Self::Organization => ("has no `X-Organization-Id`", 400, "BAD_USER_INPUT"),
            Self::Variable => ("has a variable that does not fit", 400, "BAD_USER_INPUT"),
        }
    }

    /// Whether the two of them can be told apart at all: what is no request has no document and no variables.
    fn goes_with(self, other: Self) -> bool {
        other > self && !(self == Self::Shape && matches!(other, Self::Document | Self::Variable))
    }
}

/// A request with these faults only.
fn faulty(app: &App, faults: &[Fault]) -> reqwest::RequestBuilder {
    let has = |fault| faults.contains(&fault);
    let field = if has(Fault::Document) { "nobody" } else { "id" };
    let query = format!("query One($id: ID!) {{ holder(id: $id) {{ {field} }} }}");
    let id = if has(Fault::Variable) { json!(true) } else { json!("0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b") };
    let body = if has(Fault::Shape) { json!(7) } else { json!({"query": query, "variables": {"id": id}}) };
    let method = if has(Fault::Method) { reqwest::Method::PUT } else { reqwest::Method::POST };
    let mut request = app.client.request(method, format!("{}/graphql", app.base)).body(body.to_string());
    if !has(Fault::Organization) {
        request = request.header("X-Organization-Id", app.organization());
    }
    let token = if has(Fault::Token) { "forged".to_owned() } else { app.token("admin") };
    let content = if has(Fault::Body) { "text/plain" } else { "application/json" };
    let accept = if has(Fault::Media) { "text/html" } else { "application/graphql-response+json" };
    request.bearer_auth(token).header("Content-Type", content).header("Accept", accept)
}

#[tokio::test]
async fn of_two_faults_the_one_is_told_that_stands_first_in_the_table_of_statuses() {
    let rows = table(PAGE, "| the request | `application/graphql-response+json` |");
    let place = |fault: Fault| {
        let begins = format!("| {}", fault.told().0);
        rows.iter().position(|row| row.starts_with(&begins)).unwrap_or_else(|| panic!("no row {begins}"))
    };
    let sandbox = App::sandbox();
    let app = App::serve(&sandbox, &[]);
    let spent = App::serve(&sandbox, &[("RATE_LIMIT_PER_MINUTE", "1"), ("RATE_LIMIT_BURST", "1")]);
    // Each organization has a bucket of its own, and so has who names none.
    for faults in [&[][..], &[Fault::Organization]] {
        assert_ne!(send(faulty(&spent, faults)).await.status, 429);
    }
    assert_eq!(send(faulty(&app, &[])).await.status, 200);
    let mut pairs = 0;
    for first in Fault::ALL {
        for second in Fault::ALL.into_iter().filter(|second| first.goes_with(*second)) {
            assert!(place(first) < place(second), "the page has {first:?} behind {second:?}");
            let faults = [first, second];
            let app = if faults.contains(&Fault::Rate) { &spent } else { &app };
            if faults.contains(&Fault::Rate) {
                // So that the bucket is empty however long it took to come here.
                let only: Vec<Fault> =
                    faults.into_iter().filter(|fault| *fault == Fault::Organization).collect();
                send(faulty(app, &only)).await;
            }
            let answer = send(faulty(app, &faults)).await;
            let (_, status, code) = first.told();
            assert_eq!((answer.status, answer.code()), (status, code), "{faults:?}: {}", answer.body);
            // Two rows with one status and code are told apart by the header that is named.
            let names_header = answer.body["errors"][0]["extensions"]["header"] != Value::Null;
            assert_eq!(names_header, first == Fault::Organization, "{faults:?}: {}", answer.body);
            pairs += 1;
        }
    }
    assert_eq!(pairs, 34);
}

#[tokio::test]
async fn the_page_at_the_root_leads_on_and_unknown_paths_say_so() {
    let sandbox = App::sandbox();
    let serve = App::serve(&sandbox, &[]);
    let (status, text) = sandbox.get("/").await;
    assert!(status == 200 && text.contains("/graphiql") && text.contains("docs/api.md"), "{text}");
    let (status, text) = serve.get("/").await;
    assert!(status == 200 && !text.contains("/graphiql") && text.contains("/readyz"), "{text}");
    for secret in [sandbox.organization(), sandbox.token("admin"), serve.dir().display().to_string()] {
        assert!(!text.contains(&secret), "{text}");
    }
    let (status, text) = serve.get("/nothing").await;
    assert!(status == 404 && text.contains("there is no such path: / says which there are"), "{text}");
    let refused = serve.client.post(format!("{}/health", serve.base)).send().await.unwrap();
    assert_eq!(refused.status(), 405);
    assert_eq!(refused.headers()["allow"], "GET,HEAD");
    assert!(refused.text().await.unwrap().contains("the Allow header says which"));
}
