//! HMACs that were computed by another program (Python's hmac; docs/audit.md has it): what is written stays readable.

use super::{KEY, key};
use crate::audit::key::{TrailKey, head_at};
use crate::audit::proof::Proof;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{AuditEntry, TrailHead};

const ORGANIZATION: &str = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";

pub(super) const ENTRIES: [&str; 2] = [
    r#"{"id":"01a00000-0000-7000-8000-000000000001","at":1800000000000,"actor":"person","subject":"acme/josé","kind":"read","operation":"holder","records":[{"type":"Holder","id":"01a00000-0000-7000-8000-0000000000aa"}],"recordCount":1,"fields":["Holder.document","Holder.name"],"outcome":"done","requestId":"req-1","clientAddress":"192.0.2.7"}"#,
    r#"{"id":"01a00000-0000-7000-8000-000000000002","at":1800000000500,"actor":"application","subject":"billing","kind":"refusal","operation":"deleteHolder","recordCount":0,"outcome":"refused","codes":["FORBIDDEN"],"requestId":"req-2"}"#,
];

const LINKS: [&str; 2] = [
    "647f33f63f3d4d5c6dfff0562c157a984271a1fbac8916419298ff9780fa0624",
    "639170111c9b6c5dde3f4136e423737a4d5210a545f106d602e694f72c06a602",
];
const CHECKPOINT: &str = "9c8bd493555ba535305f3a6f4a8fe7a974bcaea88854b4a399fd7a8e00c961da";
const CHECK: &str = "693659ec7117d0836639ffc202b29f2dc1cfbb10e4dcb64604e8ecb79518cc50";

#[test]
fn links_checkpoints_and_the_check_value_are_those_of_an_independent_program() {
    let (key, organization) = (key(), OrganizationId::parse(ORGANIZATION).unwrap());
    let mut proof = Proof::begin(&key, organization, None).unwrap();
    let mut head = TrailHead::NONE;
    for (text, expected) in ENTRIES.into_iter().zip(LINKS) {
        let entry: AuditEntry = serde_json::from_str(text).unwrap();
        let link = key.seal(organization, &head, &entry, Timestamp(1_800_000_001_000)).unwrap();
        assert_eq!(link.entry, text, "an entry is written as it always was");
        assert_eq!(hex::encode(link.mac.0), expected);
        assert_eq!(proof.follow(&link), Ok(()));
        head = head_at(&link);
    }
    assert_eq!(hex::encode(key.checkpoint(organization, head).proof.0), CHECKPOINT);
    assert_eq!((key.check().id.0.as_str(), hex::encode(key.check().value)), ("audit", CHECK.to_owned()));
}

#[test]
fn the_page_for_auditors_has_the_same_vectors() {
    let page = include_str!("../../../docs/audit.md");
    for vector in [KEY, ORGANIZATION, ENTRIES[0], ENTRIES[1], LINKS[0], LINKS[1], CHECKPOINT, CHECK] {
        assert!(page.contains(vector), "{vector}");
    }
}

#[test]
fn a_key_is_judged_as_the_master_keys_are_and_may_be_neither_of_them() {
    let told = |text: &str| TrailKey::parse(text).unwrap_err().to_string();
    assert!(told("").starts_with("AUDIT_SECRET_KEY is empty; it must be 32 random bytes"));
    assert!(told(&"0".repeat(64)).starts_with("AUDIT_SECRET_KEY is all zeros"));
    assert!(told("my-audit-secret-key").starts_with("AUDIT_SECRET_KEY has 19 characters"));
    let other = "7f3a1c9be04d52a8861fd07ac3559e1240b8d6ef9a23c75d118e64fb02c9a7d3";
    let apart = |encrypt, hash| TrailKey::parse_apart(KEY, Some(encrypt), Some(hash)).map(drop);
    assert_eq!(apart(other, other), Ok(()));
    assert_eq!(apart("no key", ""), Ok(()), "what is wrong with another key is told of that one");
    let upper = KEY.to_uppercase();
    for (encrypt, hash, named) in [
        (KEY, other, "LCRYPTO_ENCRYPT_SECRET_KEY"),
        (other, KEY, "LCRYPTO_HASH_SECRET_KEY"),
        (other, upper.as_str(), "LCRYPTO_HASH_SECRET_KEY"),
    ] {
        let told = apart(encrypt, hash).unwrap_err().to_string();
        assert!(told.starts_with(&format!("AUDIT_SECRET_KEY is the same key as {named}")), "{told}");
        assert!(!told.contains(KEY));
    }
    assert_eq!(format!("{:?}", TrailKey::parse(KEY)), "Ok(TrailKey([redacted]))");
}
