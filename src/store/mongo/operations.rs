//! Operations: what makes a repeat give the first outcome again (rule 9). See the module's documentation for the
//! protocol.

use super::budget::Budget;
use super::database::Collections;
use super::names::{
    ATTEMPT, COLLECTION, EXPIRES_AT, FINGERPRINT, LEASE, MUTATION, OPERATION, ORGANIZATION, OUTCOME, RECORD,
    REMOVE_AT, STATE, UNSETTLED,
};
use super::standing::{Slot, Target};
use super::steps;
use super::trouble::Trouble;
use super::values::{Fields, Wrong, bytes, date, json, uuid};
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::operation::{Begun, Conclusion, Operation, Outcome};
use crate::registry::ports::store::{Commit, Refused, StoreError};
use mongodb::action::FindOne;
use mongodb::bson::{Document, doc};
use uuid::Uuid;

/// Its caller is at work.
pub(super) const PENDING: &str = "pending";
/// Somebody else is about to find out whether its record was written; its caller must not write it any more.
pub(super) const FENCED: &str = "fenced";
/// Its record was written.
pub(super) const COMMITTED: &str = "committed";

/// An operation stays in the database for so long after its key is free: clocks of several machines differ.
const KEPT_LONGER_MS: i64 = 60 * 60 * 1_000;

/// The record whose write decides an operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject {
    pub(super) collection: &'static str,
    pub(super) target: Target,
}

/// An operation as the database has it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) slot: Slot,
    pub(super) state: String,
    pub(super) collection: String,
    pub(super) target: Option<Target>,
    mutation: String,
    fingerprint: Vec<u8>,
    outcome: Outcome,
    lease: Option<Timestamp>,
    expires_at: Timestamp,
}

impl Known {
    pub(super) fn read(document: &Document) -> Result<Self, Wrong> {
        let fields = Fields(document);
        let organization = OrganizationId(fields.uuid(ORGANIZATION)?);
        Ok(Self {
            slot: Slot { id: fields.bytes("_id")?.to_vec(), attempt: fields.uuid(ATTEMPT)? },
            state: fields.text(STATE)?.to_owned(),
            collection: fields.maybe(COLLECTION, Fields::text)?.unwrap_or_default().to_owned(),
            target: fields.maybe(RECORD, Fields::uuid)?.map(|id| Target { organization, id }),
            mutation: fields.text(MUTATION)?.to_owned(),
            fingerprint: fields.bytes(FINGERPRINT)?.to_vec(),
            outcome: fields.json(OUTCOME)?,
            lease: fields.maybe(LEASE, Fields::date)?,
            expires_at: fields.date(EXPIRES_AT)?,
        })
    }

    fn is_of(&self, operation: &Operation) -> bool {
        self.mutation == operation.mutation && self.fingerprint == operation.fingerprint.0
    }
}

/// Whether the work of an operation may begin.
enum Start {
    Go(Slot),
    Known(Begun),
}

/// The `_id` of an operation: its organization's bytes, then those of its key.
fn id(operation: &Operation) -> Vec<u8> {
    [operation.organization.as_bytes().as_slice(), operation.key.0.as_slice()].concat()
}

/// Its document at the beginning, without an attempt.
fn document(conclusion: &Conclusion, state: &str) -> Result<Document, Wrong> {
    let Conclusion { operation, outcome } = conclusion;
    let life = operation.expires_at.0.saturating_sub(operation.at.0);
    Ok(doc! {
        "_id": bytes(&id(operation)),
        ORGANIZATION: uuid(operation.organization.0),
        STATE: state,
        MUTATION: &operation.mutation,
        FINGERPRINT: bytes(&operation.fingerprint.0),
        OUTCOME: json(OUTCOME, outcome)?,
        EXPIRES_AT: date(operation.expires_at),
        REMOVE_AT: date(Timestamp::now().plus(life).plus(KEPT_LONGER_MS)),
    })
}

impl Collections {
    /// What is known of an operation at its own time; one that nobody finished in time is decided first.
    pub(super) async fn begun(&self, budget: &Budget, operation: &Operation) -> Result<Begun, StoreError> {
        loop {
            let Some(known) = self.operation(budget, operation.organization, &id(operation)).await? else {
                return Ok(Begun::New);
            };
            if let Some(begun) = self.judge(budget, &known, operation).await? {
                return Ok(begun);
            }
        }
    }

