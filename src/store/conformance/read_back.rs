//! What is read is what was written.

use super::Stores;
use super::acts::Record;
use super::records::{NOW, alias_account, banking, day, holder, holder_with, organization, party};
use crate::domain::alias_account::{AccountLink, BankingDetails, LinkStatus, RelatedPartyRole};
use crate::domain::holder::HolderType;
use crate::domain::metadata::{Metadata, MetadataValue};
use crate::domain::time::Timestamp;
use crate::registry::ports::list::State;
use crate::registry::ports::record::{AliasAccountRecord, Detail, HolderRecord, NewAliasAccount, NewHolder};
use crate::registry::ports::store::{Commit, Store};
use serde_json::Number;

async fn written(store: &dyn Store, holder: &NewHolder) -> HolderRecord {
    assert_eq!(store.create_holder(holder.clone(), vec![], None).await.unwrap(), Commit::Stored);
    let ids = [holder.clear.id];
    let mut found =
        store.holders(holder.clear.organization, &ids, State::Live, Detail::Sealed).await.unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

async fn linked(store: &dyn Store, alias_account: &NewAliasAccount) -> AliasAccountRecord {
    assert_eq!(store.link(alias_account.clone(), None).await.unwrap(), Commit::Stored);
    let ids = [alias_account.clear.id];
    let mut found = store
        .alias_accounts(alias_account.clear.organization, &ids, State::Live, Detail::Sealed)
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

async fn owner(store: &dyn Store) -> NewHolder {
    let holder = holder(organization());
    assert_eq!(store.create_holder(holder.clone(), vec![], None).await.unwrap(), Commit::Stored);
    holder
}

pub(crate) async fn a_full_holder<S: Stores>(stores: &mut S) {
    let mut holder = holder(organization());
    holder.clear.holder_type = HolderType::LegalPerson;
    holder.clear.updated_at = NOW.plus(1);
    let read = written(&*stores.store(), &holder).await;
    assert_eq!(read.clear, holder.clear);
    assert_eq!((read.version, read.revision), (1, 1));
    assert_eq!(read.sealed, Some(holder.protected.sealed));
}

pub(crate) async fn a_bare_holder<S: Stores>(stores: &mut S) {
    let mut holder = holder_with(organization(), &["bare"]);
    holder.clear.external_id = None;
    holder.clear.metadata = Metadata::default();
    holder.protected.tokens.clear();
    holder.audit.clear();
    assert_eq!(written(&*stores.store(), &holder).await.clear, holder.clear);
}

pub(crate) async fn metadata_of_every_kind<S: Stores>(stores: &mut S) {
    let mut holder = holder(organization());
    let number = |number: f64| MetadataValue::Number(Number::from_f64(number).unwrap());
    let text = |text: &str| MetadataValue::Text(text.to_owned());
    let values = [
        MetadataValue::Boolean(false),
        MetadataValue::Number(9_007_199_254_740_991_i64.into()),
        MetadataValue::Number((-9_007_199_254_740_991_i64).into()),
        MetadataValue::Number(0.into()),
        number(1.0),
        number(-0.5),
        number(1e300),
        number(31.245270191439438),
        number(123.45678901234567),
        text(""),
        text("12"),
        text("true"),
        text("\"'\\ \n; DROP TABLE holders; São Paulo 東京 🦀"),
        text(&"ü".repeat(2_000)),
    ];
    let entries = values.into_iter().enumerate().map(|(i, value)| (format!("Key {i} 'ä'"), value));
    holder.clear.metadata = Metadata(entries.collect());
    let read = written(&*stores.store(), &holder).await;
    // Not by assert_eq, which would say no more: metadata is never shown.
    assert!(read.clear.metadata == holder.clear.metadata);
}

pub(crate) async fn a_full_alias_account<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let mut alias_account = alias_account(&owner(&*store).await);
    alias_account.clear.updated_at = NOW.plus(1);
    let read = linked(&*store, &alias_account).await;
    assert_eq!(read.clear, alias_account.clear);
    assert_eq!((read.version, read.revision), (1, 1));
    assert_eq!(read.sealed, Some(alias_account.protected.sealed));
}

pub(crate) async fn a_bare_alias_account<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let mut alias_account = alias_account(&owner(&*store).await);
    alias_account.clear.banking = None;
    alias_account.clear.parties.clear();
    alias_account.clear.metadata = Metadata::default();
    alias_account.clear.link = AccountLink { status: LinkStatus::Unverified, checked_at: None, detail: None };
    alias_account.protected.tokens.clear();
    alias_account.audit.clear();
    assert_eq!(linked(&*store, &alias_account).await.clear, alias_account.clear);
}

