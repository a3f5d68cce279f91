//! The audit trail: its key, how long it is kept, and where it is shown beside.

use super::reader::{Faulted, Reader};
use super::secret::read_secret;
use super::setting::{Group, Secret, Setting, Unset};
use super::values::{choice, days};
use secrecy::SecretString;
use std::time::Duration;

static KEY: Secret = Secret {
    name: "AUDIT_SECRET_KEY",
    file: Setting {
        name: "AUDIT_SECRET_KEY_FILE",
        flag: "audit-secret-key-file",
        value: "PATH",
        unset: Unset::Means("the variable AUDIT_SECRET_KEY, which is then required"),
        help: "File with the key that chains the audit trail: 64 hex digits, others than the master keys'.\n\
               The variable AUDIT_SECRET_KEY may hold the key itself. Whoever has it can forge the trail: keep it away \
               from those who administer the database.",
    },
};

static RETENTION: Setting = Setting {
    name: "AUDIT_RETENTION",
    flag: "audit-retention",
    value: "DURATION",
    unset: Unset::Means("the audit trail is kept for ever"),
    help: "How long entries of the audit trail are kept, for example 400d; at least 1d.\n\
           Older ones are removed by the servers; what stays can still be proven.",
};

static STREAM: Setting = Setting {
    name: "AUDIT_STREAM",
    flag: "audit-stream",
    value: "off|stdout",
    unset: Unset::Default("off"),
    help: "Where each entry is shown when it is appended to the audit trail, as a JSON line in ECS: off or stdout.\n\
           Lines that nobody reads in time are left out; `holdergraph audit export` has all of them.",
};

pub(super) static GROUP: Group = Group { heading: "Audit", settings: &[&KEY.file, &RETENTION, &STREAM] };

/// What a command needs that proves the trail.
pub(super) static KEY_GROUP: Group = Group { heading: "Audit", settings: &[&KEY.file] };

/// Where entries are shown when they are appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditStream {
    /// Nowhere.
    Off,
    /// On standard output.
    Stdout,
}

const STREAMS: [(&str, AuditStream); 2] = [("off", AuditStream::Off), ("stdout", AuditStream::Stdout)];

/// How the audit trail is kept.
#[derive(Clone, Debug)]
pub struct Audit {
    /// `AUDIT_SECRET_KEY`, or its file's content.
    pub key: SecretString,
    /// How long entries are kept; none: for ever.
    pub retention: Option<Duration>,
    /// Where entries are shown when they are appended.
    pub stream: AuditStream,
}

impl Audit {
    /// `key` is what [`read_key`] gave.
    pub(super) fn read(reader: &mut Reader<'_>, key: Result<SecretString, Faulted>) -> Result<Self, Faulted> {
        let retention = reader.optional(&RETENTION, days);
        let stream = reader.value(&STREAM, |text| choice(text, &STREAMS));
        Ok(Self { key: key?, retention: retention?, stream: stream? })
    }
}

/// Fetches the key; whether it is fit to be one is judged where it is used.
pub(super) fn read_key(reader: &mut Reader<'_>) -> Result<SecretString, Faulted> {
    read_secret(reader, &KEY)
}
