//! Who a token speaks for: a person, or an application.

use super::token::Claims;
use crate::registry::ports::access::{Asked, BadToken};
use serde_json::Value;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The longest subject, in characters: it is written into every log line and audit entry of its caller.
const LONGEST_SUBJECT: usize = 256;
/// How the audit trail calls operators and the service itself: no token may speak for them.
const RESERVED: [&str; 2] = ["operator/", "system/"];

/// What a caller is called, and what Access Manager is asked about.
pub(super) fn speaker(claims: &Claims) -> Result<(String, Asked), BadToken> {
    if claims.get("type").and_then(Value::as_str) == Some("normal-user") {
        let person = person(claims)?;
        Ok((person.clone(), Asked::Person(person)))
    } else {
        Ok((application(claims)?, Asked::Application))
    }
}

fn person(claims: &Claims) -> Result<String, BadToken> {
    let (Some(owner), Some(sub)) = (text(claims, "owner"), text(claims, "sub")) else {
        return Err(BadToken(
            "the token of a person (`type` is `normal-user`) must name its `owner` and `sub`",
        ));
    };
    // Else `a/b` of owner `c` could not be told from `b` of owner `c/a`.
    if owner.contains('/') {
        return Err(BadToken("the token's `owner` must not hold a slash"));
    }
    auditable(format!("{owner}/{sub}"))
}

/// What an application is called in logs; Access Manager is asked about its role.
fn application(claims: &Claims) -> Result<String, BadToken> {
    let name = ["sub", "azp", "client_id"].iter().find_map(|claim| text(claims, claim));
    auditable(name.unwrap_or("application").to_owned())
}

fn text<'a>(claims: &'a Claims, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

/// Refused rather than cut or changed: two callers must never look like one in the audit trail.
fn auditable(subject: String) -> Result<String, BadToken> {
    if subject.chars().count() > LONGEST_SUBJECT {
        return Err(BadToken("the token's subject is longer than 256 characters"));
    }
    if subject.chars().any(is_unseen) {
        return Err(BadToken("the token's subject must not hold control or invisible characters"));
    }
    if RESERVED.iter().any(|reserved| subject.starts_with(reserved)) {
        return Err(BadToken("the token's subject must not begin with `operator/` or `system/`"));
    }
    Ok(subject)
}

fn is_unseen(c: char) -> bool {
    matches!(
        c.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    )
}
