//! Very many records of one organization, made without the store.

use super::super::values::{bytes, date, uuid};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::list::Position;
use crate::store::conformance::records::{NOW, organization};
use mongodb::Database;
use mongodb::bson::{Bson, Document, doc};
use uuid::Uuid;

/// So many holders and alias accounts of an organization, all of them with the tokens `a` and `b`. They were created in
/// the order of their numbers and changed in the opposite one; each third is deleted.
#[derive(Clone, Copy)]
pub(super) struct Crowd {
    pub(super) organization: OrganizationId,
    count: u32,
}

impl Crowd {
    /// Of a new organization, beside the records that a database has already.
    pub(super) async fn join(database: &Database, count: u32) -> Self {
        let crowd = Self { organization: organization(), count };
        for name in ["holders", "alias_accounts"] {
            let records = database.collection::<Document>(name);
            let template = records.find_one(doc! { "state": "live" }).await.unwrap().unwrap();
            records.insert_many((0..count).map(|n| crowd.record(&template, n))).await.unwrap();
        }
        let operations = database.collection::<Document>("operations");
        let template = operations.find_one(doc! {}).await.unwrap().unwrap();
        let made = (0..count).map(|n| {
            let mut document = template.clone();
            document.insert("_id", bytes(&n.to_be_bytes()));
            document
        });
        operations.insert_many(made).await.unwrap();
        crowd.join_trail(database).await;
        crowd
    }

    /// Entries, links and chains, all of other organizations.
    async fn join_trail(&self, database: &Database) {
        for name in ["audit_entries", "audit_trail", "audit_chains"] {
            let documents = database.collection::<Document>(name);
            let template = documents.find_one(doc! {}).await.unwrap().unwrap();
            let made = (0..self.count).map(|n| {
                let mut document = template.clone();
                let id = uuid(Uuid::from_u128(n.into()));
                document.insert("organizationId", id.clone());
                document.insert("_id", if name == "audit_trail" { bytes(&n.to_be_bytes()) } else { id });
                document
            });
            documents.insert_many(made).await.unwrap();
        }
    }

    fn record(&self, template: &Document, n: u32) -> Document {
        let mut document = template.clone();
        let mut tokens = template.get_array("tokens").unwrap().clone();
        tokens.extend(["a", "b"].map(Bson::from));
        document.insert("_id", uuid(Uuid::from_u128(n.into())));
        document.insert("organizationId", uuid(self.organization.0));
        document.insert("tokens", tokens);
        document.insert("claims", vec![format!("document.1/{n}")]);
        document.insert("audit", Vec::<Bson>::new());
        document.insert("createdAt", date(NOW.plus(n.into())));
        document.insert("updatedAt", date(NOW.plus((self.count - n).into())));
        if n.is_multiple_of(3) {
            document.remove("claims");
            document.insert("state", "deleted");
            document.insert("deletedAt", date(NOW));
        }
        document
    }

    /// A place behind a quarter of all lists, and one before the last quarter.
    pub(super) fn places(&self) -> [Position; 2] {
        [self.count / 4, self.count / 4 * 3]
            .map(|n| Position { at: NOW.plus(n.into()), id: Uuid::from_u128(n.into()) })
    }
}
