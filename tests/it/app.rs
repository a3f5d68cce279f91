//! The binary under test, started in a folder of its own and ended with the test.

use super::folder::{Folder, is_in_mongo};
use super::inside;
use super::process::{Build, binary_of, find, start, wait_for};
pub(crate) use super::process::{KEYS, PATIENCE, binary};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// So many open accounts the sandbox's ledger begins with.
const OPEN_ACCOUNTS: usize = 120;

/// A running process, its log, and where it listens.
pub(crate) struct App {
    child: Child,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
    /// What a `serve` printed on standard output.
    said: Arc<Mutex<String>>,
    dir: Arc<Folder>,
    /// `http://127.0.0.1:…` of the main port, or `https://`, which [`App::client`] then has to trust.
    pub(crate) base: String,
    /// The same of the ops port.
    pub(crate) ops: String,
    /// What `sandbox --json` printed; of a `serve`, what its upstreams' sandbox printed.
    pub(crate) info: Value,
    pub(crate) client: reqwest::Client,
    /// How many of the accounts that the ledger begins with nobody has been given by [`App::open_account`].
    pub(crate) left: AtomicUsize,
    /// Other processes that serve the same records: each request goes to the next of all.
    pub(crate) peers: Vec<App>,
    turn: AtomicUsize,
    /// The process that plays its upstreams, where nobody else keeps it.
    pub(crate) upstreams: Option<Box<App>>,
}

impl App {
    /// A fresh sandbox.
    pub(crate) fn sandbox() -> Self {
        Self::sandbox_in(Folder::new(), &[])
    }

    /// A sandbox with settings of its own.
    pub(crate) fn sandbox_with(settings: &[(&str, &str)]) -> Self {
        Self::sandbox_in(Folder::new(), settings)
    }

    /// A sandbox in a folder that may hold one already. A sandbox has no database: over MongoDB it only plays the
    /// upstreams, and a `serve` beside it keeps the records.
    pub(crate) fn sandbox_in(dir: Arc<Folder>, settings: &[(&str, &str)]) -> Self {
        if !is_in_mongo(dir.path()) {
            let place = dir.path().to_owned();
            return Self::sandbox_at(&place, dir, settings);
        }
        let of_both: Vec<_> =
            settings.iter().copied().filter(|(name, _)| !name.starts_with("MONGO_")).collect();
        let upstreams = Self::sandbox_at(&dir.path().join("upstreams"), dir.clone(), &of_both);
        let mut app = Self::serve_in(dir, &upstreams, settings);
        app.upstreams = Some(Box::new(upstreams));
        app
    }

    /// A fresh sandbox that is only there for its upstreams and tokens.
    pub(crate) fn upstreams() -> Self {
        Self::sandbox_in(Folder::embedded(), &[])
    }

