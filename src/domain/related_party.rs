//! Related parties: what one must be like, and the inputs that attach, change and detach one.

use super::alias_account::{
    AliasAccount, AliasAccountPersonal, RelatedParty, RelatedPartyPersonal, RelatedPartyRole,
};
use super::fault::{Fault, FaultCode, Faults, FieldPath};
use super::ids::{AliasAccountId, RelatedPartyId};
use super::patch::Patch;
use super::personal::refuse_clear;
use super::redacted;
use super::target::read_id;
use super::text::{DOCUMENT_MAX, TEXT_MAX, check, check_idempotency_key, check_optional, check_searchable};
use super::time::Date;
use serde::Serialize;

/// Most related parties of one alias account.
pub const PARTIES_MAX: usize = 100;

/// An alias account after a change of its parties, or why it cannot be changed so.
type Merged = Result<(AliasAccount, AliasAccountPersonal), Vec<Fault>>;

/// A person to be attached.
#[derive(Clone, Serialize)]
pub struct RelatedPartyInput {
    /// Name and document.
    pub personal: RelatedPartyPersonal,
    /// What the person is to the account.
    pub role: RelatedPartyRole,
    /// First day.
    pub start_date: Date,
    /// Last day.
    pub end_date: Option<Date>,
}
redacted!(RelatedPartyInput);

impl RelatedPartyInput {
    /// Checks it at its place in a larger input.
    pub(super) fn check(&self, faults: &mut Faults, at: &FieldPath) {
        check(faults, &at.field("name"), &self.personal.name, TEXT_MAX);
        check_searchable(faults, &at.field("document"), &self.personal.document, DOCUMENT_MAX);
        check_days(faults, at, Some(self.start_date), self.end_date);
    }
}

fn check_days(faults: &mut Faults, at: &FieldPath, start: Option<Date>, end: Option<Date>) {
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        let message = "endDate is before startDate: give the same day or a later one";
        faults.push(FaultCode::RelatedPartyDates, at.field("endDate"), message);
    }
}

/// A person to be attached to one alias account.
#[derive(Clone)]
pub struct AddRelatedParty {
    /// The alias account's id as it was written.
    pub alias_account_id: String,
    /// The person.
    pub party: RelatedPartyInput,
    /// The version that the alias account must have.
    pub expected_version: Option<i32>,
    /// Makes a repeat of the call safe.
    pub idempotency_key: Option<String>,
}
redacted!(AddRelatedParty);

/// A person to be attached that has passed all rules that need no record.
#[derive(Clone, Serialize)]
pub struct CheckedAddParty {
    /// The alias account.
    pub alias_account_id: AliasAccountId,
    /// The version that it must have.
    pub expected_version: Option<i32>,
    party: RelatedPartyInput,
}
redacted!(CheckedAddParty);

impl AddRelatedParty {
    /// Checks everything that needs no record; all faults come together.
    pub fn checked(self) -> Result<CheckedAddParty, Vec<Fault>> {
        let mut faults = Faults::default();
        let at = FieldPath::input();
        check_idempotency_key(&mut faults, &at.field("idempotencyKey"), self.idempotency_key.as_deref());
        let id = read_alias_account_id(&mut faults, &at, &self.alias_account_id);
        self.party.check(&mut faults, &at.field("relatedParty"));
        let Self { party, expected_version, .. } = self;
        let read = id.map(|alias_account_id| CheckedAddParty { alias_account_id, expected_version, party });
        faults.finish_read(read).map(|(checked, _)| checked)
    }
}

impl CheckedAddParty {
    /// The alias account with the person as its last party, under this new id; times and version are the caller's
    /// affair.
    pub fn merged(
        &self,
        id: RelatedPartyId,
        clear: &AliasAccount,
        personal: &AliasAccountPersonal,
    ) -> Merged {
        if clear.parties.len() >= PARTIES_MAX {
            let message = format!("the alias account has {PARTIES_MAX} related parties: remove one first");
            let at = FieldPath::input().field("relatedParty");
            return Err(vec![Fault::new(FaultCode::TooLong, at, message)]);
        }
        let (mut clear, mut personal) = (clear.clone(), personal.clone());
        let RelatedPartyInput { personal: sealed, role, start_date, end_date } = self.party.clone();
        clear.parties.push(RelatedParty { id, role, start_date, end_date });
        personal.parties.insert(id, sealed);
        Ok((clear, personal))
    }
}

/// What a client wants to change of one party; the document never changes.
#[derive(Clone)]
pub struct UpdateRelatedParty {
    /// The alias account's id as it was written.
    pub alias_account_id: String,
    /// The party's id as it was written.
    pub id: String,
    /// Full name.
    pub name: Patch<String>,
    /// What the person is to the account.
    pub role: Patch<RelatedPartyRole>,
    /// First day.
    pub start_date: Patch<Date>,
    /// Last day.
    pub end_date: Patch<Date>,
    /// The version that the alias account must have.
    pub expected_version: Option<i32>,
    /// Makes a repeat of the call safe.
    pub idempotency_key: Option<String>,
}
redacted!(UpdateRelatedParty);

