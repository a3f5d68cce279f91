//! Rule 13: each condition by itself and all of them together; none is ever ignored.

use super::Stores;
use super::acts::{Record, by, in_state, mark, marked};
use super::records::{NOW, alias_account, banking, holder, organization, page, party};
use crate::domain::alias_account::{AliasAccount, BankingDetails, LinkStatus, RelatedPartyRole};
use crate::domain::holder::{Holder, HolderType};
use crate::domain::ids::OrganizationId;
use crate::domain::metadata::MetadataValue;
use crate::registry::ports::list::{Filter, State};
use crate::registry::ports::record::{New, Token};
use crate::registry::ports::store::{Commit, Store};
use crate::registry::ports::terms;
use serde_json::Number;
use uuid::Uuid;

fn token(text: &str) -> Token {
    Token(text.to_owned())
}

/// The places of those of these records that are in the list of a filter, which holds no others.
async fn listed<C: Record>(
    store: &dyn Store,
    organization: OrganizationId,
    filter: &Filter,
    among: &[New<C>],
) -> Vec<usize> {
    let page = C::list(store, organization, filter, page(100, None)).await;
    assert_eq!(C::count(store, organization, filter).await.total, page.records.len());
    let mut places: Vec<usize> = page
        .records
        .iter()
        .map(|record| among.iter().position(|new| new.clear.uuid() == record.clear.uuid()).unwrap())
        .collect();
    places.sort_unstable();
    places
}

async fn insert<C: Record>(store: &dyn Store, among: &[New<C>]) {
    for new in among {
        assert_eq!(C::insert(store, new.clone(), None).await, Commit::Stored);
    }
}

pub(crate) async fn holders_by_each_part_of_their_clear_part<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let mut all = [holder(organization), holder(organization), holder(organization)];
    all[1].clear.holder_type = HolderType::LegalPerson;
    all[1].clear.external_id = Some("CRM-17".to_owned());
    all[2].clear.external_id = None;
    let values = [
        MetadataValue::Number(Number::from_f64(1.0).unwrap()),
        MetadataValue::Text("1".to_owned()),
        MetadataValue::Boolean(true),
    ];
    for (new, value) in all.iter_mut().zip(values) {
        new.clear.metadata.0.insert("k".to_owned(), value);
    }
    insert(&*store, &all).await;
    let entry = |value| terms::metadata_entry("k", &value);
    let cases: [(Token, &[usize]); 10] = [
        (terms::holder_type(HolderType::NaturalPerson), &[0, 2]),
        (terms::holder_type(HolderType::LegalPerson), &[1]),
        (terms::external_id("crm-17"), &[0]),
        (terms::external_id("CRM-17"), &[1]),
        (terms::external_id("crm-1"), &[]),
        (entry(MetadataValue::Number(1.into())), &[0]),
        (entry(MetadataValue::Text("1".to_owned())), &[1]),
        (entry(MetadataValue::Boolean(true)), &[2]),
        (entry(MetadataValue::Boolean(false)), &[]),
        (terms::metadata_entry("tier", &MetadataValue::Text("gold".to_owned())), &[0, 1, 2]),
    ];
    for (place, (term, expected)) in cases.into_iter().enumerate() {
        assert_eq!(listed(&*store, organization, &by(term), &all).await, expected, "case {place}");
    }
}

