//! Each write of each mutation in its turn, and each read: its answer is lost, cut, or an error that passes. Another
//! try is safe, so the call is done, once.

use super::super::super::app::{fresh_document, new_holder};
use super::super::super::calls::PATIENT_OVER_MONGO;
use super::super::super::mutations::{Ready, ready, with};
use super::super::attempt::{Attempt, KINDS, Told, told};
use super::super::proxy::{Fault, Which};
use super::super::rest::{at_rest, until};
use super::Behind;
use futures::future::join_all;
use serde_json::json;
use std::time::Duration;

/// More commands of a kind no mutation makes.
const COMMANDS_MAX: usize = 60;

/// By the time that two calls have tried so often, each of them has.
const TRIES: usize = 30;

/// Strikes the first, then the second, … command of each kind of call, until there is none any more.
async fn each_in_turn(which: Which, fault: Fault) {
    let behind = Behind::new(&PATIENT_OVER_MONGO);
    let mut struck = 0;
    for has_key in [true, false] {
        for (mutation, hard) in KINDS {
            let kind = Kind { mutation, hard, has_key };
            struck += in_turn(&behind, &kind, &which, &fault).await;
        }
    }
    assert!(struck > 30, "{struck} commands were struck");
    behind.check();
}

struct Kind {
    mutation: &'static str,
    hard: bool,
    has_key: bool,
}

async fn in_turn(behind: &Behind, kind: &Kind, which: &Which, fault: &Fault) -> usize {
    for n in 1..COMMANDS_MAX {
        let attempt = Attempt::new(&behind.app, kind.mutation, kind.hard, kind.has_key).await;
        let (holders, alias_accounts) = behind.app.stored();
        behind.proxy.nth(n, which.clone(), fault.clone());
        let told = attempt.call(&behind.app).await;
        let is_left = behind.proxy.calm();
        let name = format!("{} at {n}: {fault:?}", attempt.name());
        assert!(matches!(told, Told::Done(_)), "{name}: {told:?}");
        attempt.finish(&behind.app, &told).await;
        attempt.judge(&behind.app).await;
        at_rest(behind.app.dir()).await;
        let grown = (holders + attempt.grown.0, alias_accounts + attempt.grown.1);
        assert_eq!(behind.app.stored(), grown, "{name}");
        if is_left {
            return n - 1;
        }
    }
    panic!("a mutation that does not stop writing");
}

#[tokio::test]
async fn the_answer_of_each_write_is_lost() {
    each_in_turn(Which::writes(), Fault::Lost).await;
}

#[tokio::test]
async fn the_connection_ends_before_each_write() {
    each_in_turn(Which::writes(), Fault::Unsent).await;
}

#[tokio::test]
async fn the_answer_of_each_write_is_cut() {
    each_in_turn(Which::writes(), Fault::Cut(21)).await;
}

#[tokio::test]
async fn the_answer_of_each_read_is_cut() {
    each_in_turn(Which::reads(), Fault::Cut(21)).await;
}

#[tokio::test]
async fn each_write_is_a_deadlock() {
    each_in_turn(Which::writes(), Fault::DEADLOCK).await;
}

#[tokio::test]
async fn each_write_is_a_deadlock_that_is_told_of_the_write_alone() {
    each_in_turn(Which::writes(), Fault::WriteError(16_908_292, "deadlock detected")).await;
}

#[tokio::test]
async fn each_write_conflicts() {
    each_in_turn(Which::writes(), Fault::Error(112, "WriteConflict")).await;
}

#[tokio::test]
async fn each_write_meets_a_server_that_is_not_the_primary() {
    each_in_turn(Which::writes(), Fault::Error(10_107, "NotWritablePrimary")).await;
}

#[tokio::test]
async fn each_write_meets_a_primary_that_steps_down() {
    each_in_turn(Which::writes(), Fault::Error(189, "PrimarySteppedDown")).await;
}

#[tokio::test]
async fn each_write_is_interrupted_by_a_shutdown() {
    each_in_turn(Which::writes(), Fault::Error(11_600, "InterruptedAtShutdown")).await;
}

#[tokio::test]
async fn each_read_meets_a_shutdown() {
    each_in_turn(Which::reads(), Fault::Error(91, "ShutdownInProgress")).await;
}

/// Those that insert again at once, and do so together, keep each other from ever ending.
#[tokio::test]
async fn whoever_loses_a_race_for_a_claim_looks_whose_it_is_before_it_tries_again() {
    let behind = Behind::new(&PATIENT_OVER_MONGO);
    let kinds = [
        ("createHolder", "holders", "DOCUMENT_IN_USE"),
        ("createAliasAccount", "alias_accounts", "ACCOUNT_IN_USE"),
        ("onboardHolder", "holders", "DOCUMENT_IN_USE"),
        ("onboardHolder", "alias_accounts", "ACCOUNT_IN_USE"),
    ];
    for (mutation, collection, refused) in kinds {
        let Ready { mut input, .. } = ready(&behind.app, mutation).await;
        assert!(matches!(told(&behind.app, mutation, &input).await, Told::Done(_)), "{mutation}");
        if (mutation, collection) == ("onboardHolder", "alias_accounts") {
            input["holder"]["document"] = json!(fresh_document());
        }
        let inserts = Which::command("insert").on(collection);
        let before = behind.proxy.count(&inserts);
        behind.proxy.nth(1, inserts.clone(), Fault::DEADLOCK);
        assert_eq!(
            told(&behind.app, mutation, &input).await,
            Told::Refused(refused.to_owned()),
            "{mutation}"
        );
        assert!(!behind.proxy.calm(), "{mutation}: it was struck");
        assert_eq!(behind.proxy.count(&inserts) - before, 1, "{mutation}: it inserted again");
    }
    behind.check();
}

/// Two that lost a race for one claim, which nobody has: while one of them tries again, the other one waits for its turn.
async fn try_again_one_at_a_time(mutation: &str, command: &'static str) {
    let behind = Behind::new(&PATIENT_OVER_MONGO);
    let create = with(new_holder(), "document", fresh_document());
    let mut inputs = Vec::new();
    for _ in 0..2 {
        let made = behind.app.mutate("createHolder", "holder { id }", &create).await;
        let id = json!({"id": made["holder"]["id"]});
        behind.app.mutate("deleteHolder", "deletedId", &id).await;
        inputs.push(if mutation == "createHolder" { create.clone() } else { id });
    }
    let tries = Which::command(command).on("holders").of_calls();
    let before = behind.proxy.count(&tries);
    behind.proxy.nth(TRIES, tries.clone(), Fault::LostLater);
    behind.proxy.each(tries.clone(), Fault::DEADLOCK);
    let look = async {
        until("nobody tries again", || behind.proxy.count(&tries) - before >= TRIES).await;
        behind.proxy.calm();
        // Long enough for the other one to come by if it did not wait.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let tried = behind.proxy.count(&tries) - before;
        behind.proxy.lose();
        tried
    };
    let calls = join_all(inputs.iter().map(|input| told(&behind.app, mutation, input)));
    let (mut ends, tried) = futures::join!(calls, look);
    assert_eq!(tried, TRIES, "{ends:?}");
    ends.retain(|end| *end != Told::Refused("DOCUMENT_IN_USE".to_owned()));
    assert!(matches!(ends[..], [Told::Done(_)]), "all others: {ends:?}");
    behind.check();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn creations_that_lost_a_race_try_again_one_at_a_time() {
    try_again_one_at_a_time("createHolder", "insert").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restorations_that_lost_a_race_try_again_one_at_a_time() {
    try_again_one_at_a_time("restoreHolder", "update").await;
}
