//! What was validated and what is executed have types of their own: both must say the same, and what is executed says
//! it once. Fragments are written out here in a plain way.

use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema, ast, executable as validated};
use async_graphql::parser::types as executed;
use async_graphql::{Name, Value};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::convert::Infallible;

/// What is answered of each object that may stand at a place: the fields in their order.
type Reading = BTreeMap<String, Vec<Answered>>;

#[derive(Debug, PartialEq)]
struct Answered {
    name: String,
    field: String,
    arguments: Vec<String>,
    below: Reading,
}

/// A value of the parser without its variables: each stands as an enum's value whose name no document can hold.
macro_rules! constant {
    ($value:expr) => {{
        let named = |name| Ok::<_, Infallible>(Value::Enum(Name::new(format!("${name}"))));
        let Ok(value) = $value.clone().into_const_with(named);
        value
    }};
}

/// Panics where what is executed is not what was validated.
pub(super) fn agree(
    schema: &Valid<Schema>,
    text: &str,
    name: Option<&str>,
    values: &Map<String, Json>,
    executed: &executed::ExecutableDocument,
) {
    // Descriptions and the newest introspection are taken by the service, and not known here.
    let Ok(document) = ExecutableDocument::parse_and_validate(schema, text, "document") else { return };
    let operation = document.operations.get(name).expect("it has this operation");
    let reader = Reader { schema, document: &document, operation, values };
    let mut operations = executed.operations.iter();
    let (_, only) = operations.next().expect("an operation is executed");
    assert!(
        operations.next().is_none() && executed.fragments.is_empty(),
        "more is executed than one operation"
    );
    let declared: Vec<String> =
        only.node.variable_definitions.iter().map(|variable| declared(&variable.node)).collect();
    let wanted: Vec<String> = operation
        .variables
        .iter()
        .map(|variable| {
            let default = variable.default_value.as_ref().map(|value| validated_value(value));
            format!("${}: {} = {default:?}", variable.name, variable.ty)
        })
        .collect();
    assert_eq!(wanted, declared, "the variables executed are not those validated");
    let root = operation.selection_set.ty.as_str();
    assert_eq!(
        reader.sets(&[&operation.selection_set]),
        reader.executed(&only.node.selection_set.node, root),
        "what is executed is not what was validated"
    );
}

fn declared(variable: &executed::VariableDefinition) -> String {
    let default = variable.default_value.as_ref().map(|value| executed_value(&value.node));
    format!("${}: {} = {default:?}", variable.name.node, variable.var_type.node)
}

struct Reader<'a> {
    schema: &'a Valid<Schema>,
    document: &'a ExecutableDocument,
    operation: &'a validated::Operation,
    values: &'a Map<String, Json>,
}

impl<'a> Reader<'a> {
    /// The objects that may stand for a type.
    fn objects(&self, of_type: &str) -> Vec<String> {
        let objects = self.schema.types.iter().filter(|(name, found)| {
            found.is_object() && (name.as_str() == of_type || self.schema.is_subtype(of_type, name))
        });
        objects.map(|(name, _)| name.to_string()).collect()
    }

    fn default(&self, name: &str) -> Option<&'a ast::Value> {
        let variable = self.operation.variables.iter().find(|variable| variable.name == name)?;
        variable.default_value.as_deref()
    }

    fn passes(&self, directives: &ast::DirectiveList) -> bool {
        directives.iter().filter(|directive| directive.name == "skip" || directive.name == "include").all(
            |directive| {
                let value = directive.specified_argument_by_name("if").expect("a condition");
                let told = match value.as_variable() {
                    Some(name) => match self.values.get(name.as_str()) {
                        Some(value) => value.as_bool(),
                        None => self.default(name).and_then(ast::Value::to_bool),
                    },
                    None => value.to_bool(),
                };
                told.expect("a condition is true or false") == (directive.name == "include")
            },
        )
    }

    /// All fields of an object that are selected, as often as they are.
    fn fields(&self, set: &'a validated::SelectionSet, object: &str, found: &mut Vec<&'a validated::Field>) {
        for selection in set.selections.iter().filter(|selection| self.passes(selection.directives())) {
            let (condition, set) = match selection {
                validated::Selection::Field(field) => {
                    found.push(field);
                    continue;
                }
                validated::Selection::InlineFragment(fragment) => {
                    (fragment.type_condition.as_ref(), &fragment.selection_set)
                }
                validated::Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.fragment_name).expect("it is defined");
                    (Some(fragment.type_condition()), &fragment.selection_set)
                }
            };
            if condition.is_none_or(|condition| self.objects(condition).iter().any(|known| known == object)) {
                self.fields(set, object, found);
            }
        }
    }

    fn sets(&self, sets: &[&'a validated::SelectionSet]) -> Reading {
        let mut reading = Reading::new();
        for object in self.objects(&sets[0].ty) {
            let (mut all, mut answered) = (Vec::new(), Vec::<Answered>::new());
            sets.iter().for_each(|set| self.fields(set, &object, &mut all));
            for field in &all {
                let name = field.response_key().as_str();
                if answered.iter().any(|known| known.name == name) {
                    continue;
                }
                let same: Vec<_> = all.iter().filter(|other| other.response_key() == name).collect();
                let below: Vec<_> = same.iter().map(|field| &field.selection_set).collect();
                let given = field.arguments.iter().filter(|argument| {
                    argument.value.as_variable().is_none_or(|name| {
                        self.values.contains_key(name.as_str()) || self.default(name).is_some()
                    })
                });
                answered.push(Answered {
                    name: name.to_owned(),
                    field: field.name.to_string(),
                    arguments: given
                        .map(|argument| format!("({}: {})", argument.name, validated_value(&argument.value)))
                        .collect(),
                    below: self.sets(&below),
                });
            }
            if !answered.is_empty() {
                reading.insert(object, answered);
            }
        }
        reading
    }

    fn executed(&self, set: &executed::SelectionSet, of_type: &str) -> Reading {
        let mut reading = Reading::new();
        for item in &set.items {
            match &item.node {
                executed::Selection::Field(field) => {
                    let field = &field.node;
                    assert!(field.directives.is_empty(), "a directive is executed");
                    let below = match self.schema.type_field(of_type, &field.name.node) {
                        Ok(known) => known.ty.inner_named_type().as_str(),
                        Err(_) => panic!("a field that is not known"),
                    };
                    let arguments = field.arguments.iter();
                    let answered = Answered {
                        name: field.response_key().node.to_string(),
                        field: field.name.node.to_string(),
                        arguments: arguments
                            .map(|(name, value)| {
                                format!("({}: {})", name.node, executed_value(&constant!(value.node)))
                            })
                            .collect(),
                        below: self.executed(&field.selection_set.node, below),
                    };
                    reading.entry(of_type.to_owned()).or_default().push(answered);
                }
                executed::Selection::InlineFragment(fragment) => {
                    let on =
                        fragment.node.type_condition.as_ref().expect("an object").node.on.node.to_string();
                    reading.extend(self.executed(&fragment.node.selection_set.node, &on));
                }
                executed::Selection::FragmentSpread(_) => panic!("a fragment is executed"),
            }
        }
        reading
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
