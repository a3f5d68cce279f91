//! Rules 6 and 8: changing a live record, and nobody's work is lost.

use super::Stores;
use super::acts::{Record, by, mark, marked};
use super::records::{NOW, claim, concluding, holder, holder_with, operation, organization};
use super::writes::change;
use crate::domain::alias_account::{AccountLink, AliasAccount, LinkStatus, RelatedPartyRole};
use crate::domain::holder::{Holder, HolderType};
use crate::domain::metadata::Metadata;
use crate::registry::ports::list::{Direction, PageRequest, Sort};
use crate::registry::ports::operation::Outcome;
use crate::registry::ports::record::{Change, Claim, KeyId, Protected, Sealed, Token};
use crate::registry::ports::store::{Commit, Refused, Store};

const CHANGED: Commit = Commit::Refused(Refused::Changed);

/// Other values in every part that was made with keys.
fn protected(claims: &[Claim]) -> Protected {
    Protected {
        sealed: Sealed(vec![2; 9_000]),
        claims: claims.to_vec(),
        tokens: vec![Token("document.1/2/new".to_owned())],
        generations: vec![KeyId("2".to_owned())],
    }
}

pub(crate) async fn an_updated_holder_is_read_as_it_shall_be<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let new = Holder::stored(&*store, organization()).await;
    let mut update = change(&new.clear.now(&*store).await, &protected(&new.protected.claims));
    update.clear.external_id = None;
    update.clear.metadata = Metadata::default();
    update.clear.holder_type = HolderType::LegalPerson;
    update.version = 7;
    read_as_it_shall_be(&*store, update).await;
}

pub(crate) async fn an_updated_alias_account_is_read_as_it_shall_be<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let new = AliasAccount::stored(&*store, organization()).await;
    let mut update = change(&new.clear.now(&*store).await, &protected(&new.protected.claims));
    update.clear.banking = None;
    update.clear.parties = vec![super::records::party(RelatedPartyRole::PrimaryHolder, None)];
    update.clear.link = AccountLink { status: LinkStatus::Blocked, checked_at: None, detail: None };
    update.clear.metadata = Metadata::default();
    update.version = 7;
    read_as_it_shall_be(&*store, update).await;
}

async fn read_as_it_shall_be<C: Record>(store: &dyn Store, update: Change<C>) {
    assert_eq!(C::update(store, update.clone(), None).await, Commit::Stored);
    let now = update.clear.now(store).await;
    assert_eq!(now.clear, update.clear);
    assert_eq!((now.version, now.revision), (7, update.revision + 1));
    assert!(now.sealed == Some(update.protected.sealed));
}

pub(crate) async fn an_update_of_what_was_changed_since_is_refused<S: Stores>(stores: &mut S) {
    let store = stores.store();
    refused_when_changed::<Holder>(&*store).await;
    refused_when_changed::<AliasAccount>(&*store).await;
}

async fn refused_when_changed<C: Record>(store: &dyn Store) {
    let new = C::stored(store, organization()).await;
    let read = new.clear.now(store).await;
    let (mut first, mut second) = (change(&read, &new.protected), change(&read, &new.protected));
    mark(&mut first.clear, "first");
    mark(&mut second.clear, "second");
    assert_eq!(C::update(store, first.clone(), None).await, Commit::Stored);
    assert_eq!(C::update(store, second, None).await, CHANGED);
    let now = new.clear.now(store).await;
    assert_eq!((&now.clear, now.revision), (&first.clear, 2));
    assert!(new.clear.is_in(store, &marked("first")).await);
    assert!(!new.clear.is_in(store, &marked("second")).await);
}

pub(crate) async fn an_update_never_touches_a_deleted_record<S: Stores>(stores: &mut S) {
    let store = stores.store();
    never_touches_a_deleted_one::<Holder>(&*store).await;
    never_touches_a_deleted_one::<AliasAccount>(&*store).await;
}

async fn never_touches_a_deleted_one<C: Record>(store: &dyn Store) {
    let new = C::stored(store, organization()).await;
    new.clear.bury(store).await;
    let dead = new.clear.now(store).await;
    assert_eq!(C::update(store, change(&dead, &new.protected), None).await, CHANGED);
    let now = new.clear.now(store).await;
    assert_eq!((now.clear, now.revision), (dead.clear, dead.revision));
    assert!(C::with_claims(store, new.clear.organization(), &new.protected.claims).await.is_empty());
}

pub(crate) async fn an_update_of_what_is_not_there_is_refused<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let new = Holder::stored(&*store, organization()).await;
    let read = new.clear.now(&*store).await;
    let mut elsewhere = change(&read, &new.protected);
    elsewhere.clear.organization = organization();
    let mut nobody = change(&read, &new.protected);
    nobody.clear.id = holder(new.clear.organization).clear.id;
    for update in [elsewhere, nobody] {
        assert_eq!(Holder::update(&*store, update, None).await, CHANGED);
    }
    assert_eq!(new.clear.now(&*store).await.revision, 1);
}

