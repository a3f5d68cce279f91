//! Secrets: from a variable, or from a mounted file. Neither is ever part of a message.

use super::file::{Purpose, SECRET, optional_file, optional_reread};
use super::reader::{Faulted, Reader};
use super::setting::Secret;
use super::values::Wrong;
use crate::reload::Reread;
use secrecy::SecretString;

/// The secret's text, from its variable or its file.
pub(super) fn read_secret(reader: &mut Reader<'_>, secret: &Secret) -> Result<SecretString, Faulted> {
    match optional_secret(reader, secret)? {
        Some(text) => Ok(text),
        None => {
            let remedy =
                format!("set it, or name its file with {} or --{}", secret.file.name, secret.file.flag);
            Err(reader.fault(secret.name, Wrong::new("is required and not set", remedy)))
        }
    }
}

/// The same of a secret that need not be there.
pub(super) fn optional_secret(
    reader: &mut Reader<'_>,
    secret: &Secret,
) -> Result<Option<SecretString>, Faulted> {
    optional_text(reader, secret, &SECRET)
}

/// How it is read again while the service runs, where a file holds it.
pub(super) fn reread(
    reader: &mut Reader<'_>,
    secret: &'static Secret,
) -> Result<Option<Reread<SecretString>>, Faulted> {
    optional_reread(reader, &secret.file, &SECRET)
}

/// The same of what is given like a secret, and its file is for another purpose.
pub(super) fn optional_text(
    reader: &mut Reader<'_>,
    secret: &Secret,
    purpose: &Purpose,
) -> Result<Option<SecretString>, Faulted> {
    let variable = reader.variable(secret.name).map(|text| text.filter(|text| !text.trim().is_empty()));
    let file = reader.given(&secret.file);
    match (variable?, file?) {
        (Some(_), Some(_)) => {
            let wrong = format!("is set, and so is {}", secret.file.name);
            Err(reader.fault(secret.name, Wrong::new(wrong, "set one of the two")))
        }
        (Some(text), None) => Ok(Some(text.into())),
        (None, _) => optional_file(reader, &secret.file, purpose),
    }
}