pub(crate) async fn alias_accounts_by_each_part_of_their_clear_part<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let one = Holder::stored(&*store, organization()).await;
    let organization = one.clear.organization;
    let two = Holder::stored(&*store, organization).await;
    let mut all = [alias_account(&one), alias_account(&one), alias_account(&two)];
    all[1].clear.ledger_id = all[0].clear.ledger_id;
    all[1].clear.banking = Some(BankingDetails { branch: Some("0002".to_owned()), ..banking() });
    all[2].clear.banking = None;
    all[1].clear.link.status = LinkStatus::Blocked;
    let role = |role| party(role, None);
    all[0].clear.parties = vec![];
    all[1].clear.parties = vec![role(RelatedPartyRole::PrimaryHolder), role(RelatedPartyRole::PrimaryHolder)];
    all[2].clear.parties =
        vec![role(RelatedPartyRole::ResponsibleParty), role(RelatedPartyRole::PrimaryHolder)];
    insert(&*store, &all).await;
    let cases: [(Token, &[usize]); 15] = [
        (terms::holder(one.clear.id), &[0, 1]),
        (terms::holder(two.clear.id), &[2]),
        (terms::holder(holder(organization).clear.id), &[]),
        (terms::ledger(all[0].clear.ledger_id), &[0, 1]),
        (terms::ledger(all[2].clear.ledger_id), &[2]),
        (terms::account(all[0].clear.account_id), &[0]),
        (terms::account(all[1].clear.account_id), &[1]),
        (terms::branch("0001"), &[0]),
        (terms::branch("0002"), &[1]),
        (terms::branch("1"), &[]),
        (terms::link_status(LinkStatus::Verified), &[0, 2]),
        (terms::link_status(LinkStatus::Mismatch), &[]),
        (terms::role(RelatedPartyRole::PrimaryHolder), &[1, 2]),
        (terms::role(RelatedPartyRole::ResponsibleParty), &[2]),
        (terms::role(RelatedPartyRole::LegalRepresentative), &[]),
    ];
    for (place, (term, expected)) in cases.into_iter().enumerate() {
        assert_eq!(listed(&*store, organization, &by(term), &all).await, expected, "case {place}");
    }
}

pub(crate) async fn a_value_under_one_of_several_generations_is_enough_and_is_met_once<S: Stores>(
    stores: &mut S,
) {
    let store = stores.store();
    several_generations::<Holder>(&*store).await;
    several_generations::<AliasAccount>(&*store).await;
}

async fn several_generations<C: Record>(store: &dyn Store) {
    let organization = organization();
    let mut all = vec![];
    for tokens in [&["document.1/1/a"][..], &["document.1/2/a"], &["document.1/1/a", "document.1/2/a"], &[]] {
        let mut new = C::new(store, organization).await;
        new.protected.tokens = tokens.iter().copied().map(token).collect();
        all.push(new);
    }
    insert(store, &all).await;
    let either = vec![token("document.1/1/a"), token("document.1/2/a"), token("document.1/3/a")];
    for (tokens, expected) in [
        (vec![either.clone()], &[0, 1, 2][..]),
        (vec![either[1..].to_vec()], &[1, 2]),
        (vec![either[..1].to_vec(), either[1..].to_vec()], &[2]),
        (vec![either[2..].to_vec()], &[]),
        (vec![either, vec![]], &[]),
    ] {
        let filter = Filter { tokens, ..Filter::default() };
        assert_eq!(listed(store, organization, &filter, &all).await, expected);
    }
}

pub(crate) async fn several_conditions_hold_together<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let mut all: Vec<_> = (0..8).map(|_| holder(organization)).collect();
    for (place, new) in all.iter_mut().enumerate() {
        new.protected.tokens =
            (0..3).filter(|bit| place >> bit & 1 == 1).map(|bit| token(&format!("{bit}.1/1/a"))).collect();
        new.clear.created_at = NOW.plus(i64::try_from(place).unwrap());
    }
    insert(&*store, &all).await;
    let condition = |bit: usize| vec![token(&format!("{bit}.1/1/a"))];
    for wanted in 0..8 {
        let tokens = (0..3).filter(|bit| wanted >> bit & 1 == 1).map(condition).collect();
        let filter = Filter { tokens, ..Filter::default() };
        let expected: Vec<_> = (0..8).filter(|place| place & wanted == wanted).collect();
        assert_eq!(listed(&*store, organization, &filter, &all).await, expected);
        let late = Filter { created_from: Some(NOW.plus(5)), ..filter };
        let expected: Vec<_> = expected.into_iter().filter(|place| *place >= 5).collect();
        assert_eq!(listed(&*store, organization, &late, &all).await, expected);
    }
}

