//! Questions under way: whoever comes with the same one waits for the same answer.

use super::key::Key;
use crate::registry::ports::access::{Decision, NoDecision};
use futures::FutureExt;
use futures::future::{BoxFuture, Shared, WeakShared};
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// What a question comes to.
pub(super) type Answer = Result<Decision, NoDecision>;

/// A question under way. Any of those who wait for it drives it on, so that it does not hang on the one who began it;
/// with the last of them it is dropped, and the call to Access Manager with it.
pub(super) struct Flight {
    pub(super) answer: Shared<BoxFuture<'static, Answer>>,
    /// When its own time is over.
    pub(super) deadline: Instant,
}

/// What begins where no such question is under way.
pub(super) enum Departure {
    /// Nothing: it is known.
    Known(Decision),
    /// This question, within this time.
    Asks { deadline: Instant, question: BoxFuture<'static, Answer> },
}

/// How a caller gets its answer.
pub(super) enum Boarded {
    /// It is known.
    Known(Decision),
    /// By its own question.
    Led(Flight),
    /// By a question that somebody else began.
    Joined(Flight),
}

/// All questions under way.
#[derive(Default)]
pub(super) struct Flights(Mutex<Table>);

#[derive(Default)]
struct Table {
    under_way: HashMap<Key, Entry>,
    next_number: u64,
}

/// A question under way, as long as anybody waits for it: the table itself does not.
struct Entry {
    number: u64,
    answer: WeakShared<BoxFuture<'static, Answer>>,
    deadline: Instant,
}

impl Flights {
    /// Joins the question of this key, or begins one.
    pub(super) fn board(self: &Arc<Self>, key: Key, depart: impl FnOnce() -> Departure) -> Boarded {
        let mut table = self.table();
        if let Some(entry) = table.under_way.get(&key)
            && let Some(answer) = entry.answer.upgrade()
        {
            return Boarded::Joined(Flight { answer, deadline: entry.deadline });
        }
        let (deadline, question) = match depart() {
            Departure::Known(decision) => return Boarded::Known(decision),
            Departure::Asks { deadline, question } => (deadline, question),
        };
        let number = table.next_number;
        table.next_number = number.wrapping_add(1);
        let landing = Landing { flights: self.clone(), key, number };
        let answer = landed(question, landing).boxed().shared();
        // None only where it has ended, and it has not begun.
        if let Some(answer) = answer.downgrade() {
            table.under_way.insert(key, Entry { number, answer, deadline });
        }
        Boarded::Led(Flight { answer, deadline })
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.table().under_way.len()
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A question that leaves the table when it ends, so that its answer goes to those who waited for it and to nobody else.
async fn landed(question: BoxFuture<'static, Answer>, landing: Landing) -> Answer {
    // One that panics must not take all who wait with it.
    let answer = AssertUnwindSafe(question).catch_unwind().await;
    drop(landing);
    answer.unwrap_or_else(|_| Err(NoDecision("asking failed by a fault of ours".to_owned())))
}

/// Takes a question out of the table when it has ended, or when the last one who waited for it has gone.
struct Landing {
    flights: Arc<Flights>,
    key: Key,
    number: u64,
}

impl Drop for Landing {
    fn drop(&mut self) {
        let mut table = self.flights.table();
        // Where all had gone, somebody else may have begun the same question anew by now.
        if table.under_way.get(&self.key).is_some_and(|entry| entry.number == self.number) {
            table.under_way.remove(&self.key);
        }
    }
}
