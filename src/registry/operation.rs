//! Rule 9: the repeat of a call with the same idempotency key gives the first outcome again.

use super::Registry;
use super::caller::Caller;
use super::failure::{Failure, Refusal};
use super::ports::operation::{Begun, Conclusion, Operation, Outcome};
use super::ports::store::{Commit, Refused};
use super::refusals::key_reused;
use serde::Serialize;
use zeroize::Zeroizing;

/// How long a key is remembered: 24 hours.
const KEY_LIFE_MS: i64 = 24 * 60 * 60 * 1_000;

/// A mutation that has begun.
pub(super) enum Beginning {
    /// It was committed before: this is its outcome.
    Repeated(Outcome),
    /// Its work is to be done; with its operation, if it carries a key.
    Work(Option<Operation>),
}

impl Registry {
    /// Looks whether a call that carries a key is the repeat of another.
    pub(super) async fn begin<I: Serialize + Sync>(
        &self,
        caller: &Caller,
        mutation: &str,
        key: Option<&str>,
        input: &I,
    ) -> Result<Beginning, Refusal> {
        let Some(key) = key else { return Ok(Beginning::Work(None)) };
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
            Begun::New => Ok(Beginning::Work(Some(operation))),
            Begun::Repeated(outcome) => Ok(Beginning::Repeated(outcome)),
            Begun::KeyReused => Err(key_reused().into()),
        }
    }

    /// How a call ended that carries a key. Where it was refused, another call with its key may have been committed
    /// since it began, and what it met (another version, no live record) may be that one's work: then it is a repeat.
    pub(super) async fn unless_repeated<T: From<Outcome>>(
        &self,
        caller: &Caller,
        operation: Option<&Operation>,
        end: Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let (Some(operation), Err(Refusal::Faults(_))) = (operation, &end) else { return end };
        match caller.within(self.store.begin(operation)).await? {
            Begun::New => end,
            Begun::Repeated(outcome) => Ok(outcome.into()),
            Begun::KeyReused => Err(key_reused().into()),
        }
    }

    /// Commits a call that had nothing to change.
    pub(super) async fn conclude(
        &self,
        caller: &Caller,
        operation: Option<&Operation>,
        outcome: Outcome,
    ) -> Result<Outcome, Refusal> {
        let Some(conclusion) = conclusion(operation, &outcome) else { return Ok(outcome) };
        let commit = caller.within(self.store.conclude(conclusion)).await?;
        let ended = settled(caller, commit, outcome, |_| Failure::Internal.into())?;
        ended.ok_or_else(|| Failure::Internal.into())
    }
}

/// An operation, if there is one, with its outcome.
pub(super) fn conclusion(operation: Option<&Operation>, outcome: &Outcome) -> Option<Conclusion> {
    operation.map(|operation| Conclusion { operation: operation.clone(), outcome: outcome.clone() })
}

/// What became of a write: its outcome, or that of an earlier call with the same key; `None` where the record is not
/// as it was read, and the use case must look at it again. The rule that it breaks is told by `told`.
pub(super) fn settled(
    caller: &Caller,
    commit: Commit,
    ours: Outcome,
    told: impl FnOnce(Refused) -> Refusal,
) -> Result<Option<Outcome>, Refusal> {
    let outcome = match commit {
        Commit::Stored => ours,
        Commit::Repeated(outcome) => outcome,
        Commit::Refused(Refused::Changed) => return Ok(None),
        Commit::Refused(Refused::KeyReused) => return Err(key_reused().into()),
        Commit::Refused(refused) => return Err(told(refused)),
    };
    caller.set_committed();
    Ok(Some(outcome))
}
