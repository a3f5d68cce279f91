//! The input that creates a holder, and what it must be like.

use super::fault::{Fault, Faults, FieldPath};
use super::guard::Guard;
use super::holder::{
    AddressesPatch, ContactPatch, HolderPersonal, HolderType, LegalPersonPatch, NaturalPersonPatch,
};
use super::metadata::Metadata;
use super::patch::Patch;
use super::personal::{
    check_addresses, check_clear, check_contact, check_legal_person, check_natural_person,
    require_new_addresses,
};
use super::redacted;
use super::text::{DOCUMENT_MAX, TEXT_MAX, check, check_idempotency_key, check_searchable};
use serde::Serialize;
use serde_json::{Map, Value};

/// A holder as a client wants it. Absent and null are the same here.
#[derive(Clone)]
pub struct CreateHolder {
    /// Natural or legal person.
    pub holder_type: HolderType,
    /// Full name, or the company's.
    pub name: String,
    /// CPF, CNPJ, passport number, …, as it was written.
    pub document: String,
    /// The caller's own name for it, in clear.
    pub external_id: Option<String>,
    /// Up to three addresses.
    pub addresses: Patch<AddressesPatch>,
    /// How to reach the holder.
    pub contact: Patch<ContactPatch>,
    /// What is known of a human being.
    pub natural_person: Patch<NaturalPersonPatch>,
    /// What is known of a company.
    pub legal_person: Patch<LegalPersonPatch>,
    /// The caller's own entries, not yet judged.
    pub metadata: Map<String, Value>,
    /// Makes a repeat of the call safe.
    pub idempotency_key: Option<String>,
}
redacted!(CreateHolder);

/// A holder's input that has passed all rules.
#[derive(Clone, Serialize)]
pub struct CheckedHolder {
    /// Natural or legal person.
    pub holder_type: HolderType,
    /// What will be sealed.
    pub personal: HolderPersonal,
    /// In clear.
    pub external_id: Option<String>,
    /// In clear.
    pub metadata: Metadata,
}
redacted!(CheckedHolder);

impl CreateHolder {
    /// Checks everything that needs no record; all faults come together. What the guard let through in its mode
    /// `warn` comes beside the value.
    pub fn checked(self, guard: &Guard) -> Result<(CheckedHolder, Vec<Fault>), Vec<Fault>> {
        let mut faults = Faults::default();
        let input = FieldPath::input();
        check_idempotency_key(&mut faults, &input.field("idempotencyKey"), self.idempotency_key.as_deref());
        let checked = self.check_at(&mut faults, &input, guard);
        faults.finish(checked)
    }

    /// Checks all but the idempotency key, at its place in a larger input.
    pub(super) fn check_at(self, faults: &mut Faults, at: &FieldPath, guard: &Guard) -> CheckedHolder {
        check(faults, &at.field("name"), &self.name, TEXT_MAX);
        check_searchable(faults, &at.field("document"), &self.document, DOCUMENT_MAX);
        check_clear(faults, &at.field("externalId"), guard, self.external_id.as_deref());
        let addresses_at = at.field("addresses");
        check_addresses(faults, &addresses_at, &self.addresses);
        let addresses = self.addresses.onto(None);
        require_new_addresses(faults, &addresses_at, None, addresses.as_ref());
        check_contact(faults, &at.field("contact"), &self.contact);
        check_natural_person(faults, &at.field("naturalPerson"), &self.natural_person);
        check_legal_person(faults, &at.field("legalPerson"), &self.legal_person);
        let metadata = Metadata::read(faults, &at.field("metadata"), guard, &self.metadata);
        let personal = HolderPersonal {
            name: self.name,
            document: self.document,
            addresses,
            contact: self.contact.onto(None),
            natural_person: self.natural_person.onto(None),
            legal_person: self.legal_person.onto(None),
        };
        CheckedHolder { holder_type: self.holder_type, personal, external_id: self.external_id, metadata }
    }
}

#[cfg(test)]
mod tests;
