//! How many requests one subject may send for one organization.

use super::lookups::LOOKUP_MISS_LIMIT;
use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::{Wrong, shown, whole_number};
use crate::http::rate_limit::Rate;

/// Most requests that either setting may be.
const MOST: u32 = 1_000_000;

static RATE_LIMIT_PER_MINUTE: Setting = Setting {
    name: "RATE_LIMIT_PER_MINUTE",
    flag: "rate-limit-per-minute",
    value: "REQUESTS|off",
    unset: Unset::Means("there is no limit"),
    help: "How many requests a minute one subject may send for one organization, to this process.\n\
           A request in a batch counts as one. What is over it is answered with 429, RATE_LIMITED and Retry-After.",
};

static RATE_LIMIT_BURST: Setting = Setting {
    name: "RATE_LIMIT_BURST",
    flag: "rate-limit-burst",
    value: "REQUESTS",
    unset: Unset::Means("as many as RATE_LIMIT_PER_MINUTE"),
    help: "How many of them may come at once; a larger batch is never let through.\n\
           They come back evenly: one in each (60 s / RATE_LIMIT_PER_MINUTE).",
};

pub(super) static GROUP: Group = Group {
    heading: "Rate limit",
    settings: &[&RATE_LIMIT_PER_MINUTE, &RATE_LIMIT_BURST, &LOOKUP_MISS_LIMIT],
};

/// Reads the limit; `None`: there is none.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<Option<Rate>, Faulted> {
    let per_minute = reader.optional_never_blank(&RATE_LIMIT_PER_MINUTE, requests_or_none);
    let burst = reader.optional(&RATE_LIMIT_BURST, |text| whole_number(text, 1..=MOST));
    match (per_minute?.flatten(), burst?) {
        (None, None) => Ok(None),
        (None, Some(_)) => {
            let wrong =
                Wrong::new("is set and RATE_LIMIT_PER_MINUTE is not", "set both, or leave this one out");
            Err(reader.fault(RATE_LIMIT_BURST.name, wrong))
        }
        (Some(per_minute), burst) => Ok(Some(Rate { per_minute, burst: burst.unwrap_or(per_minute) })),
    }
}

fn requests_or_none(text: &str) -> Result<Option<u32>, Wrong> {
    if text == "off" {
        return Ok(None);
    }
    whole_number(text, 1..=MOST).map(Some).map_err(|_| {
        Wrong::new(
            format!("{} is no whole number from 1 to {MOST}", shown(text)),
            "write digits only, for example 600; off for no limit",
        )
    })
}
