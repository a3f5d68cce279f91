//! What a walk over all links needs of a store: the alias accounts one by one, and a small note that is kept of each
//! kind of walk, so that one process at a time is at it and another can go on where it stopped.

use super::inspection::{Inspection, Place};
use super::record::AliasAccountRecord;
use super::store::StoreError;
use crate::domain::alias_account::LinkStatus;
use crate::domain::time::Timestamp;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kinds of walks. They do not stand in each other's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkKind {
    /// The server's own, by `LINK_CHECK_INTERVAL`.
    Background,
    /// An operator's, by `holdergraph links verify`.
    Command,
}

impl WalkKind {
    /// The name in the stores; it never changes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Background => "background",
            Self::Command => "command",
        }
    }
}

/// How many links a walk has met, by what is recorded of them now, and how many of these nobody vouches for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// Confirmed by the ledger.
    pub verified: u64,
    /// The account is not there, or deleted.
    pub not_found: u64,
    /// The account is blocked.
    pub blocked: u64,
    /// The account is external, or another holder's.
    pub mismatch: u64,
    /// Never asked about.
    pub unverified: u64,
    /// Among all of these: the ledger gave no answer, and the link stayed as it was.
    pub unanswered: u64,
    /// Among all of these: nothing could be recorded. Somebody else changed the record again and again, or it cannot be
    /// read.
    pub skipped: u64,
    /// Among all of these: the walk has changed the status.
    pub changed: u64,
}

impl Tally {
    /// Counts one link.
    pub fn meet(&mut self, status: LinkStatus) {
        *match status {
            LinkStatus::Verified => &mut self.verified,
            LinkStatus::NotFound => &mut self.not_found,
            LinkStatus::Blocked => &mut self.blocked,
            LinkStatus::Mismatch => &mut self.mismatch,
            LinkStatus::Unverified => &mut self.unverified,
        } += 1;
    }

    /// The counts by status.
    pub fn by_status(&self) -> [(LinkStatus, u64); 5] {
        [
            (LinkStatus::Verified, self.verified),
            (LinkStatus::NotFound, self.not_found),
            (LinkStatus::Blocked, self.blocked),
            (LinkStatus::Mismatch, self.mismatch),
            (LinkStatus::Unverified, self.unverified),
        ]
    }

    /// All links that were met.
    pub fn total(&self) -> u64 {
        self.by_status().iter().map(|(_, count)| count).sum()
    }

    /// Those that are broken.
    pub fn broken(&self) -> u64 {
        self.by_status().iter().filter(|(status, _)| status.is_broken()).map(|(_, count)| count).sum()
    }
}

/// A walk that has begun and not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnderWay {
    /// When it began.
    pub began_at: Timestamp,
    /// All links up to here are done; none where it has only begun.
    pub place: Option<Place>,
    /// What it has met until there.
    pub tally: Tally,
    /// How often it came to rest since something was answered last, because of the links that follow nothing was though
    /// the ledger is there.
    #[serde(default)]
    pub silences: u32,
    /// It rests because nothing was answered: servers let it rest for a while.
    #[serde(default)]
    pub rests: bool,
}

/// A walk that met every link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// What it met.
    pub tally: Tally,
}

/// What is noted of a kind of walk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Walk {
    /// The process that is at it; none where it rests.
    pub walker: Option<Uuid>,
    /// The walk that has begun and not ended.
    pub under_way: Option<UnderWay>,
    /// The last one that ended.
    pub last: Option<Ended>,
}

/// A note as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotedWalk {
    /// What it says.
    pub walk: Walk,
    /// Up by one with every write by anyone; 0 where nothing was ever noted.
    pub revision: i64,
}

/// The most records that are looked at for one piece of a walk, where more are not asked for. What is deleted or purged
/// is looked at too, and may be very many in a row: looking for a live one among them must not take for ever.
pub const LOOKED_AT: usize = 50;

/// A piece of a walk over all links.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The live alias accounts in it, in the order of places and without their sealed parts. There may be none.
    pub records: Vec<AliasAccountRecord>,
    /// All up to here was looked at; none where nothing followed.
    pub reached: Option<Place>,
    /// Nothing follows it.
    pub is_last: bool,
}

/// Walking over all links, by any number of processes.
#[async_trait]
pub trait LinkWalks: Inspection {
    /// At most so many live alias accounts that follow a place, and how far was looked: at so many records, or at
    /// [`LOOKED_AT`] where that is more. One that was only just made, and is about to become live, may be left out: the
    /// ledger has confirmed it in that very call.
    async fn live_links_after(&self, place: Option<Place>, size: usize) -> Result<Piece, StoreError>;

    /// What is noted of this kind of walk. A note that this release cannot read counts as an empty one.
    async fn walk(&self, kind: WalkKind) -> Result<NotedWalk, StoreError>;

    /// Notes this in the place of what had that revision; false where that was changed meanwhile, and nothing was
    /// written.
    async fn note_walk(&self, kind: WalkKind, revision: i64, walk: &Walk) -> Result<bool, StoreError>;
}
