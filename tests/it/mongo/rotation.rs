//! Passwords, users and certificates of MongoDB that change while the service runs.

use super::super::app::{App, CREATE_HOLDER, new_holder};
use super::super::authority::Authority;
use super::super::tls::{Mounted, counted, eventually, replace};
use super::own_server::OwnServer;
use mongodb::Client;
use mongodb::bson::{Document, doc};
use mongodb::options::{ClientOptions, Credential, ServerAddress};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinSet;

const TAKEN: &str = "holdergraph_secret_reloads_total{of=\"mongo\",outcome=\"taken\"}";
const REFUSED: &str = "holdergraph_secret_reloads_total{of=\"mongo\",outcome=\"refused\"}";

const CHECKOUTS_FAILED: &str = "holdergraph_mongo_pool_checkout_failures_total{reason=\"connection\"}";

/// Who looks after the server.
async fn admin(server: &OwnServer) -> Client {
    let address = ServerAddress::Tcp { host: "127.0.0.1".to_owned(), port: Some(server.port) };
    let user =
        Credential::builder().username(OwnServer::USER.to_owned()).password(OwnServer::PASSWORD.to_owned());
    let options = ClientOptions::builder().hosts(vec![address]).credential(user.build()).build();
    Client::with_options(options).unwrap()
}

async fn run(admin: &Client, command: Document) {
    admin.database("admin").run_command(command).await.unwrap();
}

async fn create(admin: &Client, user: &str, password: &str) {
    let roles = vec![
        doc! { "role": "clusterAdmin", "db": "admin" },
        doc! { "role": "readWriteAnyDatabase", "db": "admin" },
    ];
    run(admin, doc! { "createUser": user, "pwd": password, "roles": roles }).await;
}

/// Writes and reads, and has no patience with any fault.
async fn use_it(app: &App) {
    let made = app.ask(CREATE_HOLDER, json!({"input": new_holder()})).await;
    let id = made["data"]["createHolder"]["holder"]["id"].as_str().unwrap_or_else(|| panic!("{made}"));
    let read = app.ask("query($id: ID!) { holder(id: $id) { name } }", json!({"id": id})).await;
    assert_eq!(read["data"]["holder"]["name"], json!("Maria Souza"), "{read}");
}

/// So many callers at once, each of them again and again until it is told to stop.
fn callers(app: &Arc<App>, count: usize, stop: &Arc<AtomicBool>) -> JoinSet<usize> {
    let mut callers = JoinSet::new();
    for _ in 0..count {
        let (app, stop) = (app.clone(), stop.clone());
        callers.spawn(async move {
            let mut done = 0;
            while !stop.load(Ordering::SeqCst) {
                use_it(&app).await;
                done += 1;
            }
            done
        });
    }
    callers
}

fn at(server: &OwnServer) -> String {
    format!("127.0.0.1:{}", server.port)
}

