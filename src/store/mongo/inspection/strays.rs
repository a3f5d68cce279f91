//! What is wrong with the store's own documents. All of them are read, so only the check command asks.

use super::super::database::Collections;
use super::super::indexes;
use super::super::kind::Kind;
use super::super::names::ORGANIZATION;
use super::super::values::Fields;
use super::faults;
use super::owners::Bond;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::inspection::Stray;
use crate::registry::ports::store::StoreError;
use mongodb::Collection;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{self, Bson, DateTime, Document, JavaScriptCodeWithScope, doc};

/// So many documents are read at once.
const BATCH: usize = 500;

/// What was found until now.
struct Found {
    most: usize,
    strays: Vec<Stray>,
}

impl Found {
    fn tell(&mut self, document: &Document, what: &str) {
        if self.is_full() {
            return;
        }
        let fields = Fields(document);
        self.strays.push(Stray {
            organization: fields.uuid(ORGANIZATION).ok().map(OrganizationId),
            record: fields.uuid("_id").ok(),
            what: what.to_owned(),
        });
    }

    fn is_full(&self) -> bool {
        self.strays.len() >= self.most
    }
}

/// What is wrong with a document, if anything is.
type Judge = fn(&Document) -> Option<&'static str>;

/// Where a walk along the ids of a collection is.
enum At {
    Start,
    Behind(Bson),
    End,
}

impl Collections {
    /// At most so many of them.
    pub(super) async fn strays(&self, most: usize) -> Result<Vec<Stray>, StoreError> {
        let mut found = Found { most, strays: Vec::new() };
        self.stray_holders(&mut found).await?;
        self.stray_alias_accounts(&mut found).await?;
        self.stray_operations(&mut found).await?;
        for (collection, judge) in self.trail() {
            self.stray_in(collection, judge, &mut found).await?;
        }
        self.stray_key_checks(&mut found).await?;
        self.stray_link_walks(&mut found).await?;
        self.stray_indexes(&mut found).await?;
        Ok(found.strays)
    }

    /// Without its index a rule is not kept, and a list is a walk over everything.
    async fn stray_indexes(&self, found: &mut Found) -> Result<(), StoreError> {
        let compared = indexes::compare(&self.database).await;
        let compared = compared.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        for (indexes, what) in [
            (compared.missing, "is missing: `holdergraph migrate` makes it"),
            (compared.wrong, "is another than this release makes: drop it, then run `holdergraph migrate`"),
        ] {
            for index in indexes {
                found.tell(&Document::new(), &format!("the index {index} {what}"));
            }
        }
        Ok(())
    }

    async fn stray_holders(&self, found: &mut Found) -> Result<(), StoreError> {
        self.of_other_ids(&self.holders, found).await?;
        let mut at = At::Start;
        while let Some(documents) = self.next(&self.holders, &mut at, found).await? {
            judge::<Holder>(&documents, found);
        }
        Ok(())
    }

    async fn stray_alias_accounts(&self, found: &mut Found) -> Result<(), StoreError> {
        self.of_other_ids(&self.alias_accounts, found).await?;
        let mut at = At::Start;
        while let Some(documents) = self.next(&self.alias_accounts, &mut at, found).await? {
            judge::<AliasAccount>(&documents, found);
            for (document, bond) in self.bound(documents).await? {
                if let Bond::Broken(what, _) = bond {
                    found.tell(&document, what);
                }
            }
        }
        Ok(())
    }

    async fn stray_operations(&self, found: &mut Found) -> Result<(), StoreError> {
        self.stray_in(&self.operations, faults::of_operation, found).await
    }

    /// The collections of the audit trail, and what may be wrong with a document of each.
    fn trail(&self) -> [(&Collection<Document>, Judge); 3] {
        [
            (&self.audit_entries, faults::of_entry),
            (&self.audit_trail, faults::of_link),
            (&self.audit_chains, faults::of_chain),
        ]
    }

