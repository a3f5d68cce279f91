//! A start that fails tells what is wrong with a setting, and not what it holds where it holds a secret.

use super::marks::{MARK, Place, leaks};
use crate::folder::Folder;
use crate::process::{KEYS, PATIENCE, binary};
use std::io::Read;
use std::process::Stdio;

/// What a server that does not start prints; nothing that it is told to reach is there.
fn refused(settings: &[(&str, String)]) -> Place {
    let folder = Folder::embedded();
    let mut command = binary();
    command.arg("serve").envs(KEYS).env("DATA_DIR", folder.path()).env("DEPLOYMENT_MODE", "local");
    command.envs([("SERVER_ADDRESS", "127.0.0.1:0"), ("OPS_ADDRESS", "127.0.0.1:0"), ("LOG_LEVEL", "trace")]);
    command.envs([("PLUGIN_AUTH_ADDRESS", "http://127.0.0.1:9"), ("MIDAZ_LEDGER_URL", "http://127.0.0.1:9")]);
    command.envs([("MONGO_SERVER_SELECTION_TIMEOUT", "1s"), ("MONGO_CONNECT_TIMEOUT", "1s")]);
    command.envs(settings.iter().map(|(name, value)| (*name, value.as_str())));
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let other = std::thread::spawn(move || {
        let mut text = Vec::new();
        stderr.read_to_end(&mut text).unwrap();
        text
    });
    let began = std::time::Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if began.elapsed() > PATIENCE {
            child.kill().unwrap();
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    let mut said = Vec::new();
    stdout.read_to_end(&mut said).unwrap();
    said.extend(other.join().unwrap());
    let names: Vec<&str> = settings.iter().map(|(name, _)| *name).collect();
    let text = String::from_utf8_lossy(&said).into_owned();
    assert!(matches!(status.code(), Some(1 | 2)), "{names:?}: {status}\n{text}");
    assert!(names.iter().any(|name| text.contains(name)) || text.contains("MongoDB"), "{names:?}\n{text}");
    Place::new(format!("a start with {names:?}"), said)
}

#[test]
fn a_start_that_fails_repeats_no_secret_of_its_settings_or_of_the_files_that_they_name() {
    let folder = Folder::embedded();
    let file = folder.path().join("secret");
    std::fs::write(&file, format!("-----BEGIN {MARK}-----\n{{\"{MARK}\": \"{MARK}\"}}\n")).unwrap();
    let file = file.display().to_string();
    let password = format!("p{MARK}/1");
    for settings in [
        vec![("LCRYPTO_ENCRYPT_SECRET_KEY", MARK.to_owned())],
        vec![("LCRYPTO_HASH_SECRET_KEY", MARK.repeat(8))],
        vec![
            ("MONGO_URI", format!("mongodb://user:{MARK}@127.0.0.1:9/")),
            ("MONGO_NAME", "canary".to_owned()),
        ],
        vec![("MONGO_URI", format!("mongodb://user:{MARK}@@127.0.0.1:port/?{MARK}"))],
        vec![("MONGO_URI", MARK.to_owned())],
        vec![("MONGO_PASSWORD", password)],
        vec![("MONGO_TLS_CA_CERT", MARK.to_owned())],
        vec![("MIDAZ_LEDGER_URL", format!("http://user:{MARK}@127.0.0.1:9"))],
        vec![("PLUGIN_AUTH_ADDRESS", format!("http://user:{MARK}@127.0.0.1:9"))],
        vec![("AUTH_JWKS_URL", format!("http://user:{MARK}@127.0.0.1:9/keys"))],
        vec![("MIDAZ_CLIENT_SECRET", MARK.to_owned())],
        vec![("AUTH_PUBLIC_KEY_FILE", file.clone())],
        vec![("TLS_CERT_FILE", file.clone()), ("TLS_KEY_FILE", file.clone())],
        vec![("TRUSTED_DOCUMENTS", "enforce".to_owned()), ("TRUSTED_DOCUMENTS_FILE", file)],
    ] {
        let place = refused(&settings);
        assert_eq!(leaks(&place, &[]), Vec::<String>::new(), "in {}", place.name);
    }
}
