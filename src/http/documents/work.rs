//! What an operation asks for, as far as it is known without the variables: the rest is a sum over its lists, which
//! is worked out anew with each request's values.

use super::lengths::{Length, Told, Values};
use std::sync::Arc;

/// What is done for a selection, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    /// By the weights of the schema.
    pub(super) cost: u64,
    /// Places that take a value from a variable.
    pub(super) uses: u64,
    /// Bytes of values that the document itself has there.
    pub(super) written: u64,
}

impl Amount {
    /// Both, side by side.
    pub(super) fn and(self, more: Self) -> Self {
        Self {
            cost: self.cost.saturating_add(more.cost),
            uses: self.uses.saturating_add(more.uses),
            written: self.written.saturating_add(more.written),
        }
    }

    fn times(self, times: u64) -> Self {
        Self {
            cost: self.cost.saturating_mul(times),
            uses: self.uses.saturating_mul(times),
            written: self.written.saturating_mul(times),
        }
    }
}

/// What is done for a selection. It is as large as what the document itself says of variable lengths: fragments are
/// shared.
#[derive(Clone, Debug, Default)]
pub(super) struct Work {
    /// What depends on no variable.
    fixed: Amount,
    parts: Vec<Part>,
}

/// Something that is done as often as a list is long.
#[derive(Clone, Debug)]
struct Part {
    length: Times,
    each: Arc<Work>,
}

#[derive(Clone, Debug)]
enum Times {
    Known(u64),
    Told(Arc<Told>),
}

impl Work {
    pub(super) fn of(fixed: Amount) -> Self {
        Self { fixed, parts: Vec::new() }
    }

    /// Whether there is nothing to do, whatever the variables.
    pub(super) fn is_nothing(&self) -> bool {
        self.fixed == Amount::default() && self.parts.is_empty()
    }

    /// Both, side by side.
    pub(super) fn and(mut self, more: Self) -> Self {
        self.fixed = self.fixed.and(more.fixed);
        self.parts.extend(more.parts);
        self
    }

    /// The same work at another place: a fragment that is spread.
    pub(super) fn shared(all: &Arc<Self>) -> Self {
        match all.parts.is_empty() {
            true => Self::of(all.fixed),
            false => Self::part(Times::Known(1), all.clone()),
        }
    }

    /// The same for each record of a list.
    pub(super) fn times(self, length: &Length) -> Self {
        match length {
            Length::Known(1) => self,
            Length::Known(0) => Self::default(),
            Length::Known(times) if self.parts.is_empty() => Self::of(self.fixed.times(*times)),
            Length::Known(times) => Self::part(Times::Known(*times), Arc::new(self)),
            Length::Told(told) if !self.is_nothing() => {
                Self::part(Times::Told(Arc::new(told.clone())), Arc::new(self))
            }
            Length::Told(_) => self,
        }
    }

    /// How many distinct works are held.
    #[cfg(test)]
    pub(super) fn distinct(&self, seen: &mut std::collections::HashSet<*const Self>) -> usize {
        let below = self
            .parts
            .iter()
            .map(|part| if seen.insert(Arc::as_ptr(&part.each)) { part.each.distinct(seen) } else { 0 });
        1 + below.sum::<usize>()
    }

    fn part(length: Times, each: Arc<Self>) -> Self {
        Self { fixed: Amount::default(), parts: vec![Part { length, each }] }
    }

    /// The amount with these values; without any, the least that it can be.
    pub(super) fn amount(&self, values: Option<Values<'_>>) -> Amount {
        self.parts.iter().fold(self.fixed, |sum, part| {
            let times = match (&part.length, values) {
                (Times::Known(times), _) => *times,
                (Times::Told(told), Some(values)) => told.with(values),
                (Times::Told(_), None) => 0,
            };
            if times == 0 { sum } else { sum.and(part.each.amount(values).times(times)) }
        })
    }
}
