//! Filters. A condition that is null is told, never passed over: a forgotten variable must not list everyone.

use crate::domain::filter::{
    AliasAccountFilter as DomainAliasAccounts, HolderFilter as DomainHolders, MetadataFilter as DomainEntry,
    RelatedPartyFilter as DomainParty, TimeRange, listed,
};
use crate::domain::ids::{AccountId, LedgerId};
use crate::graphql::account_link::LinkStatus;
use crate::graphql::holder::HolderType;
use crate::graphql::order::RecordState;
use crate::graphql::related_party::RelatedPartyRole;
use crate::graphql::scalars::{DateTimeScalar, UuidScalar};
use crate::registry::TrailConditions;
use crate::registry::failure::Failure;
use async_graphql::{ID, InputObject, MaybeUndefined};

/// Which holders a list has. All given conditions hold together. A condition that is null or blank is BAD_USER_INPUT: leave it out instead.
#[derive(InputObject)]
pub(in crate::graphql) struct HolderFilter {
    /// Only holders with one of these ids, at most 100; an empty list matches nothing.
    ids: MaybeUndefined<Vec<ID>>,
    /// Your own id, exactly as it was written.
    external_id: MaybeUndefined<String>,
    /// The document in any writing: `913.150.260-15` and `91315026015` are one.
    document: MaybeUndefined<String>,
    /// Natural or legal persons only.
    #[graphql(name = "type")]
    holder_type: MaybeUndefined<HolderType>,
    /// Entries that the metadata must have, all of them; at most 10.
    metadata: MaybeUndefined<Vec<MetadataFilter>>,
    /// When it was created.
    created_at: MaybeUndefined<DateTimeRange>,
    /// Live holders, soft-deleted ones, or both.
    #[graphql(default_with = "Some(RecordState::Live)")]
    state: Option<RecordState>,
}

/// Which alias accounts a list has. All given conditions hold together. A condition that is null or blank is BAD_USER_INPUT: leave it out instead.
#[derive(InputObject)]
pub(in crate::graphql) struct AliasAccountFilter {
    /// Only alias accounts with one of these ids, at most 100; an empty list matches nothing.
    ids: MaybeUndefined<Vec<ID>>,
    /// Of this holder only.
    holder_id: MaybeUndefined<ID>,
    /// Of this ledger only.
    ledger_id: MaybeUndefined<UuidScalar>,
    /// Of this account only.
    account_id: MaybeUndefined<UuidScalar>,
    /// The holder's document in any writing.
    document: MaybeUndefined<String>,
    /// Branch of the banking details, exactly as it was written.
    banking_details_branch: MaybeUndefined<String>,
    /// Number of the bank account in any writing.
    banking_details_account: MaybeUndefined<String>,
    /// IBAN in any writing.
    banking_details_iban: MaybeUndefined<String>,
    /// The participant's document in any writing.
    participant_document: MaybeUndefined<String>,
    /// A related party. Role and document, where both are given, must match the same party.
    related_party: MaybeUndefined<RelatedPartyFilter>,
    /// What the last check against the ledger found.
    link_status: MaybeUndefined<LinkStatus>,
    /// Entries that the metadata must have, all of them; at most 10.
    metadata: MaybeUndefined<Vec<MetadataFilter>>,
    /// When it was created.
    created_at: MaybeUndefined<DateTimeRange>,
    /// Live alias accounts, soft-deleted ones, or both.
    #[graphql(default_with = "Some(RecordState::Live)")]
    state: Option<RecordState>,
}

/// Which entries of the audit trail a list has. All given conditions hold together. A condition that is null or blank is BAD_USER_INPUT: leave it out instead.
#[derive(InputObject)]
pub(in crate::graphql) struct AuditEntryFilter {
    /// Of this subject only, exactly as entries have it.
    subject: MaybeUndefined<String>,
    /// Of this record only, whether it still exists or not. Of more than 100 records an entry names the first.
    record_id: MaybeUndefined<ID>,
    /// Of this operation only, exactly as entries have it: `updateHolder`, `holder`.
    operation: MaybeUndefined<String>,
    /// What happened at this moment or later.
    from: MaybeUndefined<DateTimeScalar>,
    /// What happened before this moment, which must be later than `from`.
    to: MaybeUndefined<DateTimeScalar>,
}

/// A related party; at least one of both is given.
#[derive(InputObject)]
pub(in crate::graphql) struct RelatedPartyFilter {
    /// Its document in any writing.
    document: MaybeUndefined<String>,
    /// Its role.
    role: MaybeUndefined<RelatedPartyRole>,
}

/// One entry of the metadata: its key and exactly one of string, number and boolean.
#[derive(InputObject)]
pub(in crate::graphql) struct MetadataFilter {
    /// The entry's key.
    key: String,
    /// The entry is this text, letter by letter.
    string: MaybeUndefined<String>,
    /// The entry is this number, by value: 1 and 1.0 are one.
    number: MaybeUndefined<f64>,
    /// The entry is this boolean.
    boolean: MaybeUndefined<bool>,
}

/// A span of time, half-open: from ≤ t < to. At least one of both is given.
#[derive(InputObject)]
pub(in crate::graphql) struct DateTimeRange {
    /// This moment or later.
    from: MaybeUndefined<DateTimeScalar>,
    /// Before this moment.
    to: MaybeUndefined<DateTimeScalar>,
}

/// The names of the conditions that are null.
#[derive(Default)]
struct Nulls(Vec<String>);

