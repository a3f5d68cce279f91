//! Passwords and certificates, for real: against servers that want them.

use super::super::app::{App, KEYS, binary};
use super::own_server::OwnServer;
use std::process::Output;

/// `holdergraph migrate --check`, which connects and looks.
fn look(settings: &[(&str, &str)]) -> Output {
    let mut command = binary();
    command.args(["migrate", "--check"]).env("DEPLOYMENT_MODE", "local");
    // A server that cannot be spoken to is not waited for any longer than it takes to be sure.
    command.env("MONGO_SERVER_SELECTION_TIMEOUT", "1s").envs(settings.iter().copied());
    let output = command.output().unwrap();
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(!said.contains("hunter2"), "a password is in:\n{said}");
    output
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// It got in: the empty database lacks all that it needs.
fn gets_in(settings: &[(&str, &str)]) {
    let output = look(settings);
    assert_eq!(output.status.code(), Some(3), "{settings:?}: {}", text(&output.stderr));
    assert!(text(&output.stdout).contains("make the index holders.claims"), "{}", text(&output.stdout));
}

fn stays_out(settings: &[(&str, &str)], why: &str) {
    let output = look(settings);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{settings:?}: {said}");
    assert!(said.contains(why), "{why:?} is not in:\n{said}");
}

/// Percent-encoded by hand: the code under test has its own way.
const ENCODED: &str = "hunter2%2F%40%3A%25%3F%23%5B%C3%B6";

#[tokio::test]
async fn scram_lets_in_whoever_knows_the_password_and_the_password_goes_nowhere_else() {
    let server = OwnServer::start(&[("MONGO_TEST_AUTH", "1")]);
    let port = server.port.to_string();
    let at = [("MONGO_URI", "mongodb"), ("MONGO_HOST", "127.0.0.1"), ("MONGO_PORT", port.as_str())];
    let parts = |user: &'static str, password: &'static str| {
        let own = [("MONGO_USER", user), ("MONGO_PASSWORD", password)];
        at.iter().copied().chain(own).collect::<Vec<_>>()
    };
    gets_in(&parts(OwnServer::USER, OwnServer::PASSWORD));
    let whole = |password: &str| format!("mongodb://{}:{password}@127.0.0.1:{port}/", OwnServer::USER);
    gets_in(&[("MONGO_URI", &whole(ENCODED))]);
    gets_in(&[("MONGO_URI", &format!("{}?authMechanism=SCRAM-SHA-256&authSource=admin", whole(ENCODED)))]);

    let refused = "the server does not accept the credentials: check MONGO_USER and MONGO_PASSWORD";
    stays_out(&parts(OwnServer::USER, "hunter2"), refused);
    stays_out(&parts("nobody", OwnServer::PASSWORD), refused);
    stays_out(&[("MONGO_URI", &whole("hunter2"))], refused);
    stays_out(&at, "the user may not use the database crm: grant it readWrite there");

    let upstreams = App::sandbox();
    let mut settings = parts(OwnServer::USER, OwnServer::PASSWORD);
    settings.push(("LOG_LEVEL", "trace"));
    let app = App::serve(&upstreams, &settings);
    app.holder().await;
    let (status, ready) = app.get("/readyz").await;
    assert_eq!(status, 200, "{ready}");
    let log = app.log();
    app.stop();
    assert!(log.contains("serving"), "{log}");
    for spelling in [OwnServer::PASSWORD, ENCODED, "hunter2"] {
        assert!(!log.contains(spelling) && !ready.contains(spelling), "the password is in the log");
    }
}

#[test]
fn a_server_that_refuses_the_password_refuses_the_start() {
    let server = OwnServer::start(&[("MONGO_TEST_AUTH", "1")]);
    let output = binary()
        .arg("serve")
        .envs([KEYS[0], KEYS[1], KEYS[2], ("DEPLOYMENT_MODE", "local"), ("LOG_LEVEL", "trace")])
        .envs([("PLUGIN_AUTH_ADDRESS", "http://127.0.0.1:1"), ("MIDAZ_LEDGER_URL", "http://127.0.0.1:1")])
        .envs([("SERVER_ADDRESS", "127.0.0.1:0"), ("OPS_ADDRESS", "127.0.0.1:0")])
        .env("MONGO_URI", format!("mongodb://tester:hunter2@127.0.0.1:{}/", server.port))
        .output()
        .unwrap();
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("does not accept the credentials") && !said.contains("hunter2"), "{said}");
}

type Given<'a> = (&'a str, &'a str);

fn all<'a>(uri: &'a str, ca: &[Given<'a>], client: &[Given<'a>]) -> Vec<Given<'a>> {
    [&[("MONGO_URI", uri)], ca, client].concat()
}

#[test]
fn tls_lets_in_only_certificates_of_the_authority_with_the_right_name() {
    let (server, ours, theirs) = OwnServer::with_certificates();
    let uri = format!("mongodb://127.0.0.1:{}/", server.port);
    let with_tls = format!("{uri}?tls=true");
    let by_name = with_tls.replace("127.0.0.1", "localhost");
    let (our_ca, their_ca) = (ours.file("ca.pem"), theirs.file("ca.pem"));
    let (certificate, key) = (ours.file("client.pem"), ours.file("client.key"));
    let (foreign_certificate, foreign_key) = (theirs.file("client.pem"), theirs.file("client.key"));
    let client = [("MONGO_TLS_CLIENT_CERT_FILE", certificate.as_str()), ("MONGO_TLS_CLIENT_KEY_FILE", &key)];
    let foreign = [
        ("MONGO_TLS_CLIENT_CERT_FILE", foreign_certificate.as_str()),
        ("MONGO_TLS_CLIENT_KEY_FILE", &foreign_key),
    ];
    let ca = [("MONGO_TLS_CA_CERT_FILE", our_ca.as_str())];
    gets_in(&all(&with_tls, &ca, &client));
    // Certificates turn TLS on; and they may come as the driver's own parameters.
    gets_in(&all(&uri, &ca, &client));
    let pem = std::fs::read_to_string(&our_ca).unwrap();
    gets_in(&all(&with_tls, &[("MONGO_TLS_CA_CERT", &pem)], &client));

    let unreachable = "no server that takes writes can be reached";
    stays_out(&all(&with_tls, &[("MONGO_TLS_CA_CERT_FILE", &their_ca)], &client), "UnknownIssuer");
    stays_out(&all(&with_tls, &[], &client), "UnknownIssuer");
    stays_out(&all(&by_name, &ca, &client), "certificate not valid for name");
    stays_out(&all(&with_tls, &ca, &[]), unreachable);
    stays_out(&all(&with_tls, &ca, &foreign), unreachable);
    stays_out(&all(&uri, &[], &[]), unreachable);
    // Only whoever says so takes any server, and never outside local.
    gets_in(&all(&format!("{with_tls}&tlsAllowInvalidCertificates=true"), &[], &client));
}
