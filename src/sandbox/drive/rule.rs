//! A rule of faults: which requests it strikes, and how.

use super::members::Members;
use axum::http::Method;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// So many rules may be in force at once.
const MOST_RULES: usize = 100;

/// The longest delay, in milliseconds: an hour.
const LONGEST_DELAY: u64 = 3_600_000;

const KNOWN: [&str; 7] = ["method", "path", "kind", "status", "delayMs", "retryAfter", "times"];
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const REDIRECTS: [u64; 5] = [301, 302, 303, 307, 308];

/// The kinds, each with those of `status`, `delayMs` and `retryAfter` that it uses.
const KINDS: [(&str, &[&str]); 10] = [
    ("status", &["status", "retryAfter"]),
    ("delay", &["delayMs"]),
    ("hang", &[]),
    ("cut", &[]),
    ("garbage", &["status"]),
    ("content-type", &[]),
    ("big", &[]),
    ("drip", &["delayMs"]),
    ("redirect", &["status"]),
    ("flap", &["status", "retryAfter"]),
];

/// How a request is struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// This status, with an error body of the server's own form.
    Status { status: u16, retry_after: Option<u64> },
    /// The right answer, later.
    Delay { delay: Duration },
    /// No answer.
    Hang,
    /// The head and the first half of the right answer; then the connection ends.
    Cut,
    /// A body that says it is JSON and is none.
    Garbage { status: u16 },
    /// The right answer, called `text/html`.
    ContentType,
    /// The right answer behind 2 MiB of white space.
    Big,
    /// The right answer byte by byte, with this pause between them.
    Drip { delay: Duration },
    /// To where the right answer is.
    Redirect { status: u16 },
    /// Each first of two like `Status`, each second as ever.
    Flap { status: u16, retry_after: Option<u64> },
}

impl Kind {
    /// What a rule calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Delay { .. } => "delay",
            Self::Hang => "hang",
            Self::Cut => "cut",
            Self::Garbage { .. } => "garbage",
            Self::ContentType => "content-type",
            Self::Big => "big",
            Self::Drip { .. } => "drip",
            Self::Redirect { .. } => "redirect",
            Self::Flap { .. } => "flap",
        }
    }
}

/// Which requests are struck, how, and how many of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// Any method where none is named.
    method: Option<Method>,
    /// One path, or with `*` at its end all that begin so; any where none is named.
    path: Option<String>,
    /// How.
    pub(super) kind: Kind,
    /// So many are struck, then the rule is spent; without it, all.
    pub(super) times: Option<u64>,
}

impl Rule {
    /// Whether it is about such a request.
    pub(super) fn matches(&self, method: &Method, path: &str) -> bool {
        self.method.as_ref().is_none_or(|asked| asked == method)
            && self.path.as_deref().is_none_or(|asked| match asked.strip_suffix('*') {
                Some(prefix) => path.starts_with(prefix),
                None => path == asked,
            })
    }

    /// The rule as it is told, with the defaults that it took.
    pub(super) fn told(&self) -> Map<String, Value> {
        let mut told = Map::new();
        let mut tell = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                told.insert(name.to_owned(), value);
            }
        };
        tell("method", self.method.as_ref().map(|method| json!(method.as_str())));
        tell("path", self.path.as_ref().map(|path| json!(path)));
        tell("kind", Some(json!(self.kind.name())));
        match self.kind {
            Kind::Status { status, retry_after } | Kind::Flap { status, retry_after } => {
                tell("status", Some(json!(status)));
                tell("retryAfter", retry_after.map(|seconds| json!(seconds)));
            }
            Kind::Garbage { status } | Kind::Redirect { status } => tell("status", Some(json!(status))),
            Kind::Delay { delay } | Kind::Drip { delay } => {
                tell("delayMs", Some(json!(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX))));
            }
            Kind::Hang | Kind::Cut | Kind::ContentType | Kind::Big => {}
        }
        tell("times", self.times.map(|times| json!(times)));
        told
    }
}

/// Reads a body of rules; what is wrong with it is told all at once.
pub(super) fn read(body: &[u8]) -> Result<Vec<Rule>, String> {
    const FORM: &str = "the body must be a JSON object, such as {\"rules\": [{\"kind\": \"hang\"}]}";
    let body: Value = serde_json::from_slice(body).map_err(|_| FORM.to_owned())?;
    let mut faults = Vec::new();
    let mut members = Members::of("", body, &mut faults).ok_or(FORM)?;
    members.require(&["rules"]);
    let rules = match members.take("rules") {
        Some(Value::Array(rules)) if rules.len() <= MOST_RULES => rules,
        Some(_) => members.fault("rules", "must be a list of at most 100 rules").unwrap_or_default(),
        None => Vec::new(),
    };
    members.end(&["rules"]);
    let read: Vec<Rule> =
        (0..).zip(rules).filter_map(|(index, rule)| one(index, rule, &mut faults)).collect();
    if faults.is_empty() { Ok(read) } else { Err(faults.join("; ")) }
}

