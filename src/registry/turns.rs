//! Turns at what many want to change at once: a record, or what the store can give to only one of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::{Mutex as Queue, OwnedMutexGuard};
use uuid::Uuid;

/// Mutations that have met at one thing, named by an id, go on one after the other, in the order in which they met.
/// Without that, of 64 that try again at once 63 do their work for nothing, over and over, and one may never get through.
///
/// It orders the mutations of one process and nothing more: that none of them overwrites another is the store's.
#[derive(Default)]
pub struct Turns(Mutex<HashMap<Uuid, Weak<Queue<()>>>>);

impl Turns {
    /// Waits until nobody who came before is at it any more; the turn ends with the guard.
    pub async fn at(&self, id: Uuid) -> OwnedMutexGuard<()> {
        self.queue(id).lock_owned().await
    }

    fn queue(&self, id: Uuid) -> Arc<Queue<()>> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get(&id).and_then(Weak::upgrade) {
            return queue;
        }
        // As many are left as there are things that requests wait for just now.
        queues.retain(|_, queue| queue.strong_count() > 0);
        let queue = Arc::default();
        queues.insert(id, Arc::downgrade(&queue));
        queue
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn whoever_has_met_at_a_record_goes_on_in_the_order_of_meeting() {
        let (turns, record) = (Turns::default(), Uuid::from_u128(1));
        let first = turns.at(record).await;
        let (mut second, mut third) = (Box::pin(turns.at(record)), Box::pin(turns.at(record)));
        assert!(second.as_mut().now_or_never().is_none());
        assert!(third.as_mut().now_or_never().is_none());
        drop(first);
        assert!(third.as_mut().now_or_never().is_none());
        let second = second.now_or_never().unwrap();
        drop(second);
        assert!(third.now_or_never().is_some());
    }

    #[tokio::test]
    async fn nobody_waits_for_those_at_another_record_or_for_those_that_gave_up() {
        let turns = Turns::default();
        let first = turns.at(Uuid::from_u128(1)).await;
        assert!(turns.at(Uuid::from_u128(2)).now_or_never().is_some());
        let mut gave_up = Box::pin(turns.at(Uuid::from_u128(1)));
        assert!(gave_up.as_mut().now_or_never().is_none());
        let mut patient = Box::pin(turns.at(Uuid::from_u128(1)));
        assert!(patient.as_mut().now_or_never().is_none());
        drop(gave_up);
        drop(first);
        assert!(patient.now_or_never().is_some());
    }

    #[tokio::test]
    async fn records_that_nobody_waits_for_are_forgotten() {
        let turns = Turns::default();
        for record in 0..100 {
            turns.at(Uuid::from_u128(record)).await;
        }
        assert_eq!(turns.0.lock().unwrap().len(), 1);
    }
}