    fn sandbox_at(place: &Path, dir: Arc<Folder>, settings: &[(&str, &str)]) -> Self {
        let left = left_in(place);
        let mut command = binary();
        command.args(["sandbox", "--json"]).stdout(Stdio::piped());
        let (mut child, log, reader) = start(command, place, settings);
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let info: Value = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("no line of JSON; the log says:\n{}", log.lock().unwrap()));
        let said = Arc::new(Mutex::new(String::new()));
        let base = info["graphql"].as_str().unwrap().trim_end_matches("/graphql").to_owned();
        let ops = info["ops"].as_str().unwrap().to_owned();
        let client = reqwest::Client::new();
        let (peers, turn, upstreams) = (Vec::new(), AtomicUsize::new(0), None);
        Self { child, log, reader, said, dir, base, ops, info, client, left, peers, turn, upstreams }
    }

    /// `serve` with the upstreams and tokens of a sandbox, and settings of its own.
    pub(crate) fn serve(upstreams: &App, settings: &[(&str, &str)]) -> Self {
        Self::serve_in(Folder::new(), upstreams, settings)
    }

    /// The same in a folder that may hold a store already.
    pub(crate) fn serve_in(dir: Arc<Folder>, upstreams: &App, settings: &[(&str, &str)]) -> Self {
        Self::serve_build(Build::This, dir, upstreams, settings)
    }

    /// The same of another build.
    pub(crate) fn serve_build(
        build: Build,
        dir: Arc<Folder>,
        upstreams: &App,
        settings: &[(&str, &str)],
    ) -> Self {
        let info = upstreams.info.clone();
        let mut all: BTreeMap<&str, &str> = BTreeMap::from(KEYS);
        all.extend([
            ("DEPLOYMENT_MODE", "local"),
            ("PLUGIN_AUTH_ADDRESS", info["accessManager"].as_str().unwrap()),
            ("MIDAZ_LEDGER_URL", info["ledger"].as_str().unwrap()),
            ("DRAIN_SECONDS", "0"),
            ("LOG_FORMAT", "json"),
            // So that a test asks as briefly as it likes.
            ("OPERATION_NAME_REQUIRED", "false"),
            ("INTROSPECTION_ENABLED", "true"),
        ]);
        all.extend(settings.iter().copied());
        let left = left_in(dir.path());
        let mut command = binary_of(build);
        command.arg("serve").stdout(Stdio::piped());
        let all: Vec<(&str, &str)> = all.into_iter().collect();
        let (mut child, log, reader) = start(command, dir.path(), &all);
        let said = Arc::new(Mutex::new(String::new()));
        let (stdout, into) = (BufReader::new(child.stdout.take().unwrap()), said.clone());
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                into.lock().unwrap().push_str(&format!("{line}\n"));
            }
        });
        let serving = wait_for(&mut child, &log, |line| line.contains("\"serving\""));
        let line: Value = serde_json::from_str(&serving).unwrap();
        let scheme = if serving.contains(r#""tls":true"#) { "https" } else { "http" };
        let base = format!("{scheme}://{}", find(&line, "address").unwrap());
        let ops = format!("http://{}", find(&line, "ops_address").unwrap());
        let client = reqwest::Client::new();
        let (peers, turn, upstreams) = (Vec::new(), AtomicUsize::new(0), None);
        Self { child, log, reader, said, dir, base, ops, info, client, left, peers, turn, upstreams }
    }

    /// Whoever asks it asks a load balancer from now on, before servers whose records are in this folder. Its own folder
    /// goes when nobody has it any more.
    pub(crate) fn in_front_of(mut self, base: String, dir: Arc<Folder>) -> Self {
        (self.base, self.dir) = (base, dir);
        self
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn shared_dir(&self) -> Arc<Folder> {
        self.dir.clone()
    }

    /// All that was logged until now.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// All that a `serve` printed on standard output until now.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    pub(crate) fn token(&self, name: &str) -> String {
        self.info["tokens"][name].as_str().unwrap().to_owned()
    }

    pub(crate) fn organization(&self) -> String {
        self.info["organizationId"].as_str().unwrap().to_owned()
    }

    pub(crate) fn ledger_id(&self) -> String {
        self.info["ledgerId"].as_str().unwrap().to_owned()
    }

    pub(crate) fn account(&self, index: usize) -> String {
        self.info["accountIds"][index].as_str().unwrap().to_owned()
    }

    /// A request to be changed by the test: the admin's token and the main organization.
    pub(crate) fn request(&self, query: &str, variables: Value) -> reqwest::RequestBuilder {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % (self.peers.len() + 1);
        let base = turn.checked_sub(1).map_or(&self.base, |peer| &self.peers[peer].base);
        self.client
            .post(format!("{base}/graphql"))
            .bearer_auth(self.token("admin"))
            .header("X-Organization-Id", self.organization())
            .header("Accept", "application/graphql-response+json")
            .json(&json!({"query": query, "variables": variables}))
    }

    /// The body of an answer with status 200.
    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Value {
        let answer = send(self.request(query, variables)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    /// The same, by another token.
    pub(crate) async fn ask_as(&self, token: &str, query: &str, variables: Value) -> Value {
        let request = self.request(query, variables).build().unwrap();
        let mut request = request;
        let value = format!("Bearer {}", self.token(token)).parse().unwrap();
        request.headers_mut().insert("Authorization", value);
        self.client.execute(request).await.unwrap().json().await.unwrap()
    }

    /// Creates a holder with a document of its own and returns its id.
    pub(crate) async fn holder(&self) -> String {
        let answer = self.ask(CREATE_HOLDER, json!({"input": new_holder()})).await;
        answer["data"]["createHolder"]["holder"]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"))
            .to_owned()
    }

    /// The input of an alias account of this holder.
    pub(crate) fn link_input(&self, holder: &str, account: &str) -> Value {
        json!({"holderId": holder, "ledgerId": self.ledger_id(), "accountId": account})
    }

    /// Links an account and returns the alias account's id.
    pub(crate) async fn link(&self, holder: &str, account: &str) -> String {
        let answer = self.ask(CREATE_ALIAS, json!({"input": self.link_input(holder, account)})).await;
        let id = &answer["data"]["createAliasAccount"]["aliasAccount"]["id"];
        id.as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// How many holders and alias accounts are stored, by the store itself.
    pub(crate) fn stored(&self) -> (i64, i64) {
        inside::count(self.dir())
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let answer = self.client.get(format!("{}{path}", self.base)).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// What the ops port says.
    pub(crate) async fn metrics(&self) -> String {
        self.client.get(format!("{}/metrics", self.ops)).send().await.unwrap().text().await.unwrap()
    }

    /// Sends a signal by the process's id.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(status.unwrap().success());
    }

    /// Whether the process has ended: nobody listens on its ops port, which is served to the very end.
    pub(crate) async fn has_ended(&self) -> bool {
        let address = self.ops.trim_start_matches("http://");
        tokio::net::TcpStream::connect(address).await.is_err()
    }

    /// Waits for the process to end by itself.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let status = self.child.wait().unwrap();
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        status
    }

    /// Ends it as an operator would, and returns its folder.
    pub(crate) fn stop(mut self) -> Arc<Folder> {
        self.signal("TERM");
        assert_eq!(self.wait().code(), Some(0), "{}", self.log());
        self.dir.clone()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            // What it says of its own failures holds no personal data.
            self.log().lines().filter(|line| line.contains("ERROR")).for_each(|line| eprintln!("{line}"));
        }
    }
}

