//! The documents of a manifest: judged one by one, and found by id, by hash and by text. A set is made whole or not
//! at all.

use super::entries::{self, DOCUMENTS_MAX};
use super::files::Found;
use super::hash::{Hash, is_lower_hex};
use super::problem::{Problem, TOLD_MAX};
use crate::http::documents::RequestError;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Whether a document may run: parses it and validates it against our schema.
pub type Check = Box<dyn Fn(&str) -> Result<(), Vec<RequestError>> + Send + Sync>;

/// Longest document of a manifest, in bytes.
pub(super) const DOCUMENT_BYTES_MAX: usize = 256 * 1024;
/// Longest id.
const ID_MAX: usize = 256;

const AN_OBJECT: &str = "give the file as @graphql-codegen's client preset writes it: one JSON object, at each id the \
                         text of a document";
const AN_ID: &str = "ids are 1 to 256 letters, digits, `-`, `.`, `_`, `~` and `:`";
const GENERATE_AGAIN: &str =
    "generate the manifest again from the clients' documents and this release's schema";

/// One document.
pub(super) struct Document {
    pub(super) text: Arc<str>,
    pub(super) sha256: Hash,
}

/// All documents.
#[derive(Default)]
pub(super) struct Manifest {
    by_id: HashMap<String, Arc<Document>>,
    by_sha256: HashMap<Hash, Arc<Document>>,
    texts: HashSet<Arc<str>>,
}

impl Manifest {
    /// The documents of these files, or what is wrong with them.
    pub(super) fn of(files: &[Found], check: &Check) -> Result<Self, Vec<Problem>> {
        let (mut manifest, mut problems) = (Self::default(), Vec::new());
        for file in files {
            if let Err(problem) = manifest.add(file, check, &mut problems) {
                problems.push(problem);
            }
            if problems.len() >= TOLD_MAX {
                problems.truncate(TOLD_MAX);
                break;
            }
        }
        if problems.is_empty() { Ok(manifest) } else { Err(problems) }
    }

    /// How many documents there are.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// By an id of the manifest, or by the SHA-256 of a document's text (GraphQL over HTTP, "SHA256 Hex Document
    /// Identifier"), whatever ids the manifest has.
    pub(super) fn by_id(&self, id: &str) -> Option<&Document> {
        let by_hash =
            || Hash::parse(id.strip_prefix("sha256:").unwrap_or(id)).and_then(|hash| self.by_sha256(&hash));
        self.by_id.get(id).map(Arc::as_ref).or_else(by_hash)
    }

    /// By the SHA-256 of its text.
    pub(super) fn by_sha256(&self, hash: &Hash) -> Option<&Document> {
        self.by_sha256.get(hash).map(Arc::as_ref)
    }

    /// The text itself, where it is one of the documents.
    pub(super) fn by_text(&self, text: &str) -> Option<Arc<str>> {
        self.texts.get(text).cloned()
    }

    fn add(&mut self, file: &Found, check: &Check, problems: &mut Vec<Problem>) -> Result<(), Problem> {
        let at = |what: String| format!("{}: {what}", file.name);
        let entries = entries::read(&file.content)
            .map_err(|wrong| Problem::new(format!("{} {wrong}", file.name), AN_OBJECT))?;
        if entries.is_empty() {
            return Err(Problem::new(format!("{} holds no document", file.name), AN_OBJECT));
        }
        let mut here = HashSet::new();
        for (index, (id, value)) in entries.iter().enumerate() {
            if problems.len() >= TOLD_MAX {
                break;
            }
            if !is_id(id) {
                problems.push(Problem::new(at(format!("entry {} has no id", index + 1)), AN_ID));
                continue;
            }
            if !here.insert(id) {
                let wrong = at(format!("the id {id} is there twice"));
                problems.push(Problem::new(wrong, "give each document once"));
                continue;
            }
            if let Err(problem) = self.add_document(id, value, check) {
                problems.push(Problem { wrong: at(problem.wrong), ..problem });
            }
        }
        Ok(())
    }

    fn add_document(&mut self, id: &str, value: &Value, check: &Check) -> Result<(), Problem> {
        let Value::String(text) = value else {
            return Err(Problem::new(format!("what stands at the id {id} is no text"), AN_OBJECT));
        };
        if text.len() > DOCUMENT_BYTES_MAX {
            let wrong = format!("the document of the id {id} is over {DOCUMENT_BYTES_MAX} bytes");
            return Err(Problem::new(wrong, "split it"));
        }
        let sha256 = Hash::of(text);
        if !names(id, text, sha256) {
            let wrong = format!("the id {id} is a hash, and not that of its document");
            return Err(Problem::new(wrong, GENERATE_AGAIN));
        }
        if let Some(other) = self.by_id.get(id) {
            // Clients may share documents.
            return match *other.text == **text {
                true => Ok(()),
                false => {
                    let wrong = format!("the id {id} has another document in another file");
                    Err(Problem::new(wrong, "give each document an id of its own, such as its SHA-256"))
                }
            };
        }
        if !self.texts.contains(text.as_str()) {
            check(text).map_err(|errors| invalid(id, &errors))?;
            if self.len() >= DOCUMENTS_MAX {
                let wrong = format!("with the id {id} there are over {DOCUMENTS_MAX} documents");
                return Err(Problem::new(wrong, "leave out what no client uses any more"));
            }
        }
        self.keep(id, text, sha256);
        Ok(())
    }

    fn keep(&mut self, id: &str, text: &str, sha256: Hash) {
        let document = self.by_sha256.entry(sha256).or_insert_with(|| {
            let text: Arc<str> = text.into();
            self.texts.insert(text.clone());
            Arc::new(Document { text, sha256 })
        });
        self.by_id.insert(id.to_owned(), document.clone());
    }
}

fn is_id(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte);
    (1..=ID_MAX).contains(&id.len()) && id.bytes().all(allowed)
}

/// Whether an id that looks like a SHA-256 or SHA-1 is that of its document. Where it is not, the file was changed by
/// hand or on its way, and a client would run something else than it was built with.
fn names(id: &str, text: &str, sha256: Hash) -> bool {
    let (prefix, digits) = id.split_once(':').unwrap_or(("", id));
    match prefix {
        // A prefix promises a hash; without one, only what can be one is judged.
        "sha256" => Hash::parse(digits) == Some(sha256),
        "sha1" => is_sha1(digits, text),
        "" if is_lower_hex(digits, 64) => Hash::parse(digits) == Some(sha256),
        "" if is_lower_hex(digits, 40) => is_sha1(digits, text),
        _ => true,
    }
}

fn is_sha1(digits: &str, text: &str) -> bool {
    hex::encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes())) == digits
}

/// Messages of validation hold no value of a document.
fn invalid(id: &str, errors: &[RequestError]) -> Problem {
    let why = errors.first().map_or_else(String::new, |error| {
        let place = error
            .location
            .map(|(line, column)| format!(" at its line {line}, column {column}"))
            .unwrap_or_default();
        format!(":{place} {}", error.message)
    });
    Problem::new(format!("the document of the id {id} cannot run here{why}"), GENERATE_AGAIN)
}
