//! Linking one ledger account to a live holder.

use super::Registry;
use super::confirm::Wanted;
use super::failure::{Failure, Refusal};
use super::mutating::{Mutating, records};
use super::operation::{Keyed, conclusion, settled};
use super::ports::access::{Action, Resource};
use super::ports::audit::{AuditedRecord, EntryKind};
use super::ports::list::State;
use super::ports::operation::Outcome;
use super::ports::record::{AliasAccountRecord, Detail, New, NewAliasAccount};
use super::ports::store::Refused;
use super::refusals::{account_in_use, holder_not_found};
use crate::domain::alias_account::{
    AccountLink, AliasAccount, AliasAccountPersonal, RelatedParty, RelatedPartyPersonal,
};
use crate::domain::create_alias_account::{CheckedAliasAccount, CheckedLink, CreateAliasAccount};
use crate::domain::fault::FieldPath;
use crate::domain::holder::Holder;
use crate::domain::ids::{AliasAccountId, RelatedPartyId};
use crate::domain::related_party::RelatedPartyInput;

const MUTATION: &str = "createAliasAccount";

impl Registry {
    /// Links a ledger account to a holder and answers the alias account as it was stored; `None` where a repeat
    /// finds it purged meanwhile.
    pub async fn create_alias_account(
        &self,
        caller: &Mutating<'_>,
        input: CreateAliasAccount,
        detail: Detail,
    ) -> Result<Option<AliasAccountRecord>, Refusal> {
        let work = async {
            caller.may(Resource::Aliases, Action::Post).await?;
            let key = input.idempotency_key.clone();
            let (input, warnings) = input.checked(&self.rules.guard)?;
            self.tell(&warnings);
            let attempt = |operation| self.link(caller, &input, operation);
            let once = self.once(caller, MUTATION, key.as_deref(), &input, Some(input.holder_id.0), attempt);
            let outcome = once.await?;
            self.stored_alias_account(caller, outcome.alias_accounts.first().copied(), detail).await
        };
        self.audited(caller, MUTATION, EntryKind::Change, work).await
    }

    async fn link(
        &self,
        caller: &Mutating<'_>,
        input: &CheckedLink,
        operation: Keyed,
    ) -> Result<Option<Outcome>, Refusal> {
        let CheckedLink { holder_id, alias_account } = input.clone();
        let holder = self.one_holder(caller, holder_id, State::Live, Detail::Sealed).await?;
        let holder = holder.ok_or_else(|| holder_not_found("holderId"))?;
        let wanted = wanted(&alias_account, &FieldPath::input());
        let links = self.confirm(caller, holder_id, &[wanted]).await?;
        let link = links.into_iter().next().ok_or(Failure::Internal)?;
        let document = self.vault.open_holder(&holder)?.document;
        let mut new = self.new_alias_account(&holder.clear, document, alias_account, link)?;
        let ours = Outcome { alias_accounts: vec![new.clear.id], ..Outcome::default() };
        let both = records(&ours).chain([AuditedRecord::Holder(holder_id)]);
        new.audit = self.audit(caller, MUTATION, both);
        let commit = caller.within(self.store.link(new, conclusion(&operation, &ours))).await?;
        settled(caller, commit, ours, |refused| match refused {
            Refused::HolderNotLive => holder_not_found("holderId").into(),
            Refused::Taken(_) => account_in_use(FieldPath::input().field("accountId")).into(),
            _ => Failure::Internal.into(),
        })
    }

    /// An alias account to be inserted, with its id and times, and with no audit entry yet.
    pub(super) fn new_alias_account(
        &self,
        holder: &Holder,
        document: String,
        input: CheckedAliasAccount,
        link: AccountLink,
    ) -> Result<NewAliasAccount, Failure> {
        let (id, now) = self.mint.id();
        let CheckedAliasAccount { ledger_id, account_id, banking, account, iban, regulatory, .. } = input;
        let (parties, personal_parties) =
            input.parties.into_iter().map(|party| self.new_party(party)).unzip();
        let clear = AliasAccount {
            id: AliasAccountId(id),
            organization: holder.organization,
            holder_id: holder.id,
            holder_type: holder.holder_type,
            ledger_id,
            account_id,
            banking,
            parties,
            link,
            metadata: input.metadata,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        };
        let personal =
            AliasAccountPersonal { document, account, iban, regulatory, parties: personal_parties };
        let protected = self.vault.protect_alias_account(&clear, &personal)?;
        Ok(New { clear, protected, audit: Vec::new() })
    }

    fn new_party(&self, party: RelatedPartyInput) -> (RelatedParty, (RelatedPartyId, RelatedPartyPersonal)) {
        let id = RelatedPartyId(self.mint.id().0);
        let RelatedPartyInput { personal, role, start_date, end_date } = party;
        (RelatedParty { id, role, start_date, end_date }, (id, personal))
    }
}

/// The account that an input names, with the fields at which the ledger's refusals are told.
pub(super) fn wanted(input: &CheckedAliasAccount, at: &FieldPath) -> Wanted {
    Wanted {
        ledger: input.ledger_id,
        account: input.account_id,
        ledger_field: at.field("ledgerId"),
        account_field: at.field("accountId"),
    }
}
