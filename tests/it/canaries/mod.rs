//! No personal datum, token or key is found where it must not be, whatever is done and however it fails.

mod failures;
mod marks;
mod run;
mod sandbox;

use crate::app::{App, KEYS};
use crate::calls::check;
use crate::inside;
use crate::shape::schema;
use marks::{MARK, Place, leaks};
use run::Run;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;

const SETTINGS: [(&str, &str); 2] = [("LOG_LEVEL", "trace"), ("LOG_FORMAT", "json")];

/// The log and the metrics of a service that runs.
async fn watched(app: &App, name: &str) -> Vec<Place> {
    let metrics = app.client.get(format!("{}/metrics", app.ops)).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("holdergraph_requests_total"));
    vec![Place::new(format!("log of {name}"), app.log()), Place::new(format!("metrics of {name}"), metrics)]
}

/// All that is stored, and whatever else lies in the folder.
fn stored(dir: &Path) -> Vec<Place> {
    inside::all(dir).into_iter().map(|holding| Place::new(holding.name, holding.bytes)).collect()
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
    let app = App::serve(&upstreams, &SETTINGS);
    let mut run = Run::default();
    run.every_operation(&app).await;
    failures::of_inputs(&mut run, &app).await;
    failures::of_requests(&mut run, &app).await;
    let mut places = watched(&app, "a good day").await;
    places.extend(stored(app.dir()));
    places.extend(checked(app.dir(), false));

    // The ledger breaks off in the middle of an answer; then a record does not open; then nobody decides.
    let (holder, alias) = run.left.clone().unwrap();
    let ledger = failures::ledger_that_breaks_off().await;
    let dir = app.stop();
    spoil(dir.path(), "holders", &holder);
    spoil(dir.path(), "alias_accounts", &alias);
    let with = |name, value| [SETTINGS[0], SETTINGS[1], (name, value)];
    let app = App::serve_in(dir, &upstreams, &with("MIDAZ_LEDGER_URL", &ledger));
    failures::of_the_ledger_and_of_records(&mut run, &app, &holder, &alias).await;
    places.extend(watched(&app, "a dead ledger").await);
    let app = App::serve_in(app.stop(), &upstreams, &with("PLUGIN_AUTH_ADDRESS", "http://127.0.0.1:9"));
    failures::of_access_manager(&mut run, &app).await;
    places.extend(watched(&app, "a dead Access Manager").await);
    places.extend(stored(app.dir()));
    let dir = app.stop();
    places.extend(checked(dir.path(), true));
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
    let secrets: Vec<String> = tokens.chain(KEYS.map(|(_, key)| key.to_owned())).collect();
    assert!(secrets.len() > 6 && secrets.iter().all(|secret| secret.len() > 20));
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
    for request_id in [MARK, key] {
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
    assert_eq!(of_log.len(), 2, "the mark and the key: {of_log:?}");
    for writing in marks::writings() {
        let place = Place::new("anywhere", [b"...", writing.as_slice(), b"..."].concat());
        assert_eq!(leaks(&place, &[]).len(), 1, "{}", String::from_utf8_lossy(&writing));
    }
}
