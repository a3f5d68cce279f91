//! Where a connection comes from, as the operating system tells it. Headers are not asked: anybody can write them.

use axum::Extension;
use axum::Router;
use axum::middleware::AddExtension;
use std::net::{IpAddr, SocketAddr};
use tower::Layer;

/// The address at the other end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl Peer {
    /// Of a connection from here. What an IPv6 socket says of an IPv4 client is that client's own address again: else
    /// the same client would have two.
    pub(super) fn at(address: SocketAddr) -> Self {
        Self(address.ip().to_canonical())
    }

    /// The same routes, where each request knows that it comes from here.
    pub(super) fn asks(self, router: Router) -> AddExtension<Router, Self> {
        Extension(self).layer(router)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_one_address_whichever_socket_it_came_by() {
        let peer = |text: &str| Peer::at(text.parse().unwrap()).0.to_string();
        assert_eq!(peer("192.0.2.7:50000"), "192.0.2.7");
        assert_eq!(peer("[::ffff:192.0.2.7]:50001"), "192.0.2.7");
        assert_eq!(peer("[2001:db8::7]:50002"), "2001:db8::7");
    }
}
