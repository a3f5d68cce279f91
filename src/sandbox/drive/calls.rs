//! What a sandbox server was asked, and how many at once. Never a token, a secret, a body or a query.

use super::super::claims::{Claims, Rejected};
use super::question::Question;
use crate::domain::time::Timestamp;
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many calls are kept; the oldest give way, and the counts go on.
const KEPT: usize = 10_000;

/// No text from outside is kept longer.
const LONGEST_TEXT: usize = 512;

/// The calls of one server.
#[derive(Default)]
pub(super) struct Calls(Mutex<Log>);

struct Log {
    /// Another one after each clearing: what began before it must not count in what follows.
    epoch: u64,
    since: Timestamp,
    kept: VecDeque<Entry>,
    total: u64,
    gone: u64,
    statuses: BTreeMap<u16, u64>,
    faults: BTreeMap<&'static str, u64>,
    connections: u64,
    in_flight: u64,
    most_in_flight: u64,
}

struct Entry {
    number: u64,
    at: Timestamp,
    method: String,
    path: String,
    caller: Caller,
    question: Option<Question>,
    fault: Option<&'static str>,
    status: Option<u16>,
    state: &'static str,
}

/// Whose token came with a call.
pub(super) struct Caller {
    /// `good`, or what is wrong with it.
    token: &'static str,
    /// Of a good token with both claims, `<owner>/<sub>`.
    subject: Option<String>,
}

impl Caller {
    /// What the token said of itself; only a good one is believed who it is.
    pub(super) fn of(claims: Result<Claims, Rejected>) -> Self {
        let token = match claims {
            Ok(claims) => {
                let subject = claims.person().as_deref().map(short);
                return Self { token: "good", subject };
            }
            Err(Rejected::Missing) => "missing",
            Err(Rejected::Repeated) => "repeated",
            Err(Rejected::Invalid) => "invalid",
            Err(Rejected::Expired) => "expired",
        };
        Self { token, subject: None }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self::new(0, 0)
    }
}

impl Log {
    fn new(epoch: u64, in_flight: u64) -> Self {
        Self {
            epoch,
            since: Timestamp::now(),
            kept: VecDeque::new(),
            total: 0,
            gone: 0,
            statuses: BTreeMap::new(),
            faults: BTreeMap::new(),
            connections: 0,
            in_flight,
            most_in_flight: in_flight,
        }
    }

    /// Counts, and changes the entry where it is still kept; nothing of a call from before the clearing.
    fn note(&mut self, call: &Call, count: impl FnOnce(&mut Self), change: impl FnOnce(&mut Entry)) {
        if call.epoch != self.epoch {
            return;
        }
        count(self);
        let first = self.kept.front().map_or(u64::MAX, |entry| entry.number);
        let index = call.number.checked_sub(first).and_then(|index| usize::try_from(index).ok());
        if let Some(entry) = index.and_then(|index| self.kept.get_mut(index)) {
            change(entry);
        }
    }

    fn told(&self) -> Value {
        json!({
            "since": self.since.to_string(),
            "total": self.total,
            "statuses": self.statuses,
            "faults": self.faults,
            "gone": self.gone,
            "connections": self.connections,
            "inFlight": self.in_flight,
            "mostInFlight": self.most_in_flight,
            "calls": self.kept.iter().map(Entry::told).collect::<Vec<_>>(),
        })
    }
}

impl Entry {
    fn told(&self) -> Value {
        json!({
            "number": self.number,
            "at": self.at.to_string(),
            "method": self.method,
            "path": self.path,
            "token": self.caller.token,
            "subject": self.caller.subject,
            "question": self.question,
            "fault": self.fault,
            "status": self.status,
            "state": self.state,
        })
    }
}

impl Calls {
    /// All that is known.
    pub(super) fn told(&self) -> Value {
        self.log().told()
    }

    /// Forgets what was; what is under way now stays counted as that.
    pub(super) fn clear(&self) {
        let mut log = self.log();
        *log = Log::new(log.epoch.wrapping_add(1), log.in_flight);
    }

    /// A call has come.
    pub(super) fn begin(calls: &Arc<Self>, method: &Method, path: &str, caller: Caller) -> Call {
        let mut log = calls.log();
        log.total = log.total.saturating_add(1);
        log.in_flight = log.in_flight.saturating_add(1);
        log.most_in_flight = log.most_in_flight.max(log.in_flight);
        if log.kept.len() >= KEPT {
            log.kept.pop_front();
        }
        let entry = Entry {
            number: log.total,
            at: Timestamp::now(),
            method: short(method.as_str()),
            path: short(path),
            caller,
            question: None,
            fault: None,
            status: None,
            state: "waiting",
        };
        log.kept.push_back(entry);
        Call { calls: Arc::clone(calls), epoch: log.epoch, number: log.total, ended: false }
    }

