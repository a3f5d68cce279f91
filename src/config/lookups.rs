//! How many look-ups of one subject may find nobody.

use super::reader::{Faulted, Reader};
use super::setting::{Setting, Unset};
use super::values::{Wrong, shown, whole_number};

/// The largest limit that may be set.
const MOST: u32 = 1_000_000;

pub(super) static LOOKUP_MISS_LIMIT: Setting = Setting {
    name: "LOOKUP_MISS_LIMIT",
    flag: "lookup-miss-limit",
    value: "MISSES|off",
    unset: Unset::Default("100"),
    help: "How many look-ups a minute by a document, bank account or IBAN may find nobody: of one subject, for one\n\
           organization, of this process. Further ones are null with RATE_LIMITED, and the log names the subject.",
};

/// Reads the limit; `None`: there is none.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<Option<u32>, Faulted> {
    reader.value(&LOOKUP_MISS_LIMIT, misses_or_none)
}

fn misses_or_none(text: &str) -> Result<Option<u32>, Wrong> {
    if text == "off" {
        return Ok(None);
    }
    whole_number(text, 1..=MOST).map(Some).map_err(|_| {
        Wrong::new(
            format!("{} is no whole number from 1 to {MOST}", shown(text)),
            "write digits only, for example 100; off for no limit",
        )
    })
}
