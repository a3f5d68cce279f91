//! Access Manager: who is calling, and may they?

use super::call::Call;
pub use super::call::{Asked, Identity, Organizations};
use super::condition::Condition;
use crate::domain::target::DeletionMode;
use async_trait::async_trait;

/// A kind of record, as grants name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resource {
    /// Holders.
    Holders,
    /// Alias accounts.
    Aliases,
    /// Personal data in clear, of either.
    PersonalData,
    /// The audit trail.
    Audit,
}

/// What shall be done, as grants name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Read.
    Get,
    /// Create.
    Post,
    /// Change or restore.
    Patch,
    /// Delete softly, or take a part away.
    Delete,
    /// Remove for good.
    Purge,
}

impl Action {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Patch => "patch",
            Self::Delete => "delete",
            Self::Purge => "purge",
        }
    }

    /// Erasing is not the same right as archiving (rule 4).
    pub fn deleting(mode: DeletionMode) -> Self {
        match mode {
            DeletionMode::Soft => Self::Delete,
            DeletionMode::Hard => Self::Purge,
        }
    }
}

/// Why a token is not taken. Never holds the token or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadToken(pub &'static str);

/// Why nobody knows who calls.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unidentified {
    /// The token is not taken.
    #[error(transparent)]
    BadToken(#[from] BadToken),
    /// The keys that would prove it cannot be had now: neither a good token nor a bad one.
    #[error("the keys that prove tokens cannot be read now")]
    Unavailable,
}

/// The answer of Access Manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Status 200 and `authorized` is JSON true: nothing else.
    Allowed,
    /// A clear no.
    Denied,
    /// The token is not accepted.
    Unauthenticated,
}

/// Access Manager gave no answer: neither a permission nor a denial. The reason is for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Access Manager gave no answer: {0}")]
pub struct NoDecision(pub String);

/// Decides who may do what.
#[async_trait]
pub trait AccessManager: Send + Sync + 'static {
    /// Reads the token of an `Authorization` header's value, and proves it where keys are configured.
    async fn identify(&self, authorization: Option<&str>) -> Result<Identity, Unidentified>;

    /// Asks whether the caller may do this.
    async fn decide(&self, call: &Call, resource: Resource, action: Action) -> Result<Decision, NoDecision>;

    /// Whether it answers now; the reason is for operators.
    async fn health(&self) -> Result<(), String>;

    /// How the way to it stands; `None` where nobody is asked.
    fn condition(&self) -> Option<Condition> {
        None
    }
}
