//! An `AuditStore` in memory, that a test can look into, meddle with, and make fail.

use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{
    AuditEntry, AuditStore, Checkpoint, Recorded, TRAIL_LOOK_MAX, TrailFilter, TrailHead, TrailLink,
    TrailPage, TrailPlace, WaitingEntry, WaitingPlace,
};
use crate::registry::ports::store::StoreError;
use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Mutex, MutexGuard};
use uuid::Uuid;

/// The calls that can be made to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Keep,
    Append,
    Settle,
    Prune,
    Read,
}

/// All that a store knows of one organization's trail.
#[derive(Default)]
pub(crate) struct Trail {
    pub(crate) waiting: BTreeMap<u64, AuditEntry>,
    pub(crate) links: BTreeMap<u64, TrailLink>,
    pub(crate) checkpoint: Option<Checkpoint>,
    pub(crate) lead: Option<(Uuid, Timestamp)>,
}

#[derive(Default)]
pub(crate) struct Inner {
    next: u64,
    pub(crate) trails: BTreeMap<OrganizationId, Trail>,
    pub(crate) failing: BTreeSet<Step>,
    /// How many entries each call of `keep_entries` brought.
    pub(crate) kept: Vec<usize>,
    /// An organization whose waiting entries cannot be read.
    pub(crate) damaged: Option<OrganizationId>,
}

/// The store.
#[derive(Default)]
pub(crate) struct Memory(Mutex<Inner>);

impl Memory {
    pub(crate) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    /// From now on this call fails, or works again.
    pub(crate) fn fail(&self, step: Step, failing: bool) {
        let mut inner = self.inner();
        if failing {
            inner.failing.insert(step);
        } else {
            inner.failing.remove(&step);
        }
    }

    /// Changes what is stored, as an administrator of the database could.
    pub(crate) fn meddle(&self, organization: OrganizationId, change: impl FnOnce(&mut Trail)) {
        change(self.inner().trails.entry(organization).or_default());
    }

    /// The links of an organization.
    pub(crate) fn links(&self, organization: OrganizationId) -> Vec<TrailLink> {
        let inner = self.inner();
        let trail = inner.trails.get(&organization);
        trail.map(|trail| trail.links.values().cloned().collect()).unwrap_or_default()
    }

    /// How many entries of an organization wait.
    pub(crate) fn waiting(&self, organization: OrganizationId) -> usize {
        self.inner().trails.get(&organization).map_or(0, |trail| trail.waiting.len())
    }

    fn at(&self, step: Step) -> Result<MutexGuard<'_, Inner>, StoreError> {
        let inner = self.inner();
        match inner.failing.contains(&step) {
            true => Err(StoreError::Unavailable(format!("the test made {step:?} fail"))),
            false => Ok(inner),
        }
    }

    fn of<T>(
        &self,
        step: Step,
        organization: OrganizationId,
        act: impl FnOnce(&mut Trail) -> T,
    ) -> Result<T, StoreError> {
        Ok(act(self.at(step)?.trails.entry(organization).or_default()))
    }
}

fn head(trail: &Trail) -> TrailHead {
    let last = trail.links.values().next_back();
    last.map(|link| TrailHead { number: link.number, mac: link.mac, sealed_at: link.sealed_at })
        .or(trail.checkpoint.map(|checkpoint| checkpoint.last))
        .unwrap_or(TrailHead::NONE)
}

fn passes(filter: &TrailFilter, link: &TrailLink) -> bool {
    let TrailFilter { subject, record, operation, from, to } = filter;
    let found_by = &link.found_by;
    subject.as_ref().is_none_or(|subject| *subject == found_by.subject)
        && record.is_none_or(|record| found_by.records.contains(&record))
        && operation.as_ref().is_none_or(|operation| *operation == found_by.operation)
        && from.is_none_or(|from| found_by.at >= from)
        && to.is_none_or(|to| found_by.at < to)
}

#[async_trait]
impl AuditStore for Memory {
    async fn keep_entries(&self, entries: Vec<Recorded>) -> Result<(), StoreError> {
        let mut inner = self.at(Step::Keep)?;
        inner.kept.push(entries.len());
        for Recorded { organization, entry } in entries {
            inner.next += 1;
            let place = inner.next;
            inner.trails.entry(organization).or_default().waiting.insert(place, entry);
        }
        Ok(())
    }

    async fn organizations_waiting(&self, most: usize) -> Result<Vec<OrganizationId>, StoreError> {
        let inner = self.at(Step::Read)?;
        let mut waiting: Vec<_> = inner
            .trails
            .iter()
            .filter_map(|(organization, trail)| Some((trail.waiting.keys().next()?, *organization)))
            .collect();
        waiting.sort();
        Ok(waiting.into_iter().map(|(_, organization)| organization).take(most).collect())
    }

    async fn oldest_waiting(&self) -> Result<Option<Timestamp>, StoreError> {
        let inner = self.at(Step::Read)?;
        Ok(inner.trails.values().flat_map(|trail| trail.waiting.values()).map(|entry| entry.at).min())
    }

