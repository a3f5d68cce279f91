//! What can be wrong with a key, said without showing the key.

use super::sample::Sample;

/// One fault of one setting that holds a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{setting} {problem}; it must be 32 random bytes as 64 hexadecimal digits: make one with \
     `openssl rand -hex 32`, or a whole set with `holdergraph keys generate`"
)]
pub struct KeyFault {
    /// The setting at fault.
    pub setting: String,
    /// What is wrong with its value.
    pub problem: KeyProblem,
}

/// What is wrong with a key. Holds nothing of the key itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// There is no text at all.
    #[error("is empty")]
    Empty,
    /// Blanks or line ends stand in it or around it.
    #[error("has a blank or a line end in it or around it")]
    Blank,
    /// So many characters are not 64.
    #[error("has {0} characters")]
    Length(usize),
    /// Some character is no hexadecimal digit.
    #[error("has a character that is no hexadecimal digit")]
    NotHexadecimal,
    /// Nobody drew it at random.
    #[error("{0}")]
    Sample(Sample),
    /// Another setting holds the same key.
    #[error("is the same key as {0}")]
    SameAs(String),
}
