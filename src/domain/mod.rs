//! The rules of the registry: holders, alias accounts, related parties and what may be written of them.
//! No I/O, no async, no keys.

pub mod alias_account;
pub mod banking;
pub mod countries;
pub mod create_alias_account;
pub mod create_holder;
pub mod fault;
pub mod filter;
pub mod guard;
pub mod holder;
pub mod ids;
pub mod link;
pub mod mask;
pub mod metadata;
pub mod normal;
pub mod onboard_holder;
pub mod patch;
pub mod related_party;
pub mod state;
pub mod target;
pub mod text;
pub mod time;
pub mod update_alias_account;
pub mod update_holder;

mod personal;

/// Gives a type that holds personal data a `Debug` that shows none of it.
macro_rules! redacted {
    ($name:ident $(<$of:ident>)?) => {
        impl $(<$of>)? std::fmt::Debug for $name $(<$of>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    };
}
pub(crate) use redacted;
