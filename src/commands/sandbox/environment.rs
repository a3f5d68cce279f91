//! The environment that the sandbox gives the service: its own keys and upstreams, and what the user may choose.

use super::Arguments;
use super::files::SandboxKeys;
use crate::config::process_environment;
use crate::sandbox::{Application, Running};
use std::ffi::OsString;

/// What the service's settings are read from.
pub(super) struct Environment<'a> {
    pub(super) arguments: &'a Arguments,
    pub(super) keys: &'a SandboxKeys,
    pub(super) application: &'a Application,
    pub(super) access_manager: &'a Running,
    pub(super) ledger: &'a Running,
}

impl Environment<'_> {
    /// The value of a setting. Only settings that concern neither keys nor upstreams come from outside.
    pub(super) fn get(&self, name: &str) -> Option<OsString> {
        match name {
            "SERVER_ADDRESS" => Some(self.arguments.server_address.clone().into()),
            "OPS_ADDRESS" => Some(self.arguments.ops_address.clone().into()),
            "DATA_DIR" => Some(self.arguments.data_dir.clone().into()),
            "DEPLOYMENT_MODE" => Some("local".into()),
            "PLUGIN_AUTH_ADDRESS" => Some(self.access_manager.url().into()),
            "MIDAZ_LEDGER_URL" => Some(self.ledger.url().into()),
            "MIDAZ_CLIENT_ID" => Some(self.application.client_id.as_str().into()),
            "MIDAZ_CLIENT_SECRET" => Some(self.application.client_secret.as_str().into()),
            "GRAPHIQL_ENABLED" => Some("true".into()),
            // For trying: the schema can be asked for, by any tool, and nothing has to have a name.
            "INTROSPECTION_ENABLED" | "GET_ENABLED" => {
                Some(process_environment(name).unwrap_or_else(|| "true".into()))
            }
            "OPERATION_NAME_REQUIRED" => Some(process_environment(name).unwrap_or_else(|| "false".into())),
            "LCRYPTO_ENCRYPT_SECRET_KEY" => Some(self.keys.encrypt.as_str().into()),
            "LCRYPTO_HASH_SECRET_KEY" => Some(self.keys.hash.as_str().into()),
            "AUDIT_SECRET_KEY" => Some(self.keys.audit.as_str().into()),
            // Nobody balances load onto a sandbox: it may leave at once.
            "DRAIN_SECONDS" => Some(process_environment(name).unwrap_or_else(|| "0".into())),
            // How decisions are used, not who makes them.
            "AUTH_CACHE_TTL" | "AUTH_PII_RESOURCE" => process_environment(name),
            // No AUTH_JWKS_URL either: tokens are decoded only, so that the sandbox's Access Manager sees forged ones too.
            name if name.starts_with("PLUGIN_")
                || name.starts_with("AUTH_")
                || name.starts_with("LCRYPTO_")
                || name.starts_with("MIDAZ_")
                || name.starts_with("MONGO_")
                || name.starts_with("TLS_") =>
            {
                None
            }
            "AUDIT_SECRET_KEY_FILE"
            | "ALLOW_INSECURE_TLS"
            | "UPSTREAM_CA_FILE"
            | "UPSTREAM_CLIENT_CERT_FILE"
            | "UPSTREAM_CLIENT_KEY_FILE" => None,
            name => process_environment(name),
        }
    }
}
