//! Rule 9: the repeat of a call with the same idempotency key gives the first outcome again.

use super::Registry;
use super::caller::Caller;
use super::failure::{Failure, Refusal};
use super::ports::operation::{Begun, Operation, Outcome};
use super::ports::store::{Commit, Refused};
use crate::domain::fault::{Fault, FaultCode, FieldPath};
use serde::Serialize;
use zeroize::Zeroizing;

/// How long a key is remembered: 24 hours.
const KEY_LIFE_MS: i64 = 24 * 60 * 60 * 1_000;

impl Registry {
    /// The operation of a call that carries a key, and the outcome that is known of it already.
    pub(super) async fn begin<I: Serialize + Sync>(
        &self,
        caller: &Caller,
        mutation: &str,
        key: Option<&str>,
        input: &I,
    ) -> Result<(Option<Operation>, Option<Outcome>), Refusal> {
        let Some(key) = key else { return Ok((None, None)) };
        let input = Zeroizing::new(serde_json::to_vec(&(mutation, input)).map_err(|error| {
            // The category tells what went wrong; the message could quote a value.
            tracing::error!(category = ?error.classify(), "an input could not be written down");
            Failure::Internal
        })?);
        let (key, fingerprint) = self.vault.operation(caller.organization, key, &input);
        let at = self.mint.now();
        let operation = Operation {
            organization: caller.organization,
            key,
            mutation: mutation.to_owned(),
            fingerprint,
            at,
            expires_at: at.plus(KEY_LIFE_MS),
        };
        match caller.within(self.store.begin(&operation)).await? {
            Begun::New => Ok((Some(operation), None)),
            Begun::Repeated(outcome) => Ok((Some(operation), Some(outcome))),
            Begun::KeyReused => Err(key_reused().into()),
        }
    }

    /// What became of a write: its outcome, told apart from the outcome of an earlier call, or the rule it breaks.
    pub(super) fn settled(
        &self,
        caller: &Caller,
        commit: Commit,
        ours: Outcome,
        taken: Fault,
    ) -> Result<Outcome, Refusal> {
        let outcome = match commit {
            Commit::Stored => ours,
            Commit::Repeated(outcome) => outcome,
            Commit::Refused(Refused::KeyReused) => return Err(key_reused().into()),
            Commit::Refused(Refused::ClaimTaken) => return Err(taken.into()),
            Commit::Refused(Refused::HolderNotLive) => return Err(holder_not_found().into()),
        };
        caller.set_committed();
        Ok(outcome)
    }
}

fn key_reused() -> Fault {
    let message =
        "this idempotencyKey was used with another input or mutation: take a fresh key for a new call";
    Fault::new(FaultCode::IdempotencyKeyReused, FieldPath::input().field("idempotencyKey"), message)
}

/// The holder of an alias account is not there, or not live.
pub(super) fn holder_not_found() -> Fault {
    let message = "no live holder of this organization has this id";
    Fault::new(FaultCode::HolderNotFound, FieldPath::input().field("holderId"), message)
}
