//! What a gateway knows of an entity.

use crate::domain::ids::{AccountId, AliasAccountId, HolderId, LedgerId, parse_uuid};
use crate::registry::EntityKey;
use crate::registry::failure::Failure;
use async_graphql::indexmap::IndexMap;
use async_graphql::{InputValueError, InputValueResult, Name, Scalar, ScalarType, Value};
use uuid::Uuid;

/// The fields of one representation.
pub(super) struct Representation(IndexMap<Name, Value>);
crate::domain::redacted!(Representation);

/// What an entity is known by: `__typename` and the fields of one of its keys.
#[Scalar(name = "_Any")]
impl ScalarType for Representation {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(InputValueError::custom("a representation is an object")),
        }
    }

    fn to_value(&self) -> Value {
        Value::Object(self.0.clone())
    }
}

impl Representation {
    /// The key that it gives; what is wrong, where it gives none, at its place `at`. Fields that belong to no key are
    /// other subgraphs' affair.
    pub(super) fn key(&self, at: &str) -> Result<EntityKey, Failure> {
        match self.field("__typename") {
            Some(Value::String(name)) if name == "Holder" => {
                Ok(EntityKey::Holder(HolderId(self.uuid(at, "id")?)))
            }
            Some(Value::String(name)) if name == "AliasAccount" => self.alias_account_key(at),
            Some(_) => {
                let message = format!("{at}.__typename names no entity: there are Holder and AliasAccount");
                Err(Failure::BadUserInput(message))
            }
            None => {
                let message = format!("{at} has no __typename: give Holder or AliasAccount");
                Err(Failure::BadUserInput(message))
            }
        }
    }

    fn alias_account_key(&self, at: &str) -> Result<EntityKey, Failure> {
        if self.field("id").is_some() {
            return Ok(EntityKey::AliasAccount(AliasAccountId(self.uuid(at, "id")?)));
        }
        if self.field("ledgerId").is_none() && self.field("accountId").is_none() {
            let message = format!("{at} has no key: give its id, or its ledgerId and accountId");
            return Err(Failure::BadUserInput(message));
        }
        let (ledger, account) = (self.uuid(at, "ledgerId")?, self.uuid(at, "accountId")?);
        Ok(EntityKey::LedgerAccount(LedgerId(ledger), AccountId(account)))
    }

    fn uuid(&self, at: &str, name: &str) -> Result<Uuid, Failure> {
        let wrong = match self.field(name) {
            Some(Value::String(text)) => match parse_uuid(text) {
                Some(uuid) => return Ok(uuid),
                None => "is no UUID: write it as 36 characters with dashes",
            },
            Some(_) => "is no text: write it as a UUID of 36 characters with dashes",
            None => "is missing: give a UUID of 36 characters with dashes",
        };
        Err(Failure::BadUserInput(format!("{at}.{name} {wrong}")))
    }

    /// A field that has a value; null is none.
    fn field(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| **value != Value::Null)
    }
}
