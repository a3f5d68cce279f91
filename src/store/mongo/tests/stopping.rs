//! Every call is stopped at every step that it comes to: for good, or until others have gone on without it. The lease
//! is over at once, so that others take everybody who is stopped for dead.

use super::super::MongoStore;
use super::super::steps::STEPS;
use super::super::steps::stops::{STOP, Stop};
use super::acts::{Act, World};
use super::{Mongo, connect_with, over};
use crate::store::conformance::Stores;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// What somebody else does while the call is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Other {
    /// The same call again.
    Repeat,
    /// Nothing but the janitor.
    Nobody,
    /// Another call that wants the same records.
    Rival(Act),
}

const OTHERS: [Other; 9] = [
    Other::Repeat,
    Other::Nobody,
    Other::Rival(Act::CreateHolder),
    Other::Rival(Act::Link),
    Other::Rival(Act::UpdateHolder),
    Other::Rival(Act::DeleteHolder),
    Other::Rival(Act::PurgeHolder),
    Other::Rival(Act::RestoreAliasAccount),
    Other::Rival(Act::PurgeAliasAccount),
];

/// One call, stopped once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    pub(super) act: Act,
    pub(super) keyed: bool,
    pub(super) step: &'static str,
    pub(super) other: Other,
    /// Whether it goes on after the others.
    pub(super) wakes: bool,
}

async fn impatient(mongo: &Mongo) -> Arc<MongoStore> {
    let database = connect_with(mongo.database.name(), None).await;
    let mut store = over(database).await;
    Arc::get_mut(&mut store.connection).unwrap().lease = Duration::ZERO;
    Arc::new(store)
}

/// The steps that a call comes to where nobody disturbs it.
async fn steps_of(store: &Arc<MongoStore>, act: Act, keyed: bool) -> BTreeSet<&'static str> {
    let world = World::before(&**store, act, keyed).await;
    let stop = Arc::new(Stop::default());
    let end = STOP.scope(stop.clone(), world.attempt(&**store, act)).await;
    assert!(end.is_some_and(|end| end.stored()), "{act:?}");
    let seen = stop.seen.lock().unwrap();
    seen.iter().copied().collect()
}

async fn run(sleeper: &Arc<MongoStore>, others: &Arc<MongoStore>, case: Case) {
    let world = Arc::new(World::before(&**others, case.act, case.keyed).await);
    let stop = Arc::new(Stop { step: Some(case.step), ..Stop::default() });
    let call = {
        let (world, store) = (world.clone(), sleeper.clone());
        tokio::spawn(STOP.scope(stop.clone(), async move { world.attempt(&*store, case.act).await }))
    };
    stop.stopped.notified().await;
    tokio::time::sleep(Duration::from_millis(2)).await;
    let told = match case.other {
        Other::Repeat => world.until_told(&**others, case.act).await,
        Other::Nobody => None,
        Other::Rival(act) => {
            let rival = world.without_key();
            rival.until_told(&**others, act).await;
            None
        }
    };
    let woken = if case.wakes {
        stop.go.notify_one();
        call.await.unwrap()
    } else {
        None
    };
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(2)).await;
        others.collections().tidy().await.unwrap();
    }
    world.judge(others, case, woken, told).await;
}

async fn all_of(act: Act) {
    let mongo = Mongo::fresh().await;
    let (sleeper, others) = (impatient(&mongo).await, impatient(&mongo).await);
    for keyed in [false, true] {
        for step in steps_of(&others, act, keyed).await {
            assert!(STEPS.contains(&step));
            for other in OTHERS {
                for wakes in [false, true] {
                    run(&sleeper, &others, Case { act, keyed, step, other, wakes }).await;
                }
            }
        }
    }
}

macro_rules! stopped {
    ($($name:ident: $act:ident),+ $(,)?) => { $(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            all_of(Act::$act).await;
        }
    )+ };
}

stopped! {
    a_creation_that_stops_anywhere_is_done_once_or_not_at_all: CreateHolder,
    an_onboarding_that_stops_anywhere_is_done_whole_or_not_at_all: Onboard,
    a_link_that_stops_anywhere_leaves_no_orphan: Link,
    an_update_of_a_holder_that_stops_anywhere_is_done_once: UpdateHolder,
    a_deletion_of_a_holder_that_stops_anywhere_leaves_no_orphan: DeleteHolder,
    a_restoration_of_a_holder_that_stops_anywhere_is_done_once: RestoreHolder,
    a_removal_of_a_holder_that_stops_anywhere_takes_all_with_it: PurgeHolder,
    an_update_of_an_alias_account_that_stops_anywhere_is_done_once: UpdateAliasAccount,
    a_deletion_of_an_alias_account_that_stops_anywhere_is_done_once: DeleteAliasAccount,
    a_restoration_of_an_alias_account_that_stops_anywhere_leaves_no_orphan: RestoreAliasAccount,
    a_removal_of_an_alias_account_that_stops_anywhere_is_done_once: PurgeAliasAccount,
}

/// A repeat that finds out what became of a call stops too: others find it out as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_decides_an_operation_may_stop_too() {
    let mongo = Mongo::fresh().await;
    let (first, second, third) = (impatient(&mongo).await, impatient(&mongo).await, impatient(&mongo).await);
    for act in Act::ALL {
        for step in steps_of(&third, act, true).await {
            for at in ["fence: fenced", "fence: seen"] {
                let case = Case { act, keyed: true, step, other: Other::Repeat, wakes: true };
                let world = Arc::new(World::before(&*third, act, true).await);
                let stops: Vec<_> = [(&first, step), (&second, at)]
                    .into_iter()
                    .map(|(store, step)| {
                        (store.clone(), Arc::new(Stop { step: Some(step), ..Stop::default() }))
                    })
                    .collect();
                let mut calls = Vec::new();
                for (place, (store, stop)) in stops.iter().enumerate() {
                    let (world, store) = (world.clone(), store.clone());
                    let mut call = tokio::spawn(STOP.scope(stop.clone(), async move {
                        if place == 0 {
                            world.attempt(&*store, act).await
                        } else {
                            world.until_told(&*store, act).await
                        }
                    }));
                    // Where the operation is decided already, nobody has to decide it.
                    tokio::select! {
                        () = stop.stopped.notified() => {}
                        _ = &mut call, if place == 1 => {}
                    }
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    calls.push(call);
                }
                let told = world.until_told(&*third, act).await;
                stops.iter().for_each(|(_, stop)| stop.go.notify_one());
                let woken = match calls.swap_remove(0) {
                    call if !call.is_finished() => call.await.unwrap(),
                    _ => None,
                };
                if let Some(call) = calls.pop().filter(|call| !call.is_finished()) {
                    call.await.unwrap();
                }
                for _ in 0..3 {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    third.collections().tidy().await.unwrap();
                }
                world.judge(&third, case, woken, told).await;
            }
        }
    }
}
