//! One chain, proven link by link and against its anchors.

use super::super::key::{head_at, same};
use super::super::proof::{Proof, Wrong};
use super::super::walk::LINKS;
use super::{Anchor, Finding, Verify, Witness};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{Checkpoint, TrailHead};
use crate::registry::ports::store::StoreError;

/// How a chain was walked.
enum Walked {
    /// To its end, or to the first link that is wrong.
    Whole,
    /// Links were removed by retention meanwhile: it has another beginning now.
    Moved,
}

impl Verify<'_> {
    /// Proves a chain; how many links it looked at.
    pub(super) async fn chain(
        &self,
        organization: OrganizationId,
        witness: &mut dyn Witness,
    ) -> Result<u64, StoreError> {
        loop {
            let mut links = 0;
            let checkpoint = self.store.checkpoint(organization).await?;
            if let Walked::Whole = self.walk(organization, checkpoint, &mut links, witness).await? {
                return Ok(links);
            }
        }
    }

    async fn walk(
        &self,
        organization: OrganizationId,
        checkpoint: Option<Checkpoint>,
        links: &mut u64,
        witness: &mut dyn Witness,
    ) -> Result<Walked, StoreError> {
        let found = |number, wrong: &Wrong| Finding { organization, number, what: wrong.to_string() };
        let mut proof = match Proof::begin(self.key, organization, checkpoint.as_ref()) {
            Ok(proof) => proof,
            Err(wrong) => {
                let number = checkpoint.map(|checkpoint| checkpoint.last.number);
                witness.found(found(number, &wrong));
                return Ok(Walked::Whole);
            }
        };
        let mut anchors = Anchors::of(self.anchors, organization);
        let begins = proof.head();
        anchors.begin(&begins, witness);
        loop {
            let page = self.store.links_after(organization, proof.head().number, LINKS).await?;
            for link in &page {
                *links += 1;
                if let Err(wrong) = proof.follow(link) {
                    let gap = matches!(wrong, Wrong::Gap { .. });
                    if gap && self.has_moved(organization, &proof.head()).await? {
                        return Ok(Walked::Moved);
                    }
                    witness.found(found(Some(link.number), &wrong));
                    anchors.end(&proof.head(), true, witness);
                    return Ok(Walked::Whole);
                }
                anchors.meet(&head_at(link), witness);
            }
            witness.looked(page.len() as u64);
            if page.is_empty() {
                break;
            }
        }
        let head = proof.head();
        if self.has_moved(organization, &head).await? {
            return Ok(Walked::Moved);
        }
        anchors.end(&head, false, witness);
        if head.number > 0 {
            witness.proven(organization, &head);
        }
        Ok(Walked::Whole)
    }

    /// Whether the chain begins behind this link now: retention may go on beside us. Only who has the audit key can move a checkpoint, and it never moves back, so
    /// this cannot go on for ever.
    async fn has_moved(&self, organization: OrganizationId, head: &TrailHead) -> Result<bool, StoreError> {
        let now = self.store.checkpoint(organization).await?;
        Ok(now.is_some_and(|now| {
            now.last.number > head.number && self.key.proves_checkpoint(organization, &now)
        }))
    }
}

/// The anchors of one chain that were not met yet.
struct Anchors<'a>(Vec<&'a Anchor>);

impl<'a> Anchors<'a> {
    fn of(all: &'a [Anchor], organization: OrganizationId) -> Self {
        Self(all.iter().filter(|anchor| anchor.organization == organization).collect())
    }

    /// Those before the beginning say nothing any more.
    fn begin(&mut self, begins: &TrailHead, witness: &mut dyn Witness) {
        self.0.retain(|anchor| {
            let removed = anchor.number < begins.number;
            if removed {
                witness.passed(anchor);
            }
            !removed
        });
        self.meet(begins, witness);
    }

    fn meet(&mut self, head: &TrailHead, witness: &mut dyn Witness) {
        self.0.retain(|anchor| {
            let met = anchor.number == head.number;
            if met && !same(&anchor.mac, &head.mac) {
                let what = "is not the link that its anchor noted: the chain was written anew".to_owned();
                let (organization, number) = (anchor.organization, Some(anchor.number));
                witness.found(Finding { organization, number, what });
            }
            !met
        });
    }

    /// Those behind the last proven link.
    fn end(&mut self, head: &TrailHead, broken: bool, witness: &mut dyn Witness) {
        for anchor in self.0.drain(..) {
            let last = head.number;
            let what = match broken {
                true => format!("its anchor cannot be met: the chain is proven to link {last} only"),
                false => {
                    format!("its anchor noted it, and the chain ends with link {last}: its tail was cut off")
                }
            };
            let (organization, number) = (anchor.organization, Some(anchor.number));
            witness.found(Finding { organization, number, what });
        }
    }
}
