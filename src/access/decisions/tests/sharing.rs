//! One question at a time for each distinct token, resource and action, whoever asks and whoever goes away.

use super::*;
use Decision::{Allowed, Denied, Unauthenticated};

#[tokio::test]
async fn identical_questions_under_way_share_one_answer() {
    for answer in [Ok(Allowed), Ok(Denied), Ok(Unauthenticated), outage()] {
        for ttl in [None, Some(TTL)] {
            let world = World::new(ttl);
            let all: Vec<_> = (0..20).map(|_| world.waits(genuine())).collect();
            world.settle(1).await;
            world.answer(0, answer.clone());
            for one in all {
                assert_eq!(one.await.unwrap(), answer);
            }
            assert_eq!((world.asked(), world.decisions.flights.count()), (1, 0));
        }
    }
}

#[tokio::test]
async fn the_question_of_whoever_came_first_goes_out() {
    let world = World::new(None);
    let (mut first, mut second) = (genuine(), genuine());
    first.request_id = "first".to_owned();
    second.request_id = "second".to_owned();
    let waiting = [world.waits(first), world.waits(second)];
    world.settle(1).await;
    assert_eq!(world.held.asked.lock().unwrap()[0].call.request_id, "first");
    world.answer(0, Ok(Allowed));
    for one in waiting {
        assert_eq!(one.await.unwrap(), Ok(Allowed));
    }
}

#[tokio::test]
async fn two_tokens_never_share_an_answer_although_they_name_the_same_subject() {
    for ttl in [None, Some(TTL)] {
        let world = World::new(ttl);
        let waiting = world.waits(genuine());
        world.settle(1).await;
        world.answers("forged", Ok(Unauthenticated));
        assert_eq!(world.decide(&call("forged", Some(PATIENT))).await, Ok(Unauthenticated));
        assert_eq!(world.asked(), 2, "the forged token was proven by itself");
        world.answer(0, Ok(Allowed));
        assert_eq!(waiting.await.unwrap(), Ok(Allowed));
        assert_eq!(world.decide(&call("forged", Some(PATIENT))).await, Ok(Unauthenticated));
    }
}

#[tokio::test]
async fn another_resource_action_or_kind_of_speaker_is_another_question() {
    let world = World::new(Some(TTL));
    let mut application = genuine();
    application.identity.asked_as = Asked::Application;
    let mut other = genuine();
    other.identity.asked_as = Asked::Person("lerian/other".to_owned());
    let mut shifted = call("genuinel", Some(PATIENT));
    shifted.identity.asked_as = Asked::Person("erian/7f3c".to_owned());
    let waiting = [
        world.waits(genuine()),
        world.waits_for(genuine(), Resource::Aliases, Action::Get),
        world.waits_for(genuine(), Resource::PersonalData, Action::Get),
        world.waits_for(genuine(), Resource::Holders, Action::Purge),
        world.waits(application),
        world.waits(other),
        world.waits(shifted),
    ];
    world.settle(waiting.len()).await;
    for (index, one) in waiting.into_iter().enumerate() {
        let answer = if index % 2 == 0 { Ok(Allowed) } else { Ok(Denied) };
        world.answer(index, answer.clone());
        assert_eq!(one.await.unwrap(), answer);
    }
}

#[tokio::test]
async fn an_outage_is_shared_with_those_who_waited_and_with_nobody_after_them() {
    let world = World::new(Some(TTL));
    let waiting = [world.waits(genuine()), world.waits(genuine())];
    world.settle(1).await;
    world.answer(0, outage());
    for one in waiting {
        assert_eq!(one.await.unwrap(), outage());
    }
    world.answers("genuine", Ok(Allowed));
    assert_eq!(world.decide(&genuine()).await, Ok(Allowed));
    assert_eq!(world.asked(), 2);
}

#[tokio::test]
async fn without_a_cache_an_answer_goes_only_to_those_who_waited_for_it() {
    let world = World::new(None);
    world.answers("genuine", Ok(Allowed));
    assert_eq!(world.decide(&genuine()).await, Ok(Allowed));
    world.answers("genuine", Ok(Denied));
    assert_eq!(world.decide(&genuine()).await, Ok(Denied));
    assert_eq!(world.asked(), 2);
}

#[tokio::test]
async fn where_the_one_who_asked_goes_away_the_others_still_get_the_answer() {
    let world = World::new(Some(TTL));
    let leader = world.waits(genuine());
    world.settle(1).await;
    let others = [world.waits(genuine()), world.waits(genuine())];
    world.settle(1).await;
    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    world.settle(1).await;
    assert!(world.is_awaited(0), "it is the same question, still under way");
    world.answer(0, Ok(Allowed));
    for one in others {
        assert_eq!(one.await.unwrap(), Ok(Allowed));
    }
    assert_eq!(world.asked(), 1);
}

