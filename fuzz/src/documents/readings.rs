//! What was validated and what is executed have types of their own: both must say the same.

use apollo_compiler::ast::{self, Definition, DirectiveList};
use async_graphql::parser::types as executed;
use async_graphql::{Name, Positioned, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

/// What stands in each definition, in order, by the definition's kind and name.
type Reading = BTreeMap<String, Vec<String>>;

/// A value of the parser without its variables: each stands as an enum's value whose name no document can hold.
macro_rules! constant {
    ($value:expr) => {{
        let named = |name| Ok::<_, Infallible>(Value::Enum(Name::new(format!("${name}"))));
        let Ok(value) = $value.clone().into_const_with(named);
        value
    }};
}

/// Panics where what is executed is not what was validated.
pub(super) fn agree(text: &str, executed: &executed::ExecutableDocument) {
    // Descriptions are taken away before a document is parsed.
    let Ok(document) = ast::Document::parse(text, "document") else { return };
    let (mut validated, mut executed) = (of_validated(&document), of_executed(executed));
    for merged in document.definitions.iter().filter_map(merged) {
        validated.remove(&merged);
        executed.remove(&merged);
    }
    assert_eq!(validated, executed, "what is executed is not what was validated");
}

/// The name of a mutation whose root is merged before it is executed, so that it differs from what was written.
fn merged(definition: &Definition) -> Option<String> {
    let operation = definition.as_operation_definition()?;
    let is_mutation = operation.operation_type == ast::OperationType::Mutation;
    let mut names = BTreeSet::new();
    let is_plain = operation.selection_set.iter().all(|selection| match selection {
        ast::Selection::Field(field) => names.insert(field.response_name().clone()),
        _ => false,
    });
    let name = operation.name.as_ref().map(ToString::to_string).unwrap_or_default();
    (is_mutation && !is_plain).then(|| format!("mutation {name}"))
}

fn of_validated(document: &ast::Document) -> Reading {
    let read = |definition: &Definition| {
        let mut seen = Vec::new();
        let name = match definition {
            Definition::OperationDefinition(operation) => {
                for variable in &operation.variables {
                    let default = variable.default_value.as_ref().map(|value| validated_value(value));
                    seen.push(format!("${}: {} = {default:?}", variable.name, variable.ty));
                    validated_directives(&variable.directives, &mut seen);
                }
                validated_directives(&operation.directives, &mut seen);
                validated_set(&operation.selection_set, &mut seen);
                let name = operation.name.as_ref().map(ToString::to_string);
                format!("{} {}", operation.operation_type, name.unwrap_or_default())
            }
            Definition::FragmentDefinition(fragment) => {
                seen.push(format!("on {}", fragment.type_condition));
                validated_directives(&fragment.directives, &mut seen);
                validated_set(&fragment.selection_set, &mut seen);
                format!("fragment {}", fragment.name)
            }
            _ => panic!("a valid document defines something else"),
        };
        (name, seen)
    };
    document.definitions.iter().map(read).collect()
}

fn validated_set(set: &[ast::Selection], seen: &mut Vec<String>) {
    seen.push("{".to_owned());
    for selection in set {
        match selection {
            ast::Selection::Field(field) => {
                seen.push(format!("{}: {}", field.response_name(), field.name));
                for argument in &field.arguments {
                    seen.push(format!("({}: {})", argument.name, validated_value(&argument.value)));
                }
                validated_directives(&field.directives, seen);
                validated_set(&field.selection_set, seen);
            }
            ast::Selection::FragmentSpread(spread) => {
                seen.push(format!("...{}", spread.fragment_name));
                validated_directives(&spread.directives, seen);
            }
            ast::Selection::InlineFragment(fragment) => {
                let on = fragment.type_condition.as_ref().map(ToString::to_string);
                seen.push(format!("... on {}", on.unwrap_or_default()));
                validated_directives(&fragment.directives, seen);
                validated_set(&fragment.selection_set, seen);
            }
        }
    }
    seen.push("}".to_owned());
}

fn validated_directives(directives: &DirectiveList, seen: &mut Vec<String>) {
    for directive in directives.iter() {
        seen.push(format!("@{}", directive.name));
        for argument in &directive.arguments {
            seen.push(format!("({}: {})", argument.name, validated_value(&argument.value)));
        }
    }
}

fn validated_value(value: &ast::Value) -> String {
    match value {
        ast::Value::Null => "null".to_owned(),
        ast::Value::Enum(name) => name.to_string(),
        ast::Value::Variable(name) => format!("${name}"),
        ast::Value::String(text) => format!("{text:?}"),
        ast::Value::Float(number) => plain(number.as_str()),
        ast::Value::Int(number) => plain(number.as_str()),
        ast::Value::Boolean(boolean) => boolean.to_string(),
        ast::Value::List(values) => {
            format!("{:?}", values.iter().map(|value| validated_value(value)).collect::<Vec<_>>())
        }
        ast::Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (name.to_string(), validated_value(value)));
            format!("{:?}", fields.collect::<Vec<_>>())
        }
    }
}

