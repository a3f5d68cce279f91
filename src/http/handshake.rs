//! The TLS handshake of a connection: bounded in time, and counted where it comes to nothing.

use crate::telemetry::metrics::TLS_HANDSHAKE_FAILURES;
use crate::tls::OwnPort;
use rustls::Error;
use std::io;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How long a handshake may take, all its messages together.
const WITHIN: Duration = Duration::from_secs(10);

/// How connections of a port are secured.
#[derive(Clone, Debug)]
pub struct Tls {
    own_port: OwnPort,
    within: Duration,
}

impl Tls {
    /// With these certificates.
    pub fn new(own_port: OwnPort) -> Self {
        Self { own_port, within: WITHIN }
    }

    #[cfg(test)]
    pub(super) fn within(self, within: Duration) -> Self {
        Self { within, ..self }
    }

    /// The secured connection; `None` where the client does not, cannot or may not make one.
    pub(super) async fn secure(&self, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
        let acceptor = TlsAcceptor::from(self.own_port.server_config());
        let reason = match tokio::time::timeout(self.within, acceptor.accept(stream)).await {
            Ok(Ok(secured)) => return Some(secured),
            Ok(Err(error)) => {
                let reason = reason(&error);
                tracing::debug!(%error, reason, "a TLS handshake failed");
                reason
            }
            Err(_) => "timed_out",
        };
        metrics::counter!(TLS_HANDSHAKE_FAILURES, "reason" => reason).increment(1);
        None
    }
}

/// A metric's label.
fn reason(error: &io::Error) -> &'static str {
    let of_tls = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match of_tls {
        // Plain HTTP comes here too.
        Some(Error::InvalidMessage(_)) => "not_tls",
        Some(Error::NoCertificatesPresented | Error::InvalidCertificate(_)) => "client_certificate",
        Some(Error::PeerIncompatible(_) | Error::NoApplicationProtocol) => "incompatible",
        Some(Error::AlertReceived(_)) => "refused_by_client",
        Some(_) => "other",
        // Also whoever only looks whether the port is open.
        None => "broken_off",
    }
}
