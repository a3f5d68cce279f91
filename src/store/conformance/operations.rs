//! Rule 9: when a key is taken and when it is free.

use super::Stores;
use super::acts::Record;
use super::records::{
    NOW, alias_account, concluding, holder, holder_with, linked, operation, organization, wrote,
};
use crate::domain::holder::Holder;
use crate::registry::ports::list::State;
use crate::registry::ports::operation::{Begun, Fingerprint, Operation, Outcome};
use crate::registry::ports::record::Detail;
use crate::registry::ports::store::{Commit, Refused};

const REUSED: Commit = Commit::Refused(Refused::KeyReused);

pub(crate) async fn an_operation_is_new_until_it_is_committed<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let (key, other) = (operation(organization, 1), operation(organization, 2));
    let holder = holder(organization);
    assert_eq!(store.begin(&key).await.unwrap(), Begun::New);
    assert_eq!(store.begin(&key).await.unwrap(), Begun::New);
    assert_eq!(
        store.create_holder(holder.clone(), vec![], concluding(&key, wrote(&holder))).await.unwrap(),
        Commit::Stored
    );
    let outcome = wrote(&holder);
    assert_eq!(store.begin(&key).await.unwrap(), Begun::Repeated(outcome));
    assert_eq!(store.begin(&other).await.unwrap(), Begun::New);
}

pub(crate) async fn a_refused_write_leaves_its_key_free<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let key = operation(organization, 1);
    let owner = holder_with(organization, &["a"]);
    assert_eq!(store.create_holder(owner.clone(), vec![], None).await.unwrap(), Commit::Stored);

    let refused = holder_with(organization, &["a"]);
    let end = store.create_holder(refused, vec![], concluding(&key, Outcome::default())).await.unwrap();
    assert_eq!(end, Holder::taken());
    assert_eq!(store.begin(&key).await.unwrap(), Begun::New);

    let orphan = alias_account(&holder(organization));
    let end = store.link(orphan, concluding(&key, Outcome::default())).await.unwrap();
    assert_eq!(end, Commit::Refused(Refused::HolderNotLive));
    assert_eq!(store.begin(&key).await.unwrap(), Begun::New);

    assert_eq!(
        store.link(alias_account(&owner), concluding(&key, Outcome::default())).await.unwrap(),
        Commit::Stored
    );
}

pub(crate) async fn a_key_is_taken_until_it_expires_and_free_from_then_on<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let first = operation(organization, 1);
    let stored = holder(organization);
    assert_eq!(
        store.create_holder(stored, vec![], concluding(&first, Outcome::default())).await.unwrap(),
        Commit::Stored
    );
    let later = |milliseconds| Operation {
        at: first.expires_at.plus(milliseconds),
        expires_at: first.expires_at.plus(milliseconds + 1_000),
        fingerprint: Fingerprint([8; 32]),
        ..first.clone()
    };
    assert_eq!(store.begin(&later(-1)).await.unwrap(), Begun::KeyReused);
    let end = store
        .create_holder(holder(organization), vec![], concluding(&later(-1), Outcome::default()))
        .await
        .unwrap();
    assert_eq!(end, REUSED);
    assert_eq!(store.begin(&later(0)).await.unwrap(), Begun::New);
    let end = store
        .create_holder(holder(organization), vec![], concluding(&later(0), Outcome::default()))
        .await
        .unwrap();
    assert_eq!(end, Commit::Stored);
}

pub(crate) async fn a_key_that_was_free_again_is_taken_by_its_next_use<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let first = operation(organization, 1);
    let second = Operation {
        at: first.expires_at,
        expires_at: first.expires_at.plus(1_000),
        mutation: "createAliasAccount".to_owned(),
        fingerprint: Fingerprint([8; 32]),
        ..first.clone()
    };
    let owner = holder(organization);
    let account = alias_account(&owner);
    assert_eq!(
        store.create_holder(owner.clone(), vec![], concluding(&first, wrote(&owner))).await.unwrap(),
        Commit::Stored
    );
    assert_eq!(
        store.link(account.clone(), concluding(&second, linked(&account))).await.unwrap(),
        Commit::Stored
    );
    let outcome = linked(&account);
    assert_eq!(store.begin(&second).await.unwrap(), Begun::Repeated(outcome));
}

