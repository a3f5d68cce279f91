//! Whether the service is a subgraph of a federated graph.

use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::boolean;

static FEDERATION_ENABLED: Setting = Setting {
    name: "FEDERATION_ENABLED",
    flag: "federation-enabled",
    value: "true|false",
    unset: Unset::Default("false"),
    help: "Be a subgraph of Apollo Federation 2: serve _entities, and _service, for gateways and compositions.\n\
           Both need a token as all else does, and _entities an organization and the permissions of its records. \
           `holdergraph schema --federation` prints the subgraph.",
};

pub(super) static GROUP: Group = Group { heading: "Federation", settings: &[&FEDERATION_ENABLED] };

/// Whether the service is a subgraph of a federated graph.
#[derive(Clone, Debug)]
pub struct Federation {
    /// Whether `_service` and `_entities` are served.
    pub enabled: bool,
}

impl Federation {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Faulted> {
        Ok(Self { enabled: reader.value(&FEDERATION_ENABLED, boolean)? })
    }
}
