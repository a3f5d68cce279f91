//! Which of the two media types of GraphQL over HTTP a client takes.

use crate::http::weights;
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
    if !headers.contains_key(ACCEPT) {
        return Some(Media::Json);
    }
    let json = quality(headers, &["application/json", "application/*", "*/*"]);
    let response = quality(headers, &["application/graphql-response+json"]);
    match (response, json) {
        (0, 0) => None,
        (response, json) if response >= json => Some(Media::GraphQLResponse),
        _ => Some(Media::Json),
    }
}

/// The quality, in thousandths, of the first of these ranges that the client names.
fn quality(headers: &HeaderMap, wanted: &[&str]) -> u32 {
    let named =
        |wanted: &&str| weights::ranges(headers).find(|(range, _)| range.eq_ignore_ascii_case(wanted));
    wanted.iter().find_map(named).map_or(0, |(_, weight)| weight)
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
