//! Rule 9: the repeat of a call with the same idempotency key gives the first outcome again.

use super::Registry;
use super::failure::{Failure, Refusal};
use super::mutating::Mutating;
use super::ports::operation::{Begun, Conclusion, Operation, Outcome};
use super::ports::store::{Commit, Refused};
use super::refusals::key_reused;
use serde::Serialize;
use std::sync::Arc;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The operation of a mutation that carries a key.
pub(super) type Keyed = Option<Arc<Operation>>;

/// How long a key is remembered: 24 hours.
const KEY_LIFE_MS: i64 = 24 * 60 * 60 * 1_000;

impl Registry {
    /// Does the work of a mutation once for each key, however often it is called. `attempt` makes one try on the records
    /// as they are now and answers `None` where somebody else changed them meanwhile: then it is tried again, within the
    /// request's time, in its turn at the record that is contended.
    pub(super) async fn once<I, F, R>(
        &self,
        caller: &Mutating<'_>,
        mutation: &str,
        key: Option<&str>,
        input: &I,
        contended: Option<Uuid>,
        attempt: F,
    ) -> Result<Outcome, Refusal>
    where
        I: Serialize + Sync,
        F: Fn(Keyed) -> R,
        R: Future<Output = Result<Option<Outcome>, Refusal>>,
    {
        let operation = match key {
            Some(key) => Some(Arc::new(self.operation(caller, mutation, key, input)?)),
            None => None,
        };
        if let Some(operation) = &operation
            && let Some(outcome) = self.known(caller, operation).await?
        {
            return Ok(outcome);
        }
        let mut turn = None;
        loop {
            let end = attempt(operation.clone()).await;
            if let Some(outcome) = self.unless_repeated(caller, operation.as_deref(), end).await? {
                return Ok(outcome);
            }
            if let (Some(record), None) = (contended, &turn) {
                let turns = async { Ok::<_, Failure>(self.turns.at(record).await) };
                turn = Some(caller.within(turns).await?);
            }
        }
    }

    fn operation<I: Serialize>(
        &self,
        caller: &Mutating<'_>,
        mutation: &str,
        key: &str,
        input: &I,
    ) -> Result<Operation, Failure> {
        let input = Zeroizing::new(serde_json::to_vec(&(mutation, input)).map_err(|error| {
            // The category tells what went wrong; the message could quote a value.
            tracing::error!(category = ?error.classify(), "an input could not be written down");
            Failure::Internal
        })?);
        let (key, fingerprint) = self.vault.operation(caller.organization, key, &input);
        let at = self.mint.now();
        Ok(Operation {
            organization: caller.organization,
            key,
            mutation: mutation.to_owned(),
            fingerprint,
            at,
            expires_at: at.plus(KEY_LIFE_MS),
        })
    }

    /// The outcome of the call whose repeat this is, if it is one.
    async fn known(&self, caller: &Mutating<'_>, operation: &Operation) -> Result<Option<Outcome>, Refusal> {
        match caller.within(self.store.begin(operation)).await? {
            Begun::New => Ok(None),
            Begun::Repeated(outcome) => {
                caller.is_repeat(&outcome);
                Ok(Some(outcome))
            }
            Begun::KeyReused => Err(key_reused().into()),
        }
    }

    /// How a call ended that carries a key. Where it was refused, another call with its key may have been committed
    /// since it began, and what it met (another version, no live record) may be that one's work: then it is a repeat.
    async fn unless_repeated(
        &self,
        caller: &Mutating<'_>,
        operation: Option<&Operation>,
        end: Result<Option<Outcome>, Refusal>,
    ) -> Result<Option<Outcome>, Refusal> {
        let (Some(operation), Err(Refusal::Faults(_))) = (operation, &end) else { return end };
        match self.known(caller, operation).await? {
            None => end,
            repeated => Ok(repeated),
        }
    }

    /// Commits a call that had nothing to change.
    pub(super) async fn conclude(
        &self,
        caller: &Mutating<'_>,
        operation: &Keyed,
        outcome: Outcome,
    ) -> Result<Outcome, Refusal> {
        let Some(conclusion) = conclusion(operation, &outcome) else {
            caller.has_not_changed(&outcome);
            return Ok(outcome);
        };
        let commit = caller.within(self.store.conclude(conclusion)).await?;
        let is_new = commit == Commit::Stored;
        let ended = settled(caller, commit, outcome, |_| Failure::Internal.into())?;
        if let (true, Some(outcome)) = (is_new, &ended) {
            caller.has_not_changed(outcome);
        }
        ended.ok_or_else(|| Failure::Internal.into())
    }
}

/// An operation, if there is one, with its outcome.
pub(super) fn conclusion(operation: &Keyed, outcome: &Outcome) -> Option<Conclusion> {
    let operation = operation.as_deref()?.clone();
    Some(Conclusion { operation, outcome: outcome.clone() })
}

/// What became of a write: its outcome, or that of an earlier call with the same key; `None` where the record is not
/// as it was read, and the use case must look at it again. The rule that it breaks is told by `told`.
pub(super) fn settled(
    caller: &Mutating<'_>,
    commit: Commit,
    ours: Outcome,
    told: impl FnOnce(Refused) -> Refusal,
) -> Result<Option<Outcome>, Refusal> {
    let outcome = match commit {
        Commit::Stored => {
            caller.has_changed();
            ours
        }
        Commit::Repeated(outcome) => {
            caller.is_repeat(&outcome);
            outcome
        }
        Commit::Refused(Refused::Changed) => return Ok(None),
        Commit::Refused(Refused::KeyReused) => return Err(key_reused().into()),
        Commit::Refused(refused) => return Err(told(refused)),
    };
    caller.set_committed();
    Ok(Some(outcome))
}
