//! One subject of one organization, under watch.

use super::window::Window;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// What a subject that wants to look something up is told.
pub(super) enum Told {
    /// Go on.
    Go,
    /// So many look-ups are under way that they could all miss and reach the limit: wait until one of them has ended.
    Wait,
    /// The limit is reached. It eases after so many seconds; and whether the log is to be told.
    Stop { seconds: u64, log: bool },
}

/// The misses of a subject, and its look-ups under way.
pub(super) struct Watched {
    state: Mutex<State>,
    /// That a look-up has ended.
    pub(super) ended: Notify,
}

struct State {
    window: Window,
    /// Look-ups whose outcome nobody knows yet: each may become a miss.
    under_way: u32,
    /// When the log was told last.
    logged: Option<Duration>,
}

/// The log is told once a subject and so long.
const LOG_EVERY: Duration = Duration::from_secs(60);

impl Watched {
    pub(super) fn new() -> Self {
        let state = State { window: Window::new(), under_way: 0, logged: None };
        Self { state: Mutex::new(state), ended: Notify::new() }
    }

    /// Begins a look-up, where even with it the limit cannot be passed.
    pub(super) fn begin(&self, limit: u32, now: Duration) -> Told {
        let mut state = self.state();
        let misses = state.window.misses(now);
        if misses >= limit {
            let log = state.logged.is_none_or(|logged| now.saturating_sub(logged) >= LOG_EVERY);
            if log {
                state.logged = Some(now);
            }
            return Told::Stop { seconds: state.window.eases_in(now), log };
        }
        if misses.saturating_add(state.under_way) >= limit {
            return Told::Wait;
        }
        state.under_way += 1;
        if misses.saturating_add(state.under_way) < limit {
            // Whoever woke this one may have made room for more.
            self.ended.notify_one();
        }
        Told::Go
    }

    /// Ends a look-up.
    pub(super) fn end(&self, limit: u32, now: Duration, missed: bool) {
        let mut state = self.state();
        state.under_way = state.under_way.saturating_sub(1);
        if missed {
            state.window.add(now);
        }
        let reached = state.window.misses(now) >= limit;
        drop(state);
        if reached {
            // All who wait are to be told so.
            self.ended.notify_waiters();
        } else {
            self.ended.notify_one();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
