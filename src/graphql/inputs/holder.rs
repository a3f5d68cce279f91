//! The inputs of createHolder and updateHolder.

use super::person::{AddressesInput, ContactInput, LegalPersonInput, NaturalPersonInput};
use crate::domain::create_holder::CreateHolder;
use crate::domain::update_holder::UpdateHolder;
use crate::graphql::holder::HolderType;
use crate::graphql::scalars::MetadataScalar;
use async_graphql::{ID, InputObject, MaybeUndefined};

/// A new holder. A field that is left out and one that is null are the same here.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateHolderInput {
    /// Natural or legal person; can never be changed.
    #[graphql(name = "type")]
    holder_type: HolderType,
    /// Full name of the person, or the company's: 1 to 256 characters. Sealed at rest.
    name: String,
    /// CPF, CNPJ, passport number or any other document, in 1 to 64 characters of any writing; can never be changed. DOCUMENT_IN_USE where a live holder of the organization has it. Sealed at rest, found by search.
    document: String,
    /// Your own id for the holder, at most 256 characters. Stored in clear: never personal data (METADATA_SENSITIVE).
    external_id: Option<String>,
    /// Up to three addresses. Sealed at rest.
    addresses: Option<AddressesInput>,
    /// E-mail addresses and telephone numbers. Sealed at rest.
    contact: Option<ContactInput>,
    /// Details of a human being; may be given with either type. Sealed at rest.
    natural_person: Option<NaturalPersonInput>,
    /// Details of a company; may be given with either type. Sealed at rest.
    legal_person: Option<LegalPersonInput>,
    /// Your own entries. Stored in clear: never personal data (METADATA_SENSITIVE).
    metadata: Option<MetadataScalar>,
    /// Makes it safe to repeat the call: the same key (1 to 128 printable ASCII characters, for example a UUID) with the same input gives the first outcome again for 24 hours; with another input or mutation it is IDEMPOTENCY_KEY_REUSED. Inside onboardHolder it must be left out (BAD_USER_INPUT): that call has a key of its own.
    idempotency_key: Option<String>,
}

/// Changes of one live holder. A field that is left out stays as it is, null clears it where it may be empty, an object is merged field by field (RFC 7396), metadata key by key. The document and the type never change.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateHolderInput {
    /// The holder. HOLDER_NOT_FOUND where no live holder of the organization has it, also where it is soft-deleted; INVALID_VALUE where it is no UUID.
    id: ID,
    /// The version that you have read. VERSION_CONFLICT where the holder has another by now, and nothing is changed; left out, changes of other fields by others survive.
    expected_version: Option<i32>,
    /// Full name of the person, or the company's: 1 to 256 characters; null is refused (REQUIRED). Sealed at rest.
    name: MaybeUndefined<String>,
    /// Your own id for the holder, at most 256 characters; null clears it. Stored in clear: never personal data (METADATA_SENSITIVE).
    external_id: MaybeUndefined<String>,
    /// Up to three addresses, merged with the stored ones; null removes all. Sealed at rest.
    addresses: MaybeUndefined<AddressesInput>,
    /// E-mail addresses and telephone numbers, merged with the stored ones; null removes all. Sealed at rest.
    contact: MaybeUndefined<ContactInput>,
    /// Details of a human being, merged with the stored ones; null removes all. Sealed at rest.
    natural_person: MaybeUndefined<NaturalPersonInput>,
    /// Details of a company, merged with the stored ones; null removes all. Sealed at rest.
    legal_person: MaybeUndefined<LegalPersonInput>,
    /// Your own entries, merged key by key: a key that is left out stays, null as its value removes it; null instead of the object removes all. Over 100 keys after that are METADATA_INVALID. Stored in clear: never personal data (METADATA_SENSITIVE).
    metadata: MaybeUndefined<MetadataScalar>,
    /// Makes it safe to repeat the call: the same key (1 to 128 printable ASCII characters, for example a UUID) with the same input gives the first outcome again for 24 hours; with another input or mutation it is IDEMPOTENCY_KEY_REUSED.
    idempotency_key: Option<String>,
}

impl From<CreateHolderInput> for CreateHolder {
    fn from(input: CreateHolderInput) -> Self {
        Self {
            holder_type: input.holder_type.into(),
            name: input.name,
            document: input.document,
            external_id: input.external_id,
            addresses: input.addresses.into(),
            contact: input.contact.into(),
            natural_person: input.natural_person.into(),
            legal_person: input.legal_person.into(),
            metadata: input.metadata.map(Into::into).unwrap_or_default(),
            idempotency_key: input.idempotency_key,
        }
    }
}

impl From<UpdateHolderInput> for UpdateHolder {
    fn from(input: UpdateHolderInput) -> Self {
        Self {
            id: input.id.0,
            expected_version: input.expected_version,
            name: input.name.into(),
            external_id: input.external_id.into(),
            addresses: input.addresses.into(),
            contact: input.contact.into(),
            natural_person: input.natural_person.into(),
            legal_person: input.legal_person.into(),
            metadata: input.metadata.into(),
            idempotency_key: input.idempotency_key,
        }
    }
}
