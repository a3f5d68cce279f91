//! The GraphQL schema: types, queries and mutations. Thin: what is allowed and what is true is the registry's affair.

mod account_link;
mod alias_account;
mod audit_entries;
mod audit_entry;
mod banking_details;
mod connection;
mod cost;
mod errors;
mod federation;
mod given;
mod holder;
mod inputs;
mod lists;
mod loaders;
mod mutation;
mod node;
mod opened;
mod order;
mod payloads;
mod person;
mod query;
mod related_party;
mod scalars;
mod selection;
mod user_error;

pub use errors::{code_of, error_of};
pub use federation::{subgraph, subgraph_sdl};

use crate::registry::Registry;
use crate::registry::caller::Caller;
use async_graphql::{EmptySubscription, ObjectType, Request, Response, SDLExportOptions, ValidationMode};
use federation::Root;
use loaders::Loaders;
use mutation::Mutation;
use query::{Queries, Query};
use std::sync::Arc;

type With<Root> = async_graphql::Schema<Root, Mutation, EmptySubscription>;

/// The executable schema.
#[derive(Clone)]
pub struct Schema(Roots);

/// A field that is not served is not in the root, so nothing can ask for it.
#[derive(Clone)]
enum Roots {
    Api(With<Query>),
    Subgraph(With<Root>),
}

impl Schema {
    fn of_subgraph(root: Root) -> Self {
        Self(Roots::Subgraph(built(root)))
    }

    /// Runs one operation.
    pub async fn execute(&self, request: Request) -> Response {
        match &self.0 {
            Roots::Api(schema) => schema.execute(request).await,
            Roots::Subgraph(schema) => schema.execute(request).await,
        }
    }
}

/// How deep the executor follows selections and fragments: beyond what documents are measured by before.
const RECURSION_MAX: usize = 200;

/// Builds the schema. It holds no state: each request brings its own [`Session`].
pub fn schema() -> Schema {
    Schema(Roots::Api(built(Query(Queries))))
}

fn built<Root: ObjectType + 'static>(root: Root) -> With<Root> {
    async_graphql::Schema::build(root, Mutation, EmptySubscription)
        .limit_recursive_depth(RECURSION_MAX)
        // Documents are validated by the specification before they come here.
        .validation_mode(ValidationMode::Fast)
        .finish()
}

/// The schema as `schema.graphql` holds it.
pub fn sdl() -> String {
    built(Query(Queries)).sdl_with_options(
        SDLExportOptions::new()
            .prefer_single_line_descriptions()
            .include_specified_by()
            .use_space_ident()
            .indent_width(2),
    )
}

/// What one HTTP request brings to its resolvers, shared by the operations of a batch; never by two requests.
pub struct Session {
    registry: Arc<Registry>,
    caller: Arc<Caller>,
    loaders: Loaders,
}

impl Session {
    /// The session of one caller's request.
    pub fn new(registry: Arc<Registry>, caller: Arc<Caller>) -> Self {
        let loaders = Loaders::new(&registry, &caller);
        Self { registry, caller, loaders }
    }

    /// Whose it is.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}

#[cfg(test)]
mod tests {
    use apollo_compiler::Schema;
    use apollo_compiler::schema::ExtendedType;

    #[test]
    fn everything_in_the_schema_has_a_description() {
        let schema = Schema::parse_and_validate(super::sdl(), "schema.graphql").unwrap();
        let mut missing = Vec::new();
        let mut see = |name: String, described: bool| {
            if !described {
                missing.push(name);
            }
        };
        for (name, directive) in &schema.directive_definitions {
            see(format!("@{name}"), directive.is_built_in() || directive.description.is_some());
        }
        for (name, of) in schema.types.iter().filter(|(_, of)| !of.is_built_in()) {
            see(name.to_string(), of.description().is_some());
            match of {
                ExtendedType::Object(object) => {
                    for (field, of) in &object.fields {
                        see(format!("{name}.{field}"), of.description.is_some());
                        for argument in &of.arguments {
                            see(format!("{name}.{field}({})", argument.name), argument.description.is_some());
                        }
                    }
                }
                ExtendedType::Interface(interface) => {
                    interface
                        .fields
                        .iter()
                        .for_each(|(f, of)| see(format!("{name}.{f}"), of.description.is_some()));
                }
                ExtendedType::InputObject(input) => {
                    input
                        .fields
                        .iter()
                        .for_each(|(f, of)| see(format!("{name}.{f}"), of.description.is_some()));
                }
                ExtendedType::Enum(values) => {
                    values
                        .values
                        .iter()
                        .for_each(|(v, of)| see(format!("{name}.{v}"), of.description.is_some()));
                }
                ExtendedType::Scalar(_) | ExtendedType::Union(_) => {}
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }
}
