//! What an idempotency key and a mutation's input leave behind: an HMAC of each, by which a repeat is known.

use super::keyring::Generation;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::operation::{Fingerprint, OperationKey};

/// The first byte of what an HMAC is over, so that a key's never equals a fingerprint.
const KEY: u8 = 1;
const FINGERPRINT: u8 = 2;

/// The HMACs of a key and of the input that came with it. The key is part of the fingerprint too: two operations with
/// the same input cannot be told to be alike.
pub(crate) fn hmacs(
    generation: &Generation,
    organization: OrganizationId,
    key: &str,
    input: &[u8],
) -> (OperationKey, Fingerprint) {
    let hmac_key = generation.hash().derive(&[b"operation"]);
    let organization = organization.as_bytes();
    let length = (key.len() as u64).to_be_bytes();
    (
        OperationKey(hmac_key.hmac(&[&[KEY], organization, key.as_bytes()])),
        Fingerprint(hmac_key.hmac(&[&[FINGERPRINT], organization, &length, key.as_bytes(), input])),
    )
}
