//! The bodies of ledgers and accounts, with every member that the ledger sends.

use super::super::accounts::Account;
use super::super::identity::Organization;
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::domain::time::Timestamp;
use serde_json::{Value, json};

/// A ledger's body.
pub(super) fn ledger(organization: &Organization, created_at: Timestamp) -> Value {
    json!({
        "id": organization.ledger.id,
        "name": organization.ledger.name,
        "organizationId": organization.id,
        "status": { "code": "ACTIVE", "description": null },
        "metadata": {},
        "settings": {},
        "createdAt": created_at.to_string(),
        "updatedAt": created_at.to_string(),
        "deletedAt": null,
    })
}

/// An account's body. `holderId` is left out where there is none, as by a ledger that does not know it.
pub(super) fn account(
    organization: OrganizationId,
    ledger: LedgerId,
    id: AccountId,
    account: &Account,
) -> Value {
    let mut body = json!({
        "id": id,
        "name": account.name,
        "parentAccountId": null,
        "entityId": null,
        "assetCode": "BRL",
        "organizationId": organization,
        "ledgerId": ledger,
        "portfolioId": null,
        "segmentId": null,
        "status": { "code": "ACTIVE", "description": null },
        "alias": account.alias,
        "type": account.account_type,
        "blocked": account.blocked,
        "createdAt": account.created_at.to_string(),
        "updatedAt": account.updated_at.to_string(),
        "deletedAt": account.deleted_at.map(|at| at.to_string()),
        "metadata": {},
    });
    if let (Some(holder), Some(members)) = (&account.holder_id, body.as_object_mut()) {
        members.insert("holderId".to_owned(), json!(holder));
    }
    body
}