pub(crate) async fn empty_banking_details_are_not_absent_ones<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = owner(&*store).await;
    let full = banking();
    let only = |change: fn(&mut BankingDetails, BankingDetails)| {
        let mut banking = BankingDetails::default();
        change(&mut banking, full.clone());
        Some(banking)
    };
    for banking in [
        None,
        Some(BankingDetails::default()),
        only(|to, from| to.branch = from.branch),
        only(|to, from| to.kind = from.kind),
        only(|to, from| to.opening_date = from.opening_date),
        only(|to, from| to.closing_date = from.closing_date),
        only(|to, from| to.country_code = from.country_code),
        only(|to, from| to.bank_id = from.bank_id),
        only(|to, _| to.branch = Some(String::new())),
    ] {
        let mut alias_account = alias_account(&owner);
        alias_account.clear.banking = banking;
        assert_eq!(linked(&*store, &alias_account).await.clear.banking, alias_account.clear.banking);
    }
}

pub(crate) async fn parties_in_their_order<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let mut alias_account = alias_account(&owner(&*store).await);
    alias_account.clear.parties = vec![
        party(RelatedPartyRole::ResponsibleParty, None),
        party(RelatedPartyRole::PrimaryHolder, Some("2099-12-31")),
        party(RelatedPartyRole::LegalRepresentative, Some("2024-01-01")),
    ];
    alias_account.clear.parties.reverse();
    alias_account.clear.parties[1].start_date = day("1899-12-31");
    // Days are not shown when debugged, so they are compared by their text too.
    let read = linked(&*store, &alias_account).await.clear.parties;
    assert_eq!(read, alias_account.clear.parties);
    assert_eq!(read[1].start_date.to_string(), "1899-12-31");
}

pub(crate) async fn every_state_of_a_link<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = owner(&*store).await;
    for status in [
        LinkStatus::Verified,
        LinkStatus::NotFound,
        LinkStatus::Blocked,
        LinkStatus::Mismatch,
        LinkStatus::Unverified,
    ] {
        let mut alias_account = alias_account(&owner);
        alias_account.clear.link.status = status;
        assert_eq!(linked(&*store, &alias_account).await.clear.link, alias_account.clear.link);
    }
}

pub(crate) async fn instants_before_1970<S: Stores>(stores: &mut S) {
    let mut holder = holder(organization());
    (holder.clear.created_at, holder.clear.updated_at) = (Timestamp(-1), Timestamp(0));
    let read = written(&*stores.store(), &holder).await.clear;
    assert_eq!((read.created_at, read.updated_at), (Timestamp(-1), Timestamp(0)));
}

pub(crate) async fn deleted_holders_only_where_they_are_asked_for<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let (live, dead) = (holder(organization), holder(organization));
    for holder in [&live, &dead] {
        written(&*store, holder).await;
    }
    dead.clear.bury(&*store).await;
    let ids = [live.clear.id, dead.clear.id];
    let found = store.holders(organization, &ids, State::Live, Detail::Clear).await.unwrap();
    assert_eq!(found.iter().map(|record| record.clear.id).collect::<Vec<_>>(), [live.clear.id]);
    let mut found = store.holders(organization, &ids, State::Any, Detail::Clear).await.unwrap();
    found.sort_by_key(|record| record.clear.id);
    assert_eq!(found.iter().map(|record| record.clear.id).collect::<Vec<_>>(), ids);
    assert!(found[0].clear.deleted_at.is_none() && found[1].clear.deleted_at.is_some());
}

pub(crate) async fn an_id_asked_for_twice_once<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = owner(&*store).await;
    let organization = owner.clear.organization;
    let alias_account = alias_account(&owner);
    linked(&*store, &alias_account).await;
    let ids = [owner.clear.id; 3];
    assert_eq!(store.holders(organization, &ids, State::Live, Detail::Clear).await.unwrap().len(), 1);
    let ids = [alias_account.clear.id; 3];
    assert_eq!(store.alias_accounts(organization, &ids, State::Live, Detail::Clear).await.unwrap().len(), 1);
}

pub(crate) async fn a_record_whose_id_is_taken_is_refused_and_changes_nothing<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let first = holder_with(organization, &["first"]);
    written(&*store, &first).await;
    let mut second = holder_with(organization, &["second"]);
    second.clear.id = first.clear.id;
    second.clear.external_id = Some("another".to_owned());
    assert!(store.create_holder(second, vec![], None).await.is_err());
    let found = store.holders(organization, &[first.clear.id], State::Any, Detail::Clear).await.unwrap();
    assert_eq!(found.iter().map(|record| &record.clear).collect::<Vec<_>>(), [&first.clear]);
    let third = holder_with(organization, &["second"]);
    assert_eq!(store.create_holder(third, vec![], None).await.unwrap(), Commit::Stored);
}
