//! Values computed by another implementation: they must never change, because stores hold them.

use super::fixtures::*;
use crate::domain::alias_account::AliasAccountPersonal;
use crate::registry::ports::record::Sealed;
use crate::registry::ports::vault::Vault;
use crate::seal::binding::Binding;
use crate::seal::message::seal_with;

const NONCE: [u8; 12] = [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab];

const HOLDER: &str = "\
    010131a0a1a2a3a4a5a6a7a8a9aaab84c9fc78cc51bc51a653288672a0935096135d779454189a4a2447d698b8b73b8bbb8b3269164b\
    2fa01ce6f1b649ab63cda8d6e9b53454917e950d0c7da27780bb90170d3e4303b823f2f23d";

const ALIAS_ACCOUNT: &str = "\
    010131a0a1a2a3a4a5a6a7a8a9aaab6cfba7328e0c13c6fb2c51f3ab21d1f13fcf6608f57354796318c43cbe7b0dfc5e703257a74533\
    2b66ccdc0bf5f31117a41355ff056450cddbe97f94a887edbb180edbb66e0a363865e485f72f60d0a97cf182da1232219a9adafc14";

fn bare_alias_account() -> AliasAccountPersonal {
    AliasAccountPersonal { account: None, regulatory: None, parties: [].into(), ..full_alias_account() }
}

#[test]
fn keys_are_derived_as_ever() {
    let keyring = keyring();
    let generation = keyring.newest();
    let place = Binding::of_holder(&holder()).place();
    assert_eq!(
        hex::encode(generation.encrypt().derive(&[b"seal", &place]).expose()),
        "21e747ceffc4fe47f0db81f8e96d33b0874c75989d9e8999cf50ecd7e1790b01"
    );
    assert_eq!(
        hex::encode(generation.check().value),
        "109a6b5f7e5d775c287a518ed2dced36d5439085f0d9fa23211d53492e4f0e09"
    );
}

#[test]
fn messages_are_sealed_as_ever() {
    let keyring = keyring();
    let sealed = seal_with(NONCE, keyring.newest(), &Binding::of_holder(&holder()), &bare_holder()).unwrap();
    assert_eq!(hex::encode(sealed.0), HOLDER);
    let binding = Binding::of_alias_account(&alias_account());
    let sealed = seal_with(NONCE, keyring.newest(), &binding, &bare_alias_account()).unwrap();
    assert_eq!(hex::encode(sealed.0), ALIAS_ACCOUNT);
}

#[test]
fn messages_sealed_elsewhere_open() {
    let sealed = Sealed(hex::decode(HOLDER).unwrap());
    assert!(keys().open_holder(&stored(holder(), &sealed)) == Ok(bare_holder()));
    let sealed = Sealed(hex::decode(ALIAS_ACCOUNT).unwrap());
    assert!(keys().open_alias_account(&stored(alias_account(), &sealed)) == Ok(bare_alias_account()));
}

#[test]
fn tokens_are_made_as_ever() {
    let protected = keys().protect_alias_account(&alias_account(), &full_alias_account()).unwrap();
    let tokens: Vec<&str> = protected.tokens.iter().map(|token| token.0.as_str()).collect();
    assert_eq!(
        tokens,
        [
            "bankingDetails.account.1/1/pTZw9Z7efdAMy4WzWaMmPg",
            "bankingDetails.iban.1/1/V8JKv3fr5xP7GdHluNxviA",
            "document.1/1/9IT3BtrEnOxZ9Vx6sNDnnw",
            "participantDocument.1/1/QtPHaC7cL6iHLerAEU-8-g",
            "party.1/1/OGJeIdaQmTcj4rsKq5WyvA",
            "party.1:LEGAL_REPRESENTATIVE/1/Y64sg9E4HiWj7IUfTKMCog",
            "party.1:PRIMARY_HOLDER/1/kiFUwIkzw5T0kGQ0VXOwTg",
            "party.1:RESPONSIBLE_PARTY/1/xeyFwUxNbx9FClCHl9tm4Q",
        ]
    );
    let protected = keys().protect_holder(&holder(), &bare_holder()).unwrap();
    assert_eq!(protected.claims[0].0, "document.1/1/9IT3BtrEnOxZ9Vx6sNDnnw");
    assert_eq!(protected.tokens[0].0, protected.claims[0].0);
}

#[test]
fn cursors_and_operations_are_authenticated_as_ever() {
    let cursor = keys().make_cursor(organization(), "holders/createdAt", b"\x00\x01\x02position");
    assert_eq!(cursor, "AQABAnBvc2l0aW9unaGchCLcTBPa-dAIN1cAlQ");
    let (key, fingerprint) = keys().operation(organization(), "key-1", br#"{"name":"x"}"#);
    assert_eq!(hex::encode(key.0), "1f77dabd86b83f18a5bf753be15cf1724297dd393c8bb6903504ba4cfc84adb3");
    assert_eq!(
        hex::encode(fingerprint.0),
        "57486af4f702f840269c923711b04fdc2bdc87cb382f95b2b44df4eaaf7e9e05"
    );
}
