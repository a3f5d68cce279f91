//! Reading holders.

use super::Registry;
use super::caller::Caller;
use super::failure::{Failure, Refusal};
use super::lists::{List, Listed, Order};
use super::ports::access::{Action, Resource};
use super::ports::audit::AuditedRecord;
use super::ports::list::{Count, Page, PageRequest, State};
use super::ports::record::{Detail, HolderRecord};
use super::reading::each;
use super::weight::Weight;
use crate::domain::filter::HolderFilter;
use crate::domain::holder::HolderPersonal;
use crate::domain::ids::HolderId;
use crate::domain::normal::Normalised;
use crate::domain::text::DOCUMENT_MAX;
use std::collections::HashMap;

impl Registry {
    /// The holders with these ids, in one store call; one that cannot be read is answered by its failure.
    pub async fn holders(
        &self,
        caller: &Caller,
        ids: &[HolderId],
        state: State,
        detail: Detail,
    ) -> Result<HashMap<HolderId, Result<HolderRecord, Failure>>, Failure> {
        if let Err(refused) = caller.may(Resource::Holders, Action::Get).await {
            caller.revealed.withhold(ids.iter().copied().map(AuditedRecord::Holder));
            return Err(refused);
        }
        let read = |ids| self.store.holders(caller.organization, ids, state, detail);
        let (found, unreadable) = each(caller, ids, read).await?;
        caller.spend(found.weight())?;
        let found = found.into_iter().map(|record| (record.clear.id, Ok(record)));
        Ok(found.chain(unreadable.into_iter().map(|(id, failure)| (id, Err(failure)))).collect())
    }

    /// The live holder of a document, compared after normalisation.
    pub async fn holder_by_document(
        &self,
        caller: &Caller,
        document: &str,
        detail: Detail,
    ) -> Result<Option<HolderRecord>, Failure> {
        caller.may(Resource::Holders, Action::Get).await?;
        if document.chars().count() > DOCUMENT_MAX {
            let message =
                format!("document has more than {DOCUMENT_MAX} characters, so no holder can have it");
            return Err(Failure::BadUserInput(message));
        }
        let document = Normalised::of(document).ok_or_else(|| {
            Failure::BadUserInput(
                "document holds no letter and no digit: give the holder's document".to_owned(),
            )
        })?;
        let claims = self.vault.document_claims(caller.organization, &document);
        let found = caller.within(self.store.holder_with_claim(caller.organization, &claims, detail));
        let found = self.lookups.look_up(caller, found, Option::is_some).await?;
        caller.spend(found.as_ref().map_or(0, Weight::weight))?;
        Ok(found)
    }

    /// The list of the holders that a filter lets through.
    pub async fn holder_list(
        &self,
        caller: &Caller,
        filter: HolderFilter,
        order: Order,
    ) -> Result<List, Failure> {
        caller.may(Resource::Holders, Action::Get).await?;
        Ok(self.list(caller.organization, Listed::Holders, filter.read()?, order))
    }

    /// One page of a list of holders.
    pub async fn list_holders(
        &self,
        caller: &Caller,
        list: &List,
        page: PageRequest,
    ) -> Result<Page<HolderRecord>, Failure> {
        caller.may(Resource::Holders, Action::Get).await?;
        let page = caller.walks(self.store.list_holders(caller.organization, &list.filter, page));
        let page = match list.looks_up {
            true => self.lookups.look_up(caller, page, Page::shows_any).await?,
            false => page.await?,
        };
        caller.spend(page.weight())?;
        Ok(page)
    }

    /// How many holders a list has. Where it looks up a sealed value, its page was read before, and counted as a
    /// look-up.
    pub async fn count_holders(&self, caller: &Caller, list: &List) -> Result<Count, Failure> {
        caller.may(Resource::Holders, Action::Get).await?;
        caller.walks(self.store.count_holders(caller.organization, &list.filter)).await
    }

    /// A holder's personal data.
    pub fn open_holder(&self, record: &HolderRecord) -> Result<HolderPersonal, Failure> {
        self.vault.open_holder(record).map_err(|_| Failure::Unreadable)
    }

    /// The record of a mutation's own payload, in whatever state it is now: needs no permission beyond the mutation's.
    pub(super) async fn stored_holder(
        &self,
        caller: &Caller,
        id: Option<HolderId>,
        detail: Detail,
    ) -> Result<Option<HolderRecord>, Refusal> {
        match id {
            Some(id) => Ok(self.one_holder(caller, id, State::Any, detail).await?),
            None => Ok(None),
        }
    }

    /// One holder, for a use case that has asked for its own permission.
    pub(super) async fn one_holder(
        &self,
        caller: &Caller,
        id: HolderId,
        state: State,
        detail: Detail,
    ) -> Result<Option<HolderRecord>, Failure> {
        Ok(caller.within(self.store.holders(caller.organization, &[id], state, detail)).await?.pop())
    }
}
