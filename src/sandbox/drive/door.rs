//! Who may drive a sandbox server: programs on this machine, and no page in a browser on it.

use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode};
use std::net::IpAddr;

/// Whether the path is one that drives the server.
pub(super) fn is_drive(path: &str) -> bool {
    path.strip_prefix("/_sandbox").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Loopback keeps other machines out, and no token is asked for. But a browser on this machine runs code of any page
/// that its user opens, and lets it send requests to loopback. Three things keep such pages from driving a sandbox:
/// a browser tells the page's `Origin` with every request that changes something; a page whose own name was made to
/// resolve to loopback (DNS rebinding) sends that name as `Host`; and a form cannot send JSON's content type without
/// asking first, which nobody here answers.
pub(super) fn admit(request: &Request) -> Result<(), (StatusCode, String)> {
    let headers = request.headers();
    if headers.contains_key(ORIGIN) {
        return refused("a page in a browser may not drive the sandbox: send no Origin header");
    }
    if !is_local(headers) || request.uri().authority().is_some_and(|named| !is_loopback(named)) {
        return refused("the Host header must be localhost or a loopback address, such as 127.0.0.1");
    }
    if request.method() == Method::PUT && !says_json(headers) {
        return Err((StatusCode::BAD_REQUEST, "the Content-Type must be application/json".to_owned()));
    }
    Ok(())
}

fn refused(why: &str) -> Result<(), (StatusCode, String)> {
    Err((StatusCode::FORBIDDEN, why.to_owned()))
}

fn is_local(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    Authority::try_from(host.as_bytes()).is_ok_and(|named| is_loopback(&named))
}

fn is_loopback(named: &Authority) -> bool {
    let host = named.host();
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

/// Whether the request says that its body is JSON.
pub(in crate::sandbox) fn says_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = value.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn status(method: &str, uri: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        admit(&request.body(Body::empty()).unwrap()).err().map_or(200, |(status, _)| status.as_u16())
    }

    #[test]
    fn only_paths_of_the_sandbox_drive_it() {
        for drives in ["/_sandbox", "/_sandbox/", "/_sandbox/faults"] {
            assert!(is_drive(drives), "{drives}");
        }
        for other in ["/", "/_sandboxes", "/v1/_sandbox/faults", "//_sandbox/faults", "/%5Fsandbox/faults"] {
            assert!(!is_drive(other), "{other}");
        }
    }

    #[test]
    fn only_names_of_this_machine_are_taken() {
        for local in
            ["127.0.0.1:4000", "127.9.9.9", "localhost", "LOCALHOST:1", "[::1]:4000", "[::ffff:127.0.0.1]"]
        {
            assert_eq!(status("DELETE", "/_sandbox/faults", &[("host", local)]), 200, "{local}");
        }
        for other in [
            "evil.example",
            "127.0.0.1.evil.example:4000",
            "192.0.2.1",
            "0.0.0.0",
            "2130706433",
            "",
            "a@[::2]",
            "[::",
        ] {
            assert_eq!(status("DELETE", "/_sandbox/faults", &[("host", other)]), 403, "{other}");
        }
        assert_eq!(status("GET", "/_sandbox/calls", &[]), 403, "no name at all");
        let twice = [("host", "localhost"), ("host", "localhost")];
        assert_eq!(status("GET", "/_sandbox/calls", &twice), 403, "two names");
        let absolute = "http://evil.example/_sandbox/calls";
        assert_eq!(status("GET", absolute, &[("host", "localhost")]), 403, "another name in the line");
    }

    #[test]
    fn no_page_drives_it_not_even_one_of_this_machine() {
        for origin in ["https://evil.example", "null", "http://127.0.0.1:4000"] {
            for method in ["GET", "PUT", "DELETE"] {
                let headers =
                    [("host", "localhost"), ("content-type", "application/json"), ("origin", origin)];
                assert_eq!(status(method, "/_sandbox/faults", &headers), 403, "{method} {origin}");
            }
        }
    }

    #[test]
    fn what_is_put_must_say_that_it_is_json() {
        let put = |media_type: &str| {
            status("PUT", "/_sandbox/faults", &[("host", "localhost"), ("content-type", media_type)])
        };
        assert_eq!((put("application/json"), put("Application/JSON; charset=utf-8")), (200, 200));
        for other in ["text/plain", "application/x-www-form-urlencoded", "text/plain, application/json", ""] {
            assert_eq!(put(other), 400, "{other}");
        }
        assert_eq!(status("PUT", "/_sandbox/faults", &[("host", "localhost")]), 400);
    }
}
