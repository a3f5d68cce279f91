//! The validator's reading of a document, in the form that is executed.
//!
//! The executor has a parser of its own, and two parsers read some texts differently: `\"""` in a block string, a space
//! in a type, a comment behind `on`. So nothing is parsed twice: what was validated is what runs.

use super::RequestError;
use apollo_compiler::Node;
use apollo_compiler::ast::{self, Argument, Definition, DirectiveList};
use apollo_compiler::parser::{SourceMap, SourceSpan};
use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition, FragmentSpread,
    InlineFragment, OperationDefinition, OperationType, Selection, SelectionSet, Type, TypeCondition,
    VariableDefinition,
};
use async_graphql::{Name, Number, Pos, Positioned};
use async_graphql_value::{ConstValue, Value};
use std::collections::HashMap;

type Read<T> = Result<T, RequestError>;
type Arguments = Vec<(Positioned<Name>, Positioned<Value>)>;

/// The executable form of a valid document. What the executor cannot hold, a number beyond 64 bits, is refused.
pub(super) fn of(document: &ast::Document) -> Result<ExecutableDocument, Vec<RequestError>> {
    Reader { sources: &document.sources }.document(document).map_err(|fault| vec![fault])
}

struct Reader<'a> {
    sources: &'a SourceMap,
}

