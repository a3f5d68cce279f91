//! The rules that are in force, how often each struck, and who waits for their end.

use super::rule::{Kind, Rule};
use super::strike;
use axum::extract::Request;
use serde_json::{Value, json};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The faults of one server.
#[derive(Default)]
pub(super) struct Faults {
    rules: Mutex<Vec<Armed>>,
    /// Told when the rules are replaced.
    ended: watch::Sender<()>,
}

/// A rule in force.
struct Armed {
    rule: Rule,
    /// How many requests it was the first to match.
    met: u64,
    /// How many of those it struck.
    struck: u64,
}

impl Armed {
    fn is_spent(&self) -> bool {
        self.rule.times.is_some_and(|times| self.struck >= times)
    }

    /// Whether this request is struck. Of a rule that flaps, each second one is not.
    fn strikes(&mut self) -> bool {
        self.met = self.met.saturating_add(1);
        let strikes = !matches!(self.rule.kind, Kind::Flap { .. }) || self.met % 2 == 1;
        self.struck = self.struck.saturating_add(u64::from(strikes));
        strikes
    }
}

/// How one request is struck.
pub(super) struct Struck {
    /// The rule's kind.
    pub(super) kind: Kind,
    /// Until when at most.
    pub(super) release: Release,
}

/// The end of the faults that were in force.
pub(super) struct Release(watch::Receiver<()>);

impl Release {
    /// Waits for it.
    pub(super) async fn ended(&mut self) {
        // Where the sender is gone, the faults are too.
        let _ = self.0.changed().await;
    }
}

impl Faults {
    /// Puts these in force instead, and lets go whatever the former ones still hold.
    pub(super) fn replace(&self, rules: Vec<Rule>) {
        let mut armed = self.rules();
        *armed = rules.into_iter().map(|rule| Armed { rule, met: 0, struck: 0 }).collect();
        self.ended.send_replace(());
    }

    /// What is in force.
    pub(super) fn told(&self) -> Value {
        let told = |armed: &Armed| {
            let mut rule = armed.rule.told();
            rule.insert("struck".to_owned(), json!(armed.struck));
            Value::Object(rule)
        };
        json!({ "rules": self.rules().iter().map(told).collect::<Vec<_>>() })
    }

    /// How this request is struck, if it is: the first rule that matches and is not spent decides. What follows a
    /// redirection of ours is not redirected again, or the right answer would be nowhere.
    pub(super) fn strike(&self, request: &Request) -> Option<Struck> {
        let (method, path) = (request.method(), request.uri().path());
        let followed = strike::is_redirected(request.uri());
        let mut rules = self.rules();
        let armed = rules.iter_mut().find(|armed| {
            !armed.is_spent()
                && armed.rule.matches(method, path)
                && !(followed && matches!(armed.rule.kind, Kind::Redirect { .. }))
        })?;
        let kind = armed.rule.kind;
        // While the lock is held, so that no end is missed.
        armed.strikes().then(|| Struck { kind, release: Release(self.ended.subscribe()) })
    }

    fn rules(&self) -> MutexGuard<'_, Vec<Armed>> {
        // Nothing that can panic happens while it is held.
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::rule;
    use super::*;
    use axum::body::Body;

    fn faults(rules: Value) -> Faults {
        let faults = Faults::default();
        faults.replace(rule::read(json!({ "rules": rules }).to_string().as_bytes()).unwrap());
        faults
    }

    fn strike(faults: &Faults, uri: &str) -> Option<&'static str> {
        let request = Request::builder().uri(uri).body(Body::empty()).unwrap();
        faults.strike(&request).map(|struck| struck.kind.name())
    }

    #[test]
    fn the_first_rule_that_matches_and_is_not_spent_decides() {
        let faults = faults(json!([
            {"kind": "hang", "path": "/a", "times": 1},
            {"kind": "cut", "path": "/a", "times": 2},
            {"kind": "big", "path": "/*"},
        ]));
        let struck: Vec<_> = ["/b", "/a", "/a", "/a", "/a"].map(|path| strike(&faults, path)).into();
        assert_eq!(struck, ["big", "hang", "cut", "cut", "big"].map(Some));
        let counts: Vec<_> =
            faults.told()["rules"].as_array().unwrap().iter().map(|rule| rule["struck"].clone()).collect();
        assert_eq!(counts, [1, 2, 2]);
        faults.replace(Vec::new());
        assert_eq!(strike(&faults, "/a"), None);
    }

    #[test]
    fn every_other_request_flaps_and_only_failures_are_counted() {
        let faults = faults(json!([{"kind": "flap", "times": 2}, {"kind": "hang"}]));
        let struck: Vec<_> = (0..5).map(|_| strike(&faults, "/")).collect();
        assert_eq!(struck, [Some("flap"), None, Some("flap"), Some("hang"), Some("hang")]);
        assert_eq!(faults.told()["rules"][0]["struck"], json!(2));
    }

    #[test]
    fn who_follows_a_redirection_is_not_redirected_again() {
        let faults = faults(json!([{"kind": "redirect"}]));
        assert_eq!(strike(&faults, "/a?b=c"), Some("redirect"));
        assert_eq!(strike(&faults, "/a?b=c&_sandbox=redirected"), None);
    }
}
