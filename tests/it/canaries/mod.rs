//! No personal datum, token or key is found where it must not be, whatever is done and however it fails.
//!
//! Three marks are given ([`marks`]): one in all that is sealed and in every key, one in what is stored in clear and told
//! to nobody but in data, and digits, which are left of documents and numbers when all else is dropped. [`given`] holds
//! that every input of the schema had its value.

mod failures;
mod given;
mod marks;
mod run;
mod sandbox;
mod sink;
mod starts;
mod trail;
mod upstreams;
mod wrong;

use crate::app::{App, KEYS};
use crate::calls::check;
use crate::folder::is_in_mongo;
use crate::inside;
use crate::shape::schema;
use marks::{DIGITS, MARK, OPEN, Place, leaks};
use run::Run;
use serde_json::json;
use sink::Sink;
use std::collections::BTreeSet;
use std::path::Path;

const SETTINGS: [(&str, &str); 2] = [("LOG_LEVEL", "trace"), ("LOG_FORMAT", "json")];

/// Everything is open that can be, so that it can leak.
const SERVED: [(&str, &str); 7] = [
    SETTINGS[0],
    SETTINGS[1],
    ("FEDERATION_ENABLED", "true"),
    ("GET_ENABLED", "true"),
    ("AUTOMATIC_PERSISTED_QUERIES", "16777216"),
    ("LOOKUP_MISS_LIMIT", "off"),
    ("UPSTREAM_BREAKER_FAILURES", "1000"),
];

/// What it printed, and its metrics: of a service that runs, so that the last lines of its log may be missing.
async fn watched(app: &App, name: &str) -> Vec<Place> {
    let metrics = app.metrics().await;
    assert!(metrics.contains("holdergraph_requests_total"));
    vec![
        Place::new(format!("log of {name}"), app.log()),
        Place::new(format!("standard output of {name}"), app.said()),
        Place::new(format!("metrics of {name}"), metrics),
    ]
}

/// All that is stored, and whatever else lies in the folder; and the audit trail by itself, which holds no value at all.
fn stored(dir: &Path) -> Vec<Place> {
    let all = inside::all(dir).into_iter().map(|holding| Place::stored(holding.name, holding.bytes));
    let audit = inside::audit(dir);
    assert!(audit.iter().any(|holding| !holding.bytes.is_empty()), "nothing was audited");
    let audit =
        audit.into_iter().map(|holding| Place::new(format!("audit trail: {}", holding.name), holding.bytes));
    all.chain(audit).collect()
}

/// What `holdergraph check` prints of the store, in both forms, and on standard error.
fn checked(dir: &Path, faults: bool) -> Vec<Place> {
    [&[][..], &["--json"]]
        .into_iter()
        .map(|arguments| {
            let output = check(dir, arguments);
            assert_eq!(output.status.code(), Some(if faults { 3 } else { 0 }), "{output:?}");
            Place::new(format!("check {arguments:?}"), [output.stdout, output.stderr].concat())
        })
        .collect()
}

/// Spoils what a record keeps sealed.
fn spoil(dir: &Path, collection: &'static str, id: &str) {
    let length = inside::sealed(dir, collection, id).len();
    inside::put_sealed(dir, collection, id, &vec![0; length]);
}

