//! The service's own token: got once, renewed in time by one, and never made up.

use super::super::{ClientCredentials, Credentials};
use super::client;
use crate::registry::ports::access::Asked;
use crate::registry::ports::own_token::{NoToken, OwnToken};
use crate::reload::{Fresh, Reread, Watched};
use crate::upstream::stand_in::{Reply, StandIn, call, json, later};
use futures::future::join_all;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json as value};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Semaphore;

const SECRET: &str = "the-client-secret";
const HOUR: u64 = 3600;

/// An Access Manager that gives `token-1`, `token-2`, …, each time it is let.
struct Issuer {
    server: StandIn,
    own: Arc<ClientCredentials>,
    /// What the file of the client's secret holds.
    secret: Arc<Mutex<&'static str>>,
    /// How many log-ins are answered; the others hang.
    let_pass: Arc<Semaphore>,
}

impl Issuer {
    /// Answers the n-th log-in, counted from 1, like this.
    async fn new(answer: impl Fn(usize) -> Reply + Clone + Send + Sync + 'static) -> Self {
        let (let_pass, asked) = (Arc::new(Semaphore::new(1000)), Arc::new(AtomicUsize::new(0)));
        let gate = let_pass.clone();
        let server = StandIn::start(move |_| {
            let n = asked.fetch_add(1, Ordering::SeqCst) + 1;
            let (gate, reply) = (gate.clone(), answer(n));
            async move {
                gate.acquire().await.unwrap().forget();
                reply
            }
        })
        .await;
        let secret = Arc::new(Mutex::new(SECRET));
        let there = secret.clone();
        let reread = Reread::by(move || Ok(SecretString::from(*there.lock().unwrap())));
        let fresh = Arc::new(Fresh::new("client_secret", SecretString::from(SECRET), Some(reread)));
        let credentials = Credentials { id: "the-client".to_owned(), secret: fresh };
        let own = Arc::new(ClientCredentials::new(Arc::new(client(&server.base)), credentials));
        Self { server, own, secret, let_pass }
    }

    async fn token(&self) -> Result<String, NoToken> {
        let token = self.own.token(&call(Asked::Application)).await;
        token.map(|token| token.expose_secret().to_owned())
    }

    /// Puts another secret into the file, and has it looked at.
    fn change(&self, secret: &'static str) {
        *self.secret.lock().unwrap() = secret;
        self.own.look();
    }

    /// The secrets that were logged in with.
    fn secrets(&self) -> Vec<String> {
        let secret = |body: &[u8]| serde_json::from_slice::<Value>(body).unwrap()["clientSecret"].to_string();
        self.server.seen().iter().map(|seen| secret(&seen.body).trim_matches('"').to_owned()).collect()
    }

    fn log_ins(&self) -> usize {
        self.server.seen().len()
    }

    fn shut(&self) {
        self.let_pass.forget_permits(1000);
    }

    fn open(&self) {
        self.let_pass.add_permits(1000);
    }
}

fn granted(n: usize, life: u64) -> Reply {
    let body = value!({
        "accessToken": format!("token-{n}"), "tokenType": "Bearer", "expiresIn": life,
        "refreshToken": "r", "scope": "s",
    });
    json(200, &body)
}

