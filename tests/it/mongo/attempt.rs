//! A mutation that is made once and no more, whatever happens to the first call.

use super::super::app::{Answer, App, PATIENCE, send};
use super::super::bench::mutation_document;
use super::super::calls::refusal;
use super::super::mutations::{Ready, Service, fields, holder, ids, keyed, ready, with};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What a call was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// It is done; the ids that it was told.
    Done(Vec<String>),
    /// It is refused, with this code first.
    Refused(String),
    /// The store gave no answer.
    Unavailable,
}

/// One mutation, as it is called again and again.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) mutation: &'static str,
    pub(crate) input: Value,
    pub(crate) has_key: bool,
    pub(crate) removes: bool,
    /// The id and the version of the holder or alias account that it changes.
    pub(crate) record: Option<(String, i64)>,
    /// How many holders and alias accounts more there are when it is done.
    pub(crate) grown: (i64, i64),
}

/// Each mutation, and whether it is a deletion for good.
pub(crate) const KINDS: [(&str, bool); 14] = [
    ("createHolder", false),
    ("updateHolder", false),
    ("deleteHolder", false),
    ("deleteHolder", true),
    ("restoreHolder", false),
    ("onboardHolder", false),
    ("createAliasAccount", false),
    ("updateAliasAccount", false),
    ("deleteAliasAccount", false),
    ("deleteAliasAccount", true),
    ("restoreAliasAccount", false),
    ("addRelatedParty", false),
    ("updateRelatedParty", false),
    ("removeRelatedParty", false),
];

/// What a repeat without a key is told of what is done already.
const DONE_ALREADY: [&str; 6] = [
    "DOCUMENT_IN_USE",
    "ACCOUNT_IN_USE",
    "VERSION_CONFLICT",
    "NOT_DELETED",
    "HOLDER_NOT_FOUND",
    "ALIAS_ACCOUNT_NOT_FOUND",
];

impl Attempt {
    /// One of each kind, with a key or without.
    pub(crate) async fn all(app: &App, has_key: bool) -> Vec<Self> {
        let mut all = Vec::new();
        for (mutation, hard) in KINDS {
            all.push(Self::new(app, mutation, hard, has_key).await);
        }
        all
    }

    /// One that would succeed; a deletion may be for good.
    pub(crate) async fn new(app: &App, mutation: &'static str, hard: bool, has_key: bool) -> Self {
        let Ready { input, other, record, .. } = ready(app, mutation).await;
        let input = if hard { other } else { input };
        let version = match &record {
            Some(id) => version(app, id).await,
            None => None,
        };
        // Without a key only an expected version keeps a repeat from doing it again.
        let input = match version {
            Some(version) if !has_key => with(input, "expectedVersion", version),
            _ => input,
        };
        let input = if has_key { keyed(&input, &uuid::Uuid::now_v7().to_string()) } else { input };
        let grown = match (mutation, hard) {
            ("createHolder", _) => (1, 0),
            ("onboardHolder", _) => (1, 2),
            ("createAliasAccount", _) => (0, 1),
            ("deleteHolder", true) => (-1, 0),
            ("deleteAliasAccount", true) => (0, -1),
            _ => (0, 0),
        };
        Self { mutation, input, has_key, removes: hard, record: record.zip(version), grown }
    }

    /// A holder with a soft-deleted alias account is removed for good.
    pub(crate) async fn purge(app: &App, has_key: bool) -> Self {
        let (id, _) = linked(app, true).await;
        let input = json!({"id": id, "mode": "HARD", "expectedVersion": 1});
        let input = if has_key { keyed(&input, &uuid::Uuid::now_v7().to_string()) } else { input };
        let record = Some((id, 1));
        Self { mutation: "deleteHolder", input, has_key, removes: true, record, grown: (-1, -1) }
    }

    /// Calls a server that may end before it answers: nothing where it did.
    pub(crate) async fn call_one_that_may_end(&self, app: &App) -> Option<Told> {
        let query = mutation_document(self.mutation, fields(self.mutation));
        let request = app.request(&query, json!({"input": self.input}));
        let answer = request.send().await.ok()?.json::<Value>().await.ok()?;
        Some(read(self.mutation, &Answer { status: 200, headers: HeaderMap::new(), body: answer }))
    }

