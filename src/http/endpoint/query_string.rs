//! A query over GET: the members of a request as parameters of the URL (GraphQL over HTTP, "GET").

use super::asked::{Asked, Members};
use super::fault::Fault;
use super::json::{Strict, TWICE};
use axum::http::{StatusCode, Uri};
use serde_json::Value;
use url::form_urlencoded;

/// Longest query string, in bytes. A longer one would not pass many proxies either.
const LONGEST: usize = 16 * 1024;

/// Reads the parameters.
pub(super) fn read(uri: &Uri) -> Result<Asked, Fault> {
    let text = uri.query().unwrap_or_default();
    if text.len() > LONGEST {
        let message = format!("the query string is over {LONGEST} bytes: send the request by POST");
        return Err(Fault::new(StatusCode::URI_TOO_LONG, message));
    }
    let mut members = Members::default();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        // What is no UTF-8 becomes this character; a request that was altered is not the one that was meant.
        if value.contains(char::REPLACEMENT_CHARACTER) {
            return Err(Fault::bad("a parameter of the URL is not UTF-8"));
        }
        let Some(place) = members.place(&name) else { continue };
        if place.is_some() {
            return Err(Fault::bad("a parameter of the URL is there twice: send each once"));
        }
        *place = Some(match &*name {
            "variables" | "extensions" if value.is_empty() => Value::Null,
            "variables" => json(&value, "variables must be a JSON object")?,
            "extensions" => json(&value, "extensions must be a JSON object")?,
            _ => Value::String(value.into_owned()),
        });
    }
    // Nothing but this has a meaning there, and anything may stand in what has none: URLs are logged.
    if let Some(Value::Object(extensions)) = &members.extensions
        && extensions.keys().any(|name| name != "persistedQuery")
    {
        return Err(Fault::bad("over GET, extensions may hold persistedQuery and nothing else"));
    }
    let request = members.read().map_err(Fault::bad)?;
    Ok(Asked { requests: vec![request], is_batch: false, bytes: text.len() })
}

fn json(text: &str, wrong: &'static str) -> Result<Value, Fault> {
    serde_json::from_str::<Strict>(text).map(|strict| strict.0).map_err(|error| match error.to_string() {
        said if said.starts_with(TWICE) => Fault::bad(format!("{TWICE}: send each once")),
        _ => Fault::bad(wrong),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str) -> Result<Asked, Fault> {
        read(&format!("/graphql?{query}").parse().unwrap())
    }

    #[test]
    fn the_members_of_a_request_are_parameters_of_the_url() {
        let asked = of("query=%7Ba%7D&operationName=A&variables=%7B%22id%22%3A1%7D&extensions=&other=x")
            .ok()
            .unwrap();
        let request = &asked.requests[0];
        assert_eq!(request.query.as_deref(), Some("{a}"));
        assert_eq!(request.operation_name.as_deref(), Some("A"));
        assert_eq!(request.variables["id"], 1);
        assert_eq!(
            of("documentId=sha256:ab").ok().unwrap().requests[0].document_id.as_deref(),
            Some("sha256:ab")
        );
    }

    #[test]
    fn what_is_no_request_is_told_without_a_word_of_it() {
        for (query, status, wrong) in [
            ("", 400, "query is missing"),
            ("variables=%7B%7D", 400, "query is missing"),
            ("query=a&query=b", 400, "there twice"),
            ("query=a&variables=secret", 400, "variables must be a JSON object"),
            ("query=a&variables=7", 400, "variables must be an object"),
            ("query=a&extensions=%5B%5D", 400, "extensions must be an object"),
            ("query=a&extensions=%7B%22secret%22%3A1%7D", 400, "nothing else"),
            ("query=a&variables=%7B%22x%22%3A1%2C%22x%22%3A2%7D", 400, "there twice"),
            ("query=%FFsecret", 400, "not UTF-8"),
            (&format!("query={}", "a".repeat(17_000)), 414, "over 16384 bytes"),
        ] {
            let fault = of(query).err().unwrap_or_else(|| panic!("taken: {query}"));
            assert_eq!(fault.status.as_u16(), status, "{query}");
            assert!(fault.message.contains(wrong) && !fault.message.contains("secret"), "{}", fault.message);
        }
    }
}
