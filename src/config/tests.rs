//! Every setting's default and faults, through the same door that `serve` uses. The process's own environment is
//! neither read nor changed.

use super::audit::AuditStream;
use super::faults::Faults;
use super::flags::Flags;
use super::logging::{LogFormat, LogLevel};
use super::mode::Deployment;
use super::tokens::TokenKeys;
use super::{Config, GROUPS};
use crate::access::ExpectedClaims;
use crate::domain::guard::GuardMode;
use crate::domain::link::HolderCheck;
use clap::{Args, Command, FromArgMatches};
use secrecy::ExposeSecret;
use std::collections::HashMap;
use std::ffi::OsString;

mod decisions;
mod documents;
mod federation;
mod graphql;
mod links;
mod lookups;
mod mongo;
mod rate_limit;
mod secrets;
mod single_faults;
mod telemetry;
mod tls;
mod tokens;
mod trusted;

/// What a start on one's own machine needs at least.
const LOCAL: [(&str, &str); 6] = [
    ("DEPLOYMENT_MODE", "local"),
    ("PLUGIN_AUTH_ADDRESS", "http://127.0.0.1:4000"),
    ("MIDAZ_LEDGER_URL", "http://127.0.0.1:3002"),
    ("LCRYPTO_ENCRYPT_SECRET_KEY", "encrypt-key-text"),
    ("LCRYPTO_HASH_SECRET_KEY", "hash-key-text"),
    ("AUDIT_SECRET_KEY", "audit-key-text"),
];

/// Loads with `LOCAL` changed so; an empty change of a name that is in `LOCAL` makes it blank, `-NAME` takes it away.
fn load(changes: &[(&str, &str)]) -> Result<Config, Faults> {
    load_with_flags(&Flags::default(), changes)
}

fn load_with_flags(flags: &Flags, changes: &[(&str, &str)]) -> Result<Config, Faults> {
    let mut variables: HashMap<&str, &str> = LOCAL.into_iter().collect();
    for (name, value) in changes {
        match name.strip_prefix('-') {
            Some(name) => variables.remove(name),
            None => variables.insert(name, value),
        };
    }
    Config::load(flags, |name| variables.get(name).map(OsString::from), |_, _| ())
}

fn flags(arguments: &[&str]) -> Flags {
    let command = Flags::augment_args(Command::new("serve").no_binary_name(true));
    Flags::from_arg_matches(&command.try_get_matches_from(arguments).unwrap()).unwrap()
}

fn faulty(faults: &Faults) -> Vec<&str> {
    faults.iter().map(|fault| fault.setting.as_str()).collect()
}

#[test]
fn defaults() {
    let config = load(&[]).unwrap();
    assert_eq!(config.server.address.to_string(), "127.0.0.1:4003");
    assert_eq!(config.server.ops_address.to_string(), "127.0.0.1:9103");
    assert!(!config.server.graphiql);
    assert_eq!(config.server.drain.as_secs(), 5);
    assert_eq!(config.server.shutdown_timeout.as_secs(), 20);
    assert!(!config.mode.allow_insecure_tls);
    let unset = load(&[("-DEPLOYMENT_MODE", ""), ("ALLOW_INSECURE_TLS", "true")]).unwrap();
    assert_eq!(unset.mode.deployment, Deployment::Saas);
    assert_eq!(config.access.manager.unwrap().as_str(), "http://127.0.0.1:4000/");
    assert!(config.access.bearer_prefix);
    assert_eq!(config.access.product, "plugin-crm");
    assert_eq!(config.access.alias_resource, "aliases");
    assert!(matches!(config.tokens.keys, TokenKeys::None));
    let ExpectedClaims { issuer, audience, organizations_claim } = config.tokens.expected;
    assert_eq!((issuer, audience, organizations_claim), (None, None, None));
    assert_eq!(config.ledger.holder_check, HolderCheck::Known);
    assert_eq!(config.links.interval, None);
    assert_eq!((config.audit.retention, config.audit.stream), (None, AuditStream::Off));
    assert_eq!(config.store.data_dir.to_str(), Some("./data"));
    assert_eq!(config.metadata_guard.mode, GuardMode::Reject);
    assert!(config.metadata_guard.allow.is_empty());
    assert_eq!(config.limits.request_timeout.as_millis(), 10_000);
    assert_eq!(config.limits.upstream_connect_timeout.as_millis(), 1_000);
    assert_eq!(config.limits.upstream_attempt_timeout.as_millis(), 2_000);
    assert_eq!(config.limits.max_body_bytes, 1_048_576);
    assert_eq!(config.logging.levels, LogLevel::Info.into());
    assert_eq!(config.logging.given_format, None);
}

