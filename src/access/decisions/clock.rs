//! The two clocks that kept answers go by.

use crate::domain::time::Timestamp;
use std::sync::Arc;
use std::time::Instant;

/// What time it is: for how long, and until when.
#[derive(Clone)]
pub struct Clock {
    /// For spans of time: nobody sets it back, so nothing is kept for longer because somebody did.
    pub monotonic: Arc<dyn Fn() -> Instant + Send + Sync>,
    /// For the end of a token.
    pub wall: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl Clock {
    /// The clocks of this machine.
    pub fn system() -> Self {
        Self { monotonic: Arc::new(Instant::now), wall: Arc::new(Timestamp::now) }
    }
}
