//! The table "situation -> outcome" of Access Manager's answers: each as the first that there is, and in the middle of
//! a run of good ones. Nothing but a clear yes is a permission, and an outage is no denial.

use super::super::app::{Answer, App, CREATE_HOLDER, new_holder, send};
use super::manager::{Manager, Reply, answer, json as of_json, response, yes};
use super::patient;
use serde_json::{Value, json};
use std::time::Duration;

/// What a client gets.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    Served,
    Forbidden,
    Unauthenticated,
    Unavailable,
}
use Outcome::{Forbidden, Served, Unauthenticated, Unavailable};

/// What Access Manager does.
enum Situation {
    Answers(Reply),
    /// It answers, yet not within an attempt's time.
    TooLate(Reply),
    /// Nobody listens.
    Refuses,
}
use Situation::{Answers, Refuses, TooLate};

const YES: &str = r#"{"authorized":true}"#;
const ERROR: &str = r#"{"code":"AUT-1004","title":"No","message":"no","authorized":true}"#;
const JSON: &str = "Content-Type: application/json\r\n";

/// A body of JSON with status 200.
fn ok(body: &str) -> Situation {
    Answers(of_json("200 OK", body))
}

/// An error as Access Manager writes it.
fn error(status: &str) -> Situation {
    Answers(of_json(status, ERROR))
}

fn with(status: &str, headers: &str, body: &str) -> Situation {
    Answers(answer(status, headers, body))
}

fn redirect(status: &str) -> Situation {
    with(status, "Location: /elsewhere\r\nContent-Type: application/json\r\n", YES)
}

/// An answer that says that it is longer than it is.
fn cut() -> Situation {
    let mut bytes = response("200 OK", JSON, &format!("{YES}{}", " ".repeat(100)));
    bytes.truncate(bytes.len() - 50);
    Answers(Reply::Cut(bytes))
}

fn padded(length: usize) -> String {
    format!("{YES}{}", " ".repeat(length - YES.len()))
}

