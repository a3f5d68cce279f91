//! Linking one ledger account to a live holder.

use super::Registry;
use super::caller::Caller;
use super::failure::{Failure, Refusal};
use super::operation::holder_not_found;
use super::ports::access::{Action, Resource};
use super::ports::ledger::{LedgerAccount, LedgerError};
use super::ports::operation::{Operation, Outcome};
use super::ports::record::{AliasAccountRecord, Detail, HolderRecord, New};
use super::ports::store::State;
use crate::domain::alias_account::{AccountLink, AliasAccount, AliasAccountPersonal, RelatedParty};
use crate::domain::create_alias_account::{CheckedAliasAccount, CheckedLink, CreateAliasAccount};
use crate::domain::fault::{Fault, FaultCode, FieldPath};
use crate::domain::ids::{AliasAccountId, HolderId, RelatedPartyId};
use crate::domain::link::NamedHolder;
use crate::domain::related_party::RelatedPartyInput;

const MUTATION: &str = "createAliasAccount";

impl Registry {
    /// Links a ledger account to a holder and answers the alias account as it was stored; `None` where a repeat
    /// finds it gone meanwhile.
    pub async fn create_alias_account(
        &self,
        caller: &Caller,
        input: CreateAliasAccount,
        detail: Detail,
    ) -> Result<Option<AliasAccountRecord>, Refusal> {
        caller.may(Resource::Aliases, Action::Post).await?;
        let key = input.idempotency_key.clone();
        let (input, warnings) = input.checked(&self.rules.guard)?;
        self.tell(&warnings);
        let (operation, known) = self.begin(caller, MUTATION, key.as_deref(), &input).await?;
        let outcome = match known {
            Some(outcome) => outcome,
            None => {
                let holder = self.live_holder(caller, input.holder_id).await?;
                let link = self.confirm(caller, &input).await?;
                self.link(caller, &holder, input.alias_account, link, operation).await?
            }
        };
        self.stored_alias_account(caller, outcome.alias_accounts.first().copied(), detail).await
    }

    async fn live_holder(&self, caller: &Caller, id: HolderId) -> Result<HolderRecord, Refusal> {
        let found = self.one_holder(caller, id, State::Live, Detail::Sealed).await?;
        found.ok_or_else(|| holder_not_found().into())
    }

    /// Asks the ledger in this very call, and judges what it says.
    async fn confirm(&self, caller: &Caller, input: &CheckedLink) -> Result<AccountLink, Refusal> {
        let CheckedAliasAccount { ledger_id, account_id, .. } = &input.alias_account;
        let asked = self.ledger.account(&caller.call, caller.organization, *ledger_id, *account_id);
        let told = caller.within(async {
            match asked.await {
                Ok(account) => Ok(Ok(account)),
                Err(error) => missing(&error).map(Err).ok_or(error),
            }
        });
        let account = told.await??;
        let named = self.named_holder(caller, &account, input.holder_id).await?;
        account
            .link(named, self.rules.holder_check, self.mint.now())
            .map_err(|(code, message)| refused("accountId", code, message))
    }

    async fn named_holder(
        &self,
        caller: &Caller,
        account: &LedgerAccount,
        holder: HolderId,
    ) -> Result<NamedHolder, Failure> {
        let Some(other) = account.other_holder(holder, self.rules.holder_check) else {
            return Ok(NamedHolder::NoOther);
        };
        let Some(other) = HolderId::parse(other) else { return Ok(NamedHolder::Unknown) };
        let known = self.one_holder(caller, other, State::Any, Detail::Clear).await?.is_some();
        Ok(if known { NamedHolder::OtherOfOurs } else { NamedHolder::Unknown })
    }

    async fn link(
        &self,
        caller: &Caller,
        holder: &HolderRecord,
        input: CheckedAliasAccount,
        link: AccountLink,
        operation: Option<Operation>,
    ) -> Result<Outcome, Refusal> {
        let document = self.vault.open_holder(holder)?.document;
        let (clear, personal) = self.new_alias_account(holder, document, input, link);
        let ours = Outcome { alias_accounts: vec![clear.id], ..Outcome::default() };
        let protected = self.vault.protect_alias_account(&clear, &personal)?;
        let audit = vec![self.audit_entry(caller, MUTATION)];
        let commit = caller.within(self.store.link(New { clear, protected, audit }, operation)).await?;
        self.settled(caller, commit, ours, account_in_use())
    }

    fn new_alias_account(
        &self,
        holder: &HolderRecord,
        document: String,
        input: CheckedAliasAccount,
        link: AccountLink,
    ) -> (AliasAccount, AliasAccountPersonal) {
        let (id, now) = self.mint.id();
        let (parties, personal_parties) =
            input.parties.into_iter().map(|party| self.new_party(party)).unzip();
        let clear = AliasAccount {
            id: AliasAccountId(id),
            organization: holder.clear.organization,
            holder_id: holder.clear.id,
            holder_type: holder.clear.holder_type,
            ledger_id: input.ledger_id,
            account_id: input.account_id,
            banking: input.banking,
            parties,
            link,
            metadata: input.metadata,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        };
        (
            clear,
            AliasAccountPersonal {
                document,
                account: input.account,
                iban: input.iban,
                regulatory: input.regulatory,
                parties: personal_parties,
            },
        )
    }

    fn new_party(
        &self,
        party: RelatedPartyInput,
    ) -> (RelatedParty, (RelatedPartyId, crate::domain::alias_account::RelatedPartyPersonal)) {
        let id = RelatedPartyId(self.mint.id().0);
        let RelatedPartyInput { personal, role, start_date, end_date } = party;
        (RelatedParty { id, role, start_date, end_date }, (id, personal))
    }
}

/// The fault of an account that the ledger says is not there; `None` where the ledger says something else.
fn missing(error: &LedgerError) -> Option<Refusal> {
    match error {
        LedgerError::LedgerNotFound => {
            Some(refused("ledgerId", FaultCode::LedgerNotFound, "the ledger has no such ledger here"))
        }
        LedgerError::AccountNotFound => {
            let message = "the ledger has no such account, or it is deleted there";
            Some(refused("accountId", FaultCode::LedgerAccountNotFound, message))
        }
        LedgerError::Forbidden | LedgerError::Unavailable(_) => None,
    }
}

fn refused(field: &'static str, code: FaultCode, message: &str) -> Refusal {
    Fault::new(code, FieldPath::input().field(field), message).into()
}

fn account_in_use() -> Fault {
    let message = "a live alias account of this organization has this ledger account: look it up with \
                   aliasAccountByLedgerAccount";
    Fault::new(FaultCode::AccountInUse, FieldPath::input().field("accountId"), message)
}