#[test]
fn every_setting_is_taken_from_the_environment() {
    let config = load(&[
        ("SERVER_ADDRESS", ":4003"),
        ("OPS_ADDRESS", "[::1]:0"),
        ("GRAPHIQL_ENABLED", "true"),
        ("DRAIN_SECONDS", "0"),
        ("SHUTDOWN_TIMEOUT", "1m 30s"),
        ("-PLUGIN_AUTH_ADDRESS", ""),
        ("PLUGIN_AUTH_HOST", "https://auth.internal/base/"),
        ("AUTH_BEARER_PREFIX", "false"),
        ("AUTH_PRODUCT", "midaz"),
        ("AUTH_ALIAS_RESOURCE", "instruments"),
        ("AUTH_JWKS_URL", "https://sso.internal/keys?p=of-tokens"),
        ("AUTH_ISSUER", "https://sso.internal/"),
        ("AUTH_AUDIENCE", "holders"),
        ("AUTH_ORGANIZATIONS_CLAIM", "https://sso.internal/organizations"),
        ("MIDAZ_LEDGER_URL", " https://ledger.internal:3002/ "),
        ("LEDGER_HOLDER_CHECK", "strict"),
        ("MIDAZ_CLIENT_ID", "holdergraph"),
        ("MIDAZ_CLIENT_SECRET", "its-secret"),
        ("LINK_CHECK_INTERVAL", "7d"),
        ("AUDIT_RETENTION", "400d"),
        ("AUDIT_STREAM", "stdout"),
        ("DATA_DIR", "/var/lib/holdergraph"),
        ("METADATA_GUARD", "warn"),
        ("METADATA_GUARD_ALLOW", "orderNumber, batch"),
        ("REQUEST_TIMEOUT", "500ms"),
        ("UPSTREAM_CONNECT_TIMEOUT", "2s"),
        ("UPSTREAM_ATTEMPT_TIMEOUT", "3s"),
        ("MAX_BODY_BYTES", "2048"),
        ("LOG_LEVEL", "debug"),
        ("LOG_FORMAT", "json"),
    ])
    .unwrap();
    assert_eq!(config.server.address.to_string(), "[::]:4003");
    assert_eq!(config.server.ops_address.to_string(), "[::1]:0");
    assert!(config.server.graphiql);
    assert_eq!(config.server.drain.as_secs(), 0);
    assert_eq!(config.server.shutdown_timeout.as_secs(), 90);
    assert_eq!(config.access.manager.unwrap().as_str(), "https://auth.internal/base");
    assert!(!config.access.bearer_prefix);
    assert_eq!(config.access.product, "midaz");
    assert_eq!(config.access.alias_resource, "instruments");
    let TokenKeys::Published(url) = config.tokens.keys else { panic!() };
    assert_eq!(url.as_str(), "https://sso.internal/keys?p=of-tokens");
    assert_eq!(config.tokens.expected.issuer.as_deref(), Some("https://sso.internal/"));
    assert_eq!(config.tokens.expected.audience.as_deref(), Some("holders"));
    let claim = config.tokens.expected.organizations_claim;
    assert_eq!(claim.as_deref(), Some("https://sso.internal/organizations"));
    assert_eq!(config.ledger.url.as_str(), "https://ledger.internal:3002/");
    assert_eq!(config.ledger.holder_check, HolderCheck::Strict);
    assert_eq!(config.ledger.client.unwrap().id, "holdergraph");
    assert_eq!(config.links.interval.unwrap().as_secs(), 7 * 24 * 60 * 60);
    assert_eq!(config.audit.retention.unwrap().as_secs(), 400 * 24 * 60 * 60);
    assert_eq!(config.audit.stream, AuditStream::Stdout);
    assert_eq!(config.store.data_dir.to_str(), Some("/var/lib/holdergraph"));
    assert_eq!(config.metadata_guard.mode, GuardMode::Warn);
    assert!(config.metadata_guard.allow.iter().eq(["batch", "orderNumber"]));
    assert_eq!(config.limits.request_timeout.as_millis(), 500);
    assert_eq!(config.limits.upstream_connect_timeout.as_millis(), 2_000);
    assert_eq!(config.limits.upstream_attempt_timeout.as_millis(), 3_000);
    assert_eq!(config.limits.max_body_bytes, 2048);
    assert_eq!(config.logging.levels, LogLevel::Debug.into());
    assert_eq!(config.logging.given_format, Some(LogFormat::Json));
}

#[test]
fn a_flag_wins_over_its_variable_also_when_it_is_blank() {
    let given = flags(&["--log-level", "warn", "--request-timeout", ""]);
    let config = load_with_flags(&given, &[("LOG_LEVEL", "nonsense"), ("REQUEST_TIMEOUT", "3s")]).unwrap();
    assert_eq!(config.logging.levels, LogLevel::Warn.into());
    assert_eq!(config.limits.request_timeout.as_secs(), 10);
}

