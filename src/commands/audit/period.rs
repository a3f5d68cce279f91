//! The time that a command tells of.

use super::super::failure::Failure;
use crate::domain::time::{Date, Timestamp};
use clap::Args;

/// From one instant to another.
#[derive(Args)]
pub(super) struct Period {
    /// What happened then or later: a day (its beginning in UTC) or an instant (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = instant)]
    from: Option<Timestamp>,
    /// What happened before that: a day (its beginning in UTC) or an instant (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = instant)]
    to: Option<Timestamp>,
}

impl Period {
    /// Both ends, of which the first comes first.
    pub(super) fn checked(&self) -> Result<(Option<Timestamp>, Option<Timestamp>), Failure> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from >= to => Err(Failure::Other(format!(
                "--from {from} is not before --to {to}, which is not part of the time itself: for all of March give \
                 --from 2026-03-01 --to 2026-04-01"
            ))),
            both => Ok(both),
        }
    }
}

fn instant(text: &str) -> Result<Timestamp, String> {
    let of_day = || Timestamp::parse(&format!("{}T00:00:00Z", Date::parse(text)?));
    Timestamp::parse(text).or_else(of_day).ok_or_else(|| {
        "is no time: write a day such as 2026-03-01, or an instant such as 2026-03-01T08:00:00-03:00"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_day_in_utc_or_an_instant() {
        let at = |text: &str| instant(text).map(|at| at.to_string());
        assert_eq!(at("2026-03-01").unwrap(), "2026-03-01T00:00:00.000Z");
        assert_eq!(at("2026-03-01T08:00:00-03:00").unwrap(), "2026-03-01T11:00:00.000Z");
        for wrong in ["", "March", "2026-03", "2026-02-30", "2026-03-01T08:00:00"] {
            assert!(at(wrong).unwrap_err().contains("is no time"), "{wrong}");
        }
    }

    #[test]
    fn a_time_that_ends_before_it_begins_is_refused_with_an_example() {
        let period = |from: &str, to: &str| Period { from: instant(from).ok(), to: instant(to).ok() };
        assert!(period("2026-03-01", "2026-04-01").checked().is_ok());
        for (from, to) in [("2026-03-01", "2026-03-01"), ("2026-04-01", "2026-03-01")] {
            let told = period(from, to).checked().unwrap_err().to_string();
            assert!(told.contains("is not before --to") && told.contains("2026-04-01"), "{told}");
        }
        assert_eq!(Period { from: None, to: None }.checked().unwrap(), (None, None));
    }
}
