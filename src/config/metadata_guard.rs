//! What is done about personal data in fields that are stored in clear.

use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::{Wrong, choice};
use crate::domain::guard::GuardMode;
use std::collections::BTreeSet;

static METADATA_GUARD: Setting = Setting {
    name: "METADATA_GUARD",
    flag: "metadata-guard",
    value: "reject|warn|off",
    unset: Unset::Default("reject"),
    help: "What is done about personal data in metadata, external ids, bank ids and branches.\n\
           These are stored in clear. reject refuses the mutation, warn only logs it, off does not look.",
};

static METADATA_GUARD_ALLOW: Setting = Setting {
    name: "METADATA_GUARD_ALLOW",
    flag: "metadata-guard-allow",
    value: "KEY,KEY",
    unset: Unset::Means("every key is judged"),
    help: "Metadata keys that are not judged, separated by commas, for example orderNumber,batch.",
};

pub(super) static GROUP: Group =
    Group { heading: "Metadata", settings: &[&METADATA_GUARD, &METADATA_GUARD_ALLOW] };

/// What is done about personal data in fields that are stored in clear.
#[derive(Clone, Debug)]
pub struct MetadataGuard {
    /// What is done.
    pub mode: GuardMode,
    /// Metadata keys that are not judged.
    pub allow: BTreeSet<String>,
}

impl MetadataGuard {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Faulted> {
        let choices = [("reject", GuardMode::Reject), ("warn", GuardMode::Warn), ("off", GuardMode::Off)];
        let mode = reader.value(&METADATA_GUARD, |text| choice(text, &choices));
        let allow = reader.optional(&METADATA_GUARD_ALLOW, keys);
        Ok(Self { mode: mode?, allow: allow?.unwrap_or_default() })
    }
}

/// Keys separated by commas. One that no metadata could have is a slip of the pen.
fn keys(text: &str) -> Result<BTreeSet<String>, Wrong> {
    let possible = |key: &&str| {
        let plain = key.chars().all(|c| c != '.' && !c.is_control());
        (1..=100).contains(&key.chars().count()) && plain && !key.starts_with('$')
    };
    let keys: Vec<&str> = text.split(',').map(str::trim).collect();
    match keys.iter().position(|key| !possible(key)) {
        None => Ok(keys.into_iter().map(str::to_owned).collect()),
        Some(at) => Err(Wrong::new(
            format!("entry {} cannot be a metadata key", at + 1),
            "separate keys of 1 to 100 characters by commas, without dots, control characters or a leading $",
        )),
    }
}
