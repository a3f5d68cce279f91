//! How much one document may ask for.

use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::whole_number;

static DOCUMENT_DEPTH_MAX: Setting = Setting {
    name: "DOCUMENT_DEPTH_MAX",
    flag: "document-depth-max",
    value: "LEVELS",
    unset: Unset::Default("20"),
    help: "How deep a document may nest fields in fields, 1 to 60 levels.",
};

static DOCUMENT_COST_MAX: Setting = Setting {
    name: "DOCUMENT_COST_MAX",
    flag: "document-cost-max",
    value: "COST",
    unset: Unset::Default("32000"),
    help: "What an operation may cost, by the weights and list sizes that schema.graphql declares.\n\
           docs/limits.md shows how it is counted; about a field of the answer is 1, a record 2 more, a mutation 100.",
};

static DOCUMENT_ALIASES_MAX: Setting = Setting {
    name: "DOCUMENT_ALIASES_MAX",
    flag: "document-aliases-max",
    value: "ALIASES",
    unset: Unset::Default("200"),
    help: "How many aliases an operation may have, fragments spelled out, 0 to 5000.",
};

static DOCUMENT_ROOT_FIELDS_MAX: Setting = Setting {
    name: "DOCUMENT_ROOT_FIELDS_MAX",
    flag: "document-root-fields-max",
    value: "FIELDS",
    unset: Unset::Default("100"),
    help: "How many fields the root of an operation may have, fragments spelled out, 1 to 5000.",
};

static DOCUMENT_MUTATIONS_MAX: Setting = Setting {
    name: "DOCUMENT_MUTATIONS_MAX",
    flag: "document-mutations-max",
    value: "MUTATIONS",
    unset: Unset::Default("20"),
    help: "How many mutations a document may have, 1 to 1000.\n\
           They run one after the other, all within REQUEST_TIMEOUT.",
};

static DOCUMENT_DIRECTIVES_MAX: Setting = Setting {
    name: "DOCUMENT_DIRECTIVES_MAX",
    flag: "document-directives-max",
    value: "DIRECTIVES",
    unset: Unset::Default("200"),
    help: "How many directives (@skip, @include) an operation may have, fragments spelled out, 0 to 5000.",
};

static DOCUMENT_TOKENS_MAX: Setting = Setting {
    name: "DOCUMENT_TOKENS_MAX",
    flag: "document-tokens-max",
    value: "TOKENS",
    unset: Unset::Default("30000"),
    help: "How many tokens a document may have, 100 to 1000000; each space and each comma is one too.",
};

pub(super) static GROUP: Group = Group {
    heading: "Documents",
    settings: &[
        &DOCUMENT_DEPTH_MAX,
        &DOCUMENT_COST_MAX,
        &DOCUMENT_ALIASES_MAX,
        &DOCUMENT_ROOT_FIELDS_MAX,
        &DOCUMENT_MUTATIONS_MAX,
        &DOCUMENT_DIRECTIVES_MAX,
        &DOCUMENT_TOKENS_MAX,
    ],
};

/// How much one document may ask for.
#[derive(Clone, Debug)]
pub struct Documents {
    /// Levels of fields within fields.
    pub depth_max: usize,
    /// Cost of an operation.
    pub cost_max: u64,
    /// Aliases of an operation.
    pub aliases_max: usize,
    /// Fields of an operation's root.
    pub root_fields_max: usize,
    /// Mutations of a document.
    pub mutations_max: usize,
    /// Directives of an operation.
    pub directives_max: usize,
    /// Tokens of a document.
    pub tokens_max: usize,
}

impl Documents {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Faulted> {
        let depth_max = reader.value(&DOCUMENT_DEPTH_MAX, |text| whole_number(text, 1..=60));
        let cost_max = reader.value(&DOCUMENT_COST_MAX, |text| whole_number(text, 1..=1_000_000_000));
        let aliases_max = reader.value(&DOCUMENT_ALIASES_MAX, |text| whole_number(text, 0..=5_000));
        let root_fields_max = reader.value(&DOCUMENT_ROOT_FIELDS_MAX, |text| whole_number(text, 1..=5_000));
        let mutations_max = reader.value(&DOCUMENT_MUTATIONS_MAX, |text| whole_number(text, 1..=1_000));
        let directives_max = reader.value(&DOCUMENT_DIRECTIVES_MAX, |text| whole_number(text, 0..=5_000));
        let tokens_max = reader.value(&DOCUMENT_TOKENS_MAX, |text| whole_number(text, 100..=1_000_000));
        Ok(Self {
            depth_max: depth_max? as usize,
            cost_max: cost_max?.into(),
            aliases_max: aliases_max? as usize,
            root_fields_max: root_fields_max? as usize,
            mutations_max: mutations_max? as usize,
            directives_max: directives_max? as usize,
            tokens_max: tokens_max? as usize,
        })
    }
}
