//! The audit trail after a crash: each change that is there has exactly one entry, and nothing is said of others.

use super::super::app::App;
use super::super::audit::{exported, verified};
use super::super::process::PATIENCE;
use super::writer::Writer;
use holdergraph::domain::time::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How often which mutation changed which record.
pub(crate) type Changes = BTreeMap<(String, String), usize>;

/// Waits until what the writers know was moved to the trail, and compares it with what the trail has since `from`.
pub(crate) async fn compare(app: &App, writers: &mut [Writer], from: Timestamp) {
    let mut known = Changes::new();
    for (change, count) in writers.iter_mut().flat_map(|writer| std::mem::take(&mut writer.changes)) {
        *known.entry(change).or_default() += count;
    }
    let began = Instant::now();
    loop {
        let told = told(app, from, &known);
        if told == known {
            break;
        }
        let late = began.elapsed() >= PATIENCE;
        let differ = known.iter().filter(|(change, count)| told.get(*change) != Some(*count));
        assert!(!late, "changes whose entries are not once in the trail: {:?}", differ.collect::<Vec<_>>());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // What waits is as old as the store was out of reach: how long that was is no fault.
    let (code, found) = verified(app.dir(), &["--lag", "1h"]);
    assert_eq!(code, Some(0), "{found:#}");
}

/// The same, as the trail tells it, of the changes that are known. Of others it must not tell: a writer knows of all
/// that its records went through.
fn told(app: &App, from: Timestamp, known: &Changes) -> Changes {
    let mut told = Changes::new();
    for line in exported(app.dir(), &["--from", &from.to_string()]) {
        let own = &line["holdergraph"];
        let is_change = [json!("change"), json!("purge")].contains(&own["kind"]);
        if !is_change || own["outcome"] != "done" {
            continue;
        }
        let action = line["event"]["action"].as_str().unwrap().to_owned();
        let records = own["records"].as_array().map_or(&[][..], Vec::as_slice);
        // An alias account that goes with its holder has an entry of its own.
        if action == "deleteHolder" && records.iter().all(|record| record["type"] == "AliasAccount") {
            continue;
        }
        let ids = records.iter().filter_map(|record| record["id"].as_str());
        let changes: Vec<_> = ids.map(|id| (action.clone(), id.to_owned())).collect();
        // An entry may name records beside the one that its mutation is about: a holder's alias accounts.
        let about = changes.iter().find(|change| known.contains_key(*change)).or(changes.first());
        if let Some(change) = about {
            *told.entry(change.clone()).or_default() += 1;
        }
    }
    told
}

/// The id that a mutation is about: that of its input, or of what it made.
pub(super) fn about(input: &Value, payload_or_after: impl FnOnce() -> String) -> String {
    let of_input = [&input["aliasAccountId"], &input["id"]].into_iter().find_map(Value::as_str);
    of_input.map_or_else(payload_or_after, str::to_owned)
}
