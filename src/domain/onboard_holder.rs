//! The input that creates a holder together with its alias accounts, and what it must be like.

use super::create_alias_account::{AliasAccountInput, CheckedAliasAccount};
use super::create_holder::{CheckedHolder, CreateHolder};
use super::fault::{Fault, FaultCode, Faults, FieldPath};
use super::guard::Guard;
use super::redacted;
use super::text::check_idempotency_key;
use serde::Serialize;
use std::collections::HashSet;

/// Most alias accounts of one onboarding.
pub const ALIAS_ACCOUNTS_MAX: usize = 100;

/// A holder and its alias accounts as a client wants them.
#[derive(Clone)]
pub struct OnboardHolder {
    /// The holder. A key of its own is not looked at here.
    pub holder: CreateHolder,
    /// Its alias accounts.
    pub alias_accounts: Vec<AliasAccountInput>,
    /// Makes a repeat of the call safe.
    pub idempotency_key: Option<String>,
}
redacted!(OnboardHolder);

/// An onboarding that has passed all rules.
#[derive(Clone, Serialize)]
pub struct CheckedOnboarding {
    /// The holder.
    pub holder: CheckedHolder,
    /// Its alias accounts; no two are of the same ledger account.
    pub alias_accounts: Vec<CheckedAliasAccount>,
}
redacted!(CheckedOnboarding);

impl OnboardHolder {
    /// Checks everything that needs no record and no ledger; all faults come together. What the guard let through
    /// in its mode `warn` comes beside the value.
    pub fn checked(self, guard: &Guard) -> Result<(CheckedOnboarding, Vec<Fault>), Vec<Fault>> {
        let mut faults = Faults::default();
        let at = FieldPath::input();
        check_idempotency_key(&mut faults, &at.field("idempotencyKey"), self.idempotency_key.as_deref());
        let holder = self.holder.check_at(&mut faults, &at.field("holder"), guard);
        let alias_accounts =
            check_alias_accounts(&mut faults, &at.field("aliasAccounts"), guard, self.alias_accounts);
        faults.finish(CheckedOnboarding { holder, alias_accounts })
    }
}

fn check_alias_accounts(
    faults: &mut Faults,
    at: &FieldPath,
    guard: &Guard,
    inputs: Vec<AliasAccountInput>,
) -> Vec<CheckedAliasAccount> {
    if inputs.len() > ALIAS_ACCOUNTS_MAX {
        let message =
            format!("{} alias accounts are given: at most {ALIAS_ACCOUNTS_MAX} are taken", inputs.len());
        faults.push(FaultCode::TooLong, at.clone(), message);
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let check = |(index, input): (usize, AliasAccountInput)| {
        let at = at.index(index);
        if !seen.insert((input.ledger_id, input.account_id)) {
            let message = "an alias account before this one has the same ledger account: give each once";
            faults.push(FaultCode::AccountInUse, at.field("accountId"), message);
        }
        input.check_at(faults, &at, guard)
    };
    inputs.into_iter().enumerate().map(check).collect()
}

#[cfg(test)]
mod tests;