#[tokio::test]
async fn whatever_is_done_and_however_it_fails_no_place_has_a_personal_datum_a_key_or_a_token() {
    let upstreams = App::sandbox_with(&SETTINGS);
    let sink = Sink::start().await;
    let exporting = sink.settings();
    let exporting = exporting.iter().map(|(name, value)| (*name, value.as_str()));
    let served: Vec<(&str, &str)> = SERVED.into_iter().chain(exporting).collect();
    let app = App::serve(&upstreams, &served);
    let mut run = Run::default();
    run.every_operation(&app).await;
    let lacking = given::lacking(&run.given, &[MARK, OPEN]);
    assert!(lacking.is_empty(), "these inputs had no value, or none with a mark: {lacking:?}");
    failures::of_inputs(&mut run, &app).await;
    failures::of_requests(&mut run, &app).await;
    let (holder, alias) = run.left.clone().unwrap();
    failures::of_http(&mut run, &app, &holder).await;
    let (asked, refused) = wrong::of_every_input(&mut run, &app).await;
    assert!(asked > 2 * given::all().len() && refused > asked * 9 / 10, "{refused} of {asked} were refused");
    if !is_in_mongo(app.dir()) {
        failures::of_the_store(&mut run, &app).await;
        let of_store = ["STORE_UNAVAILABLE", "INTERNAL"];
        assert!(of_store.iter().any(|code| run.codes.contains(*code)), "{:?}", run.codes);
    }
    let mut places = watched(&app, "a good day").await;
    places.extend(stored(app.dir()));
    places.extend(checked(app.dir(), false));

    // The ledger breaks off in the middle of an answer; then a record does not open; then the ledger lies; then Access
    // Manager does; then nobody decides.
    let with = |setting| served.iter().copied().chain([setting]).collect::<Vec<(&str, &str)>>();
    let ledger = upstreams::that_breaks_off().await;
    let dir = app.stop();
    spoil(dir.path(), "holders", &holder);
    spoil(dir.path(), "alias_accounts", &alias);
    let app = App::serve_in(dir, &upstreams, &with(("MIDAZ_LEDGER_URL", &ledger)));
    failures::of_the_ledger_and_of_records(&mut run, &app, &holder, &alias).await;
    places.extend(watched(&app, "a dead ledger").await);
    let liar = upstreams::that_lies().await;
    let mut dir = app.stop();
    for lies in ["MIDAZ_LEDGER_URL", "PLUGIN_AUTH_ADDRESS"] {
        let app = App::serve_in(dir, &upstreams, &with((lies, &liar)));
        failures::of_lies(&mut run, &app, &alias).await;
        places.extend(watched(&app, &format!("a lie behind {lies}")).await);
        dir = app.stop();
    }
    let app = App::serve_in(dir, &upstreams, &with(("PLUGIN_AUTH_ADDRESS", "http://127.0.0.1:9")));
    failures::of_access_manager(&mut run, &app).await;
    places.extend(watched(&app, "a dead Access Manager").await);
    places.extend(stored(app.dir()));
    let dir = app.stop();
    places.extend(checked(dir.path(), true));
    places.push(sink.exported());
    places.push(Place::new("log of the upstreams", upstreams.log()));
    places.push(Place::new("what failures said", run.told.join("\n")));

    let roots =
        ["Query", "Mutation"].iter().flat_map(|root| schema().get_object(root).unwrap().fields.keys());
    assert_eq!(run.done, roots.map(ToString::to_string).collect(), "every operation was done");
    let codes = schema().get_enum("UserErrorCode").unwrap().values.keys().map(ToString::to_string);
    let of_failures = [
        "UNAUTHENTICATED",
        "FORBIDDEN",
        "BAD_USER_INPUT",
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "QUERY_TOO_COMPLEX",
        "UNREADABLE",
        "AUTHORIZATION_UNAVAILABLE",
        "LEDGER_UNAVAILABLE",
    ];
    let wanted: BTreeSet<String> = codes.chain(of_failures.map(str::to_owned)).collect();
    let missing: Vec<&String> = wanted.difference(&run.codes).collect();
    assert!(missing.is_empty(), "these failures did not happen: {missing:?}");

    let tokens = upstreams.info["tokens"].as_object().unwrap();
    let tokens =
        tokens.values().flat_map(|token| token.as_str().unwrap().split('.').skip(1).map(str::to_owned));
    let secrets: Vec<String> =
        tokens.chain(KEYS.map(|(_, key)| key.to_owned())).chain(run.cursors.clone()).collect();
    assert!(run.cursors.len() > 3 && secrets.len() > 9 && secrets.iter().all(|secret| secret.len() > 20));
    for place in &places {
        assert_eq!(leaks(place, &secrets), Vec::<String>::new(), "in {}", place.name);
    }
}

