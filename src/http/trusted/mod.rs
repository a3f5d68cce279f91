//! Trusted documents: those of a manifest that the operator gives, and what is done about all others. Beside them the
//! automatic persisted queries, which clients register by themselves to send a hash instead of a text.

mod automatic;
mod entries;
mod files;
mod hash;
mod live;
mod manifest;
pub(super) mod notices;
mod problem;

pub use automatic::Registration;
pub use manifest::Check;
pub use problem::Problem;

use super::documents::{RequestError, logged_name};
use crate::domain::redacted;
use crate::reload::Watched;
use crate::telemetry::metrics::{DOCUMENTS, UNTRUSTED_DOCUMENTS};
use automatic::Automatic;
use hash::Hash;
use live::Live;
use manifest::Manifest;
use notices::Notices;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// What is done about a document that is none of the manifest's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It runs.
    Off,
    /// It runs, and is counted and logged.
    Warn,
    /// It is refused.
    Enforce,
}

/// What is asked for by the settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What is done about documents that are none of the manifest's.
    pub mode: Mode,
    /// The manifest, or a folder of manifests.
    pub manifest: Option<PathBuf>,
    /// Most memory of automatic persisted queries, in bytes; `None`: there are none.
    pub automatic_bytes: Option<u64>,
}

/// How a request names its document.
#[derive(Clone, Copy, Default)]
pub struct Named<'a> {
    /// The document itself.
    pub query: Option<&'a str>,
    /// Its id in a manifest.
    pub document_id: Option<&'a str>,
    /// The SHA-256 of `extensions.persistedQuery`, version 1.
    pub persisted_hash: Option<&'a str>,
}

/// The document that is meant.
pub struct Resolved {
    /// Its text.
    pub text: Arc<str>,
    /// Whether it is one of the manifest's.
    pub trusted: bool,
    /// What is to be remembered once the document proved valid.
    pub registration: Option<Registration>,
}
redacted!(Resolved);

/// Documents by their names.
pub struct TrustedDocuments {
    mode: Mode,
    manifest: Option<Arc<Live>>,
    automatic: Option<Automatic>,
    notices: Notices,
}

/// Where a document came from, as a metric's label.
#[derive(Clone, Copy)]
enum Source {
    Manifest,
    Automatic,
    Text,
}

impl TrustedDocuments {
    /// Reads the manifest, if there is one. Each of its documents must pass the check.
    ///
    /// # Errors
    /// Everything that is wrong with the manifest.
    pub fn load(settings: Settings, check: Check) -> Result<Self, Vec<Problem>> {
        let manifest = settings.manifest.map(|path| Live::load(path, check)).transpose()?;
        Ok(Self {
            mode: settings.mode,
            manifest: manifest.map(Arc::new),
            automatic: settings.automatic_bytes.map(Automatic::new),
            notices: Notices::new(Arc::new(Instant::now)),
        })
    }

    /// The manifest, to be read again when it changes.
    pub fn watched(&self) -> Option<Arc<dyn Watched>> {
        self.manifest.clone().map(|live| live as Arc<dyn Watched>)
    }

    /// The document that a request names.
    ///
    /// # Errors
    /// `PERSISTED_QUERY_NOT_FOUND` where nothing has the id or hash, `PERSISTED_QUERY_REQUIRED` where the document is
    /// none of the manifest's and must be, `BAD_USER_INPUT` where it is named in no way, or in two that disagree.
    pub fn resolve(&self, named: &Named<'_>) -> Result<Resolved, RequestError> {
        let hash = named.persisted_hash.map(sent_hash).transpose()?;
        let by_name = named.document_id.is_some() || hash.is_some();
        // Some clients send an empty text beside the name.
        let text = named.query.filter(|text| !(by_name && text.is_empty()));
        let manifest = self.manifest.as_ref().map(|live| live.current());
        let manifest = manifest.as_deref();
        let (source, resolved) = match (text, named.document_id, hash) {
            (Some(_), Some(_), _) => return Err(RequestError::bad_input(ID_AND_TEXT)),
            (None, None, None) => return Err(RequestError::bad_input(UNNAMED)),
            (None, Some(id), hash) => by_id(manifest, id, hash)?,
            (None, None, Some(hash)) => self.by_hash(manifest, hash)?,
            (Some(text), None, hash) => self.by_text(manifest, text, hash)?,
        };
        metrics::counter!(DOCUMENTS, "source" => source.label()).increment(1);
        Ok(resolved)
    }

    /// Remembers an automatic persisted query. Called only after the token was accepted and the document found valid:
    /// so nobody from outside fills the memory, and nothing is kept that cannot run.
    pub fn register(&self, resolved: &Resolved) {
        if let (Some(automatic), Some(registration)) = (&self.automatic, &resolved.registration) {
            automatic.remember(registration, &resolved.text);
        }
    }

