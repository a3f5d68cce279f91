mod metadata;

use super::*;
use crate::domain::fault::FaultCode;
use crate::domain::holder::{Address, AddressPatch, Addresses, Contact, HolderType, NaturalPerson};
use crate::domain::ids::OrganizationId;
use crate::domain::metadata::Metadata;
use crate::domain::patch::reference::{members, merge_patch, written};
use crate::domain::patch::tests::{addresses, contact, legal_person, natural_person, patches, texts};
use crate::domain::time::Timestamp;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

const ID: &str = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";

fn update() -> UpdateHolder {
    UpdateHolder {
        id: ID.to_owned(),
        expected_version: None,
        name: Patch::Keep,
        external_id: Patch::Keep,
        addresses: Patch::Keep,
        contact: Patch::Keep,
        natural_person: Patch::Keep,
        legal_person: Patch::Keep,
        metadata: Patch::Keep,
        idempotency_key: None,
    }
}

fn text(text: &str) -> Patch<String> {
    Patch::Set(text.to_owned())
}

fn primary(address: AddressPatch) -> Patch<AddressesPatch> {
    Patch::Set(AddressesPatch { primary: Patch::Set(address), ..AddressesPatch::default() })
}

fn clear() -> Holder {
    let metadata = json!({"tier": "gold", "score": 7});
    Holder {
        id: HolderId::parse(ID).unwrap(),
        organization: OrganizationId(Uuid::nil()),
        holder_type: HolderType::NaturalPerson,
        external_id: Some("C-1".to_owned()),
        metadata: serde_json::from_value(metadata).unwrap(),
        created_at: Timestamp(1),
        updated_at: Timestamp(2),
        deleted_at: None,
    }
}

fn personal() -> HolderPersonal {
    HolderPersonal {
        name: "Maria Souza".to_owned(),
        document: "913.150.260-15".to_owned(),
        addresses: None,
        contact: None,
        natural_person: None,
        legal_person: None,
    }
}

fn entries(entries: Value) -> Patch<Map<String, Value>> {
    Patch::Set(entries.as_object().unwrap().clone())
}

fn paths(faults: Vec<Fault>) -> Vec<(FaultCode, String)> {
    faults.into_iter().map(|fault| (fault.code, fault.field.steps().join("/"))).collect()
}

fn told(input: UpdateHolder) -> Vec<(FaultCode, String)> {
    paths(input.checked(&Guard::default()).err().unwrap_or_default())
}

fn merged(
    input: UpdateHolder,
    personal: &HolderPersonal,
) -> Result<HolderPersonal, Vec<(FaultCode, String)>> {
    let (checked, _) = input.checked(&Guard::default()).unwrap();
    checked.merged(&clear(), personal).map(|(_, personal)| personal).map_err(paths)
}

#[test]
fn an_update_of_nothing_is_taken_and_gives_back_what_is_stored() {
    let (checked, warnings) = update().checked(&Guard::default()).unwrap();
    assert_eq!((checked.id, checked.expected_version, warnings), (clear().id, None, vec![]));
    assert!(checked.merged(&clear(), &personal()) == Ok((clear(), personal())));
}

#[test]
fn what_the_input_alone_shows_is_told_at_once() {
    let mut input = update();
    input.id = "7".to_owned();
    input.idempotency_key = Some(String::new());
    input.name = Patch::Clear;
    input.external_id = text("maria@example.com");
    input.addresses = primary(AddressPatch {
        line1: Patch::Clear,
        city: text(" "),
        country: text("BRA"),
        description: text(&"d".repeat(101)),
        ..AddressPatch::default()
    });
    input.contact = Patch::Set(ContactPatch { other_phone: text("\u{200b}"), ..ContactPatch::default() });
    let entries = json!({"a.b": null, "cpf": null, "c.d": 1, "pan": 1, "x": []});
    input.metadata = Patch::Set(entries.as_object().unwrap().clone());
    let expected = [
        (FaultCode::InvalidValue, "input/idempotencyKey"),
        (FaultCode::InvalidValue, "input/id"),
        (FaultCode::Required, "input/name"),
        (FaultCode::MetadataSensitive, "input/externalId"),
        (FaultCode::Required, "input/addresses/primary/line1"),
        (FaultCode::InvalidValue, "input/addresses/primary/city"),
        (FaultCode::InvalidValue, "input/addresses/primary/country"),
        (FaultCode::TooLong, "input/addresses/primary/description"),
        (FaultCode::InvalidValue, "input/contact/otherPhone"),
        (FaultCode::MetadataInvalid, "input/metadata/c.d"),
        (FaultCode::MetadataSensitive, "input/metadata/pan"),
        (FaultCode::MetadataInvalid, "input/metadata/x"),
    ];
    assert_eq!(told(input), expected.map(|(code, path)| (code, path.to_owned())));
}

#[test]
fn a_new_address_needs_its_lines_and_a_stored_one_keeps_those_that_it_has() {
    let mut input = update();
    input.addresses = primary(AddressPatch { line1: text("Rua A, 1"), ..AddressPatch::default() });
    let missing = ["zipCode", "city", "state", "country"]
        .map(|line| (FaultCode::Required, format!("input/addresses/primary/{line}")));
    assert!(merged(input.clone(), &personal()) == Err(missing.to_vec()));

    // An imported address may lack what a new one needs; that is no reason to refuse a change of it.
    let address = Address { city: Some("Recife".to_owned()), ..Address::default() };
    let stored = Addresses { primary: Some(address), additional1: None, additional2: None };
    let before = HolderPersonal { addresses: Some(stored), ..personal() };
    let after = merged(input, &before).unwrap().addresses.unwrap().primary.unwrap();
    assert_eq!((after.line1.as_deref(), after.city.as_deref()), (Some("Rua A, 1"), Some("Recife")));
}

