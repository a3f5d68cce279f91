//! A holder's personal details: what their lines must be like, whether they create or update.

use super::countries::is_alpha2;
use super::fault::{FaultCode, Faults, FieldPath};
use super::guard::Guard;
use super::holder::{
    Address, AddressPatch, Addresses, AddressesPatch, ContactPatch, LegalPersonPatch, NaturalPersonPatch,
    RepresentativePatch,
};
use super::patch::Patch;
use super::text::{DESCRIPTION_MAX, DOCUMENT_MAX, TEXT_MAX, check_email, check_optional};

/// Refuses null for a field that must have a value.
pub(super) fn refuse_clear<T>(faults: &mut Faults, at: &FieldPath, patch: &Patch<T>) {
    if patch.clears() {
        let message = format!("{} cannot be cleared: give a value, or leave it out", at.name());
        faults.require(at.clone(), message);
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

/// Checks a country code.
pub(super) fn check_country(faults: &mut Faults, at: &FieldPath, country: Option<&str>) {
    check_optional(faults, at, country, TEXT_MAX);
    let Some(country) = country else { return };
    if !faults.told_at(at) && !is_alpha2(country) {
        let message =
            format!("{} is no ISO 3166-1 alpha-2 code: write two capitals, for example BR", at.name());
        faults.push(FaultCode::InvalidValue, at.clone(), message);
    }
}

/// Checks what is given of the addresses.
pub(super) fn check_addresses(faults: &mut Faults, at: &FieldPath, patch: &Patch<AddressesPatch>) {
    let Some(AddressesPatch { primary, additional1, additional2 }) = patch.given() else { return };
    for (name, address) in [("primary", primary), ("additional1", additional1), ("additional2", additional2)]
    {
        if let Some(address) = address.given() {
            check_address(faults, &at.field(name), address);
        }
    }
}

fn check_address(faults: &mut Faults, at: &FieldPath, address: &AddressPatch) {
    let AddressPatch { line1, line2, zip_code, city, state, country, description } = address;
    for (name, line) in
        [("line1", line1), ("zipCode", zip_code), ("city", city), ("state", state), ("country", country)]
    {
        refuse_clear(faults, &at.field(name), line);
    }
    for (name, line) in
        [("line1", line1), ("line2", line2), ("zipCode", zip_code), ("city", city), ("state", state)]
    {
        check_optional(faults, &at.field(name), line.text(), TEXT_MAX);
    }
    check_country(faults, &at.field("country"), country.text());
    check_optional(faults, &at.field("description"), description.text(), DESCRIPTION_MAX);
}

/// Requires of each address that was not there before what every new address needs; an old one may lack it.
pub(super) fn require_new_addresses(
    faults: &mut Faults,
    at: &FieldPath,
    old: Option<&Addresses>,
    new: Option<&Addresses>,
) {
    let Some(Addresses { primary, additional1, additional2 }) = new else { return };
    for (name, address, was_there) in [
        ("primary", primary, old.is_some_and(|old| old.primary.is_some())),
        ("additional1", additional1, old.is_some_and(|old| old.additional1.is_some())),
        ("additional2", additional2, old.is_some_and(|old| old.additional2.is_some())),
    ] {
        if let Some(address) = address.as_ref().filter(|_| !was_there) {
            require_lines(faults, &at.field(name), address);
        }
    }
}

fn require_lines(faults: &mut Faults, at: &FieldPath, address: &Address) {
    let Address { line1, line2: _, zip_code, city, state, country, description: _ } = address;
    for (name, line) in
        [("line1", line1), ("zipCode", zip_code), ("city", city), ("state", state), ("country", country)]
    {
        if line.is_none() {
            faults.require(at.field(name), format!("a new address needs {name}"));
        }
    }
}

/// Checks what is given of e-mail addresses and telephone numbers.
pub(super) fn check_contact(faults: &mut Faults, at: &FieldPath, patch: &Patch<ContactPatch>) {
    let Some(ContactPatch { primary_email, secondary_email, mobile_phone, other_phone }) = patch.given()
    else {
        return;
    };
    check_email(faults, &at.field("primaryEmail"), primary_email.text());
    check_email(faults, &at.field("secondaryEmail"), secondary_email.text());
    check_optional(faults, &at.field("mobilePhone"), mobile_phone.text(), TEXT_MAX);
    check_optional(faults, &at.field("otherPhone"), other_phone.text(), TEXT_MAX);
}

/// Checks what is given of a human being.
pub(super) fn check_natural_person(faults: &mut Faults, at: &FieldPath, patch: &Patch<NaturalPersonPatch>) {
    // A birth date has no text to check; taking the struct apart keeps this complete.
    let Some(NaturalPersonPatch {
        favorite_name,
        social_name,
        gender,
        birth_date: _,
        civil_status,
        nationality,
        mother_name,
        father_name,
        status,
    }) = patch.given()
    else {
        return;
    };
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
        check_optional(faults, &at.field(name), text.text(), TEXT_MAX);
    }
}

/// Checks what is given of a company.
pub(super) fn check_legal_person(faults: &mut Faults, at: &FieldPath, patch: &Patch<LegalPersonPatch>) {
    let Some(LegalPersonPatch { trade_name, activity, kind, founding_date: _, size, status, representative }) =
        patch.given()
    else {
        return;
    };
    for (name, text) in [
        ("tradeName", trade_name),
        ("activity", activity),
        ("type", kind),
        ("size", size),
        ("status", status),
    ] {
        check_optional(faults, &at.field(name), text.text(), TEXT_MAX);
    }
    if let Some(RepresentativePatch { name, document, email, role }) = representative.given() {
        let at = at.field("representative");
        check_optional(faults, &at.field("name"), name.text(), TEXT_MAX);
        check_optional(faults, &at.field("document"), document.text(), DOCUMENT_MAX);
        check_email(faults, &at.field("email"), email.text());
        check_optional(faults, &at.field("role"), role.text(), TEXT_MAX);
    }
}
