//! Rule 9 for every kind of write: it is done once, and its repeat gives the first outcome.

use super::Stores;
use super::acts::{Record, mark};
use super::records::{alias_account, concluding, holder, operation, organization};
use super::writes::{change, deletion, purge};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::RelatedPartyId;
use crate::registry::ports::operation::{Begun, Conclusion, Fingerprint, Operation, Outcome};
use crate::registry::ports::record::New;
use crate::registry::ports::store::{Commit, Refused, Store};
use uuid::Uuid;

const REUSED: Commit = Commit::Refused(Refused::KeyReused);

/// An outcome with every part, unlike any other.
fn outcome() -> Outcome {
    let owner = holder(organization());
    let account = alias_account(&owner).clear.id;
    Outcome {
        holder: Some(owner.clear.id),
        alias_accounts: vec![account, account],
        related_party: Some(RelatedPartyId(Uuid::now_v7())),
    }
}

pub(crate) async fn an_operation_may_have_nothing_else_to_write<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let key = operation(organization(), 1);
    let told = outcome();
    let conclusion = |outcome: &Outcome| concluding(&key, outcome.clone()).unwrap();
    assert_eq!(store.conclude(conclusion(&told)).await.unwrap(), Commit::Stored);
    assert_eq!(store.begin(&key).await.unwrap(), Begun::Repeated(told.clone()));
    let end = store.conclude(conclusion(&outcome())).await.unwrap();
    assert_eq!(end, Commit::Repeated(told.clone()));
    let other = Operation { fingerprint: Fingerprint([9; 32]), ..key.clone() };
    let end = store.conclude(concluding(&other, outcome()).unwrap()).await.unwrap();
    assert_eq!(end, REUSED);
    let late = Operation { at: key.expires_at, expires_at: key.expires_at.plus(1), ..other };
    assert_eq!(store.conclude(concluding(&late, outcome()).unwrap()).await.unwrap(), Commit::Stored);
}

pub(crate) async fn each_write_is_done_once_and_its_repeat_gives_the_first_outcome<S: Stores>(
    stores: &mut S,
) {
    let store = stores.store();
    done_once::<Holder>(&*store).await;
    done_once::<AliasAccount>(&*store).await;
}

/// What is done to the same record one after the other.
const WRITES: [&str; 5] = ["insert", "update", "delete", "restore", "purge"];

async fn write<C: Record>(
    store: &dyn Store,
    which: &str,
    new: &New<C>,
    conclusion: Option<Conclusion>,
) -> Commit {
    let read = new.clear.find(store).await;
    let revision = read.as_ref().map(|read| read.revision);
    let end = match (which, read) {
        ("insert", _) => C::insert(store, new.clone(), conclusion.clone()).await,
        ("update", Some(read)) => C::update(store, change(&read, &new.protected), conclusion.clone()).await,
        ("delete", Some(read)) => C::delete(store, deletion(&read), conclusion.clone()).await,
        ("restore", Some(read)) => C::restore(store, change(&read, &new.protected), conclusion.clone()).await,
        ("purge", Some(read)) => C::purge(store, purge(&read), conclusion.clone()).await,
        (which, read) => panic!("{which} of {read:?}"),
    };
    // Whatever was not stored has changed nothing.
    let now = new.clear.find(store).await.map(|now| now.revision);
    assert_eq!(end == Commit::Stored, now != revision, "{which}: {end:?}");
    end
}

async fn done_once<C: Record>(store: &dyn Store) {
    let organization = organization();
    let mut new = C::new(store, organization).await;
    mark(&mut new.clear, "a");
    for (which, number) in WRITES.into_iter().zip(1..) {
        let key = operation(organization, number);
        let other = Operation { mutation: "another".to_owned(), ..key.clone() };
        let told = outcome();
        let conclusion = concluding(&key, told.clone());
        if which != "insert" {
            // Refused for what it is, and its key stays free.
            let unfit = if which == "restore" { "update" } else { "restore" };
            if which != "purge" {
                let end = write(store, unfit, &new, conclusion.clone()).await;
                assert_eq!(end, Commit::Refused(Refused::Changed), "{unfit} before {which}");
                assert_eq!(store.begin(&key).await.unwrap(), Begun::New);
            }
        }
        assert_eq!(write(store, which, &new, conclusion.clone()).await, Commit::Stored, "{which}");
        if which != "purge" {
            let end = write(store, which, &new, conclusion).await;
            assert_eq!(end, Commit::Repeated(told.clone()), "{which}");
            assert_eq!(write(store, which, &new, concluding(&other, outcome())).await, REUSED, "{which}");
        }
        assert_eq!(store.begin(&key).await.unwrap(), Begun::Repeated(told), "{which}");
    }
}

pub(crate) async fn of_64_conclusions_of_one_key_one_is_stored_and_all_tell_of_it<S: Stores>(stores: &mut S) {
    let organization = organization();
    let outcomes: Vec<_> = (0..64).map(|_| outcome()).collect();
    let race = outcomes.iter().map(|outcome| {
        let conclusion = concluding(&operation(organization, 1), outcome.clone()).unwrap();
        let store = stores.store();
        tokio::spawn(async move { store.conclude(conclusion).await.unwrap() })
    });
    let ends: Vec<_> = futures::future::join_all(race).await.into_iter().map(Result::unwrap).collect();
    let winner = ends.iter().position(|end| *end == Commit::Stored).unwrap();
    let told = Commit::Repeated(outcomes[winner].clone());
    assert_eq!(ends.iter().filter(|end| **end == told).count(), 63);
}
