//! Secrets: where they may come from, and where they never go.

use super::{faulty, flags, load, load_with_flags};
use crate::config::flags::Flags;
use clap::{Args, Command};
use secrecy::ExposeSecret;
use std::io::Write;

#[test]
fn a_secrets_file_loses_one_newline_and_nothing_else() {
    for (content, secret) in [
        ("text", "text"),
        ("text\n", "text"),
        ("text\n\n", "text\n"),
        ("text\r\n", "text"),
        (" text ", " text "),
    ] {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content.as_bytes()).unwrap();
        let path = file.path().to_str().unwrap();
        let changes = [("-LCRYPTO_HASH_SECRET_KEY", ""), ("LCRYPTO_HASH_SECRET_KEY_FILE", path)];
        let config = load(&changes).unwrap();
        assert_eq!(config.keys.hash.expose_secret(), secret, "{content:?}");
        let by_flag = flags(&["--lcrypto-hash-secret-key-file", path]);
        let config = load_with_flags(&by_flag, &[("-LCRYPTO_HASH_SECRET_KEY", "")]).unwrap();
        assert_eq!(config.keys.hash.expose_secret(), secret, "{content:?}");
    }
}

#[test]
fn a_secrets_file_that_is_none_is_named_and_its_content_never() {
    let directory = tempfile::tempdir().unwrap();
    let too_long = "k".repeat(70_000);
    for (content, wrong) in [
        (None, "cannot be read"),
        (Some(&b"secret-content\xff"[..]), "is no UTF-8 text"),
        (Some(b"\n"), "is blank"),
        (Some(too_long.as_bytes()), "is longer than 64 KiB"),
    ] {
        let path = directory.path().join("key");
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        let path = path.to_str().unwrap();
        let changes = [("-LCRYPTO_HASH_SECRET_KEY", ""), ("LCRYPTO_HASH_SECRET_KEY_FILE", path)];
        let faults = load(&changes).unwrap_err();
        assert_eq!(faulty(&faults), ["LCRYPTO_HASH_SECRET_KEY_FILE"]);
        let text = faults.to_string();
        assert!(text.contains(path) && text.contains(wrong), "{text}");
        assert!(!text.contains("secret-content") && !text.contains("kkk"), "{text}");
    }
}

#[test]
fn a_key_in_the_place_of_its_file_is_not_repeated() {
    let key = "9f".repeat(32);
    for key in [&key, "hunter2", "hun/ter2", "hunter2.9f", "mongodb://u:hunter2@h/"] {
        let changes = [("-LCRYPTO_HASH_SECRET_KEY", ""), ("LCRYPTO_HASH_SECRET_KEY_FILE", key)];
        let faults = load(&changes).unwrap_err();
        assert_eq!(faulty(&faults), ["LCRYPTO_HASH_SECRET_KEY_FILE"]);
        let text = faults.to_string();
        assert!(!text.contains("9f") && !text.contains("ter2"), "{text}");
        assert!(text.contains("the file that it names cannot be read"), "{text}");
    }
}

#[test]
fn a_path_that_cannot_be_read_is_named() {
    for path in ["/nowhere/key", "./nowhere/key", "../nowhere.key"] {
        let faults =
            load(&[("-LCRYPTO_HASH_SECRET_KEY", ""), ("LCRYPTO_HASH_SECRET_KEY_FILE", path)]).unwrap_err();
        assert!(faults.to_string().contains(&format!("the file {path:?} cannot be read")), "{faults}");
    }
}

#[test]
fn debug_shows_no_secret() {
    let text = format!("{:?}", load(&[]).unwrap());
    assert!(
        ["encrypt-key-text", "hash-key-text", "audit-key-text"].iter().all(|key| !text.contains(key)),
        "{text}"
    );
    assert!(text.contains("127.0.0.1:4003"));
    let given = flags(&["--plugin-auth-address", "https://user:pass@auth"]);
    assert_eq!(format!("{given:?}"), r#"{"PLUGIN_AUTH_ADDRESS"}"#);
}

#[test]
fn a_secret_given_twice_is_named() {
    let faults = load(&[("LCRYPTO_HASH_SECRET_KEY_FILE", "/nowhere")]).unwrap_err();
    let expected =
        "LCRYPTO_HASH_SECRET_KEY: is set, and so is LCRYPTO_HASH_SECRET_KEY_FILE; set one of the two";
    assert_eq!(faults.to_string(), expected);
}

#[test]
fn a_secret_has_no_flag_and_is_not_repeated_when_it_is_tried() {
    let command = Flags::augment_args(Command::new("serve").no_binary_name(true));
    for name in ["--lcrypto-hash-secret-key", "--lcrypto-encrypt-secret-key", "--audit-secret-key"] {
        for arguments in [vec![format!("{name}=hunter2")], vec![name.to_owned(), "hunter2".to_owned()]] {
            let message = command.clone().try_get_matches_from(arguments).unwrap_err().to_string();
            assert!(message.contains(&format!("{name}-file")), "{message}");
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
