//! How much of a record is read.

use super::Stores;
use super::records::{alias_account, holder, organization, page};
use crate::registry::ports::list::{Filter, PageRequest, State};
use crate::registry::ports::record::{Detail, NewAliasAccount, NewHolder, Sealed};
use crate::registry::ports::store::{Commit, Store};

/// What every read gives of the two records' blobs.
async fn blobs(
    store: &dyn Store,
    holder: &NewHolder,
    account: &NewAliasAccount,
    detail: Detail,
) -> [Option<Sealed>; 5] {
    let organization = holder.clear.organization;
    let (owner, link) = (&holder.protected.claims, &account.protected.claims);
    let request = PageRequest { detail, ..page(1, None) };
    let ids = [holder.clear.id];
    let mut pages = store.alias_accounts_of(organization, &ids, &Filter::default(), request).await.unwrap();
    [
        store.holders(organization, &ids, State::Live, detail).await.unwrap().remove(0).sealed,
        store.holder_with_claim(organization, owner, detail).await.unwrap().unwrap().sealed,
        store
            .alias_accounts(organization, &[account.clear.id], State::Live, detail)
            .await
            .unwrap()
            .remove(0)
            .sealed,
        store.alias_accounts_with_claims(organization, link, detail).await.unwrap().remove(0).sealed,
        pages.remove(&holder.clear.id).unwrap().records.remove(0).sealed,
    ]
}

async fn stored(store: &dyn Store, blob: Vec<u8>) -> (NewHolder, NewAliasAccount) {
    let mut holder = holder(organization());
    let mut account = alias_account(&holder);
    holder.protected.sealed = Sealed(blob.clone());
    account.protected.sealed = Sealed(blob);
    assert_eq!(store.create_holder(holder.clone(), vec![], None).await.unwrap(), Commit::Stored);
    assert_eq!(store.link(account.clone(), None).await.unwrap(), Commit::Stored);
    (holder, account)
}

pub(crate) async fn the_clear_part_comes_without_the_blob<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let (holder, account) = stored(&*store, vec![5; 100]).await;
    assert_eq!(blobs(&*store, &holder, &account, Detail::Clear).await, [const { None }; 5]);
}

pub(crate) async fn the_blob_comes_as_it_was_written<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let every_byte: Vec<u8> = (0..=255).collect();
    for blob in [vec![], vec![0], every_byte.clone(), every_byte.repeat(1200)] {
        let (holder, account) = stored(&*store, blob.clone()).await;
        for read in blobs(&*store, &holder, &account, Detail::Sealed).await {
            assert!(read == Some(Sealed(blob.clone())), "a blob of {} bytes", blob.len());
        }
    }
}
