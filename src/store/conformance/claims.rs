//! Rule 1: what at most one live record of an organization may hold.

use super::Stores;
use super::acts::Record;
use super::records::{alias_account, claim, holder, holder_with, organization, rival};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::registry::ports::list::State;
use crate::registry::ports::record::{Claim, Detail, NewHolder};
use crate::registry::ports::store::{Commit, Store};
use futures::future::join_all;

async fn create(store: &dyn Store, holder: &NewHolder) -> Commit {
    store.create_holder(holder.clone(), vec![], None).await.unwrap()
}

pub(crate) async fn a_document_belongs_to_at_most_one_holder_of_an_organization<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let first = holder_with(organization, &["a"]);
    let second = holder_with(organization, &["a"]);
    assert_eq!(create(&*store, &first).await, Commit::Stored);
    assert_eq!(create(&*store, &second).await, Holder::taken());
    let ids = [first.clear.id, second.clear.id];
    let found = store.holders(organization, &ids, State::Any, Detail::Clear).await.unwrap();
    assert_eq!(found.iter().map(|record| record.clear.id).collect::<Vec<_>>(), [first.clear.id]);
}

pub(crate) async fn a_claim_is_free_in_another_organization<S: Stores>(stores: &mut S) {
    let store = stores.store();
    for organization in [organization(), organization()] {
        let holder = holder_with(organization, &["a"]);
        assert_eq!(create(&*store, &holder).await, Commit::Stored);
        let found = store.holder_with_claim(organization, &[claim("a")], Detail::Clear).await.unwrap();
        assert_eq!(found.map(|record| record.clear.id), Some(holder.clear.id));
    }
}

pub(crate) async fn each_of_several_claims_excludes_others<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    assert_eq!(create(&*store, &holder_with(organization, &["old", "new"])).await, Commit::Stored);
    for claims in [["old"].as_slice(), &["new"], &["free", "new"], &["old", "free"]] {
        assert_eq!(create(&*store, &holder_with(organization, claims)).await, Holder::taken(), "{claims:?}");
    }
    assert_eq!(create(&*store, &holder_with(organization, &["free"])).await, Commit::Stored);
}

pub(crate) async fn a_claim_named_twice_by_one_record_is_held_once<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    assert_eq!(create(&*store, &holder_with(organization, &["a", "a"])).await, Commit::Stored);
    assert_eq!(create(&*store, &holder_with(organization, &["a"])).await, Holder::taken());
}

pub(crate) async fn a_deleted_record_holds_no_claim<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let dead = [holder_with(organization, &["a"]), holder_with(organization, &["b"])];
    for holder in &dead {
        assert_eq!(create(&*store, holder).await, Commit::Stored);
        holder.clear.bury(&*store).await;
    }
    let claims = [claim("a"), claim("b")];
    assert!(store.holder_with_claim(organization, &claims, Detail::Clear).await.unwrap().is_none());
    let owner = holder_with(organization, &["a", "b"]);
    assert_eq!(create(&*store, &owner).await, Commit::Stored);

    let first = alias_account(&owner);
    assert_eq!(store.link(first.clone(), None).await.unwrap(), Commit::Stored);
    first.clear.bury(&*store).await;
    let claims = &first.protected.claims;
    assert!(store.alias_accounts_with_claims(organization, claims, Detail::Clear).await.unwrap().is_empty());
    assert_eq!(store.link(rival(&first, &owner), None).await.unwrap(), Commit::Stored);
}

pub(crate) async fn a_holder_is_found_by_any_of_its_claims<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let wanted = holder_with(organization, &["old", "new"]);
    for holder in [&holder(organization), &wanted, &holder(organization)] {
        assert_eq!(create(&*store, holder).await, Commit::Stored);
    }
    for claims in [[claim("old"), claim("x")], [claim("x"), claim("new")], [claim("new"), claim("old")]] {
        let found = store.holder_with_claim(organization, &claims, Detail::Clear).await.unwrap().unwrap();
        assert_eq!(found.clear, wanted.clear);
    }
}

pub(crate) async fn a_claim_is_found_only_among_records_of_its_kind<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = holder(organization());
    let organization = owner.clear.organization;
    let account = alias_account(&owner);
    assert_eq!(create(&*store, &owner).await, Commit::Stored);
    assert_eq!(store.link(account.clone(), None).await.unwrap(), Commit::Stored);
    let (document, link) = (&owner.protected.claims, &account.protected.claims);
    let found = store.alias_accounts_with_claims(organization, link, Detail::Clear).await.unwrap();
    assert_eq!(found.into_iter().map(|record| record.clear).collect::<Vec<_>>(), [account.clear]);
    assert!(store.holder_with_claim(organization, link, Detail::Clear).await.unwrap().is_none());
    assert!(
        store.alias_accounts_with_claims(organization, document, Detail::Clear).await.unwrap().is_empty()
    );
}