/// Where blank is a fault, for the service would run without what was meant.
const NEVER_BLANK: [&str; 12] = [
    "DEPLOYMENT_MODE",
    "PLUGIN_AUTH_ADDRESS",
    "PLUGIN_AUTH_HOST",
    "AUTH_JWKS_URL",
    "AUTH_PUBLIC_KEY_FILE",
    "AUTH_ISSUER",
    "AUTH_AUDIENCE",
    "AUTH_ORGANIZATIONS_CLAIM",
    "AUTH_PII_RESOURCE",
    "MIDAZ_LEDGER_URL",
    "RATE_LIMIT_PER_MINUTE",
    "TRUSTED_DOCUMENTS",
];

#[test]
fn a_blank_value_counts_as_unset() {
    let blanks: Vec<(&str, &str)> = GROUPS
        .iter()
        .flat_map(|group| group.settings)
        .map(|setting| (setting.name, " "))
        .filter(|(name, _)| !NEVER_BLANK.contains(name))
        .collect();
    assert!(blanks.len() > 15);
    load(&blanks).unwrap();
}

#[test]
fn a_blank_value_of_what_switches_a_check_on_is_a_fault() {
    for (name, value) in [
        ("AUTH_JWKS_URL", "URL"),
        ("AUTH_PUBLIC_KEY_FILE", "PATH"),
        ("AUTH_ISSUER", "TEXT"),
        ("AUTH_AUDIENCE", "TEXT"),
        ("AUTH_ORGANIZATIONS_CLAIM", "NAME"),
        ("AUTH_PII_RESOURCE", "NAME"),
        ("RATE_LIMIT_PER_MINUTE", "REQUESTS|off"),
        ("TRUSTED_DOCUMENTS", "off|warn|enforce"),
    ] {
        let flag = format!("--{}=", name.to_lowercase().replace('_', "-"));
        let by_flag = load_with_flags(&flags(&[&flag]), &[]);
        for faults in [load(&[(name, "")]), load(&[(name, " \t")]), by_flag].map(Result::unwrap_err) {
            assert_eq!(faulty(&faults), [name]);
            let remedy =
                format!("is blank, which may be a value that was lost on its way; set {name}=<{value}>");
            assert!(faults.to_string().contains(&remedy), "{faults}");
        }
    }
}

#[test]
fn all_faults_are_named_at_once() {
    let judge = |keys: &super::keys::GivenKeys, faults: &mut Faults| {
        assert!(keys.hash.is_none());
        assert_eq!(keys.encrypt.as_ref().unwrap().expose_secret(), "short");
        faults.push("LCRYPTO_ENCRYPT_SECRET_KEY", "is no key", "make one");
    };
    let variables = HashMap::from([
        ("LCRYPTO_ENCRYPT_SECRET_KEY", "short"),
        ("SERVER_ADDRESS", "nowhere"),
        ("LOG_LEVEL", "loud"),
        ("DEPLOYMENT_MODE", "mars"),
        ("REQUEST_TIMEOUT", "10"),
        ("PLUGIN_AUTH_ADDRESS", ""),
        ("METADATA_GUARD_ALLOW", "a,,b"),
    ]);
    let environment = |name: &str| variables.get(name).map(OsString::from);
    let faults = Config::load(&Flags::default(), environment, judge).unwrap_err();
    assert_eq!(
        faulty(&faults),
        [
            "DEPLOYMENT_MODE",
            "SERVER_ADDRESS",
            "PLUGIN_AUTH_ADDRESS",
            "MIDAZ_LEDGER_URL",
            "LCRYPTO_HASH_SECRET_KEY",
            "AUDIT_SECRET_KEY",
            "LCRYPTO_ENCRYPT_SECRET_KEY",
            "METADATA_GUARD_ALLOW",
            "REQUEST_TIMEOUT",
            "LOG_LEVEL",
        ]
    );
    assert_eq!(faults.to_string().lines().count(), 10);
    assert!(faults.to_string().contains("LCRYPTO_ENCRYPT_SECRET_KEY: is no key; make one\n"));
}

#[test]
fn what_the_judge_finds_refuses_the_start() {
    let variables: HashMap<&str, &str> = LOCAL.into_iter().collect();
    let environment = |name: &str| variables.get(name).map(OsString::from);
    let judge = |_: &super::keys::GivenKeys, faults: &mut Faults| faults.push("KEY", "is bad", "make one");
    let faults = Config::load(&Flags::default(), environment, judge).unwrap_err();
    assert_eq!(faulty(&faults), ["KEY"]);
}

