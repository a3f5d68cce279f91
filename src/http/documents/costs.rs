//! What the schema declares of costs: `@cost` and `@listSize` of the GraphQL cost specification.

use apollo_compiler::Schema;
use apollo_compiler::ast::{Argument, Directive, FieldDefinition, Value};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node};
use std::collections::{HashMap, HashSet};

/// The longest list that is answered: a longer one is refused where it is executed.
pub(super) const LIST_MAX: u64 = 100;

/// The weights and sizes of one schema.
#[derive(Default)]
pub(super) struct Costs {
    fields: HashMap<Name, HashMap<Name, FieldCost>>,
    types: HashMap<Name, u64>,
    /// Fields whose length the field around them decides, by type: `edges` and `nodes` of a connection.
    sized: HashMap<Name, HashSet<String>>,
}

/// What one field declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldCost {
    /// What one answer of it counts.
    pub(super) weight: u64,
    /// How long its list is.
    pub(super) size: Option<Size>,
}

/// How long a list is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// Where no argument says.
    pub(super) assumed: Option<u64>,
    /// The arguments that say.
    pub(super) slicing: Vec<Slicing>,
    /// Whether it is the length of fields below.
    pub(super) of_fields_below: bool,
}

/// An argument that says how long a list is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slicing {
    /// Its name, and from there the names of fields within it.
    pub(super) path: Vec<String>,
    /// Whether it is a list, whose own length counts.
    pub(super) is_list: bool,
}

impl Costs {
    /// Reads a schema; an error names the place of what cannot be understood.
    pub(super) fn of(schema: &Schema) -> Result<Self, String> {
        let mut costs = Self::default();
        for (name, of) in &schema.types {
            let fields = match of {
                ExtendedType::Object(object) => &object.fields,
                ExtendedType::Interface(interface) => &interface.fields,
                _ => continue,
            };
            if let Some(found) = of.directives().get("cost") {
                costs.types.insert(name.clone(), weight(found, name)?);
            }
            for (field, definition) in fields {
                let cost = costs.field_cost(schema, definition, &format!("{name}.{field}"))?;
                costs.fields.entry(name.clone()).or_default().insert(field.clone(), cost);
            }
        }
        // What is behind an interface or a union is one of its types: the heaviest is counted.
        for (interface, implementers) in schema.implementers_map() {
            let heaviest =
                implementers.objects.iter().map(|name| costs.record(name)).max().unwrap_or_default();
            costs.types.insert(interface, heaviest);
        }
        for (name, of) in &schema.types {
            if let ExtendedType::Union(union) = of {
                let heaviest = union.members.iter().map(|member| costs.record(member)).max();
                costs.types.insert(name.clone(), heaviest.unwrap_or_default());
            }
        }
        Ok(costs)
    }

    fn field_cost(
        &mut self,
        schema: &Schema,
        field: &FieldDefinition,
        at: &str,
    ) -> Result<FieldCost, String> {
        let weight = field.directives.get("cost").map(|found| weight(found, at)).transpose()?.unwrap_or(1);
        let Some(found) = field.directives.get("listSize") else {
            return Ok(FieldCost { weight, size: None });
        };
        let paths = strings(argument(found, "slicingArguments"), at)?;
        let slicing = paths.iter().map(|path| slicing(schema, field, path, at)).collect::<Result<_, _>>()?;
        let sized_fields = strings(argument(found, "sizedFields"), at)?;
        let assumed = match argument(found, "assumedSize") {
            None | Some(Value::Null) => None,
            Some(Value::Int(size)) => Some(size.as_str().parse().map_err(|_| format!("{at}: assumedSize"))?),
            Some(_) => return Err(format!("{at}: assumedSize is no number")),
        };
        let of_fields_below = !sized_fields.is_empty();
        self.sized.entry(field.ty.inner_named_type().clone()).or_default().extend(sized_fields);
        Ok(FieldCost { weight, size: Some(Size { assumed, slicing, of_fields_below }) })
    }

    /// What a field declares; what is of introspection costs nothing here, because it is counted by its answers.
    pub(super) fn field(&self, of_type: &str, field: &str) -> FieldCost {
        let weight = u64::from(!of_type.starts_with("__"));
        let known = self.fields.get(of_type).and_then(|fields| fields.get(field));
        known.filter(|_| weight > 0).cloned().unwrap_or(FieldCost { weight, size: None })
    }

    /// What each record of a type counts.
    pub(super) fn record(&self, of_type: &str) -> u64 {
        self.types.get(of_type).copied().unwrap_or_default()
    }

    /// Whether the field around it decides the length of a field's list.
    pub(super) fn is_sized(&self, of_type: &str, field: &str) -> bool {
        self.sized.get(of_type).is_some_and(|fields| fields.contains(field))
    }
}

fn argument<'a>(directive: &'a Directive, name: &str) -> Option<&'a Value> {
    let mut arguments = directive.arguments.iter();
    arguments.find(|argument: &&Node<Argument>| argument.name == name).map(|found| found.value.as_ref())
}

/// The specification writes weights as text.
fn weight(directive: &Directive, at: &str) -> Result<u64, String> {
    let text = argument(directive, "weight").and_then(Value::as_str);
    text.and_then(|text| text.parse().ok()).ok_or_else(|| format!("{at}: the weight is no whole number"))
}

fn strings(value: Option<&Value>, at: &str) -> Result<Vec<String>, String> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let texts = value.as_list().map(|list| list.iter().map(|text| text.as_str().map(str::to_owned)));
    let texts: Option<Option<Vec<String>>> = texts.map(Iterator::collect);
    texts.flatten().ok_or_else(|| format!("{at}: no list of names"))
}

/// Follows a path such as `input.aliasAccounts` through the input types.
fn slicing(schema: &Schema, field: &FieldDefinition, path: &str, at: &str) -> Result<Slicing, String> {
    let unknown = || format!("{at}: there is no argument {path}");
    let mut names = path.split('.');
    let first = names.next().and_then(|name| field.arguments.iter().find(|found| found.name == name));
    let mut ty = &first.ok_or_else(unknown)?.ty;
    for name in names {
        let object = schema.get_input_object(ty.inner_named_type()).ok_or_else(unknown)?;
        ty = &object.fields.get(name).ok_or_else(unknown)?.ty;
    }
    Ok(Slicing { path: path.split('.').map(str::to_owned).collect(), is_list: ty.is_list() })
}

#[cfg(test)]
mod tests;