    async fn stray_in(
        &self,
        collection: &Collection<Document>,
        judge: Judge,
        found: &mut Found,
    ) -> Result<(), StoreError> {
        self.of_other_ids(collection, found).await?;
        let mut at = At::Start;
        while let Some(documents) = self.next(collection, &mut at, found).await? {
            for document in &documents {
                if let Some(what) = judge(document) {
                    // Its id is that of no record.
                    let mut told = document.clone();
                    told.remove("_id");
                    found.tell(&told, what);
                }
            }
        }
        Ok(())
    }

    async fn stray_key_checks(&self, found: &mut Found) -> Result<(), StoreError> {
        for document in self.found(&self.key_checks, doc! {}, doc! {}, doc! { "_id": 1 }, 0).await? {
            if let Some(what) = faults::of_key_check(&document) {
                found.tell(&document, what);
            }
        }
        Ok(())
    }

    async fn stray_link_walks(&self, found: &mut Found) -> Result<(), StoreError> {
        for document in self.found(&self.link_walks, doc! {}, doc! {}, doc! { "_id": 1 }, BATCH).await? {
            if let Some(what) = faults::of_link_walk(&document) {
                found.tell(&document, what);
            }
        }
        Ok(())
    }

    /// Documents that no walk along ids meets.
    async fn of_other_ids(
        &self,
        collection: &Collection<Document>,
        found: &mut Found,
    ) -> Result<(), StoreError> {
        for others in other_ids() {
            let (fields, order) = (doc! { ORGANIZATION: 1 }, doc! { "_id": 1 });
            for document in self.found(collection, doc! { "_id": others }, fields, order, BATCH).await? {
                found.tell(&document, "a document with an id as this release never writes it");
            }
        }
        Ok(())
    }

    /// The next documents in the order of their ids; `None` where there are no more, or enough was found.
    async fn next(
        &self,
        collection: &Collection<Document>,
        at: &mut At,
        found: &Found,
    ) -> Result<Option<Vec<Document>>, StoreError> {
        let ids = match at {
            _ if found.is_full() => return Ok(None),
            At::Start => doc! { "$type": "binData" },
            At::Behind(last) => doc! { "$gt": last.clone() },
            At::End => return Ok(None),
        };
        let order = doc! { "_id": 1 };
        let documents = self.found(collection, doc! { "_id": ids }, doc! {}, order, BATCH).await?;
        let last = documents.last().and_then(|last| last.get("_id")).cloned();
        *at = match last {
            Some(last) if documents.len() == BATCH => At::Behind(last),
            _ => At::End,
        };
        Ok(Some(documents))
    }
}

/// All ids but binary ones, in their order. A comparison is one of values of one type, so each condition is a piece of
/// the index of ids, and empty where all is well; not to be binary would be a condition on every document. No id is an
/// array, a regular expression or undefined, and no driver writes what was a `DBPointer` once.
fn other_ids() -> [Document; 9] {
    let single = [Bson::MinKey, Bson::Null, Bson::Boolean(false), Bson::Boolean(true), Bson::MaxKey];
    let scope = JavaScriptCodeWithScope { code: String::new(), scope: Document::new() };
    [
        doc! { "$in": single.into_iter().chain([Bson::Double(f64::NAN)]).collect::<Vec<_>>() },
        doc! { "$gte": f64::NEG_INFINITY },
        doc! { "$gte": "" },
        doc! { "$gte": Document::new() },
        doc! { "$gte": ObjectId::from_bytes([0; 12]) },
        doc! { "$gte": DateTime::MIN },
        doc! { "$gte": bson::Timestamp { time: 0, increment: 0 } },
        doc! { "$gte": Bson::JavaScriptCode(String::new()) },
        doc! { "$gte": scope },
    ]
}

fn judge<T: Kind>(documents: &[Document], found: &mut Found) {
    let now = Timestamp::now();
    for document in documents {
        for what in faults::of_record::<T>(document, now) {
            found.tell(document, what);
        }
    }
}