impl Nulls {
    fn value<T>(&mut self, name: &str, field: MaybeUndefined<T>) -> Option<T> {
        if field.is_null() {
            self.0.push(format!("filter.{name}"));
        }
        field.take()
    }

    fn finish<T>(self, filter: T) -> Result<T, Failure> {
        if self.0.is_empty() {
            return Ok(filter);
        }
        let names = listed(&self.0, ", ");
        Err(Failure::BadUserInput(format!("null is no condition: leave out {names}, or give a value")))
    }

    fn ids(&mut self, ids: MaybeUndefined<Vec<ID>>) -> Option<Vec<String>> {
        self.value("ids", ids).map(|ids| ids.into_iter().map(|id| id.0).collect())
    }

    fn state(&mut self, state: Option<RecordState>) -> RecordState {
        state.unwrap_or_else(|| {
            self.0.push("filter.state".to_owned());
            RecordState::default()
        })
    }

    fn range(&mut self, range: MaybeUndefined<DateTimeRange>) -> Option<TimeRange> {
        let range = self.value("createdAt", range)?;
        Some(TimeRange {
            from: self.value("createdAt.from", range.from).map(|from| from.0),
            to: self.value("createdAt.to", range.to).map(|to| to.0),
        })
    }

    fn metadata(&mut self, entries: MaybeUndefined<Vec<MetadataFilter>>) -> Option<Vec<DomainEntry>> {
        let entries = self.value("metadata", entries)?.into_iter().enumerate();
        let read = entries.map(|(index, entry)| DomainEntry {
            key: entry.key,
            string: self.value(&format!("metadata.{index}.string"), entry.string),
            number: self.value(&format!("metadata.{index}.number"), entry.number),
            boolean: self.value(&format!("metadata.{index}.boolean"), entry.boolean),
        });
        Some(read.collect())
    }

    fn party(&mut self, party: MaybeUndefined<RelatedPartyFilter>) -> Option<DomainParty> {
        let party = self.value("relatedParty", party)?;
        Some(DomainParty {
            document: self.value("relatedParty.document", party.document),
            role: self.value("relatedParty.role", party.role).map(Into::into),
        })
    }
}

/// The filter of a list of holders; none at all lists all live ones.
pub(in crate::graphql) fn holders(filter: MaybeUndefined<HolderFilter>) -> Result<DomainHolders, Failure> {
    let Some(filter) = given(filter)? else { return Ok(DomainHolders::default()) };
    let mut nulls = Nulls::default();
    let read = DomainHolders {
        ids: nulls.ids(filter.ids),
        external_id: nulls.value("externalId", filter.external_id),
        document: nulls.value("document", filter.document),
        holder_type: nulls.value("type", filter.holder_type).map(Into::into),
        metadata: nulls.metadata(filter.metadata),
        created_at: nulls.range(filter.created_at),
        state: nulls.state(filter.state).into(),
    };
    nulls.finish(read)
}

/// The filter of a list of alias accounts; none at all lists all live ones.
pub(in crate::graphql) fn alias_accounts(
    filter: MaybeUndefined<AliasAccountFilter>,
) -> Result<DomainAliasAccounts, Failure> {
    let Some(filter) = given(filter)? else { return Ok(DomainAliasAccounts::default()) };
    let mut nulls = Nulls::default();
    let read = DomainAliasAccounts {
        ids: nulls.ids(filter.ids),
        holder_id: nulls.value("holderId", filter.holder_id).map(|id| id.0),
        ledger_id: nulls.value("ledgerId", filter.ledger_id).map(|id| LedgerId(id.0)),
        account_id: nulls.value("accountId", filter.account_id).map(|id| AccountId(id.0)),
        document: nulls.value("document", filter.document),
        branch: nulls.value("bankingDetailsBranch", filter.banking_details_branch),
        account: nulls.value("bankingDetailsAccount", filter.banking_details_account),
        iban: nulls.value("bankingDetailsIban", filter.banking_details_iban),
        participant_document: nulls.value("participantDocument", filter.participant_document),
        related_party: nulls.party(filter.related_party),
        link_status: nulls.value("linkStatus", filter.link_status).map(Into::into),
        metadata: nulls.metadata(filter.metadata),
        created_at: nulls.range(filter.created_at),
        state: nulls.state(filter.state).into(),
    };
    nulls.finish(read)
}

/// The filter of a list of entries of the audit trail; none at all lists all.
pub(in crate::graphql) fn audit_entries(
    filter: MaybeUndefined<AuditEntryFilter>,
) -> Result<TrailConditions, Failure> {
    let Some(filter) = given(filter)? else { return Ok(TrailConditions::default()) };
    let mut nulls = Nulls::default();
    let read = TrailConditions {
        subject: nulls.value("subject", filter.subject),
        record_id: nulls.value("recordId", filter.record_id).map(|id| id.0),
        operation: nulls.value("operation", filter.operation),
        from: nulls.value("from", filter.from).map(|from| from.0),
        to: nulls.value("to", filter.to).map(|to| to.0),
    };
    nulls.finish(read)
}

fn given<T>(filter: MaybeUndefined<T>) -> Result<Option<T>, Failure> {
    match filter {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Value(filter) => Ok(Some(filter)),
        MaybeUndefined::Null => {
            let message = "filter is null: leave it out to list all, or give conditions";
            Err(Failure::BadUserInput(message.to_owned()))
        }
    }
}
