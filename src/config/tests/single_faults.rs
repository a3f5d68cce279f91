//! One bad setting each, and what is said of it.

use super::{faulty, load};

/// Setting, value, and a part of the message; all else is right.
const FAULTS: &[(&str, &str, &str)] = &[
    ("SERVER_ADDRESS", "4003", "is no address to listen on; set IP:PORT"),
    ("OPS_ADDRESS", "metrics:9103", "is no address to listen on"),
    ("OPS_ADDRESS", ":4003", "is the same port as SERVER_ADDRESS"),
    ("GRAPHIQL_ENABLED", "yes", r#""yes" is neither true nor false; set true or false"#),
    ("INTROSPECTION_ENABLED", "on", "is neither true nor false"),
    ("OPERATION_NAME_REQUIRED", "no", "is neither true nor false"),
    ("GET_ENABLED", "1", "is neither true nor false"),
    ("BATCH_MAX", "0", r#""0" is no whole number from 1 to 100"#),
    ("BATCH_MAX", "101", r#""101" is no whole number from 1 to 100"#),
    ("DRAIN_SECONDS", "5s", r#""5s" is no whole number from 0 to 3600; write digits only"#),
    ("DRAIN_SECONDS", "-1", r#""-1" is no whole number"#),
    ("DRAIN_SECONDS", "3601", r#""3601" is no whole number from 0 to 3600"#),
    ("SHUTDOWN_TIMEOUT", "0s", r#""0s" is zero"#),
    ("DEPLOYMENT_MODE", "Local", r#""Local" is none of its values; set one of local, byoc, saas"#),
    ("ALLOW_INSECURE_TLS", "1", r#""1" is neither true nor false"#),
    ("PLUGIN_AUTH_ENABLED", "FALSE", r#""FALSE" is neither true nor false"#),
    ("PLUGIN_AUTH_ADDRESS", "", "is blank, and without Access Manager the service refuses to start"),
    ("PLUGIN_AUTH_HOST", " ", "is blank, and without Access Manager the service refuses to start"),
    ("-PLUGIN_AUTH_ADDRESS", "", "is required and not set; set the base URL of Access Manager"),
    ("PLUGIN_AUTH_HOST", "http://elsewhere:4000", "differs from PLUGIN_AUTH_ADDRESS"),
    ("PLUGIN_AUTH_ADDRESS", "auth:4000", "is no http or https URL; set http(s)://HOST"),
    ("PLUGIN_AUTH_ADDRESS", "https://", "is no http or https URL"),
    ("PLUGIN_AUTH_ADDRESS", "ftp://auth", "is no http or https URL"),
    ("PLUGIN_AUTH_ADDRESS", "http://au\tth", "is no http or https URL"),
    (
        "PLUGIN_AUTH_ADDRESS",
        "http://u:hunter2@auth",
        "holds a user name or password, which a base URL may not",
    ),
    ("MIDAZ_LEDGER_URL", "http://ledger?tenant=1", "holds a query"),
    (
        "MIDAZ_LEDGER_URL",
        "http://:hunter2@l/?a#b",
        "holds a user name or password and a query and a fragment",
    ),
    ("-MIDAZ_LEDGER_URL", "", "is required and not set; set MIDAZ_LEDGER_URL=<URL> or --midaz-ledger-url"),
    ("MIDAZ_LEDGER_URL", "  ", "is required and not set"),
    ("LEDGER_HOLDER_CHECK", "on", "set one of known, strict, off"),
    (
        "LINK_CHECK_INTERVAL",
        "3600",
        r#""3600" is a bare number, without a unit; write a number with its unit, from 1s"#,
    ),
    ("LINK_CHECK_INTERVAL", "999ms", "is shorter than a second"),
    ("LINK_CHECK_INTERVAL", "32d", "is longer than 31 days"),
    ("LINK_CHECK_INTERVAL", "0s", "is zero"),
    ("LINK_CHECK_INTERVAL", "1h", "needs a token of the service's own"),
    ("AUTH_BEARER_PREFIX", "Bearer", "is neither true nor false"),
    ("AUTH_PRODUCT", "plugin crm", r#""plugin crm" is no name"#),
    ("AUTH_ALIAS_RESOURCE", "aliases/all", "is no name"),
    (
        "AUTH_CACHE_TTL",
        "10",
        r#""10" is a bare number, without a unit; write a number with its unit, up to 5m"#,
    ),
    ("AUTH_CACHE_TTL", "none", r#""none" is no duration"#),
    ("AUTH_CACHE_TTL", "301s", "is longer than 5 minutes, for which a revoked right would live on"),
    ("AUTH_PII_RESOURCE", "holders pii", r#""holders pii" is no name"#),
    ("AUTH_JWKS_URL", "sso/jwks.json", "is no http or https URL; set http(s)://HOST"),
    ("AUTH_JWKS_URL", "ftp://sso/jwks.json", "is no http or https URL"),
    ("AUTH_JWKS_URL", "https://s\tso/jwks.json", "is no http or https URL"),
    ("AUTH_JWKS_URL", "https://u:hunter2@sso/", "holds a user name or password, which it may not"),
    ("AUTH_JWKS_URL", "https://sso/#keys", "holds a fragment"),
    ("AUTH_PUBLIC_KEY_FILE", "/nowhere/at/all.pem", r#"the file "/nowhere/at/all.pem" cannot be read"#),
    ("AUTH_PUBLIC_KEY_FILE", "Cargo.toml", "the file holds no `-----BEGIN PUBLIC KEY-----`; name a PEM file"),
    ("AUTH_ISSUER", "https://sso\u{7f}", "has control characters; write it as it stands in the tokens"),
    ("AUTH_AUDIENCE", "a\nb", r#""a\nb" is longer than 500 bytes, or has control characters"#),
    ("AUTH_ORGANIZATIONS_CLAIM", "a\u{0}b", "has control characters"),
    ("-LCRYPTO_ENCRYPT_SECRET_KEY", "", "is required and not set; set it, or name its file with LCRYPTO_"),
    ("LCRYPTO_HASH_SECRET_KEY", " \n", "is required and not set"),
    ("TRUSTED_DOCUMENTS", "on", "set one of off, warn, enforce"),
    ("TRUSTED_DOCUMENTS", " ", "is blank, which may be a value that was lost on its way"),
    (
        "AUTOMATIC_PERSISTED_QUERIES",
        "16MiB",
        r#""16MiB" is no whole number from 65536 to 1073741824; write a number"#,
    ),
    ("AUTOMATIC_PERSISTED_QUERIES", "16", r#""16" is no whole number"#),
    ("AUTOMATIC_PERSISTED_QUERIES", "+65536", "is no whole number"),
    ("AUTOMATIC_PERSISTED_QUERIES", "1073741825", "is no whole number"),
    ("RATE_LIMIT_PER_MINUTE", "0", r#""0" is no whole number from 1 to 1000000; write digits only"#),
    ("RATE_LIMIT_PER_MINUTE", "", "is blank, which may be a value that was lost on its way"),
    ("RATE_LIMIT_PER_MINUTE", "10/s", "is no whole number"),
    ("RATE_LIMIT_BURST", "10", "is set and RATE_LIMIT_PER_MINUTE is not"),
    ("RATE_LIMIT_BURST", "0", "is no whole number from 1 to 1000000"),
    ("METADATA_GUARD", "on", "set one of reject, warn, off"),
    ("METADATA_GUARD_ALLOW", "order,", "entry 2 cannot be a metadata key"),
    ("METADATA_GUARD_ALLOW", "a.b", "entry 1 cannot be a metadata key"),
    ("METADATA_GUARD_ALLOW", "$set", "entry 1 cannot be a metadata key"),
    ("REQUEST_TIMEOUT", "10", r#""10" is a bare number, without a unit; write a number with its unit"#),
    ("REQUEST_TIMEOUT", "0.5", r#""0.5" is a bare number"#),
    ("REQUEST_TIMEOUT", "ten seconds", r#""ten seconds" is no duration"#),
    ("REQUEST_TIMEOUT", "-5s", "is no duration"),
    ("REQUEST_TIMEOUT", "99999999999999999999s", "is no duration"),
    ("UPSTREAM_CONNECT_TIMEOUT", "0ms", "is zero"),
    ("UPSTREAM_ATTEMPT_TIMEOUT", "25h", "is longer than a day"),
    ("MAX_BODY_BYTES", "0", r#""0" is no whole number from 1 to 1073741824"#),
    ("MAX_BODY_BYTES", "1MiB", "is no whole number"),
    ("MAX_BODY_BYTES", "99999999999", "is no whole number"),
    ("LOG_LEVEL", "INFO", r#""INFO" is no level; write trace, debug, info, warn or error"#),
    ("LOG_LEVEL", "6a1f0c3b9d2e4857a1b2c3d4e5f60718", "the value is no level"),
    ("LOG_FORMAT", "text", "set one of json, pretty"),
];

#[test]
fn each_is_named_with_what_is_wrong_and_what_is_right() {
    for (setting, value, message) in FAULTS {
        let faults = load(&[(setting, value)]).expect_err(setting);
        let text = faults.to_string();
        assert_eq!(faulty(&faults), [setting.trim_start_matches('-')], "{value:?}: {text}");
        assert!(text.contains(message), "{value:?}: {text}");
        assert!(!text.contains("hunter2") && !text.contains("6a1f0c3b"), "{text}");
        assert_eq!(text.lines().count(), 1);
    }
}