pub(crate) async fn an_account_has_at_most_one_alias_account_of_an_organization<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let (one, two, elsewhere) =
        (holder(organization), holder(organization), holder(super::records::organization()));
    for holder in [&one, &two, &elsewhere] {
        assert_eq!(create(&*store, holder).await, Commit::Stored);
    }
    let first = alias_account(&one);
    assert_eq!(store.link(first.clone(), None).await.unwrap(), Commit::Stored);
    assert_eq!(store.link(rival(&first, &one), None).await.unwrap(), AliasAccount::taken());
    assert_eq!(store.link(rival(&first, &two), None).await.unwrap(), AliasAccount::taken());
    assert_eq!(store.link(rival(&first, &elsewhere), None).await.unwrap(), Commit::Stored);
}

pub(crate) async fn a_refused_claim_leaves_nothing_behind<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    assert_eq!(create(&*store, &holder_with(organization, &["m"])).await, Commit::Stored);
    // Refused at its second claim, in whatever order they are looked at: neither of the others may stay held.
    let refused = holder_with(organization, &["a", "m", "z"]);
    assert_eq!(create(&*store, &refused).await, Holder::taken());
    let ids = [refused.clear.id];
    assert!(store.holders(organization, &ids, State::Any, Detail::Clear).await.unwrap().is_empty());
    // The same record, ids and all, without the claim that stood in its way.
    let mut again = refused;
    again.protected.claims = vec![claim("a"), claim("z")];
    assert_eq!(create(&*store, &again).await, Commit::Stored);
}

pub(crate) async fn of_64_holders_racing_for_a_document_one_is_stored<S: Stores>(stores: &mut S) {
    let organization = organization();
    let holders: Vec<_> = (0..64).map(|_| holder_with(organization, &["a"])).collect();
    let ids: Vec<_> = holders.iter().map(|holder| holder.clear.id).collect();
    let race = holders.into_iter().map(|holder| {
        let store = stores.store();
        tokio::spawn(async move { store.create_holder(holder, vec![], None).await.unwrap() })
    });
    let ends: Vec<_> = join_all(race).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(ends.iter().filter(|end| **end == Commit::Stored).count(), 1);
    assert_eq!(ends.iter().filter(|end| **end == Holder::taken()).count(), 63);
    let found = stores.store().holders(organization, &ids, State::Any, Detail::Clear).await.unwrap();
    let winner = ends.iter().position(|end| *end == Commit::Stored).unwrap();
    assert_eq!(found.iter().map(|record| record.clear.id).collect::<Vec<_>>(), [ids[winner]]);
}

pub(crate) async fn of_64_links_racing_for_an_account_one_is_stored<S: Stores>(stores: &mut S) {
    let organization = organization();
    let owners: Vec<_> = (0..8).map(|_| holder(organization)).collect();
    for owner in &owners {
        assert_eq!(create(&*stores.store(), owner).await, Commit::Stored);
    }
    let first = alias_account(&owners[0]);
    let race = (0..64).map(|i| {
        let (store, rival) = (stores.store(), rival(&first, &owners[i % owners.len()]));
        tokio::spawn(async move { (rival.clear.id, store.link(rival, None).await.unwrap()) })
    });
    let ends: Vec<_> = join_all(race).await.into_iter().map(Result::unwrap).collect();
    let winners: Vec<_> = ends.iter().filter(|(_, end)| *end == Commit::Stored).map(|(id, _)| *id).collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(ends.iter().filter(|(_, end)| *end == AliasAccount::taken()).count(), 63);
    let ids: Vec<_> = ends.iter().map(|(id, _)| *id).collect();
    let found = stores.store().alias_accounts(organization, &ids, State::Live, Detail::Clear).await.unwrap();
    assert_eq!(found.iter().map(|record| record.clear.id).collect::<Vec<_>>(), winners);
}

pub(crate) async fn the_alias_accounts_of_several_claims_are_found_each_once<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = holder(organization());
    assert_eq!(create(&*store, &owner).await, Commit::Stored);
    let mut accounts = [alias_account(&owner), alias_account(&owner), alias_account(&owner)];
    accounts[0].protected.claims.push(Claim("account/of/the-first-too".to_owned()));
    for account in &accounts {
        assert_eq!(store.link(account.clone(), None).await.unwrap(), Commit::Stored);
    }
    let mut claims: Vec<_> =
        accounts[..2].iter().flat_map(|account| account.protected.claims.clone()).collect();
    claims.push(claim("of nobody"));
    let organization = owner.clear.organization;
    let found = store.alias_accounts_with_claims(organization, &claims, Detail::Clear).await.unwrap();
    let mut ids: Vec<_> = found.iter().map(|record| record.clear.id).collect();
    ids.sort();
    assert_eq!(ids, [accounts[0].clear.id, accounts[1].clear.id]);
}
