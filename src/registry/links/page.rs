//! One page of links: read, judged by what the ledger says, recorded.

use super::super::ports::audit::AuditedRecord;
use super::super::ports::call::Call;
use super::super::ports::inspection::Place;
use super::super::ports::ledger::LedgerError;
use super::super::ports::link_walk::{Piece, Tally};
use super::super::ports::list::State;
use super::super::ports::record::{AliasAccountRecord, AuditEntry, Detail, LinkCheck};
use super::super::ports::store::{Commit, StoreError};
use super::Links;
use crate::domain::alias_account::{AccountLink, AliasAccount, LinkStatus};
use crate::domain::ids::{AliasAccountId, OrganizationId};
use crate::telemetry::metrics::LINK_CHECKS;
use futures::future::join_all;
use metrics::counter;

/// So many answers are recorded at once.
const AT_ONCE: usize = 8;

/// So often a record that somebody else changes meanwhile is looked at.
const TRIES: usize = 3;

/// What the audit trail calls a check, whoever makes it.
const OPERATION: &str = "verifyAliasAccount";

/// What a check changes.
const FIELD: &str = "link.status";

/// What became of one link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The tenant.
    pub organization: OrganizationId,
    /// The alias account.
    pub id: AliasAccountId,
    /// What was recorded of it before.
    pub before: LinkStatus,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The ledger's answer is recorded.
    Recorded(LinkStatus),
    /// The ledger gave none, and the link stays as it was.
    Unanswered(LedgerError),
    /// Nothing can be recorded: the record was changed again and again, or it cannot be read.
    Skipped,
    /// It is not live any more.
    Gone,
}

impl Checked {
    fn of(record: &AliasAccountRecord, outcome: Outcome) -> Self {
        let clear = &record.clear;
        Self { organization: clear.organization, id: clear.id, before: clear.link.status, outcome }
    }

    /// What is recorded of it now; none where it is not live any more.
    pub fn now(&self) -> Option<LinkStatus> {
        match self.outcome {
            Outcome::Recorded(status) => Some(status),
            Outcome::Unanswered(_) | Outcome::Skipped => Some(self.before),
            Outcome::Gone => None,
        }
    }

    /// Whether its status is another than before.
    pub fn is_changed(&self) -> bool {
        self.now().is_some_and(|now| now != self.before)
    }

    /// Whether the ledger has said anything of it.
    pub(super) fn is_answered(&self) -> bool {
        !matches!(self.outcome, Outcome::Unanswered(_))
    }

    /// Adds them to what this process has asked about.
    pub(super) fn measure(checked: &[Self]) {
        for link in checked {
            counter!(LINK_CHECKS, "outcome" => link.label()).increment(1);
        }
    }

    /// Adds it to what a walk has met.
    pub fn count(&self, tally: &mut Tally) {
        let Some(status) = self.now() else { return };
        tally.meet(status);
        match self.outcome {
            Outcome::Unanswered(_) => tally.unanswered += 1,
            Outcome::Skipped => tally.skipped += 1,
            Outcome::Recorded(_) | Outcome::Gone => {}
        }
        if self.is_changed() {
            tally.changed += 1;
        }
    }

    /// The outcome, as the metric calls it.
    fn label(&self) -> &'static str {
        match &self.outcome {
            Outcome::Recorded(LinkStatus::Verified) => "verified",
            Outcome::Recorded(LinkStatus::NotFound) => "not_found",
            Outcome::Recorded(LinkStatus::Blocked) => "blocked",
            Outcome::Recorded(LinkStatus::Mismatch) => "mismatch",
            Outcome::Recorded(LinkStatus::Unverified) => "unverified",
            Outcome::Unanswered(_) => "unanswered",
            Outcome::Skipped => "skipped",
            Outcome::Gone => "gone",
        }
    }
}

/// A page that was gone through.
pub(super) struct Page {
    /// All up to here was looked at; none where nothing followed.
    pub(super) reached: Option<Place>,
    /// No more follow.
    pub(super) is_last: bool,
    /// Why nothing was answered, of any of its links.
    pub(super) silence: Option<Silence>,
}

/// Why nothing was answered.
pub(super) struct Silence {
    /// For operators.
    pub(super) reason: String,
    /// The ledger itself is not there, or there is no token to ask it with; else it is, and says nothing of these
    /// accounts or not to us.
    pub(super) is_down: bool,
}

impl Links {
    /// Goes through the links behind a place. What became of each is in `checked` also where the rest fails.
    pub(super) async fn page(
        &self,
        place: Option<Place>,
        size: usize,
        subject: &str,
        checked: &mut Vec<Checked>,
    ) -> Result<Page, StoreError> {
        let Piece { records, reached, is_last } = self.walks.live_links_after(place, size).await?;
        self.check(&Self::call(subject), records, checked).await?;
        let silence = self.silence(subject, checked).await;
        Ok(Page { reached, is_last, silence })
    }

