//! Several accounts in one call: what the ledger is asked, and that one answer does not spoil another.

use super::{
    ACCOUNT, LEDGER, ORGANIZATION, OTHER, account_body, client, ledger_body, missing, unavailable, with,
};
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::registry::ports::access::Asked;
use crate::registry::ports::ledger::{Ledger, LedgerAccount, LedgerError};
use crate::upstream::stand_in::{Reply, Seen, StandIn, call, json, nobody, raw};
use serde_json::json as value;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Barrier, watch};
use url::Url;
use uuid::Uuid;

type Pair = (LedgerId, AccountId);

fn ledger(text: &str) -> LedgerId {
    LedgerId::parse(text).unwrap()
}

/// So many accounts of one ledger.
fn pairs(of: &str, count: u128) -> Vec<Pair> {
    (1..=count).map(|number| (ledger(of), AccountId(Uuid::from_u128(number)))).collect()
}

async fn asked(base: &Url, accounts: &[Pair]) -> Vec<Result<LedgerAccount, LedgerError>> {
    let organization = OrganizationId::parse(ORGANIZATION).unwrap();
    client(base).accounts(&call(Asked::Application), organization, accounts).await
}

/// The ids of a question: its ledger, and its account where it has one.
fn ids(seen: &Seen) -> (String, Option<String>) {
    let steps: Vec<&str> = seen.line.split('/').collect();
    (steps[5].to_owned(), steps.get(7).map(|id| (*id).to_owned()))
}

/// That what is asked for is there; the account's type is its own id, so that no two answers are alike.
fn found(seen: &Seen) -> Reply {
    match ids(seen) {
        (ledger, None) => json(200, &with(ledger_body(), &value!({"id": ledger}))),
        (ledger, Some(id)) => {
            json(200, &with(account_body(), &value!({"id": id, "ledgerId": ledger, "type": id})))
        }
    }
}

fn is(answer: &Result<LedgerAccount, LedgerError>, account: AccountId) -> bool {
    answer.as_ref().is_ok_and(|found| found.account_type == account.to_string())
}

/// Every question that came, each once or more.
fn lines(server: &StandIn) -> Vec<String> {
    server.seen().into_iter().map(|seen| seen.line).collect()
}

#[tokio::test]
async fn each_ledger_and_each_account_is_asked_once_and_answered_in_order() {
    let server = StandIn::start(|seen| std::future::ready(found(&seen))).await;
    let mut accounts = pairs(LEDGER, 100);
    accounts.reverse();
    let answers = asked(&server.base, &accounts).await;
    assert_eq!(answers.len(), 100);
    assert!(accounts.iter().zip(&answers).all(|((_, account), answer)| is(answer, *account)));
    let asked = lines(&server);
    assert_eq!((asked.len(), asked.iter().collect::<BTreeSet<_>>().len()), (101, 101));
}

#[tokio::test]
async fn an_account_named_twice_is_asked_once_and_answered_twice() {
    let server = StandIn::start(|seen| std::future::ready(found(&seen))).await;
    let [one, two] = [1, 2].map(|number| AccountId(Uuid::from_u128(number)));
    let accounts =
        [(ledger(LEDGER), one), (ledger(OTHER), one), (ledger(LEDGER), two), (ledger(LEDGER), one)];
    let answers = asked(&server.base, &accounts).await;
    assert!([one, one, two, one].iter().zip(&answers).all(|(account, answer)| is(answer, *account)));
    assert_eq!((answers.len(), server.seen().len()), (4, 2 + 3));
    assert!(asked(&server.base, &[]).await.is_empty());
    assert_eq!(server.seen().len(), 5);
}

