//! The body of a POST: JSON only, so that no form or plain text of a foreign page is ever executed.

use super::asked::{Asked, Batch, GraphQLRequest, Members, NO_OBJECT, Requests};
use super::fault::Fault;
use super::json::TWICE;
use axum::body::Body;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeSeed;
use std::time::Instant;

/// Reads the body, as long and as far as is allowed.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    max: usize,
    batch_max: usize,
    deadline: Instant,
) -> Result<Asked, Fault> {
    if !is_json(headers) {
        let message = "the body must be JSON: send Content-Type: application/json";
        return Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        let message = "the body must come as it is: send no Content-Encoding";
        return Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let collected = tokio::time::timeout_at(deadline.into(), Limited::new(body, max).collect()).await;
    let bytes = match collected {
        Ok(Ok(collected)) => collected.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let message = format!("the body is over {max} bytes");
            return Err(Fault::new(StatusCode::PAYLOAD_TOO_LARGE, message));
        }
        Ok(Err(_)) => return Err(Fault::bad("the body broke off")),
        Err(_) => return Err(Fault::new(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time")),
    };
    parse(&bytes, batch_max)
}

/// One request, or an array of them.
fn parse(bytes: &[u8], batch_max: usize) -> Result<Asked, Fault> {
    let unreadable = |error: serde_json::Error| Fault::bad(unreadable(bytes, &error));
    let is_batch = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let members = if is_batch {
        let Requests { kept, number } = batch(bytes, batch_max).map_err(unreadable)?;
        if number == 0 {
            return Err(Fault::bad(
                "the batch is empty: send an array of requests, each an object with query",
            ));
        }
        if number > batch_max {
            return Err(Fault::bad(too_many(number, batch_max)));
        }
        kept
    } else {
        vec![serde_json::from_slice(bytes).map_err(unreadable)?]
    };
    let read = (0..).zip(members).map(|(index, members): (usize, Members)| {
        members.read().map_err(|wrong| match is_batch {
            true => Fault::bad(format!("{wrong} (request {index} of the batch)")),
            false => Fault::bad(wrong),
        })
    });
    let requests: Vec<GraphQLRequest> = read.collect::<Result<_, _>>()?;
    Ok(Asked { requests, is_batch, bytes: bytes.len() })
}

fn batch(bytes: &[u8], batch_max: usize) -> Result<Requests, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let requests = Batch { kept: batch_max }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(requests)
}

fn too_many(requests: usize, batch_max: usize) -> String {
    match batch_max {
        1 => "batches are not taken here: send each request by itself".to_owned(),
        most => format!("the batch has {requests} requests: at most {most} are taken"),
    }
}

/// Why a body is no request: serde_json's own message would quote it.
fn unreadable(bytes: &[u8], error: &serde_json::Error) -> String {
    if bytes.is_empty() {
        return "the body is empty: send a JSON object with query".to_owned();
    }
    if std::str::from_utf8(bytes).is_err() {
        return "the body is not UTF-8".to_owned();
    }
    let place = format!("line {}, column {}", error.line(), error.column());
    let said = error.to_string();
    if said.starts_with(TWICE) {
        return format!("{TWICE}, at {place}: send each once");
    }
    if error.is_data() && said.contains(NO_OBJECT) {
        return "the body must be one JSON object with query, and where needed operationName and variables, or an \
                array of those"
            .to_owned();
    }
    format!("the body is no JSON that can be read, or nested too deep, at {place}")
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(only), None) = (types.next(), types.next()) else { return false };
    let Ok(text) = only.to_str() else { return false };
    let mut parts = text.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    let charset_fits = parts.all(|part| {
        let charset = part.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
        charset.is_none_or(|(_, value)| value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"))
    });
    is_json && charset_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(body: &str) -> String {
        parse(body.as_bytes(), 3).err().unwrap_or_else(|| panic!("taken: {body}")).message
    }

    #[test]
    fn a_request_is_an_object_and_a_batch_an_array_of_objects() {
        let one = parse(br#" {"query": "{a}", "variables": null, "operationName": "", "more": [1]}"#, 3)
            .ok()
            .unwrap();
        assert!(!one.is_batch && one.requests[0].operation_name.is_none());
        let several = parse(br#" [{"query": "{a}"}, {"documentId": "x"}]"#, 3).ok().unwrap();
        assert!(several.is_batch && several.requests.len() == 2);
        // One is a batch too: its answer comes as an array.
        assert!(parse(br#"[{"query": "{a}"}]"#, 1).ok().unwrap().is_batch);
        for (body, wrong) in [
            ("", "empty"),
            ("[]", "the batch is empty"),
            ("7", "must be one JSON object"),
            (r#"["{a}"]"#, "must be one JSON object"),
            (r#"[["{a}", null, null, null, null]]"#, "must be one JSON object"),
            (r#"{"query": "{a}""#, "no JSON that can be read"),
            (
                r#"[{"query": "{a}"}, {"query": 7}]"#,
                "query must be the text of a GraphQL document (request 1 of the batch)",
            ),
            (
                r#"[{"query":"a"},{"query":"a"},{"query":"a"},{"query":"a"}]"#,
                "the batch has 4 requests: at most 3",
            ),
            (r#"{"variables": {}}"#, "query is missing"),
        ] {
            assert!(fault(body).contains(wrong), "{body}: {}", fault(body));
        }
    }

    #[test]
    fn a_member_that_is_there_twice_is_refused_without_a_word_of_it() {
        let said = fault(r#"{"query": "{secret}", "query": "{other}"}"#);
        assert!(said.contains("there twice, at line 1") && !said.contains("secret"), "{said}");
        for body in [
            r#"{"query": "{a}", "variables": {"x": 1}, "variables": {}}"#,
            r#"{"query": "{a}", "variables": {"x": 1, "y": 2, "x": 3}}"#,
            r#"[{"query": "{a}"}, {"query": "{a}", "variables": {"x": [{"z": 1, "z": 1}]}}]"#,
            r#"{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "a"}, "persistedQuery": null}}"#,
        ] {
            assert!(fault(body).contains("there twice"), "{body}");
        }
    }

    #[test]
    fn a_persisted_query_is_of_version_1_and_has_a_hash() {
        let asked = |extensions: &str| parse(format!(r#"{{"extensions": {extensions}}}"#).as_bytes(), 1);
        let good = asked(r#"{"persistedQuery": {"version": 1, "sha256Hash": "ab"}}"#).ok().unwrap();
        assert_eq!(good.requests[0].persisted_hash.as_deref(), Some("ab"));
        for wrong in [
            r#"{"persistedQuery": 7}"#,
            r#"{"persistedQuery": {}}"#,
            r#"{"persistedQuery": {"version": 2, "sha256Hash": "ab"}}"#,
            r#"{"persistedQuery": {"version": 1}}"#,
            r#"{"persistedQuery": {"version": 1, "sha256Hash": 7}}"#,
            r#"[]"#,
        ] {
            assert!(asked(wrong).is_err(), "{wrong}");
        }
    }
}