/// One rule. `None` or any rule where something was wrong with it: nothing comes into force then.
fn one(index: usize, rule: Value, faults: &mut Vec<String>) -> Option<Rule> {
    let mut members = Members::of(format!("rules[{index}]"), rule, faults)?;
    let method = members.text("method").and_then(|name| match METHODS.contains(&name.as_str()) {
        true => Method::from_bytes(name.as_bytes()).ok(),
        false => members.fault("method", format!("must be one of {}", METHODS.join(", "))),
    });
    let path = members.text("path").and_then(|path| match wrong_with_path(&path) {
        Some(wrong) => members.fault("path", wrong),
        None => Some(path),
    });
    let times = members.whole("times", 1..=1_000_000_000);
    let kind = kind(&mut members);
    members.end(&KNOWN);
    Some(Rule { method, path, kind: kind?, times })
}

fn wrong_with_path(path: &str) -> Option<&'static str> {
    if !path.starts_with('/') || path.contains(['?', '#']) {
        return Some("must be a path from the first / on, without a query");
    }
    if path.strip_suffix('*').unwrap_or(path).contains('*') {
        return Some("may have a * at its end only");
    }
    if super::door::is_drive(path.trim_end_matches('*')) {
        return Some("must not be below /_sandbox: what drives the sandbox is never struck");
    }
    None
}