    /// Tells the operator of a document that `enforce` would refuse, by the name of its operation and never by its
    /// text. Called once the document is found valid, so that the name is one; it does nothing in other modes.
    pub fn tell(&self, resolved: &Resolved, operation: Option<&str>) {
        if self.mode != Mode::Warn || resolved.trusted {
            return;
        }
        metrics::counter!(UNTRUSTED_DOCUMENTS, "outcome" => "let_through").increment(1);
        if let Some(left_out) = self.notices.may_tell() {
            let operation = operation.map(logged_name);
            tracing::warn!(
                operation,
                left_out,
                "a document is none of the manifest's: TRUSTED_DOCUMENTS=enforce would refuse it"
            );
        }
    }

    fn by_hash(&self, manifest: Option<&Manifest>, hash: Hash) -> Result<(Source, Resolved), RequestError> {
        if let Some(document) = manifest.and_then(|manifest| manifest.by_sha256(&hash)) {
            return Ok((Source::Manifest, Resolved::trusted(document.text.clone())));
        }
        match &self.automatic {
            // Clients that hear it send the text next, and are told then what is required.
            _ if self.mode == Mode::Enforce => Err(not_found()),
            None => Err(RequestError::bad_input(NOT_SUPPORTED)),
            Some(automatic) => {
                let text = automatic.get(&hash).ok_or_else(not_found)?;
                Ok((Source::Automatic, Resolved { text, trusted: false, registration: None }))
            }
        }
    }

    fn by_text(
        &self,
        manifest: Option<&Manifest>,
        text: &str,
        hash: Option<Hash>,
    ) -> Result<(Source, Resolved), RequestError> {
        if hash.is_some_and(|hash| hash != Hash::of(text)) {
            return Err(RequestError::bad_input(NOT_ITS_HASH));
        }
        if let Some(text) = manifest.and_then(|manifest| manifest.by_text(text)) {
            return Ok((Source::Manifest, Resolved::trusted(text)));
        }
        if self.mode == Mode::Enforce {
            metrics::counter!(UNTRUSTED_DOCUMENTS, "outcome" => "refused").increment(1);
            return Err(request_error("PERSISTED_QUERY_REQUIRED", REQUIRED));
        }
        let registration = self.automatic.as_ref().and_then(|automatic| automatic.registration(text, hash));
        Ok((Source::Text, Resolved { text: text.into(), trusted: false, registration }))
    }
}

impl Resolved {
    fn trusted(text: Arc<str>) -> Self {
        Self { text, trusted: true, registration: None }
    }
}

impl Source {
    fn label(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::Automatic => "apq",
            Self::Text => "text",
        }
    }
}

const UNNAMED: &str = "query must be the text of a GraphQL document; instead of it, documentId may name a trusted \
                       document, and extensions.persistedQuery a persisted query";
const ID_AND_TEXT: &str = "documentId and query are both given: send one of the two";
const TWO_DOCUMENTS: &str =
    "documentId and extensions.persistedQuery.sha256Hash name different documents: send one of the two";
const NO_HASH: &str =
    "extensions.persistedQuery.sha256Hash must be a SHA-256 in 64 hexadecimal digits of lower case";
const NOT_ITS_HASH: &str = "extensions.persistedQuery.sha256Hash is not the SHA-256 of query";
const REQUIRED: &str = "only trusted documents run here: send the documentId of one in the manifest, or its text \
                        letter by letter";
/// Clients that persist queries by themselves look for these very words.
const NOT_FOUND: &str = "PersistedQueryNotFound";
const NOT_SUPPORTED: &str = "PersistedQueryNotSupported";

fn request_error(code: &'static str, message: &str) -> RequestError {
    RequestError { code, message: message.to_owned(), location: None }
}

fn not_found() -> RequestError {
    request_error("PERSISTED_QUERY_NOT_FOUND", NOT_FOUND)
}

fn sent_hash(text: &str) -> Result<Hash, RequestError> {
    Hash::parse(text).ok_or_else(|| RequestError::bad_input(NO_HASH))
}

fn by_id(
    manifest: Option<&Manifest>,
    id: &str,
    hash: Option<Hash>,
) -> Result<(Source, Resolved), RequestError> {
    let document = manifest.and_then(|manifest| manifest.by_id(id)).ok_or_else(not_found)?;
    if hash.is_some_and(|hash| hash != document.sha256) {
        return Err(RequestError::bad_input(TWO_DOCUMENTS));
    }
    Ok((Source::Manifest, Resolved::trusted(document.text.clone())))
}

#[cfg(test)]
mod tests;
