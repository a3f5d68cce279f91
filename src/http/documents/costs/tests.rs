use super::*;
use crate::registry::lists::{SIZE_DEFAULT, SIZE_MAX};
use std::collections::BTreeSet;

fn schema() -> Schema {
    Schema::parse_and_validate(crate::graphql::sdl(), "schema.graphql").unwrap().into_inner()
}

#[test]
fn every_list_of_records_declares_its_length() {
    let (schema, mut missing) = (schema(), Vec::new());
    let costs = Costs::of(&schema).unwrap();
    for (name, of) in schema.types.iter().filter(|(_, of)| !of.is_built_in()) {
        let ExtendedType::Object(object) = of else { continue };
        for (field, definition) in &object.fields {
            let is_leaf = matches!(
                schema.types.get(definition.ty.inner_named_type()),
                Some(ExtendedType::Scalar(_) | ExtendedType::Enum(_))
            );
            let declared = costs.field(name, field).size.is_some() || costs.is_sized(name, field);
            let connects = definition.ty.inner_named_type().ends_with("Connection");
            if (definition.ty.is_list() && !is_leaf || connects) && !declared {
                missing.push(format!("{name}.{field}"));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn the_lengths_of_pages_are_those_that_lists_have() {
    let costs = Costs::of(&schema()).unwrap();
    for (of, field) in [
        ("Query", "holders"),
        ("Query", "aliasAccounts"),
        ("Query", "auditEntries"),
        ("Holder", "aliasAccounts"),
    ] {
        let size = costs.field(of, field).size.unwrap();
        assert_eq!(size.assumed, Some(SIZE_DEFAULT as u64), "{of}.{field}");
        let arguments: BTreeSet<&str> =
            size.slicing.iter().flat_map(|of| of.path.iter().map(String::as_str)).collect();
        assert_eq!(arguments, ["first", "last"].into(), "{of}.{field}");
    }
    assert_eq!(LIST_MAX, SIZE_MAX as u64);
    assert_eq!(LIST_MAX, crate::domain::filter::IDS_MAX as u64);
    assert_eq!(LIST_MAX, crate::domain::onboard_holder::ALIAS_ACCOUNTS_MAX as u64);
}

#[test]
fn a_record_a_call_and_a_mutation_cost_more_than_a_leaf() {
    let costs = Costs::of(&schema()).unwrap();
    let leaf = costs.field("Holder", "name").weight;
    assert_eq!(leaf, 1);
    assert!(costs.record("Holder") > leaf && costs.record("AliasAccount") > leaf);
    assert!(costs.field("Query", "holder").weight > leaf);
    let mutations = schema().get_object("Mutation").unwrap().fields.clone();
    for mutation in mutations.keys() {
        assert!(costs.field("Mutation", mutation).weight >= 100, "{mutation}");
    }
    let (create, link) =
        (costs.field("Mutation", "createHolder"), costs.field("Mutation", "createAliasAccount"));
    assert!(link.weight > create.weight, "the ledger is called");
    assert_eq!(costs.field("__Type", "fields").weight, 0, "introspection is counted by its answers");
}

#[test]
fn a_cost_that_cannot_be_understood_is_told_with_its_place() {
    const DIRECTIVES: &str = "directive @cost(weight: String!) on FIELD_DEFINITION | OBJECT
        directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!]) on FIELD_DEFINITION
        input I { list: [Int] }";
    for (field, told) in [
        ("a: Int @cost(weight: \"much\")", "Query.a: the weight is no whole number"),
        ("a: Int @cost(weight: \"-1\")", "Query.a: the weight is no whole number"),
        ("a(b: Int): [Int] @listSize(slicingArguments: [\"c\"])", "Query.a: there is no argument c"),
        (
            "a(b: I): [Int] @listSize(slicingArguments: [\"b.lists\"])",
            "Query.a: there is no argument b.lists",
        ),
        ("a: [Int] @listSize(assumedSize: -1)", "Query.a: assumedSize"),
    ] {
        let sdl = format!("{DIRECTIVES} type Query {{ {field} }}");
        let schema = Schema::parse_and_validate(sdl, "schema").unwrap();
        assert_eq!(Costs::of(&schema).err().as_deref(), Some(told), "{field}");
    }
}
