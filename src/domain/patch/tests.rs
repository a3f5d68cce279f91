use super::reference::{members, merge_patch, written};
use super::*;
use crate::domain::alias_account::{RegulatoryFields, RegulatoryPatch};
use crate::domain::holder::*;
use crate::domain::time::Date;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Absent, null or this. Boxed, as everything of several lines here: whole records would not fit a test's stack.
pub(crate) fn patches<T>(value: impl Strategy<Value = T> + 'static) -> BoxedStrategy<Patch<T>>
where
    T: Clone + 'static,
{
    let set = value.prop_map(Patch::Set);
    prop_oneof![1 => Just(Patch::Keep), 1 => Just(Patch::Clear), 2 => set].boxed()
}

pub(crate) fn texts() -> impl Strategy<Value = String> {
    // "Keep", "Clear" and "Set" are texts like others.
    prop_oneof!["[a-z]{1,6}", Just("Keep".to_owned()), Just("Clear".to_owned()), Just("Set".to_owned())]
}

pub(crate) fn days() -> impl Strategy<Value = Date> {
    (1900..2100, 1..13, 1..29).prop_map(|(y, m, d)| Date::parse(&format!("{y}-{m:02}-{d:02}")).unwrap())
}

macro_rules! lines {
    ($($name:ident -> $patch:ident { $($field:ident: $of:expr,)* })*) => {
        $(pub(crate) fn $name() -> BoxedStrategy<$patch> {
            ($(patches($of),)*).prop_map(|($($field,)*)| $patch { $($field,)* }).boxed()
        })*
    };
}

lines! {
    addresses -> AddressesPatch { primary: address(), additional1: address(), additional2: address(), }
    address -> AddressPatch {
        line1: texts(), line2: texts(), zip_code: texts(), city: texts(), state: texts(), country: texts(),
        description: texts(),
    }
    contact -> ContactPatch {
        primary_email: texts(), secondary_email: texts(), mobile_phone: texts(), other_phone: texts(),
    }
    natural_person -> NaturalPersonPatch {
        favorite_name: texts(), social_name: texts(), gender: texts(), birth_date: days(), civil_status: texts(),
        nationality: texts(), mother_name: texts(), father_name: texts(), status: texts(),
    }
    legal_person -> LegalPersonPatch {
        trade_name: texts(), activity: texts(), kind: texts(), founding_date: days(), size: texts(),
        status: texts(), representative: representative(),
    }
    representative -> RepresentativePatch { name: texts(), document: texts(), email: texts(), role: texts(), }
    regulatory -> RegulatoryPatch { participant_document: texts(), }
}

/// A record's member before and after, beside what RFC 7396 makes of it. Any member can be made by a patch onto
/// nothing.
fn follows<V>(made_by: Patch<V::Patch>, patch: Patch<V::Patch>) -> (Value, Value)
where
    V: Merge + Clone + Serialize,
    V::Patch: Clone + Serialize,
{
    let record = |member: &Option<V>| match member {
        Some(member) => json!({"other": "line", "member": member}),
        None => json!({"other": "line"}),
    };
    let before: Option<V> = made_by.onto(None);
    let expected = merge_patch(record(&before), &members([("member", written(&patch))]));
    (record(&patch.onto(before)), expected)
}

proptest! {
    #[test]
    fn merging_follows_rfc_7396(
        old in (patches(addresses()), patches(contact()), patches(natural_person()), patches(legal_person())),
        new in (patches(addresses()), patches(contact()), patches(natural_person()), patches(legal_person())),
        fields in (patches(regulatory()), patches(regulatory())),
        text in (patches(texts()), patches(texts())),
    ) {
        for (merged, expected) in [
            follows::<Addresses>(old.0, new.0),
            follows::<Contact>(old.1, new.1),
            follows::<NaturalPerson>(old.2, new.2),
            follows::<LegalPerson>(old.3, new.3),
            follows::<RegulatoryFields>(fields.0, fields.1),
            follows::<String>(text.0, text.1),
        ] {
            prop_assert_eq!(merged, expected);
        }
    }

    #[test]
    fn the_same_patch_twice_changes_nothing_more(
        old in patches(addresses()),
        new in patches(addresses()),
    ) {
        let once: Option<Addresses> = new.clone().onto(old.onto(None));
        prop_assert!(new.onto(once.clone()) == once);
    }
}

#[test]
fn the_examples_of_rfc_7396_hold_for_the_reference() {
    for (target, patch, result) in [
        (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
        (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
        (json!({"a":"b"}), json!({"a":null}), json!({})),
        (json!({"a":"b","b":"c"}), json!({"a":null}), json!({"b":"c"})),
        (json!({"a":{"b":"c"}}), json!({"a":{"b":"d","c":null}}), json!({"a":{"b":"d"}})),
        (json!({"e":null}), json!({"a":1}), json!({"e":null,"a":1})),
        (json!({}), json!({"a":{"bb":{"ccc":null}}}), json!({"a":{"bb":{}}})),
        (json!({"a":"foo"}), json!("bar"), json!("bar")),
    ] {
        assert_eq!(merge_patch(target, &patch), result);
    }
}

#[test]
fn merging_an_empty_object_onto_nothing_gives_an_empty_object() {
    let set: Patch<AddressesPatch> = Patch::Set(AddressesPatch::default());
    assert!(set.onto(None) == Some(Addresses::default()));
    let keep: Patch<AddressesPatch> = Patch::Keep;
    assert!(keep.onto(None::<Addresses>).is_none());
}

#[test]
fn absent_null_and_a_value_are_told_apart_where_inputs_are_compared() {
    let texts = [Patch::Keep, Patch::Clear, Patch::Set("Keep".to_owned()), Patch::Set("Clear".to_owned())];
    for (i, one) in texts.iter().enumerate() {
        for (j, other) in texts.iter().enumerate() {
            assert_eq!(written(one) == written(other), i == j, "{i} {j}");
        }
    }
}

#[test]
fn a_patch_shows_nothing_where_things_are_debugged() {
    let patch = Patch::Set("Maria".to_owned());
    assert_eq!(format!("{patch:?}"), "Patch([redacted])");
    assert_eq!(format!("{:?}", ContactPatch::default()), "ContactPatch([redacted])");
}