#[test]
fn an_empty_new_address_is_refused_and_an_address_may_go_and_come() {
    let mut input = update();
    input.addresses = primary(AddressPatch::default());
    assert_eq!(merged(input, &personal()).err().unwrap().len(), 5);
    let stored = Addresses { primary: Some(Address::default()), additional1: None, additional2: None };
    let before = HolderPersonal { addresses: Some(stored), ..personal() };
    let mut input = update();
    input.addresses = Patch::Set(AddressesPatch { primary: Patch::Clear, ..AddressesPatch::default() });
    assert!(merged(input, &before).unwrap().addresses == Some(Addresses::default()));
    let mut input = update();
    input.addresses = Patch::Clear;
    assert!(merged(input, &before).unwrap().addresses.is_none());
}

#[test]
fn an_update_is_never_refused_for_what_it_does_not_touch() {
    let imported = HolderPersonal {
        name: " ".to_owned(),
        addresses: Some(Addresses { primary: Some(Address::default()), ..Addresses::default() }),
        contact: Some(Contact { primary_email: Some("none".to_owned()), ..Contact::default() }),
        natural_person: Some(NaturalPerson { gender: Some("x".repeat(300)), ..NaturalPerson::default() }),
        ..personal()
    };
    let input = UpdateHolder { external_id: Patch::Clear, ..update() };
    assert!(merged(input, &imported) == Ok(imported));
}

#[test]
fn no_message_repeats_a_value() {
    let input = UpdateHolder {
        name: text("CANARY\u{0}"),
        external_id: text("canary@example.com"),
        addresses: primary(AddressPatch { country: text("CANARY"), ..AddressPatch::default() }),
        metadata: entries(json!({"k": "canary@example.com"})),
        ..update()
    };
    for fault in input.checked(&Guard::default()).unwrap_err() {
        assert!(!fault.message.to_uppercase().contains("CANARY"), "{}", fault.message);
    }
}

#[test]
fn the_version_and_null_tell_one_input_from_another_and_the_key_does_not() {
    let written =
        |input: UpdateHolder| serde_json::to_value(input.checked(&Guard::default()).unwrap().0).unwrap();
    let one = written(update());
    assert_eq!(one, written(UpdateHolder { idempotency_key: Some("k".to_owned()), ..update() }));
    assert_ne!(one, written(UpdateHolder { expected_version: Some(1), ..update() }));
    assert_ne!(one, written(UpdateHolder { contact: Patch::Clear, ..update() }));
    assert_ne!(one, written(UpdateHolder { metadata: entries(json!({"a": null})), ..update() }));
}

prop_compose! {
    fn updates()(
        name in prop_oneof![Just(Patch::Keep), texts().prop_map(Patch::Set)],
        external_id in patches(texts()),
        addresses in patches(addresses()),
        contact in patches(contact()),
        natural_person in patches(natural_person()),
        legal_person in patches(legal_person()),
    ) -> CheckedHolderUpdate {
        let id = clear().id;
        let (expected_version, metadata) = (None, Patch::Keep);
        CheckedHolderUpdate {
            id, expected_version, name, external_id, addresses, contact, natural_person, legal_person, metadata,
        }
    }
}

/// A holder as an import may have brought it in: its addresses may lack what new ones need.
fn holder_of(lines: CheckedHolderUpdate) -> (Holder, HolderPersonal) {
    let personal = HolderPersonal {
        name: lines.name.given().cloned().unwrap_or_default(),
        addresses: lines.addresses.onto(None),
        contact: lines.contact.onto(None),
        natural_person: lines.natural_person.onto(None),
        legal_person: lines.legal_person.onto(None),
        ..personal()
    };
    (Holder { external_id: lines.external_id.onto(None), metadata: Metadata::default(), ..clear() }, personal)
}

/// A whole holder as JSON.
fn whole((clear, personal): &(Holder, HolderPersonal)) -> Value {
    let mut whole = serde_json::to_value(personal).unwrap();
    if let Some(external_id) = &clear.external_id {
        whole["external_id"] = json!(external_id);
    }
    whole
}

proptest! {
    #[test]
    fn an_update_of_a_whole_holder_follows_rfc_7396(stored in updates(), update in updates()) {
        let stored = holder_of(stored);
        let patch = members([
            ("name", written(&update.name)),
            ("external_id", written(&update.external_id)),
            ("addresses", written(&update.addresses)),
            ("contact", written(&update.contact)),
            ("natural_person", written(&update.natural_person)),
            ("legal_person", written(&update.legal_person)),
        ]);
        let expected = merge_patch(whole(&stored), &patch);
        match update.merged(&stored.0, &stored.1) {
            Ok(merged) => prop_assert_eq!(whole(&merged), expected),
            Err(faults) => for fault in faults {
                let steps = fault.field.steps();
                let (old, new) = (&whole(&stored)["addresses"][&steps[2]], &expected["addresses"][&steps[2]]);
                prop_assert_eq!(fault.code, FaultCode::Required);
                prop_assert!(old.is_null() && new.is_object());
                prop_assert!(new[steps[3].replace("zipCode", "zip_code")].is_null());
            },
        }
    }
}