fn kind(members: &mut Members<'_>) -> Option<Kind> {
    members.require(&["kind"]);
    let name = members.text("kind");
    let known = name.as_deref().and_then(|name| KINDS.iter().find(|(known, _)| *known == name));
    if name.is_some() && known.is_none() {
        let names: Vec<_> = KINDS.iter().map(|(name, _)| *name).collect();
        members.note("kind", format!("must be one of {}", names.join(", ")));
    }
    for unused in ["status", "delayMs", "retryAfter"] {
        if let Some((kind, uses)) = known
            && !uses.contains(&unused)
            && members.take(unused).is_some()
        {
            members.note(unused, format!("is not used by kind {kind}"));
        }
    }
    let status = members.whole("status", 200..=599);
    let delay = members.whole("delayMs", 0..=LONGEST_DELAY);
    let retry_after = members.whole("retryAfter", 0..=86_400);
    let (kind, _) = known?;
    if *kind == "redirect" && status.is_some_and(|status| !REDIRECTS.contains(&status)) {
        return members.fault("status", "must be 301, 302, 303, 307 or 308 of kind redirect");
    }
    let status_or = |default: u16| status.map_or(default, |status| u16::try_from(status).unwrap_or(default));
    let delay_or = |default: u64| Duration::from_millis(delay.unwrap_or(default));
    Some(match *kind {
        "status" => Kind::Status { status: status_or(503), retry_after },
        "delay" => Kind::Delay { delay: delay_or(1000) },
        "hang" => Kind::Hang,
        "cut" => Kind::Cut,
        "garbage" => Kind::Garbage { status: status_or(200) },
        "content-type" => Kind::ContentType,
        "big" => Kind::Big,
        "drip" => Kind::Drip { delay: delay_or(100) },
        "redirect" => Kind::Redirect { status: status_or(307) },
        _ => Kind::Flap { status: status_or(503), retry_after },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(body: Value) -> Result<Vec<Rule>, String> {
        super::read(body.to_string().as_bytes())
    }

    fn rule(rule: Value) -> Result<Rule, String> {
        read(json!({ "rules": [rule] })).map(|mut rules| rules.remove(0))
    }

    #[test]
    fn each_kind_takes_its_own_fields_and_tells_its_defaults() {
        for (given, told) in [
            (json!({"kind": "status"}), json!({"kind": "status", "status": 503})),
            (json!({"kind": "delay"}), json!({"kind": "delay", "delayMs": 1000})),
            (json!({"kind": "garbage"}), json!({"kind": "garbage", "status": 200})),
            (json!({"kind": "drip"}), json!({"kind": "drip", "delayMs": 100})),
            (json!({"kind": "redirect"}), json!({"kind": "redirect", "status": 307})),
            (json!({"kind": "flap"}), json!({"kind": "flap", "status": 503})),
        ] {
            assert_eq!(Value::Object(rule(given).unwrap().told()), told);
        }
        for whole in [
            json!({"kind": "status", "status": 429, "retryAfter": 0, "method": "GET", "path": "/", "times": 1}),
            json!({"kind": "status", "status": 200}),
            json!({"kind": "status", "status": 599}),
            json!({"kind": "delay", "delayMs": 3_600_000}),
            json!({"kind": "hang", "path": "/v1/*", "times": 1_000_000_000}),
            json!({"kind": "cut", "path": "/*"}),
            json!({"kind": "garbage", "status": 404}),
            json!({"kind": "content-type", "method": "POST"}),
            json!({"kind": "big"}),
            json!({"kind": "drip", "delayMs": 0}),
            json!({"kind": "redirect", "status": 302}),
            json!({"kind": "flap", "status": 500, "retryAfter": 86_400}),
        ] {
            assert_eq!(Value::Object(rule(whole.clone()).unwrap().told()), whole);
        }
        assert_eq!(read(json!({"rules": []})), Ok(Vec::new()));
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let wrong = json!({"other": 1, "rules": [
            {"kind": "hang"},
            {"kind": "hung", "status": 199, "times": 0, "method": "get", "path": "v1", "delayMs": -1, "colour": 1},
            {"status": "503", "retryAfter": 1.5},
            {"kind": "hang", "status": 503, "delayMs": 1, "retryAfter": 1},
            {"kind": "redirect", "status": 200},
            {"kind": 7, "method": null},
            7,
        ]});
        let told = read(wrong).unwrap_err();
        let told: Vec<_> = told.split("; ").filter(|part| !part.starts_with("there are")).collect();
        let expected = [
            "other is unknown",
            "rules[1].method must be one of GET, ",
            "rules[1].path must be a path",
            "rules[1].times must be a whole number from 1 to 1000000000",
            "rules[1].kind must be one of status, delay, ",
            "rules[1].status must be a whole number from 200 to 599",
            "rules[1].delayMs must be a whole number from 0 to 3600000",
            "rules[1].colour is unknown",
            "rules[2].kind is missing",
            "rules[2].status must be a whole number",
            "rules[2].retryAfter must be a whole number from 0 to 86400",
            "rules[3].status is not used by kind hang",
            "rules[3].delayMs is not used by kind hang",
            "rules[3].retryAfter is not used by kind hang",
            "rules[4].status must be 301, 302, 303, 307 or 308",
            "rules[5].method must be a string",
            "rules[5].kind must be a string",
            "rules[6] must be a JSON object",
        ];
        assert_eq!(told.len(), expected.len(), "{told:#?}");
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.starts_with(expected), "{told}, not {expected}");
        }
    }

    #[test]
    fn a_body_that_is_none_is_told_its_form() {
        for wrong in ["", "{", "[]", "null", "{\"rules\": []} {}"] {
            assert!(super::read(wrong.as_bytes()).unwrap_err().contains("JSON object"), "{wrong}");
        }
        for wrong in [json!({}), json!({"rules": {}}), json!({"rules": vec![json!({"kind": "hang"}); 101]})] {
            assert!(read(wrong).unwrap_err().starts_with("rules "));
        }
    }

    #[test]
    fn a_path_is_one_path_or_a_beginning_and_never_the_sandboxs_own() {
        let matches = |pattern: &str, path: &str| {
            let rule = rule(json!({"kind": "hang", "path": pattern, "method": "GET"})).unwrap();
            assert!(!rule.matches(&Method::POST, path), "{pattern}");
            rule.matches(&Method::GET, path)
        };
        for (pattern, path, expected) in [
            ("/health", "/health", true),
            ("/health", "/health/", false),
            ("/v1/*", "/v1/authorize", true),
            ("/v1/*", "/v1/", true),
            ("/v1/*", "/v1", false),
            ("/v1*", "/v1", true),
            ("/*", "/anything", true),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
        let any = rule(json!({"kind": "hang"})).unwrap();
        assert!(any.matches(&Method::DELETE, "/health"));
        for wrong in
            ["health", "/a?b", "/a#b", "/*/b", "/a**", "/_sandbox", "/_sandbox/*", "/_sandbox/faults", ""]
        {
            let told = rule(json!({"kind": "hang", "path": wrong})).unwrap_err();
            assert!(told.starts_with("rules[0].path "), "{wrong}: {told}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_told_as_it_was(
            (index, status, delay, retry, times) in (0..10_usize, 200..600_u64, 0..100_u64, 0..100_u64, 1..9_u64)
        ) {
            let (kind, uses) = KINDS[index];
            let mut given = json!({"kind": kind, "times": times});
            for (name, value) in [
                ("status", if kind == "redirect" { 302 } else { status }), ("delayMs", delay), ("retryAfter", retry)
            ] {
                if uses.contains(&name) {
                    given[name] = json!(value);
                }
            }
            prop_assert_eq!(Value::Object(rule(given.clone()).unwrap().told()), given);
        }
    }
}
