//! Organizations and links of a store, page by page: memory stays the same however many there are.

use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{AuditStore, TrailFilter, TrailLink, TrailPlace};
use crate::registry::ports::store::StoreError;

/// So many organizations are asked for at once.
const ORGANIZATIONS: usize = 100;
/// So many links are asked for at once.
pub const LINKS: usize = 500;

/// The organizations that have a trail, or one of them.
#[derive(Debug)]
pub struct Organizations {
    only: Option<OrganizationId>,
    after: Option<OrganizationId>,
    ended: bool,
}

impl Organizations {
    /// All of them, or this one alone, whether it has a trail or not.
    pub fn new(only: Option<OrganizationId>) -> Self {
        Self { only, after: None, ended: false }
    }

    /// The next of them; none when there are no more.
    ///
    /// # Errors
    /// The store's; the same page can be asked for again.
    pub async fn next(&mut self, store: &dyn AuditStore) -> Result<Vec<OrganizationId>, StoreError> {
        if self.ended {
            return Ok(Vec::new());
        }
        let page = match self.only {
            Some(only) => vec![only],
            None => store.audited_organizations(self.after, ORGANIZATIONS).await?,
        };
        self.ended = self.only.is_some() || page.is_empty();
        self.after = page.last().copied().or(self.after);
        Ok(page)
    }
}

/// Why a walk ended early.
#[derive(Debug, thiserror::Error)]
pub enum WalkError<E> {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Whoever looked did not want to go on.
    #[error("{0}")]
    Seen(E),
}

/// Shows every link that a filter lets through, one organization after the other, each by when it happened.
///
/// # Errors
/// The store's, or that of `see`.
pub async fn each_link<E>(
    store: &dyn AuditStore,
    only: Option<OrganizationId>,
    filter: &TrailFilter,
    see: &mut (dyn FnMut(OrganizationId, &TrailLink) -> Result<(), E> + Send),
) -> Result<(), WalkError<E>> {
    let mut organizations = Organizations::new(only);
    loop {
        let page = organizations.next(store).await?;
        if page.is_empty() {
            return Ok(());
        }
        for organization in page {
            let mut after: Option<TrailPlace> = None;
            loop {
                let page = store.find_links(organization, filter, after, false, LINKS).await?;
                for link in &page.links {
                    see(organization, link).map_err(WalkError::Seen)?;
                }
                match page.next {
                    None => break,
                    Some(next) if after.is_some_and(|after| next <= after) => {
                        let what = format!("the audit trail of {organization} goes round in circles");
                        return Err(StoreError::Damaged(what).into());
                    }
                    Some(next) => after = Some(next),
                }
            }
        }
    }
}
