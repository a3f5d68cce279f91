//! Every record belongs to one organization, and no other sees it.

use super::Stores;
use super::records::{alias_account, claim, holder, organization, page};
use crate::domain::ids::OrganizationId;
use crate::domain::ids::{AliasAccountId, HolderId};
use crate::registry::ports::list::{Filter, State};
use crate::registry::ports::record::{Claim, Detail};
use crate::registry::ports::store::{Commit, Store};
use uuid::Uuid;

/// How many records each read finds.
async fn found(
    store: &dyn Store,
    organization: OrganizationId,
    (holder, document): (HolderId, &[Claim]),
    (account, link): (AliasAccountId, &[Claim]),
) -> [usize; 6] {
    let detail = Detail::Clear;
    [
        store.holders(organization, &[holder], State::Live, detail).await.unwrap().len(),
        store.holders(organization, &[holder], State::Any, detail).await.unwrap().len(),
        store.holder_with_claim(organization, document, detail).await.unwrap().iter().len(),
        store.alias_accounts(organization, &[account], State::Live, detail).await.unwrap().len(),
        store.alias_accounts_with_claims(organization, link, detail).await.unwrap().len(),
        store
            .alias_accounts_of(organization, &[holder], &Filter::default(), page(9, None))
            .await
            .unwrap()
            .len(),
    ]
}

pub(crate) async fn another_organizations_records_are_not_there<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = holder(organization());
    let account = alias_account(&owner);
    assert_eq!(store.create_holder(owner.clone(), vec![], None).await.unwrap(), Commit::Stored);
    assert_eq!(store.link(account.clone(), None).await.unwrap(), Commit::Stored);
    let document = (owner.clear.id, owner.protected.claims.as_slice());
    let link = (account.clear.id, account.protected.claims.as_slice());
    assert_eq!(found(&*store, owner.clear.organization, document, link).await, [1; 6]);
    assert_eq!(found(&*store, organization(), document, link).await, [0; 6]);
}

pub(crate) async fn unknown_ids_and_claims_are_not_there<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let known = holder(organization());
    let organization = known.clear.organization;
    assert_eq!(store.create_holder(known.clone(), vec![], None).await.unwrap(), Commit::Stored);
    let claims = [claim("unknown")];
    let (holder, account) = (HolderId(Uuid::now_v7()), AliasAccountId(Uuid::now_v7()));
    assert_eq!(found(&*store, organization, (holder, &claims), (account, &claims)).await, [0; 6]);
    // One known among unknown ones is found all the same.
    let ids = [holder, known.clear.id, HolderId(Uuid::now_v7())];
    let some = store.holders(organization, &ids, State::Live, Detail::Clear).await.unwrap();
    assert_eq!(some.iter().map(|record| record.clear.id).collect::<Vec<_>>(), [known.clear.id]);
}

pub(crate) async fn asking_for_nothing_gives_nothing<S: Stores>(stores: &mut S) {
    let store = stores.store();
    store.ready().await.unwrap();
    let owner = holder(organization());
    let organization = owner.clear.organization;
    assert_eq!(store.create_holder(owner.clone(), vec![], None).await.unwrap(), Commit::Stored);
    assert_eq!(store.link(alias_account(&owner), None).await.unwrap(), Commit::Stored);
    let detail = Detail::Clear;
    assert!(store.holders(organization, &[], State::Any, detail).await.unwrap().is_empty());
    assert!(store.holder_with_claim(organization, &[], detail).await.unwrap().is_none());
    assert!(store.alias_accounts(organization, &[], State::Live, detail).await.unwrap().is_empty());
    assert!(store.alias_accounts_with_claims(organization, &[], detail).await.unwrap().is_empty());
    assert!(
        store
            .alias_accounts_of(organization, &[], &Filter::default(), page(9, None))
            .await
            .unwrap()
            .is_empty()
    );
}
