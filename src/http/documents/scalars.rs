//! Which values fit the scalars of the contract. What fits here never fails to be read when it is executed.

use crate::domain::ids::parse_uuid;
use crate::domain::time::{Date, Timestamp};

/// What a custom scalar wants, for a value that is text (`Some`) or of another kind (`None`). An object fits
/// Metadata and `_Any`, and is told apart by the caller.
pub(super) fn want(scalar: &str, text: Option<&str>) -> Result<(), &'static str> {
    let fits = |fits: fn(&str) -> bool| text.is_some_and(fits);
    match scalar {
        "UUID" if !fits(|text| parse_uuid(text).is_some()) => Err("a UUID is 36 characters with dashes"),
        "DateTime" if !fits(|text| Timestamp::parse(text).is_some()) => {
            Err("a DateTime is written as 2026-11-23T19:13:05.042Z, with an offset and at most milliseconds")
        }
        "Date" if !fits(|text| Date::parse(text).is_some()) => {
            Err("a Date is a day that exists, written as 2026-11-23")
        }
        "Metadata" => Err("Metadata is a JSON object"),
        "_Any" => Err("a representation is an object: give its __typename and the fields of one key"),
        _ => Ok(()),
    }
}