pub(crate) async fn no_token_outlives_its_value<S: Stores>(stores: &mut S) {
    let store = stores.store();
    no_stale_token::<Holder>(&*store).await;
    no_stale_token::<AliasAccount>(&*store).await;
}

async fn no_stale_token<C: Record>(store: &dyn Store) {
    let mut new = C::new(store, organization()).await;
    mark(&mut new.clear, "old");
    assert_eq!(C::insert(store, new.clone(), None).await, Commit::Stored);
    let stays = new.protected.tokens[2].clone();
    let old = [marked("old"), by(new.protected.tokens[0].clone())];
    let both = by(stays.clone());
    let mut update = change(&new.clear.now(store).await, &protected(&new.protected.claims));
    update.protected.tokens.push(stays);
    mark(&mut update.clear, "new");
    let young = [marked("new"), by(update.protected.tokens[0].clone())];
    for filter in old.iter().chain([&both]) {
        assert!(new.clear.is_in(store, filter).await);
    }
    assert_eq!(C::update(store, update, None).await, Commit::Stored);
    for filter in young.iter().chain([&both]) {
        assert!(new.clear.is_in(store, filter).await);
    }
    for filter in &old {
        assert!(!new.clear.is_in(store, filter).await);
    }
}

pub(crate) async fn an_update_replaces_the_claims<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let new = holder_with(organization, &["old", "both"]);
    assert_eq!(Holder::insert(&*store, new.clone(), None).await, Commit::Stored);
    let read = new.clear.now(&*store).await;
    let claims = [claim("both"), claim("new")];
    assert_eq!(Holder::update(&*store, change(&read, &protected(&claims)), None).await, Commit::Stored);
    for taken in ["both", "new"] {
        let found = Holder::with_claims(&*store, organization, &[claim(taken)]).await;
        assert_eq!(found.len(), 1, "{taken}");
        let rival = holder_with(organization, &[taken]);
        assert_eq!(Holder::insert(&*store, rival, None).await, Holder::taken());
    }
    assert_eq!(Holder::insert(&*store, holder_with(organization, &["old"]), None).await, Commit::Stored);
}

pub(crate) async fn an_update_that_takes_what_others_hold_changes_nothing<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let (new, other) = (holder_with(organization, &["mine"]), holder_with(organization, &["held"]));
    for holder in [&new, &other] {
        assert_eq!(Holder::insert(&*store, holder.clone(), None).await, Commit::Stored);
    }
    let read = new.clear.now(&*store).await;
    let mut update = change(&read, &protected(&[claim("free"), claim("held")]));
    mark(&mut update.clear, "refused");
    assert_eq!(Holder::update(&*store, update.clone(), None).await, Holder::taken());
    let now = new.clear.now(&*store).await;
    assert_eq!((now.clear, now.revision), (read.clear, 1));
    assert!(!new.clear.is_in(&*store, &marked("refused")).await);
    assert_eq!(Holder::with_claims(&*store, organization, &[claim("mine")]).await.len(), 1);
    assert!(Holder::with_claims(&*store, organization, &[claim("free")]).await.is_empty());
    // What was read is older than what is held: that is told first.
    update.revision = 9;
    assert_eq!(Holder::update(&*store, update, None).await, CHANGED);
}

pub(crate) async fn an_updated_record_moves_in_the_order_of_updates_only<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let mut ids = vec![];
    for i in 0..3 {
        let mut new = holder(organization);
        (new.clear.created_at, new.clear.updated_at) = (NOW.plus(i), NOW.plus(i));
        assert_eq!(Holder::insert(&*store, new.clone(), None).await, Commit::Stored);
        ids.push(new);
    }
    let first = change(&ids[0].clear.now(&*store).await, &ids[0].protected);
    assert_eq!(Holder::update(&*store, first, None).await, Commit::Stored);
    for (sort, order) in [(Sort::CreatedAt, [0, 1, 2]), (Sort::UpdatedAt, [1, 2, 0])] {
        let request = PageRequest { sort, direction: Direction::Ascending, ..super::records::page(9, None) };
        let page = Holder::list(&*store, organization, &Default::default(), request).await;
        let expected = order.map(|place: usize| ids[place].clear.id);
        assert_eq!(page.records.iter().map(|record| record.clear.id).collect::<Vec<_>>(), expected);
    }
}

pub(crate) async fn a_key_is_looked_at_before_the_revision<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let new = Holder::stored(&*store, organization()).await;
    let key = operation(new.clear.organization, 1);
    let update = change(&new.clear.now(&*store).await, &new.protected);
    let outcome = Outcome { holder: Some(new.clear.id), ..Outcome::default() };
    let conclusion = concluding(&key, outcome.clone());
    assert_eq!(Holder::update(&*store, update.clone(), conclusion.clone()).await, Commit::Stored);
    // The repeat carries the revision that was read before the first one.
    assert_eq!(Holder::update(&*store, update, conclusion).await, Commit::Repeated(outcome));
    assert_eq!(new.clear.now(&*store).await.revision, 2);
}
