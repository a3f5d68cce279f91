//! The service as a subgraph of Apollo Federation 2: what a gateway asks beside the API, and the SDL that it is
//! composed from. Both exist only where the operator wants them; the API itself knows nothing of them.

mod entities;
mod printed;
mod representation;

#[cfg(test)]
mod tests;

pub use printed::subgraph_sdl;

use super::query::Queries;
use super::{Schema, sdl};
use async_graphql::MergedObject;
use entities::Gateway;

/// Reads. Each field needs its own permission, so one document may be allowed in part: a refused field is null with a located FORBIDDEN.
#[derive(MergedObject)]
#[graphql(name = "Query")]
pub(super) struct Root(Queries, Gateway);

/// What documents of a gateway may ask beside the API.
const GATEWAY_SDL: &str = r#"
"What an entity is known by: `__typename` and the fields of one of its keys."
scalar _Any

"A record that other subgraphs may extend."
union _Entity = Holder | AliasAccount

"This subgraph."
type _Service {
  "The SDL that a supergraph is composed from."
  sdl: String!
}

extend type Query {
  "What a supergraph is composed from. Needs neither an organization nor a permission."
  _service: _Service!
  "The live records that these representations stand for, in the order asked, repeats included; null where there is none. Each needs the permission to read its type."
  _entities(
    "`__typename` and the fields of one key each, at most 100."
    representations: [_Any!]!
  ): [_Entity]! @cost(weight: "5") @listSize(slicingArguments: ["representations"])
}
"#;

/// The schema that a subgraph executes, and the SDL of all of it, which its documents are validated by.
///
/// # Errors
/// Only where our own SDL cannot be made a subgraph's.
pub fn subgraph() -> Result<(Schema, String), String> {
    let gateway = Gateway { sdl: subgraph_sdl()? };
    Ok((Schema::of_subgraph(Root(Queries, gateway)), sdl() + GATEWAY_SDL))
}
