//! The interface Node.

use super::alias_account::AliasAccountObject;
use super::holder::HolderObject;
use crate::registry::Found;
use async_graphql::{ID, Interface};

/// A record with an id of its own.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Its id, unique among records of all types."))]
pub(super) enum Node {
    Holder(HolderObject),
    AliasAccount(AliasAccountObject),
}

impl From<Found> for Node {
    fn from(found: Found) -> Self {
        match found {
            Found::Holder(record) => Self::Holder(HolderObject::new(record)),
            Found::AliasAccount(record) => Self::AliasAccount(AliasAccountObject::new(record)),
        }
    }
}
