//! The forms of values: durations, whole numbers, choices, names, base URLs.

use std::ops::RangeInclusive;
use std::time::Duration;
use url::Url;

/// What is wrong with a value, and what would be right.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) wrong: String,
    pub(super) remedy: String,
}

impl Wrong {
    pub(super) fn new(wrong: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { wrong: wrong.into(), remedy: remedy.into() }
    }
}

/// A value for an error message. Long ones are not repeated: they may be a secret that was put into the wrong place.
pub(super) fn shown(text: &str) -> String {
    if text.chars().count() <= 24 { format!("{text:?}") } else { "the value".to_owned() }
}

/// `true` or `false`, and nothing else.
pub(super) fn boolean(text: &str) -> Result<bool, Wrong> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Wrong::new(format!("{} is neither true nor false", shown(text)), "set true or false")),
    }
}

/// One of a few names.
pub(super) fn choice<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, Wrong> {
    if let Some((_, value)) = choices.iter().find(|(name, _)| *name == text) {
        return Ok(*value);
    }
    let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
    Err(Wrong::new(
        format!("{} is none of its values", shown(text)),
        format!("set one of {}", names.join(", ")),
    ))
}

/// A length of time with its unit, above zero and up to a day.
pub(super) fn duration(text: &str) -> Result<Duration, Wrong> {
    const REMEDY: &str = "write a number with its unit, up to 24h, for example 500ms, 10s or 5m";
    match length(text, REMEDY)? {
        long if long > DAY => Err(Wrong::new(format!("{} is longer than a day", shown(text)), REMEDY)),
        duration => Ok(duration),
    }
}

/// The time between the beginnings of what is done again and again: from a second to a month.
pub(super) fn interval(text: &str) -> Result<Duration, Wrong> {
    const REMEDY: &str = "write a number with its unit, from 1s to 31d, for example 6h or 1d";
    let wrong = |what: &str| Err(Wrong::new(format!("{} {what}", shown(text)), REMEDY));
    match length(text, REMEDY)? {
        short if short < Duration::from_secs(1) => wrong("is shorter than a second"),
        long if long > 31 * DAY => wrong("is longer than 31 days"),
        interval => Ok(interval),
    }
}

/// For how long something is kept: from a day to a hundred years.
pub(super) fn days(text: &str) -> Result<Duration, Wrong> {
    const REMEDY: &str = "write a number with its unit, from 1d to 36500d, for example 400d";
    let wrong = |what: &str| Err(Wrong::new(format!("{} {what}", shown(text)), REMEDY));
    match length(text, REMEDY)? {
        short if short < DAY => wrong("is shorter than a day"),
        long if long > 36_500 * DAY => wrong("is longer than 36500 days"),
        days => Ok(days),
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn length(text: &str, remedy: &str) -> Result<Duration, Wrong> {
    let wrong = |what: &str| Wrong::new(format!("{} {what}", shown(text)), remedy);
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Err(wrong("is a bare number, without a unit"));
    }
    match humantime::parse_duration(text) {
        Err(_) => Err(wrong("is no duration")),
        Ok(Duration::ZERO) => Err(wrong("is zero")),
        Ok(duration) => Ok(duration),
    }
}

/// A length of time as [`duration`] reads it, or none: `0`, `0s` or `off`.
pub(super) fn duration_or_none(text: &str) -> Result<Option<Duration>, Wrong> {
    if text == "off" || text == "0" || humantime::parse_duration(text) == Ok(Duration::ZERO) {
        return Ok(None);
    }
    duration(text).map(Some)
}

/// A whole number within bounds.
pub(super) fn whole_number(text: &str, bounds: RangeInclusive<u32>) -> Result<u32, Wrong> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse() {
        Ok(number) if digits && bounds.contains(&number) => Ok(number),
        _ => Err(Wrong::new(
            format!("{} is no whole number from {} to {}", shown(text), bounds.start(), bounds.end()),
            "write digits only, without a unit",
        )),
    }
}

/// A name as Access Manager's grants use it.
pub(super) fn name(text: &str) -> Result<String, Wrong> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    if text.len() <= 100 && text.bytes().all(allowed) {
        return Ok(text.to_owned());
    }
    Err(Wrong::new(
        format!("{} is no name", shown(text)),
        "use up to 100 letters, digits, dashes, underscores and dots, as the grants name it",
    ))
}

/// A client's id, as an authorization server gives it: RFC 6749 lets it be any printable ASCII.
pub(super) fn client_id(text: &str) -> Result<String, Wrong> {
    if text.len() <= 256 && text.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    Err(Wrong::new(
        "is no client id",
        "set up to 256 printable ASCII characters without spaces, as it was given",
    ))
}

/// The base URL of a service, without slashes at the end of its path. It is never repeated in a fault: it may hold
/// a password.
pub(super) fn base_url(text: &str) -> Result<Url, Wrong> {
    const REMEDY: &str = "set http(s)://HOST[:PORT][/PATH], for example https://service.internal:4000";
    let none = || Wrong::new("is no http or https URL", REMEDY);
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(none());
    }
    let mut url = Url::parse(text).map_err(|_| none())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(none());
    }
    let mut surplus = Vec::new();
    if !url.username().is_empty() || url.password().is_some() {
        surplus.push("a user name or password");
    }
    if url.query().is_some() {
        surplus.push("a query");
    }
    if url.fragment().is_some() {
        surplus.push("a fragment");
    }
    if !surplus.is_empty() {
        return Err(Wrong::new(format!("holds {}, which a base URL may not", surplus.join(" and ")), REMEDY));
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}
