//! The audit key, and every HMAC that is made with it.
//!
//! All are HMAC-SHA256 under the 32 bytes of `AUDIT_SECRET_KEY` itself, so that an auditor computes them again with
//! nothing but an HMAC. A tag that ends with a zero byte tells the uses apart; no tag begins another. Numbers are
//! unsigned and times signed 64-bit integers, the most significant byte first; times are milliseconds since 1970.
//!
//! | what | over |
//! | --- | --- |
//! | a link | `holdergraph/audit/v1/link` 00 ‖ organization (16) ‖ number (8) ‖ HMAC of the link before (32) ‖ sealed at (8) ‖ length of the entry in bytes (8) ‖ entry |
//! | a checkpoint's proof | `holdergraph/audit/v1/checkpoint` 00 ‖ organization (16) ‖ number (8) ‖ HMAC of that link (32) ‖ sealed at (8) |
//! | a store's check value | `holdergraph/audit/v1/check` 00 |
//!
//! What is written with these stays: a change needs another version in the tags, and the known answers of the tests
//! and of docs/audit.md say so.

use crate::domain::ids::OrganizationId;
use crate::domain::redacted;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{AuditEntry, Checkpoint, FoundBy, TrailHead, TrailLink, TrailMac};
use crate::registry::ports::record::KeyId;
use crate::registry::ports::store::{KeyCheck, StoreError};
use crate::seal::{AUDIT_SETTING, ENCRYPT_SETTING, HASH_SETTING, KeyFault, KeyProblem, MasterKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

const LINK: &[u8] = b"holdergraph/audit/v1/link\0";
const CHECKPOINT: &[u8] = b"holdergraph/audit/v1/checkpoint\0";
const CHECK: &[u8] = b"holdergraph/audit/v1/check\0";

/// Under which name a store keeps the check value, beside those of the generations of master keys.
pub const CHECK_ID: &str = "audit";

/// The key that chains are made and proven with.
pub struct TrailKey(Hmac<Sha256>);
redacted!(TrailKey);

impl TrailKey {
    /// Reads `AUDIT_SECRET_KEY`: 32 random bytes as 64 hexadecimal digits, as the master keys are.
    ///
    /// # Errors
    /// What is wrong with it, without the text itself.
    pub fn parse(text: &str) -> Result<Self, KeyFault> {
        Self::parse_apart(text, None, None)
    }

    /// The same where the master keys' texts are known too: it may be neither of them.
    ///
    /// # Errors
    /// What is wrong with it, without the text itself.
    pub fn parse_apart(text: &str, encrypt: Option<&str>, hash: Option<&str>) -> Result<Self, KeyFault> {
        let key = MasterKey::parse(AUDIT_SETTING, text)?;
        for (setting, other) in [(ENCRYPT_SETTING, encrypt), (HASH_SETTING, hash)] {
            // What is wrong with the other one is told where that is read.
            let same = other.and_then(|other| MasterKey::parse(setting, other).ok());
            if same.is_some_and(|other| other.is(&key)) {
                let problem = KeyProblem::SameAs(setting.to_owned());
                return Err(KeyFault { setting: AUDIT_SETTING.to_owned(), problem });
            }
        }
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mac = Hmac::<Sha256>::new_from_slice(key.expose()).expect("HMAC takes a key of any length");
        Ok(Self(mac))
    }

    /// What a store keeps to know this key again.
    pub fn check(&self) -> KeyCheck {
        KeyCheck { id: KeyId(CHECK_ID.to_owned()), value: self.mac(&[CHECK]).0 }
    }

    /// The link that says this behind that one. It is sealed now, yet never before the one before it nor before what
    /// it tells of.
    ///
    /// # Errors
    /// The entry cannot be written as JSON, or numbers have come to an end.
    pub fn seal(
        &self,
        organization: OrganizationId,
        before: &TrailHead,
        entry: &AuditEntry,
        now: Timestamp,
    ) -> Result<TrailLink, StoreError> {
        let damaged = |what: &str| StoreError::Damaged(format!("the audit trail of {organization}: {what}"));
        let text = serde_json::to_string(entry).map_err(|_| damaged("an entry cannot be written as JSON"))?;
        let number = before.number.checked_add(1).ok_or_else(|| damaged("there is no number any more"))?;
        let sealed_at = now.max(before.sealed_at).max(entry.at);
        let mac = self.link_mac(organization, number, &before.mac, sealed_at, &text);
        Ok(TrailLink { number, mac, sealed_at, entry: text, found_by: FoundBy::of(entry) })
    }

    /// Whether a link's HMAC is the one that it must have behind this one.
    pub fn proves(&self, organization: OrganizationId, before: &TrailMac, link: &TrailLink) -> bool {
        let mac = self.link_mac(organization, link.number, before, link.sealed_at, &link.entry);
        same(&mac, &link.mac)
    }

    /// A checkpoint at this link.
    pub fn checkpoint(&self, organization: OrganizationId, last: TrailHead) -> Checkpoint {
        Checkpoint { last, proof: self.checkpoint_mac(organization, &last) }
    }

    /// Whether a checkpoint was made with this key, for this organization.
    pub fn proves_checkpoint(&self, organization: OrganizationId, checkpoint: &Checkpoint) -> bool {
        same(&self.checkpoint_mac(organization, &checkpoint.last), &checkpoint.proof)
    }

    fn link_mac(
        &self,
        organization: OrganizationId,
        number: u64,
        before: &TrailMac,
        sealed_at: Timestamp,
        entry: &str,
    ) -> TrailMac {
        let length = u64::try_from(entry.len()).unwrap_or(u64::MAX);
        self.mac(&[
            LINK,
            organization.as_bytes(),
            &number.to_be_bytes(),
            &before.0,
            &sealed_at.0.to_be_bytes(),
            &length.to_be_bytes(),
            entry.as_bytes(),
        ])
    }

    fn checkpoint_mac(&self, organization: OrganizationId, last: &TrailHead) -> TrailMac {
        self.mac(&[
            CHECKPOINT,
            organization.as_bytes(),
            &last.number.to_be_bytes(),
            &last.mac.0,
            &last.sealed_at.0.to_be_bytes(),
        ])
    }

    fn mac(&self, parts: &[&[u8]]) -> TrailMac {
        let mac = parts.iter().fold(self.0.clone(), |mac, part| mac.chain_update(part));
        TrailMac(mac.finalize().into_bytes().into())
    }
}

/// Compared in constant time: how much of a forged HMAC is right is nobody's business.
pub fn same(one: &TrailMac, other: &TrailMac) -> bool {
    one.0.ct_eq(&other.0).into()
}

/// A link as the head that the next one follows.
pub fn head_at(link: &TrailLink) -> TrailHead {
    TrailHead { number: link.number, mac: link.mac, sealed_at: link.sealed_at }
}
