//! `holdergraph schema`: the API as SDL.

use super::failure::Failure;
use std::io::Write;

/// Prints the schema. A reader that closes early, as `head` does, is no failure.
pub(super) fn run() -> Result<(), Failure> {
    match std::io::stdout().write_all(crate::graphql::sdl().as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::because("writing", error))
        }
        _ => Ok(()),
    }
}
