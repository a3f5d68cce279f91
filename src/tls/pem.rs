//! Certificates, keys and authorities, read from PEM and judged: what is taken here can be used.

use super::files::{Look, NamedFile};
use super::problem::Problem;
use super::provider;
use rustls::RootCertStore;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ParsedCertificate;
use rustls::sign::{CertifiedKey, SigningKey};
use rustls::{Error, InconsistentKeys};
use std::sync::Arc;

const CERTIFICATE: &str =
    "name a file with the certificate as PEM (-----BEGIN CERTIFICATE-----), intermediate ones after it";
const AUTHORITIES: &str =
    "name a file with the authorities' certificates as PEM (-----BEGIN CERTIFICATE-----)";
const KEY: &str = "name a file with the private key as PEM (PKCS#8, SEC1 or PKCS#1), without a password";

/// A certificate with those that lead to its authority.
pub(super) fn chain(look: &mut Look, file: &NamedFile) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let chain = certificates(look, file, CERTIFICATE)?;
    for (index, certificate) in chain.iter().enumerate() {
        ParsedCertificate::try_from(certificate)
            .map_err(|error| unusable(file, index, &error, CERTIFICATE))?;
    }
    Ok(chain)
}

/// Whom to trust. Each one must be usable: who is left out in silence is missed at the worst time.
pub(super) fn authorities(look: &mut Look, file: &NamedFile) -> Result<Arc<RootCertStore>, Problem> {
    let mut store = RootCertStore::empty();
    for (index, certificate) in certificates(look, file, AUTHORITIES)?.into_iter().enumerate() {
        store.add(certificate).map_err(|error| unusable(file, index, &error, AUTHORITIES))?;
    }
    Ok(Arc::new(store))
}

/// A private key.
pub(super) fn key(look: &mut Look, file: &NamedFile) -> Result<Arc<dyn SigningKey>, Problem> {
    let content = look.read(file)?;
    let wrong = |what: &str| Problem::new(file.setting, format!("{} {what}", file.shown()), KEY);
    if content.windows(9).any(|word| word == b"ENCRYPTED") {
        return Err(wrong("holds a private key that is encrypted"));
    }
    let key = PrivateKeyDer::from_pem_slice(&content).map_err(|error| match error {
        pem::Error::NoItemsFound => wrong("holds no private key"),
        // What the error says may be a piece of the key.
        _ => wrong("holds PEM that is broken"),
    })?;
    provider().key_provider.load_private_key(key).map_err(|_| {
        wrong("holds a private key of a kind that is not used (RSA of 2048 to 8192 bits, P-256, P-384, P-521 and Ed25519 are)")
    })
}

/// Both together, if they belong together.
pub(super) fn pair(
    certificate: &NamedFile,
    chain: Vec<CertificateDer<'static>>,
    key_file: &NamedFile,
    key: Arc<dyn SigningKey>,
) -> Result<Arc<CertifiedKey>, Problem> {
    let pair = CertifiedKey::new(chain, key);
    match pair.keys_match() {
        Ok(()) | Err(Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(Arc::new(pair)),
        Err(_) => {
            let wrong =
                format!("{} is not the key of the certificate in {}", key_file.shown(), certificate.setting);
            Err(Problem::new(key_file.setting, wrong, "name the key that the certificate was made for"))
        }
    }
}

fn certificates(
    look: &mut Look,
    file: &NamedFile,
    remedy: &'static str,
) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let content = look.read(file)?;
    let wrong = |what: &str| Problem::new(file.setting, format!("{} {what}", file.shown()), remedy);
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&content).collect();
    match found {
        Ok(found) if found.is_empty() => Err(wrong("holds no certificate")),
        Ok(found) => Ok(found),
        Err(_) => Err(wrong("holds PEM that is broken")),
    }
}

fn unusable(file: &NamedFile, index: usize, error: &Error, remedy: &'static str) -> Problem {
    // The library calls every certificate the peer's; this one is not.
    let why = match error {
        Error::InvalidCertificate(why) => why.to_string(),
        other => other.to_string(),
    };
    let wrong = format!("certificate {} of {} cannot be used ({why})", index + 1, file.shown());
    Problem::new(file.setting, wrong, remedy)
}
