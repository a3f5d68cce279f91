//! TLS: the files of our own port and of the connections to the upstreams. They are read here once, so that all that
//! is wrong with them is told with all else, and again whenever they change.

use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::Wrong;
use crate::reload::Watched;
use crate::tls::{NamedFile, OwnPort, OwnPortFiles, Problem, UpstreamFiles, UpstreamTls};
use std::path::PathBuf;
use std::sync::Arc;

static TLS_CERT_FILE: Setting = Setting {
    name: "TLS_CERT_FILE",
    flag: "tls-cert-file",
    value: "FILE",
    unset: Unset::Means("SERVER_ADDRESS is served without TLS"),
    help: "The certificate of SERVER_ADDRESS as PEM, intermediate ones after it; TLS 1.2 and 1.3 are spoken then.\n\
           Read again every 10 s and on SIGHUP, as all files of TLS are: new connections use what has changed, and \
           what cannot be used is warned about and not taken. OPS_ADDRESS stays plain HTTP.",
};

static TLS_KEY_FILE: Setting = Setting {
    name: "TLS_KEY_FILE",
    flag: "tls-key-file",
    value: "FILE",
    unset: Unset::Means("required with TLS_CERT_FILE"),
    help: "The private key of TLS_CERT_FILE as PEM: PKCS#8, SEC1 or PKCS#1, without a password.",
};

static TLS_CLIENT_CA_FILE: Setting = Setting {
    name: "TLS_CLIENT_CA_FILE",
    flag: "tls-client-ca-file",
    value: "FILE",
    unset: Unset::Means("clients need no certificate"),
    help: "Clients of SERVER_ADDRESS must show a certificate of one of these authorities (PEM).\n\
           It is required of all, also of probes of /health and /readyz: let the kubelet, which shows none, ask on \
           OPS_ADDRESS. The token says who calls, with it too.",
};

static UPSTREAM_CA_FILE: Setting = Setting {
    name: "UPSTREAM_CA_FILE",
    flag: "upstream-ca-file",
    value: "FILE",
    unset: Unset::Means("the system's authorities"),
    help: "Certificates of Access Manager, the ledger and the key server must be of one of these authorities (PEM), instead of the \
           system's.",
};

static UPSTREAM_CLIENT_CERT_FILE: Setting = Setting {
    name: "UPSTREAM_CLIENT_CERT_FILE",
    flag: "upstream-client-cert-file",
    value: "FILE",
    unset: Unset::Means("none is shown"),
    help: "Our own certificate as PEM, shown to Access Manager and the ledger where they ask for one.",
};

static UPSTREAM_CLIENT_KEY_FILE: Setting = Setting {
    name: "UPSTREAM_CLIENT_KEY_FILE",
    flag: "upstream-client-key-file",
    value: "FILE",
    unset: Unset::Means("required with UPSTREAM_CLIENT_CERT_FILE"),
    help: "The private key of UPSTREAM_CLIENT_CERT_FILE as PEM, without a password.",
};

pub(super) static OWN_PORT_GROUP: Group = Group {
    heading: "TLS of this service's port",
    settings: &[&TLS_CERT_FILE, &TLS_KEY_FILE, &TLS_CLIENT_CA_FILE],
};

pub(super) static UPSTREAMS_GROUP: Group = Group {
    heading: "TLS to Access Manager and the ledger",
    settings: &[&UPSTREAM_CA_FILE, &UPSTREAM_CLIENT_CERT_FILE, &UPSTREAM_CLIENT_KEY_FILE],
};

/// TLS in both directions.
#[derive(Clone, Debug)]
pub struct Tls {
    /// Of our own port; `None`: it is served without.
    pub own_port: Option<OwnPort>,
    /// To Access Manager, the ledger and the key server.
    pub upstreams: UpstreamTls,
    /// The settings that name a private key which others may read.
    pub open_keys: Vec<&'static str>,
}

impl Tls {
    /// What was read, of both directions.
    pub(super) fn of(own_port: OwnPortTls, upstreams: UpstreamsTls) -> Self {
        let open_keys = own_port.open_key.into_iter().chain(upstreams.open_key).collect();
        Self { own_port: own_port.tls, upstreams: upstreams.tls, open_keys }
    }

    /// What is to be read again when it changes.
    pub fn watched(&self) -> Vec<Arc<dyn Watched>> {
        let own_port = self.own_port.as_ref().map(OwnPort::watched);
        own_port.into_iter().chain(self.upstreams.watched()).collect()
    }
}

/// TLS of our own port.
pub(super) struct OwnPortTls {
    pub(super) tls: Option<OwnPort>,
    open_key: Option<&'static str>,
}

impl OwnPortTls {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Faulted> {
        let pair = pair(reader, &TLS_CERT_FILE, &TLS_KEY_FILE);
        let client_authorities = file(reader, &TLS_CLIENT_CA_FILE);
        let (pair, client_authorities) = (pair?, client_authorities?);
        let Some((certificate, key)) = pair else {
            if client_authorities.is_some() {
                let wrong =
                    Wrong::new("is set, and TLS_CERT_FILE is not", "set TLS_CERT_FILE and TLS_KEY_FILE");
                return Err(reader.fault(TLS_CLIENT_CA_FILE.name, wrong));
            }
            return Ok(Self { tls: None, open_key: None });
        };
        let open_key = open(&key);
        let tls = OwnPort::load(OwnPortFiles { certificate, key, client_authorities });
        Ok(Self { tls: Some(tls.map_err(|problems| faults(reader, problems))?), open_key })
    }
}

/// TLS to the upstreams.
pub(super) struct UpstreamsTls {
    pub(super) tls: UpstreamTls,
    open_key: Option<&'static str>,
}

impl UpstreamsTls {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Faulted> {
        let authorities = file(reader, &UPSTREAM_CA_FILE);
        let identity = pair(reader, &UPSTREAM_CLIENT_CERT_FILE, &UPSTREAM_CLIENT_KEY_FILE);
        let (authorities, identity) = (authorities?, identity?);
        let open_key = identity.as_ref().and_then(|(_, key)| open(key));
        let tls = UpstreamTls::load(UpstreamFiles { authorities, identity });
        Ok(Self { tls: tls.map_err(|problems| faults(reader, problems))?, open_key })
    }
}

fn open(key: &NamedFile) -> Option<&'static str> {
    key.is_open_to_others().then_some(key.setting)
}

fn file(reader: &mut Reader<'_>, setting: &Setting) -> Result<Option<NamedFile>, Faulted> {
    let path = reader.given(setting)?;
    Ok(path.map(|path| NamedFile { setting: setting.name, path: PathBuf::from(path) }))
}

/// A certificate and its key: both or none.
fn pair(
    reader: &mut Reader<'_>,
    certificate: &Setting,
    key: &Setting,
) -> Result<Option<(NamedFile, NamedFile)>, Faulted> {
    let (found, found_key) = (file(reader, certificate), file(reader, key));
    let (missing, given) = match (found?, found_key?) {
        (Some(found), Some(found_key)) => return Ok(Some((found, found_key))),
        (None, None) => return Ok(None),
        (Some(_), None) => (key, certificate),
        (None, Some(_)) => (certificate, key),
    };
    let wrong = format!("is required with {}", given.name);
    Err(reader.fault(missing.name, Wrong::new(wrong, "set both, or none of the two")))
}

fn faults(reader: &mut Reader<'_>, problems: Vec<Problem>) -> Faulted {
    for problem in problems {
        reader.fault(problem.setting, Wrong::new(problem.wrong, problem.remedy));
    }
    Faulted
}
