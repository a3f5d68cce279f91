//! Where the service runs, and whether connections without TLS are let pass there.

use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::{Wrong, boolean, choice};

static DEPLOYMENT_MODE: Setting = Setting {
    name: "DEPLOYMENT_MODE",
    flag: "deployment-mode",
    value: "local|byoc|saas",
    unset: Unset::Default("saas"),
    help: "Where it runs: local is a machine of your own.\n\
           Outside local, connections without TLS and a service without Access Manager are refused.",
};

static ALLOW_INSECURE_TLS: Setting = Setting {
    name: "ALLOW_INSECURE_TLS",
    flag: "allow-insecure-tls",
    value: "true|false",
    unset: Unset::Default("false"),
    help: "Let connections without TLS pass outside local.\n\
           For clusters where a mesh or a proxy does the TLS; it is warned about at the start and in /readyz.",
};

pub(super) static GROUP: Group =
    Group { heading: "Deployment", settings: &[&DEPLOYMENT_MODE, &ALLOW_INSECURE_TLS] };

/// Where the service runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deployment {
    /// A machine of one's own.
    Local,
    /// In the customer's own cloud.
    Byoc,
    /// As a service for many: the strict one.
    Saas,
}

/// What the place of the deployment permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// Where the service runs.
    pub deployment: Deployment,
    /// Whether connections without TLS are let pass outside local.
    pub allow_insecure_tls: bool,
}

impl Mode {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Faulted> {
        let choices = [("local", Deployment::Local), ("byoc", Deployment::Byoc), ("saas", Deployment::Saas)];
        let deployment = reader.value(&DEPLOYMENT_MODE, |text| choice(text, &choices));
        let allow_insecure_tls = reader.value(&ALLOW_INSECURE_TLS, boolean);
        Ok(Self { deployment: deployment?, allow_insecure_tls: allow_insecure_tls? })
    }

    /// Whether this is a machine of one's own.
    pub fn is_local(&self) -> bool {
        self.deployment == Deployment::Local
    }

    /// Whether a connection may be used that others can listen to; `what` it is, and `instead` what else could be done
    /// about it.
    pub(super) fn check_plain(&self, what: &str, instead: &str) -> Result<(), Wrong> {
        if self.is_local() || self.allow_insecure_tls {
            return Ok(());
        }
        Err(Wrong::new(
            format!("{what} is refused outside DEPLOYMENT_MODE=local"),
            format!("{instead}, or ALLOW_INSECURE_TLS=true where a mesh or a proxy does the TLS"),
        ))
    }
}
