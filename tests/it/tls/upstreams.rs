//! TLS to Access Manager and the ledger, under an authority of the test's own.

use super::super::app::{App, CREATE_ALIAS, CREATE_HOLDER, code, new_holder};
use super::super::links::front::Front;
use super::super::links::{onboarded, said, verify};
use super::forwarder::Forwarder;
use super::{Authority, CLIENT, Mounted, authority, eventually};
use serde_json::{Value, json};
use std::process::Stdio;

/// Both upstreams of a sandbox, behind TLS.
struct Behind {
    sandbox: App,
    access_manager: Forwarder,
    ledger: Forwarder,
}

impl Behind {
    fn tls(authority: &Authority, name: &str, clients: Option<&Authority>) -> Self {
        let sandbox = App::upstreams();
        let before =
            |what: &str| Forwarder::start(sandbox.info[what].as_str().unwrap(), authority, name, clients);
        let (access_manager, ledger) = (before("accessManager"), before("ledger"));
        Self { sandbox, access_manager, ledger }
    }

    /// A service that asks both over TLS.
    fn serve(&self, settings: &[(&str, &str)]) -> App {
        let upstreams = [
            ("PLUGIN_AUTH_ADDRESS", self.access_manager.url.as_str()),
            ("MIDAZ_LEDGER_URL", &self.ledger.url),
        ];
        App::serve(&self.sandbox, &[&upstreams, settings].concat())
    }

    /// A service that asks the ledger over TLS, and Access Manager without.
    fn serve_with_plain_access_manager(&self, settings: &[(&str, &str)]) -> App {
        let ledger = [("MIDAZ_LEDGER_URL", self.ledger.url.as_str())];
        App::serve(&self.sandbox, &[&ledger, settings].concat())
    }

    /// Neither can be asked, and it is no denial.
    async fn unavailable(&self, settings: &[(&str, &str)]) {
        let app = self.serve(settings);
        let answer = create(&app).await;
        assert_eq!(code(&answer), "AUTHORIZATION_UNAVAILABLE", "{settings:?}: {answer}");
        assert!(app.get("/readyz").await.1.contains("degraded"));
        app.stop();
        let app = self.serve_with_plain_access_manager(settings);
        let holder = app.holder().await;
        let input = app.link_input(&holder, &app.account(0));
        let answer = app.ask(CREATE_ALIAS, json!({"input": input})).await;
        assert_eq!(code(&answer), "LEDGER_UNAVAILABLE", "{settings:?}: {answer}");
        assert_eq!(app.stored().1, 0);
        app.stop();
    }

    /// Both are asked, and answer.
    async fn available(&self, settings: &[(&str, &str)]) {
        let app = self.serve(settings);
        let holder = app.holder().await;
        app.link(&holder, &app.account(0)).await;
        let ready = app.get("/readyz").await.1;
        assert!(ready.contains("\"ready\""), "{ready}");
        app.stop();
    }
}

async fn create(app: &App) -> Value {
    app.ask(CREATE_HOLDER, json!({"input": new_holder()})).await
}

