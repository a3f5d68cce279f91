//! TLS to the upstreams: whom we trust there, and the certificate of ours that they may ask for.

use super::files::{Look, NamedFile};
use super::live::{Live, Source};
use super::problem::Problem;
use super::{VERSIONS, pem, provider};
use crate::domain::redacted;
use crate::reload::Watched;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, Resumption, WebPkiServerVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use std::sync::Arc;

/// The files of TLS to the upstreams.
#[derive(Clone, Debug)]
pub struct UpstreamFiles {
    /// The authorities of their certificates, instead of the system's.
    pub authorities: Option<NamedFile>,
    /// A certificate of ours and its private key.
    pub identity: Option<(NamedFile, NamedFile)>,
}

/// How connections to the upstreams are secured; by default as the system says. Clones share it.
#[derive(Clone, Default)]
pub struct UpstreamTls(Option<Arc<Set>>);
redacted!(UpstreamTls);

struct Set {
    live: Arc<Live<UpstreamFiles>>,
    config: ClientConfig,
}

impl UpstreamTls {
    /// Reads the files, where there are any.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn load(files: UpstreamFiles) -> Result<Self, Vec<Problem>> {
        if files.authorities.is_none() && files.identity.is_none() {
            return Ok(Self::default());
        }
        let live = Arc::new(Live::load(files)?);
        let config = config(&live).map_err(|error| vec![unusable(&error)])?;
        Ok(Self(Some(Arc::new(Set { live, config }))))
    }

    /// An HTTP client that is built so trusts whom the settings say, and has our certificate to show. It need not be
    /// built anew when the files change.
    pub(crate) fn apply(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        match &self.0 {
            Some(set) => builder.tls_backend_preconfigured(set.config.clone()),
            None => builder.tls_version_min(reqwest::tls::Version::TLS_1_2),
        }
    }

    /// To be read again when the files change; `None` without files.
    pub fn watched(&self) -> Option<Arc<dyn Watched>> {
        self.0.as_ref().map(|set| -> Arc<dyn Watched> { set.live.clone() })
    }
}

fn config(live: &Arc<Live<UpstreamFiles>>) -> Result<ClientConfig, Error> {
    let current = Arc::new(Current(live.clone()));
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&VERSIONS)?
        .dangerous()
        .with_custom_certificate_verifier(current.clone())
        .with_client_cert_resolver(current);
    // A session that is resumed shows no certificate: whoever is trusted no more would go on to be. Connections are
    // pooled, so this costs little.
    config.resumption = Resumption::disabled();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn unusable(error: &Error) -> Problem {
    Problem::new(
        UpstreamFiles::AUTHORITIES,
        format!("TLS to the upstreams cannot be set up ({error})"),
        "set UPSTREAM_CA_FILE, or install the system's certificate authorities",
    )
}

/// Whom to trust, and what to show.
pub(super) struct Made {
    verifier: Arc<dyn ServerCertVerifier>,
    identity: Option<Arc<CertifiedKey>>,
}

impl UpstreamFiles {
    const AUTHORITIES: &'static str = "UPSTREAM_CA_FILE";

    fn verifier(&self, look: &mut Look) -> Result<Arc<dyn ServerCertVerifier>, Problem> {
        let Some(file) = &self.authorities else {
            let system = rustls_platform_verifier::Verifier::new(provider());
            return Ok(Arc::new(system.map_err(|error| unusable(&error))?));
        };
        let authorities = pem::authorities(look, file)?;
        let verifier = WebPkiServerVerifier::builder_with_provider(authorities, provider()).build();
        Ok(verifier.map_err(|error| unusable(&Error::General(error.to_string())))?)
    }
}

impl Source for UpstreamFiles {
    type Made = Made;
    const OF: &'static str = "upstreams";
    const CERTIFICATE: &'static str = "UPSTREAM_CLIENT_CERT_FILE";

    fn make(&self, look: &mut Look) -> Result<Made, Vec<Problem>> {
        let verifier = self.verifier(look);
        let identity = match &self.identity {
            None => Ok(None),
            Some((certificate, key)) => {
                let (chain, signing) = (pem::chain(look, certificate), pem::key(look, key));
                match (chain, signing) {
                    (Ok(chain), Ok(signing)) => {
                        pem::pair(certificate, chain, key, signing).map(Some).map_err(|problem| vec![problem])
                    }
                    (chain, signing) => Err([chain.err(), signing.err()].into_iter().flatten().collect()),
                }
            }
        };
        match (verifier, identity) {
            (Ok(verifier), Ok(identity)) => Ok(Made { verifier, identity }),
            (verifier, identity) => {
                Err(verifier.err().into_iter().chain(identity.err().into_iter().flatten()).collect())
            }
        }
    }

    fn certificate(made: &Made) -> Option<&CertifiedKey> {
        made.identity.as_deref()
    }
}

/// What is current at the time of each connection. It decides nothing by itself.
struct Current(Arc<Live<UpstreamFiles>>);
redacted!(Current);

impl ServerCertVerifier for Current {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let current = self.0.current();
        current.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.current().verifier.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.current().verifier.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.current().verifier.supported_verify_schemes()
    }
}

impl ResolvesClientCert for Current {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.current().identity.clone()
    }

    fn has_certs(&self) -> bool {
        self.0.current().identity.is_some()
    }
}
