//! Moving a whole store into another one, and the proof that nothing was lost or changed: `holdergraph copy`.

mod digest;

use super::ports::inspection::{Kept, Place};
use super::ports::store::StoreError;
use super::ports::transfer::{Intake, Outlet};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
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
    /// Operations that are remembered.
    pub operations: Digest,
    /// Entries that wait for the audit trail.
    pub entries: Digest,
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
///
/// # Errors
/// See [`CopyError`]; the target then serves nobody until a copy into it has ended well.
pub async fn copy(
    source: &dyn Outlet,
    target: &dyn Intake,
    progress: &mut dyn Progress,
) -> Result<Proof, CopyError> {
    let (holders, alias_accounts) = source.totals().await?;
    let records = holders.saturating_add(alias_accounts);
    if let Some(there) = target.begin_copy().await? {
        return Err(CopyError::NotEmpty(there));
    }
    progress.begins(Stage::Copying, records);
    let moved = walk(source, Some(target), progress).await?;
    complete("holders", moved.holders.count(), holders)?;
    complete("alias accounts", moved.alias_accounts.count(), alias_accounts)?;
    progress.begins(Stage::Proving, records);
    let found = walk(target, None, progress).await?;
    if found != moved {
        return Err(CopyError::Different { copied: Box::new(moved), found: Box::new(found) });
    }
    if target.end_copy().await? { Ok(found) } else { Err(CopyError::Overtaken) }
}

fn complete(what: &'static str, read: u64, there: u64) -> Result<(), CopyError> {
    if read == there { Ok(()) } else { Err(CopyError::Incomplete { what, read, there }) }
}

/// Reads all of a store, and hands it on where there is somebody who takes it.
async fn walk(
    from: &dyn Outlet,
    to: Option<&dyn Intake>,
    progress: &mut dyn Progress,
) -> Result<Proof, StoreError> {
    let mut proof = Proof::default();
    if let Some(to) = to {
        for check in from.key_checks().await? {
            to.take_key_check(check).await?;
        }
    }
    proof.holders = holders(from, to, progress).await?;
    proof.alias_accounts = alias_accounts(from, to, progress).await?;
    let mut place = None;
    loop {
        let (page, next) = from.operations_after(place, AT_ONCE).await?;
        page.iter().for_each(|operation| proof.operations.add(&digest::of_operation(operation)));
        if let Some(to) = to {
            to.take_operations(page).await?;
        }
        place = next;
        if place.is_none() {
            break;
        }
    }
    loop {
        let (page, next) = from.entries_after(place, AT_ONCE).await?;
        page.iter().for_each(|entry| proof.entries.add(&digest::of_entry(entry)));
        if let Some(to) = to {
            to.take_entries(page).await?;
        }
        place = next;
        if place.is_none() {
            return Ok(proof);
        }
    }
}

async fn holders(
    from: &dyn Outlet,
    to: Option<&dyn Intake>,
    progress: &mut dyn Progress,
) -> Result<Digest, StoreError> {
    let (mut place, mut digest) = (None, Digest::default());
    loop {
        let page: Vec<Kept<Holder>> = from.holders_after(place, AT_ONCE).await?;
        let Some(last) = page.last() else { return Ok(digest) };
        place = Some(Place { organization: last.record.clear.organization, id: last.record.clear.id.0 });
        page.iter().for_each(|kept| digest.add(&digest::of_holder(kept)));
        progress.done(page.len() as u64);
        if let Some(to) = to {
            to.take_holders(page).await?;
        }
    }
}

async fn alias_accounts(
    from: &dyn Outlet,
    to: Option<&dyn Intake>,
    progress: &mut dyn Progress,
) -> Result<Digest, StoreError> {
    let (mut place, mut digest) = (None, Digest::default());
    loop {
        let page = from.alias_accounts_after(place, AT_ONCE).await?;
        let page: Vec<Kept<AliasAccount>> = page.into_iter().map(|found| found.kept).collect();
        let Some(last) = page.last() else { return Ok(digest) };
        place = Some(Place { organization: last.record.clear.organization, id: last.record.clear.id.0 });
        page.iter().for_each(|kept| digest.add(&digest::of_alias_account(kept)));
        progress.done(page.len() as u64);
        if let Some(to) = to {
            to.take_alias_accounts(page).await?;
        }
    }
}
