//! The sealed message: format version ‖ key id (length-prefixed) ‖ nonce ‖ ciphertext ‖ tag.
//!
//! AES-256-GCM with a key of the record's own and a fresh random nonce, so that the bound of 2^32 random nonces
//! counts the writes of one record. The plaintext is a version byte and compact JSON, never compressed.

use super::binding::Binding;
use super::buffer::Buffer;
use super::derive::DerivedKey;
use super::keyring::{Generation, Keyring};
use crate::registry::ports::record::Sealed;
use crate::registry::ports::vault::{SealError, Unreadable};
use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// The version of what is stored.
const FORMAT: u8 = 1;
/// The version of what is sealed: the personal data's own encoding.
const ENCODING: u8 = 1;
/// 96 bits.
pub(crate) const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
/// Most records need no more than this.
const USUAL_BYTES: usize = 1024;

/// Seals a record's personal data under a fresh nonce.
pub(crate) fn seal<T: Serialize>(
    generation: &Generation,
    binding: &Binding,
    personal: &T,
) -> Result<Sealed, SealError> {
    let mut nonce = [0; NONCE_BYTES];
    aws_lc_rs::rand::fill(&mut nonce).map_err(|_| {
        binding.refuse("the system gave no randomness");
        SealError
    })?;
    seal_with(nonce, generation, binding, personal).ok_or_else(|| {
        binding.refuse("it could not be encoded");
        SealError
    })
}

/// Seals under a given nonce, which must never be used twice for one record.
pub(crate) fn seal_with<T: Serialize>(
    nonce: [u8; NONCE_BYTES],
    generation: &Generation,
    binding: &Binding,
    personal: &T,
) -> Option<Sealed> {
    let key_id = generation.id();
    let mut message = Buffer::with_capacity(USUAL_BYTES);
    message.push(&[FORMAT, u8::try_from(key_id.0.len()).ok()?]);
    message.push(key_id.0.as_bytes());
    message.push(&nonce);
    let header = message.after(0).len();
    message.push(&[ENCODING]);
    serde_json::to_writer(&mut message, personal).ok()?;

    let tag = cipher(generation, binding)
        .encrypt_inout_detached(
            &nonce.into(),
            &binding.associated_data(FORMAT, key_id),
            message.after(header).into(),
        )
        .ok()?;
    message.push(&tag);
    Some(Sealed(message.release()))
}

/// Opens a record's personal data. What is wrong is told to operators only, and no more than where.
pub(crate) fn open<T: DeserializeOwned>(
    keyring: &Keyring,
    binding: &Binding,
    sealed: Option<&Sealed>,
) -> Result<T, Unreadable> {
    let message = sealed.and_then(|sealed| Message::read(&sealed.0));
    message.as_ref().and_then(|message| message.open(keyring, binding)).ok_or_else(|| {
        binding.unreadable(message.and_then(|message| message.shown_key_id()));
        Unreadable
    })
}

/// The parts of a message, as they are stored.
struct Message<'a> {
    key_id: &'a [u8],
    nonce: [u8; NONCE_BYTES],
    ciphertext: &'a [u8],
    tag: [u8; TAG_BYTES],
}

impl<'a> Message<'a> {
    /// Takes a message of our format apart.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (format, rest) = bytes.split_first()?;
        let (length, rest) = rest.split_first()?;
        let (key_id, rest) = rest.split_at_checked((*length).into())?;
        let (nonce, rest) = rest.split_first_chunk()?;
        let (ciphertext, tag) = rest.split_last_chunk()?;
        (*format == FORMAT).then_some(Self { key_id, nonce: *nonce, ciphertext, tag: *tag })
    }

    fn open<T: DeserializeOwned>(&self, keyring: &Keyring, binding: &Binding) -> Option<T> {
        let generation = keyring.find(str::from_utf8(self.key_id).ok()?)?;
        let mut plaintext = Zeroizing::new(self.ciphertext.to_vec());
        cipher(generation, binding)
            .decrypt_inout_detached(
                &self.nonce.into(),
                &binding.associated_data(FORMAT, generation.id()),
                plaintext.as_mut_slice().into(),
                &self.tag.into(),
            )
            .ok()?;
        let (encoding, personal) = plaintext.split_first()?;
        if *encoding != ENCODING {
            return None;
        }
        // The error's text may quote a value, so it is not kept.
        serde_json::from_slice(personal).ok()
    }

    /// The key id, if it can be one: a damaged message must write nothing else into a log.
    fn shown_key_id(&self) -> Option<&'a str> {
        let id = str::from_utf8(self.key_id).ok()?;
        let fits = (1..=16).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        fits.then_some(id)
    }
}

/// The cipher under the record's own key.
fn cipher(generation: &Generation, binding: &Binding) -> Aes256Gcm {
    let key: DerivedKey = generation.encrypt().derive(&[b"seal", &binding.place()]);
    Aes256Gcm::new(key.expose().into())
}
