//! The audit trail moves with a store.

use super::Mongo;
use super::copying::{At, Meddler, Unseen, target};
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::registry::copy::{CopyError, copy};
use crate::registry::ports::audit::AuditStore;
use crate::store::conformance::Stores;
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{NOW, organization};
use crate::store::conformance::trail_entries::{
    ALL, chain, checkpoint, entry, links, moment, of, waiting, waiting_ids,
};
use mongodb::bson::{Document, doc};
use uuid::Uuid;

/// A chain of which a beginning is gone, one longer than a page, one that is gone, and entries that wait with a record
/// and without.
async fn filled(stores: &Mongo) -> [OrganizationId; 4] {
    let (trail, organizations) = (stores.trail(), [(); 4].map(|()| organization()));
    let [pruned, long, gone, waits] = organizations;
    for organization in [pruned, gone] {
        let written = chain(&*trail, organization, 7).await;
        let last = if organization == gone { 6 } else { 2 };
        trail.set_checkpoint(organization, checkpoint(&written[last])).await.unwrap();
        trail.prune_links(organization, ALL).await.unwrap();
    }
    let entries: Vec<_> = (0..1_203).map(entry).collect();
    assert!(trail.append_links(long, links(1, &entries)).await.unwrap());
    assert!(trail.lead_trail(long, Uuid::nil(), moment(0), moment(9)).await.unwrap());
    Holder::stored(&*stores.store(), waits).await;
    trail.keep_entries(of(waits, &entries[..3])).await.unwrap();
    organizations
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_link_and_checkpoint_and_all_that_waits_arrives() {
    let (from, mongo) = (Mongo::fresh().await, Mongo::fresh().await);
    let organizations = filled(&from).await;
    let (source, to) = (target(&from).await, target(&mongo).await);
    let proof = copy(&source, &to, NOW, &mut Unseen).await.unwrap();
    assert_eq!((proof.links.count(), proof.checkpoints.count(), proof.entries.count()), (1_207, 2, 4));
    for organization in organizations {
        let links = source.links_after(organization, 0, ALL).await.unwrap();
        assert_eq!(to.links_after(organization, 0, ALL).await.unwrap(), links);
        assert_eq!(
            to.checkpoint(organization).await.unwrap(),
            source.checkpoint(organization).await.unwrap()
        );
        assert_eq!(
            to.trail_head(organization).await.unwrap(),
            source.trail_head(organization).await.unwrap()
        );
        assert_eq!(waiting(&to, organization).await, waiting(&source, organization).await);
    }
    assert_eq!(waiting_ids(&to, organizations[3]).await.len(), 4);
    // Whoever led in the one store does not in the other.
    assert!(to.lead_trail(organizations[1], Uuid::max(), moment(1), moment(9)).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_or_a_checkpoint_that_arrives_as_another_is_told() {
    let from = Mongo::fresh().await;
    filled(&from).await;
    for (collection, field) in [("audit_trail", "subject"), ("audit_chains", "checkpoint.sealedAt")] {
        let mongo = Mongo::fresh().await;
        let changed = mongo.database.collection::<Document>(collection);
        let mut meddler = Meddler(async |at: At| {
            if at == At::Proving {
                let there = doc! { field: { "$exists": true } };
                let other = doc! { "$set": { field: mongodb::bson::DateTime::from_millis(7) } };
                let text = doc! { "$set": { field: "somebody" } };
                let change = if field == "subject" { text } else { other };
                assert_eq!(changed.update_one(there, change).await.unwrap().matched_count, 1);
            }
        });
        let error = copy(&target(&from).await, &target(&mongo).await, NOW, &mut meddler).await.unwrap_err();
        assert!(matches!(error, CopyError::Different { .. }), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_with_a_part_of_a_trail_is_left_alone() {
    let from = Mongo::fresh().await;
    for collection in ["audit_entries", "audit_trail", "audit_chains"] {
        let (mongo, of_another) = (Mongo::fresh().await, organization());
        let trail = mongo.trail();
        match collection {
            "audit_entries" => trail.keep_entries(of(of_another, &[entry(1)])).await.unwrap(),
            "audit_trail" => drop(chain(&*trail, of_another, 1).await),
            _ => drop(trail.lead_trail(of_another, Uuid::nil(), moment(0), moment(9)).await.unwrap()),
        }
        let end = copy(&target(&from).await, &target(&mongo).await, NOW, &mut Unseen).await;
        let told = format!("documents in the collection `{collection}`");
        assert!(matches!(end.unwrap_err(), CopyError::NotEmpty(there) if there == told));
    }
}
