//! Where to listen: an IP address and a port, or all interfaces.

use super::values::Wrong;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// An address to listen on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen(Vec<SocketAddr>);

impl Listen {
    /// What to bind: the first of these that can be bound. `TcpListener::bind(listen.candidates())` does so.
    /// All interfaces is `[::]` with IPv4 in it, or `0.0.0.0` where there is no IPv6.
    pub fn candidates(&self) -> &[SocketAddr] {
        &self.0
    }

    /// Where somebody on this machine reaches it: all interfaces are asked on loopback.
    pub(super) fn reached_at(&self) -> Vec<SocketAddr> {
        let mut reached = Vec::new();
        let mut add = |host: IpAddr, port: u16| {
            let at = SocketAddr::new(host, port);
            if !reached.contains(&at) {
                reached.push(at);
            }
        };
        for address in &self.0 {
            let (host, port) = (address.ip(), address.port());
            if host.is_unspecified() && host.is_ipv6() {
                add(Ipv6Addr::LOCALHOST.into(), port);
            }
            // In all interfaces of IPv6 is IPv4 too, and alone where there is no IPv6.
            add(if host.is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { host }, port);
        }
        reached
    }

    /// Whether both would need the same port of the same interface.
    pub(super) fn clashes_with(&self, other: &Self) -> bool {
        let clash = |a: &SocketAddr, b: &SocketAddr| {
            let all = a.ip().is_unspecified() || b.ip().is_unspecified();
            a.port() != 0 && a.port() == b.port() && (all || a.ip() == b.ip())
        };
        self.0.iter().any(|a| other.0.iter().any(|b| clash(a, b)))
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.first().map_or(Ok(()), |address| address.fmt(f))
    }
}

/// Reads `IP:PORT`, `[IPv6]:PORT`, `localhost:PORT` or `:PORT`.
pub(super) fn listen(text: &str) -> Result<Listen, Wrong> {
    let wrong = || {
        Wrong::new(
            "is no address to listen on",
            "set IP:PORT, for example 127.0.0.1:4003, or :4003 for all interfaces",
        )
    };
    if let Ok(address) = text.parse() {
        return Ok(Listen(vec![address]));
    }
    let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
    let port: u16 = match port.bytes().all(|b| b.is_ascii_digit()) {
        true => port.parse().map_err(|_| wrong())?,
        false => return Err(wrong()),
    };
    let hosts: [IpAddr; 2] = match host {
        "" => [Ipv6Addr::UNSPECIFIED.into(), Ipv4Addr::UNSPECIFIED.into()],
        "localhost" => [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
        _ => return Err(wrong()),
    };
    Ok(Listen(hosts.map(|host| SocketAddr::new(host, port)).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<String> {
        listen(text).unwrap().candidates().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_port_alone_means_all_interfaces() {
        assert_eq!(addresses(":4003"), ["[::]:4003", "0.0.0.0:4003"]);
        assert_eq!(addresses("127.0.0.1:0"), ["127.0.0.1:0"]);
        assert_eq!(addresses("[::1]:4003"), ["[::1]:4003"]);
        assert_eq!(addresses("localhost:4003"), ["127.0.0.1:4003", "[::1]:4003"]);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in
            ["", ":", "4003", "127.0.0.1", ":65536", ":+1", "host:4003", "::1:4003", "http://127.0.0.1:1"]
        {
            assert!(listen(text).is_err(), "{text}");
        }
    }

    #[test]
    fn two_listeners_need_two_ports() {
        let clash = |a: &str, b: &str| listen(a).unwrap().clashes_with(&listen(b).unwrap());
        assert!(clash(":4003", "127.0.0.1:4003"));
        assert!(clash("127.0.0.1:4003", "127.0.0.1:4003"));
        assert!(!clash("127.0.0.1:4003", "127.0.0.2:4003"));
        assert!(!clash(":0", ":0"));
        assert!(!clash(":4003", ":9103"));
    }
}
