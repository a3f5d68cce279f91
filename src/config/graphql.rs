//! GraphQL over HTTP: which ways of asking are served.

use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::{boolean, whole_number};

static INTROSPECTION_ENABLED: Setting = Setting {
    name: "INTROSPECTION_ENABLED",
    flag: "introspection-enabled",
    value: "true|false",
    unset: Unset::Default("false"),
    help: "Whether documents may ask for the schema, and faults in them suggest names of it; the sandbox has it on.\n\
           GraphiQL's documentation needs it; code generators can read schema.graphql instead.",
};

static OPERATION_NAME_REQUIRED: Setting = Setting {
    name: "OPERATION_NAME_REQUIRED",
    flag: "operation-name-required",
    value: "true|false",
    unset: Unset::Default("true"),
    help: "Refuse operations without a name: logs and metrics go by it.",
};

static GET_ENABLED: Setting = Setting {
    name: "GET_ENABLED",
    flag: "get-enabled",
    value: "true|false",
    unset: Unset::Default("false"),
    help: "Take queries over GET, where nothing in them can hold personal data: URLs are logged on their way.\n\
           Trusted documents are answered with an ETag then.",
};

static BATCH_MAX: Setting = Setting {
    name: "BATCH_MAX",
    flag: "batch-max",
    value: "REQUESTS",
    unset: Unset::Default("10"),
    help: "How many queries one HTTP request may hold, as a JSON array, 1 to 100; 1 takes none of several.",
};

pub(super) static GROUP: Group = Group {
    heading: "GraphQL over HTTP",
    settings: &[&INTROSPECTION_ENABLED, &OPERATION_NAME_REQUIRED, &GET_ENABLED, &BATCH_MAX],
};

/// Which ways of asking are served.
#[derive(Clone, Debug)]
pub struct GraphQL {
    /// Whether the schema can be asked for.
    pub introspection: bool,
    /// Whether operations without a name are refused.
    pub operation_name_required: bool,
    /// Whether queries may come over GET.
    pub get: bool,
    /// Most requests of one batch.
    pub batch_max: usize,
}

impl GraphQL {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Faulted> {
        let introspection = reader.value(&INTROSPECTION_ENABLED, boolean);
        let operation_name_required = reader.value(&OPERATION_NAME_REQUIRED, boolean);
        let get = reader.value(&GET_ENABLED, boolean);
        let batch_max = reader.value(&BATCH_MAX, |text| whole_number(text, 1..=100));
        Ok(Self {
            introspection: introspection?,
            operation_name_required: operation_name_required?,
            get: get?,
            batch_max: batch_max? as usize,
        })
    }
}
