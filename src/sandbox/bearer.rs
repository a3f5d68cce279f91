//! The bearer token of a request to a sandbox server.

use super::claims::{Claims, Rejected};
use super::signing_key::SigningKey;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

/// The claims of the request's token, after its signature and times are proven.
pub(super) fn authenticate(key: &SigningKey, headers: &HeaderMap) -> Result<Claims, Rejected> {
    key.verify(token(headers)?)
}

/// `Bearer <token>`, or the bare token, as older deployments send it.
fn token(headers: &HeaderMap) -> Result<&str, Rejected> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Rejected::Missing)?;
    if values.next().is_some() {
        return Err(Rejected::Repeated);
    }
    let value = value.to_str().map_err(|_| Rejected::Invalid)?.trim();
    let token = match value.split_once(' ') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer") => rest.trim_start(),
        Some(_) => return Err(Rejected::Invalid),
        None if value.eq_ignore_ascii_case("bearer") => "",
        None => value,
    };
    if token.is_empty() { Err(Rejected::Missing) } else { Ok(token) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&'static str]) -> Result<String, Rejected> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, value.parse().unwrap());
        }
        token(&headers).map(str::to_owned)
    }

    #[test]
    fn a_token_comes_with_its_scheme_or_bare_and_once() {
        for good in ["Bearer a.b.c", "bearer a.b.c", "BEARER  a.b.c", "a.b.c"] {
            assert_eq!(read(&[good]).as_deref(), Ok("a.b.c"), "{good}");
        }
        for none in [&[][..], &[""], &["Bearer"], &["Bearer "]] {
            assert_eq!(read(none), Err(Rejected::Missing), "{none:?}");
        }
        assert_eq!(read(&["Bearer a.b.c", "Bearer a.b.c"]), Err(Rejected::Repeated));
        assert_eq!(read(&["Basic dXNlcjpwYXNz"]), Err(Rejected::Invalid));
    }
}
