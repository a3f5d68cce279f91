//! A process of the binary under test: what it is started with, and what it says.

use super::folder;
use serde_json::Value;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// How long anything may take before a test gives up: nothing is asserted about time.
pub(crate) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// Whose binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    /// The one under test.
    This,
    /// An older one, of the commit that `tests/it/rolling/older` names.
    Older,
}

/// The binary, without any setting.
pub(crate) fn binary() -> Command {
    binary_of(Build::This)
}

/// The same of another build.
pub(crate) fn binary_of(build: Build) -> Command {
    let program = match build {
        Build::This => OsString::from(env!("CARGO_BIN_EXE_holdergraph")),
        Build::Older => std::env::var_os("TEST_OLDER_BINARY").unwrap_or_else(|| {
            panic!(
                "this test needs an older build: run `scripts/test --only upgrade`, or set TEST_OLDER_BINARY to the \
                 binary of the commit that tests/it/rolling/older names"
            )
        }),
    };
    let mut command = Command::new(program);
    // Only what the test says: the developer's own settings must not reach the binary.
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

/// Keys of the tests' own; nothing else is sealed with them.
pub(crate) const KEYS: [(&str, &str); 3] = [
    ("LCRYPTO_ENCRYPT_SECRET_KEY", "7f3a1c9be04d52a8861fd07ac3559e1240b8d6ef9a23c75d118e64fb02c9a7d3"),
    ("LCRYPTO_HASH_SECRET_KEY", "c2905de81ab7f4463390ce5d7d1f08a6e4b35917fd62ac80195b7e03d8f46a21"),
    ("AUDIT_SECRET_KEY", "5e0b93d4f7a16c28d1459ab07fe36c82904dbe7153fa08c6e21d7b94a56f30c8"),
];

/// It, its log, and who reads that.
type Started = (Child, Arc<Mutex<String>>, Option<JoinHandle<()>>);

/// Starts it with the records of a folder.
pub(crate) fn start(mut command: Command, dir: &Path, settings: &[(&str, &str)]) -> Started {
    command
        .envs(folder::settings(dir))
        .env("SERVER_ADDRESS", "127.0.0.1:0")
        .env("OPS_ADDRESS", "127.0.0.1:0");
    command.envs(settings.iter().copied()).stdin(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let log = Arc::new(Mutex::new(String::new()));
    let (stderr, into) = (BufReader::new(child.stderr.take().unwrap()), log.clone());
    let reader = std::thread::spawn(move || {
        for line in stderr.lines().map_while(Result::ok) {
            let mut log = into.lock().unwrap();
            log.push_str(&line);
            log.push('\n');
        }
    });
    (child, log, Some(reader))
}

/// The first line of the log that is looked for.
pub(crate) fn wait_for(child: &mut Child, log: &Mutex<String>, wanted: impl Fn(&str) -> bool) -> String {
    let began = std::time::Instant::now();
    loop {
        if let Some(line) = log.lock().unwrap().lines().find(|line| wanted(line)) {
            return line.to_owned();
        }
        let ended = child.try_wait().unwrap();
        assert!(ended.is_none() && began.elapsed() < PATIENCE, "{ended:?}: {}", log.lock().unwrap());
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// A field of a log line, at whatever depth the format puts it.
pub(crate) fn find<'a>(line: &'a Value, name: &str) -> Option<&'a str> {
    match line {
        Value::Object(fields) => {
            fields.get(name).and_then(Value::as_str).or_else(|| fields.values().find_map(|v| find(v, name)))
        }
        _ => None,
    }
}
