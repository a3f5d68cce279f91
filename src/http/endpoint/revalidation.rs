//! ETags: a client that has an answer already is told so instead of getting it again (RFC 9110, 13).

use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// What the answer depends on besides the URL.
const DEPENDS_ON: &str = "Authorization, X-Organization-Id, Accept, GraphQL-Cost";

/// What a client says of the answer that it has.
pub(super) struct Revalidation {
    known: Vec<String>,
}

impl Revalidation {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        // Compared weakly: an answer that means the same is the same.
        let tags = lines.flat_map(|line| line.split(','));
        Self { known: tags.map(|tag| tag.trim().trim_start_matches("W/").to_owned()).collect() }
    }

    /// Marks an answer, and says whether the client has it already.
    pub(super) fn mark(&self, headers: &mut HeaderMap, body: &[u8]) -> bool {
        let tag = format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(body)));
        let is_known = self.known.iter().any(|known| *known == tag || known == "*");
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(ETAG, tag);
        }
        // It may be kept by whoever asked, and is asked for again each time: a permission may have gone.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(VARY, HeaderValue::from_static(DEPENDS_ON));
        is_known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_the_client_has_is_known_by_its_etag() {
        let mut marked = HeaderMap::new();
        assert!(!Revalidation::of(&HeaderMap::new()).mark(&mut marked, b"{}"));
        let tag = marked[ETAG].to_str().unwrap().to_owned();
        for (known, body, expected) in [
            (tag.clone(), "{}", true),
            (format!("W/{tag}"), "{}", true),
            (format!("\"other\", {tag}"), "{}", true),
            ("*".to_owned(), "{}", true),
            (tag.clone(), "{ }", false),
            ("\"other\"".to_owned(), "{}", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, known.parse().unwrap());
            assert_eq!(
                Revalidation::of(&headers).mark(&mut HeaderMap::new(), body.as_bytes()),
                expected,
                "{known}"
            );
        }
    }
}
