//! Certificates and the key of our own one, as PEM.

use super::rows::{MONGO_TLS_CA_CERT, MONGO_TLS_CLIENT_CERT_FILE, MONGO_TLS_CLIENT_KEY_FILE};
use crate::config::file::{CERTIFICATES, SECRET, optional_file};
use crate::config::reader::{Faulted, Reader};
use crate::config::secret::optional_text;
use crate::config::values::Wrong;
use crate::store::mongo::Tls;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mongodb::options::{ConnectionString, Tls as GivenTls};
use secrecy::{ExposeSecret, SecretString};

const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";

/// All of them, as far as they are given.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<Tls, Faulted> {
    let authorities = authorities(reader);
    let identity = identity(reader);
    Ok(Tls { authorities: authorities?, identity: identity? })
}

/// Refuses those of which the connection string names a file too: the driver takes one, and tells of neither.
pub(super) fn once(reader: &mut Reader<'_>, given: &ConnectionString, tls: &Tls) -> Result<(), Faulted> {
    let Some(GivenTls::Enabled(inside)) = &given.tls else { return Ok(()) };
    let both = [
        (MONGO_TLS_CA_CERT.name, tls.authorities.is_some() && inside.ca_file_path.is_some()),
        (MONGO_TLS_CLIENT_CERT_FILE.name, tls.identity.is_some() && inside.cert_key_file_path.is_some()),
    ];
    let mut read = Ok(());
    for (name, _) in both.into_iter().filter(|(_, both)| *both) {
        read = Err(reader.fault(name, super::twice()));
    }
    read
}

fn authorities(reader: &mut Reader<'_>) -> Result<Option<String>, Faulted> {
    let Some(text) = optional_text(reader, &MONGO_TLS_CA_CERT, &CERTIFICATES)? else { return Ok(None) };
    match pem(text.expose_secret()) {
        Some(pem) => Ok(Some(pem)),
        None => {
            let wrong = Wrong::new(
                "holds no certificate",
                "set PEM (-----BEGIN CERTIFICATE-----…) or base64 of PEM, or name its file with \
                 MONGO_TLS_CA_CERT_FILE",
            );
            Err(reader.fault(MONGO_TLS_CA_CERT.name, wrong))
        }
    }
}

/// Certificates as PEM, which may have come as base64 of PEM.
fn pem(text: &str) -> Option<String> {
    if text.contains(CERTIFICATE) {
        return Some(text.to_owned());
    }
    let packed: String = text.split_whitespace().collect();
    let pem = String::from_utf8(BASE64_STANDARD.decode(packed).ok()?).ok()?;
    pem.contains(CERTIFICATE).then_some(pem)
}

/// Certificate and key in one, as the driver reads them.
fn identity(reader: &mut Reader<'_>) -> Result<Option<SecretString>, Faulted> {
    let certificate = optional_file(reader, &MONGO_TLS_CLIENT_CERT_FILE, &CERTIFICATES);
    let key = optional_file(reader, &MONGO_TLS_CLIENT_KEY_FILE, &SECRET);
    let Some(certificate) = certificate? else {
        if key?.is_some() {
            let wrong =
                Wrong::new("is required with MONGO_TLS_CLIENT_KEY_FILE", "name the key's certificate too");
            return Err(reader.fault(MONGO_TLS_CLIENT_CERT_FILE.name, wrong));
        }
        return Ok(None);
    };
    if !certificate.expose_secret().contains(CERTIFICATE) {
        let wrong = Wrong::new("names a file without a certificate", "name a file with PEM");
        return Err(reader.fault(MONGO_TLS_CLIENT_CERT_FILE.name, wrong));
    }
    let text = match key? {
        Some(key) => format!("{}\n{}", certificate.expose_secret(), key.expose_secret()),
        None => certificate.expose_secret().to_owned(),
    };
    let usable = text.contains("PRIVATE KEY-----") && !text.contains("ENCRYPTED");
    if !usable {
        let wrong = Wrong::new(
            "names no private key that is not encrypted",
            "name the file with the key's PEM; `openssl pkey` takes a password off",
        );
        return Err(reader.fault(MONGO_TLS_CLIENT_KEY_FILE.name, wrong));
    }
    Ok(Some(text.into()))
}
