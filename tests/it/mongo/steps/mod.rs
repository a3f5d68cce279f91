//! A server is stopped after each step of each protocol: killed, and others go on; or only asleep, others settle what
//! it left, and it wakes.

mod doubtful;
mod late;
mod rivals;
mod scenes;
mod stage;

use super::attempt::{Attempt, Told};
use futures::StreamExt;
use futures::stream::iter;
use scenes::{FENCES, SCENES, Scene};
use stage::{Stage, Stopped};

const ALONE: bool = true;
const AMONG_OTHERS: bool = false;

/// So many scenes are played at once: most of the time they wait for the end of a lease.
const AT_ONCE: usize = 5;

#[test]
fn every_step_has_a_scene() {
    let mut played: Vec<&str> =
        SCENES.iter().map(|scene| scene.step).chain(FENCES.map(|(step, _)| step)).collect();
    played.sort_unstable();
    played.dedup();
    let mut known = holdergraph::store::mongo::steps::STEPS.to_vec();
    known.sort_unstable();
    assert_eq!(played, known);
}

/// Plays all scenes, with keys and without, and looks at the whole in the end. How many records more or fewer there are
/// then is known where nobody else writes.
async fn play(alone: bool, scene: impl AsyncFn(&Stage, &Scene, &Attempt)) {
    let stage = Stage::set().await;
    let mut calls = Vec::new();
    for of in &SCENES {
        for has_key in of.keys {
            calls.push((of, of.attempt(&stage.witness, *has_key).await));
        }
    }
    let before = stage.witness.stored();
    let played = calls.iter().map(async |(of, attempt)| {
        eprintln!("{}: {}", of.step, attempt.name());
        scene(&stage, of, attempt).await;
    });
    iter(played).buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
    stage.judge().await;
    if alone {
        let add = |sum: (i64, i64), of: &(i64, i64)| (sum.0 + of.0, sum.1 + of.1);
        let grown = calls.iter().map(|(_, attempt)| attempt.grown).fold(before, |sum, of| add(sum, &of));
        assert_eq!(stage.witness.stored(), grown, "each is done once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_after_any_step_and_called_again_it_is_done_once() {
    play(ALONE, async |stage, scene, attempt| {
        let stopped = Stopped::at(stage, scene.step, attempt).await;
        stage.look(attempt).await;
        stopped.kill().await;
        stage.look(attempt).await;
        attempt.finish(&stage.witness, &Told::Unavailable).await;
        attempt.judge(&stage.witness).await;
        stage.has_happened(attempt).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asleep_after_any_step_and_called_again_elsewhere_it_is_done_once() {
    play(ALONE, async |stage, scene, attempt| {
        let stopped = Stopped::at(stage, scene.step, attempt).await;
        stopped.sleep();
        let awake = attempt.answered(&stage.witness).await;
        attempt.judge(&stage.witness).await;
        let late = stopped.wake().await;
        match (&awake, &late) {
            // A key: all are told the same, or that it is not known.
            (Told::Done(awake), Told::Done(late)) if attempt.has_key => assert_eq!(awake, late),
            (Told::Done(_), Told::Unavailable) => {}
            // No key: one of the two did it.
            (Told::Refused(_), Told::Done(_) | Told::Unavailable) if !attempt.has_key => {}
            (Told::Done(_), Told::Refused(_)) if !attempt.has_key => {}
            both => panic!("{} at {}: {both:?}", attempt.name(), scene.step),
        }
        attempt.judge(&stage.witness).await;
        stage.has_happened(attempt).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_after_any_step_among_others_that_want_the_same_no_rule_is_broken() {
    play(AMONG_OTHERS, async |stage, scene, attempt| {
        let stopped = Stopped::at(stage, scene.step, attempt).await;
        let before = rivals::against(stage, attempt).await;
        stopped.kill().await;
        rivals::judge(stage, attempt, before, None).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asleep_after_any_step_among_others_that_want_the_same_its_late_work_changes_nothing() {
    play(AMONG_OTHERS, async |stage, scene, attempt| {
        let stopped = Stopped::at(stage, scene.step, attempt).await;
        stopped.sleep();
        let before = rivals::against(stage, attempt).await;
        let late = stopped.wake().await;
        rivals::judge(stage, attempt, before, Some(late)).await
    })
    .await;
}

/// What tests count is what `holdergraph check` counts: the deleted alias accounts of a holder that is removed for good
/// go with it, though their documents are emptied after its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_alias_accounts_of_a_removed_holder_are_not_counted_while_their_documents_are_left() {
    let stage = Stage::set().await;
    for has_key in [false, true] {
        let attempt = Attempt::purge(&stage.witness, has_key).await;
        let (holders, alias_accounts) = stage.witness.stored();
        let stopped = Stopped::at(&stage, "purge holder: purged", &attempt).await;
        assert_eq!(stage.witness.stored(), (holders - 1, alias_accounts - 1));
        stopped.kill().await;
        attempt.finish(&stage.witness, &Told::Unavailable).await;
    }
    stage.judge().await;
}

/// Who takes over from one that stopped may stop too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_while_it_fences_another_ones_operation_leaves_nothing_undone() {
    let stage = Stage::set().await;
    for (step, first) in FENCES {
        for asleep in [false, true] {
            let attempt = Attempt::new(&stage.witness, first.mutation, false, true).await;
            let stopped = Stopped::at(&stage, first.step, &attempt).await;
            stopped.sleep();
            let second = Stopped::at(&stage, step, &attempt).await;
            if asleep {
                second.sleep();
                let awake = attempt.answered(&stage.witness).await;
                for late in [second.wake().await, stopped.wake().await] {
                    assert!(late == awake || late == Told::Unavailable, "{late:?} {awake:?}");
                }
            } else {
                second.kill().await;
                stopped.kill().await;
                attempt.finish(&stage.witness, &Told::Unavailable).await;
            }
            attempt.judge(&stage.witness).await;
            stage.has_happened(&attempt).await;
        }
    }
    stage.judge().await;
}
