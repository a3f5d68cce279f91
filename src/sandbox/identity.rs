//! What a sandbox is made with once and never changes: its key, its people, its organizations and their ids.

use super::claims::OWNER;
use super::grants::Role;
use super::signing_key::{self, KeyError};
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::domain::redacted;
use crate::domain::time::Timestamp;
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many open accounts the main organization's ledger begins with.
const OPEN_ACCOUNTS: usize = 120;

/// How many the other organization's ledger begins with.
const OTHER_OPEN_ACCOUNTS: usize = 12;

/// All that is made once.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Identity {
    /// When the sandbox was made.
    pub(super) created_at: Timestamp,
    /// The key that signs its tokens.
    pub(super) signing_key: String,
    /// Its people.
    pub(super) subjects: Subjects,
    /// The client that the service itself logs in as.
    pub(super) application: Application,
    /// The main organization.
    pub(super) organization: Organization,
    /// What of its ledger may not be linked.
    pub(super) refused: Refused,
    /// The other organization.
    pub(super) other: Organization,
}

/// The `sub` of each kind of person.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Subjects {
    pub(super) admin: Uuid,
    pub(super) editor: Uuid,
    pub(super) contributor: Uuid,
    pub(super) viewer: Uuid,
    pub(super) nobody: Uuid,
}

/// A client's id and secret, for a token of the service's own.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// The client's id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
}
redacted!(Application);

/// An organization of the sandbox, with its one ledger.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// Its id, as `X-Organization-Id` takes it.
    pub id: OrganizationId,
    /// Its ledger.
    pub ledger: LedgerIdentity,
    /// The accounts that could be linked when the sandbox was made, oldest first.
    pub open_accounts: Vec<AccountId>,
}

/// A ledger's id and name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LedgerIdentity {
    /// Its id.
    pub id: LedgerId,
    /// Its name.
    pub name: String,
}

/// The accounts of the main organization's ledger that may not be linked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refused {
    /// It is blocked.
    pub blocked: AccountId,
    /// It is of type `external`.
    pub external: AccountId,
    /// It is soft-deleted: the ledger answers 404.
    pub deleted: AccountId,
}

impl Identity {
    /// Makes a new one.
    pub(super) fn generate() -> Result<Self, KeyError> {
        Ok(Self {
            created_at: Timestamp::now(),
            signing_key: signing_key::generate()?,
            subjects: Subjects {
                admin: Uuid::now_v7(),
                editor: Uuid::now_v7(),
                contributor: Uuid::now_v7(),
                viewer: Uuid::now_v7(),
                nobody: Uuid::now_v7(),
            },
            application: Application {
                client_id: Uuid::now_v7().simple().to_string(),
                client_secret: random_text()?,
            },
            organization: organization("Sandbox ledger", OPEN_ACCOUNTS),
            refused: Refused { blocked: account_id(), external: account_id(), deleted: account_id() },
            other: organization("Sandbox ledger of the other organization", OTHER_OPEN_ACCOUNTS),
        })
    }
}

impl Subjects {
    /// Each person's name here, with the subject that Access Manager is asked about.
    pub(super) fn asked_about(&self) -> [(&'static str, String); 5] {
        let people = [
            ("admin", self.admin),
            ("editor", self.editor),
            ("contributor", self.contributor),
            ("viewer", self.viewer),
            ("nobody", self.nobody),
        ];
        people.map(|(name, id)| (name, format!("{OWNER}/{id}")))
    }

    /// What the person `<owner>/<sub>` is here; `None` for anybody else.
    pub(super) fn role(&self, person: &str) -> Option<Role> {
        let id = Uuid::try_parse(person.strip_prefix(OWNER)?.strip_prefix('/')?).ok()?;
        let roles = [
            (self.admin, Role::Admin),
            (self.editor, Role::Editor),
            (self.contributor, Role::Contributor),
            (self.viewer, Role::Viewer),
            (self.nobody, Role::Nobody),
        ];
        roles.into_iter().find_map(|(subject, role)| (subject == id).then_some(role))
    }
}

/// 256 random bits as text: a secret, or an opaque token.
pub(super) fn random_text() -> Result<String, KeyError> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| KeyError::new("the system gives no randomness"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn organization(ledger: &str, open_accounts: usize) -> Organization {
    Organization {
        id: OrganizationId(Uuid::now_v7()),
        ledger: LedgerIdentity { id: LedgerId(Uuid::now_v7()), name: ledger.to_owned() },
        open_accounts: (0..open_accounts).map(|_| account_id()).collect(),
    }
}

fn account_id() -> AccountId {
    AccountId(Uuid::now_v7())
}
