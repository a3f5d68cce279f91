//! TLS on our own port: its certificate, and whose certificates clients must show.

use super::files::{Look, NamedFile};
use super::live::{Live, Source};
use super::problem::Problem;
use super::{VERSIONS, pem, provider};
use crate::domain::redacted;
use crate::reload::Watched;
use rustls::ServerConfig;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use std::sync::Arc;

/// The files of our own port.
#[derive(Clone, Debug)]
pub struct OwnPortFiles {
    /// The certificate, with those that lead to its authority.
    pub certificate: NamedFile,
    /// Its private key.
    pub key: NamedFile,
    /// The authorities of clients' certificates; with them a client must show one.
    pub client_authorities: Option<NamedFile>,
}

/// What new connections are to use. Clones share it.
#[derive(Clone)]
pub struct OwnPort(Arc<Live<OwnPortFiles>>);
redacted!(OwnPort);

impl OwnPort {
    /// Reads the files.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn load(files: OwnPortFiles) -> Result<Self, Vec<Problem>> {
        Live::load(files).map(|live| Self(Arc::new(live)))
    }

    /// For the next connection.
    pub fn server_config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.0.current().config)
    }

    /// To be read again when the files change.
    pub fn watched(&self) -> Arc<dyn Watched> {
        self.0.clone()
    }
}

/// The certificate, and the configuration with it.
pub(super) struct Made {
    config: Arc<ServerConfig>,
    certificate: Arc<CertifiedKey>,
}

impl Source for OwnPortFiles {
    type Made = Made;
    const OF: &'static str = "own_port";
    const CERTIFICATE: &'static str = "TLS_CERT_FILE";

    fn make(&self, look: &mut Look) -> Result<Made, Vec<Problem>> {
        let chain = pem::chain(look, &self.certificate);
        let key = pem::key(look, &self.key);
        let authorities =
            self.client_authorities.as_ref().map(|file| pem::authorities(look, file)).transpose();
        let (chain, key, authorities) = match (chain, key, authorities) {
            (Ok(chain), Ok(key), Ok(authorities)) => (chain, key, authorities),
            (chain, key, authorities) => {
                return Err([chain.err(), key.err(), authorities.err()].into_iter().flatten().collect());
            }
        };
        let certificate =
            pem::pair(&self.certificate, chain, &self.key, key).map_err(|problem| vec![problem])?;
        let unusable = |error: &dyn std::fmt::Display| {
            vec![Problem::new(
                self.certificate.setting,
                format!("TLS cannot be set up ({error})"),
                "look at the files of TLS_CERT_FILE, TLS_KEY_FILE and TLS_CLIENT_CA_FILE",
            )]
        };
        let builder = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&VERSIONS)
            .map_err(|error| unusable(&error))?;
        let asks_clients = authorities.is_some();
        let builder = match authorities {
            None => builder.with_no_client_auth(),
            Some(authorities) => builder.with_client_cert_verifier(
                WebPkiClientVerifier::builder_with_provider(authorities, provider())
                    .build()
                    .map_err(|error| unusable(&error))?,
            ),
        };
        let shown = SingleCertAndKey::from(Arc::clone(&certificate));
        let mut config = builder.with_cert_resolver(Arc::new(shown));
        // The server behind it speaks nothing else.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        if asks_clients {
            // A session that is resumed shows no certificate: one that has expired meanwhile would go on to be let in.
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
        }
        Ok(Made { config: Arc::new(config), certificate })
    }

    fn certificate(made: &Made) -> Option<&CertifiedKey> {
        Some(&made.certificate)
    }
}