/// In a new store all accounts of the ledger are free; of one that was there before nobody knows.
fn left_in(dir: &Path) -> AtomicUsize {
    AtomicUsize::new(if inside::is_new(dir) { OPEN_ACCOUNTS } else { 0 })
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The code of its first error.
    pub(crate) fn code(&self) -> &str {
        code(&self.body)
    }
}

pub(crate) async fn send(request: reqwest::RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.text().await.unwrap();
    Answer { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
}

/// The code of a body's first error.
pub(crate) fn code(body: &Value) -> &str {
    body["errors"][0]["extensions"]["code"].as_str().unwrap_or("")
}

/// The codes and fields of a payload's userErrors.
pub(crate) fn user_errors(payload: &Value) -> Vec<(String, String)> {
    let errors = payload["userErrors"].as_array().unwrap_or_else(|| panic!("{payload}"));
    let field = |error: &Value| {
        let steps: Vec<&str> =
            error["field"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
        steps.join("/")
    };
    errors.iter().map(|error| (error["code"].as_str().unwrap().to_owned(), field(error))).collect()
}

/// A document that no other test has.
pub(crate) fn fresh_document() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("DOC-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn new_holder() -> Value {
    json!({"type": "NATURAL_PERSON", "name": "Maria Souza", "document": fresh_document()})
}

pub(crate) const CREATE_HOLDER: &str = "mutation($input: CreateHolderInput!) {
    createHolder(input: $input) { holder { id document version } userErrors { code field message } }
}";

pub(crate) const CREATE_ALIAS: &str = "mutation($input: CreateAliasAccountInput!) {
    createAliasAccount(input: $input) { aliasAccount { id link { status } } userErrors { code field message } }
}";
