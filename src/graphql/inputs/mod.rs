//! The inputs of mutations, on their way to the domain's own types.

pub(super) mod alias_account;
pub(super) mod holder;
