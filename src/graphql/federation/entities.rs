//! What a gateway asks beside the API.

use super::super::alias_account::AliasAccountObject;
use super::super::errors::{error_of, session};
use super::super::holder::HolderObject;
use super::super::selection;
use super::representation::Representation;
use crate::domain::filter::IDS_MAX;
use crate::registry::failure::Failure;
use crate::registry::ports::record::Detail;
use crate::registry::{EntityKey, Found};
use async_graphql::{Context, Object, Result, SelectionField, SimpleObject, Union};

/// The fields that only a gateway asks for.
pub(super) struct Gateway {
    /// What a supergraph is composed from.
    pub(super) sdl: String,
}

/// This subgraph.
#[derive(SimpleObject)]
#[graphql(name = "_Service")]
struct Service {
    /// The SDL that a supergraph is composed from.
    sdl: String,
}

/// A record that other subgraphs may extend.
#[derive(Union)]
#[graphql(name = "_Entity")]
enum Entity {
    Holder(HolderObject),
    AliasAccount(AliasAccountObject),
}

impl From<Found> for Entity {
    fn from(found: Found) -> Self {
        match found {
            Found::Holder(record) => Self::Holder(HolderObject::new(record)),
            Found::AliasAccount(record) => Self::AliasAccount(AliasAccountObject::new(record)),
        }
    }
}

/// The fields that only a gateway asks for.
#[Object]
impl Gateway {
    /// What a supergraph is composed from. Needs neither an organization nor a permission.
    #[graphql(name = "_service")]
    async fn service(&self) -> Service {
        Service { sdl: self.sdl.clone() }
    }

    /// The live records that these representations stand for, in the order asked, repeats included; null where there is none. Each needs the permission to read its type.
    #[graphql(name = "_entities")]
    async fn entities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`__typename` and the fields of one key each, at most 100.")] representations: Vec<
            Representation,
        >,
    ) -> Result<Vec<Option<Result<Entity>>>> {
        found(ctx, &representations).await
    }
}

/// The records of these representations, each at its place. One that cannot be understood is told at its place too, and
/// does not keep the others from being answered.
async fn found(ctx: &Context<'_>, representations: &[Representation]) -> Result<Vec<Option<Result<Entity>>>> {
    let session = session(ctx)?;
    let many = representations.len();
    if many > IDS_MAX {
        session.registry.no_node(&session.caller).await.map_err(|f| error_of(&f))?;
        let message = format!("representations has {many} entries: at most {IDS_MAX} are taken");
        return Err(error_of(&Failure::BadUserInput(message)));
    }
    let at = |index: usize| format!("representations.{index}");
    let read: Vec<_> = (0..).zip(representations).map(|(index, one)| one.key(&at(index))).collect();
    let wanted: Vec<EntityKey> = read.iter().flatten().copied().collect();
    let found = session.registry.entities(&session.caller, &wanted, detail(ctx.field(), &wanted)).await;
    let found = found.map_err(|f| error_of(&f))?;
    let entity = |read: Result<EntityKey, Failure>| {
        let found = read.map(|key| found.get(&key).cloned()).transpose()?.flatten();
        Some(found.map(Entity::from).map_err(|failure| error_of(&failure)))
    };
    Ok(read.into_iter().map(entity).collect())
}

/// What is needed of the records. A gateway mostly asks for entities of one type at once: then fields of the other
/// cannot be meant.
fn detail(field: SelectionField<'_>, wanted: &[EntityKey]) -> Detail {
    let is_holder = |key: &EntityKey| matches!(key, EntityKey::Holder(_));
    if wanted.iter().all(is_holder) {
        selection::of_holder(field)
    } else if wanted.iter().any(is_holder) {
        selection::of_node(field)
    } else {
        selection::of_alias_account(field)
    }
}
