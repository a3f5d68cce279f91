//! Creating a holder.

use super::Registry;
use super::failure::{Failure, Refusal};
use super::mutating::{Mutating, records};
use super::operation::{Keyed, conclusion, settled};
use super::ports::access::{Action, Resource};
use super::ports::audit::EntryKind;
use super::ports::operation::Outcome;
use super::ports::record::{Detail, HolderRecord, New, NewHolder};
use super::refusals::taken;
use crate::domain::create_holder::{CheckedHolder, CreateHolder};
use crate::domain::fault::FieldPath;
use crate::domain::holder::Holder;
use crate::domain::ids::{HolderId, OrganizationId};

const MUTATION: &str = "createHolder";

impl Registry {
    /// Creates a holder and answers it as it was stored; `None` where a repeat finds it purged meanwhile.
    pub async fn create_holder(
        &self,
        caller: &Mutating<'_>,
        input: CreateHolder,
        detail: Detail,
    ) -> Result<Option<HolderRecord>, Refusal> {
        let work = async {
            caller.may(Resource::Holders, Action::Post).await?;
            let key = input.idempotency_key.clone();
            let (input, warnings) = input.checked(&self.rules.guard)?;
            self.tell(&warnings);
            let attempt = |operation| self.store_holder(caller, &input, operation);
            let once = self.once(caller, MUTATION, key.as_deref(), &input, None, attempt);
            let outcome = once.await?;
            self.stored_holder(caller, outcome.holder, detail).await
        };
        self.audited(caller, MUTATION, EntryKind::Change, work).await
    }

    async fn store_holder(
        &self,
        caller: &Mutating<'_>,
        input: &CheckedHolder,
        operation: Keyed,
    ) -> Result<Option<Outcome>, Refusal> {
        let mut holder = self.new_holder(caller.organization, input.clone())?;
        let ours = Outcome { holder: Some(holder.clear.id), ..Outcome::default() };
        holder.audit = self.audit(caller, MUTATION, records(&ours));
        let write = self.store.create_holder(holder, Vec::new(), conclusion(&operation, &ours));
        let commit = caller.within(write).await?;
        let input = FieldPath::input();
        settled(caller, commit, ours, |refused| taken(refused, input.field("document"), |_| input.clone()))
    }

    /// A holder to be inserted, with its id and times, and with no audit entry yet.
    pub(super) fn new_holder(
        &self,
        organization: OrganizationId,
        input: CheckedHolder,
    ) -> Result<NewHolder, Failure> {
        let (id, now) = self.mint.id();
        let clear = Holder {
            id: HolderId(id),
            organization,
            holder_type: input.holder_type,
            external_id: input.external_id,
            metadata: input.metadata,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        };
        let protected = self.vault.protect_holder(&clear, &input.personal)?;
        Ok(New { clear, protected, audit: Vec::new() })
    }
}
