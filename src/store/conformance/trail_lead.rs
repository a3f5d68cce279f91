//! Who appends to a chain.

use super::Stores;
use super::records::organization;
use super::trail_entries::moment;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::AuditStore;
use futures::future::join_all;
use uuid::Uuid;

/// Whether it leads from one moment until another.
async fn leads(
    trail: &dyn AuditStore,
    organization: OrganizationId,
    leader: u128,
    (now, until): (i64, i64),
) -> bool {
    trail.lead_trail(organization, Uuid::from_u128(leader), moment(now), moment(until)).await.unwrap()
}

pub(crate) async fn one_leads_until_its_lease_ends<S: Stores>(stores: &mut S) {
    let (trail, organization, other) = (stores.trail(), organization(), organization());
    assert!(leads(&*trail, organization, 1, (0, 100)).await);
    assert!(!leads(&*trail, organization, 2, (0, 500)).await);
    assert!(!leads(&*trail, organization, 2, (99, 500)).await);
    assert!(leads(&*trail, other, 2, (0, 100)).await, "another chain has a leader of its own");
    assert!(leads(&*trail, organization, 2, (100, 200)).await);
    assert!(!leads(&*trail, organization, 1, (150, 900)).await);
    assert!(leads(&*trail, organization, 1, (1_000, 1_100)).await);
}

pub(crate) async fn a_leader_renews_its_lease_and_may_give_it_up<S: Stores>(stores: &mut S) {
    let (trail, organization) = (stores.trail(), organization());
    assert!(leads(&*trail, organization, 1, (0, 100)).await);
    assert!(leads(&*trail, organization, 1, (50, 150)).await);
    assert!(!leads(&*trail, organization, 2, (120, 300)).await);
    assert!(leads(&*trail, organization, 1, (140, 240)).await);
    // Also after its end, where nobody else has taken it.
    assert!(leads(&*trail, organization, 1, (400, 500)).await);
    assert!(leads(&*trail, organization, 1, (410, 410)).await);
    assert!(leads(&*trail, organization, 2, (410, 500)).await);
}

pub(crate) async fn of_16_that_would_lead_one_does<S: Stores>(stores: &mut S) {
    let organization = organization();
    for round in 0..4 {
        let race = (0..16).map(|leader| {
            let trail = stores.trail();
            let span = (100 * round, 100 * round + 100);
            tokio::spawn(async move { leads(&*trail, organization, leader, span).await })
        });
        let told = join_all(race.collect::<Vec<_>>()).await;
        assert_eq!(told.into_iter().filter(|told| *told.as_ref().unwrap()).count(), 1);
    }
}

pub(crate) async fn a_lease_is_there_after_a_restart<S: Stores>(stores: &mut S) {
    let organization = organization();
    assert!(leads(&*stores.trail(), organization, 1, (0, 100)).await);
    stores.reopen().await;
    assert!(!leads(&*stores.trail(), organization, 2, (50, 150)).await);
    assert!(leads(&*stores.trail(), organization, 1, (50, 150)).await);
}