/// Waits until the server was asked so often.
async fn until_asked(issuer: &Issuer, times: usize) {
    while issuer.log_ins() < times {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Waits until this token is given out.
async fn until_told(issuer: &Issuer, token: &str) {
    while issuer.token().await.unwrap() != token {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn a_log_in_is_as_access_manager_expects_it_and_serves_until_80_percent_of_its_life() {
    let issuer = Issuer::new(|n| granted(n, HOUR)).await;
    assert_eq!(issuer.token().await.unwrap(), "token-1");
    later(Duration::from_secs(HOUR * 8 / 10 - 5)).await;
    assert_eq!(issuer.token().await.unwrap(), "token-1");
    let seen = issuer.server.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].line, "POST /v1/login/oauth/access_token");
    assert!(!seen[0].headers.contains_key("authorization"));
    let body: Value = serde_json::from_slice(&seen[0].body).unwrap();
    let expected =
        value!({"grantType": "client_credentials", "clientId": "the-client", "clientSecret": SECRET});
    assert_eq!(body, expected);
    later(Duration::from_secs(10)).await;
    until_told(&issuer, "token-2").await;
}

#[tokio::test]
async fn it_is_renewed_once_and_nobody_waits_for_that_while_the_old_one_holds() {
    let issuer = Issuer::new(|n| granted(n, HOUR)).await;
    issuer.token().await.unwrap();
    later(Duration::from_secs(HOUR * 9 / 10)).await;
    issuer.shut();
    let told = join_all((0..20).map(|_| issuer.token())).await;
    assert!(told.into_iter().all(|token| token.unwrap() == "token-1"));
    until_asked(&issuer, 2).await;
    assert_eq!(issuer.token().await.unwrap(), "token-1");
    issuer.open();
    until_told(&issuer, "token-2").await;
    assert_eq!(issuer.log_ins(), 2);
}

#[tokio::test]
async fn without_a_token_all_wait_for_one_log_in() {
    let issuer = Issuer::new(|n| granted(n, HOUR)).await;
    let told = join_all((0..20).map(|_| issuer.token())).await;
    assert!(told.into_iter().all(|token| token.unwrap() == "token-1"));
    assert_eq!(issuer.log_ins(), 1);
}

#[tokio::test]
async fn a_renewal_that_fails_leaves_the_token_until_its_end_and_then_there_is_none() {
    let issuer = Issuer::new(|n| if n == 1 { granted(n, HOUR) } else { json(403, &value!({})) }).await;
    issuer.token().await.unwrap();
    later(Duration::from_secs(HOUR * 9 / 10)).await;
    assert_eq!(issuer.token().await.unwrap(), "token-1");
    until_asked(&issuer, 2).await;
    // Not at each call: once a second.
    for _ in 0..20 {
        assert_eq!(issuer.token().await.unwrap(), "token-1");
    }
    assert_eq!(issuer.log_ins(), 2);
    later(Duration::from_secs(HOUR / 10)).await;
    let why = issuer.token().await.unwrap_err();
    assert!(why.0.contains("status 403"), "{why}");
    // The renewal's answer may have come only after the clock had jumped: then this was still its failure.
    later(Duration::from_secs(2)).await;
    issuer.token().await.unwrap_err();
    assert!((3..=4).contains(&issuer.log_ins()), "{}", issuer.log_ins());
}

#[tokio::test]
async fn those_who_wait_for_a_log_in_that_fails_are_told_the_same() {
    let issuer = Issuer::new(|_| json(401, &value!({}))).await;
    let told = join_all((0..20).map(|_| issuer.token())).await;
    assert!(told.iter().all(|token| token.as_ref().is_err_and(|why| why.0.contains("status 401"))));
    assert_eq!(issuer.log_ins(), 1);
    later(Duration::from_secs(2)).await;
    issuer.token().await.unwrap_err();
    assert_eq!(issuer.log_ins(), 2);
}

#[tokio::test]
async fn a_caller_who_goes_away_leaves_the_log_in_to_the_next() {
    let issuer = Issuer::new(|n| granted(n, HOUR)).await;
    issuer.shut();
    let gone = tokio::time::timeout(Duration::from_millis(50), issuer.token()).await;
    assert!(gone.is_err());
    issuer.open();
    assert!(issuer.token().await.unwrap().starts_with("token-"));
}

#[tokio::test]
async fn a_token_that_was_refused_is_replaced_and_a_newer_one_stays() {
    let issuer = Issuer::new(|n| granted(n, HOUR)).await;
    let first = SecretString::from(issuer.token().await.unwrap());
    later(Duration::from_secs(60)).await;
    assert!(issuer.own.refused(&first));
    assert_eq!(issuer.token().await.unwrap(), "token-2");
    assert!(issuer.own.refused(&first));
    assert_eq!((issuer.token().await.unwrap().as_str(), issuer.log_ins()), ("token-2", 2));
}

#[tokio::test]
async fn a_ledger_that_refuses_every_token_costs_no_log_in_each_time() {
    let issuer = Issuer::new(|n| granted(n, HOUR)).await;
    for _ in 0..20 {
        let token = SecretString::from(issuer.token().await.unwrap());
        assert!(!issuer.own.refused(&token));
    }
    assert_eq!(issuer.log_ins(), 1);
}

#[tokio::test]
async fn one_callers_lack_of_time_is_not_told_to_the_others() {
    let issuer = Issuer::new(|n| granted(n, HOUR)).await;
    issuer.shut();
    let hurried = async {
        let mut call = call(Asked::Application);
        call.deadline = std::time::Instant::now() + Duration::from_millis(50);
        issuer.own.token(&call).await
    };
    let patient = async {
        until_asked(&issuer, 1).await;
        let token = issuer.token();
        let opens = async {
            until_asked(&issuer, 2).await;
            issuer.open();
        };
        tokio::join!(token, opens).0
    };
    let (hurried, patient) = tokio::join!(hurried, patient);
    assert!(hurried.is_err());
    assert!(patient.unwrap().starts_with("token-"));
}

#[tokio::test]
async fn what_is_no_token_is_none() {
    let good = value!({"accessToken": "t", "tokenType": "Bearer", "expiresIn": 60});
    for (name, wrong) in [
        ("accessToken", value!(null)),
        ("accessToken", value!("")),
        ("accessToken", value!(7)),
        ("tokenType", value!("mac")),
        ("expiresIn", value!(null)),
        ("expiresIn", value!(0)),
        ("expiresIn", value!(-1)),
        ("expiresIn", value!("3600")),
    ] {
        let mut body = good.clone();
        body[name] = wrong;
        let issuer = Issuer::new({
            let body = body.clone();
            move |_| json(201, &body)
        })
        .await;
        let why = issuer.token().await.expect_err(&body.to_string());
        assert!(why.0.contains(name), "{why}");
        assert!(!format!("{why}{:?}", issuer.own).contains(SECRET));
    }
    let issuer = Issuer::new(move |_| json(201, &good)).await;
    assert_eq!(issuer.token().await.unwrap(), "t");
}

#[tokio::test]
async fn a_changed_secret_is_logged_in_with_at_once_and_a_wrong_one_shows_while_the_old_token_holds() {
    let issuer = Issuer::new(|n| if n == 2 { json(401, &value!({})) } else { granted(n, HOUR) }).await;
    assert_eq!(issuer.token().await.unwrap(), "token-1");
    // Nobody asks for a token, and it is tried all the same.
    issuer.change("a-wrong-one");
    until_asked(&issuer, 2).await;
    assert_eq!(issuer.token().await.unwrap(), "token-1");
    issuer.change("the-right-one");
    until_told(&issuer, "token-3").await;
    assert_eq!(issuer.secrets(), [SECRET, "a-wrong-one", "the-right-one"]);
    // From now on there is nothing to renew.
    issuer.own.look();
    assert_eq!((issuer.token().await.unwrap().as_str(), issuer.log_ins()), ("token-3", 3));
}

#[tokio::test]
async fn a_client_that_was_refused_does_not_wait_for_its_pause_when_its_secret_changes() {
    let issuer = Issuer::new(|n| if n == 1 { json(401, &value!({})) } else { granted(n, HOUR) }).await;
    issuer.token().await.unwrap_err();
    // Less than the pause goes by until the next one.
    issuer.change("the-right-one");
    assert_eq!(issuer.token().await.unwrap(), "token-2");
    assert_eq!(issuer.secrets(), [SECRET, "the-right-one"]);
}

#[tokio::test]
async fn a_secret_that_changes_during_a_log_in_is_used_by_the_next_call() {
    let issuer = Issuer::new(|n| granted(n, HOUR)).await;
    issuer.token().await.unwrap();
    later(Duration::from_secs(HOUR * 9 / 10)).await;
    issuer.shut();
    issuer.token().await.unwrap();
    until_asked(&issuer, 2).await;
    // One renews already, with the old secret.
    issuer.change("the-right-one");
    issuer.open();
    until_told(&issuer, "token-3").await;
    assert_eq!(issuer.secrets(), [SECRET, SECRET, "the-right-one"]);
}
