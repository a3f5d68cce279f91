//! Recording what a check of an alias account against the ledger found.

use super::super::alias_accounts::{LINK, link};
use super::super::budget::Budget;
use super::super::database::{Collections, Exchanged};
use super::super::document;
use super::super::names::{AUDIT, CLEAR, REVISION, TOKENS};
use super::super::phase::Phase;
use super::super::standing::Target;
use super::super::values::Fields;
use super::change::From;
use crate::domain::alias_account::AliasAccount;
use crate::registry::ports::record::LinkCheck;
use crate::registry::ports::store::{Commit, Refused, StoreError};
use crate::registry::ports::terms;
use mongodb::bson::doc;

/// What all tokens of a link begin with.
const LINKS: &str = "link/";

impl Collections {
    /// Neither version nor the time of the last change is touched, so the record keeps its place in every list but
    /// those of its link.
    pub(in super::super) async fn record_link_check(
        &self,
        budget: &Budget,
        check: &LinkCheck,
    ) -> Result<Commit, StoreError> {
        let target = Target { organization: check.organization, id: check.id.0 };
        let as_read = target.with(doc! { REVISION: check.revision });
        let find = || self.alias_accounts.find_one(as_read.clone()).projection(doc! { TOKENS: 1 });
        let Some(found) = budget.again(find).await? else {
            return Ok(Commit::Refused(Refused::Changed));
        };
        let mut tokens = Fields(&found).texts(TOKENS)?;
        tokens.retain(|token| !token.starts_with(LINKS));
        tokens.push(terms::link_status(check.link.status).0);
        tokens.sort();
        let mut update = doc! {
            "$set": { TOKENS: tokens },
            "$push": { AUDIT: { "$each": document::audit(&check.audit)? } },
        };
        super::super::database::put(&mut update, "$set", &format!("{CLEAR}.{LINK}"), link(&check.link));
        let from = From { target: &target, revision: check.revision, phases: &[Phase::Live] };
        Ok(match self.write::<AliasAccount>(budget, from, update, None).await? {
            Exchanged::Done => Commit::Stored,
            Exchanged::Missed | Exchanged::Conflict => Commit::Refused(Refused::Changed),
        })
    }
}
