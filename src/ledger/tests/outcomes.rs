//! What the answers to the two calls come to, each by itself and together.

use super::{account, asked, client, missing, outcome, there, unavailable};
use crate::registry::ports::ledger::{Ledger, LedgerAccount, LedgerError};
use crate::upstream::stand_in::{Reply, TOKEN, json, nobody, raw};
use serde_json::json as value;

type Outcome = Result<LedgerAccount, LedgerError>;

const FOREIGN: &str = "status 404 without a code of the ledger";

/// A 404 as v4 writes it.
fn problem(code: &str) -> Reply {
    let body =
        value!({"type": "about:blank", "title": "Not Found", "status": 404, "detail": "…", "code": code});
    raw(404, "application/problem+json", body.to_string())
}

/// Answers that mean the same on either call: that it is missing.
fn known_404s() -> Vec<Reply> {
    let mut replies: Vec<Reply> = ["0007", "0037", "0038", "0052", "7"].map(missing).into();
    replies.extend(["0007", "0037", "0038", "0052"].map(problem));
    replies.extend([7, 37, 38, 52].map(|code| json(404, &value!({"code": code}))));
    replies
}

/// Answers that are none on either call, with the reason.
fn no_answers() -> Vec<(Reply, String)> {
    let reasons = [
        (missing("0065"), FOREIGN),
        (missing(""), FOREIGN),
        (missing("+7"), FOREIGN),
        (missing("LED-0007"), FOREIGN),
        (json(404, &value!({"code": 7.5})), FOREIGN),
        (json(404, &value!({"code": null})), FOREIGN),
        (json(404, &value!({"error": {"code": "0007"}})), FOREIGN),
        (json(404, &value!([{"code": "0007"}])), FOREIGN),
        (raw(404, "text/plain", r#"{"code":"0007"}"#), FOREIGN),
        (raw(404, "text/html", format!("<html>{TOKEN}")), FOREIGN),
        (raw(404, "application/json", ""), FOREIGN),
        (Reply::Whole { status: 404, content_type: None, body: Vec::new() }, FOREIGN),
        (raw(200, "text/html", "<html>"), "not JSON"),
        (raw(200, "application/json", format!("garbage {TOKEN}")), "not a JSON object"),
        (raw(200, "application/json", ""), "not a JSON object"),
        (json(200, &value!([])), "not a JSON object"),
        (json(200, &value!({"a": "x".repeat(1024 * 1024)})), "over 1048576 bytes"),
        (Reply::BrokenOff, "the connection broke off"),
        (Reply::Stuck, "timed out"),
        (Reply::Never, "timed out"),
        (Reply::Redirect(302, "/"), "status 302"),
        (Reply::Redirect(308, "/"), "status 308"),
    ];
    let statuses = [201, 202, 400, 405, 408, 409, 410, 422, 429, 500, 502, 503, 504];
    let statuses =
        statuses.map(|status| (json(status, &value!({"code": "0007"})), format!("status {status}")));
    reasons.into_iter().map(|(reply, reason)| (reply, reason.to_owned())).chain(statuses).collect()
}

#[tokio::test]
async fn an_account_of_a_ledger_that_is_there_is_found() {
    let expected = LedgerAccount { account_type: "deposit".to_owned(), blocked: false, holder_id: None };
    assert_eq!(outcome(there(), account()).await, Ok(expected));
}

#[tokio::test]
async fn a_404_with_a_code_of_the_ledger_is_missing() {
    for reply in known_404s() {
        let shown = format!("{reply:?}");
        assert_eq!(outcome(reply.clone(), account()).await, Err(LedgerError::LedgerNotFound), "{shown}");
        assert_eq!(outcome(there(), reply).await, Err(LedgerError::AccountNotFound), "{shown}");
    }
}

#[tokio::test]
async fn everything_unclear_on_either_call_is_unavailable() {
    for (reply, reason) in no_answers() {
        let shown = format!("{reply:.200?}");
        // A stuck body is one of a 200; the other call is quick, yet has only the short time-out too.
        assert_eq!(outcome(reply.clone(), reply.clone()).await, unavailable(&reason), "{shown}");
        if !matches!(reply, Reply::Stuck | Reply::Never) {
            assert_eq!(outcome(reply.clone(), account()).await, unavailable(&reason), "{shown}");
            assert_eq!(outcome(there(), reply).await, unavailable(&reason), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_caller_whom_the_ledger_refuses_is_forbidden() {
    for status in [401, 403] {
        let html = raw(status, "text/html", "<html>");
        let own = json(status, &value!({"code": "0007", "title": "no"}));
        for refusal in [html, own] {
            assert_eq!(outcome(refusal.clone(), refusal.clone()).await, Err(LedgerError::Forbidden));
            assert_eq!(outcome(there(), refusal).await, Err(LedgerError::Forbidden));
        }
    }
}

/// The ledger call decides, and only where the ledger is there does the account call say anything.
#[tokio::test]
async fn where_the_two_calls_disagree_the_ledger_call_comes_first() {
    let down = || raw(503, "text/html", "");
    let refused = || raw(403, "text/html", "");
    let foreign = || raw(404, "text/html", "");
    let rows: Vec<(&str, Reply, Reply, Outcome)> = vec![
        ("missing, missing", missing("0037"), missing("0052"), Err(LedgerError::LedgerNotFound)),
        ("missing, down", missing("0037"), down(), Err(LedgerError::LedgerNotFound)),
        ("missing, refused", missing("0037"), refused(), Err(LedgerError::LedgerNotFound)),
        ("missing, found", missing("0037"), account(), Err(LedgerError::LedgerNotFound)),
        ("down, missing", down(), missing("0052"), unavailable("status 503")),
        ("down, refused", down(), refused(), unavailable("status 503")),
        ("down, found", down(), account(), unavailable("status 503")),
        ("foreign, missing", foreign(), missing("0052"), unavailable(FOREIGN)),
        ("refused, missing", refused(), missing("0052"), Err(LedgerError::Forbidden)),
        ("refused, down", refused(), down(), Err(LedgerError::Forbidden)),
        ("refused, found", refused(), account(), Err(LedgerError::Forbidden)),
        ("there, missing", there(), missing("0052"), Err(LedgerError::AccountNotFound)),
        ("there, missing as its ledger", there(), missing("0037"), Err(LedgerError::AccountNotFound)),
        ("there, down", there(), down(), unavailable("status 503")),
    ];
    for (situation, ledger, account, expected) in rows {
        assert_eq!(outcome(ledger, account).await, expected, "{situation}");
    }
}

#[tokio::test]
async fn a_ledger_service_that_is_not_there_is_unavailable() {
    let (_socket, base) = nobody();
    assert_eq!(asked(&client(&base)).await, unavailable("connection refused"));
    assert_eq!(client(&base).health().await, Err("connection refused".to_owned()));
}
