//! What the service answers: its schema, the validator of documents for it, and the documents known by name.

use super::failure::Failure;
use crate::config::faults::Faults;
use crate::config::{self, Config};
use crate::graphql::{self, Schema};
use crate::http::documents::{Documents, Limits, RequestError};
use crate::http::trusted::{Check, TrustedDocuments};
use std::sync::Arc;

/// What the service answers.
pub(super) struct Api {
    /// What is executed.
    pub(super) schema: Schema,
    /// The validator of the same schema.
    pub(super) documents: Arc<Documents>,
    /// Those of the manifest, each valid, and those that clients register.
    pub(super) trusted: TrustedDocuments,
}

/// Reads our own schema and the trusted documents. Called before anything is opened, as the other settings are checked.
pub(super) fn api(config: &Config) -> Result<Api, Failure> {
    let own_schema = |error| Failure::because("reading our own schema", error);
    let (schema, sdl) = match config.federation.enabled {
        true => graphql::subgraph().map_err(own_schema)?,
        false => (graphql::schema(), graphql::sdl()),
    };
    let documents = Documents::new(&sdl, limits(&config.documents)).map_err(own_schema)?;
    let documents = Arc::new(documents.with_introspection(config.graphql.introspection));
    let validator = documents.clone();
    let names = config.graphql.operation_name_required;
    let check: Check = Box::new(move |text| {
        let document = validator.prepare(text).map_err(|errors| errors.to_vec())?;
        match document.is_named() || !names {
            true => Ok(()),
            false => Err(vec![RequestError {
                code: "BAD_USER_INPUT",
                message: "its operation has no name, and OPERATION_NAME_REQUIRED is on".to_owned(),
                location: None,
            }]),
        }
    });
    let trusted = TrustedDocuments::load(config.trusted.clone(), check).map_err(|problems| {
        let mut faults = Faults::default();
        for problem in problems {
            faults.push("TRUSTED_DOCUMENTS_FILE", problem.wrong, problem.remedy);
        }
        Failure::Settings(faults)
    })?;
    Ok(Api { schema, documents, trusted })
}

fn limits(settings: &config::documents::Documents) -> Limits {
    Limits {
        depth: settings.depth_max,
        cost: settings.cost_max,
        aliases: settings.aliases_max,
        root_fields: settings.root_fields_max,
        mutations: settings.mutations_max,
        directives: settings.directives_max,
        tokens: settings.tokens_max,
    }
}