fn of_executed(document: &executed::ExecutableDocument) -> Reading {
    let operations = document.operations.iter().map(|(name, operation)| {
        let (operation, mut seen) = (&operation.node, Vec::new());
        for variable in &operation.variable_definitions {
            let variable = &variable.node;
            let default = variable.default_value.as_ref().map(|value| executed_value(&value.node));
            seen.push(format!("${}: {} = {default:?}", variable.name.node, variable.var_type.node));
            executed_directives(&variable.directives, &mut seen);
        }
        executed_directives(&operation.directives, &mut seen);
        executed_set(&operation.selection_set.node, &mut seen);
        let name = name.map(ToString::to_string).unwrap_or_default();
        (format!("{} {name}", operation.ty), seen)
    });
    let fragments = document.fragments.iter().map(|(name, fragment)| {
        let mut seen = vec![format!("on {}", fragment.node.type_condition.node.on.node)];
        executed_directives(&fragment.node.directives, &mut seen);
        executed_set(&fragment.node.selection_set.node, &mut seen);
        (format!("fragment {name}"), seen)
    });
    operations.chain(fragments).collect()
}

fn executed_set(set: &executed::SelectionSet, seen: &mut Vec<String>) {
    seen.push("{".to_owned());
    for selection in &set.items {
        match &selection.node {
            executed::Selection::Field(field) => {
                let field = &field.node;
                seen.push(format!("{}: {}", field.response_key().node, field.name.node));
                for (name, value) in &field.arguments {
                    seen.push(format!("({}: {})", name.node, executed_value(&constant!(value.node))));
                }
                executed_directives(&field.directives, seen);
                executed_set(&field.selection_set.node, seen);
            }
            executed::Selection::FragmentSpread(spread) => {
                seen.push(format!("...{}", spread.node.fragment_name.node));
                executed_directives(&spread.node.directives, seen);
            }
            executed::Selection::InlineFragment(fragment) => {
                let on = fragment.node.type_condition.as_ref().map(|on| on.node.on.node.to_string());
                seen.push(format!("... on {}", on.unwrap_or_default()));
                executed_directives(&fragment.node.directives, seen);
                executed_set(&fragment.node.selection_set.node, seen);
            }
        }
    }
    seen.push("}".to_owned());
}

fn executed_directives(directives: &[Positioned<executed::Directive>], seen: &mut Vec<String>) {
    for directive in directives {
        seen.push(format!("@{}", directive.node.name.node));
        for (name, value) in &directive.node.arguments {
            seen.push(format!("({}: {})", name.node, executed_value(&constant!(value.node))));
        }
    }
}

fn executed_value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Number(number) => plain(&number.to_string()),
        Value::String(text) => format!("{text:?}"),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::Enum(name) => name.to_string(),
        Value::Binary(_) => panic!("a document has no bytes"),
        Value::List(values) => format!("{:?}", values.iter().map(executed_value).collect::<Vec<_>>()),
        Value::Object(fields) => {
            let field = |(name, value): (&Name, &Value)| (name.to_string(), executed_value(value));
            format!("{:?}", fields.iter().map(field).collect::<Vec<_>>())
        }
    }
}

/// A number by its value. Whole ones that no integer of 64 bits holds are doubles to the executor.
fn plain(number: &str) -> String {
    let fits = |whole: &i128| i64::try_from(*whole).is_ok() || u64::try_from(*whole).is_ok();
    match (number.parse::<i128>().ok().filter(fits), number.parse::<f64>()) {
        (Some(whole), _) => whole.to_string(),
        (_, Ok(double)) if double.fract() == 0.0 && double.abs() < 1e18 => (double as i128).to_string(),
        (_, Ok(double)) => format!("{double:e}"),
        _ => panic!("a number is no number"),
    }
}
