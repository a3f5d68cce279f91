//! Trusted documents, and the automatic persisted queries beside them.

use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::{Wrong, choice, shown};
use crate::http::trusted::{Mode, Settings};
use std::path::PathBuf;

static TRUSTED_DOCUMENTS: Setting = Setting {
    name: "TRUSTED_DOCUMENTS",
    flag: "trusted-documents",
    value: "off|warn|enforce",
    unset: Unset::Default("off"),
    help: "What is done about documents that are none of TRUSTED_DOCUMENTS_FILE.\n\
           off runs them, warn runs, counts and logs them, enforce refuses them (PERSISTED_QUERY_REQUIRED). Those of \
           the manifest run in each mode, by documentId, by hash or by text.",
};

static TRUSTED_DOCUMENTS_FILE: Setting = Setting {
    name: "TRUSTED_DOCUMENTS_FILE",
    flag: "trusted-documents-file",
    value: "PATH",
    unset: Unset::Means("there are no trusted documents"),
    help: "The manifest of trusted documents, or a folder of manifests, one a client (*.json).\n\
           As @graphql-codegen's client preset writes it: one JSON object, at each id the text of a document; at most \
           10,000 documents and 16 MiB. Read again every 10 s and on SIGHUP; one that cannot be used is warned about \
           and not taken.",
};

static AUTOMATIC_PERSISTED_QUERIES: Setting = Setting {
    name: "AUTOMATIC_PERSISTED_QUERIES",
    flag: "automatic-persisted-queries",
    value: "BYTES|off",
    unset: Unset::Default("16777216"),
    help: "Most memory, in bytes, of documents that clients register by their SHA-256; 0 or off: none.\n\
           Texts of up to 64 KiB. With TRUSTED_DOCUMENTS=enforce nothing is registered.",
};

pub(super) static GROUP: Group = Group {
    heading: "Trusted documents",
    settings: &[&TRUSTED_DOCUMENTS, &TRUSTED_DOCUMENTS_FILE, &AUTOMATIC_PERSISTED_QUERIES],
};

/// Reads what is asked for. The files themselves are read where the schema is known.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<Settings, Faulted> {
    let modes = [("off", Mode::Off), ("warn", Mode::Warn), ("enforce", Mode::Enforce)];
    // A lost value must not switch the check off.
    let mode = reader.optional_never_blank(&TRUSTED_DOCUMENTS, |text| choice(text, &modes));
    let manifest = reader.given(&TRUSTED_DOCUMENTS_FILE);
    let automatic_bytes = reader.value(&AUTOMATIC_PERSISTED_QUERIES, bytes);
    let (mode, manifest) = (mode?.unwrap_or(Mode::Off), manifest?.map(PathBuf::from));
    if mode != Mode::Off && manifest.is_none() {
        let remedy = "set TRUSTED_DOCUMENTS_FILE=<PATH>, or TRUSTED_DOCUMENTS=off";
        let wrong = Wrong::new("is required with TRUSTED_DOCUMENTS=warn and enforce", remedy);
        return Err(reader.fault(TRUSTED_DOCUMENTS_FILE.name, wrong));
    }
    Ok(Settings { mode, manifest, automatic_bytes: automatic_bytes? })
}

/// A number of bytes, or none.
fn bytes(text: &str) -> Result<Option<u64>, Wrong> {
    const MOST: u64 = 1 << 30;
    if matches!(text, "off" | "0") {
        return Ok(None);
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<u64>() {
        // Less holds no document worth it, and is a number of mebibytes by mistake.
        Ok(bytes) if digits && (65_536..=MOST).contains(&bytes) => Ok(Some(bytes)),
        _ => Err(Wrong::new(
            format!("{} is no whole number from 65536 to {MOST}", shown(text)),
            "write a number of bytes in digits only, for example 16777216; 0 or off for none",
        )),
    }
}
