//! Being the one that is at a walk: taking it, giving signs of life, moving its place, ending it.

use super::super::ports::inspection::Place;
use super::super::ports::link_walk::{Ended, LinkWalks, NotedWalk, Tally, UnderWay, Walk, WalkKind};
use super::super::ports::store::StoreError;
use super::page::Checked;
use super::{Links, begun};
use crate::domain::time::Timestamp;
use std::pin::pin;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use uuid::Uuid;

/// From one sign of life to the next.
const BEAT: Duration = Duration::from_secs(2);

/// After so long without a sign a walk is anybody's.
const LEASE: Duration = Duration::from_secs(10);

/// So often it comes to rest where nothing is answered, before such links are passed over until something is.
const SILENCES: u32 = 3;

/// Why a walk cannot be gone on with.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WalkError {
    /// The store failed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// Somebody else has taken it over: this process gave no sign of life for too long.
    #[error("another process has taken the link check over")]
    Lost,
}

/// What a waiting process has seen of another one's walk until now, by its own clock.
#[derive(Debug)]
pub struct Patience {
    lease: Duration,
    rest: Option<Duration>,
    seen: Option<(i64, Instant)>,
    has_seen_life: bool,
}

impl Default for Patience {
    fn default() -> Self {
        Self { lease: LEASE, rest: None, seen: None, has_seen_life: false }
    }
}

impl Patience {
    /// A walk that rests because nothing was answered is let rest for so long. Else whoever comes goes on with it at
    /// once: an operator knows why.
    pub fn with_rest(rest: Duration) -> Self {
        Self { rest: Some(rest), ..Self::default() }
    }

    /// Whether a walk must be left alone for now.
    fn leaves(&mut self, walk: &Walk, me: Uuid, revision: i64, now: Instant) -> bool {
        let rests = walk.under_way.as_ref().is_some_and(|walk| walk.rests);
        let still = match walk.walker {
            Some(walker) => Some(self.lease).filter(|_| walker != me),
            None => self.rest.filter(|_| rests),
        };
        still.is_some_and(|still| !self.has_stood(revision, still, now))
    }

    /// Whether the note has stood still for so long. Nobody's clock but our own tells.
    fn has_stood(&mut self, revision: i64, still: Duration, now: Instant) -> bool {
        match self.seen {
            Some((before, since)) if before == revision => now.duration_since(since) >= still,
            before => {
                self.has_seen_life |= before.is_some();
                self.seen = Some((revision, now));
                false
            }
        }
    }

    /// Whether somebody has given a sign of life since the first look.
    pub fn has_seen_life(&self) -> bool {
        self.has_seen_life
    }

    /// With another lease than in earnest.
    #[cfg(test)]
    pub(super) fn of(lease: Duration) -> Self {
        Self { lease, ..Self::default() }
    }
}

/// The end of a try to take a walk.
pub enum Taken<'a> {
    /// It is ours.
    Ours(Box<Walking<'a>>),
    /// Somebody is at it, or was until just now; or it rests.
    Held,
    /// It is not wanted now.
    Unwanted,
}

impl Links {
    /// Tries to take a walk as `me`, if what is noted of it is `wanted`: the one under way, or a new one where there is
    /// none or `anew` says so.
    ///
    /// # Errors
    /// The store failed.
    pub async fn take(
        &self,
        kind: WalkKind,
        me: Uuid,
        patience: &mut Patience,
        wanted: impl Fn(&Walk) -> bool + Send,
        anew: bool,
    ) -> Result<Taken<'_>, StoreError> {
        let NotedWalk { walk, revision } = self.walks.walk(kind).await?;
        if !wanted(&walk) {
            return Ok(Taken::Unwanted);
        }
        if patience.leaves(&walk, me, revision, Instant::now()) {
            return Ok(Taken::Held);
        }
        let resumed = walk.under_way.filter(|_| !anew);
        let is_resumed = resumed.is_some();
        let under_way = resumed.unwrap_or_else(|| begun((self.clock)()));
        let under_way = UnderWay { rests: false, ..under_way };
        let walking =
            Walking { walks: &*self.walks, kind, me, revision, under_way, last: walk.last, is_resumed };
        if self.walks.note_walk(kind, revision, &walking.note()).await? {
            let ours = Walking { revision: revision.saturating_add(1), ..walking };
            return Ok(Taken::Ours(Box::new(ours)));
        }
        Ok(Taken::Held)
    }
}

/// A walk that is ours.
pub struct Walking<'a> {
    walks: &'a dyn LinkWalks,
    kind: WalkKind,
    me: Uuid,
    revision: i64,
    under_way: UnderWay,
    last: Option<Ended>,
    is_resumed: bool,
}

