//! Instants in milliseconds and calendar days, read and written by RFC 3339.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An instant, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The system clock's present instant.
    pub fn now() -> Self {
        Self(jiff::Timestamp::now().as_millisecond())
    }

    /// Reads an RFC 3339 instant with any offset; `None` where the offset is missing, the form is another, or it is
    /// finer than milliseconds.
    pub fn parse(text: &str) -> Option<Self> {
        let (day, rest) = text.split_at_checked(10)?;
        Date::parse(day)?;
        let rest = rest.strip_prefix(['T', 't'])?;
        let (clock, rest) = rest.split_at_checked(8)?;
        let is_clock = clock.bytes().enumerate().all(|(i, b)| match i {
            2 | 5 => b == b':',
            _ => b.is_ascii_digit(),
        });
        let (fraction, offset) = match rest.strip_prefix('.') {
            Some(rest) => rest.split_at_checked(rest.bytes().take_while(u8::is_ascii_digit).count())?,
            None => ("0", rest),
        };
        let is_offset = matches!(offset, "Z" | "z")
            || (offset.len() == 6
                && offset.bytes().enumerate().all(|(i, b)| match i {
                    0 => matches!(b, b'+' | b'-'),
                    3 => b == b':',
                    _ => b.is_ascii_digit(),
                }));
        if !is_clock || !is_offset || !(1..=3).contains(&fraction.len()) {
            return None;
        }
        text.parse::<jiff::Timestamp>().ok().map(|instant| Self(instant.as_millisecond()))
    }

    /// This instant moved by so many milliseconds.
    pub fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }
}

/// RFC 3339 in UTC with milliseconds: `2026-11-23T19:13:05.042Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Beyond jiff's range (years -9999 to 9999) no clock of ours can be.
        let instant = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::MAX);
        write!(f, "{instant:.3}")
    }
}

/// A calendar day (RFC 3339 full-date).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// Reads `YYYY-MM-DD`; `None` where the form is another or the day does not exist.
    pub fn parse(text: &str) -> Option<Self> {
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(i, b)| match i {
                4 | 7 => b == b'-',
                _ => b.is_ascii_digit(),
            });
        if !shape {
            return None;
        }
        text.parse().ok().map(Self)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A birth date is personal data, so no day is shown where things are debugged.
impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("no RFC 3339 full-date"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_in_utc_with_milliseconds() {
        assert_eq!(Timestamp(0).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Timestamp(1_763_925_185_042).to_string(), "2025-11-23T19:13:05.042Z");
        assert_eq!(Timestamp(-1).to_string(), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn instants_are_read_with_any_offset_and_at_most_milliseconds() {
        for (text, milliseconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T00:00:00.5Z", 500),
            ("1970-01-01T01:00:00.042+01:00", 42),
            ("1969-12-31t23:59:59.999z", -1),
            ("2025-11-23T16:13:05.042-03:00", 1_763_925_185_042),
        ] {
            assert_eq!(Timestamp::parse(text), Some(Timestamp(milliseconds)), "{text}");
        }
        for wrong in [
            "",
            "2025-11-23",
            "2025-11-23T16:13:05",
            "2025-11-23T16:13:05.0421Z",
            "2025-11-23T16:13:05.Z",
            "2025-11-23T16:13Z",
            "2025-11-23 16:13:05Z",
            "2025-02-30T16:13:05Z",
            "2025-11-23T25:13:05Z",
            "2025-11-23T16:13:05+0300",
            "2025-11-23T16:13:05+03:00[America/Sao_Paulo]",
            "２025-11-23T16:13:05Z",
        ] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_day_that_does_not_exist_does_not_fit() {
        assert_eq!(Date::parse("2024-02-29").map(|d| d.to_string()).as_deref(), Some("2024-02-29"));
        for wrong in
            ["2023-02-29", "2024-13-01", "2024-1-01", "24-01-01", "2024-01-01T00:00:00Z", "", "+024-01-01"]
        {
            assert!(Date::parse(wrong).is_none(), "{wrong}");
        }
    }
}
