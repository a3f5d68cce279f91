//! The input that updates a holder: what it must be like, and how it is merged with what is stored.

use super::fault::{Fault, Faults, FieldPath};
use super::guard::Guard;
use super::holder::{
    AddressesPatch, ContactPatch, Holder, HolderPersonal, LegalPersonPatch, NaturalPersonPatch,
};
use super::ids::HolderId;
use super::metadata::MetadataPatch;
use super::patch::Patch;
use super::personal::{
    check_addresses, check_clear, check_contact, check_legal_person, check_natural_person, refuse_clear,
    require_new_addresses,
};
use super::redacted;
use super::target::read_id;
use super::text::{TEXT_MAX, check_idempotency_key, check_optional};
use serde::Serialize;
use serde_json::{Map, Value};

/// What a client wants to change of a holder; its type and document never change.
#[derive(Clone)]
pub struct UpdateHolder {
    /// Its id as it was written.
    pub id: String,
    /// The version that it must have.
    pub expected_version: Option<i32>,
    /// Full name, or the company's; cannot be cleared.
    pub name: Patch<String>,
    /// The caller's own name for it, in clear.
    pub external_id: Patch<String>,
    /// Up to three addresses.
    pub addresses: Patch<AddressesPatch>,
    /// How to reach the holder.
    pub contact: Patch<ContactPatch>,
    /// What is known of a human being.
    pub natural_person: Patch<NaturalPersonPatch>,
    /// What is known of a company.
    pub legal_person: Patch<LegalPersonPatch>,
    /// The caller's own entries by key, not yet judged; a null removes its key.
    pub metadata: Patch<Map<String, Value>>,
    /// Makes a repeat of the call safe.
    pub idempotency_key: Option<String>,
}
redacted!(UpdateHolder);

/// An update that has passed all rules that need no record.
#[derive(Clone, Serialize)]
pub struct CheckedHolderUpdate {
    /// The holder.
    pub id: HolderId,
    /// The version that it must have.
    pub expected_version: Option<i32>,
    name: Patch<String>,
    external_id: Patch<String>,
    addresses: Patch<AddressesPatch>,
    contact: Patch<ContactPatch>,
    natural_person: Patch<NaturalPersonPatch>,
    legal_person: Patch<LegalPersonPatch>,
    metadata: Patch<MetadataPatch>,
}
redacted!(CheckedHolderUpdate);

impl UpdateHolder {
    /// Checks everything that needs no record; all faults come together. What the guard let through in its mode
    /// `warn` comes beside the value.
    pub fn checked(self, guard: &Guard) -> Result<(CheckedHolderUpdate, Vec<Fault>), Vec<Fault>> {
        let mut faults = Faults::default();
        let at = FieldPath::input();
        check_idempotency_key(&mut faults, &at.field("idempotencyKey"), self.idempotency_key.as_deref());
        let id = read_id(&mut faults, at.field("id"), &self.id, HolderId::parse);
        refuse_clear(&mut faults, &at.field("name"), &self.name);
        check_optional(&mut faults, &at.field("name"), self.name.text(), TEXT_MAX);
        check_clear(&mut faults, &at.field("externalId"), guard, self.external_id.text());
        check_addresses(&mut faults, &at.field("addresses"), &self.addresses);
        check_contact(&mut faults, &at.field("contact"), &self.contact);
        check_natural_person(&mut faults, &at.field("naturalPerson"), &self.natural_person);
        check_legal_person(&mut faults, &at.field("legalPerson"), &self.legal_person);
        let metadata = MetadataPatch::check(&mut faults, &at.field("metadata"), guard, &self.metadata);
        let Self {
            expected_version,
            name,
            external_id,
            addresses,
            contact,
            natural_person,
            legal_person,
            ..
        } = self;
        faults.finish_read(id.map(|id| CheckedHolderUpdate {
            id,
            expected_version,
            name,
            external_id,
            addresses,
            contact,
            natural_person,
            legal_person,
            metadata,
        }))
    }
}

impl CheckedHolderUpdate {
    /// The holder after the update, or what only the record could show. Times and version are the caller's affair;
    /// where nothing is changed, what comes back is equal to what was given.
    pub fn merged(
        &self,
        clear: &Holder,
        personal: &HolderPersonal,
    ) -> Result<(Holder, HolderPersonal), Vec<Fault>> {
        let mut faults = Faults::default();
        let at = FieldPath::input();
        let (mut clear, old) = (clear.clone(), personal.clone());
        clear.external_id = self.external_id.clone().onto(clear.external_id);
        clear.metadata = clear.metadata.merged(&mut faults, &at.field("metadata"), &self.metadata);
        let new = HolderPersonal {
            name: self.name.given().unwrap_or(&old.name).clone(),
            document: old.document,
            addresses: self.addresses.clone().onto(old.addresses),
            contact: self.contact.clone().onto(old.contact),
            natural_person: self.natural_person.clone().onto(old.natural_person),
            legal_person: self.legal_person.clone().onto(old.legal_person),
        };
        let at = at.field("addresses");
        require_new_addresses(&mut faults, &at, personal.addresses.as_ref(), new.addresses.as_ref());
        faults.finish((clear, new)).map(|(merged, _)| merged)
    }
}

#[cfg(test)]
mod tests;
