//! Creating a holder.

use super::Registry;
use super::caller::Caller;
use super::failure::Refusal;
use super::ports::access::{Action, Resource};
use super::ports::operation::Outcome;
use super::ports::record::{AuditEntry, Detail, HolderRecord, New};
use crate::domain::create_holder::{CheckedHolder, CreateHolder};
use crate::domain::fault::{Fault, FaultCode, FieldPath};
use crate::domain::holder::{Holder, HolderPersonal};
use crate::domain::ids::HolderId;

const MUTATION: &str = "createHolder";

impl Registry {
    /// Creates a holder and answers it as it was stored; `None` where a repeat finds it purged meanwhile.
    pub async fn create_holder(
        &self,
        caller: &Caller,
        input: CreateHolder,
        detail: Detail,
    ) -> Result<Option<HolderRecord>, Refusal> {
        caller.may(Resource::Holders, Action::Post).await?;
        let key = input.idempotency_key.clone();
        let (input, warnings) = input.checked(&self.rules.guard)?;
        self.tell(&warnings);
        let (operation, known) = self.begin(caller, MUTATION, key.as_deref(), &input).await?;
        let outcome = match known {
            Some(outcome) => outcome,
            None => {
                let (clear, personal) = self.new_holder(caller, input);
                let ours = Outcome { holder: Some(clear.id), ..Outcome::default() };
                let protected = self.vault.protect_holder(&clear, &personal)?;
                let audit = vec![self.audit_entry(caller, MUTATION)];
                let commit = caller
                    .within(self.store.create_holder(New { clear, protected, audit }, operation))
                    .await?;
                self.settled(caller, commit, ours, document_in_use())?
            }
        };
        self.stored_holder(caller, outcome.holder, detail).await
    }

    fn new_holder(&self, caller: &Caller, input: CheckedHolder) -> (Holder, HolderPersonal) {
        let (id, now) = self.mint.id();
        let clear = Holder {
            id: HolderId(id),
            organization: caller.organization,
            holder_type: input.holder_type,
            external_id: input.external_id,
            metadata: input.metadata,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        };
        (clear, input.personal)
    }

    /// The audit trail's line of a mutation.
    pub(super) fn audit_entry(&self, caller: &Caller, operation: &str) -> AuditEntry {
        AuditEntry {
            at: self.mint.now(),
            subject: caller.call.identity.subject.clone(),
            operation: operation.to_owned(),
            request_id: caller.call.request_id.clone(),
        }
    }
}

fn document_in_use() -> Fault {
    let message = "a live holder of this organization has this document: look it up with holderByDocument";
    Fault::new(FaultCode::DocumentInUse, FieldPath::input().field("document"), message)
}
