use super::*;
use crate::http::documents::Documents;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::path::Path;

mod automatic;
mod manifest;
mod reloading;
mod resolving;

const HOLDER: &str = "query Holder($id: ID!) { holder(id: $id) { id } }";
const PAGE: &str = "query Page { holders { nodes { id } } }";
const OTHER: &str = "query Other { holders { totalCount } }";

fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

fn sha1(text: &str) -> String {
    let algorithm = &aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY;
    hex::encode(aws_lc_rs::digest::digest(algorithm, text.as_bytes()))
}

/// The check that the service uses.
fn check() -> Check {
    let documents =
        Documents::new(&crate::graphql::sdl(), crate::http::documents::Limits::default()).unwrap();
    Box::new(move |text| documents.prepare(text).map(drop).map_err(|errors| errors.to_vec()))
}

fn load(path: &Path, mode: Mode, automatic_bytes: Option<u64>) -> Result<TrustedDocuments, Vec<Problem>> {
    TrustedDocuments::load(Settings { mode, manifest: Some(path.to_owned()), automatic_bytes }, check())
}

/// Documents of a manifest with `HOLDER` and `PAGE` by their SHA-1, as the client preset writes it by default.
fn trusted(mode: Mode, automatic_bytes: Option<u64>) -> TrustedDocuments {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("persisted-documents.json");
    std::fs::write(&path, json!({ sha1(HOLDER): HOLDER, sha1(PAGE): PAGE }).to_string()).unwrap();
    load(&path, mode, automatic_bytes).unwrap()
}

/// Documents without a manifest.
fn untrusted(automatic_bytes: Option<u64>) -> TrustedDocuments {
    TrustedDocuments::load(Settings { mode: Mode::Off, manifest: None, automatic_bytes }, check()).unwrap()
}

fn by_text(text: &str) -> Named<'_> {
    Named { query: Some(text), ..Named::default() }
}

fn by_id(id: &str) -> Named<'_> {
    Named { document_id: Some(id), ..Named::default() }
}

fn by_hash(hash: &str) -> Named<'_> {
    Named { persisted_hash: Some(hash), ..Named::default() }
}

/// The text, and whether it is trusted.
fn found(documents: &TrustedDocuments, named: &Named<'_>) -> (String, bool) {
    let resolved = documents.resolve(named).unwrap();
    (resolved.text.to_string(), resolved.trusted)
}

fn refused(documents: &TrustedDocuments, named: &Named<'_>) -> (&'static str, String) {
    let error = documents.resolve(named).unwrap_err();
    (error.code, error.message)
}

fn code(documents: &TrustedDocuments, named: &Named<'_>) -> &'static str {
    refused(documents, named).0
}
