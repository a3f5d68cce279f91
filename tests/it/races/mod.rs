//! Rules 1, 3, 5, 7, 8 and 9 with 64 clients at once, over HTTP, many rounds on one server or, over MongoDB, on three
//! that share a database. After each race `holdergraph check` looks at the whole store.

mod claims;
mod edits;
mod keys;
mod lives;
mod onboardings;

use super::app::App;
use super::calls::PATIENT;
use super::calls::refusal;
use super::folder::{Folder, is_in_mongo};
use futures::future::join_all;
use serde_json::Value;
use std::collections::BTreeMap;

/// So many clients at once.
const CLIENTS: usize = 64;

impl App {
    /// What is raced on. Several servers are one to the clients: each call goes to the next.
    fn raced() -> Self {
        let dir = Folder::new();
        if is_in_mongo(dir.path()) { Self::spread(&dir) } else { Self::sandbox_in(dir, &PATIENT) }
    }
}

/// A call: the mutation's name, what is selected of its payload, and its input.
type Call = (&'static str, &'static str, Value);

/// All of them at once; the payloads in the order of the calls.
async fn race(app: &App, calls: &[Call]) -> Vec<Value> {
    assert_eq!(calls.len(), CLIENTS);
    join_all(calls.iter().map(|(mutation, fields, input)| app.mutate(mutation, fields, input))).await
}

/// How many payloads ended with which refusal; those that succeeded stand under the empty text.
fn tally<'a>(payloads: impl IntoIterator<Item = &'a Value>) -> BTreeMap<&'a str, usize> {
    let mut tally = BTreeMap::new();
    for payload in payloads {
        *tally.entry(refusal(payload)).or_default() += 1;
    }
    tally
}

/// The payloads of one mutation.
fn of<'a>(mutation: &'static str, calls: &'a [Call], payloads: &'a [Value]) -> Vec<&'a Value> {
    calls.iter().zip(payloads).filter(|(call, _)| call.0 == mutation).map(|(_, payload)| payload).collect()
}

/// How many payloads of one mutation succeeded.
fn done(mutation: &'static str, calls: &[Call], payloads: &[Value]) -> usize {
    of(mutation, calls, payloads).iter().filter(|payload| refusal(payload).is_empty()).count()
}
