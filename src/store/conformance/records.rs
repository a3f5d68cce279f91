//! Records for the cases: their protected part is made up, for a store knows nothing of keys.

use crate::domain::alias_account::{
    AccountLink, AliasAccount, BankingDetails, LinkStatus, RelatedParty, RelatedPartyRole,
};
use crate::domain::holder::{Holder, HolderType};
use crate::domain::ids::{AccountId, AliasAccountId, HolderId, LedgerId, OrganizationId, RelatedPartyId};
use crate::domain::metadata::{Metadata, MetadataValue};
use crate::domain::time::{Date, Timestamp};
use crate::registry::ports::audit::{Actor, EntryKind, EntryOutcome};
use crate::registry::ports::list::{Direction, PageRequest, Position, Sort, Take};
use crate::registry::ports::operation::{Conclusion, Fingerprint, Operation, OperationKey, Outcome};
use crate::registry::ports::record::{
    AuditEntry, Claim, Detail, KeyId, NewAliasAccount, NewHolder, Protected, Sealed, Token,
};
use uuid::Uuid;

/// When everything happens, unless a case says otherwise.
pub(crate) const NOW: Timestamp = Timestamp(1_763_925_185_042);

/// A new organization.
pub(crate) fn organization() -> OrganizationId {
    OrganizationId(Uuid::now_v7())
}

/// A claim by its name.
pub(crate) fn claim(name: &str) -> Claim {
    Claim(format!("document.1/1/{name}"))
}

/// A calendar day.
pub(crate) fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// A new holder that shares nothing with any other.
pub(crate) fn holder(organization: OrganizationId) -> NewHolder {
    let id = HolderId(Uuid::now_v7());
    NewHolder {
        clear: Holder {
            id,
            organization,
            holder_type: HolderType::NaturalPerson,
            external_id: Some("crm-17".to_owned()),
            metadata: Metadata([("tier".to_owned(), MetadataValue::Text("gold".to_owned()))].into()),
            created_at: NOW,
            updated_at: NOW,
            deleted_at: None,
        },
        protected: protected(claim(&id.to_string())),
        audit: vec![audit("createHolder")],
    }
}

/// A new holder that holds these claims.
pub(crate) fn holder_with(organization: OrganizationId, claims: &[&str]) -> NewHolder {
    let mut holder = holder(organization);
    holder.protected.claims = claims.iter().map(|name| claim(name)).collect();
    holder
}

/// A new alias account of that holder, to a ledger account of its own.
pub(crate) fn alias_account(holder: &NewHolder) -> NewAliasAccount {
    let (ledger_id, account_id) = (LedgerId(Uuid::now_v7()), AccountId(Uuid::now_v7()));
    NewAliasAccount {
        clear: AliasAccount {
            id: AliasAccountId(Uuid::now_v7()),
            organization: holder.clear.organization,
            holder_id: holder.clear.id,
            holder_type: holder.clear.holder_type,
            ledger_id,
            account_id,
            banking: Some(banking()),
            parties: vec![party(RelatedPartyRole::LegalRepresentative, Some("2027-01-31"))],
            link: AccountLink {
                status: LinkStatus::Verified,
                checked_at: Some(NOW.plus(-5)),
                detail: Some("the ledger names another holder id".to_owned()),
            },
            metadata: Metadata([("priority".to_owned(), MetadataValue::Boolean(true))].into()),
            created_at: NOW,
            updated_at: NOW,
            deleted_at: None,
        },
        protected: protected(Claim(format!("account/{ledger_id}/{account_id}"))),
        audit: vec![audit("createAliasAccount")],
    }
}

/// An alias account of that holder, to the ledger account of another one.
pub(crate) fn rival(of: &NewAliasAccount, holder: &NewHolder) -> NewAliasAccount {
    let mut rival = alias_account(holder);
    rival.clear.ledger_id = of.clear.ledger_id;
    rival.clear.account_id = of.clear.account_id;
    rival.protected.claims = of.protected.claims.clone();
    rival
}

/// Banking details with every field.
pub(crate) fn banking() -> BankingDetails {
    BankingDetails {
        branch: Some("0001".to_owned()),
        kind: Some("CACC".to_owned()),
        opening_date: Some(day("2020-02-29")),
        closing_date: Some(day("2031-12-31")),
        country_code: Some("BR".to_owned()),
        bank_id: Some("12345678".to_owned()),
    }
}

/// A related party.
pub(crate) fn party(role: RelatedPartyRole, end: Option<&str>) -> RelatedParty {
    RelatedParty {
        id: RelatedPartyId(Uuid::now_v7()),
        role,
        start_date: day("2024-01-01"),
        end_date: end.map(day),
    }
}

fn protected(claim: Claim) -> Protected {
    Protected {
        sealed: Sealed(vec![1, 0, 255, 7]),
        tokens: vec![
            Token(claim.0.clone()),
            Token(claim.0.clone()),
            Token("participantDocument.1/1/shared".to_owned()),
        ],
        claims: vec![claim],
        generations: vec![KeyId("1".to_owned()), KeyId("2026-b".to_owned())],
    }
}

/// An entry for the audit trail, with an id of its own.
pub(crate) fn audit(operation: &str) -> AuditEntry {
    AuditEntry {
        id: Uuid::now_v7(),
        at: NOW,
        actor: Actor::Person,
        subject: "acme/ana".to_owned(),
        kind: EntryKind::Change,
        operation: operation.to_owned(),
        records: Vec::new(),
        record_count: 0,
        fields: Vec::new(),
        outcome: EntryOutcome::Done,
        codes: Vec::new(),
        request_id: "req-1".to_owned(),
        client_address: None,
    }
}

/// An operation whose key is made of that number; it lives for a day.
pub(crate) fn operation(organization: OrganizationId, key: u8) -> Operation {
    Operation {
        organization,
        key: OperationKey([key; 32]),
        mutation: "createHolder".to_owned(),
        fingerprint: Fingerprint([7; 32]),
        at: NOW,
        expires_at: NOW.plus(86_400_000),
    }
}

/// The conclusion of that operation.
pub(crate) fn concluding(operation: &Operation, outcome: Outcome) -> Option<Conclusion> {
    Some(Conclusion { operation: operation.clone(), outcome })
}

/// What a call tells that wrote this holder.
pub(crate) fn wrote(holder: &NewHolder) -> Outcome {
    Outcome { holder: Some(holder.clear.id), ..Outcome::default() }
}

/// What a call tells that wrote this alias account.
pub(crate) fn linked(alias_account: &NewAliasAccount) -> Outcome {
    Outcome { alias_accounts: vec![alias_account.clear.id], ..Outcome::default() }
}

/// The first so many records in the order of creation, without their blobs.
pub(crate) fn page(size: usize, after: Option<Position>) -> PageRequest {
    PageRequest {
        sort: Sort::CreatedAt,
        direction: Direction::Ascending,
        after,
        before: None,
        take: Take::First,
        size,
        detail: Detail::Clear,
    }
}
