//! Faults of an input: what a caller can mend, each at its field.

use std::borrow::Cow;

/// What is wrong; the API answers it as `UserErrorCode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultCode {
    /// The value can be none of its kind.
    InvalidValue,
    /// A required value is missing.
    Required,
    /// More characters or entries than the limit.
    TooLong,
    /// No such live holder.
    HolderNotFound,
    /// The holder has live alias accounts.
    HolderHasAliasAccounts,
    /// Another live holder has the document.
    DocumentInUse,
    /// No such live alias account.
    AliasAccountNotFound,
    /// Another live alias account has the ledger account.
    AccountInUse,
    /// The ledger is not in this organization.
    LedgerNotFound,
    /// The account is not in that ledger, or deleted there.
    LedgerAccountNotFound,
    /// The account is blocked in the ledger.
    LedgerAccountBlocked,
    /// The account is of type `external`.
    LedgerAccountExternal,
    /// The ledger says that the account is another holder's.
    LedgerAccountHolderMismatch,
    /// The alias account has no such related party.
    RelatedPartyNotFound,
    /// A related party's last day is before its first.
    RelatedPartyDates,
    /// A bank account's closing is before its opening.
    ClosingDateBeforeOpeningDate,
    /// A metadata entry that cannot be one.
    MetadataInvalid,
    /// Something in clear that looks like personal data.
    MetadataSensitive,
    /// The record has another version than the caller expects.
    VersionConflict,
    /// The idempotency key belongs to another call.
    IdempotencyKeyReused,
    /// What shall be restored is not deleted.
    NotDeleted,
}

impl FaultCode {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidValue => "INVALID_VALUE",
            Self::Required => "REQUIRED",
            Self::TooLong => "TOO_LONG",
            Self::HolderNotFound => "HOLDER_NOT_FOUND",
            Self::HolderHasAliasAccounts => "HOLDER_HAS_ALIAS_ACCOUNTS",
            Self::DocumentInUse => "DOCUMENT_IN_USE",
            Self::AliasAccountNotFound => "ALIAS_ACCOUNT_NOT_FOUND",
            Self::AccountInUse => "ACCOUNT_IN_USE",
            Self::LedgerNotFound => "LEDGER_NOT_FOUND",
            Self::LedgerAccountNotFound => "LEDGER_ACCOUNT_NOT_FOUND",
            Self::LedgerAccountBlocked => "LEDGER_ACCOUNT_BLOCKED",
            Self::LedgerAccountExternal => "LEDGER_ACCOUNT_EXTERNAL",
            Self::LedgerAccountHolderMismatch => "LEDGER_ACCOUNT_HOLDER_MISMATCH",
            Self::RelatedPartyNotFound => "RELATED_PARTY_NOT_FOUND",
            Self::RelatedPartyDates => "RELATED_PARTY_DATES",
            Self::ClosingDateBeforeOpeningDate => "CLOSING_DATE_BEFORE_OPENING_DATE",
            Self::MetadataInvalid => "METADATA_INVALID",
            Self::MetadataSensitive => "METADATA_SENSITIVE",
            Self::VersionConflict => "VERSION_CONFLICT",
            Self::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::NotDeleted => "NOT_DELETED",
        }
    }
}

/// The way from the input to one of its fields; list indexes are decimal strings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath(Vec<Cow<'static, str>>);

impl FieldPath {
    /// The input as a whole.
    pub fn input() -> Self {
        Self(vec![Cow::Borrowed("input")])
    }

    /// A field below this one.
    pub fn field(&self, name: &'static str) -> Self {
        self.with(Cow::Borrowed(name))
    }

    /// An entry of a list.
    pub fn index(&self, index: usize) -> Self {
        self.with(Cow::Owned(index.to_string()))
    }

    /// An entry of an object whose keys the caller chose.
    pub fn key(&self, key: &str) -> Self {
        self.with(Cow::Owned(key.to_owned()))
    }

    /// The steps, `input` first.
    pub fn steps(&self) -> Vec<String> {
        self.0.iter().map(|step| step.to_string()).collect()
    }

    /// The last step: how a message names the field.
    pub fn name(&self) -> &str {
        self.0.last().map_or("input", |step| step)
    }

    fn with(&self, step: Cow<'static, str>) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

/// One fault at one field. The message holds no value of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind of fault.
    pub code: FaultCode,
    /// What is wrong and what would be right.
    pub message: String,
    /// Where.
    pub field: FieldPath,
}

impl Fault {
    /// A fault at a field.
    pub fn new(code: FaultCode, field: FieldPath, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field }
    }
}

/// All faults of one input, gathered before anything is asked or stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Each of these refuses the input.
    pub faults: Vec<Fault>,
    /// These were let through by `METADATA_GUARD=warn`; the operator is told of them.
    pub warnings: Vec<Fault>,
}

impl Faults {
    /// Adds a fault.
    pub fn push(&mut self, code: FaultCode, field: FieldPath, message: impl Into<String>) {
        self.faults.push(Fault::new(code, field, message));
    }

    /// Whether a fault was told at this very field.
    pub fn told_at(&self, field: &FieldPath) -> bool {
        self.faults.iter().any(|fault| fault.field == *field)
    }

    /// Adds a fault of a field that must have a value, unless one was told there already.
    pub fn require(&mut self, field: FieldPath, message: impl Into<String>) {
        if !self.told_at(&field) {
            self.push(FaultCode::Required, field, message);
        }
    }

    /// The value with what was let through, or all faults; a part that could not be read is `None`, and its fault
    /// is among them.
    pub fn finish_read<T>(self, value: Option<T>) -> Result<(T, Vec<Fault>), Vec<Fault>> {
        match value {
            Some(value) => self.finish(value),
            None => Err(self.faults),
        }
    }

    /// The value with what was let through, or all faults.
    pub fn finish<T>(self, value: T) -> Result<(T, Vec<Fault>), Vec<Fault>> {
        if self.faults.is_empty() { Ok((value, self.warnings)) } else { Err(self.faults) }
    }
}
