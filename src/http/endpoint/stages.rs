//! How long each part of a request took, for clients that ask for it (W3C Server Timing).

use axum::http::{HeaderMap, HeaderValue};
use std::fmt::Write;
use std::time::{Duration, Instant};

/// The header that asks, with the value `report`; browsers' developer tools show the answer.
const ASKS: &str = "x-server-timing";

/// A clock with laps.
pub(super) struct Stages {
    began: Instant,
    last: Instant,
    ended: Vec<(&'static str, Duration)>,
    asked: bool,
}

impl Stages {
    /// The clock of a request that began then.
    pub(super) fn new(headers: &HeaderMap, began: Instant) -> Self {
        let asked = headers.get(ASKS).is_some_and(|value| value == "report");
        Self { began, last: began, ended: Vec::new(), asked }
    }

    /// When the request began.
    pub(super) fn began(&self) -> Instant {
        self.began
    }

    /// A part has ended, and the next begins.
    pub(super) fn end(&mut self, name: &'static str) {
        let now = Instant::now();
        self.ended.push((name, now.saturating_duration_since(self.last)));
        self.last = now;
    }

    /// The value of `Server-Timing`, in milliseconds; `None` where nobody asked.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        if !self.asked {
            return None;
        }
        let mut told = String::new();
        let total = ("total", self.began.elapsed());
        for (name, took) in self.ended.iter().chain([&total]) {
            let separator = if told.is_empty() { "" } else { ", " };
            let _ = write!(told, "{separator}{name};dur={:.3}", took.as_secs_f64() * 1_000.0);
        }
        HeaderValue::from_str(&told).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_asks_is_told_how_long_each_part_took() {
        let mut headers = HeaderMap::new();
        assert!(Stages::new(&headers, Instant::now()).header().is_none());
        headers.insert(ASKS, HeaderValue::from_static("report"));
        let mut stages = Stages::new(&headers, Instant::now());
        stages.end("token");
        stages.end("execution");
        let told = stages.header().unwrap();
        let names: Vec<&str> =
            told.to_str().unwrap().split(", ").map(|part| part.split_once(";dur=").unwrap().0).collect();
        assert_eq!(names, ["token", "execution", "total"]);
    }
}
