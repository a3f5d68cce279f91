//! The inputs of mutations, on their way to the domain's own types.

pub(super) mod alias_account;
pub(super) mod banking;
pub(super) mod filter;
pub(super) mod holder;
pub(super) mod onboarding;
pub(super) mod person;
pub(super) mod related_party;
pub(super) mod target;

mod patch;

#[cfg(test)]
mod tests;
