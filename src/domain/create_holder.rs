//! The input that creates a holder, and what it must be like.

use super::countries::is_alpha2;
use super::fault::{Fault, FaultCode, Faults, FieldPath};
use super::guard::Guard;
use super::holder::{
    Address, Addresses, Contact, HolderPersonal, HolderType, LegalPerson, NaturalPerson, Representative,
};
use super::metadata::Metadata;
use super::redacted;
use super::text::{
    DESCRIPTION_MAX, DOCUMENT_MAX, TEXT_MAX, check, check_email, check_idempotency_key, check_optional,
    check_searchable,
};
use serde_json::{Map, Value};

/// A holder as a client wants it. Absent and null are the same here.
#[derive(Clone)]
pub struct CreateHolder {
    /// Natural or legal person.
    pub holder_type: HolderType,
    /// What will be sealed.
    pub personal: HolderPersonal,
    /// The caller's own name for it, in clear.
    pub external_id: Option<String>,
    /// The caller's own entries, not yet judged.
    pub metadata: Map<String, Value>,
    /// Makes a repeat of the call safe.
    pub idempotency_key: Option<String>,
}
redacted!(CreateHolder);

/// A holder's input that has passed all rules.
#[derive(Clone, Debug)]
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

    fn check_at(self, faults: &mut Faults, at: &FieldPath, guard: &Guard) -> CheckedHolder {
        check_personal(faults, at, &self.personal);
        check_clear(faults, &at.field("externalId"), guard, self.external_id.as_deref());
        let metadata = Metadata::read(faults, &at.field("metadata"), guard, &self.metadata);
        let Self { holder_type, personal, external_id, .. } = self;
        CheckedHolder { holder_type, personal, external_id, metadata }
    }
}

/// Checks a text that is stored in clear: the guard looks at it too.
pub(super) fn check_clear(faults: &mut Faults, at: &FieldPath, guard: &Guard, text: Option<&str>) {
    let before = faults.faults.len();
    check_optional(faults, at, text, TEXT_MAX);
    if let Some(text) = text
        && faults.faults.len() == before
    {
        guard.judge_text(faults, at, at.name(), text);
    }
}

fn check_personal(faults: &mut Faults, at: &FieldPath, personal: &HolderPersonal) {
    check(faults, &at.field("name"), &personal.name, TEXT_MAX);
    check_searchable(faults, &at.field("document"), &personal.document, DOCUMENT_MAX);
    if let Some(addresses) = &personal.addresses {
        check_addresses(faults, &at.field("addresses"), addresses);
    }
    if let Some(contact) = &personal.contact {
        check_contact(faults, &at.field("contact"), contact);
    }
    if let Some(person) = &personal.natural_person {
        check_natural_person(faults, &at.field("naturalPerson"), person);
    }
    if let Some(person) = &personal.legal_person {
        check_legal_person(faults, &at.field("legalPerson"), person);
    }
}

fn check_addresses(faults: &mut Faults, at: &FieldPath, addresses: &Addresses) {
    let Addresses { primary, additional1, additional2 } = addresses;
    for (name, address) in [("primary", primary), ("additional1", additional1), ("additional2", additional2)]
    {
        if let Some(address) = address {
            check_address(faults, &at.field(name), address);
        }
    }
}

fn check_address(faults: &mut Faults, at: &FieldPath, address: &Address) {
    let Address { line1, line2, zip_code, city, state, country, description } = address;
    for (name, line) in
        [("line1", line1), ("zipCode", zip_code), ("city", city), ("state", state), ("country", country)]
    {
        match line {
            Some(line) => check(faults, &at.field(name), line, TEXT_MAX),
            None => faults.push(FaultCode::Required, at.field(name), format!("a new address needs {name}")),
        }
    }
    check_optional(faults, &at.field("line2"), line2.as_deref(), TEXT_MAX);
    check_optional(faults, &at.field("description"), description.as_deref(), DESCRIPTION_MAX);
    check_country(faults, &at.field("country"), country.as_deref());
}

/// Checks a country code; blank and over-long ones were told already.
pub(super) fn check_country(faults: &mut Faults, at: &FieldPath, country: Option<&str>) {
    let Some(country) = country else { return };
    let told = faults.faults.iter().any(|fault| fault.field == *at);
    if !told && !is_alpha2(country) {
        let message =
            format!("{} is no ISO 3166-1 alpha-2 code: write two capitals, for example BR", at.name());
        faults.push(FaultCode::InvalidValue, at.clone(), message);
    }
}

fn check_contact(faults: &mut Faults, at: &FieldPath, contact: &Contact) {
    let Contact { primary_email, secondary_email, mobile_phone, other_phone } = contact;
    check_email(faults, &at.field("primaryEmail"), primary_email.as_deref());
    check_email(faults, &at.field("secondaryEmail"), secondary_email.as_deref());
    check_optional(faults, &at.field("mobilePhone"), mobile_phone.as_deref(), TEXT_MAX);
    check_optional(faults, &at.field("otherPhone"), other_phone.as_deref(), TEXT_MAX);
}

fn check_natural_person(faults: &mut Faults, at: &FieldPath, person: &NaturalPerson) {
    // A birth date has no text to check; taking the struct apart keeps this complete.
    let NaturalPerson {
        favorite_name,
        social_name,
        gender,
        birth_date: _,
        civil_status,
        nationality,
        mother_name,
        father_name,
        status,
    } = person;
    for (name, text) in [
        ("favoriteName", favorite_name),
        ("socialName", social_name),
        ("gender", gender),
        ("civilStatus", civil_status),
        ("nationality", nationality),
        ("motherName", mother_name),
        ("fatherName", father_name),
        ("status", status),
    ] {
        check_optional(faults, &at.field(name), text.as_deref(), TEXT_MAX);
    }
}

fn check_legal_person(faults: &mut Faults, at: &FieldPath, person: &LegalPerson) {
    let LegalPerson { trade_name, activity, kind, founding_date: _, size, status, representative } = person;
    for (name, text) in [
        ("tradeName", trade_name),
        ("activity", activity),
        ("type", kind),
        ("size", size),
        ("status", status),
    ] {
        check_optional(faults, &at.field(name), text.as_deref(), TEXT_MAX);
    }
    if let Some(Representative { name, document, email, role }) = representative {
        let at = at.field("representative");
        check_optional(faults, &at.field("name"), name.as_deref(), TEXT_MAX);
        check_optional(faults, &at.field("document"), document.as_deref(), DOCUMENT_MAX);
        check_email(faults, &at.field("email"), email.as_deref());
        check_optional(faults, &at.field("role"), role.as_deref(), TEXT_MAX);
    }
}

#[cfg(test)]
mod tests;
