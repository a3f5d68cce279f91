//! Whether a client that comes again shows its certificate again.

use super::super::provider;
use super::authority::Authority;
use super::{OwnPort, OwnPortFiles, files, named};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ClientConnection, ConnectionCommon, HandshakeKind, RootCertStore, SideData};
use rustls::{ServerConnection, SupportedProtocolVersion};
use std::sync::Arc;

/// A client with a certificate, which resumes sessions where it is let.
fn client(authority: &Authority, version: &'static SupportedProtocolVersion) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority.path("ca.pem")).unwrap()).unwrap();
    let chain = vec![CertificateDer::from_pem_file(authority.path("client.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(authority.path("client.key")).unwrap();
    let builder = ClientConfig::builder_with_provider(provider()).with_protocol_versions(&[version]).unwrap();
    Arc::new(builder.with_root_certificates(roots).with_client_auth_cert(chain, key).unwrap())
}

/// Carries what one side has to say to the other one.
fn carry<F: SideData, T: SideData>(from: &mut ConnectionCommon<F>, to: &mut ConnectionCommon<T>) {
    let mut said = vec![];
    while from.wants_write() {
        from.write_tls(&mut said).unwrap();
    }
    let mut said = said.as_slice();
    while !said.is_empty() {
        to.read_tls(&mut said).unwrap();
        to.process_new_packets().unwrap();
    }
}

/// How the server sees a connection of this client.
fn comes(client: &Arc<ClientConfig>, port: &OwnPort) -> HandshakeKind {
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let mut client = ClientConnection::new(client.clone(), name).unwrap();
    let mut server = ServerConnection::new(port.server_config()).unwrap();
    while client.wants_write() || server.wants_write() {
        carry(&mut client, &mut server);
        carry(&mut server, &mut client);
    }
    assert!(!client.is_handshaking() && !server.is_handshaking());
    server.handshake_kind().unwrap()
}

#[test]
fn where_clients_must_show_certificates_they_show_them_with_each_connection() {
    let authority = Authority::new();
    authority.sign("server", "subjectAltName=IP:127.0.0.1");
    authority.sign("client", "extendedKeyUsage=clientAuth");
    let plain = files(&authority, "server");
    let client_authorities = Some(named(&authority, "TLS_CLIENT_CA_FILE", "ca.pem"));
    let asking = OwnPortFiles { client_authorities, ..plain.clone() };
    for (files, again) in [(plain, HandshakeKind::Resumed), (asking, HandshakeKind::Full)] {
        let port = OwnPort::load(files).unwrap();
        for version in [&TLS12, &TLS13] {
            let client = client(&authority, version);
            let kinds = [comes(&client, &port), comes(&client, &port)];
            assert_eq!(kinds, [HandshakeKind::Full, again], "{version:?}");
        }
    }
}