/// A search that finds nothing anywhere would be of no use: what is planted is found, in each kind of place.
#[tokio::test]
async fn a_planted_leak_is_found_in_every_place_and_in_every_writing() {
    let upstreams = App::upstreams();
    let mut app = App::serve(&upstreams, &SETTINGS);
    let mut holder = crate::app::new_holder();
    holder["metadata"] = json!({"note": format!("{MARK} 1")});
    app.mutate("createHolder", "holder { id }", &holder).await;
    let key = &KEYS[0].1[..40];
    for request_id in [MARK, OPEN, DIGITS, key] {
        let request = app.request("{ __typename }", json!({})).header("X-Request-Id", request_id);
        crate::app::send(request).await;
    }
    let found = stored(app.dir());
    // A log is whole when its process has ended.
    app.signal("TERM");
    app.wait();
    let mut places = vec![Place::new("log of the service", app.log())];
    places.extend(found);
    let leaky: Vec<&str> = places
        .iter()
        .filter(|place| !leaks(place, &[key.to_owned()]).is_empty())
        .map(|place| place.name.as_str())
        .collect();
    assert!(leaky.iter().any(|name| name.starts_with("log")), "{leaky:?}");
    assert!(leaky.iter().any(|name| inside::is_of_the_store(name)), "{leaky:?}");
    let of_log = leaks(&places[0], &[key.to_owned()]);
    assert_eq!(of_log.len(), 4, "the three marks and the key: {of_log:?}");
    for mark in [MARK, OPEN, DIGITS] {
        for writing in marks::writings(mark) {
            let content = [b"...", writing.as_slice(), b"..."].concat();
            let told = leaks(&Place::new("anywhere", content.as_slice()), &[]);
            assert_eq!(told.len(), 1, "{}", String::from_utf8_lossy(&writing));
            let stored = leaks(&Place::stored("the store", content), &[]);
            assert_eq!(stored.len(), usize::from(mark != OPEN), "{}", String::from_utf8_lossy(&writing));
        }
    }
}

/// What is planted in the audit trail past the service is found there, though the store may hold it elsewhere.
#[tokio::test]
async fn a_value_that_is_planted_in_the_audit_trail_is_found_in_it() {
    let upstreams = App::upstreams();
    let app = App::serve_in(crate::folder::Folder::embedded(), &upstreams, &SETTINGS);
    app.holder().await;
    let leaky = |dir: &Path| {
        let audit = stored(dir).into_iter().filter(|place| place.name.starts_with("audit trail"));
        audit.filter(|place| !leaks(place, &[]).is_empty()).count()
    };
    assert_eq!(leaky(app.dir()), 0);
    inside::plant_in_the_audit_trail(app.dir(), OPEN);
    assert_eq!(leaky(app.dir()), 1);
}

/// An input that somebody adds to the schema and nobody gives a value fails the run by its name.
#[test]
fn an_input_without_a_value_and_a_text_without_a_mark_are_named() {
    let mut given = given::Given::new();
    let document = "query($f: HolderFilter!) { holders(filter: $f, first: 1, after: \"c\") { totalCount } }";
    given::note(document, &json!({"f": {"document": MARK, "externalId": "open"}}), &mut given);
    let lacking = given::lacking(&given, &[MARK, OPEN]);
    for there in
        ["HolderFilter.document", "Query.holders(first:)", "Query.holders(after:)", "Query.holders(filter:)"]
    {
        assert!(!lacking.contains(there), "{there}");
    }
    for missing in
        ["HolderFilter.externalId", "HolderFilter.type", "Query.holders(last:)", "AddressInput.city"]
    {
        assert!(lacking.contains(missing), "{missing}");
    }
}
