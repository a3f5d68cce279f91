//! `holdergraph schema`: the API as SDL.

use super::failure::Failure;
use crate::graphql;
use clap::Args;
use std::io::Write;

/// Which schema to print.
#[derive(Args)]
#[command(after_help = "\
Examples:
  holdergraph schema > schema.graphql                  the API, for code generators
  holdergraph schema --federation > subgraph.graphql   the subgraph, for the composition of a supergraph

The subgraph is the API with federation's directives. It is the answer of _service too, which a server gives with \
FEDERATION_ENABLED=true.")]
pub(super) struct Arguments {
    /// As a subgraph of Apollo Federation 2
    #[arg(long)]
    federation: bool,
}

/// Prints the schema. A reader that closes early, as `head` does, is no failure.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let sdl = match arguments.federation {
        true => graphql::subgraph_sdl().map_err(|error| Failure::because("reading our own schema", error))?,
        false => graphql::sdl(),
    };
    match std::io::stdout().write_all(sdl.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::because("writing", error))
        }
        _ => Ok(()),
    }
}
