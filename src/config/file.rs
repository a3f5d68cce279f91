//! Files that settings name: how they are read, and how much may stand in them.

use super::faults::Fault;
use super::reader::{Faulted, Reader};
use super::setting::Setting;
use super::values::Wrong;
use crate::reload::Reread;
use secrecy::SecretString;
use std::fs::File;
use std::io::Read;
use zeroize::Zeroizing;

/// What a file is for.
pub(super) struct Purpose {
    /// More than any such file has; keeps a wrong path (a device, a log) from filling the memory.
    max_bytes: u64,
    /// The same for a message.
    max: &'static str,
    /// What is right where the file is wrong.
    remedy: &'static str,
}

/// It holds a key, a password or a connection string.
pub(super) const SECRET: Purpose = Purpose {
    max_bytes: 64 * 1024,
    max: "64 KiB",
    remedy: "name a readable file that holds nothing but the secret",
};

/// It holds certificates: the authorities of a whole system are some 200 KiB.
pub(super) const CERTIFICATES: Purpose = Purpose {
    max_bytes: 1024 * 1024,
    max: "1 MiB",
    remedy: "name a readable file that holds nothing but certificates",
};

/// It holds public keys.
pub(super) const PUBLIC_KEYS: Purpose = Purpose {
    max_bytes: 64 * 1024,
    max: "64 KiB",
    remedy: "name a readable PEM file that holds nothing but public keys",
};

/// The content of a file that a setting names, if it names one.
pub(super) fn optional_file(
    reader: &mut Reader<'_>,
    setting: &Setting,
    purpose: &Purpose,
) -> Result<Option<SecretString>, Faulted> {
    let Some(path) = reader.given(setting)? else { return Ok(None) };
    content(&path, purpose).map(Some).map_err(|wrong| reader.fault(setting.name, wrong))
}

/// How the file that a setting names is read again while the service runs, if it names one.
pub(super) fn optional_reread(
    reader: &mut Reader<'_>,
    setting: &'static Setting,
    purpose: &'static Purpose,
) -> Result<Option<Reread<SecretString>>, Faulted> {
    let Some(path) = reader.given(setting)? else { return Ok(None) };
    Ok(Some(Reread::by(move || content(&path, purpose).map_err(|wrong| told(setting.name, wrong)))))
}

/// A fault that is found while the service runs, worded as at the start.
pub(super) fn told(setting: &str, Wrong { wrong, remedy }: Wrong) -> String {
    Fault { setting: setting.to_owned(), wrong, remedy }.to_string()
}

/// The content of a file, less one newline at its end.
fn content(path: &str, purpose: &Purpose) -> Result<SecretString, Wrong> {
    let wrong = |what: &str| Wrong::new(format!("the file {} {what}", shown(path)), purpose.remedy);
    let mut content = Zeroizing::new(Vec::new());
    File::open(path)
        .and_then(|file| file.take(purpose.max_bytes + 1).read_to_end(&mut content))
        .map_err(|error| wrong(&format!("cannot be read ({error})")))?;
    if content.len() as u64 > purpose.max_bytes {
        return Err(wrong(&format!("is longer than {}", purpose.max)));
    }
    let text = std::str::from_utf8(&content).map_err(|_| wrong("is no UTF-8 text"))?;
    let text = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    if text.trim().is_empty() {
        return Err(wrong("is blank"));
    }
    Ok(SecretString::from(text))
}

/// A path for a message. What may be the secret itself, put in the place of its file, is not repeated.
fn shown(path: &str) -> String {
    let is_path = ["/", "./", "../"].iter().any(|start| path.starts_with(start));
    if is_path { format!("{path:?}") } else { "that it names".to_owned() }
}
