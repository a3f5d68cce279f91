//! Rule 7 at every field of every update input, as the schema lists them: absent leaves as it is, null clears or is
//! REQUIRED, a value replaces, and nothing else is touched.

use super::printed::printed;
use super::samples::{
    ID, bare_alias_account, bare_holder, full_alias_account, full_holder, seen_alias_account, seen_holder,
    seen_party,
};
use crate::domain::alias_account::{AliasAccount, AliasAccountPersonal};
use crate::domain::fault::{Fault, FaultCode};
use crate::domain::guard::Guard;
use crate::domain::holder::{Holder, HolderPersonal};
use crate::domain::patch::reference::merge_patch;
use crate::domain::related_party::UpdateRelatedParty;
use crate::domain::update_alias_account::UpdateAliasAccount;
use crate::domain::update_holder::UpdateHolder;
use crate::graphql::inputs::alias_account::UpdateAliasAccountInput;
use crate::graphql::inputs::holder::UpdateHolderInput;
use crate::graphql::inputs::related_party::UpdateRelatedPartyInput;
use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;
use async_graphql::InputType;
use serde_json::{Value, json};

type Told = Vec<(FaultCode, String)>;

fn read<I: InputType>(input: Value) -> I {
    I::parse(Some(async_graphql::Value::from_json(input).unwrap())).ok().unwrap()
}

fn told(faults: Vec<Fault>) -> Told {
    faults.into_iter().map(|fault| (fault.code, fault.field.steps().join("/"))).collect()
}

fn update_holder(stored: &(Holder, HolderPersonal), input: Value) -> Result<Value, Told> {
    let input = UpdateHolder::from(read::<UpdateHolderInput>(input));
    let (checked, _) = input.checked(&Guard::default()).map_err(told)?;
    checked.merged(&stored.0, &stored.1).map(|merged| seen_holder(&merged)).map_err(told)
}

type StoredAliasAccount = (AliasAccount, AliasAccountPersonal);

fn update_alias_account(stored: &StoredAliasAccount, input: Value) -> Result<Value, Told> {
    let input = UpdateAliasAccount::from(read::<UpdateAliasAccountInput>(input));
    let (checked, _) = input.checked(&Guard::default()).map_err(told)?;
    checked.merged(&stored.0, &stored.1).map(|merged| seen_alias_account(&merged)).map_err(told)
}

fn update_party(stored: &StoredAliasAccount, input: Value) -> Result<Value, Told> {
    let checked = UpdateRelatedParty::from(read::<UpdateRelatedPartyInput>(input)).checked().map_err(told)?;
    checked.merged(&stored.0, &stored.1).map(|merged| seen_party(&merged)).map_err(told)
}

/// The ways to all fields of an input, and whether each is an object of further fields.
fn fields(schema: &Schema, input: &str, to: &[String]) -> Vec<(Vec<String>, bool)> {
    let Some(ExtendedType::InputObject(object)) = schema.types.get(input) else { return Vec::new() };
    let not_changed = ["id", "aliasAccountId", "expectedVersion", "idempotencyKey"];
    let mut found = Vec::new();
    for (name, field) in object.fields.iter().filter(|(name, _)| !not_changed.contains(&name.as_str())) {
        let way = [to, &[name.to_string()]].concat();
        let below = fields(schema, field.ty.inner_named_type(), &way);
        found.push((way, !below.is_empty()));
        found.extend(below);
    }
    found
}

/// Another value than the samples have.
fn another(field: &str) -> Value {
    match field {
        "country" | "countryCode" => json!("PT"),
        "primaryEmail" | "secondaryEmail" | "email" => json!("new@example.org"),
        "birthDate" | "foundingDate" | "openingDate" | "closingDate" | "startDate" | "endDate" => {
            json!("2025-06-07")
        }
        "metadata" => json!({"tier": "silver", "score": null, "new": 1.5}),
        _ => json!("another"),
    }
}

/// An object with one line at the end of the way, or none.
fn at(way: &[String], line: Option<Value>) -> Value {
    let Some((first, rest)) = way.split_first() else { return json!({}) };
    match (rest, line) {
        ([], Some(line)) => json!({ first: line }),
        ([], None) => json!({}),
        (rest, line) => json!({ first: at(rest, line) }),
    }
}

/// What an input with this change makes of a stored record, in the input's own shape.
type Apply<'a> = &'a dyn Fn(Value) -> Result<Value, Told>;

