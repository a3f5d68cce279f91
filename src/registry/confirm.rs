//! Asking the ledger whether accounts may be linked (rule 2).

use super::Registry;
use super::caller::Caller;
use super::failure::{Failure, Refusal};
use super::judge_links::NamedHolders;
use super::ports::ledger::{LedgerAccount, LedgerError};
use crate::domain::alias_account::AccountLink;
use crate::domain::fault::{Fault, FaultCode, FieldPath};
use crate::domain::ids::{AccountId, HolderId, LedgerId};

/// An account that shall be linked, and where a fault of its ledger or of itself is told.
pub(super) struct Wanted {
    pub(super) ledger: LedgerId,
    pub(super) account: AccountId,
    pub(super) ledger_field: FieldPath,
    pub(super) account_field: FieldPath,
}

/// What the ledger says of an account: it is there, or one of the two refusals that name what is missing.
type Told = Result<LedgerAccount, LedgerError>;

impl Registry {
    /// Asks the ledger in this very call and judges what it says of each account; all refusals come together. One
    /// account of which nothing is known is an outage for all.
    pub(super) async fn confirm(
        &self,
        caller: &Caller,
        holder: HolderId,
        wanted: &[Wanted],
    ) -> Result<Vec<AccountLink>, Refusal> {
        let accounts: Vec<_> = wanted.iter().map(|wanted| (wanted.ledger, wanted.account)).collect();
        let told = self.told_by_ledger(caller, &accounts).await?;
        let check = self.rules.holder_check;
        let there = told.iter().flatten().map(|account| (holder, account));
        let named = NamedHolders::read(&*self.store, caller.organization, check, there);
        let named = caller.within(named).await?;
        let (mut links, mut faults) = (Vec::with_capacity(told.len()), Vec::new());
        for (wanted, told) in wanted.iter().zip(&told) {
            match told {
                Ok(account) => match account.link(named.of(holder, account), check, self.mint.now()) {
                    Ok(link) => links.push(link),
                    Err((code, message)) => {
                        faults.push(Fault::new(code, wanted.account_field.clone(), message));
                    }
                },
                Err(error) => faults.push(missing(error, wanted)?),
            }
        }
        if faults.is_empty() { Ok(links) } else { Err(faults.into()) }
    }

    /// The ledger's answers, one for each account. What is neither an account nor a missing one is a failure.
    async fn told_by_ledger(
        &self,
        caller: &Caller,
        accounts: &[(LedgerId, AccountId)],
    ) -> Result<Vec<Told>, Failure> {
        caller
            .within(async {
                let told = self.ledger.accounts_to_link(&caller.call, caller.organization, accounts).await;
                told.into_iter()
                    .map(|told| match told {
                        Err(error @ (LedgerError::Forbidden | LedgerError::Unavailable(_))) => Err(error),
                        told => Ok(told),
                    })
                    .collect::<Result<Vec<Told>, LedgerError>>()
            })
            .await
    }
}

/// The fault of an account that the ledger says is not there.
fn missing(error: &LedgerError, wanted: &Wanted) -> Result<Fault, Failure> {
    match error {
        LedgerError::LedgerNotFound => {
            let message = "the ledger has no such ledger in this organization";
            Ok(Fault::new(FaultCode::LedgerNotFound, wanted.ledger_field.clone(), message))
        }
        LedgerError::AccountNotFound => {
            let message = "the ledger has no such account, or it is deleted there";
            Ok(Fault::new(FaultCode::LedgerAccountNotFound, wanted.account_field.clone(), message))
        }
        LedgerError::Forbidden | LedgerError::Unavailable(_) => Err(error.clone().into()),
    }
}
