//! TLS: of our own port and to the upstreams. Certificates and keys come from files, and are read again when those
//! change; what cannot be used then is told, and what was in use stays.

mod expiry;
mod files;
mod live;
mod own_port;
mod pem;
mod problem;
#[cfg(test)]
pub(crate) mod tests;
mod upstream;

pub use files::NamedFile;
pub use own_port::{OwnPort, OwnPortFiles};
pub use problem::Problem;
pub use upstream::{UpstreamFiles, UpstreamTls};

use rustls::SupportedProtocolVersion;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::version::{TLS12, TLS13};
use std::sync::Arc;

/// Nothing older than 1.2, in neither direction.
const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];

/// The one cryptographic library, named outright: which one is the process's default depends on what else is linked.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}
