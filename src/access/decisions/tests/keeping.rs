//! For how long an answer is kept.

use super::*;
use Decision::{Allowed, Denied, Unauthenticated};

const JUST: Duration = Duration::from_millis(1);
const SHORT: Duration = Duration::from_secs(2);

/// For how long an answer is kept, to the millisecond: just before that it is not asked for again, and then it is.
async fn assert_kept_for(ttl: Duration, expires: Option<Duration>, answer: Decision, expected: Duration) {
    let world = World::new(Some(ttl));
    world.answers("genuine", Ok(answer));
    let call = call("genuine", expires);
    assert_eq!(world.decide(&call).await, Ok(answer));
    let told = format!("{answer:?} with {ttl:?} of a token until {expires:?}");
    if expected > JUST {
        world.pass(expected - JUST);
        assert_eq!(world.decide(&call).await, Ok(answer));
        assert_eq!(world.asked(), 1, "{told}");
        world.pass(JUST);
    }
    assert_eq!(world.decide(&call).await, Ok(answer));
    assert_eq!(world.asked(), 2, "{told}");
}

#[tokio::test]
async fn a_permission_is_kept_for_its_time_and_never_past_the_tokens_end() {
    assert_kept_for(TTL, Some(PATIENT), Allowed, TTL).await;
    assert_kept_for(SHORT / 2, Some(PATIENT), Allowed, SHORT / 2).await;
    assert_kept_for(TTL, Some(TTL / 2), Allowed, TTL / 2).await;
    // The token is still taken, for clocks that differ; what it may is asked each time.
    assert_kept_for(TTL, Some(Duration::ZERO), Allowed, Duration::ZERO).await;
}

#[tokio::test]
async fn a_permission_of_a_token_without_an_end_is_kept_no_longer_than_a_refusal() {
    assert_kept_for(TTL, None, Allowed, SHORT).await;
    assert_kept_for(SHORT / 2, None, Allowed, SHORT / 2).await;
}

#[tokio::test]
async fn refusals_are_kept_for_two_seconds_and_no_longer_than_a_permission() {
    for refusal in [Denied, Unauthenticated] {
        assert_kept_for(TTL, Some(PATIENT), refusal, SHORT).await;
        assert_kept_for(TTL, None, refusal, SHORT).await;
        assert_kept_for(SHORT / 2, Some(PATIENT), refusal, SHORT / 2).await;
    }
}

#[tokio::test]
async fn the_time_of_an_answer_counts_from_when_it_was_asked_for() {
    let world = World::new(Some(TTL));
    let waiting = world.waits(genuine());
    world.settle(1).await;
    world.pass(TTL - JUST);
    world.answer(0, Ok(Allowed));
    assert_eq!(waiting.await.unwrap(), Ok(Allowed));
    assert_eq!(world.decide(&genuine()).await, Ok(Allowed));
    world.pass(JUST);
    world.answers("genuine", Ok(Denied));
    assert_eq!(world.decide(&genuine()).await, Ok(Denied));
    assert_eq!(world.asked(), 2);
}

#[tokio::test]
async fn an_answer_that_took_longer_than_it_would_be_kept_is_not_kept() {
    let world = World::new(Some(TTL));
    let waiting = world.waits(genuine());
    world.settle(1).await;
    world.pass(TTL);
    world.answer(0, Ok(Allowed));
    assert_eq!(waiting.await.unwrap(), Ok(Allowed));
    world.answers("genuine", Ok(Denied));
    assert_eq!(world.decide(&genuine()).await, Ok(Denied));
}

#[tokio::test]
async fn a_new_answer_takes_the_place_of_the_old_one() {
    let world = World::new(Some(TTL));
    world.answers("genuine", Ok(Denied));
    assert_eq!(world.decide(&genuine()).await, Ok(Denied));
    world.pass(SHORT);
    world.answers("genuine", Ok(Allowed));
    assert_eq!(world.decide(&genuine()).await, Ok(Allowed));
    world.pass(TTL - JUST);
    assert_eq!(world.decide(&genuine()).await, Ok(Allowed));
    assert_eq!(world.asked(), 2);
}

#[tokio::test]
async fn what_is_kept_is_bounded() {
    let world = World::new(Some(TTL));
    assert_eq!(world.decisions.cache.as_ref().unwrap().most(), Some(100_000));
}
