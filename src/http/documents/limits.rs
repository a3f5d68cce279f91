//! How much one document may ask for.

/// The most of everything that an operator can set. The default is what the settings have where nothing is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Levels of fields within fields.
    pub depth: usize,
    /// What an operation may cost, by the weights and sizes that the schema declares.
    pub cost: u64,
    /// Aliases of an operation, fragments spelled out.
    pub aliases: usize,
    /// Fields of an operation's root, fragments spelled out.
    pub root_fields: usize,
    /// Mutations of a document: they run one after the other, within one request's time.
    pub mutations: usize,
    /// Directives of an operation, fragments spelled out.
    pub directives: usize,
    /// Tokens of a document; each space and each comma is one too.
    pub tokens: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 20,
            cost: 32_000,
            aliases: 200,
            root_fields: 100,
            mutations: 20,
            directives: 200,
            tokens: 30_000,
        }
    }
}
