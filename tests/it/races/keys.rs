//! Rule 9: of 64 calls with one key at once one writes, and all are told of it.

use super::super::app::App;
use super::super::bench::rounds;
use super::super::calls::refusal;
use super::super::mutations::{MUTATIONS, Ready, fields, ids, keyed, ready, with};
use super::{CLIENTS, race, tally};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};

/// The version of a holder or alias account, if it is there.
async fn version(app: &App, id: &str) -> Option<i64> {
    let query = "query($id: ID!) { holder(id: $id, state: ANY) { version }
        aliasAccount(id: $id, state: ANY) { version } }";
    let answer = app.ask(query, json!({"id": id})).await;
    let data = &answer["data"];
    data["holder"]["version"].as_i64().or(data["aliasAccount"]["version"].as_i64())
}

/// The input, in every other round with the version that the record has.
async fn perhaps_versioned(app: &App, ready: &Ready, round: usize) -> Value {
    let of_record = ready.record.as_deref().filter(|_| round % 2 == 1);
    match of_record {
        Some(id) => with(ready.input.clone(), "expectedVersion", version(app, id).await),
        None => ready.input.clone(),
    }
}

#[tokio::test]
async fn of_64_calls_with_one_key_one_writes_and_all_tell_the_same_record() {
    let app = App::raced();
    let turns = (0..2 * MUTATIONS.len()).cycle().take(rounds(200).max(2 * MUTATIONS.len()));
    for (round, turn) in turns.enumerate() {
        let ready = ready(&app, MUTATIONS[turn % MUTATIONS.len()]).await;
        let input = perhaps_versioned(&app, &ready, turn / MUTATIONS.len()).await;
        let before = (app.stored(), version_of(&app, &ready).await);
        let call = (ready.mutation, fields(ready.mutation), keyed(&input, &format!("key {round}")));
        let payloads = race(&app, &vec![call; CLIENTS]).await;
        let told = tally(&payloads);
        assert_eq!(told, BTreeMap::from([("", CLIENTS)]), "{} {input}", ready.mutation);
        let told: HashSet<_> = payloads.iter().map(ids).collect();
        assert_eq!(told.len(), 1, "{}: {told:?}", ready.mutation);
        assert!(told.iter().all(|ids| !ids.is_empty()), "{}: {told:?}", ready.mutation);
        let (holders, alias_accounts) = match ready.mutation {
            "createHolder" => (1, 0),
            "onboardHolder" => (1, 2),
            "createAliasAccount" => (0, 1),
            _ => (0, 0),
        };
        let grown = (before.0.0 + holders, before.0.1 + alias_accounts);
        assert_eq!(app.stored(), grown, "{}", ready.mutation);
        assert_eq!(version_of(&app, &ready).await, before.1.map(|version| version + 1), "{}", ready.mutation);
    }
    app.check();
}

async fn version_of(app: &App, ready: &Ready) -> Option<i64> {
    match &ready.record {
        Some(id) => version(app, id).await,
        None => None,
    }
}

#[tokio::test]
async fn of_two_inputs_with_one_key_one_wins_and_the_other_is_told_that_the_key_is_used() {
    let app = App::raced();
    let turns = (0..MUTATIONS.len()).cycle().take(rounds(200).max(MUTATIONS.len()));
    for (round, turn) in turns.enumerate() {
        let ready = ready(&app, MUTATIONS[turn]).await;
        let key = format!("key {round}");
        let call = |input: &Value| (ready.mutation, fields(ready.mutation), keyed(input, &key));
        let calls: Vec<_> = (0..CLIENTS / 2).flat_map(|_| [call(&ready.input), call(&ready.other)]).collect();
        let payloads = race(&app, &calls).await;
        let told = tally(&payloads);
        let half = CLIENTS / 2;
        assert_eq!(
            told,
            BTreeMap::from([("", half), ("IDEMPOTENCY_KEY_REUSED", half)]),
            "{}",
            ready.mutation
        );
        let winners: HashSet<_> =
            payloads.iter().filter(|payload| refusal(payload).is_empty()).map(ids).collect();
        assert_eq!(winners.len(), 1, "{}: {winners:?}", ready.mutation);
        let even = payloads.iter().step_by(2).map(refusal).collect::<HashSet<_>>();
        assert_eq!(even.len(), 1, "all of one input: {} {even:?}", ready.mutation);
    }
    app.check();
}