/// Nothing is answered before eight questions are there, or all of the last five; then a ninth gets every chance to
/// come as well before the eight are answered.
#[tokio::test]
async fn eight_questions_are_under_way_at_once_and_never_more() {
    let full = Arc::new(Barrier::new(8));
    let rest = Arc::new(Barrier::new(5));
    let [came, inside, most] = [(); 3].map(|()| Arc::new(AtomicUsize::new(0)));
    let seen_most = Arc::clone(&most);
    let server = StandIn::start(move |seen| {
        let (full, rest) = (Arc::clone(&full), Arc::clone(&rest));
        let (came, inside, most) = (Arc::clone(&came), Arc::clone(&inside), Arc::clone(&most));
        async move {
            most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            let group = if came.fetch_add(1, Ordering::SeqCst) < 96 { full } else { rest };
            group.wait().await;
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            inside.fetch_sub(1, Ordering::SeqCst);
            found(&seen)
        }
    })
    .await;
    let answers = asked(&server.base, &pairs(LEDGER, 100)).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!((server.seen().len(), seen_most.load(Ordering::SeqCst)), (101, 8));
}

#[tokio::test]
async fn one_account_without_an_answer_does_not_spoil_the_others() {
    let server = StandIn::start(|seen| {
        let reply = match ids(&seen).1.and_then(|id| Uuid::parse_str(&id).ok()).map(|id| id.as_u128()) {
            Some(2) => missing("0052"),
            Some(3) => raw(503, "text/html", ""),
            Some(4) => raw(403, "text/html", ""),
            Some(5) => json(200, &with(account_body(), &value!({"id": ACCOUNT}))),
            _ => found(&seen),
        };
        std::future::ready(reply)
    })
    .await;
    // Many more than are under way at once.
    let accounts = pairs(LEDGER, 40);
    let answers = asked(&server.base, &accounts).await;
    assert!(is(&answers[0], accounts[0].1));
    for (answer, account) in answers.iter().zip(&accounts).skip(5) {
        assert!(is(answer, account.1));
    }
    assert_eq!(answers[1], Err(LedgerError::AccountNotFound));
    assert_eq!(answers[2], unavailable("status 503"));
    assert_eq!(answers[3], Err(LedgerError::Forbidden));
    assert_eq!(answers[4], unavailable(super::ANOTHER));
}

#[tokio::test]
async fn a_ledger_that_does_not_answer_makes_all_its_accounts_unavailable_and_no_others() {
    let (_socket, base) = nobody();
    let refused = asked(&base, &pairs(LEDGER, 100)).await;
    assert_eq!(refused, vec![unavailable("connection refused"); 100]);

    let server = StandIn::start(|seen| {
        let down = ids(&seen) == (LEDGER.to_owned(), None);
        std::future::ready(if down { raw(503, "text/html", "") } else { found(&seen) })
    })
    .await;
    let answers = asked(&server.base, &[pairs(LEDGER, 20), pairs(OTHER, 20)].concat()).await;
    let (down, up) = answers.split_at(20);
    assert_eq!(down, vec![unavailable("status 503"); 20]);
    assert_eq!(up.iter().filter(|answer| answer.is_ok()).count(), 20);
}

/// The first seven accounts are answered only once the other ledger is asked: that is the next question only if the
/// missing ledger's accounts are left out.
#[tokio::test]
async fn accounts_of_a_ledger_known_to_be_missing_are_not_asked_any_more() {
    let (other_asked, wait) = watch::channel(false);
    let other_asked = Arc::new(other_asked);
    let server = StandIn::start(move |seen| {
        let (other_asked, mut wait) = (Arc::clone(&other_asked), wait.clone());
        async move {
            match ids(&seen) {
                (of, None) if of == LEDGER => missing("0037"),
                (of, Some(_)) if of == LEDGER => {
                    wait.wait_for(|asked| *asked).await.unwrap();
                    found(&seen)
                }
                _ => {
                    other_asked.send_replace(true);
                    found(&seen)
                }
            }
        }
    })
    .await;
    let answers = asked(&server.base, &[pairs(LEDGER, 99), pairs(OTHER, 1)].concat()).await;
    assert_eq!(answers[..99], vec![Err(LedgerError::LedgerNotFound); 99]);
    assert!(answers[99].is_ok());
    assert_eq!(server.seen().len(), 1 + 7 + 2);
}
