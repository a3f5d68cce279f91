//! What has to be done to a store before this release can use it.

/// What has to be done to a store before this release can use it, in words for operators.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outstanding {
    /// What a migration does, in its order.
    pub steps: Vec<String>,
    /// What is wrong and no migration touches.
    pub wrong: Vec<String>,
}

impl Outstanding {
    /// Whether there is nothing.
    pub fn is_nothing(&self) -> bool {
        self.steps.is_empty() && self.wrong.is_empty()
    }
}