/// Tries absent, null and a value at all these fields.
fn try_fields(fields: &[(Vec<String>, bool)], apply: Apply, required: &[&str], another: fn(&str) -> Value) {
    let before = apply(json!({})).unwrap();
    for (way, is_object) in fields {
        let name = way.join("/");
        let absent = at(way, None);
        let expected = merge_patch(before.clone(), &absent);
        assert_eq!(apply(absent), Ok(expected), "{name} absent");

        let null = at(way, Some(Value::Null));
        let mut cleared = merge_patch(before.clone(), &null);
        if name == "metadata" {
            // A record always has metadata: cleared, they are none.
            cleared["metadata"] = json!({});
        }
        let expected = match required.contains(&name.as_str()) {
            true => Err(vec![(FaultCode::Required, format!("input/{name}"))]),
            false => Ok(cleared),
        };
        assert_eq!(apply(null), expected, "{name} null");

        let value = if *is_object { json!({}) } else { another(way.last().unwrap()) };
        let given = at(way, Some(value));
        let expected = merge_patch(before.clone(), &given);
        assert!(*is_object || expected != before, "{name} would not change");
        assert_eq!(apply(given), Ok(expected), "{name} given");
    }
}

/// An input for the one record of the samples.
fn of_the_sample(mut change: Value) -> Value {
    change["id"] = json!(ID);
    change
}

fn leaves(fields: &[(Vec<String>, bool)]) -> usize {
    fields.iter().filter(|(_, is_object)| !is_object).count()
}

const LINES: [&str; 5] = ["line1", "zipCode", "city", "state", "country"];
const PLACES: [&str; 3] = ["primary", "additional1", "additional2"];

#[test]
fn every_field_of_update_holder_is_kept_cleared_or_replaced_and_nothing_else_is_touched() {
    let all = fields(&printed(), "UpdateHolderInput", &[]);
    assert_eq!(leaves(&all), 2 + 21 + 4 + 9 + 10 + 1);
    let lines = PLACES.iter().flat_map(|place| LINES.map(|line| format!("addresses/{place}/{line}")));
    let required: Vec<String> = lines.chain(["name".to_owned()]).collect();
    let required: Vec<&str> = required.iter().map(String::as_str).collect();
    let full = full_holder();
    try_fields(&all, &|change| update_holder(&full, of_the_sample(change)), &required, another);

    // New addresses have a rule of their own, which the next test is about.
    let bare = bare_holder();
    let simple: Vec<_> = all.into_iter().filter(|(way, _)| way[0] != "addresses" || way.len() == 1).collect();
    try_fields(&simple, &|change| update_holder(&bare, of_the_sample(change)), &["name"], another);
}

#[test]
fn every_line_of_a_new_address_is_required_or_not_whichever_line_is_given() {
    let bare = bare_holder();
    let apply = |change| update_holder(&bare, of_the_sample(change));
    let whole = json!({"line1": "a", "zipCode": "b", "city": "c", "state": "d", "country": "BR"});
    for place in PLACES {
        let missing = |given: &str| {
            let missing = LINES.iter().filter(|line| **line != given);
            let path = |line| format!("input/addresses/{place}/{line}");
            Err(missing.map(|line| (FaultCode::Required, path(line))).collect::<Told>())
        };
        let address = |address: Value| json!({"addresses": {place: address}});
        assert_eq!(apply(address(json!({}))), missing(""), "{place}");
        for line in LINES.into_iter().chain(["line2", "description"]) {
            assert_eq!(apply(address(json!({line: another(line)}))), missing(line), "{place} {line}");
            let mut more = whole.clone();
            more[line] = another(line);
            let expected = merge_patch(apply(json!({})).unwrap(), &address(more.clone()));
            assert_eq!(apply(address(more)), Ok(expected), "{place} {line}");
        }
    }
}

#[test]
fn every_field_of_update_alias_account_is_kept_cleared_or_replaced_and_nothing_else_is_touched() {
    let all = fields(&printed(), "UpdateAliasAccountInput", &[]);
    assert_eq!(leaves(&all), 8 + 1 + 1);
    for stored in [full_alias_account(), bare_alias_account()] {
        try_fields(&all, &|change| update_alias_account(&stored, of_the_sample(change)), &[], another);
    }
}

#[test]
fn every_field_of_update_related_party_is_kept_cleared_or_replaced_and_nothing_else_is_touched() {
    let all = fields(&printed(), "UpdateRelatedPartyInput", &[]);
    assert_eq!(leaves(&all), 4);
    let stored = full_alias_account();
    let apply = |mut change: Value| {
        change["aliasAccountId"] = json!(ID);
        update_party(&stored, of_the_sample(change))
    };
    let another = |field: &str| if field == "role" { json!("RESPONSIBLE_PARTY") } else { another(field) };
    try_fields(&all, &apply, &["name", "role", "startDate"], another);
}

#[test]
fn several_fields_of_one_update_are_merged_together() {
    let stored = full_holder();
    let change = json!({
        "name": "Ana", "externalId": null, "metadata": {"vip": null, "score": 8},
        "addresses": {"primary": {"line2": null, "city": "Olinda"}, "additional2": null},
        "contact": null, "legalPerson": {"representative": {"role": null}}, "naturalPerson": {},
    });
    let before = update_holder(&stored, of_the_sample(json!({}))).unwrap();
    let expected = merge_patch(before, &change);
    assert_eq!(update_holder(&stored, of_the_sample(change)), Ok(expected));
}