#[tokio::test]
async fn a_follower_that_goes_away_takes_nobody_with_it() {
    let world = World::new(Some(TTL));
    let leader = world.waits(genuine());
    world.settle(1).await;
    let follower = world.waits(genuine());
    world.settle(1).await;
    follower.abort();
    assert!(follower.await.unwrap_err().is_cancelled());
    world.answer(0, Ok(Denied));
    assert_eq!(leader.await.unwrap(), Ok(Denied));
}

#[tokio::test]
async fn a_question_that_nobody_waits_for_any_longer_is_dropped_and_asked_anew() {
    let world = World::new(Some(TTL));
    let all = [world.waits(genuine()), world.waits(genuine())];
    world.settle(1).await;
    for one in all {
        one.abort();
        assert!(one.await.unwrap_err().is_cancelled());
    }
    assert!(!world.is_awaited(0), "the call was cancelled");
    assert_eq!(world.decisions.flights.count(), 0, "and nothing of it is left");
    let next = world.waits(genuine());
    world.settle(2).await;
    world.answer(1, Ok(Allowed));
    assert_eq!(next.await.unwrap(), Ok(Allowed));
}

#[tokio::test]
async fn a_question_led_by_someone_with_little_time_has_time_for_those_with_more() {
    let world = World::new(Some(TTL));
    let mut hurried = genuine();
    hurried.deadline = Instant::now();
    let hurried = world.waits(hurried);
    world.settle(1).await;
    let patient = world.waits(genuine());
    world.settle(1).await;
    let asked_until = world.held.asked.lock().unwrap()[0].call.deadline;
    assert!(asked_until > Instant::now(), "the deadline of the one who asked does not bound the question");
    hurried.abort();
    world.answer(0, Ok(Allowed));
    assert_eq!(patient.await.unwrap(), Ok(Allowed));
    assert_eq!(world.asked(), 1);
}

#[tokio::test]
async fn a_question_whose_own_time_is_over_is_asked_again_for_those_who_have_time_left() {
    let world = World::with(Settings { cache_ttl: None, patience: Duration::ZERO });
    let mut hurried = genuine();
    hurried.deadline = Instant::now() + stand_in::IMPATIENT;
    let leader = world.waits(hurried);
    world.settle(1).await;
    let followers = [world.waits(genuine()), world.waits(genuine())];
    assert_eq!(leader.await.unwrap(), Err(NoDecision("out of time".to_owned())));
    world.settle(2).await;
    world.answer(1, Ok(Allowed));
    for one in followers {
        assert_eq!(one.await.unwrap(), Ok(Allowed));
    }
    assert_eq!(world.asked(), 2, "one of them asked for both");
}

#[tokio::test]
async fn an_outage_that_was_told_in_time_is_not_asked_about_again() {
    let world = World::new(None);
    let leader = world.waits(genuine());
    world.settle(1).await;
    let mut late = genuine();
    late.deadline += PATIENT;
    let late = world.waits(late);
    world.settle(1).await;
    world.answer(0, outage());
    assert_eq!((leader.await.unwrap(), late.await.unwrap()), (outage(), outage()));
    assert_eq!(world.asked(), 1);
}

/// Panics instead of answering.
struct Broken;

#[async_trait]
impl AccessManager for Broken {
    async fn identify(&self, _: Option<&str>) -> Result<Identity, Unidentified> {
        Err(BadToken("it reads no token").into())
    }

    async fn decide(&self, _: &Call, _: Resource, _: Action) -> Result<Decision, NoDecision> {
        panic!("a fault of ours")
    }

    async fn health(&self) -> Result<(), String> {
        Ok(())
    }
}

#[tokio::test]
async fn asking_that_panics_is_no_decision_and_leaves_nothing_behind() {
    let settings = Settings { cache_ttl: Some(TTL), patience: PATIENT };
    let decisions = Decisions::new(Arc::new(Broken), settings, Clock::system());
    let answer = decisions.decide(&genuine(), Resource::Holders, Action::Get).await;
    assert!(answer.is_err());
    assert_eq!(decisions.flights.count(), 0);
}

#[tokio::test]
async fn without_a_token_nothing_is_shared_and_the_rest_is_passed_on() {
    let world = World::new(Some(TTL));
    world.answers("", Ok(Allowed));
    let mut nobody = genuine();
    nobody.identity.token = None;
    for asked in 1..=2 {
        assert_eq!(world.decide(&nobody).await, Ok(Allowed));
        assert_eq!(world.asked(), asked);
    }
    assert!(world.decisions.identify(None).await.is_err());
    assert_eq!(world.decisions.health().await, Err("it is not well".to_owned()));
    assert_eq!(format!("{:?}", world.decisions), "Decisions([redacted])");
}