    /// Calls it once.
    pub(crate) async fn call(&self, app: &App) -> Told {
        told(app, self.mutation, &self.input).await
    }

    /// Calls it until the store answers.
    pub(crate) async fn answered(&self, app: &App) -> Told {
        let began = Instant::now();
        loop {
            match self.call(app).await {
                Told::Unavailable => tokio::time::sleep(Duration::from_millis(20)).await,
                answered => return answered,
            }
            assert!(began.elapsed() < PATIENCE, "{} does not work again", self.mutation);
        }
    }

    /// Repeats it, if the first call was not told that it is done, or if its key makes that safe, until the store
    /// answers.
    pub(crate) async fn finish(&self, app: &App, first: &Told) {
        assert!(!matches!(first, Told::Refused(_)), "{} {}: {first:?}", self.mutation, self.input);
        if *first != Told::Unavailable && !self.has_key {
            return;
        }
        let again = self.answered(app).await;
        match (&again, first) {
            (Told::Done(again), Told::Done(first)) => assert_eq!(again, first, "{}", self.mutation),
            (Told::Refused(code), _) if !self.has_key => {
                assert!(DONE_ALREADY.contains(&code.as_str()), "{}: {code}", self.mutation);
            }
            (again, _) => assert!(matches!(again, Told::Done(_)), "{}: {again:?}", self.mutation),
        }
    }

    /// It is done once: the record has the version that one change gives it.
    pub(crate) async fn judge(&self, app: &App) {
        if let Some((id, before)) = &self.record {
            let expected = (!self.removes).then_some(before + 1);
            assert_eq!(version(app, id).await, expected, "{} {}", self.mutation, self.input);
        }
    }

    /// What kind it is, for messages.
    pub(crate) fn name(&self) -> String {
        let mode = if self.removes { " for good" } else { "" };
        let key = if self.has_key { " with a key" } else { "" };
        format!("{}{mode}{key}", self.mutation)
    }
}

/// Makes a call, which must end.
pub(crate) async fn told(app: &App, mutation: &str, input: &Value) -> Told {
    let request = app.request(&mutation_document(mutation, fields(mutation)), json!({"input": input}));
    read(mutation, &ended(request).await)
}

fn read(mutation: &str, answer: &Answer) -> Told {
    if answer.body["errors"].is_null() {
        let payload = &answer.body["data"][mutation];
        return match refusal(payload) {
            "" => Told::Done(ids(payload)),
            code => Told::Refused(code.to_owned()),
        };
    }
    assert_unavailable(answer);
    assert_eq!(answer.body["data"][mutation], Value::Null, "{}", answer.body);
    Told::Unavailable
}

/// An answer, for which nobody waits without an end.
pub(crate) async fn ended(request: reqwest::RequestBuilder) -> Answer {
    tokio::time::timeout(PATIENCE, send(request)).await.expect("a call that does not end")
}

/// It says that the store does not answer, at a place of the document, and that the same call may succeed later.
pub(crate) fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    for error in answer.body["errors"].as_array().unwrap() {
        assert_eq!(error["extensions"]["code"], json!("STORE_UNAVAILABLE"), "{}", answer.body);
        assert_eq!(error["extensions"]["retryable"], json!(true), "{}", answer.body);
        assert!(error["path"].is_array(), "{}", answer.body);
    }
}

/// The version of a holder or alias account, if it is there.
pub(crate) async fn version(app: &App, id: &str) -> Option<i64> {
    let query = "query($id: ID!) { holder(id: $id, state: ANY) { version }
        aliasAccount(id: $id, state: ANY) { version } }";
    let answer = app.ask(query, json!({"id": id})).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    let data = &answer["data"];
    data["holder"]["version"].as_i64().or(data["aliasAccount"]["version"].as_i64())
}

/// A holder with an alias account, live or soft-deleted, and their ids.
pub(crate) async fn linked(app: &App, deleted: bool) -> (String, String) {
    let id = holder(app).await;
    let input = with(app.new_account().await, "holderId", id.as_str());
    let payload = app.mutate("createAliasAccount", "aliasAccount { id }", &input).await;
    let alias = super::super::calls::text(&payload, "/aliasAccount/id").to_owned();
    if deleted {
        app.mutate("deleteAliasAccount", "deletedId", &json!({"id": alias})).await;
    }
    (id, alias)
}
