//! Whether a variable may stand where it stands (GraphQL, "All Variable Usages Are Allowed"): also inside of lists
//! and input objects, where the validator compares names of types only.

use apollo_compiler::ast::{InputValueDefinition, Type, VariableDefinition};
use apollo_compiler::executable::Operation;
use apollo_compiler::{Name, Node};

/// A place for a value.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The type that is wanted there.
    pub(super) wanted: &'a Type,
    /// Whether it has a default.
    pub(super) has_default: bool,
    /// Whether null may not stand there although the type is nullable: in an input of which exactly one field is given.
    pub(super) never_null: bool,
}

impl<'a> Place<'a> {
    /// A place without a default.
    pub(super) fn of(wanted: &'a Type) -> Self {
        Self { wanted, has_default: false, never_null: false }
    }

    /// The place of an argument or an input's field.
    pub(super) fn at(definition: &'a InputValueDefinition) -> Self {
        let default = definition.default_value.as_ref();
        Self { has_default: default.is_some_and(|value| !value.is_null()), ..Self::of(&definition.ty) }
    }
}

/// The variables of one operation.
#[derive(Default)]
pub(super) struct Positions<'a> {
    variables: &'a [Node<VariableDefinition>],
}

impl<'a> Positions<'a> {
    /// Those that an operation declares.
    pub(super) fn of(operation: &'a Operation) -> Self {
        Self { variables: &operation.variables }
    }

    /// Whether it declares this one.
    pub(super) fn has(&self, name: &Name) -> bool {
        self.variables.iter().any(|variable| variable.name == *name)
    }

    /// Why a variable may not stand at a place. One that is not declared is the validator's affair.
    pub(super) fn fault(&self, place: Place<'_>, name: &Name) -> Option<String> {
        let variable = self.variables.iter().find(|variable| variable.name == *name)?;
        let wanted = place.wanted;
        if place.never_null && !variable.ty.is_non_null() {
            return Some(format!(
                "a variable of type {} stands where null may not: declare it {}!",
                variable.ty, variable.ty
            ));
        }
        let has_default = variable.default_value.as_ref().is_some_and(|value| !value.is_null());
        let fits = if wanted.is_non_null() && !variable.ty.is_non_null() {
            (has_default || place.has_default) && variable.ty.is_assignable_to(&wanted.clone().nullable())
        } else {
            variable.ty.is_assignable_to(wanted)
        };
        let message = || format!("a variable of type {} stands where {wanted} is wanted", variable.ty);
        (!fits).then(message)
    }
}
