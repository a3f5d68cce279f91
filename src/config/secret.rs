//! Secrets: from a variable, or from a mounted file. Neither is ever part of a message.

use super::reader::{Faulted, Reader};
use super::setting::{Secret, Setting};
use super::values::Wrong;
use secrecy::SecretString;
use std::fs::File;
use std::io::Read;
use zeroize::Zeroizing;

/// More than any secret has; keeps a wrong path (a device, a log) from filling the memory.
const MAX_FILE_BYTES: u64 = 64 * 1024;

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
    let variable = reader.variable(secret.name).map(|text| text.filter(|text| !text.trim().is_empty()));
    let file = reader.given(&secret.file);
    match (variable?, file?) {
        (Some(_), Some(_)) => {
            let wrong = format!("is set, and so is {}", secret.file.name);
            Err(reader.fault(secret.name, Wrong::new(wrong, "set one of the two")))
        }
        (Some(text), None) => Ok(Some(text.into())),
        (None, _) => optional_file(reader, &secret.file),
    }
}

/// The content of a file that a setting names, if it names one.
pub(super) fn optional_file(
    reader: &mut Reader<'_>,
    setting: &Setting,
) -> Result<Option<SecretString>, Faulted> {
    let Some(path) = reader.given(setting)? else { return Ok(None) };
    from_file(&path).map(Some).map_err(|wrong| reader.fault(setting.name, wrong))
}

/// The content of a file, less one newline at its end.
fn from_file(path: &str) -> Result<SecretString, Wrong> {
    // What looks like the key itself is not repeated.
    let shown = match path.len() >= 32 && !path.contains(['/', '.']) {
        true => "that it names".to_owned(),
        false => format!("{path:?}"),
    };
    let wrong = |what: &str| {
        Wrong::new(
            format!("the file {shown} {what}"),
            "name a readable file that holds nothing but the secret",
        )
    };
    let mut content = Zeroizing::new(Vec::new());
    File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut content))
        .map_err(|error| wrong(&format!("cannot be read ({error})")))?;
    if content.len() as u64 > MAX_FILE_BYTES {
        return Err(wrong("is longer than 64 KiB"));
    }
    let text = std::str::from_utf8(&content).map_err(|_| wrong("is no UTF-8 text"))?;
    let text = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    if text.trim().is_empty() {
        return Err(wrong("is blank"));
    }
    Ok(SecretString::from(text))
}
