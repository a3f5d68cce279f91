//! Cursors: version ‖ content ‖ 16 bytes of an HMAC, as base64url. Not secret, but not to be made by others.

use super::keyring::{Generation, Keyring};
use crate::domain::ids::OrganizationId;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

const VERSION: u8 = 1;
const MAC_BYTES: usize = 16;
/// Most characters of a cursor that is looked at. Ours have 55; without a bound, one as long as a request would be
/// decoded and authenticated for each record of a list.
const CHARACTERS_MAX: usize = 256;

/// Makes a cursor for one list (`scope`) of one organization.
pub(crate) fn make(
    generation: &Generation,
    organization: OrganizationId,
    scope: &str,
    content: &[u8],
) -> String {
    let full = mac(generation, organization, scope, content).finalize().into_bytes();
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(content);
    bytes.extend(full.iter().take(MAC_BYTES));
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The content of a cursor that any generation of the keyring made for that list; `None` for all else.
pub(crate) fn read(
    keyring: &Keyring,
    organization: OrganizationId,
    scope: &str,
    cursor: &str,
) -> Option<Vec<u8>> {
    if cursor.len() > CHARACTERS_MAX {
        return None;
    }
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (version, rest) = bytes.split_first()?;
    let (content, tag) = rest.split_last_chunk::<MAC_BYTES>()?;
    // `verify_truncated_left` takes the same time for every wrong tag.
    let made_here = keyring
        .generations()
        .any(|generation| mac(generation, organization, scope, content).verify_truncated_left(tag).is_ok());
    (*version == VERSION && made_here).then(|| content.to_vec())
}

fn mac(generation: &Generation, organization: OrganizationId, scope: &str, content: &[u8]) -> Hmac<Sha256> {
    let length = (scope.len() as u64).to_be_bytes();
    let parts: [&[u8]; 5] = [&[VERSION], organization.as_bytes(), &length, scope.as_bytes(), content];
    generation.hash().derive(&[b"cursor"]).mac(&parts)
}