fn write(dir: &Path, name: &str, text: &str) -> String {
    let path = dir.join(name);
    replace(&path, text);
    path.to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_changes_under_load_and_no_request_fails() {
    let server = OwnServer::start(&[("MONGO_TEST_AUTH", "1")]);
    let admin = admin(&server).await;
    create(&admin, "service", "hunter2-first").await;
    let dir = TempDir::new().unwrap();
    let file = write(dir.path(), "password", "hunter2-first\n");
    let (host, upstreams) = (at(&server), App::sandbox());
    let app = Arc::new(App::serve(
        &upstreams,
        &[
            ("MONGO_URI", "mongodb"),
            ("MONGO_HOST", &host),
            ("MONGO_USER", "service"),
            ("MONGO_PASSWORD_FILE", &file),
        ],
    ));
    use_it(&app).await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut few = callers(&app, 2, &stop);

    // The file is first: the server does not know the new password yet.
    write(dir.path(), "password", "hunter2-second\n");
    app.signal("HUP");
    eventually("refused", async || counted(&app, REFUSED).await == 1).await;
    app.signal("HUP");
    use_it(&app).await;
    assert_eq!(counted(&app, CHECKOUTS_FAILED).await, 0, "no call wanted what was tried");
    run(&admin, doc! { "updateUser": "service", "pwd": "hunter2-second" }).await;
    // More callers than the client in use has connections: it needs new ones, which it is refused. Nobody tells the
    // service to look.
    let mut many = callers(&app, 12, &stop);
    eventually("taken", async || counted(&app, TAKEN).await == 1).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(counted(&app, REFUSED).await, 1, "a password is told once");

    // A wrong one: all goes on as it was, until it is the right one.
    write(dir.path(), "password", "hunter2-third\n");
    app.signal("HUP");
    eventually("refused", async || counted(&app, REFUSED).await == 2).await;
    use_it(&app).await;
    run(&admin, doc! { "updateUser": "service", "pwd": "hunter2-third" }).await;
    app.signal("HUP");
    eventually("taken", async || counted(&app, TAKEN).await == 2).await;

    stop.store(true, Ordering::SeqCst);
    while let Some(done) = few.join_next().await {
        assert!(done.unwrap() > 0);
    }
    while let Some(done) = many.join_next().await {
        assert!(done.unwrap() > 0);
    }
    let log = app.log();
    assert!(!log.contains("hunter2"), "{log}");
    assert!(log.contains("the server does not accept the credentials"), "{log}");
    Arc::into_inner(app).unwrap().stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_user_takes_over_and_another_database_does_not() {
    let server = OwnServer::start(&[("MONGO_TEST_AUTH", "1")]);
    let admin = admin(&server).await;
    create(&admin, "blue", "hunter2-blue").await;
    create(&admin, "green", "hunter2-green").await;
    let dir = TempDir::new().unwrap();
    let uri = |user: &str, path: &str| format!("mongodb://{user}:hunter2-{user}@{}/{path}", at(&server));
    let file = write(dir.path(), "uri", &uri("blue", ""));
    let upstreams = App::sandbox();
    let app = App::serve(&upstreams, &[("MONGO_URI_FILE", &file)]);
    use_it(&app).await;

    write(dir.path(), "uri", &uri("green", ""));
    app.signal("HUP");
    eventually("taken", async || counted(&app, TAKEN).await == 1).await;
    run(&admin, doc! { "dropUser": "blue" }).await;
    use_it(&app).await;

    for (refused, path) in [(1, "other"), (2, "?appName=other")] {
        write(dir.path(), "uri", &uri("green", path));
        app.signal("HUP");
        eventually("refused", async || counted(&app, REFUSED).await == refused).await;
        use_it(&app).await;
    }
    write(dir.path(), "uri", " ");
    app.signal("HUP");
    eventually("refused", async || counted(&app, REFUSED).await == 3).await;
    use_it(&app).await;
    let log = app.log();
    assert!(log.contains("restart the server to move to another database"), "{log}");
    assert!(log.contains("MONGO_URI_FILE: the file") && !log.contains("hunter2"), "{log}");
    app.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn certificates_change_and_those_of_a_stranger_are_not_taken() {
    let (server, ours, theirs) = OwnServer::with_certificates();
    let dir = TempDir::new().unwrap();
    let bundle = |authorities: &[&Authority]| {
        let pem = |authority: &&Authority| std::fs::read_to_string(authority.path("ca.pem")).unwrap();
        write(dir.path(), "ca.pem", &authorities.iter().map(pem).collect::<String>()).into()
    };
    let files = |shown: &Authority, trusted: &[&Authority]| {
        let (certificate, key) = (shown.path("client.pem"), shown.path("client.key"));
        [("tls.crt", certificate), ("tls.key", key), ("ca.crt", bundle(trusted))]
    };
    let mounted = Mounted::new(&files(&ours, &[&ours]));
    let [ca, certificate, key] = ["ca.crt", "tls.crt", "tls.key"].map(|name| mounted.file(name));
    let (uri, upstreams) = (format!("mongodb://{}/?tls=true", at(&server)), App::sandbox());
    let app = App::serve(
        &upstreams,
        &[
            ("MONGO_URI", &uri),
            ("MONGO_TLS_CA_CERT_FILE", &ca),
            ("MONGO_TLS_CLIENT_CERT_FILE", &certificate),
            ("MONGO_TLS_CLIENT_KEY_FILE", &key),
        ],
    );
    use_it(&app).await;
    // Each of the files has changes that are taken and ones that are not; whatever it is, requests are answered.
    let change = async |metric: &str, wanted: u64| {
        app.signal("HUP");
        eventually(metric, async || counted(&app, metric).await == wanted).await;
        use_it(&app).await;
    };
    mounted.swap(&files(&ours, &[&theirs]));
    change(REFUSED, 1).await;
    mounted.swap(&files(&ours, &[&ours, &theirs]));
    change(TAKEN, 1).await;
    mounted.swap(&files(&theirs, &[&ours, &theirs]));
    change(REFUSED, 2).await;
    ours.sign("client", "extendedKeyUsage=clientAuth");
    mounted.swap(&files(&ours, &[&ours, &theirs]));
    change(TAKEN, 2).await;
    std::fs::remove_file(&key).unwrap();
    change(REFUSED, 3).await;
    let log = app.log();
    assert!(log.contains("UnknownIssuer") && log.contains("MONGO_TLS_CLIENT_KEY_FILE: the file"), "{log}");
    app.stop();
}
