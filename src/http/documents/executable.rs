//! The validator's reading of an operation, in the form that is executed, with the values of its variables.
//!
//! The executor has a parser of its own, and two parsers read some texts differently: `\"""` in a block string, a space
//! in a type, a comment behind `on`. So nothing is parsed twice: what was validated is what runs. Nor does the executor
//! see a fragment or a condition: it is given each field once, in the order in which it is answered.

use super::RequestError;
use super::collect::{self, Abstract, Given};
use apollo_compiler::ast::{self, Argument, Definition, DirectiveList};
use apollo_compiler::executable::{Field as Found, Operation, Selection as Selected, SelectionSet as Set};
use apollo_compiler::parser::{SourceMap, SourceSpan};
use apollo_compiler::{ExecutableDocument as Validated, Node};
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, InlineFragment, OperationDefinition, OperationType,
    Selection, SelectionSet, Type, TypeCondition, VariableDefinition,
};
use async_graphql::{Name, Number, Pos, Positioned};
use async_graphql_value::{ConstValue, Value};
use serde_json::Map;
use std::collections::HashMap;

type Read<T> = Result<T, RequestError>;
type Arguments = Vec<(Positioned<Name>, Positioned<Value>)>;

/// Refuses what the executor cannot hold: a number beyond 64 bits, wherever it stands.
pub(super) fn check(document: &ast::Document) -> Result<(), Vec<RequestError>> {
    let reader = Reader { sources: &document.sources };
    let definition = |definition: &Definition| match definition {
        Definition::OperationDefinition(operation) => {
            for variable in &operation.variables {
                variable.default_value.as_ref().map_or(Ok(()), |value| reader.holds(value))?;
                reader.holds_directives(&variable.directives)?;
            }
            reader.holds_directives(&operation.directives)?;
            reader.holds_set(&operation.selection_set)
        }
        Definition::FragmentDefinition(fragment) => {
            reader.holds_directives(&fragment.directives)?;
            reader.holds_set(&fragment.selection_set)
        }
        // A valid document defines nothing else.
        _ => Ok(()),
    };
    document.definitions.iter().try_for_each(definition).map_err(|fault| vec![fault])
}

/// The executable form of an operation of a valid document, with values that were checked.
pub(super) fn of(
    document: &Validated,
    of_abstract: &Abstract,
    operation: &Node<Operation>,
    values: &Map<String, serde_json::Value>,
) -> Read<ExecutableDocument> {
    let reader = Reader { sources: &document.sources };
    let given = Given::to(operation, values);
    let converted = Conversion { reader, document, of_abstract, given }.operation(operation)?;
    let operations = match &operation.name {
        Some(name) => DocumentOperations::Multiple(HashMap::from([(Name::new(name), converted)])),
        None => DocumentOperations::Single(converted),
    };
    Ok(ExecutableDocument { operations, fragments: HashMap::new() })
}

struct Conversion<'a> {
    reader: Reader<'a>,
    document: &'a Validated,
    of_abstract: &'a Abstract,
    given: Given<'a>,
}

impl<'a> Conversion<'a> {
    fn operation(&self, operation: &'a Node<Operation>) -> Read<Positioned<OperationDefinition>> {
        let reader = self.reader;
        let variables = operation
            .variables
            .iter()
            .map(|variable| Ok(reader.positioned(variable.location(), reader.variable(variable)?)));
        let at = reader.at(operation.selection_set.selections.first().and_then(location));
        let definition = OperationDefinition {
            ty: match operation.operation_type {
                ast::OperationType::Query => OperationType::Query,
                ast::OperationType::Mutation => OperationType::Mutation,
                ast::OperationType::Subscription => OperationType::Subscription,
            },
            variable_definitions: variables.collect::<Read<_>>()?,
            directives: Vec::new(),
            selection_set: Positioned::new(self.sets(&[&operation.selection_set], at)?, at),
        };
        Ok(reader.positioned(operation.location(), definition))
    }

