use super::*;
use crate::domain::fault::FaultCode;
use crate::domain::holder::AddressPatch;
use serde_json::json;

fn minimal() -> CreateHolder {
    CreateHolder {
        holder_type: HolderType::NaturalPerson,
        name: "Maria Souza".to_owned(),
        document: "913.150.260-15".to_owned(),
        external_id: None,
        addresses: Patch::Keep,
        contact: Patch::Keep,
        natural_person: Patch::Keep,
        legal_person: Patch::Keep,
        metadata: Map::new(),
        idempotency_key: None,
    }
}

fn faults(input: CreateHolder) -> Vec<(FaultCode, String)> {
    let faults = input.checked(&Guard::default()).err().unwrap_or_default();
    faults.into_iter().map(|fault| (fault.code, fault.field.steps().join("/"))).collect()
}

#[test]
fn the_least_that_a_holder_needs_is_taken() {
    assert_eq!(faults(minimal()), []);
}

#[test]
fn all_faults_of_one_input_come_together_each_with_its_path() {
    let mut input = minimal();
    input.idempotency_key = Some(String::new());
    input.name = " ".to_owned();
    input.document = "9".repeat(65);
    input.external_id = Some("maria@example.com".to_owned());
    input.metadata = json!({"cpf": "x"}).as_object().unwrap().clone();
    input.addresses = Patch::Set(AddressesPatch {
        primary: Patch::Set(AddressPatch {
            country: Patch::Set("BRA".to_owned()),
            city: Patch::Clear,
            ..AddressPatch::default()
        }),
        ..AddressesPatch::default()
    });
    input.contact =
        Patch::Set(ContactPatch { primary_email: Patch::Set("maria".to_owned()), ..ContactPatch::default() });
    assert_eq!(
        faults(input).into_iter().map(|(_, path)| path).collect::<Vec<_>>(),
        [
            "input/idempotencyKey",
            "input/name",
            "input/document",
            "input/externalId",
            "input/addresses/primary/city",
            "input/addresses/primary/country",
            "input/addresses/primary/line1",
            "input/addresses/primary/zipCode",
            "input/addresses/primary/state",
            "input/contact/primaryEmail",
            "input/metadata/cpf",
        ]
    );
}

#[test]
fn a_document_of_which_nothing_is_left_is_invalid() {
    let mut input = minimal();
    input.document = ".-/".to_owned();
    assert_eq!(faults(input), [(FaultCode::InvalidValue, "input/document".to_owned())]);
}

#[test]
fn both_kinds_of_person_may_be_given_with_either_type() {
    let mut input = minimal();
    input.natural_person = Patch::Set(NaturalPersonPatch::default());
    input.legal_person = Patch::Set(LegalPersonPatch::default());
    assert_eq!(faults(input), []);
}

#[test]
fn an_address_description_has_at_most_100_characters() {
    let line = || Patch::Set("x".to_owned());
    let mut input = minimal();
    input.addresses = Patch::Set(AddressesPatch {
        additional2: Patch::Set(AddressPatch {
            line1: line(),
            zip_code: line(),
            city: line(),
            state: line(),
            country: Patch::Set("PT".to_owned()),
            description: Patch::Set("d".repeat(101)),
            line2: Patch::Keep,
        }),
        ..AddressesPatch::default()
    });
    assert_eq!(faults(input), [(FaultCode::TooLong, "input/addresses/additional2/description".to_owned())]);
}

#[test]
fn no_message_repeats_a_value() {
    let mut input = minimal();
    input.name = "CANARY\u{0}".to_owned();
    input.document = "CANARY".repeat(20);
    input.external_id = Some("canary@example.com".to_owned());
    for fault in input.checked(&Guard::default()).unwrap_err() {
        assert!(!fault.message.to_uppercase().contains("CANARY"), "{}", fault.message);
    }
}
