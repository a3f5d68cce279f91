//! Cursors: of all texts only a genuine cursor is taken, and only by the list that answered it.
//!
//! An input is `t` and any text, or: a byte that chooses a genuine cursor, one that says whether its bytes or its text
//! are edited, and edits.

use super::canary;
use super::edits::edited;
use super::service;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use holdergraph::domain::alias_account::LinkStatus;
use holdergraph::domain::filter::{AliasAccountFilter, HolderFilter};
use holdergraph::domain::ids::{HolderId, OrganizationId};
use holdergraph::domain::time::Timestamp;
use holdergraph::registry::Registry;
use holdergraph::registry::caller::Caller;
use holdergraph::registry::failure::Failure;
use holdergraph::registry::lists::{List, Order, Paging};
use holdergraph::registry::ports::list::{Direction, PageRequest, Position, Sort};
use holdergraph::registry::ports::record::Detail;
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;
use uuid::Uuid;

/// The place in each list that its genuine cursor is of.
const PLACE: Position = Position { at: Timestamp(1_763_925_185_042), id: service::ORGANIZATION };

/// A list, and its genuine cursor.
struct Listed {
    caller: Arc<Caller>,
    list: List,
    cursor: String,
}

struct Lists {
    registry: Arc<Registry>,
    all: Vec<Listed>,
    _folder: TempDir,
}

static LISTS: LazyLock<Lists> = LazyLock::new(Lists::new);

/// Takes one input.
pub fn run(input: &[u8]) {
    match input {
        [b't', text @ ..] => LISTS.judge(&String::from_utf8_lossy(text)),
        [chosen, what, edits @ ..] => {
            let genuine = &LISTS.all[usize::from(*chosen) % LISTS.all.len()].cursor;
            let cursor = match what % 2 {
                0 => {
                    let bytes = BASE64_URL_SAFE_NO_PAD.decode(genuine).expect("a cursor is base64url");
                    BASE64_URL_SAFE_NO_PAD.encode(edited(&bytes, edits))
                }
                _ => String::from_utf8_lossy(&edited(genuine.as_bytes(), edits)).into_owned(),
            };
            LISTS.judge(&cursor);
        }
        _ => {}
    }
}

impl Lists {
    fn new() -> Self {
        let (registry, folder) = service::registry();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let all = runtime.block_on(lists(&registry)).expect("every list may be seen");
        assert!(
            all.iter().enumerate().all(|(i, one)| all[..i].iter().all(|other| other.cursor != one.cursor))
        );
        Self { registry, all, _folder: folder }
    }

    /// The page behind, or before, a cursor.
    fn page(&self, listed: &Listed, cursor: &str, is_after: bool) -> Result<PageRequest, Failure> {
        let mut paging = Paging { first: Some(1), ..Paging::default() };
        *(if is_after { &mut paging.after } else { &mut paging.before }) = Some(cursor.to_owned());
        self.registry.page(&listed.caller, &listed.list, &paging, Detail::Clear)
    }

    fn judge(&self, cursor: &str) {
        for listed in &self.all {
            let (after, before) = (self.page(listed, cursor, true), self.page(listed, cursor, false));
            if cursor == listed.cursor {
                assert_eq!(after.expect("a genuine cursor is taken").after, Some(PLACE));
                assert_eq!(before.expect("a genuine cursor is taken").before, Some(PLACE));
            } else {
                refused(after);
                refused(before);
            }
        }
    }
}

fn refused(page: Result<PageRequest, Failure>) {
    match page {
        Err(Failure::BadUserInput(message)) => {
            canary::told(&message);
            assert!(message.contains("is no cursor of this list"), "{message}");
        }
        other => panic!("a cursor that is none of this list comes to {other:?}"),
    }
}

/// Lists that differ in one thing each: kind, order, filter, holder and organization.
async fn lists(registry: &Arc<Registry>) -> Result<Vec<Listed>, Failure> {
    let order = |sort, direction| Order { sort, direction };
    let newest = order(Sort::CreatedAt, Direction::Descending);
    let caller = |organization| {
        Arc::new(Caller::new(service::call(), OrganizationId(organization), registry.access.clone()))
    };
    let (here, there) = (caller(service::ORGANIZATION), caller(Uuid::from_u128(7)));
    let named = HolderFilter { external_id: Some("crm-1".to_owned()), ..HolderFilter::default() };
    let broken =
        AliasAccountFilter { link_status: Some(LinkStatus::NotFound), ..AliasAccountFilter::default() };
    let of = Some(HolderId(Uuid::from_u128(8)));
    let lists = [
        (&here, registry.holder_list(&here, HolderFilter::default(), newest).await?),
        (&there, registry.holder_list(&there, HolderFilter::default(), newest).await?),
        (&here, registry.holder_list(&here, named, newest).await?),
        (
            &here,
            registry
                .holder_list(&here, HolderFilter::default(), order(Sort::UpdatedAt, Direction::Descending))
                .await?,
        ),
        (
            &here,
            registry
                .holder_list(&here, HolderFilter::default(), order(Sort::CreatedAt, Direction::Ascending))
                .await?,
        ),
        (&here, registry.alias_account_list(&here, None, AliasAccountFilter::default(), newest).await?),
        (&here, registry.alias_account_list(&here, None, broken, newest).await?),
        (&here, registry.alias_account_list(&here, of, AliasAccountFilter::default(), newest).await?),
    ];
    let listed = |(caller, list): (&Arc<Caller>, List)| {
        let cursor = registry.cursor(caller, &list, PLACE);
        Listed { caller: caller.clone(), list, cursor }
    };
    Ok(lists.into_iter().map(listed).collect())
}