    /// A connection was accepted.
    pub(super) fn connected(calls: &Arc<Self>) -> Connection {
        let mut log = calls.log();
        log.connections = log.connections.saturating_add(1);
        let (calls, epoch) = (Arc::clone(calls), log.epoch);
        Connection(Arc::new(Opened { calls, epoch, fresh: AtomicBool::new(true) }))
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        // Nothing that can panic happens while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An accepted connection.
#[derive(Clone)]
pub(in crate::sandbox) struct Connection(Arc<Opened>);

struct Opened {
    calls: Arc<Calls>,
    epoch: u64,
    fresh: AtomicBool,
}

impl Connection {
    /// A request has come on it. One whose first request drives the sandbox was made to look or to command, and is
    /// taken out of the count again: who counts connections would otherwise count their own.
    pub(super) fn asked(&self, drives: bool) {
        if self.0.fresh.swap(false, Ordering::Relaxed) && drives {
            let mut log = self.0.calls.log();
            if log.epoch == self.0.epoch {
                log.connections = log.connections.saturating_sub(1);
            }
        }
    }
}

/// A call under way. Dropped before its end, the connection has ended before the answer was whole.
pub(super) struct Call {
    calls: Arc<Calls>,
    epoch: u64,
    number: u64,
    ended: bool,
}

impl Call {
    /// What Access Manager is asked by it.
    pub(super) fn asks(&self, question: Question) {
        self.calls.log().note(self, |_| (), |entry| entry.question = Some(question));
    }

    /// A rule of this kind strikes it.
    pub(super) fn struck(&self, kind: &'static str) {
        let count = |log: &mut Log| *log.faults.entry(kind).or_default() += 1;
        self.calls.log().note(self, count, |entry| entry.fault = Some(kind));
    }

    /// The head of its answer is ready.
    pub(super) fn answered(&self, status: u16) {
        let count = |log: &mut Log| *log.statuses.entry(status).or_default() += 1;
        self.calls.log().note(self, count, |entry| entry.status = Some(status));
    }

    /// Its answer was given whole.
    pub(super) fn end(mut self) {
        self.leave("answered", 0);
    }

    fn leave(&mut self, state: &'static str, gone: u64) {
        let mut log = self.calls.log();
        log.in_flight = log.in_flight.saturating_sub(1);
        log.note(self, |log| log.gone = log.gone.saturating_add(gone), |entry| entry.state = state);
        drop(log);
        self.ended = true;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if !self.ended {
            self.leave("gone", 1);
        }
    }
}

/// The text, or its beginning.
pub(super) fn short(text: &str) -> String {
    let mut characters = text.chars();
    let mut short: String = characters.by_ref().take(LONGEST_TEXT).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(calls: &Arc<Calls>, path: &str) -> Call {
        Calls::begin(calls, &Method::GET, path, Caller { token: "missing", subject: None })
    }

    #[test]
    fn the_counts_go_on_when_the_oldest_calls_give_way() {
        let calls = Arc::new(Calls::default());
        let first = begin(&calls, "/first");
        for _ in 0..KEPT {
            let call = begin(&calls, "/");
            call.answered(200);
            call.end();
        }
        first.answered(503);
        first.end();
        let told = calls.told();
        assert_eq!(told["total"], json!(KEPT + 1));
        assert_eq!(told["statuses"], json!({"200": KEPT, "503": 1}));
        let kept = told["calls"].as_array().unwrap();
        assert_eq!(kept.len(), KEPT);
        assert!(kept.iter().all(|call| call["path"] == "/" && call["status"] == 200));
        assert_eq!((&told["inFlight"], &told["mostInFlight"]), (&json!(0), &json!(2)));
    }

    #[test]
    fn what_began_before_a_clearing_counts_only_as_under_way() {
        let calls = Arc::new(Calls::default());
        let old = begin(&calls, "/old");
        let connection = Calls::connected(&calls);
        calls.clear();
        connection.asked(true);
        begin(&calls, "/new").end();
        let told = calls.told();
        assert_eq!(
            (&told["total"], &told["inFlight"], &told["mostInFlight"]),
            (&json!(1), &json!(1), &json!(2))
        );
        old.answered(200);
        drop(old);
        let told = calls.told();
        assert_eq!((&told["total"], &told["inFlight"], &told["gone"]), (&json!(1), &json!(0), &json!(0)));
        assert_eq!((&told["statuses"], &told["connections"]), (&json!({}), &json!(0)));
        assert_eq!(
            (&told["calls"][0]["path"], &told["calls"][0]["state"]),
            (&json!("/new"), &json!("answered"))
        );
    }

    #[test]
    fn a_connection_is_counted_unless_its_first_request_drives() {
        let calls = Arc::new(Calls::default());
        let silent = Calls::connected(&calls);
        let asks = Calls::connected(&calls);
        let drives = Calls::connected(&calls);
        asks.asked(false);
        asks.asked(true);
        drives.asked(true);
        drives.asked(false);
        assert_eq!(calls.told()["connections"], json!(2));
        drop(silent);
    }

    #[test]
    fn a_text_is_kept_within_bounds() {
        let calls = Arc::new(Calls::default());
        begin(&calls, &"é".repeat(LONGEST_TEXT + 1)).end();
        let told = calls.told();
        assert_eq!(told["calls"][0]["path"], json!(format!("{}…", "é".repeat(LONGEST_TEXT))));
    }
}