    /// What several selections of one type select together. Of an interface or a union it is written out for each
    /// object that may stand there: which fields are one differs between them.
    fn sets(&self, sets: &[&'a Set], at: Pos) -> Read<SelectionSet> {
        let Some(set) = sets.first().filter(|_| sets.iter().any(|set| !set.is_empty())) else {
            return Ok(SelectionSet::default());
        };
        let Some(objects) = self.of_abstract.objects(&set.ty) else { return self.object(&set.ty, sets) };
        let mut items = Vec::with_capacity(objects.len());
        for object in objects {
            let selected = self.object(object, sets)?;
            if !selected.items.is_empty() {
                let on = Positioned::new(Name::new(object), at);
                let fragment = InlineFragment {
                    type_condition: Some(Positioned::new(TypeCondition { on }, at)),
                    directives: Vec::new(),
                    selection_set: Positioned::new(selected, at),
                };
                items.push(Positioned::new(Selection::InlineFragment(Positioned::new(fragment, at)), at));
            }
        }
        Ok(SelectionSet { items })
    }

    fn object(&self, object: &apollo_compiler::Name, sets: &[&'a Set]) -> Read<SelectionSet> {
        let fields = collect::fields(self.document, self.of_abstract, &self.given, object, sets);
        let items = fields.into_values().map(|all| self.field(&all)).collect::<Read<_>>()?;
        Ok(SelectionSet { items })
    }

    /// One field of all that answer under one name: in a valid document they have the same arguments.
    fn field(&self, all: &[&'a Node<Found>]) -> Read<Positioned<Selection>> {
        let Some(first) = all.first() else {
            return Err(self.reader.refuse("a field that nothing selects", None));
        };
        let at = self.reader.at(first.location());
        let sets: Vec<&Set> = all.iter().map(|field| &field.selection_set).collect();
        let field = Field {
            alias: first.alias.as_ref().map(|alias| self.reader.name(alias)),
            name: self.reader.name(&first.name),
            arguments: self.arguments(&first.arguments)?,
            directives: Vec::new(),
            selection_set: Positioned::new(self.sets(&sets, at)?, at),
        };
        Ok(Positioned::new(Selection::Field(Positioned::new(field, at)), at))
    }

    /// An argument whose variable has no value is as if it were not written: its own default holds.
    fn arguments(&self, arguments: &[Node<Argument>]) -> Read<Arguments> {
        let has_value = |argument: &&Node<Argument>| {
            argument.value.as_variable().is_none_or(|variable| self.given.has(variable))
        };
        let read = |argument: &Node<Argument>| {
            let value =
                self.reader.positioned(argument.value.location(), self.reader.value(&argument.value)?);
            Ok((self.reader.name(&argument.name), value))
        };
        arguments.iter().filter(has_value).map(read).collect()
    }
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    sources: &'a SourceMap,
}

impl Reader<'_> {
    fn variable(self, variable: &ast::VariableDefinition) -> Read<VariableDefinition> {
        let of_type = Type::new(&variable.ty.to_string());
        let of_type = of_type.ok_or_else(|| self.refuse("the type of a variable", variable.ty.location()))?;
        let default = |value: &Node<ast::Value>| {
            // A default value holds no variable in a valid document.
            let constant = self.value(value)?.into_const().unwrap_or(ConstValue::Null);
            Ok(self.positioned(value.location(), constant))
        };
        Ok(VariableDefinition {
            name: self.name(&variable.name),
            var_type: self.positioned(variable.ty.location(), of_type),
            directives: Vec::new(),
            default_value: variable.default_value.as_ref().map(default).transpose()?,
        })
    }

    fn value(self, value: &Node<ast::Value>) -> Read<Value> {
        Ok(match &**value {
            ast::Value::Null => Value::Null,
            ast::Value::Enum(name) => Value::Enum(Name::new(name)),
            ast::Value::Variable(name) => Value::Variable(Name::new(name)),
            ast::Value::String(text) => Value::String(text.clone()),
            ast::Value::Int(number) => Value::Number(self.whole(number.as_str(), value)?),
            ast::Value::Float(number) => Value::Number(self.number(number.as_str(), value)?),
            ast::Value::Boolean(boolean) => Value::Boolean(*boolean),
            ast::Value::List(values) => {
                Value::List(values.iter().map(|value| self.value(value)).collect::<Read<_>>()?)
            }
            ast::Value::Object(fields) => {
                let field = |(name, value): &(apollo_compiler::Name, Node<ast::Value>)| {
                    Ok((Name::new(name), self.value(value)?))
                };
                Value::Object(fields.iter().map(field).collect::<Read<_>>()?)
            }
        })
    }

    /// An integer. The zero with a sign would be read as a number with a point, which no Int is.
    fn whole(self, number: &str, at: &Node<ast::Value>) -> Read<Number> {
        if number == "-0" { Ok(Number::from(0)) } else { self.number(number, at) }
    }

    fn number(self, number: &str, at: &Node<ast::Value>) -> Read<Number> {
        number.parse().map_err(|_| self.refuse("a number that is not finite in 64 bits", at.location()))
    }

    fn holds(self, value: &Node<ast::Value>) -> Read<()> {
        match &**value {
            ast::Value::Int(number) => self.whole(number.as_str(), value).map(drop),
            ast::Value::Float(number) => self.number(number.as_str(), value).map(drop),
            ast::Value::List(values) => values.iter().try_for_each(|value| self.holds(value)),
            ast::Value::Object(fields) => fields.iter().try_for_each(|(_, value)| self.holds(value)),
            _ => Ok(()),
        }
    }

    fn holds_arguments(self, arguments: &[Node<Argument>]) -> Read<()> {
        arguments.iter().try_for_each(|argument| self.holds(&argument.value))
    }

    fn holds_directives(self, directives: &DirectiveList) -> Read<()> {
        directives.iter().try_for_each(|directive| self.holds_arguments(&directive.arguments))
    }

    fn holds_set(self, set: &[ast::Selection]) -> Read<()> {
        set.iter().try_for_each(|selection| match selection {
            ast::Selection::Field(field) => {
                self.holds_arguments(&field.arguments)?;
                self.holds_directives(&field.directives)?;
                self.holds_set(&field.selection_set)
            }
            ast::Selection::FragmentSpread(spread) => self.holds_directives(&spread.directives),
            ast::Selection::InlineFragment(fragment) => {
                self.holds_directives(&fragment.directives)?;
                self.holds_set(&fragment.selection_set)
            }
        })
    }

    fn refuse(self, message: &str, at: Option<SourceSpan>) -> RequestError {
        let location = at.map(|_| self.at(at)).map(|at| (at.line, at.column));
        RequestError { code: "GRAPHQL_VALIDATION_FAILED", message: message.to_owned(), location }
    }

    fn name(self, name: &apollo_compiler::Name) -> Positioned<Name> {
        self.positioned(name.location(), Name::new(name))
    }

    fn positioned<T>(self, at: Option<SourceSpan>, node: T) -> Positioned<T> {
        Positioned::new(node, self.at(at))
    }

    fn at(self, at: Option<SourceSpan>) -> Pos {
        let place = at.and_then(|span| span.line_column(self.sources));
        place.map_or_else(Pos::default, |place| Pos { line: place.line, column: place.column })
    }
}

fn location(selection: &Selected) -> Option<SourceSpan> {
    match selection {
        Selected::Field(field) => field.location(),
        Selected::FragmentSpread(spread) => spread.location(),
        Selected::InlineFragment(fragment) => fragment.location(),
    }
}

#[cfg(test)]
pub(super) mod tests;
