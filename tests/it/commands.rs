//! The commands that print something and end.

use super::app::binary;
use std::collections::HashSet;
use std::process::Output;

fn run(arguments: &[&str]) -> Output {
    binary().args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn schema_graphql_is_what_the_code_prints() {
    let printed = text(&run(&["schema"]).stdout);
    let file = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql")).unwrap();
    assert!(
        printed == file,
        "schema.graphql has drifted: run `cargo run -- schema > schema.graphql` and look at the difference"
    );
}

#[test]
fn keys_generate_makes_a_fresh_set_each_time_that_serve_takes() {
    let mut seen = HashSet::new();
    for _ in 0..5 {
        let output = run(&["keys", "generate"]);
        assert!(output.status.success());
        for line in text(&output.stdout).lines() {
            let (name, key) = line.split_once('=').unwrap();
            let known = ["LCRYPTO_ENCRYPT_SECRET_KEY", "LCRYPTO_HASH_SECRET_KEY", "AUDIT_SECRET_KEY"];
            assert!(known.contains(&name));
            assert!(key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit()));
            assert!(seen.insert(key.to_owned()));
        }
    }
    assert_eq!(seen.len(), 15);
    let json: serde_json::Value =
        serde_json::from_slice(&run(&["keys", "generate", "--json"]).stdout).unwrap();
    assert_eq!(json["LCRYPTO_HASH_SECRET_KEY"].as_str().unwrap().len(), 64);
    assert_eq!(json["AUDIT_SECRET_KEY"].as_str().unwrap().len(), 64);
}

#[test]
fn help_lists_the_commands_and_every_setting_with_its_default() {
    let help = text(&run(&["--help"]).stdout);
    for command in [
        "serve", "sandbox", "schema", "health", "smoke", "check", "migrate", "keys", "links", "audit",
        "Examples",
    ] {
        assert!(help.contains(command), "{command}");
    }
    let help = text(&run(&["serve", "--help"]).stdout);
    for setting in [
        "SERVER_ADDRESS",
        "127.0.0.1:4003",
        "OPS_ADDRESS",
        "127.0.0.1:9103",
        "DEPLOYMENT_MODE",
        "ALLOW_INSECURE_TLS",
        "PLUGIN_AUTH_ENABLED",
        "PLUGIN_AUTH_ADDRESS",
        "PLUGIN_AUTH_HOST",
        "AUTH_BEARER_PREFIX",
        "AUTH_PRODUCT",
        "plugin-crm",
        "AUTH_ALIAS_RESOURCE",
        "AUTH_JWKS_URL",
        "AUTH_PUBLIC_KEY_FILE",
        "AUTH_ISSUER",
        "AUTH_AUDIENCE",
        "AUTH_ORGANIZATIONS_CLAIM",
        "MIDAZ_LEDGER_URL",
        "LEDGER_HOLDER_CHECK",
        "LINK_CHECK_INTERVAL",
        "LCRYPTO_ENCRYPT_SECRET_KEY",
        "LCRYPTO_HASH_SECRET_KEY_FILE",
        "AUDIT_SECRET_KEY_FILE",
        "AUDIT_RETENTION",
        "AUDIT_STREAM",
        "DATA_DIR",
        "MONGO_URI_FILE",
        "MONGO_MAX_POOL_SIZE",
        "LOG_LEVEL",
        "REQUEST_TIMEOUT",
        "UPSTREAM_CONNECT_TIMEOUT",
        "UPSTREAM_ATTEMPT_TIMEOUT",
        "METADATA_GUARD",
        "METADATA_GUARD_ALLOW",
        "GRAPHIQL_ENABLED",
        "TRUSTED_DOCUMENTS",
        "TRUSTED_DOCUMENTS_FILE",
        "AUTOMATIC_PERSISTED_QUERIES",
        "RATE_LIMIT_PER_MINUTE",
        "RATE_LIMIT_BURST",
        "LOOKUP_MISS_LIMIT",
        "DRAIN_SECONDS",
        "FEDERATION_ENABLED",
    ] {
        assert!(help.contains(setting), "{setting}");
    }
}

#[test]
fn those_that_ask_a_running_server_tell_their_settings_exit_codes_and_examples() {
    for (command, parts) in [
        ("health", &["OPS_ADDRESS", "127.0.0.1:9103", "--ready", "--json", "HEALTHCHECK"][..]),
        (
            "smoke",
            &[
                "--url",
                "SMOKE_TOKEN_FILE",
                "--organization",
                "--account",
                "--ca-file",
                "--json",
                "--manifest",
            ],
        ),
    ] {
        let help = text(&run(&[command, "--help"]).stdout);
        for part in parts.iter().chain(&["Exit codes: 0", "Examples:"]) {
            assert!(help.contains(part), "{command}: {part} is not in\n{help}");
        }
    }
}

#[test]
fn an_unknown_command_says_which_there_are() {
    let output = run(&["surve"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("serve"));
}
