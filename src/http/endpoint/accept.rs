//! Which of the two media types of GraphQL over HTTP a client takes.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

/// The media type of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: request errors have a status of their own.
    GraphQLResponse,
    /// `application/json`: what older clients expect.
    Json,
}

impl Media {
    /// The value of the Content-Type header.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::GraphQLResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

/// The media type that the client likes best; `None` where it takes neither. Without an Accept header, or where any
/// type will do, it is `application/json`.
pub(super) fn choose(headers: &HeaderMap) -> Option<Media> {
    let accepted: Vec<&str> =
        headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    if accepted.is_empty() && !headers.contains_key(ACCEPT) {
        return Some(Media::Json);
    }
    let json = quality(&accepted, &["application/json", "application/*", "*/*"]);
    let response = quality(&accepted, &["application/graphql-response+json"]);
    match (response, json) {
        (0, 0) => None,
        (response, json) if response >= json => Some(Media::GraphQLResponse),
        _ => Some(Media::Json),
    }
}

/// The quality, in thousandths, of the first of these ranges that the client names.
fn quality(accepted: &[&str], ranges: &[&str]) -> u32 {
    let named = |range: &&str| {
        accepted.iter().flat_map(|line| line.split(',')).find_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let matches = parts.next()?.eq_ignore_ascii_case(range);
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            matches.then(|| weight.map_or(1_000, thousandths))
        })
    };
    ranges.iter().find_map(named).unwrap_or(0)
}

/// A weight from 0 to 1 with at most three decimals; what is none counts as 1.
fn thousandths(weight: &str) -> u32 {
    match weight.split_once('.') {
        Some(("0", decimals)) if decimals.len() <= 3 => format!("{decimals:0<3}").parse().unwrap_or(1_000),
        None if weight == "0" => 0,
        _ => 1_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_says_which_media_type_it_takes() {
        for (accept, expected) in [
            (None, Some(Media::Json)),
            (Some("*/*"), Some(Media::Json)),
            (Some("application/*"), Some(Media::Json)),
            (Some("application/json"), Some(Media::Json)),
            (Some("application/graphql-response+json"), Some(Media::GraphQLResponse)),
            (
                Some("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8"),
                Some(Media::GraphQLResponse),
            ),
            (Some("application/json, application/graphql-response+json;q=0.9"), Some(Media::Json)),
            (Some("application/graphql-response+json;q=0, application/json;q=0.1"), Some(Media::Json)),
            (Some("APPLICATION/JSON"), Some(Media::Json)),
            (Some("text/html"), None),
            (Some("application/json;q=0"), None),
            (Some(""), None),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(ACCEPT, accept.parse().unwrap());
            }
            assert_eq!(choose(&headers), expected, "{accept:?}");
        }
    }
}