pub(crate) async fn only_records_of_these_ids<S: Stores>(stores: &mut S) {
    let store = stores.store();
    of_these_ids::<Holder>(&*store).await;
    of_these_ids::<AliasAccount>(&*store).await;
}

async fn of_these_ids<C: Record>(store: &dyn Store) {
    let organization = organization();
    let mut all = vec![];
    for text in ["a", "b", "a", "b"] {
        let mut new = C::new(store, organization).await;
        mark(&mut new.clear, text);
        all.push(new);
    }
    insert(store, &all).await;
    let elsewhere = C::stored(store, super::records::organization()).await;
    let id = |place: usize| all[place].clear.uuid();
    for (ids, expected) in [
        (vec![], &[][..]),
        (vec![Uuid::now_v7()], &[]),
        (vec![elsewhere.clear.uuid()], &[]),
        (vec![id(2), id(0), id(2), Uuid::now_v7()], &[0, 2]),
        (vec![id(3), id(0)], &[0, 3]),
    ] {
        let filter = Filter { ids: Some(ids), ..Filter::default() };
        assert_eq!(listed(store, organization, &filter, &all).await, expected);
        let both = Filter { tokens: marked("b").tokens, ..filter };
        let expected: Vec<_> = expected.iter().copied().filter(|place| place % 2 == 1).collect();
        assert_eq!(listed(store, organization, &both, &all).await, expected);
    }
}

pub(crate) async fn the_moments_of_creation_are_half_open<S: Stores>(stores: &mut S) {
    let store = stores.store();
    half_open::<Holder>(&*store).await;
    half_open::<AliasAccount>(&*store).await;
}

async fn half_open<C: Record>(store: &dyn Store) {
    let organization = organization();
    let mut all = vec![];
    for moment in 0..4 {
        let mut new = C::new(store, organization).await;
        // The time of the last change is no time of creation.
        let (created_at, updated_at, _) = new.clear.times();
        (*created_at, *updated_at) = (NOW.plus(moment), NOW.plus(9 - moment));
        all.push(new);
    }
    insert(store, &all).await;
    let ids = all.iter().map(|new| new.clear.uuid()).collect::<Vec<_>>();
    for (from, before, expected) in [
        (Some(1), None, &[1, 2, 3][..]),
        (None, Some(2), &[0, 1]),
        (Some(1), Some(3), &[1, 2]),
        (Some(2), Some(2), &[]),
        (Some(3), Some(1), &[]),
        (Some(4), None, &[]),
        (None, Some(0), &[]),
        (Some(-1), Some(9), &[0, 1, 2, 3]),
    ] {
        let filter = Filter {
            created_from: from.map(|moment| NOW.plus(moment)),
            created_before: before.map(|moment| NOW.plus(moment)),
            ..Filter::default()
        };
        assert_eq!(listed(store, organization, &filter, &all).await, expected, "{from:?} {before:?}");
        let by_ids = Filter { ids: Some(ids.clone()), ..filter };
        assert_eq!(listed(store, organization, &by_ids, &all).await, expected, "{from:?} {before:?}");
    }
}

pub(crate) async fn live_records_unless_others_are_asked_for<S: Stores>(stores: &mut S) {
    let store = stores.store();
    live_ones::<Holder>(&*store).await;
    live_ones::<AliasAccount>(&*store).await;
}

async fn live_ones<C: Record>(store: &dyn Store) {
    let organization = organization();
    let all = [C::stored(store, organization).await, C::stored(store, organization).await];
    all[1].clear.bury(store).await;
    let ids = Some(all.iter().map(|new| new.clear.uuid()).collect());
    for filter in [Filter::default(), Filter { ids, ..Filter::default() }] {
        for (state, expected) in [(State::Live, &[0][..]), (State::Deleted, &[1]), (State::Any, &[0, 1])] {
            let filter = in_state(state, filter.clone());
            assert_eq!(listed(store, organization, &filter, &all).await, expected);
        }
        assert_eq!(Filter::default().state, State::Live);
        let elsewhere = super::records::organization();
        assert!(listed(store, elsewhere, &in_state(State::Any, filter), &all).await.is_empty());
    }
}