pub(crate) async fn keys_of_two_organizations_never_meet<S: Stores>(stores: &mut S) {
    let store = stores.store();
    for (organization, fingerprint) in [(organization(), 1), (organization(), 2)] {
        let key = Operation { fingerprint: Fingerprint([fingerprint; 32]), ..operation(organization, 1) };
        assert_eq!(store.begin(&key).await.unwrap(), Begun::New);
        let end = store
            .create_holder(holder(organization), vec![], concluding(&key, Outcome::default()))
            .await
            .unwrap();
        assert_eq!(end, Commit::Stored);
    }
}

pub(crate) async fn a_write_without_an_operation_takes_no_key<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    for _ in 0..2 {
        assert_eq!(store.create_holder(holder(organization), vec![], None).await.unwrap(), Commit::Stored);
    }
    for key in [0, 1] {
        assert_eq!(store.begin(&operation(organization, key)).await.unwrap(), Begun::New);
    }
}

pub(crate) async fn a_key_with_another_fingerprint_or_mutation_is_refused_and_writes_nothing<S: Stores>(
    stores: &mut S,
) {
    let store = stores.store();
    let organization = organization();
    let first = operation(organization, 1);
    let owner = holder(organization);
    assert_eq!(
        store.create_holder(owner.clone(), vec![], concluding(&first, wrote(&owner))).await.unwrap(),
        Commit::Stored
    );
    for other in [
        Operation { fingerprint: Fingerprint([8; 32]), ..first.clone() },
        Operation { mutation: "onboardHolder".to_owned(), ..first.clone() },
    ] {
        assert_eq!(store.begin(&other).await.unwrap(), Begun::KeyReused);
        let (refused, account) = (holder_with(organization, &["free"]), alias_account(&owner));
        let end =
            store.create_holder(refused.clone(), vec![], concluding(&other, wrote(&refused))).await.unwrap();
        assert_eq!(end, REUSED);
        assert_eq!(store.link(account.clone(), concluding(&other, linked(&account))).await.unwrap(), REUSED);
        let ids = [refused.clear.id];
        assert!(store.holders(organization, &ids, State::Any, Detail::Clear).await.unwrap().is_empty());
        let ids = [account.clear.id];
        assert!(
            store.alias_accounts(organization, &ids, State::Live, Detail::Clear).await.unwrap().is_empty()
        );
    }
    let next = holder_with(organization, &["free"]);
    assert_eq!(store.create_holder(next, vec![], None).await.unwrap(), Commit::Stored);
    let outcome = wrote(&owner);
    assert_eq!(store.begin(&first).await.unwrap(), Begun::Repeated(outcome));
}

pub(crate) async fn a_reused_key_is_told_before_any_other_rule<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let first = operation(organization, 1);
    let other = Operation { fingerprint: Fingerprint([8; 32]), ..first.clone() };
    let owner = holder_with(organization, &["a"]);
    assert_eq!(
        store.create_holder(owner, vec![], concluding(&first, Outcome::default())).await.unwrap(),
        Commit::Stored
    );
    let taken = holder_with(organization, &["a"]);
    assert_eq!(
        store.create_holder(taken, vec![], concluding(&other, Outcome::default())).await.unwrap(),
        REUSED
    );
    let orphan = alias_account(&holder(organization));
    assert_eq!(
        store
            .link(orphan, concluding(&Operation { at: NOW.plus(1), ..other }, Outcome::default()))
            .await
            .unwrap(),
        REUSED
    );
}