impl Reader<'_> {
    fn document(&self, document: &ast::Document) -> Read<ExecutableDocument> {
        let (mut named, mut anonymous, mut fragments) = (HashMap::new(), None, HashMap::new());
        for definition in &document.definitions {
            match definition {
                Definition::OperationDefinition(operation) => {
                    let read = self.positioned(operation.location(), self.operation(operation)?);
                    match &operation.name {
                        Some(name) => drop(named.insert(Name::new(name), read)),
                        None => anonymous = Some(read),
                    }
                }
                Definition::FragmentDefinition(fragment) => {
                    let read = self.positioned(fragment.location(), self.fragment(fragment)?);
                    fragments.insert(Name::new(&fragment.name), read);
                }
                // A valid document defines nothing else.
                _ => {}
            }
        }
        // In a valid document an operation without a name is the only one.
        let operations = anonymous.map_or(DocumentOperations::Multiple(named), DocumentOperations::Single);
        Ok(ExecutableDocument { operations, fragments })
    }

    fn operation(&self, operation: &ast::OperationDefinition) -> Read<OperationDefinition> {
        let variables = operation
            .variables
            .iter()
            .map(|variable| Ok(self.positioned(variable.location(), self.variable(variable)?)));
        Ok(OperationDefinition {
            ty: match operation.operation_type {
                ast::OperationType::Query => OperationType::Query,
                ast::OperationType::Mutation => OperationType::Mutation,
                ast::OperationType::Subscription => OperationType::Subscription,
            },
            variable_definitions: variables.collect::<Read<_>>()?,
            directives: self.directives(&operation.directives)?,
            selection_set: self.set(&operation.selection_set)?,
        })
    }

    fn variable(&self, variable: &ast::VariableDefinition) -> Read<VariableDefinition> {
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
            directives: self.directives(&variable.directives)?,
            default_value: variable.default_value.as_ref().map(default).transpose()?,
        })
    }

    fn fragment(&self, fragment: &ast::FragmentDefinition) -> Read<FragmentDefinition> {
        Ok(FragmentDefinition {
            type_condition: self.condition(&fragment.type_condition),
            directives: self.directives(&fragment.directives)?,
            selection_set: self.set(&fragment.selection_set)?,
        })
    }

    fn condition(&self, on: &apollo_compiler::Name) -> Positioned<TypeCondition> {
        self.positioned(on.location(), TypeCondition { on: self.name(on) })
    }

    fn set(&self, set: &[ast::Selection]) -> Read<Positioned<SelectionSet>> {
        let items = set.iter().map(|selection| self.selection(selection)).collect::<Read<_>>()?;
        let first = set.first().and_then(|selection| match selection {
            ast::Selection::Field(field) => field.location(),
            ast::Selection::FragmentSpread(spread) => spread.location(),
            ast::Selection::InlineFragment(fragment) => fragment.location(),
        });
        Ok(self.positioned(first, SelectionSet { items }))
    }

    fn selection(&self, selection: &ast::Selection) -> Read<Positioned<Selection>> {
        let (location, read) = match selection {
            ast::Selection::Field(field) => {
                (field.location(), Selection::Field(self.positioned(field.location(), self.field(field)?)))
            }
            ast::Selection::FragmentSpread(spread) => {
                let read = FragmentSpread {
                    fragment_name: self.name(&spread.fragment_name),
                    directives: self.directives(&spread.directives)?,
                };
                (spread.location(), Selection::FragmentSpread(self.positioned(spread.location(), read)))
            }
            ast::Selection::InlineFragment(fragment) => {
                let read = InlineFragment {
                    type_condition: fragment.type_condition.as_ref().map(|on| self.condition(on)),
                    directives: self.directives(&fragment.directives)?,
                    selection_set: self.set(&fragment.selection_set)?,
                };
                (fragment.location(), Selection::InlineFragment(self.positioned(fragment.location(), read)))
            }
        };
        Ok(self.positioned(location, read))
    }

    fn field(&self, field: &ast::Field) -> Read<Field> {
        Ok(Field {
            alias: field.alias.as_ref().map(|alias| self.name(alias)),
            name: self.name(&field.name),
            arguments: self.arguments(&field.arguments)?,
            directives: self.directives(&field.directives)?,
            selection_set: self.set(&field.selection_set)?,
        })
    }

    fn directives(&self, directives: &DirectiveList) -> Read<Vec<Positioned<Directive>>> {
        let read = |directive: &Node<ast::Directive>| {
            let arguments = self.arguments(&directive.arguments)?;
            let read = Directive { name: self.name(&directive.name), arguments };
            Ok(self.positioned(directive.location(), read))
        };
        directives.iter().map(read).collect()
    }

    fn arguments(&self, arguments: &[Node<Argument>]) -> Read<Arguments> {
        let read = |argument: &Node<Argument>| {
            let value = self.positioned(argument.value.location(), self.value(&argument.value)?);
            Ok((self.name(&argument.name), value))
        };
        arguments.iter().map(read).collect()
    }

    fn value(&self, value: &Node<ast::Value>) -> Read<Value> {
        Ok(match &**value {
            ast::Value::Null => Value::Null,
            ast::Value::Enum(name) => Value::Enum(Name::new(name)),
            ast::Value::Variable(name) => Value::Variable(Name::new(name)),
            ast::Value::String(text) => Value::String(text.clone()),
            ast::Value::Int(number) => Value::Number(self.number(number.as_str(), value)?),
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

    fn number(&self, number: &str, at: &Node<ast::Value>) -> Read<Number> {
        number.parse().map_err(|_| self.refuse("a number that is not finite in 64 bits", at.location()))
    }

    fn refuse(&self, message: &str, at: Option<SourceSpan>) -> RequestError {
        let location = at.map(|_| self.at(at)).map(|at| (at.line, at.column));
        RequestError { code: "GRAPHQL_VALIDATION_FAILED", message: message.to_owned(), location }
    }

    fn name(&self, name: &apollo_compiler::Name) -> Positioned<Name> {
        self.positioned(name.location(), Name::new(name))
    }

    fn positioned<T>(&self, at: Option<SourceSpan>, node: T) -> Positioned<T> {
        Positioned::new(node, self.at(at))
    }

    fn at(&self, at: Option<SourceSpan>) -> Pos {
        let place = at.and_then(|span| span.line_column(self.sources));
        place.map_or_else(Pos::default, |place| Pos { line: place.line, column: place.column })
    }
}

#[cfg(test)]
mod tests;
