use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use tempfile::{TempDir, tempdir};

fn claims(token: &str) -> Value {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&payload).unwrap()
}

fn blocked() -> Change {
    Change::read(br#"{"blocked": true}"#).unwrap()
}

fn change(world: &World, id: AccountId) -> Result<Changed, NotChanged> {
    world.change(world.organization().id, world.organization().ledger.id, id, blocked())
}

fn ids(world: &World) -> Vec<String> {
    let mut ids = vec![world.application().client_id.clone()];
    for organization in [world.organization(), world.other()] {
        ids.extend([organization.id.to_string(), organization.ledger.id.to_string()]);
        ids.extend(organization.open_accounts.iter().map(ToString::to_string));
    }
    let refused = world.refused();
    ids.extend([refused.blocked, refused.external, refused.deleted].map(|id| id.to_string()));
    ids
}

#[test]
fn a_restart_keeps_ids_and_tokens() {
    let directory = tempdir().unwrap();
    let first = World::load_or_create(directory.path()).unwrap();
    let second = World::load_or_create(directory.path()).unwrap();
    assert_eq!(ids(&first), ids(&second));
    assert_eq!(first.tokens(), second.tokens());
    assert_eq!(first.application().client_secret, second.application().client_secret);
    let elsewhere = tempdir().unwrap();
    let stranger = World::load_or_create(elsewhere.path()).unwrap();
    assert_ne!(first.tokens(), stranger.tokens());
}

#[test]
fn a_new_world_has_its_accounts_under_distinct_ids() {
    let directory = tempdir().unwrap();
    let world = World::load_or_create(directory.path()).unwrap();
    assert_eq!(world.organization().open_accounts.len(), 120);
    assert_eq!(world.other().open_accounts.len(), 12);
    let ids = ids(&world);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    let live = |organization: &Organization| -> Vec<Account> {
        world.accounts().live(organization.ledger.id).map(|(_, account)| account.clone()).collect()
    };
    assert_eq!(live(world.organization()).len(), 122, "120 open, one blocked, one external");
    assert_eq!(live(world.other()).len(), 12);
    for organization in [world.organization(), world.other()] {
        let accounts = live(organization);
        let aliases: BTreeSet<_> = accounts.iter().map(|account| account.alias.as_str()).collect();
        assert_eq!(aliases.len(), accounts.len());
        assert!(aliases.iter().all(|alias| alias.starts_with('@')));
    }
    for id in &world.organization().open_accounts {
        let account = world.account(world.organization().id, world.organization().ledger.id, *id).unwrap();
        assert_eq!(account.blocked, Some(false));
        assert!(["deposit", "savings"].contains(&account.account_type.as_str()));
    }
}

#[test]
fn tokens_say_who_it_is_for_ten_years_and_are_not_shown() {
    let directory = tempdir().unwrap();
    let world = World::load_or_create(directory.path()).unwrap();
    let tokens = world.tokens();
    let mut subjects = BTreeSet::new();
    for token in [&tokens.admin, &tokens.editor, &tokens.contributor, &tokens.viewer, &tokens.nobody] {
        let header = jsonwebtoken::decode_header(token).unwrap();
        assert_eq!(header.alg, jsonwebtoken::Algorithm::EdDSA);
        assert!(header.kid.is_some());
        let claims = claims(token);
        assert_eq!((&claims["type"], &claims["owner"]), (&json!("normal-user"), &json!("lerian")));
        assert_eq!(claims["iss"], super::super::ISSUER);
        let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert_eq!(life, 10 * 365 * 24 * 3600);
        assert!(uuid::Uuid::parse_str(claims["sub"].as_str().unwrap()).is_ok());
        subjects.insert(claims["sub"].to_string());
    }
    assert_eq!(subjects.len(), 5);
    let shown = format!("{tokens:?} {world:?} {:?}", world.application());
    assert!(!shown.contains(&tokens.admin) && !shown.contains(&world.application().client_secret), "{shown}");
    let printed = serde_json::to_value(tokens).unwrap();
    assert_eq!(printed["viewer"], json!(tokens.viewer));
    assert_eq!(printed.as_object().unwrap().len(), 5);
}

#[test]
fn the_file_is_private_and_nothing_else_is_left_in_the_directory() {
    let parent = tempdir().unwrap();
    let directory = parent.path().join("a/b");
    let world = World::load_or_create(&directory).unwrap();
    let check = || {
        let names: Vec<_> =
            fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["sandbox.json"]);
        let mode = fs::metadata(directory.join("sandbox.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    };
    check();
    change(&world, world.organization().open_accounts[0]).unwrap();
    check();
}

fn spoilt(spoil: impl FnOnce(&str) -> String) -> (TempDir, WorldError, String) {
    let directory = tempdir().unwrap();
    World::load_or_create(directory.path()).unwrap();
    let path = directory.path().join("sandbox.json");
    let text = spoil(&fs::read_to_string(&path).unwrap());
    fs::write(&path, &text).unwrap();
    let error = World::load_or_create(directory.path()).unwrap_err();
    assert_eq!(fs::read_to_string(&path).unwrap(), text, "what cannot be read is not written over");
    (directory, error, text)
}

#[test]
fn a_file_that_cannot_be_read_is_told_of_and_left_alone() {
    let (_directory, error, _) = spoilt(|text| text[..text.len() / 2].to_owned());
    assert!(matches!(error, WorldError::Damaged { line: 2.., .. }), "{error}");
    assert!(error.to_string().contains("sandbox.json is damaged at line"), "{error}");

    let (_directory, error, _) = spoilt(|text| text.replacen("\"format\": 1", "\"format\": 2", 1));
    assert!(matches!(error, WorldError::Format { found: 2, .. }), "{error}");

    let (_directory, error, text) =
        spoilt(|text| text.replacen("\"signingKey\": \"", "\"signingKey\": \"!", 1));
    let key = text.split("\"signingKey\": \"").nth(1).unwrap().split('"').next().unwrap();
    assert!(matches!(error, WorldError::Key(_)) && !format!("{error} {error:?}").contains(key), "{error}");
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let directory = tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let error = World::load_or_create(&file).unwrap_err().to_string();
    assert!(error.contains("could not") && error.contains("file"), "{error}");
}

#[test]
fn those_who_start_at_once_share_one_world() {
    let directory = tempdir().unwrap();
    let load = || World::load_or_create(directory.path()).unwrap();
    let worlds: Vec<World> = std::thread::scope(|scope| {
        let loading: Vec<_> = (0..8).map(|_| scope.spawn(load)).collect();
        loading.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for world in &worlds {
        assert_eq!(world.tokens(), worlds[0].tokens());
    }
}

#[test]
fn changes_made_at_once_are_all_kept() {
    let directory = tempdir().unwrap();
    let world = World::load_or_create(directory.path()).unwrap();
    let accounts = &world.organization().open_accounts[..20];
    std::thread::scope(|scope| {
        for id in accounts {
            scope.spawn(|| assert!(!change(&world, *id).unwrap().created));
        }
    });
    let again = World::load_or_create(directory.path()).unwrap();
    for id in accounts {
        let account = again.account(again.organization().id, again.organization().ledger.id, *id).unwrap();
        assert_eq!(account.blocked, Some(true));
    }
}

#[test]
fn a_change_that_cannot_be_kept_is_not_made() {
    let directory = tempdir().unwrap();
    let world = World::load_or_create(directory.path()).unwrap();
    let id = world.organization().open_accounts[0];
    fs::remove_dir_all(directory.path()).unwrap();
    assert!(matches!(change(&world, id), Err(NotChanged::NotSaved(WorldError::Io { .. }))));
    let account = world.account(world.organization().id, world.organization().ledger.id, id).unwrap();
    assert_eq!(account.blocked, Some(false));
}