/// A change of one party that has passed all rules that need no record.
#[derive(Clone, Serialize)]
pub struct CheckedUpdateParty {
    /// The alias account.
    pub alias_account_id: AliasAccountId,
    /// The party.
    pub id: RelatedPartyId,
    /// The version that the alias account must have.
    pub expected_version: Option<i32>,
    name: Patch<String>,
    role: Patch<RelatedPartyRole>,
    start_date: Patch<Date>,
    end_date: Patch<Date>,
}
redacted!(CheckedUpdateParty);

impl UpdateRelatedParty {
    /// Checks everything that needs no record; all faults come together.
    pub fn checked(self) -> Result<CheckedUpdateParty, Vec<Fault>> {
        let mut faults = Faults::default();
        let at = FieldPath::input();
        check_idempotency_key(&mut faults, &at.field("idempotencyKey"), self.idempotency_key.as_deref());
        let alias_account_id = read_alias_account_id(&mut faults, &at, &self.alias_account_id);
        let id = read_id(&mut faults, at.field("id"), &self.id, RelatedPartyId::parse);
        refuse_clear(&mut faults, &at.field("name"), &self.name);
        check_optional(&mut faults, &at.field("name"), self.name.text(), TEXT_MAX);
        refuse_clear(&mut faults, &at.field("role"), &self.role);
        refuse_clear(&mut faults, &at.field("startDate"), &self.start_date);
        check_days(&mut faults, &at, self.start_date.given().copied(), self.end_date.given().copied());
        let Self { name, role, start_date, end_date, expected_version, .. } = self;
        let read = alias_account_id.zip(id).map(|(alias_account_id, id)| CheckedUpdateParty {
            alias_account_id,
            id,
            expected_version,
            name,
            role,
            start_date,
            end_date,
        });
        faults.finish_read(read).map(|(checked, _)| checked)
    }
}

impl CheckedUpdateParty {
    /// The alias account with the party changed; times and version are the caller's affair. The order of the two
    /// days is judged only where the change touches one: an imported record may be older than the rule.
    pub fn merged(&self, clear: &AliasAccount, personal: &AliasAccountPersonal) -> Merged {
        let (mut clear, mut personal) = (clear.clone(), personal.clone());
        let party = clear.parties.iter_mut().find(|party| party.id == self.id);
        let (Some(party), Some(sealed)) = (party, personal.parties.get_mut(&self.id)) else {
            return Err(vec![party_not_found()]);
        };
        if let Some(name) = self.name.given() {
            sealed.name.clone_from(name);
        }
        party.role = self.role.given().copied().unwrap_or(party.role);
        party.start_date = self.start_date.given().copied().unwrap_or(party.start_date);
        party.end_date = self.end_date.clone().onto(party.end_date);
        let mut faults = Faults::default();
        if !(self.start_date.keeps() && self.end_date.keeps()) {
            check_days(&mut faults, &FieldPath::input(), Some(party.start_date), party.end_date);
        }
        faults.finish((clear, personal)).map(|(merged, _)| merged)
    }
}

/// A party to be detached.
#[derive(Clone)]
pub struct RemoveRelatedParty {
    /// The alias account's id as it was written.
    pub alias_account_id: String,
    /// The party's id as it was written.
    pub id: String,
    /// The version that the alias account must have.
    pub expected_version: Option<i32>,
    /// Makes a repeat of the call safe.
    pub idempotency_key: Option<String>,
}

redacted!(RemoveRelatedParty);

/// A party to be detached, after all rules that need no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CheckedRemoveParty {
    /// The alias account.
    pub alias_account_id: AliasAccountId,
    /// The party.
    pub id: RelatedPartyId,
    /// The version that the alias account must have.
    pub expected_version: Option<i32>,
}

impl RemoveRelatedParty {
    /// Checks everything that needs no record; all faults come together.
    pub fn checked(self) -> Result<CheckedRemoveParty, Vec<Fault>> {
        let mut faults = Faults::default();
        let at = FieldPath::input();
        check_idempotency_key(&mut faults, &at.field("idempotencyKey"), self.idempotency_key.as_deref());
        let alias_account_id = read_alias_account_id(&mut faults, &at, &self.alias_account_id);
        let id = read_id(&mut faults, at.field("id"), &self.id, RelatedPartyId::parse);
        let expected_version = self.expected_version;
        let read = alias_account_id.zip(id).map(|(alias_account_id, id)| CheckedRemoveParty {
            alias_account_id,
            id,
            expected_version,
        });
        faults.finish_read(read).map(|(checked, _)| checked)
    }
}

impl CheckedRemoveParty {
    /// The alias account without the party; times and version are the caller's affair.
    pub fn merged(&self, clear: &AliasAccount, personal: &AliasAccountPersonal) -> Merged {
        let (mut clear, mut personal) = (clear.clone(), personal.clone());
        if !clear.parties.iter().any(|party| party.id == self.id) {
            return Err(vec![party_not_found()]);
        }
        clear.parties.retain(|party| party.id != self.id);
        personal.parties.remove(&self.id);
        Ok((clear, personal))
    }
}

fn read_alias_account_id(faults: &mut Faults, at: &FieldPath, text: &str) -> Option<AliasAccountId> {
    read_id(faults, at.field("aliasAccountId"), text, AliasAccountId::parse)
}

fn party_not_found() -> Fault {
    let message = "the alias account has no related party with this id";
    Fault::new(FaultCode::RelatedPartyNotFound, FieldPath::input().field("id"), message)
}

#[cfg(test)]
mod tests;
