//! Moving a whole store into another one, and the proof that nothing was lost or changed: `holdergraph copy`.

mod digest;

use super::ports::inspection::{Kept, Place};
use super::ports::store::StoreError;
use super::ports::transfer::{Intake, KeptOperation, Outlet};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
pub use digest::Digest;

/// So many records are moved at once.
const AT_ONCE: usize = 500;

/// What a store holds, by counts and digests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Holders, with their claims, tokens and sealed parts.
    pub holders: Digest,
    /// Alias accounts, the same way.
    pub alias_accounts: Digest,
    /// Operations whose keys were not free again when the copy began.
    pub operations: Digest,
    /// Entries that wait for the audit trail.
    pub entries: Digest,
    /// The links of all chains of the audit trail, as they stand; `holdergraph audit verify` tells whether they hold.
    pub links: Digest,
    /// Where chains begin whose older links were removed.
    pub checkpoints: Digest,
}

/// Why a copy is not what it should be.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// One of the stores failed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The target holds something already; nothing was written.
    #[error("the target is not empty, it has {0}: name an empty database")]
    NotEmpty(String),
    /// Somebody else began a copy into the same target.
    #[error("another copy into the same target has begun meanwhile: let one of them end, alone")]
    Overtaken,
    /// The target has a check value that the source did not bring.
    #[error(
        "the target has the check value of other keys: a server with them has started on it meanwhile; stop that, and \
         run the copy again"
    )]
    ForeignKeys,
    /// The source has records that cannot be read: `holdergraph check` names them.
    #[error(
        "{read} of {there} {what} could be read: run `holdergraph check` on the source, which names the others"
    )]
    Incomplete {
        /// What kind of records.
        what: &'static str,
        /// How many were read.
        read: u64,
        /// How many there are.
        there: u64,
    },
    /// The target does not hold what the source does.
    #[error("the target does not hold what the source does: run the copy again")]
    Different {
        /// What was read from the source.
        copied: Box<Proof>,
        /// What the target holds.
        found: Box<Proof>,
    },
}

/// What a copy is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Moving.
    Copying,
    /// Reading the target again.
    Proving,
}

/// Who is told while the copy goes on.
pub trait Progress: Send {
    /// A stage begins that goes over so many records.
    fn begins(&mut self, stage: Stage, records: u64);
    /// So many more records are done.
    fn done(&mut self, records: u64);
}

/// Moves all of one store into another, which is empty, and proves that both hold the same. Nobody may write to either.
/// Operations whose keys are free `now`, when the copy begins, stay behind: a store may drop them at any time.
///
/// # Errors
/// See [`CopyError`]; the target then serves nobody until a copy into it has ended well.
pub async fn copy(
    source: &dyn Outlet,
    target: &dyn Intake,
    now: Timestamp,
    progress: &mut dyn Progress,
) -> Result<Proof, CopyError> {
    let (holders, alias_accounts) = source.totals().await?;
    let records = holders.saturating_add(alias_accounts);
    if let Some(there) = target.begin_copy().await? {
        return Err(CopyError::NotEmpty(there));
    }
    progress.begins(Stage::Copying, records);
    let moved = Walk { from: source, to: Some(target), now }.all(progress).await?;
    complete("holders", moved.holders.count(), holders)?;
    complete("alias accounts", moved.alias_accounts.count(), alias_accounts)?;
    progress.begins(Stage::Proving, records);
    let found = Walk { from: target, to: None, now }.all(progress).await?;
    if !target.is_under_way().await? {
        return Err(CopyError::Overtaken);
    }
    if found != moved {
        return Err(CopyError::Different { copied: Box::new(moved), found: Box::new(found) });
    }
    if target.end_copy().await? { Ok(found) } else { Err(CopyError::Overtaken) }
}

fn complete(what: &'static str, read: u64, there: u64) -> Result<(), CopyError> {
    if read == there { Ok(()) } else { Err(CopyError::Incomplete { what, read, there }) }
}

/// Reads all of a store, and hands it on where there is somebody who takes it.
struct Walk<'a> {
    from: &'a dyn Outlet,
    to: Option<&'a dyn Intake>,
    now: Timestamp,
}

