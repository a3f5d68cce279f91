//! The input of createHolder.

use crate::domain::create_holder::CreateHolder;
use crate::domain::holder::HolderPersonal;
use crate::graphql::holder::HolderType;
use crate::graphql::person::{Addresses, Contact, LegalPerson, NaturalPerson};
use crate::graphql::scalars::MetadataScalar;
use async_graphql::InputObject;

/// A new holder. A field that is left out and one that is null are the same here.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateHolderInput {
    /// Natural or legal person; can never be changed.
    #[graphql(name = "type")]
    holder_type: HolderType,
    /// Full name of the person, or the company's: 1 to 256 characters.
    name: String,
    /// CPF, CNPJ, passport number or any other document, in 1 to 64 characters of any writing; can never be changed. DOCUMENT_IN_USE where a live holder of the organization has it.
    document: String,
    /// Your own id for the holder, at most 256 characters. Stored in clear: never personal data.
    external_id: Option<String>,
    /// Up to three addresses.
    addresses: Option<Addresses>,
    /// E-mail addresses and telephone numbers.
    contact: Option<Contact>,
    /// Details of a human being; may be given with either type.
    natural_person: Option<NaturalPerson>,
    /// Details of a company; may be given with either type.
    legal_person: Option<LegalPerson>,
    /// Your own entries. Stored in clear: never personal data.
    metadata: Option<MetadataScalar>,
    /// Makes it safe to repeat the call: the same key (1 to 128 printable ASCII characters, for example a UUID) with the same input gives the first outcome again for 24 hours.
    idempotency_key: Option<String>,
}

impl From<CreateHolderInput> for CreateHolder {
    fn from(input: CreateHolderInput) -> Self {
        Self {
            holder_type: input.holder_type.into(),
            personal: HolderPersonal {
                name: input.name,
                document: input.document,
                addresses: input.addresses.map(Into::into),
                contact: input.contact.map(Into::into),
                natural_person: input.natural_person.map(Into::into),
                legal_person: input.legal_person.map(Into::into),
            },
            external_id: input.external_id,
            metadata: input.metadata.map(|entries| entries.0).unwrap_or_default(),
            idempotency_key: input.idempotency_key,
        }
    }
}
