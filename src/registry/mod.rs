//! The use cases: the only place that orders "allowed? exists in the ledger? store it".

pub mod caller;
pub mod failure;
pub mod lists;
pub mod lookup_guard;
pub mod mint;
pub mod mutating;
pub mod ports;
pub mod release_watch;
pub mod revealed;
pub mod trail;

pub mod check;
pub mod copy;
pub mod links;
pub mod turns;

mod confirm;
mod create_alias_account;
mod create_holder;
mod delete_alias_account;
mod delete_holder;
mod edit_alias_account;
mod judge_links;
mod onboard_holder;
mod operation;
mod personal_data;
mod read_alias_accounts;
mod read_entities;
mod read_holders;
mod read_node;
mod read_trail;
mod reading;
mod refusals;
mod related_parties;
mod restore_alias_account;
mod restore_holder;
mod update_alias_account;
mod update_holder;
mod verify_alias_account;
mod weight;

pub use onboard_holder::Onboarded;
pub use read_entities::{Entities, EntityKey, Found};
pub use read_trail::{TrailConditions, TrailEntry, TrailList, TrailSlice};
pub use related_parties::EditedParty;

use crate::domain::fault::Fault;
use crate::domain::guard::Guard;
use crate::domain::link::HolderCheck;
use crate::telemetry::metrics::GUARD_WARNINGS;
use lookup_guard::LookupGuard;
use mint::Mint;
use ports::access::AccessManager;
use ports::audit::{AuditLog, AuditStore};
use ports::ledger::Ledger;
use ports::link_walk::LinkWalks;
use ports::store::Store;
use ports::vault::Vault;
use std::sync::Arc;
use turns::Turns;

/// The rules that an operator may set.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// What may be stored in clear.
    pub guard: Guard,
    /// How strictly the ledger's own holder is compared.
    pub holder_check: HolderCheck,
    /// Whether personal data in clear needs a permission of its own.
    pub guards_personal_data: bool,
}

/// All use cases, over the ports that they need.
pub struct Registry {
    /// Where records live.
    pub store: Arc<dyn Store>,
    /// The same store, for walking over all links.
    pub walks: Arc<dyn LinkWalks>,
    /// What is made with keys.
    pub vault: Arc<dyn Vault>,
    /// Who may do what.
    pub access: Arc<dyn AccessManager>,
    /// Which accounts exist.
    pub ledger: Arc<dyn Ledger>,
    /// What the operator has set.
    pub rules: Rules,
    /// Ids and times.
    pub mint: Mint,
    /// Who goes on first where many change one record.
    pub turns: Turns,
    /// What the audit trail is told beside changes.
    pub audit: Arc<dyn AuditLog>,
    /// Where the audit trail is read.
    pub trail: Arc<dyn AuditStore>,
    /// How many look-ups by a sealed value may find nobody.
    pub lookups: Arc<LookupGuard>,
}

impl Registry {
    /// Tells the operator what `METADATA_GUARD=warn` let through: the rule and the top field, never a key or value.
    fn tell(&self, warnings: &[Fault]) {
        for warning in warnings {
            let field = warning.field.steps().into_iter().nth(1).unwrap_or_default();
            tracing::warn!(field, "METADATA_GUARD=warn let through what looks like personal data");
            metrics::counter!(GUARD_WARNINGS).increment(1);
        }
    }
}