    async fn waiting_entries(
        &self,
        organization: OrganizationId,
        most: usize,
    ) -> Result<Vec<WaitingEntry>, StoreError> {
        if self.inner().damaged == Some(organization) {
            return Err(StoreError::Damaged("the test has damaged it".to_owned()));
        }
        let waiting = |(place, entry): (&u64, &AuditEntry)| WaitingEntry {
            place: WaitingPlace(place.to_be_bytes().to_vec()),
            entry: entry.clone(),
        };
        self.of(Step::Read, organization, |trail| trail.waiting.iter().take(most).map(waiting).collect())
    }

    async fn settle_entries(
        &self,
        organization: OrganizationId,
        places: Vec<WaitingPlace>,
    ) -> Result<(), StoreError> {
        self.of(Step::Settle, organization, |trail| {
            for WaitingPlace(place) in places {
                trail.waiting.remove(&u64::from_be_bytes(place.try_into().unwrap()));
            }
        })
    }

    async fn lead_trail(
        &self,
        organization: OrganizationId,
        leader: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        self.of(Step::Read, organization, |trail| {
            let ours = trail.lead.is_none_or(|(other, until)| other == leader || until <= now);
            if ours {
                trail.lead = Some((leader, until));
            }
            ours
        })
    }

    async fn trail_head(&self, organization: OrganizationId) -> Result<TrailHead, StoreError> {
        self.of(Step::Read, organization, |trail| head(trail))
    }

    async fn chained(&self, organization: OrganizationId, ids: &[Uuid]) -> Result<HashSet<Uuid>, StoreError> {
        let ids: HashSet<Uuid> = ids.iter().copied().collect();
        self.of(Step::Read, organization, |trail| {
            trail.links.values().map(|link| link.found_by.id).filter(|id| ids.contains(id)).collect()
        })
    }

    async fn append_links(
        &self,
        organization: OrganizationId,
        links: Vec<TrailLink>,
    ) -> Result<bool, StoreError> {
        self.of(Step::Append, organization, |trail| {
            let known: HashSet<Uuid> = trail.links.values().map(|link| link.found_by.id).collect();
            let taken = |link: &TrailLink| {
                trail.links.contains_key(&link.number) || known.contains(&link.found_by.id)
            };
            if links.iter().any(taken) {
                return false;
            }
            trail.links.extend(links.into_iter().map(|link| (link.number, link)));
            true
        })
    }

    async fn audited_organizations(
        &self,
        after: Option<OrganizationId>,
        most: usize,
    ) -> Result<Vec<OrganizationId>, StoreError> {
        let inner = self.at(Step::Read)?;
        let audited = |trail: &Trail| {
            !trail.waiting.is_empty() || !trail.links.is_empty() || trail.checkpoint.is_some()
        };
        let organizations =
            inner.trails.iter().filter(|(_, trail)| audited(trail)).map(|(organization, _)| *organization);
        Ok(organizations
            .filter(|organization| after.is_none_or(|after| *organization > after))
            .take(most)
            .collect())
    }

    async fn links_after(
        &self,
        organization: OrganizationId,
        number: u64,
        most: usize,
    ) -> Result<Vec<TrailLink>, StoreError> {
        self.of(Step::Read, organization, |trail| {
            trail.links.range(number + 1..).map(|(_, link)| link.clone()).take(most).collect()
        })
    }

    async fn find_links(
        &self,
        organization: OrganizationId,
        filter: &TrailFilter,
        after: Option<TrailPlace>,
        newest_first: bool,
        most: usize,
    ) -> Result<TrailPage, StoreError> {
        self.of(Step::Read, organization, |trail| {
            let place = |link: &TrailLink| TrailPlace { at: link.found_by.at, number: link.number };
            let mut links: Vec<&TrailLink> = trail.links.values().collect();
            links.sort_by_key(|link| place(link));
            if newest_first {
                links.reverse();
            }
            let behind = |link: &&&TrailLink| match after {
                None => true,
                Some(after) if newest_first => place(link) < after,
                Some(after) => place(link) > after,
            };
            let (mut found, mut next) = (Vec::new(), None);
            for (looked, link) in links.iter().filter(behind).enumerate() {
                if found.len() == most || looked == TRAIL_LOOK_MAX {
                    return TrailPage { links: found, next };
                }
                next = Some(place(link));
                if passes(filter, link) {
                    found.push((*link).clone());
                }
            }
            TrailPage { links: found, next: None }
        })
    }

    async fn checkpoint(&self, organization: OrganizationId) -> Result<Option<Checkpoint>, StoreError> {
        self.of(Step::Read, organization, |trail| trail.checkpoint)
    }

    async fn set_checkpoint(
        &self,
        organization: OrganizationId,
        checkpoint: Checkpoint,
    ) -> Result<(), StoreError> {
        self.of(Step::Prune, organization, |trail| {
            if trail.checkpoint.is_none_or(|old| old.last.number <= checkpoint.last.number) {
                trail.checkpoint = Some(checkpoint);
            }
        })
    }

    async fn prune_links(&self, organization: OrganizationId, most: usize) -> Result<u64, StoreError> {
        self.of(Step::Prune, organization, |trail| {
            let Some(checkpoint) = trail.checkpoint else { return 0 };
            let old: Vec<u64> = trail
                .links
                .keys()
                .copied()
                .filter(|number| *number <= checkpoint.last.number)
                .take(most)
                .collect();
            old.iter().for_each(|number| {
                trail.links.remove(number);
            });
            old.len() as u64
        })
    }
}
