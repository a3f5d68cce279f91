//! Which release of the ledger answers, and whether this service knows how to speak to it.

use super::body::Body;
use crate::registry::ports::ledger::Release;
use crate::upstream::Failure;
use serde_json::Value;

/// The first release that is supported.
const FIRST: (u64, u64) = (3, 5);
/// The last major version that is.
const LAST_MAJOR: u64 = 4;
/// The same in words.
pub(super) const SUPPORTED: &str = "v3.5 to v4.x";

/// Longer than any version; what is longer is none, and must not fill a log.
const LONGEST: usize = 64;

/// What the ledger says it is (`GET /version`).
pub(super) fn read(body: &Body) -> Result<Release, Failure> {
    let Some(Value::String(version)) = body.get("version") else {
        return Err(Failure::Unexpected("`version` is no text"));
    };
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-_.+".contains(&b);
    if version.len() > LONGEST || !version.bytes().all(allowed) {
        return Err(Failure::Unexpected("`version` is no version"));
    }
    let (major, minor) = numbers(version).ok_or(Failure::Unexpected("`version` is no version"))?;
    let supported = (major, minor) >= FIRST && major <= LAST_MAJOR;
    Ok(Release { version: version.clone(), supported })
}

/// Major and minor number of `v3.8.0`, `3.8`, `v4.0.0-rc.1`, …
fn numbers(version: &str) -> Option<(u64, u64)> {
    let mut parts = version.strip_prefix('v').unwrap_or(version).split(['.', '-', '+']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(version: &Value) -> Result<Release, Failure> {
        read(json!({"version": version, "requestDate": "2026-01-01"}).as_object().unwrap())
    }

    #[test]
    fn releases_from_3_5_to_the_last_of_4_are_supported() {
        for (version, supported) in [
            ("v3.5.0", true),
            ("3.5", true),
            ("v3.5.0-beta.4", true),
            ("v3.8.0", true),
            ("v3.10.1", true),
            ("v4.0.0", true),
            ("v4.99.0+build", true),
            ("v3.4.9", false),
            ("v2.99.0", false),
            ("v5.0.0", false),
            ("v0.0.1", false),
        ] {
            let expected = Release { version: version.to_owned(), supported };
            assert_eq!(of(&json!(version)), Ok(expected));
        }
    }

    #[test]
    fn what_is_no_version_is_no_answer() {
        for wrong in
            [json!(null), json!(3), json!(""), json!("v3"), json!("latest"), json!("v3.x"), json!("3.5\n"), {
                json!(format!("v3.5.{}", "0".repeat(64)))
            }]
        {
            assert!(of(&wrong).is_err(), "{wrong}");
        }
    }
}