impl Walk<'_> {
    async fn all(&self, progress: &mut dyn Progress) -> Result<Proof, CopyError> {
        self.key_checks().await?;
        let mut proof = Proof {
            holders: self.holders(progress).await?,
            alias_accounts: self.alias_accounts(progress).await?,
            operations: self.operations().await?,
            entries: self.entries().await?,
            ..Proof::default()
        };
        (proof.links, proof.checkpoints) = self.chains().await?;
        Ok(proof)
    }

    /// Who takes the next page, if anybody does. A copy that was overtaken stops here.
    async fn taker(&self) -> Result<Option<&dyn Intake>, CopyError> {
        match self.to {
            Some(to) if !to.is_under_way().await? => Err(CopyError::Overtaken),
            to => Ok(to),
        }
    }

    async fn key_checks(&self) -> Result<(), CopyError> {
        let Some(to) = self.taker().await? else { return Ok(()) };
        for check in self.from.key_checks().await? {
            if !to.take_key_check(check).await? {
                return Err(CopyError::ForeignKeys);
            }
        }
        Ok(())
    }

    async fn holders(&self, progress: &mut dyn Progress) -> Result<Digest, CopyError> {
        let (mut place, mut digest) = (None, Digest::default());
        loop {
            let page: Vec<Kept<Holder>> = self.from.holders_after(place, AT_ONCE).await?;
            let Some(last) = page.last() else { return Ok(digest) };
            place = Some(Place { organization: last.record.clear.organization, id: last.record.clear.id.0 });
            page.iter().for_each(|kept| digest.add(&digest::of_holder(kept)));
            progress.done(page.len() as u64);
            if let Some(to) = self.taker().await? {
                to.take_holders(page).await?;
            }
        }
    }

    async fn alias_accounts(&self, progress: &mut dyn Progress) -> Result<Digest, CopyError> {
        let (mut place, mut digest) = (None, Digest::default());
        loop {
            let page = self.from.alias_accounts_after(place, AT_ONCE).await?;
            let page: Vec<Kept<AliasAccount>> = page.into_iter().map(|found| found.kept).collect();
            let Some(last) = page.last() else { return Ok(digest) };
            place = Some(Place { organization: last.record.clear.organization, id: last.record.clear.id.0 });
            page.iter().for_each(|kept| digest.add(&digest::of_alias_account(kept)));
            progress.done(page.len() as u64);
            if let Some(to) = self.taker().await? {
                to.take_alias_accounts(page).await?;
            }
        }
    }

    async fn operations(&self) -> Result<Digest, CopyError> {
        let (mut place, mut digest) = (None, Digest::default());
        loop {
            let (page, next) = self.from.operations_after(place, AT_ONCE).await?;
            let page: Vec<KeptOperation> =
                page.into_iter().filter(|operation| operation.expires_at > self.now).collect();
            page.iter().for_each(|operation| digest.add(&digest::of_operation(operation)));
            if let Some(to) = self.taker().await? {
                to.take_operations(page).await?;
            }
            place = next;
            if place.is_none() {
                return Ok(digest);
            }
        }
    }

    async fn entries(&self) -> Result<Digest, CopyError> {
        let (mut place, mut digest) = (None, Digest::default());
        loop {
            let (page, next) = self.from.entries_after(place, AT_ONCE).await?;
            page.iter().for_each(|entry| digest.add(&digest::of_entry(entry)));
            if let Some(to) = self.taker().await? {
                to.take_entries(page).await?;
            }
            place = next;
            if place.is_none() {
                return Ok(digest);
            }
        }
    }

    /// The chains of all organizations; whoever may append to them is not copied.
    async fn chains(&self) -> Result<(Digest, Digest), CopyError> {
        let (mut after, mut links, mut checkpoints) = (None, Digest::default(), Digest::default());
        loop {
            let organizations = self.from.audited_organizations(after, AT_ONCE).await?;
            let Some(last) = organizations.last().copied() else { return Ok((links, checkpoints)) };
            for organization in organizations {
                self.checkpoint(organization, &mut checkpoints).await?;
                self.links(organization, &mut links).await?;
            }
            after = Some(last);
        }
    }

    async fn checkpoint(&self, organization: OrganizationId, digest: &mut Digest) -> Result<(), CopyError> {
        let Some(checkpoint) = self.from.checkpoint(organization).await? else { return Ok(()) };
        digest.add(&digest::of_checkpoint(organization, &checkpoint));
        if let Some(to) = self.taker().await? {
            to.set_checkpoint(organization, checkpoint).await?;
        }
        Ok(())
    }

    async fn links(&self, organization: OrganizationId, digest: &mut Digest) -> Result<(), CopyError> {
        let mut number = 0;
        loop {
            let page = self.from.links_after(organization, number, AT_ONCE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            number = last.number;
            page.iter().for_each(|link| digest.add(&digest::of_link(organization, link)));
            // Nobody else appends to a target that serves nobody, unless it is of another copy.
            if let Some(to) = self.taker().await?
                && !to.append_links(organization, page).await?
            {
                return Err(CopyError::Overtaken);
            }
        }
    }
}
