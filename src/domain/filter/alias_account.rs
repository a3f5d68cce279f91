//! The filter of a list of alias accounts.

use super::reading::{BadFilter, Reading};
use super::{Condition, Conditions, MetadataFilter, TimeRange};
use crate::domain::alias_account::{LinkStatus, RelatedPartyRole};
use crate::domain::ids::{AccountId, HolderId, LedgerId};
use crate::domain::redacted;
use crate::domain::state::State;
use crate::domain::text::{DOCUMENT_MAX, TEXT_MAX};

/// Which alias accounts a client asks for; `None` is a condition that was left out.
#[derive(Clone, Default)]
pub struct AliasAccountFilter {
    /// Only these.
    pub ids: Option<Vec<String>>,
    /// Of this holder.
    pub holder_id: Option<String>,
    /// In this ledger.
    pub ledger_id: Option<LedgerId>,
    /// Of this account.
    pub account_id: Option<AccountId>,
    /// The holder's document in any writing.
    pub document: Option<String>,
    /// Branch of the banking details.
    pub branch: Option<String>,
    /// Number of the bank account in any writing.
    pub account: Option<String>,
    /// IBAN in any writing.
    pub iban: Option<String>,
    /// The participant's document in any writing.
    pub participant_document: Option<String>,
    /// A related party.
    pub related_party: Option<RelatedPartyFilter>,
    /// What the last check against the ledger found.
    pub link_status: Option<LinkStatus>,
    /// Entries that it has, all of them.
    pub metadata: Option<Vec<MetadataFilter>>,
    /// When it was created.
    pub created_at: Option<TimeRange>,
    /// Live, soft-deleted or both.
    pub state: State,
}
redacted!(AliasAccountFilter);

/// A related party: where both are given, one and the same party has them.
#[derive(Clone, Default)]
pub struct RelatedPartyFilter {
    /// Its document in any writing.
    pub document: Option<String>,
    /// Its role.
    pub role: Option<RelatedPartyRole>,
}
redacted!(RelatedPartyFilter);

impl AliasAccountFilter {
    /// Reads all conditions.
    ///
    /// # Errors
    /// All of them that can be none.
    pub fn read(self) -> Result<Conditions, BadFilter> {
        let mut reading = Reading::default();
        reading.set(|conditions| conditions.state = self.state);
        reading.ids(self.ids);
        if let Some(id) = self.holder_id {
            match HolderId::parse(&id) {
                Some(id) => reading.hold(Some(Condition::Holder(id))),
                None => reading.fault("filter.holderId is no UUID: write it as 36 characters with dashes"),
            }
        }
        reading.hold(self.ledger_id.map(Condition::Ledger));
        reading.hold(self.account_id.map(Condition::Account));
        let document = reading.normalised("document", DOCUMENT_MAX, self.document);
        reading.hold(document.map(Condition::Document));
        let branch = reading.text("bankingDetailsBranch", TEXT_MAX, self.branch);
        reading.hold(branch.map(Condition::Branch));
        let account = reading.normalised("bankingDetailsAccount", TEXT_MAX, self.account);
        reading.hold(account.map(Condition::BankAccount));
        let iban = reading.normalised("bankingDetailsIban", TEXT_MAX, self.iban);
        reading.hold(iban.map(Condition::Iban));
        let participant = reading.normalised("participantDocument", DOCUMENT_MAX, self.participant_document);
        reading.hold(participant.map(Condition::ParticipantDocument));
        related_party(&mut reading, self.related_party);
        reading.hold(self.link_status.map(Condition::LinkStatus));
        reading.metadata(self.metadata);
        reading.created(self.created_at);
        reading.finish()
    }
}

fn related_party(reading: &mut Reading, party: Option<RelatedPartyFilter>) {
    let Some(RelatedPartyFilter { document, role }) = party else { return };
    if document.is_none() && role.is_none() {
        return reading.fault("filter.relatedParty is empty: leave it out, or give document, role or both");
    }
    let searched = document.is_some();
    let document = reading.normalised("relatedParty.document", DOCUMENT_MAX, document);
    reading.hold(match (document, role) {
        (Some(document), Some(role)) => Some(Condition::PartyAs(role, document)),
        (Some(document), None) => Some(Condition::Party(document)),
        (None, Some(role)) if !searched => Some(Condition::PartyRole(role)),
        (None, _) => None,
    });
}
