//! Rotation, outages and lies of a key server, on a clock that does not run by itself.

use super::super::signer::Signer;
use super::*;
use async_trait::async_trait;
use futures::future::join_all;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

const ED: Algorithm = Algorithm::EdDsa;

/// A key server whose answer the test holds in its hands.
#[derive(Clone)]
struct Held {
    answer: Arc<Mutex<Result<Vec<u8>, NoAnswer>>>,
    asked: Arc<AtomicUsize>,
    /// Each answer takes a turn; a test that gives none keeps the server silent.
    turns: Arc<Semaphore>,
}

#[async_trait]
impl KeySource for Held {
    async fn fetch(&self) -> Result<Vec<u8>, NoAnswer> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.turns.acquire().await.unwrap().forget();
        self.answer.lock().unwrap().clone()
    }
}

impl Held {
    fn new(answer: Result<Vec<u8>, NoAnswer>) -> Self {
        let turns = Arc::new(Semaphore::new(1_000_000));
        Self { answer: Arc::new(Mutex::new(answer)), asked: Arc::default(), turns }
    }

    fn says(&self, answer: Result<Vec<u8>, NoAnswer>) {
        *self.answer.lock().unwrap() = answer;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn set(keys: &[Value]) -> Result<Vec<u8>, NoAnswer> {
    Ok(json!({ "keys": keys }).to_string().into_bytes())
}

fn key(id: &str) -> Value {
    Signer::ed25519().jwk(id)
}

fn down<T>() -> Result<T, NoAnswer> {
    Err(NoAnswer::Status(503))
}

async fn found(server: &KeyServer, id: &str) -> Result<(), NoKey> {
    server.find(ED, Some(id)).await.map(|_| ())
}

/// Lets time pass, and all that is due be done.
async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
}

#[tokio::test(start_paused = true)]
async fn a_token_that_comes_before_the_first_set_waits_for_it() {
    let held = Held::new(set(&[key("a")]));
    let server = KeyServer::start(held.clone());
    assert_eq!(found(&server, "a").await, Ok(()));
    assert_eq!((held.asked(), server.trouble()), (1, None));
}

#[tokio::test(start_paused = true)]
async fn a_new_key_is_known_at_once_and_a_removed_one_is_refused() {
    let held = Held::new(set(&[key("a")]));
    let server = KeyServer::start(held.clone());
    assert_eq!(found(&server, "a").await, Ok(()));
    held.says(set(&[key("b")]));
    assert_eq!(found(&server, "b").await, Ok(()));
    assert_eq!(found(&server, "a").await, Err(NoKey::Unknown));
    assert_eq!(held.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_was_removed_is_refused_after_five_minutes_without_any_new_one() {
    let (kept, removed) = (key("a"), key("b"));
    let held = Held::new(set(&[kept.clone(), removed]));
    let server = KeyServer::start(held.clone());
    assert_eq!(found(&server, "b").await, Ok(()));
    held.says(set(&[kept]));
    pass(REFRESH - Duration::from_secs(1)).await;
    assert_eq!((found(&server, "b").await, held.asked()), (Ok(()), 1));
    pass(Duration::from_secs(2)).await;
    assert_eq!(held.asked(), 2);
    assert_eq!(found(&server, "b").await, Err(NoKey::Unknown));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_key_causes_one_reload_for_all_and_then_none_for_thirty_seconds() {
    let held = Held::new(set(&[key("a")]));
    let server = KeyServer::start(held.clone());
    assert_eq!(found(&server, "a").await, Ok(()));
    held.turns.forget_permits(1_000_000);
    let names: Vec<String> = (0..50).map(|n| format!("made-up-{n}")).collect();
    let open = async {
        pass(Duration::from_secs(1)).await;
        assert_eq!(held.asked(), 2);
        held.turns.add_permits(1_000_000);
    };
    let (answers, ()) = tokio::join!(join_all(names.iter().map(|name| found(&server, name))), open);
    assert!(answers.iter().all(|answer| *answer == Err(NoKey::Unknown)), "{answers:?}");
    assert_eq!(held.asked(), 2);
    // Even for a key that is there now.
    held.says(set(&[key("a"), key("b")]));
    pass(COOL_DOWN - Duration::from_secs(2)).await;
    assert_eq!((found(&server, "b").await, held.asked()), (Err(NoKey::Unknown), 2));
    pass(Duration::from_secs(2)).await;
    assert_eq!((found(&server, "b").await, held.asked()), (Ok(()), 3));
}

#[tokio::test(start_paused = true)]
async fn a_known_key_of_another_algorithm_causes_no_reload() {
    let held = Held::new(set(&[key("a"), key("b")]));
    let server = KeyServer::start(held.clone());
    assert_eq!(found(&server, "a").await, Ok(()));
    assert_eq!(server.find(Algorithm::Rs256, Some("a")).await.unwrap_err(), NoKey::Unfit);
    assert_eq!(server.find(ED, None).await.unwrap().len(), 2);
    assert_eq!(held.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn while_the_server_is_down_old_keys_serve_and_unknown_ones_are_unavailable() {
    let held = Held::new(set(&[key("a")]));
    let server = KeyServer::start(held.clone());
    assert_eq!(found(&server, "a").await, Ok(()));
    held.says(down());
    assert_eq!(found(&server, "b").await, Err(NoKey::Unavailable));
    assert_eq!(found(&server, "b").await, Err(NoKey::Unavailable));
    pass(OLDEST - Duration::from_secs(60)).await;
    assert_eq!(found(&server, "a").await, Ok(()));
    assert_eq!(found(&server, "b").await, Err(NoKey::Unavailable));
    assert_eq!(server.trouble().unwrap(), "status 503");
    // Up again, it is found without anybody asking.
    held.says(set(&[key("b")]));
    pass(LONGEST_PAUSE).await;
    assert_eq!((found(&server, "b").await, server.trouble()), (Ok(()), None));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_down_at_the_start_is_asked_again_ever_more_rarely() {
    let held = Held::new(down());
    let server = KeyServer::start(held.clone());
    pass(Duration::from_millis(500)).await;
    let mut asked = vec![held.asked()];
    for seconds in [1, 2, 4, 8, 16, 30, 30] {
        pass(Duration::from_secs(seconds)).await;
        asked.push(held.asked());
    }
    assert_eq!(asked, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(found(&server, "a").await, Err(NoKey::Unavailable));
    held.says(set(&[key("a")]));
    pass(LONGEST_PAUSE).await;
    assert_eq!(found(&server, "a").await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn no_lie_replaces_good_keys() {
    let held = Held::new(set(&[key("a")]));
    let server = KeyServer::start(held.clone());
    assert_eq!(found(&server, "a").await, Ok(()));
    let secret = json!({"kty": "oct", "k": "c2VjcmV0", "kid": "b", "alg": "HS256"});
    let mut for_encryption = key("b");
    for_encryption["use"] = json!("enc");
    for lie in [
        Ok(b"<html>sign in</html>".to_vec()),
        Ok(b"{\"keys\":".to_vec()),
        set(&[]),
        set(&[secret]),
        set(&[for_encryption]),
        set(&[key("a"), key("a")]),
        set(&[json!({"kty": "RSA", "kid": "b", "n": "AQAB", "e": "AQAB"})]),
        Err(NoAnswer::NotJson),
        Err(NoAnswer::TooLong),
        Err(NoAnswer::Status(302)),
    ] {
        held.says(lie.clone());
        pass(REFRESH + COOL_DOWN).await;
        assert_eq!(found(&server, "a").await, Ok(()), "{lie:?}");
        assert_eq!(found(&server, "b").await, Err(NoKey::Unavailable), "{lie:?}");
        assert!(server.trouble().is_some(), "{lie:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_reload_ends_although_whoever_caused_it_has_gone_away() {
    let held = Held::new(set(&[key("a")]));
    let server = KeyServer::start(held.clone());
    assert_eq!(found(&server, "a").await, Ok(()));
    held.turns.forget_permits(1_000_000);
    held.says(set(&[key("b")]));
    let gone = tokio::time::timeout(Duration::from_secs(1), found(&server, "b")).await;
    assert!(gone.is_err());
    held.turns.add_permits(1_000_000);
    assert_eq!((found(&server, "b").await, held.asked()), (Ok(()), 2));
}

#[tokio::test(start_paused = true)]
async fn a_load_that_ends_without_a_word_leaves_nobody_waiting_and_is_not_begun_again_at_once() {
    let held = Held::new(set(&[key("a")]));
    let server = KeyServer::start(held.clone());
    assert_eq!(found(&server, "a").await, Ok(()));
    held.turns.close();
    assert_eq!(found(&server, "b").await, Err(NoKey::Unknown));
    pass(Duration::from_secs(1)).await;
    assert_eq!(held.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_any_more_once_it_is_dropped() {
    let held = Held::new(down());
    let server = KeyServer::start(held.clone());
    pass(Duration::from_millis(500)).await;
    drop(server);
    pass(REFRESH).await;
    assert_eq!(held.asked(), 1);
}

/// Else the last key could never be withdrawn.
#[tokio::test(start_paused = true)]
async fn keys_that_no_load_confirms_for_a_day_prove_nothing_any_more() {
    let good = set(&[key("a"), key("b")]);
    for unconfirmed in [set(&[]), set(&[json!({"kty": "oct", "k": "c2VjcmV0", "kid": "a"})]), down()] {
        let held = Held::new(good.clone());
        let server = KeyServer::start(held.clone());
        assert_eq!(found(&server, "a").await, Ok(()));
        // A day since the last good answer, and not since the first.
        pass(OLDEST).await;
        held.says(unconfirmed.clone());
        pass(OLDEST - REFRESH - Duration::from_secs(1)).await;
        assert_eq!(found(&server, "a").await, Ok(()), "{unconfirmed:?}");
        pass(REFRESH + Duration::from_secs(2)).await;
        assert_eq!(found(&server, "a").await, Err(NoKey::Unavailable), "{unconfirmed:?}");
        assert_eq!(server.find(ED, None).await.unwrap_err(), NoKey::Unavailable, "{unconfirmed:?}");
        held.says(good.clone());
        pass(LONGEST_PAUSE).await;
        assert_eq!((found(&server, "a").await, server.trouble()), (Ok(()), None), "{unconfirmed:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn keys_are_forgotten_after_a_day_although_loads_end_without_a_word() {
    let held = Held::new(set(&[key("a")]));
    let server = KeyServer::start(held.clone());
    assert_eq!(found(&server, "a").await, Ok(()));
    held.turns.close();
    pass(OLDEST).await;
    assert_eq!(found(&server, "a").await, Err(NoKey::Unavailable));
}

/// The way to withdraw the only key, also under its own name.
#[tokio::test(start_paused = true)]
async fn a_key_that_another_one_replaces_is_out_of_use_at_the_next_load() {
    let held = Held::new(set(&[key("a")]));
    let server = KeyServer::start(held.clone());
    assert_eq!(found(&server, "a").await, Ok(()));
    let withdrawn = server.find(ED, Some("a")).await.unwrap();
    held.says(set(&[key("a")]));
    pass(REFRESH + Duration::from_secs(1)).await;
    assert_ne!(server.find(ED, Some("a")).await.unwrap(), withdrawn);
    held.says(set(&[key("b")]));
    pass(REFRESH + Duration::from_secs(1)).await;
    assert_eq!(found(&server, "a").await, Err(NoKey::Unknown));
}

#[tokio::test(start_paused = true)]
async fn a_name_that_two_keys_have_withdraws_neither_the_other_keys_nor_later_withdrawals() {
    let (kept, removed) = (key("b"), key("c"));
    let held = Held::new(set(&[key("a"), kept.clone(), removed]));
    let server = KeyServer::start(held.clone());
    assert_eq!(found(&server, "c").await, Ok(()));
    held.says(set(&[key("a"), key("a"), kept]));
    pass(REFRESH + Duration::from_secs(1)).await;
    assert_eq!(found(&server, "a").await, Err(NoKey::Unfit));
    assert_eq!((found(&server, "b").await, found(&server, "c").await), (Ok(()), Err(NoKey::Unknown)));
    assert_eq!(server.trouble(), None);
}

/// A runtime that has shut down drops a new task within `spawn`, and the end of the load locks the state.
#[test]
fn a_look_while_the_runtime_shuts_down_does_not_lock_itself_up() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = runtime.block_on(async {
        let server = KeyServer::start(Held::new(set(&[key("a")])));
        assert_eq!(found(&server, "a").await, Ok(()));
        server
    });
    let handle = runtime.handle().clone();
    drop(runtime);
    let (done, looked) = std::sync::mpsc::sync_channel(1);
    std::thread::spawn(move || {
        let _inside = handle.enter();
        let waits = matches!(Kept::look(&server.kept, ED, Some("b")), Look::Wait { begun: true });
        server.kept.state().due = Instant::now();
        let loads = matches!(Kept::next(&server.kept), Next::AfterLoad { begun: true });
        done.send((waits, loads, server.kept.state().loading.is_none())).unwrap();
    });
    assert_eq!(looked.recv_timeout(Duration::from_secs(10)), Ok((true, true, true)));
}