    async fn silence(&self, subject: &str, checked: &[Checked]) -> Option<Silence> {
        let mut reason = None;
        for link in checked {
            let Outcome::Unanswered(error) = &link.outcome else { return None };
            reason.get_or_insert(error);
        }
        let reason = reason?.to_string();
        Some(match self.ledger.is_open_to_us(&Self::call(subject)).await {
            Ok(()) => Silence { reason, is_down: false },
            Err(reason) => Silence { reason, is_down: true },
        })
    }

    async fn check(
        &self,
        call: &Call,
        records: Vec<AliasAccountRecord>,
        checked: &mut Vec<Checked>,
    ) -> Result<(), StoreError> {
        let mut rest = records;
        for _ in 0..TRIES {
            let mut changed = Vec::new();
            // They come in the order of places, so each organization's are one piece.
            for group in rest.chunk_by(|a, b| a.clear.organization == b.clear.organization) {
                self.check_group(call, group, checked, &mut changed).await?;
            }
            rest = self.read_again(changed, checked).await?;
            if rest.is_empty() {
                return Ok(());
            }
        }
        checked.extend(rest.iter().map(|record| Checked::of(record, Outcome::Skipped)));
        Ok(())
    }

    /// Asks about links of one organization, and records the answers.
    async fn check_group(
        &self,
        call: &Call,
        group: &[AliasAccountRecord],
        checked: &mut Vec<Checked>,
        changed: &mut Vec<AliasAccountRecord>,
    ) -> Result<(), StoreError> {
        let Some(first) = group.first() else { return Ok(()) };
        let linked: Vec<_> = group.iter().map(|record| &record.clear).collect();
        let judged = self.judge().judge(call, first.clear.organization, &linked).await?;
        let mut answered = Vec::new();
        for (record, judged) in group.iter().zip(judged) {
            match judged {
                Ok(link) => answered.push((record, link)),
                Err(silent) => checked.push(Checked::of(record, Outcome::Unanswered(silent))),
            }
        }
        for some in answered.chunks(AT_ONCE) {
            let writes = some.iter().map(|(record, link)| self.record(call, record, link.clone()));
            let mut failed = None;
            // All of them are waited for, whatever becomes of one: what is recorded is told.
            for ((record, _), end) in some.iter().zip(join_all(writes).await) {
                match end {
                    Ok(Some(outcome)) => checked.push(Checked::of(record, outcome)),
                    Ok(None) => changed.push((*record).clone()),
                    Err(error) => failed = Some(error),
                }
            }
            failed.map_or(Ok(()), Err)?;
        }
        Ok(())
    }

    /// Records what was found; nothing came of it where the record is not as it was read.
    async fn record(
        &self,
        call: &Call,
        record: &AliasAccountRecord,
        link: AccountLink,
    ) -> Result<Option<Outcome>, StoreError> {
        let (clear, status) = (&record.clear, link.status);
        let check = LinkCheck {
            organization: clear.organization,
            id: clear.id,
            audit: self.audit(call, clear, &link),
            link,
            revision: record.revision,
        };
        match self.store.record_link_check(check).await {
            Ok(Commit::Stored) => Ok(Some(Outcome::Recorded(status))),
            Ok(_) => Ok(None),
            Err(StoreError::Unreadable(why)) => Ok(Some(unreadable(clear.id, &why))),
            Err(error) => Err(error),
        }
    }

    /// A walk that finds all as it was leaves no entry: day by day they would outgrow the records.
    fn audit(&self, call: &Call, clear: &AliasAccount, now: &AccountLink) -> Vec<AuditEntry> {
        let before = &clear.link;
        if (before.status, &before.detail) == (now.status, &now.detail) {
            return Vec::new();
        }
        let entry = AuditEntry::of_call(call, (self.clock)(), OPERATION);
        let entry = entry.about([AuditedRecord::AliasAccount(clear.id)]);
        vec![AuditEntry { fields: vec![FIELD.to_owned()], ..entry }]
    }

    /// Those that were changed meanwhile, as they are now.
    async fn read_again(
        &self,
        changed: Vec<AliasAccountRecord>,
        checked: &mut Vec<Checked>,
    ) -> Result<Vec<AliasAccountRecord>, StoreError> {
        let mut now = Vec::with_capacity(changed.len());
        for record in changed {
            let (organization, id) = (record.clear.organization, record.clear.id);
            match self.store.alias_accounts(organization, &[id], State::Live, Detail::Clear).await {
                Ok(found) => match found.into_iter().next() {
                    Some(found) => now.push(found),
                    None => checked.push(Checked::of(&record, Outcome::Gone)),
                },
                Err(StoreError::Unreadable(why)) => {
                    checked.push(Checked::of(&record, unreadable(id, &why)));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(now)
    }
}

/// One record that cannot be read is no reason to stand before it for ever. `holdergraph check` tells more of it.
fn unreadable(id: AliasAccountId, why: &str) -> Outcome {
    tracing::warn!(%id, why, "an alias account cannot be read, so its link is not checked");
    Outcome::Skipped
}
