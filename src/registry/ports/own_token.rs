//! The token that this service itself is known by to the ledger.

use super::call::Call;
use async_trait::async_trait;
use secrecy::SecretString;

/// There is no token now; the reason is for the log, and holds no part of a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no token for this service itself: {0}")]
pub struct NoToken(pub String);

/// Keeps a token of the service's own, and renews it in time.
#[async_trait]
pub trait OwnToken: Send + Sync + 'static {
    /// A token that has not expired.
    async fn token(&self, call: &Call) -> Result<SecretString, NoToken>;

    /// This token was refused before its time. Whether another one may be had now.
    fn refused(&self, token: &SecretString) -> bool;
}
