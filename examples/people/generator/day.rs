//! Days of the calendar, as far as people need them.

use super::dice::Dice;
use std::fmt;

/// A day that exists.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day {
    pub(super) year: u64,
    pub(super) month: u64,
    pub(super) day: u64,
}

impl Day {
    /// Any day of these years.
    pub(super) fn between(dice: &mut Dice, first_year: u64, last_year: u64) -> Self {
        let year = dice.between(first_year, last_year);
        let month = dice.between(1, 12);
        Self { year, month, day: dice.between(1, length_of(year, month)) }
    }

    /// The same day of a later year, or the day before where that year has none.
    pub(super) fn years_later(self, years: u64) -> Self {
        let year = self.year + years;
        Self { year, day: self.day.min(length_of(year, self.month)), ..self }
    }

    /// The last two digits of the year.
    pub(super) fn short_year(self) -> u64 {
        self.year % 100
    }

    /// Year of two digits, month and day.
    pub(super) fn six_digits(self) -> String {
        format!("{:02}{:02}{:02}", self.short_year(), self.month, self.day)
    }

    /// How many days after the last day of 1899 it is.
    pub(super) fn since_1900(self) -> u64 {
        let years: u64 =
            (1900..self.year).map(|year| (1..=12).map(|month| length_of(year, month)).sum::<u64>()).sum();
        let months: u64 = (1..self.month).map(|month| length_of(self.year, month)).sum();
        years + months + self.day
    }
}

/// RFC 3339 full-date.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn length_of(year: u64, month: u64) -> u64 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
