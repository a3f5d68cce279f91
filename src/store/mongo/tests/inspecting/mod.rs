//! What is astray is found: each kind of it, in a database that is broken by hand.

mod records;
mod unfinished;

use super::Mongo;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::registry::ports::inspection::{Inspection, Stray};
use crate::registry::ports::record::{NewAliasAccount, NewHolder};
use crate::registry::ports::store::Commit;
use crate::store::conformance::Stores;
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{alias_account, organization};
use mongodb::Collection;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Bson, DateTime, Document, doc};
use uuid::Uuid;

/// A live holder with a live and a deleted alias account, and a deleted holder.
struct Broken {
    stores: Mongo,
    owner: NewHolder,
    account: NewAliasAccount,
    dead: NewHolder,
    dead_account: NewAliasAccount,
}

fn id(id: Uuid) -> Bson {
    Bson::Binary(Binary { subtype: BinarySubtype::Uuid, bytes: id.as_bytes().to_vec() })
}

/// A moment that long ago that nobody waits any more.
fn long_ago() -> Bson {
    Bson::DateTime(DateTime::from_millis(1_000))
}

/// A moment that does not come while a test runs, so that the janitor touches nothing.
fn in_a_year() -> Bson {
    Bson::DateTime(DateTime::from_millis(DateTime::now().timestamp_millis() + 31_536_000_000))
}

impl Broken {
    async fn new() -> Self {
        let stores = Mongo::fresh().await;
        let organization = organization();
        let store = &*stores.store();
        let owner = Holder::stored(store, organization).await;
        let dead = Holder::stored(store, organization).await;
        dead.clear.bury(store).await;
        let (account, dead_account) = (alias_account(&owner), alias_account(&owner));
        for account in [&account, &dead_account] {
            assert_eq!(AliasAccount::insert(store, account.clone(), None).await, Commit::Stored);
        }
        dead_account.clear.bury(store).await;
        assert_eq!(stores.inspection().strays(10).await.unwrap(), []);
        Self { owner, account, dead, dead_account, stores }
    }

    fn holders(&self) -> Collection<Document> {
        self.stores.database.collection("holders")
    }

    fn alias_accounts(&self) -> Collection<Document> {
        self.stores.database.collection("alias_accounts")
    }

    fn inspection(&self) -> std::sync::Arc<dyn Inspection> {
        self.stores.inspection()
    }

    /// Changes one document of either collection by hand.
    async fn change(&self, record: Uuid, change: Document) -> &Self {
        for collection in [self.holders(), self.alias_accounts()] {
            collection.update_one(doc! { "_id": id(record) }, change.clone()).await.unwrap();
        }
        self
    }

    /// That this one record is astray, for this reason.
    async fn tells(&self, record: Uuid, what: &str) {
        let organization = Some(self.owner.clear.organization);
        let expected = Stray { organization, record: Some(record), what: what.to_owned() };
        assert_eq!(self.inspection().strays(100).await.unwrap(), [expected]);
    }

    fn ids(&self) -> [Uuid; 4] {
        [self.owner.clear.id.0, self.account.clear.id.0, self.dead.clear.id.0, self.dead_account.clear.id.0]
    }
}