    /// What an operation that is known means for another call; `None` where it must be looked at again.
    async fn judge(
        &self,
        budget: &Budget,
        known: &Known,
        operation: &Operation,
    ) -> Result<Option<Begun>, StoreError> {
        if known.state == COMMITTED {
            return Ok(Some(match known {
                known if known.expires_at <= operation.at => Begun::New,
                known if known.is_of(operation) => Begun::Repeated(known.outcome.clone()),
                _ => Begun::KeyReused,
            }));
        }
        if known.lease.is_none_or(|until| until < Timestamp::now()) {
            self.decide(budget, known).await?;
        } else if known.is_of(operation) {
            budget.wait_for("another call with the same idempotency key").await?;
        } else {
            return Ok(Some(Begun::KeyReused));
        }
        Ok(None)
    }

    /// An operation by its id.
    pub(super) async fn operation(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        id: &[u8],
    ) -> Result<Option<Known>, StoreError> {
        let found = budget.again(|| self.look_for(organization, id)).await?;
        Ok(found.as_ref().map(Known::read).transpose()?)
    }

    fn look_for(&self, organization: OrganizationId, id: &[u8]) -> FindOne<'_, Document> {
        self.operations.find_one(doc! { ORGANIZATION: uuid(organization.0), "_id": bytes(id) })
    }

    /// Does the work of a call once for its key: `work` is given what the record's deciding write must carry.
    pub(super) async fn keyed<F, R>(
        &self,
        budget: &Budget,
        conclusion: Option<&Conclusion>,
        subject: Subject,
        work: F,
    ) -> Result<Commit, StoreError>
    where
        F: FnOnce(Option<Slot>) -> R,
        R: Future<Output = Result<Commit, StoreError>>,
    {
        let Some(conclusion) = conclusion else { return work(None).await };
        let slot = match self.start(budget, conclusion, subject).await? {
            Start::Go(slot) => slot,
            Start::Known(known) => return Ok(told(known)),
        };
        steps::at("operation: begun").await;
        let end = work(Some(slot.clone())).await;
        match &end {
            Ok(Commit::Stored) => {
                steps::at("operation: written").await;
                // It is decided: what is left to do here, others do as well.
                if let Err(error) = self.finish(budget, subject.collection, &subject.target, &slot).await {
                    tracing::warn!(%error, "an operation is committed by whoever meets it");
                }
            }
            Ok(_) => self.forget(budget, subject.target.organization, &slot).await?,
            // Whether the record was written is not known; once the lease is over, whoever meets it finds out.
            Err(_) => {}
        }
        end
    }

    /// Commits an operation that has nothing else to write.
    pub(super) async fn concluded(
        &self,
        budget: &Budget,
        conclusion: &Conclusion,
    ) -> Result<Commit, StoreError> {
        let document = document(conclusion, COMMITTED)?;
        Ok(match self.put_operation(budget, conclusion, document).await? {
            Start::Go(_) => Commit::Stored,
            Start::Known(known) => told(known),
        })
    }

    async fn start(
        &self,
        budget: &Budget,
        conclusion: &Conclusion,
        subject: Subject,
    ) -> Result<Start, StoreError> {
        let mut document = document(conclusion, PENDING)?;
        document.insert(COLLECTION, subject.collection);
        document.insert(RECORD, uuid(subject.target.id));
        document.insert(LEASE, self.lease());
        self.put_operation(budget, conclusion, document).await
    }

    /// Puts an operation where none is, or an expired one. Each try is an attempt of its own: one that is carried out
    /// late, after another was decided and forgotten, is not taken for it.
    async fn put_operation(
        &self,
        budget: &Budget,
        conclusion: &Conclusion,
        mut document: Document,
    ) -> Result<Start, StoreError> {
        let operation = &conclusion.operation;
        let organization = operation.organization;
        let mut ours = Vec::new();
        loop {
            let attempt = Uuid::new_v4();
            ours.push(attempt);
            document.insert(ATTEMPT, uuid(attempt));
            if document.contains_key(LEASE) {
                document.insert(LEASE, self.lease());
            }
            match budget.run(self.operations.insert_one(&document)).await {
                Ok(_) => return Ok(Start::Go(Slot { id: id(operation), attempt })),
                Err(Trouble::Duplicate) => {}
                Err(trouble) => {
                    budget.outlast(trouble).await?;
                    continue;
                }
            }
            let Some(known) = self.operation(budget, organization, &id(operation)).await? else { continue };
            if ours.contains(&known.slot.attempt) {
                return Ok(Start::Go(known.slot));
            }
            match self.judge(budget, &known, operation).await? {
                None => {}
                Some(Begun::New) => {
                    self.replace_expired(budget, organization, &known.slot, &document).await?
                }
                Some(known) => return Ok(Start::Known(known)),
            }
        }
    }

    /// Puts an operation in the place of an expired one, if that is still there. Whoever calls looks whose it is.
    async fn replace_expired(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        expired: &Slot,
        document: &Document,
    ) -> Result<(), StoreError> {
        let expired = doc! {
            ORGANIZATION: uuid(organization.0), "_id": bytes(&expired.id), ATTEMPT: uuid(expired.attempt),
        };
        budget.again(|| self.operations.replace_one(expired.clone(), document)).await?;
        Ok(())
    }

    /// Whether a call may still write its record: nobody has begun to decide without it.
    pub(super) async fn still_ours(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        slot: Option<&Slot>,
    ) -> Result<bool, StoreError> {
        let Some(slot) = slot else { return Ok(true) };
        // Somebody may have fenced it and looked at the record just now, so it must be known as it is at this moment.
        let find = || self.freshly(self.look_for(organization, &slot.id));
        let known = budget.again(find).await?.as_ref().map(Known::read).transpose()?;
        Ok(known.is_some_and(|known| known.slot == *slot && known.state == PENDING))
    }

    /// The record carries the operation: commits it, then takes it from the record.
    pub(super) async fn finish(
        &self,
        budget: &Budget,
        collection: &str,
        target: &Target,
        slot: &Slot,
    ) -> Result<(), StoreError> {
        let undecided = doc! {
            ORGANIZATION: uuid(target.organization.0), "_id": bytes(&slot.id), ATTEMPT: uuid(slot.attempt),
            STATE: { "$in": [PENDING, FENCED] },
        };
        let commit =
            doc! { "$set": { STATE: COMMITTED }, "$unset": { LEASE: "", RECORD: "", COLLECTION: "" } };
        budget.again(|| self.operations.update_one(undecided.clone(), commit.clone())).await?;
        steps::at("operation: committed").await;
        let mut carries = target.filter();
        carries.insert(format!("{OPERATION}.{ATTEMPT}"), uuid(slot.attempt));
        let release = doc! { "$unset": { OPERATION: "", UNSETTLED: "" } };
        budget.again(|| self.named(collection).update_one(carries.clone(), release.clone())).await?;
        Ok(())
    }

    /// Nothing was written: its key is free.
    pub(super) async fn forget(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        slot: &Slot,
    ) -> Result<(), StoreError> {
        let undecided = doc! {
            ORGANIZATION: uuid(organization.0), "_id": bytes(&slot.id), ATTEMPT: uuid(slot.attempt),
            STATE: { "$in": [PENDING, FENCED] },
        };
        budget.again(|| self.operations.delete_one(undecided.clone())).await?;
        Ok(())
    }

    /// Whether the database can be read and written.
    pub(super) async fn ready(&self, budget: &Budget) -> Result<(), StoreError> {
        budget.run(self.key_checks.find_one(doc! {}).projection(doc! { "_id": 1 })).await?;
        // A write that finds nothing to change.
        let nothing = doc! { "_id": "", STATE: "" };
        budget.run(self.key_checks.update_one(nothing, doc! { "$set": { STATE: "" } })).await?;
        Ok(())
    }

    /// Remembers a value under an id of its own, or returns the one that was first.
    pub(super) async fn remember(
        &self,
        budget: &Budget,
        id: &str,
        value: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let document = doc! { "_id": id, "value": bytes(value) };
        match budget.again(|| self.key_checks.insert_one(&document)).await {
            Ok(_) => return Ok(value.to_vec()),
            Err(Trouble::Duplicate) => {}
            Err(trouble) => return Err(trouble.into()),
        }
        let found = budget.again(|| self.key_checks.find_one(doc! { "_id": id })).await?;
        let found = found.ok_or_else(|| StoreError::Damaged("a key check went away".to_owned()))?;
        Ok(Fields(&found).bytes("value")?.to_vec())
    }
}

fn told(known: Begun) -> Commit {
    match known {
        Begun::Repeated(outcome) => Commit::Repeated(outcome),
        Begun::KeyReused | Begun::New => Commit::Refused(Refused::KeyReused),
    }
}
