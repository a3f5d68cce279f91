//! A bound on the attempts that are under way at once, and on those that wait for a place.

use super::failure::Failure;
use crate::telemetry::metrics::{UPSTREAM_IN_FLIGHT, UPSTREAM_WAITING};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

/// The places of one upstream.
pub(super) struct Flight {
    upstream: &'static str,
    places: Semaphore,
    in_flight: AtomicUsize,
    waiting: AtomicUsize,
    most_waiting: usize,
}

/// A place, until it is dropped.
pub(super) struct Place<'a> {
    _permit: SemaphorePermit<'a>,
    _counted: Counted<'a>,
}

/// One among those that a number counts, until it is dropped.
struct Counted<'a> {
    of: &'a AtomicUsize,
    gauge: metrics::Gauge,
}

impl Flight {
    pub(super) fn new(upstream: &'static str, most: usize, most_waiting: usize) -> Self {
        // No bound above the semaphore's own is one that anybody reaches.
        let places = Semaphore::new(most.min(Semaphore::MAX_PERMITS));
        Self { upstream, places, in_flight: AtomicUsize::new(0), waiting: AtomicUsize::new(0), most_waiting }
    }

    /// How many are under way, and how many wait.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.in_flight.load(Ordering::Relaxed), self.waiting.load(Ordering::Relaxed))
    }

    /// A place, as soon as there is one; in the order in which they came.
    pub(super) async fn enter(&self, deadline: Instant) -> Result<Place<'_>, Failure> {
        let permit = match self.places.try_acquire() {
            Ok(permit) => permit,
            Err(_) => self.wait(deadline).await?,
        };
        let gauge = metrics::gauge!(UPSTREAM_IN_FLIGHT, "upstream" => self.upstream);
        Ok(Place { _permit: permit, _counted: Counted::one_of(&self.in_flight, gauge).0 })
    }

    async fn wait(&self, deadline: Instant) -> Result<SemaphorePermit<'_>, Failure> {
        let gauge = metrics::gauge!(UPSTREAM_WAITING, "upstream" => self.upstream);
        let (_waiting, before) = Counted::one_of(&self.waiting, gauge);
        if before >= self.most_waiting {
            return Err(Failure::Crowded);
        }
        match timeout_at(deadline, self.places.acquire()).await {
            // It is never closed, so there is always a place in the end.
            Ok(permit) => permit.map_err(|_| Failure::Crowded),
            Err(_) => Err(Failure::OutOfTime),
        }
    }
}

impl<'a> Counted<'a> {
    /// With how many there were before.
    fn one_of(of: &'a AtomicUsize, gauge: metrics::Gauge) -> (Self, usize) {
        let before = of.fetch_add(1, Ordering::Relaxed);
        gauge.increment(1.0);
        (Self { of, gauge }, before)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.of.fetch_sub(1, Ordering::Relaxed);
        self.gauge.decrement(1.0);
    }
}
