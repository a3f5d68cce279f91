//! Every input of every operation once with a mark where it is wrong, as a variable and as a literal.

use super::marks::MARK;
use super::run::Run;
use crate::app::{App, send};
use crate::shape::schema;
use apollo_compiler::ast::Type;
use apollo_compiler::schema::ExtendedType;
use serde_json::{Map, Value, json};

/// An id that no record has.
const NOBODY: &str = "01900000-0000-7000-8000-000000000000";

/// All of them; how many were asked, and how many refused. What is there and finds nobody is no refusal.
pub(super) async fn of_every_input(run: &mut Run, app: &App) -> (usize, usize) {
    let (mut asked, mut refused) = (0, 0);
    for root in ["Query", "Mutation"] {
        for (field, definition) in &schema().get_object(root).unwrap().fields {
            let selection = selection(definition.ty.inner_named_type());
            for argument in &definition.arguments {
                let others = definition.arguments.iter().filter(|other| other.name != argument.name);
                let others: Vec<(String, &Type)> = others
                    .filter(|other| other.ty.is_non_null())
                    .map(|other| (other.name.to_string(), &*other.ty))
                    .collect();
                for value in spoiled(&argument.ty) {
                    let mut arguments = vec![(argument.name.to_string(), &*argument.ty, value)];
                    arguments.extend(others.iter().map(|(name, kind)| (name.clone(), *kind, sample(kind))));
                    for (document, variables) in
                        documents(&root.to_lowercase(), field, &arguments, &selection)
                    {
                        let answer = send(app.request(&document, variables)).await.body;
                        let payload = &answer["data"][field.as_str()];
                        let is_refused = answer["errors"].is_array() || payload["userErrors"][0].is_object();
                        refused += usize::from(is_refused);
                        run.note(&answer);
                        asked += 1;
                    }
                }
            }
        }
    }
    (asked, refused)
}

/// With variables, and with literals.
fn documents(
    root: &str,
    field: &str,
    arguments: &[(String, &Type, Value)],
    selection: &str,
) -> [(String, Value); 2] {
    let all = |part: &dyn Fn(&(String, &Type, Value)) -> String| {
        arguments.iter().map(part).collect::<Vec<_>>().join(", ")
    };
    let declared = all(&|(name, kind, _)| format!("${name}: {kind}"));
    let passed = all(&|(name, _, _)| format!("{name}: ${name}"));
    let written = all(&|(name, kind, value)| format!("{name}: {}", literal(value, kind)));
    let variables = arguments.iter().map(|(name, _, value)| (name.clone(), value.clone()));
    [
        (
            format!("{root}({declared}) {{ {field}({passed}) {selection} }}"),
            Value::Object(variables.collect::<Map<String, Value>>()),
        ),
        (format!("{root} {{ {field}({written}) {selection} }}"), json!({})),
    ]
}

fn selection(kind: &str) -> String {
    let errors = schema().get_object(kind).is_some_and(|object| object.fields.contains_key("userErrors"));
    if errors { "{ userErrors { code field message } }" } else { "{ __typename }" }.to_owned()
}

/// A good value, with nothing that need not be there.
fn sample(kind: &Type) -> Value {
    if kind.is_list() {
        return json!([sample(kind.item_type())]);
    }
    let name = kind.inner_named_type();
    match schema().types.get(name) {
        Some(ExtendedType::InputObject(input)) => {
            let fields = input.fields.values().filter(|field| field.is_required());
            Value::Object(fields.map(|field| (field.name.to_string(), sample(&field.ty))).collect())
        }
        Some(ExtendedType::Enum(of)) => json!(of.values.keys().next().unwrap().as_str()),
        _ => match name.as_str() {
            "ID" | "UUID" => json!(NOBODY),
            "Date" => json!("2024-02-29"),
            "DateTime" => json!("2024-02-29T00:00:00Z"),
            "Int" => json!(1),
            "Float" => json!(1.5),
            "Boolean" => json!(true),
            "Metadata" => json!({}),
            _ => json!(MARK),
        },
    }
}

/// The good value again and again, each time with one input below it that is wrong.
fn spoiled(kind: &Type) -> Vec<Value> {
    if kind.is_list() {
        let wrong = json!({MARK: MARK});
        return spoiled(kind.item_type()).into_iter().map(|one| json!([one])).chain([wrong]).collect();
    }
    let name = kind.inner_named_type();
    let Some(input) = schema().get_input_object(name) else {
        return match name.as_str() {
            // Too long for anything, and no text at all.
            "String" => vec![json!(MARK.repeat(1_000)), json!({MARK: MARK}), json!([MARK])],
            "Metadata" => vec![json!([MARK]), json!(MARK)],
            _ => vec![json!(MARK), json!({MARK: MARK})],
        };
    };
    let mut spoiled = vec![json!(MARK), json!({MARK: MARK})];
    for field in input.fields.values() {
        for wrong in self::spoiled(&field.ty) {
            let mut whole = sample(kind);
            whole[field.name.as_str()] = wrong;
            spoiled.push(whole);
        }
    }
    spoiled
}

fn literal(value: &Value, kind: &Type) -> String {
    let name = kind.inner_named_type();
    match value {
        Value::Array(values) => {
            let inner = if kind.is_list() { kind.item_type() } else { kind };
            format!("[{}]", values.iter().map(|one| literal(one, inner)).collect::<Vec<_>>().join(", "))
        }
        Value::Object(fields) => {
            let input = schema().get_input_object(name);
            let field = |(field, value): (&String, &Value)| {
                let kind =
                    input.and_then(|input| input.fields.get(field.as_str())).map_or(kind, |field| &field.ty);
                format!("{field}: {}", literal(value, kind))
            };
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        Value::String(text) if schema().get_enum(name).is_some() => text.clone(),
        other => other.to_string(),
    }
}