/// Mode × scheme of both upstreams × ALLOW_INSECURE_TLS.
#[test]
fn plain_http_passes_only_in_local_mode_or_where_it_is_allowed() {
    for mode in ["local", "byoc", "saas", ""] {
        for scheme in ["http", "https"] {
            for allow in ["true", "false", ""] {
                let (auth, ledger) = (format!("{scheme}://auth:1"), format!("{scheme}://ledger:2"));
                let outcome = load(&[
                    ("DEPLOYMENT_MODE", mode),
                    ("PLUGIN_AUTH_ADDRESS", &auth),
                    ("MIDAZ_LEDGER_URL", &ledger),
                    ("ALLOW_INSECURE_TLS", allow),
                ]);
                let case = format!("{mode} {scheme} {allow}");
                if mode == "local" || allow == "true" {
                    let warnings = outcome.expect(&case).warnings();
                    let expected = match (allow, scheme) {
                        ("true", "http") => 3,
                        ("true", _) => 1,
                        _ => 0,
                    };
                    assert_eq!(warnings.len(), expected, "{case}: {warnings:?}");
                    continue;
                }
                let faults = outcome.expect_err(&case);
                let expected: &[&str] = match scheme {
                    "http" => &["SERVER_ADDRESS", "PLUGIN_AUTH_ADDRESS", "MIDAZ_LEDGER_URL"],
                    _ => &["SERVER_ADDRESS"],
                };
                assert_eq!(faulty(&faults), expected, "{case}");
                assert!(
                    faults.iter().all(|fault| fault.remedy.contains("ALLOW_INSECURE_TLS=true")),
                    "{case}"
                );
            }
        }
    }
}

#[test]
fn without_access_manager_only_in_local_mode_and_with_a_warning() {
    let config = load(&[("PLUGIN_AUTH_ENABLED", "false"), ("PLUGIN_AUTH_ADDRESS", "")]).unwrap();
    assert!(config.access.manager.is_none());
    assert_eq!(config.warnings(), ["PLUGIN_AUTH_ENABLED=false: every caller may do everything"]);
    for mode in ["byoc", "saas", ""] {
        let changes =
            [("PLUGIN_AUTH_ENABLED", "false"), ("DEPLOYMENT_MODE", mode), ("ALLOW_INSECURE_TLS", "true")];
        assert_eq!(faulty(&load(&changes).unwrap_err()), ["PLUGIN_AUTH_ENABLED"], "{mode}");
    }
}

#[test]
fn both_names_of_access_manager_may_say_the_same() {
    let config = load(&[("PLUGIN_AUTH_HOST", "http://127.0.0.1:4000/")]).unwrap();
    assert_eq!(config.access.manager.unwrap().as_str(), "http://127.0.0.1:4000/");
}

#[test]
#[cfg(unix)]
fn bytes_that_are_no_text_are_a_fault() {
    use std::os::unix::ffi::OsStringExt;
    let variables: HashMap<&str, &str> = LOCAL.into_iter().collect();
    let environment = |name: &str| match name {
        "DATA_DIR" => Some(OsString::from_vec(vec![b'/', 0xff])),
        _ => variables.get(name).map(OsString::from),
    };
    let faults = Config::load(&Flags::default(), environment, |_, _| ()).unwrap_err();
    assert_eq!(faulty(&faults), ["DATA_DIR"]);
}

#[test]
fn help_names_every_setting_with_its_flag_and_default() {
    let mut command = Flags::augment_args(Command::new("serve"));
    command.clone().debug_assert();
    let help = command.render_long_help().to_string();
    for setting in GROUPS.iter().flat_map(|group| group.settings) {
        assert_eq!(setting.flag, setting.name.to_lowercase().replace('_', "-"));
        assert!(help.contains(&format!("--{} <{}>", setting.flag, setting.value)), "{}", setting.name);
        assert!(help.contains(&format!("[env: {}]", setting.name)), "{}", setting.name);
        if let Some(default) = setting.default() {
            assert!(help.contains(&format!("[default: {default}]")), "{}", setting.name);
        }
    }
    for group in GROUPS {
        assert!(help.contains(&format!("{}:\n", group.heading)), "{}", group.heading);
    }
}

/// clap itself never stops at a bad value: that would hide the other faults.
#[test]
fn values_that_look_like_options_are_faults_too() {
    let given = flags(&["--drain-seconds", "-1", "--max-body-bytes=--log-level", "--log-level="]);
    assert_eq!(faulty(&load_with_flags(&given, &[]).unwrap_err()), ["DRAIN_SECONDS", "MAX_BODY_BYTES"]);
}
