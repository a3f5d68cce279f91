//! What the Accept header names, and how much a caller wants each of it.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

/// The media ranges of the header, in their order and without parameters, each with its weight in thousandths: 1000
/// where it has none. A line of the header that is not ASCII names nothing.
pub(super) fn ranges(headers: &HeaderMap) -> impl Iterator<Item = (&str, u32)> {
    let lines = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next()?;
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Some((name, weight.map_or(1_000, thousandths)))
    })
}

/// A weight from 0 to 1 with at most three decimals; what is none counts as 1.
fn thousandths(weight: &str) -> u32 {
    match weight.split_once('.') {
        Some(("0", decimals))
            if decimals.len() <= 3 && decimals.bytes().all(|digit| digit.is_ascii_digit()) =>
        {
            format!("{decimals:0<3}").parse().unwrap_or(1_000)
        }
        None if weight == "0" => 0,
        _ => 1_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_has_its_weight_in_thousandths_and_what_is_no_weight_counts_as_one() {
        for (range, expected) in [
            ("text/html", ("text/html", 1_000)),
            (" text/html ; level=1 ; q=0.25 ", ("text/html", 250)),
            ("*/*;Q=0.8", ("*/*", 800)),
            ("*/*;q=0", ("*/*", 0)),
            ("*/*;q=0.", ("*/*", 0)),
            ("*/*;q=0.001", ("*/*", 1)),
            ("*/*;q=1.000", ("*/*", 1_000)),
            ("*/*;q=0.0001", ("*/*", 1_000)),
            ("*/*;q=0.+5", ("*/*", 1_000)),
            ("*/*;q=-1", ("*/*", 1_000)),
            ("*/*;q=", ("*/*", 1_000)),
            ("", ("", 1_000)),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, range.parse().unwrap())]);
            assert_eq!(ranges(&headers).collect::<Vec<_>>(), [expected], "{range:?}");
        }
    }

    #[test]
    fn several_lines_of_the_header_are_one_list() {
        let mut headers = HeaderMap::new();
        assert_eq!(ranges(&headers).count(), 0);
        for line in ["a/b;q=0.5, c/d", "e/f"] {
            headers.append(ACCEPT, line.parse().unwrap());
        }
        headers.append(ACCEPT, axum::http::HeaderValue::from_bytes(b"\xff/g").unwrap());
        assert_eq!(ranges(&headers).collect::<Vec<_>>(), [("a/b", 500), ("c/d", 1_000), ("e/f", 1_000)]);
    }
}
