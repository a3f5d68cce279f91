//! Walking over the links of all organizations, asking the ledger about each, and recording what it says: the server's
//! background check and `holdergraph links verify`.
//!
//! # One process at a time, and another one goes on where it stopped
//!
//! The store keeps a note of each kind of walk: who is at it (`walker`), how far it is (`under_way`) and how the last
//! one ended (`last`). It is changed by compare-and-set on its revision alone, and every write raises that.
//!
//! | | the walker | if it stops here |
//! | --- | --- | --- |
//! | 1 | reads the note. Somebody else is in it, and its revision has moved within a lease: not our turn | nothing has happened |
//! | 2 | compare-and-set: we are the walker; the walk under way goes on, or a new one begins | the note says so; its revision stands still, and after a lease anybody takes over at step 1 |
//! | 3 | reads a page behind the place, which may hold no live alias account, asks the ledger, records each answer by compare-and-set on the record | some of the page are recorded; they are asked about once more by whoever goes on |
//! | 4 | compare-and-set: the place moves behind the page, its counts are added. Back to 3, after a pause | whoever takes over begins behind this page |
//! | 5 | no more follow: compare-and-set, the walk has ended and nobody is at it | |
//!
//! While a page or a pause lasts, the walker writes the note unchanged again and again: signs of life. Whoever waits
//! compares revisions by its own clock alone, so the clocks of machines do not matter; of the walk's times only the
//! interval depends on them, and a clock that is wrong makes the next walk begin sooner or later.
//!
//! A walker that only slept, and whose walk others have taken over, does no harm when it goes on: what it records is
//! compared with the record as it read it, and its next write to the note misses, which ends it. At worst both have
//! asked about the same page.

mod background;
mod page;
mod walking;

#[cfg(test)]
mod tests;

pub use background::Background;
pub use page::{Checked, Outcome};
pub use walking::{Patience, Taken, WalkError, Walking};

use super::Registry;
use super::judge_links::LinkJudge;
use super::mint::Clock;
use super::ports::call::Call;
use super::ports::ledger::Ledger;
use super::ports::link_walk::{LinkWalks, Tally, UnderWay};
use super::ports::store::Store;
use crate::domain::link::HolderCheck;
use crate::domain::time::Timestamp;
use page::{Page, Silence};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// One page's time with the ledger; what it has not answered by then counts as unanswered.
const PAGE_TIME: Duration = Duration::from_secs(30);

/// Walks over links, over the ports that it needs: no keys, and no Access Manager.
#[derive(Clone)]
pub struct Links {
    /// Where what is found is recorded.
    pub store: Arc<dyn Store>,
    /// Where the links and the notes of walks are.
    pub walks: Arc<dyn LinkWalks>,
    /// Knows the accounts.
    pub ledger: Arc<dyn Ledger>,
    /// How strictly the ledger's own holder is compared.
    pub holder_check: HolderCheck,
    /// The times of checks and walks.
    pub clock: Clock,
}

/// How fast a walk goes.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Links that are read at once.
    pub page: usize,
    /// The time for each of them; a page that took less is followed by a pause.
    pub each: Duration,
    /// No pause is longer.
    pub longest: Duration,
}

impl Pace {
    /// At most so many links a second; 0 for no limit.
    pub fn per_second(rate: u32) -> Self {
        const MOST: u32 = 100;
        let each = Duration::from_secs(1).checked_div(rate).unwrap_or_default();
        let page = if rate == 0 { MOST } else { rate.min(MOST) };
        Self { page: usize::try_from(page).unwrap_or(1), each, longest: Duration::from_secs(1) }
    }

    /// What is left of the time for so many links.
    fn pause(&self, links: usize, taken: Duration) -> Duration {
        let links = u32::try_from(links).unwrap_or(u32::MAX);
        self.each.saturating_mul(links).saturating_sub(taken).min(self.longest)
    }
}

/// Who is told while a walk goes on.
pub trait Witness: Send {
    /// This is recorded of these links now. Where the page fails, some of it may be told once more.
    fn checked(&mut self, links: &[Checked]);
}

/// How a walk came to rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every link was met.
    Whole(Tally),
    /// It was told to stop, and can be gone on with.
    Stopped(Tally),
    /// Nothing is answered any more; the reason is for operators. It can be gone on with.
    Silent(Tally, String),
}

impl Links {
    /// Over the ports of the use cases.
    pub fn of(registry: &Registry) -> Self {
        Self {
            store: registry.store.clone(),
            walks: registry.walks.clone(),
            ledger: registry.ledger.clone(),
            holder_check: registry.rules.holder_check,
            clock: registry.mint.clock().clone(),
        }
    }

    /// Goes on with a walk to its end, as `subject` in the audit trail, until `stop` is true.
    ///
    /// # Errors
    /// The store failed, or somebody else has taken the walk over.
    pub async fn go_on(
        &self,
        mut walking: Walking<'_>,
        subject: &str,
        pace: Pace,
        witness: &mut dyn Witness,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<Ending, WalkError> {
        loop {
            if *stop.borrow() {
                return Ok(Ending::Stopped(walking.rest().await?));
            }
            let (began, mut checked) = (Instant::now(), Vec::new());
            let page = self.page(walking.place(), pace.page, subject, &mut checked);
            let page = walking.alive_while(page).await.and_then(|page| Ok(page?));
            Checked::measure(&checked);
            let Page { reached, is_last, silence } = match page {
                Ok(page) => page,
                Err(error) => {
                    witness.checked(&checked);
                    // The error that ended the page is the one to tell of.
                    drop(walking.keep_changes(&checked).await);
                    return Err(error);
                }
            };
            if let Some(Silence { reason, is_down }) = silence
                && (is_down || walking.bears_silence())
            {
                return Ok(Ending::Silent(walking.rest_in_silence().await?, reason));
            }
            // Told first: whoever is killed in between tells of them twice, and not never.
            witness.checked(&checked);
            if let Some(reached) = reached {
                walking.advance(reached, &checked).await?;
            }
            if is_last {
                return Ok(Ending::Whole(walking.end((self.clock)()).await?));
            }
            walking.pause(pace.pause(checked.len(), began.elapsed()), stop).await?;
        }
    }

    fn judge(&self) -> LinkJudge<'_> {
        LinkJudge {
            store: &*self.store,
            ledger: &*self.ledger,
            holder_check: self.holder_check,
            clock: &self.clock,
        }
    }

    /// The ledger is asked with the service's own token, which its client has.
    fn call(subject: &str) -> Call {
        Call::of_service(subject, PAGE_TIME)
    }
}

/// A walk that begins.
fn begun(now: Timestamp) -> UnderWay {
    UnderWay { began_at: now, place: None, tally: Tally::default(), silences: 0, rests: false }
}
