//! Tries whose answers were lost: what they did is recognised, and those that are carried out late change nothing.

use super::super::asked::{Sent, watch};
use super::super::meddling::{before, does};
use super::super::{Mongo, connect_with, over};
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{AuditStore, TrailLink};
use crate::registry::ports::store::Commit;
use crate::store::conformance::Stores;
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{audit, organization};
use crate::store::conformance::trail_entries::{
    ALL, chain, checkpoint, entry, ids, links, moment, numbers, of, settle_all, waiting, waiting_ids,
};
use crate::store::conformance::writes::change;
use crate::store::mongo::MongoStore;
use mongodb::bson::{Document, doc};
use uuid::Uuid;

/// A store before whose insertion of links these are appended by another try.
async fn tried_before(stores: &Mongo, organization: OrganizationId, others: Vec<TrailLink>) -> MongoStore {
    let trail = stores.trail();
    let work = async move || {
        // Only the first time they are new.
        let _ = trail.append_links(organization, others.clone()).await.unwrap();
    };
    let handler = before(|command| does(command, "insert", "audit_trail"), work);
    let database = connect_with(stores.database.name(), Some(handler)).await;
    over(database).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_try_that_appended_all_or_a_beginning_knows_its_links_again() {
    for done in 1..=3 {
        let (stores, organization) = (Mongo::fresh().await, organization());
        let written = links(1, &[entry(1), entry(2), entry(3)]);
        let store = tried_before(&stores, organization, written[..done].to_vec()).await;
        assert!(store.append_links(organization, written.clone()).await.unwrap(), "{done}");
        assert_eq!(stores.trail().links_after(organization, 0, ALL).await.unwrap(), written);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_appended_behind_a_link_of_somebody_elses() {
    let entries = [entry(1), entry(2), entry(3)];
    let written = links(1, &entries);
    let mut sealed_later = written[0].clone();
    sealed_later.sealed_at = moment(99_999);
    let mut of_another_key = written[0].clone();
    of_another_key.mac.0[31] ^= 1;
    for others in
        [links(1, &[entry(9)]), links(1, &[entry(8), entry(9)]), vec![sealed_later], vec![of_another_key]]
    {
        let (stores, organization) = (Mongo::fresh().await, organization());
        let store = tried_before(&stores, organization, others.clone()).await;
        assert!(!store.append_links(organization, written.clone()).await.unwrap());
        assert_eq!(stores.trail().links_after(organization, 0, ALL).await.unwrap(), others);
    }
}

/// A store, and all commands that it sends.
struct Watched {
    stores: Mongo,
    store: MongoStore,
    sent: Sent,
}

impl Watched {
    async fn new() -> Self {
        let stores = Mongo::fresh().await;
        let (handler, sent) = watch();
        let database = connect_with(stores.database.name(), Some(handler)).await;
        Self { store: over(database).await, stores, sent }
    }

    /// The writes that were sent to a collection until now, and are forgotten.
    fn writes(&self, collection: &str) -> Vec<Document> {
        let sent = std::mem::take(&mut *self.sent.lock().unwrap());
        let is_write = |command: &Document| {
            ["insert", "update", "delete"].iter().any(|name| does(command, name, collection))
        };
        sent.into_iter().filter(is_write).collect()
    }

    /// Carries writes out, as a proxy may that kept them.
    async fn carry_out(&self, writes: Vec<Document>) {
        assert_ne!(writes, []);
        for mut write in writes {
            for of_session in ["lsid", "$clusterTime", "$db", "txnNumber"] {
                write.remove(of_session);
            }
            self.stores.database.run_command(write).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_append_that_is_carried_out_late_changes_no_chain_that_went_on() {
    let (watched, organization) = (Watched::new().await, organization());
    let written = chain(&watched.store, organization, 3).await;
    let late = watched.writes("audit_trail");
    watched.carry_out(late.clone()).await;
    assert_eq!(watched.store.links_after(organization, 0, ALL).await.unwrap(), written);
    // Others went on, where nothing of it had been carried out.
    watched.stores.collection("audit_trail").delete_many(doc! {}).await.unwrap();
    let others = links(1, &[entry(7)]);
    assert!(watched.store.append_links(organization, others.clone()).await.unwrap());
    watched.carry_out(late).await;
    assert_eq!(watched.store.links_after(organization, 0, ALL).await.unwrap(), others);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removal_that_is_carried_out_late_takes_no_later_entry() {
    let (watched, organization) = (Watched::new().await, organization());
    let store = watched.stores.store();
    let owner = Holder::stored(&*store, organization).await;
    settle_all(&watched.store, organization).await;
    let late = watched.writes("holders");
    let mut update = change(&owner.clear.now(&*store).await, &owner.protected);
    update.audit = vec![audit("update"), audit("update")];
    let next = ids(&update.audit);
    assert_eq!(Holder::update(&*store, update, None).await, Commit::Stored);
    watched.carry_out(late).await;
    assert_eq!(waiting_ids(&watched.store, organization).await, next);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_is_kept_late_waits_again_as_the_same() {
    let (watched, organization) = (Watched::new().await, organization());
    watched.store.keep_entries(of(organization, &[entry(1), entry(2)])).await.unwrap();
    let late = watched.writes("audit_entries");
    let before = waiting(&watched.store, organization).await;
    watched.carry_out(late.clone()).await;
    assert_eq!(waiting(&watched.store, organization).await, before, "it is there once");
    settle_all(&watched.store, organization).await;
    let removal = watched.writes("audit_entries");
    watched.carry_out(late).await;
    assert_eq!(waiting(&watched.store, organization).await, before, "the trail knows its id");
    watched.carry_out(removal).await;
    assert_eq!(waiting(&watched.store, organization).await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_of_which_an_earlier_try_kept_some_are_kept_once() {
    let (stores, organization) = (Mongo::fresh().await, organization());
    let entries: Vec<_> = (0..4).map(entry).collect();
    let (trail, some) = (stores.trail(), of(organization, &entries[1..3]));
    let work = async move || trail.keep_entries(some.clone()).await.unwrap();
    let handler = before(|command| does(command, "insert", "audit_entries"), work);
    let database = connect_with(stores.database.name(), Some(handler)).await;
    let store = over(database).await;
    store.keep_entries(of(organization, &entries)).await.unwrap();
    let told: Vec<_> = waiting(&store, organization).await.into_iter().map(|waiting| waiting.entry).collect();
    assert_eq!(told, entries);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_that_is_written_late_moves_nothing_back() {
    let (watched, organization) = (Watched::new().await, organization());
    let written = chain(&watched.store, organization, 9).await;
    let mut late = vec![];
    for at in [1, 2, 4] {
        watched.store.set_checkpoint(organization, checkpoint(&written[at])).await.unwrap();
        late.extend(watched.writes("audit_chains"));
    }
    // The first of them made the document.
    late.retain(|write| !write.contains_key("insert"));
    watched.carry_out(late).await;
    let now = watched.store.checkpoint(organization).await.unwrap();
    assert_eq!(now, Some(checkpoint(&written[4])));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pruning_that_is_carried_out_late_takes_only_what_was_to_go() {
    let (watched, organization) = (Watched::new().await, organization());
    let written = chain(&watched.store, organization, 9).await;
    watched.store.set_checkpoint(organization, checkpoint(&written[3])).await.unwrap();
    watched.writes("audit_trail");
    assert_eq!(watched.store.prune_links(organization, ALL).await.unwrap(), 4);
    let late = watched.writes("audit_trail");
    watched.store.set_checkpoint(organization, checkpoint(&written[5])).await.unwrap();
    watched.carry_out(late).await;
    let left = watched.store.links_after(organization, 0, ALL).await.unwrap();
    assert_eq!(numbers(&left), (5..=9).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_that_is_taken_late_takes_none_from_another() {
    let (watched, organization) = (Watched::new().await, organization());
    let [one, other] = [1, 2].map(Uuid::from_u128);
    let lead = async |who: Uuid, now: i64, until: i64| {
        watched.store.lead_trail(organization, who, moment(now), moment(until)).await.unwrap()
    };
    assert!(lead(other, 0, 10).await);
    watched.writes("audit_chains");
    assert!(lead(one, 10, 20).await);
    let late = watched.writes("audit_chains");
    assert!(lead(other, 20, 30).await);
    watched.carry_out(late).await;
    assert!(!lead(one, 25, 35).await);
    assert!(lead(other, 25, 35).await);
}
