//! How often what clients can do at will is logged: a line for each time would let them fill the log.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Most lines within one such time.
pub(in crate::http) const LINES_MAX: u32 = 10;
/// From the first line on.
pub(in crate::http) const WITHIN: Duration = Duration::from_secs(60);

/// Counts lines.
pub(in crate::http) struct Notices {
    clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    began: Option<Instant>,
    lines: u32,
    left_out: u64,
}

impl Notices {
    pub(in crate::http) fn new(clock: Arc<dyn Fn() -> Instant + Send + Sync>) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// How many were left out before, where a line may be written now.
    pub(in crate::http) fn may_tell(&self) -> Option<u64> {
        let now = (self.clock)();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let over = state.began.is_none_or(|began| now.saturating_duration_since(began) >= WITHIN);
        if over {
            (state.began, state.lines) = (Some(now), 0);
        }
        if state.lines >= LINES_MAX {
            state.left_out = state.left_out.saturating_add(1);
            return None;
        }
        state.lines += 1;
        Some(std::mem::take(&mut state.left_out))
    }
}
