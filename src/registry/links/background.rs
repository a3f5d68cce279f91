//! The server's own check of all links, again and again: one process at a time, slow and gentle.

use super::super::ports::link_walk::{Ended, Tally, Walk, WalkKind};
use super::{Checked, Ending, Links, Pace, Patience, Taken, WalkError, Walking, Witness};
use crate::domain::time::Timestamp;
use crate::telemetry::metrics::{LINK_CHECK_ENDED, LINKS_BROKEN};
use metrics::gauge;
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

/// Who it is in the audit trail.
const SUBJECT: &str = "system/link-check";

/// Links that are read and asked about at once.
const PAGE: usize = 50;

/// At most so many links a second, however many there are: 50.
const EACH_LEAST: Duration = Duration::from_millis(20);

/// No pause between two pages is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How often each process looks whether a walk is due; with a shorter interval, ten times in it.
const LOOK: Duration = Duration::from_secs(5);

/// After a failure it is tried again so much later, or an interval later where that is shorter: by this process where
/// the store failed, and by any where the ledger gave no answer.
const AGAIN: Duration = Duration::from_secs(60);

/// The check of a process that serves.
pub struct Background {
    links: Links,
    interval: Duration,
    me: Uuid,
    patience: Patience,
}

impl Background {
    /// From the beginning of one walk to the beginning of the next: so long, over all processes.
    pub fn new(links: Links, interval: Duration) -> Self {
        let patience = Patience::with_rest(AGAIN.min(interval));
        Self { links, interval, me: Uuid::new_v4(), patience }
    }

    /// Goes on until `stop` is true.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut wait = Duration::ZERO;
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(wait) => {}
            }
            wait = match self.look(&mut stop).await {
                Ok(wait) => wait,
                Err(WalkError::Lost) => {
                    tracing::info!("another process goes on with the link check");
                    self.usual()
                }
                Err(WalkError::Store(error)) => {
                    tracing::warn!(%error, "the link check waits for the store");
                    self.later()
                }
            };
        }
    }

    fn usual(&self) -> Duration {
        LOOK.min(self.interval / 10)
    }

    fn later(&self) -> Duration {
        AGAIN.min(self.interval)
    }

    /// Walks if it is time and nobody else does; how long to wait then.
    pub(super) async fn look(&mut self, stop: &mut watch::Receiver<bool>) -> Result<Duration, WalkError> {
        self.publish().await?;
        let (interval, clock) = (self.interval, self.links.clock.clone());
        let due = move |walk: &Walk| is_due(walk, interval, clock());
        let taken = self.links.take(WalkKind::Background, self.me, &mut self.patience, due, false);
        match taken.await? {
            Taken::Held | Taken::Unwanted => Ok(self.usual()),
            Taken::Ours(walking) => self.walk(*walking, stop).await,
        }
    }

    async fn walk(
        &self,
        walking: Walking<'_>,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<Duration, WalkError> {
        let resumed = walking.resumed().is_some();
        tracing::info!(resumed, "checking all links");
        let (_, all) = self.links.walks.totals().await?;
        let pace = pace(self.interval, all);
        match self.links.go_on(walking, SUBJECT, pace, &mut Nobody, stop).await? {
            Ending::Whole(tally) => {
                tell(&tally);
                self.publish().await?;
                Ok(self.usual())
            }
            Ending::Stopped(_) => Ok(self.usual()),
            Ending::Silent(_, reason) => {
                tracing::warn!(reason, "the ledger gives no answer: the link check goes on later");
                // It is the walk that rests, whichever process looks.
                Ok(self.usual())
            }
        }
    }

    /// The metrics tell of the last walk that ended, by whichever process: so all of them tell the same.
    async fn publish(&self) -> Result<(), WalkError> {
        let mut last: Option<Ended> = None;
        for kind in [WalkKind::Background, WalkKind::Command] {
            let ended = self.links.walks.walk(kind).await?.walk.last;
            last = last.into_iter().chain(ended).max_by_key(|ended| ended.ended_at);
        }
        if let Some(Ended { ended_at, tally, .. }) = last {
            for (status, count) in tally.by_status().into_iter().filter(|(status, _)| status.is_broken()) {
                gauge!(LINKS_BROKEN, "status" => status.as_str()).set(count as f64);
            }
            gauge!(LINK_CHECK_ENDED).set(ended_at.0 as f64 / 1_000.0);
        }
        Ok(())
    }
}

/// One that is under way is gone on with; else it is time an interval after the last one began. A beginning that lies
/// in the future was written by a clock that was wrong.
fn is_due(walk: &Walk, interval: Duration, now: Timestamp) -> bool {
    let interval = i64::try_from(interval.as_millis()).unwrap_or(i64::MAX);
    let Some(last) = walk.last.as_ref().filter(|_| walk.under_way.is_none()) else { return true };
    now >= last.began_at.plus(interval) || last.began_at > now
}

/// So that half of the interval is enough for all, and never faster than a ledger bears without noticing.
fn pace(interval: Duration, all: u64) -> Pace {
    let all = u32::try_from(all.max(1)).unwrap_or(u32::MAX);
    let each = (interval / 2).checked_div(all).unwrap_or_default().max(EACH_LEAST);
    Pace { page: PAGE, each, longest: LONGEST_PAUSE }
}

fn tell(tally: &Tally) {
    let Tally { verified, not_found, blocked, mismatch, unverified, unanswered, skipped, changed } = *tally;
    tracing::info!(
        verified,
        not_found,
        blocked,
        mismatch,
        unverified,
        unanswered,
        skipped,
        changed,
        "all links are checked"
    );
    if tally.broken() > 0 {
        tracing::warn!(
            broken = tally.broken(),
            "links are broken: the list `aliasAccounts` finds them by `linkStatus`"
        );
    }
}

/// The store knows all that matters.
struct Nobody;

impl Witness for Nobody {
    fn checked(&mut self, _: &[Checked]) {}
}

#[cfg(test)]
mod tests {
    use super::super::begun;
    use super::*;

    #[test]
    fn a_walk_is_due_an_interval_after_the_last_one_began_and_at_once_where_one_is_under_way() {
        let (now, hour) = (Timestamp(1_800_000_000_000), Duration::from_secs(3_600));
        let after = |began: i64| {
            let began_at = now.plus(began);
            Walk {
                last: Some(Ended { began_at, ended_at: began_at.plus(5), tally: Tally::default() }),
                ..Walk::default()
            }
        };
        assert!(is_due(&Walk::default(), hour, now), "there was none yet");
        assert!(!is_due(&after(-3_599_999), hour, now));
        assert!(is_due(&after(-3_600_000), hour, now));
        assert!(is_due(&after(1), hour, now), "a clock was wrong");
        assert!(is_due(&Walk { under_way: Some(begun(now)), ..after(-1) }, hour, now));
    }

    #[test]
    fn a_walk_takes_half_of_its_interval_and_never_more_than_50_links_a_second() {
        let hour = Duration::from_secs(3_600);
        assert_eq!(pace(hour, 1_800).each, Duration::from_secs(1));
        assert_eq!(pace(hour, u64::MAX).each, Duration::from_millis(20));
        let few = pace(hour, 0);
        assert_eq!(few.pause(50, Duration::ZERO), LONGEST_PAUSE);
        let fast = pace(hour, 1_000_000);
        assert_eq!(fast.pause(50, Duration::from_millis(400)), Duration::from_millis(600));
        assert_eq!(fast.pause(50, Duration::from_secs(2)), Duration::ZERO);
    }
}