/// Clear answers.
fn clear() -> Vec<(&'static str, Situation, Outcome)> {
    vec![
        ("200 and true", ok(YES), Served),
        ("any timestamp", ok(r#"{"authorized":true,"timestamp":"1763925185"}"#), Served),
        ("64 KiB", ok(&padded(64 * 1024)), Served),
        ("200 and false", ok(r#"{"authorized":false}"#), Forbidden),
        ("403", error("403 Forbidden"), Forbidden),
        ("403 of a proxy", with("403 Forbidden", "Content-Type: text/html\r\n", "<html>"), Forbidden),
        ("401", error("401 Unauthorized"), Unauthenticated),
        ("401 without a body", with("401 Unauthorized", "", ""), Unauthenticated),
    ]
}

/// Whole answers that are none.
fn unclear() -> Vec<(&'static str, Situation, Outcome)> {
    vec![
        ("500", error("500 Internal Server Error"), Unavailable),
        ("502 of a proxy", with("502 Bad Gateway", "Content-Type: text/html\r\n", "<html>"), Unavailable),
        ("503", error("503 Service Unavailable"), Unavailable),
        ("504", error("504 Gateway Timeout"), Unavailable),
        ("429", error("429 Too Many Requests"), Unavailable),
        ("429, soon", with("429 Too Many Requests", "Retry-After: 1\r\n", ""), Unavailable),
        ("429, in a day", with("429 Too Many Requests", "Retry-After: 86400\r\n", ""), Unavailable),
        (
            "503, with a date",
            with("503 No", "Retry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\n", ""),
            Unavailable,
        ),
        ("400", error("400 Bad Request"), Unavailable),
        ("404", error("404 Not Found"), Unavailable),
        ("408", error("408 Request Timeout"), Unavailable),
        ("201", error("201 Created"), Unavailable),
        ("204", Answers(Reply::Whole(b"HTTP/1.1 204 No Content\r\n\r\n".into())), Unavailable),
        ("302", redirect("302 Found"), Unavailable),
        ("307", redirect("307 Temporary Redirect"), Unavailable),
        ("\"true\"", ok(r#"{"authorized":"true"}"#), Unavailable),
        ("1", ok(r#"{"authorized":1}"#), Unavailable),
        ("null", ok(r#"{"authorized":null}"#), Unavailable),
        ("missing", ok("{}"), Unavailable),
        ("a list", ok(r#"[{"authorized":true}]"#), Unavailable),
        ("duplicate keys", ok(r#"{"authorized":false,"authorized":true}"#), Unavailable),
        ("more than one object", ok(r#"{"authorized":true}{}"#), Unavailable),
        ("no JSON", ok("yes"), Unavailable),
        ("nothing", ok(""), Unavailable),
        ("another content type", with("200 OK", "Content-Type: text/html\r\n", YES), Unavailable),
        ("no content type", with("200 OK", "", YES), Unavailable),
        ("over 64 KiB", ok(&padded(64 * 1024 + 1)), Unavailable),
    ]
}

/// Connections that come to no good end.
fn broken() -> Vec<(&'static str, Situation, Outcome)> {
    let endless = response("200 OK", JSON, &format!("{}{YES}", " ".repeat(10_000)));
    vec![
        ("refused", Refuses, Unavailable),
        ("closed", Answers(Reply::Cut(Vec::new())), Unavailable),
        ("no HTTP", Answers(Reply::Cut(b"garbage\r\n\r\n".into())), Unavailable),
        ("cut in the middle of the body", cut(), Unavailable),
        ("hangs", TooLate(Reply::Stuck(Vec::new())), Unavailable),
        ("stuck in the body", TooLate(Reply::Stuck(endless[..200].into())), Unavailable),
        ("drips", TooLate(Reply::Drip(endless)), Unavailable),
    ]
}

fn table() -> Vec<(&'static str, Situation, Outcome)> {
    clear().into_iter().chain(unclear()).chain(broken()).collect()
}

/// A service and its Access Manager, which is in this situation or in none. Nobody else asks that one, so no other row
/// is judged by what was counted in this one.
struct Stage {
    manager: Manager,
    app: App,
}

impl Stage {
    fn new(upstreams: &App, situation: &Situation) -> Self {
        let manager = Manager::always(yes());
        let mut settings = patient(&manager.url, "off").to_vec();
        if matches!(situation, TooLate(_)) {
            settings.push(("UPSTREAM_ATTEMPT_TIMEOUT", "1s"));
        }
        let app = App::serve(upstreams, &settings);
        Self { manager, app }
    }

    fn enter(&mut self, situation: &Situation) {
        match situation {
            Answers(reply) | TooLate(reply) => self.manager.answers(reply.clone()),
            Refuses => self.manager.close(),
        }
    }

    fn leave(&mut self) {
        self.manager.reopen();
        self.manager.answers(yes());
    }

    async fn create(&self) -> Answer {
        send(self.app.request(CREATE_HOLDER, json!({"input": new_holder()}))).await
    }

    async fn read(&self, id: &str) -> Answer {
        send(self.app.request("query($id: ID!) { holder(id: $id) { id name } }", json!({"id": id}))).await
    }
}

/// What an answer tells, and that it tells it as it must: status, code, whether to try again, and no data but where
/// it is served.
fn outcome(answer: &Answer, field: &str) -> Outcome {
    let extensions = &answer.body["errors"][0]["extensions"];
    let (code, retryable) = (extensions["code"].as_str(), extensions["retryable"].as_bool());
    let told = (answer.status, code, retryable);
    let keys: Vec<&String> = answer.body.as_object().unwrap().keys().collect();
    let outcome = match code {
        None => Served,
        Some("FORBIDDEN") => Forbidden,
        Some("UNAUTHENTICATED") => Unauthenticated,
        Some("AUTHORIZATION_UNAVAILABLE") => Unavailable,
        Some(_) => panic!("{}", answer.body),
    };
    let status = if outcome == Unauthenticated { 401 } else { 200 };
    let again = (outcome != Served).then_some(outcome == Unavailable);
    assert_eq!(told, (status, code, again), "{}", answer.body);
    match outcome {
        Served => assert!(answer.body["data"][field].is_object(), "{}", answer.body),
        Unauthenticated => {
            assert_eq!(keys, ["errors"]);
            assert_eq!(answer.headers["www-authenticate"], "Bearer");
        }
        Forbidden | Unavailable => {
            assert_eq!(answer.body["data"], json!({field: null}));
            assert_eq!(answer.body["errors"][0]["path"], json!([field]));
        }
    }
    outcome
}

/// Good answers come in between, and one of them may meet a breath of delay on a busy machine where attempts are short:
/// it is asked for again. What a situation comes to is never asked for twice.
async fn served<F: Future<Output = Answer>>(ask: impl Fn() -> F, field: &str) -> Value {
    for _ in 0..20 {
        let answer = ask().await;
        if outcome(&answer, field) == Served {
            return answer.body["data"][field].clone();
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    panic!("it never was served");
}

#[tokio::test]
async fn each_situation_at_the_first_call_has_its_outcome_and_only_a_permission_stores_anything() {
    let upstreams = App::upstreams();
    for (situation, does, expected) in table() {
        let mut stage = Stage::new(&upstreams, &does);
        stage.enter(&does);
        let answer = stage.create().await;
        assert_eq!(outcome(&answer, "createHolder"), expected, "{situation}: {}", answer.body);
        assert_eq!(stage.app.stored(), (i64::from(expected == Served), 0), "{situation}");
        stage.leave();
        served(|| stage.create(), "createHolder").await;
    }
}

#[tokio::test]
async fn each_situation_in_the_middle_of_a_run_has_its_outcome_and_good_answers_count_again_after_it() {
    let upstreams = App::upstreams();
    for (situation, does, expected) in table() {
        let mut stage = Stage::new(&upstreams, &does);
        let created = served(|| stage.create(), "createHolder").await;
        let id = created["holder"]["id"].as_str().unwrap().to_owned();
        for _ in 0..5 {
            served(|| stage.read(&id), "holder").await;
        }
        stage.enter(&does);
        let answer = stage.read(&id).await;
        assert_eq!(outcome(&answer, "holder"), expected, "{situation}: {}", answer.body);
        stage.leave();
        served(|| stage.read(&id), "holder").await;
    }
}