impl Walking<'_> {
    /// All links up to here are done.
    pub fn place(&self) -> Option<Place> {
        self.under_way.place
    }

    /// What the walk has met until there.
    pub fn tally(&self) -> Tally {
        self.under_way.tally
    }

    /// When it began, where another process did so.
    pub fn resumed(&self) -> Option<Timestamp> {
        self.is_resumed.then_some(self.under_way.began_at)
    }

    /// Works, and gives signs of life meanwhile; the work is dropped where the walk is lost.
    pub(super) async fn alive_while<T>(&mut self, work: impl Future<Output = T>) -> Result<T, WalkError> {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                done = work.as_mut() => return Ok(done),
                () = tokio::time::sleep(BEAT) => self.sign().await?,
            }
        }
    }

    /// Waits so long, or until it is told to stop.
    pub(super) async fn pause(
        &mut self,
        pause: Duration,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<(), WalkError> {
        // Whoever told has gone: that is a reason to stop too, and found so at the next look.
        let told = async { drop(stop.wait_for(|stop| *stop).await) };
        self.alive_while(async {
            tokio::select! {
                () = told => {}
                () = tokio::time::sleep(pause) => {}
            }
        })
        .await
    }

    /// Whether the walk rests where nothing is answered of the links that follow, though the ledger is there. It may be
    /// that it is overloaded now; or that these accounts will never be answered for, and a walk must not stand before
    /// them for ever. So it rests here a few times, and then they count as unanswered; and so do all that follow until
    /// something is answered again, for a whole organization may be kept from us.
    pub(super) fn bears_silence(&mut self) -> bool {
        self.under_way.silences = self.under_way.silences.saturating_add(1).min(SILENCES);
        self.under_way.silences < SILENCES
    }

    /// The links up to this place are done.
    pub(super) async fn advance(&mut self, place: Place, checked: &[Checked]) -> Result<(), WalkError> {
        self.under_way.place = Some(place);
        if checked.iter().any(Checked::is_answered) {
            self.under_way.silences = 0;
        }
        checked.iter().for_each(|link| link.count(&mut self.under_way.tally));
        self.sign().await
    }

    /// The page cannot be gone through, and whoever goes on meets its links again: then they have not changed any more.
    pub(super) async fn keep_changes(&mut self, checked: &[Checked]) -> Result<(), WalkError> {
        let changed = checked.iter().filter(|link| link.is_changed()).count();
        self.under_way.tally.changed += u64::try_from(changed).unwrap_or_default();
        self.sign().await
    }

    /// The same as [`rest`](Self::rest), because nothing is answered.
    pub(super) async fn rest_in_silence(mut self) -> Result<Tally, WalkError> {
        self.under_way.rests = true;
        self.rest().await
    }

    /// Nobody is at it any more; it can be gone on with.
    pub(super) async fn rest(mut self) -> Result<Tally, WalkError> {
        let walk = Walk { walker: None, ..self.note() };
        self.write(&walk).await?;
        Ok(self.under_way.tally)
    }

    /// It has ended.
    pub(super) async fn end(mut self, now: Timestamp) -> Result<Tally, WalkError> {
        let UnderWay { began_at, tally, .. } = self.under_way;
        let walk = Walk { last: Some(Ended { began_at, ended_at: now, tally }), ..Walk::default() };
        self.write(&walk).await?;
        Ok(tally)
    }

    fn note(&self) -> Walk {
        let (under_way, last) = (Some(self.under_way.clone()), self.last.clone());
        Walk { walker: Some(self.me), under_way, last }
    }

    /// A sign of life, with all that is new.
    pub(super) async fn sign(&mut self) -> Result<(), WalkError> {
        let note = self.note();
        self.write(&note).await
    }

    async fn write(&mut self, walk: &Walk) -> Result<(), WalkError> {
        loop {
            if self.walks.note_walk(self.kind, self.revision, walk).await? {
                self.revision = self.revision.saturating_add(1);
                return Ok(());
            }
            // It may be a write of our own that was carried out though its answer was lost.
            let now = self.walks.walk(self.kind).await?;
            if now.walk.walker != Some(self.me) || now.revision == self.revision {
                return Err(WalkError::Lost);
            }
            self.revision = now.revision;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walker_is_gone_once_its_note_has_stood_still_for_a_lease_and_not_before() {
        let (start, mut patience) = (Instant::now(), Patience::default());
        let held = Walk { walker: Some(Uuid::from_u128(1)), ..Walk::default() };
        let ends = |patience: &mut Patience, revision, second| {
            !patience.leaves(&held, Uuid::nil(), revision, start + Duration::from_secs(second))
        };
        assert!(!ends(&mut patience, 1, 0) && !ends(&mut patience, 1, 9));
        assert!(!ends(&mut patience, 2, 10), "a sign of life");
        assert!(!ends(&mut patience, 2, 19));
        assert!(ends(&mut patience, 2, 20));
        assert!(patience.has_seen_life());
        let mut of_a_dead_one = Patience::default();
        let ends = [0, 9, 10].map(|second| ends(&mut of_a_dead_one, 1, second));
        assert_eq!((ends, of_a_dead_one.has_seen_life()), ([false, false, true], false));
    }

    #[test]
    fn a_walk_that_rests_in_silence_is_left_alone_until_it_has_rested_by_whoever_would_wait() {
        let start = Instant::now();
        let resting =
            |rests| Walk { under_way: Some(UnderWay { rests, ..begun(Timestamp(0)) }), ..Walk::default() };
        let mut patience = Patience::with_rest(Duration::from_secs(60));
        let mut leaves = |walk: &Walk, revision, second| {
            patience.leaves(walk, Uuid::nil(), revision, start + Duration::from_secs(second))
        };
        assert!(!leaves(&resting(false), 1, 0), "it was only told to stop");
        assert!(leaves(&resting(true), 1, 0) && leaves(&resting(true), 1, 59));
        assert!(leaves(&resting(true), 2, 60), "another one has tried meanwhile, and rests again");
        assert!(leaves(&resting(true), 2, 119) && !leaves(&resting(true), 2, 120));
        assert!(
            !Patience::default().leaves(&resting(true), Uuid::nil(), 2, start),
            "an operator need not wait"
        );
    }
}