#[tokio::test]
async fn only_certificates_of_the_named_authority_are_trusted() {
    let (ours, theirs) = (authority(), authority());
    let behind = Behind::tls(&ours, "server", None);
    // Outside local, as nothing is plain here but our own port.
    behind
        .available(&[
            ("UPSTREAM_CA_FILE", &ours.file("ca.pem")),
            ("DEPLOYMENT_MODE", "saas"),
            ("ALLOW_INSECURE_TLS", "true"),
        ])
        .await;
    behind.unavailable(&[]).await;
    behind.unavailable(&[("UPSTREAM_CA_FILE", &theirs.file("ca.pem"))]).await;
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_trusted() {
    let ours = authority();
    ours.sign("elsewhere", "subjectAltName=DNS:elsewhere.internal,IP:127.0.0.2");
    let behind = Behind::tls(&ours, "elsewhere", None);
    behind.unavailable(&[("UPSTREAM_CA_FILE", &ours.file("ca.pem"))]).await;
}

#[tokio::test]
async fn our_certificate_is_shown_where_they_ask_for_one() {
    let (ours, theirs) = (authority(), authority());
    for authority in [&ours, &theirs] {
        authority.sign("client", CLIENT);
    }
    let behind = Behind::tls(&ours, "server", Some(&ours));
    let ca = ours.file("ca.pem");
    let with = |authority: &Authority| {
        [
            ("UPSTREAM_CLIENT_CERT_FILE", authority.file("client.pem")),
            ("UPSTREAM_CLIENT_KEY_FILE", authority.file("client.key")),
        ]
    };
    for (authority, lets_in) in [(&ours, true), (&theirs, false)] {
        let files = with(authority);
        let mut settings = vec![("UPSTREAM_CA_FILE", ca.as_str())];
        settings.extend(files.iter().map(|(name, file)| (*name, file.as_str())));
        if lets_in {
            behind.available(&settings).await;
            // Without the authority it is shown too, to nobody who is trusted.
            behind.unavailable(&settings[1..]).await;
        } else {
            behind.unavailable(&settings).await;
        }
    }
    behind.unavailable(&[("UPSTREAM_CA_FILE", &ca)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_walk_over_all_links_reads_its_files_again() {
    let (ours, theirs, app) = (authority(), authority(), App::sandbox());
    let front = Front::of(&app);
    // A link a second, each over a connection of its own: far longer than it takes to look at the files again.
    onboarded(&app, 60).await;
    front.hang_up();
    let ledger = Forwarder::start(&front.url, &ours, "server", None);
    let mounted = Mounted::new(&[("ca.crt", ours.path("ca.pem"))]);
    let ca = mounted.file("ca.crt");
    let settings = [("MIDAZ_LEDGER_URL", ledger.url.as_str()), ("UPSTREAM_CA_FILE", &ca)];
    let mut command = verify(&app, &["--json", "--rate", "1"], &settings);
    let run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    eventually("asked", async || !front.asked().is_empty()).await;
    mounted.swap(&[("ca.crt", theirs.path("ca.pem"))]);
    let (code, stdout, stderr) = said(&run.wait_with_output().unwrap());
    let told: Value = serde_json::from_str(&stdout).unwrap();
    assert!(told["links"].as_u64() > Some(0), "it was trusted at first: {told}");
    assert_eq!((code, &told["complete"]), (Some(1), &json!(false)), "{told} {stderr}");
    assert!(stderr.contains("the ledger gives no answer"), "{stderr}");
}

#[tokio::test]
async fn authorities_and_our_certificate_change_with_their_files() {
    let (ours, theirs) = (authority(), authority());
    for authority in [&ours, &theirs] {
        authority.sign("client", CLIENT);
    }
    let files = |ca: &Authority, client: &Authority| {
        [
            ("ca.crt", ca.path("ca.pem")),
            ("tls.crt", client.path("client.pem")),
            ("tls.key", client.path("client.key")),
        ]
    };
    let mounted = Mounted::new(&files(&theirs, &theirs));
    let behind = Behind::tls(&ours, "server", Some(&ours));
    let (ca, certificate, key) = (mounted.file("ca.crt"), mounted.file("tls.crt"), mounted.file("tls.key"));
    let app = behind.serve(&[
        ("UPSTREAM_CA_FILE", &ca),
        ("UPSTREAM_CLIENT_CERT_FILE", &certificate),
        ("UPSTREAM_CLIENT_KEY_FILE", &key),
    ]);
    assert_eq!(code(&create(&app).await), "AUTHORIZATION_UNAVAILABLE");
    mounted.swap(&files(&ours, &theirs));
    app.signal("HUP");
    eventually("told", async || app.log().matches("new connections use them").count() == 1).await;
    assert_eq!(code(&create(&app).await), "AUTHORIZATION_UNAVAILABLE", "they do not know our certificate");
    mounted.swap(&files(&ours, &ours));
    app.signal("HUP");
    eventually("allowed", async || create(&app).await["errors"].is_null()).await;
    app.stop();
}
