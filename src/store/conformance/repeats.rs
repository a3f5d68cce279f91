//! Rule 9: the repeat of a mutation gives its first outcome, and the write happens once.

use super::Stores;
use super::acts::Record;
use super::records::{
    NOW, alias_account, concluding, holder, holder_with, linked, operation, organization, wrote,
};
use crate::registry::ports::list::State;
use crate::registry::ports::operation::{Begun, Operation, Outcome};
use crate::registry::ports::record::Detail;
use crate::registry::ports::store::Commit;
use futures::future::join_all;

pub(crate) async fn a_repeated_create_gives_the_first_outcome_and_writes_nothing<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let key = operation(organization, 1);
    let (first, second) = (holder(organization), holder_with(organization, &["free"]));
    assert_eq!(
        store.create_holder(first.clone(), vec![], concluding(&key, wrote(&first))).await.unwrap(),
        Commit::Stored
    );
    let outcome = wrote(&first);
    // A repeat comes later, with a record of its own making.
    let later = Operation { at: NOW.plus(50_000), expires_at: key.expires_at.plus(50_000), ..key };
    for _ in 0..2 {
        let end =
            store.create_holder(second.clone(), vec![], concluding(&later, wrote(&second))).await.unwrap();
        assert_eq!(end, Commit::Repeated(outcome.clone()));
    }
    let ids = [first.clear.id, second.clear.id];
    let found = store.holders(organization, &ids, State::Any, Detail::Clear).await.unwrap();
    assert_eq!(found.iter().map(|record| record.clear.id).collect::<Vec<_>>(), [first.clear.id]);
    assert_eq!(store.create_holder(second, vec![], None).await.unwrap(), Commit::Stored);
}

pub(crate) async fn a_repeated_link_gives_the_first_outcome_and_writes_nothing<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let key = operation(organization, 1);
    let owner = holder(organization);
    let (first, second) = (alias_account(&owner), alias_account(&owner));
    assert_eq!(store.create_holder(owner.clone(), vec![], None).await.unwrap(), Commit::Stored);
    assert_eq!(store.link(first.clone(), concluding(&key, linked(&first))).await.unwrap(), Commit::Stored);
    let outcome = linked(&first);
    let end = store.link(second.clone(), concluding(&key, linked(&second))).await.unwrap();
    assert_eq!(end, Commit::Repeated(outcome));
    let ids = [second.clear.id];
    assert!(store.alias_accounts(organization, &ids, State::Live, Detail::Clear).await.unwrap().is_empty());
    assert_eq!(store.link(second, None).await.unwrap(), Commit::Stored);
}

pub(crate) async fn a_repeat_is_told_before_its_own_claim_stands_in_its_way<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let key = operation(organization, 1);
    let (first, again) = (holder_with(organization, &["a"]), holder_with(organization, &["a"]));
    assert_eq!(
        store.create_holder(first.clone(), vec![], concluding(&key, wrote(&first))).await.unwrap(),
        Commit::Stored
    );
    let end = store.create_holder(again, vec![], concluding(&key, Outcome::default())).await.unwrap();
    assert_eq!(end, Commit::Repeated(wrote(&first)));
}

pub(crate) async fn a_repeat_gives_its_outcome_after_the_record_was_deleted<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let key = operation(organization, 1);
    let (first, again) = (holder_with(organization, &["a"]), holder_with(organization, &["a"]));
    assert_eq!(
        store.create_holder(first.clone(), vec![], concluding(&key, wrote(&first))).await.unwrap(),
        Commit::Stored
    );
    first.clear.bury(&*store).await;
    let outcome = wrote(&first);
    assert_eq!(store.begin(&key).await.unwrap(), Begun::Repeated(outcome.clone()));
    assert_eq!(
        store.create_holder(again, vec![], concluding(&key, Outcome::default())).await.unwrap(),
        Commit::Repeated(outcome)
    );
}

pub(crate) async fn of_64_creates_with_one_key_one_is_stored_and_all_tell_of_it<S: Stores>(stores: &mut S) {
    let organization = organization();
    let holders: Vec<_> = (0..64).map(|_| holder_with(organization, &["a"])).collect();
    let ids: Vec<_> = holders.iter().map(|holder| holder.clear.id).collect();
    let race = holders.into_iter().map(|holder| {
        let conclusion = concluding(&operation(organization, 1), wrote(&holder));
        let store = stores.store();
        tokio::spawn(async move { store.create_holder(holder, vec![], conclusion).await.unwrap() })
    });
    let ends: Vec<_> = join_all(race).await.into_iter().map(Result::unwrap).collect();
    let winner = ends.iter().position(|end| *end == Commit::Stored).unwrap();
    let told = Commit::Repeated(Outcome { holder: Some(ids[winner]), ..Outcome::default() });
    assert_eq!(ends.iter().filter(|end| **end == told).count(), 63);
    let found = stores.store().holders(organization, &ids, State::Any, Detail::Clear).await.unwrap();
    assert_eq!(found.iter().map(|record| record.clear.id).collect::<Vec<_>>(), [ids[winner]]);
}

pub(crate) async fn of_64_links_with_one_key_one_is_stored_and_all_tell_of_it<S: Stores>(stores: &mut S) {
    let organization = organization();
    let owner = holder(organization);
    assert_eq!(stores.store().create_holder(owner.clone(), vec![], None).await.unwrap(), Commit::Stored);
    // To an account each: only the key stands between them.
    let accounts: Vec<_> = (0..64).map(|_| alias_account(&owner)).collect();
    let ids: Vec<_> = accounts.iter().map(|account| account.clear.id).collect();
    let race = accounts.into_iter().map(|account| {
        let conclusion = concluding(&operation(organization, 1), linked(&account));
        let store = stores.store();
        tokio::spawn(async move { store.link(account, conclusion).await.unwrap() })
    });
    let ends: Vec<_> = join_all(race).await.into_iter().map(Result::unwrap).collect();
    let winner = ends.iter().position(|end| *end == Commit::Stored).unwrap();
    let outcome = Outcome { alias_accounts: vec![ids[winner]], ..Outcome::default() };
    assert_eq!(ends.iter().filter(|end| **end == Commit::Repeated(outcome.clone())).count(), 63);
    let found = stores.store().alias_accounts(organization, &ids, State::Live, Detail::Clear).await.unwrap();
    assert_eq!(found.iter().map(|record| record.clear.id).collect::<Vec<_>>(), [ids[winner]]);
}
