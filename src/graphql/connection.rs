//! Relay connections: one page of a list, its cursors, and how many records the list has.

use super::Session;
use super::alias_account::AliasAccountObject;
use super::cost::{COUNT, cost};
use super::errors::{error_of, session};
use super::holder::HolderObject;
use super::loaders::CountKey;
use crate::domain::ids::HolderId;
use crate::registry::failure::Failure;
use crate::registry::lists::List;
use crate::registry::ports::list::{Count, Page, Position};
use async_graphql::{Context, Object, Result, SimpleObject};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// Where a page lies in its list.
#[derive(Clone, SimpleObject)]
pub(super) struct PageInfo {
    /// Whether records of the list follow this page.
    pub(super) has_next_page: bool,
    /// Whether records of the list lie before this page.
    pub(super) has_previous_page: bool,
    /// Where the page begins, for `before`; null where there is nothing to go on from.
    pub(super) start_cursor: Option<String>,
    /// Where the page ends, for `after`. Go on from here while hasNextPage is true: where a filter holds for few of very many records, a page may be short or even empty and the list still go on.
    pub(super) end_cursor: Option<String>,
}

/// A page that was read, with what is needed to count the whole list.
pub(super) struct Paged<N> {
    edges: Vec<(N, String)>,
    page_info: PageInfo,
    list: Arc<List>,
    /// Of which holder the list is.
    of: Option<HolderId>,
    count: OnceCell<Count>,
}

impl<N: Clone> Paged<N> {
    /// `node` makes a record's node and tells its place.
    pub(super) fn new<R>(
        session: &Session,
        list: Arc<List>,
        of: Option<HolderId>,
        page: Option<Page<R>>,
        node: impl Fn(R) -> (N, Position),
    ) -> Self {
        let cursor = |position| session.registry.cursor(&session.caller, &list, position);
        let page = page.unwrap_or(Page {
            records: Vec::new(),
            unreadable: Vec::new(),
            has_previous: false,
            has_next: false,
            start: None,
            end: None,
        });
        let page_info = PageInfo {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: page.start.map(cursor),
            end_cursor: page.end.map(cursor),
        };
        let edge = |record| {
            let (node, position) = node(record);
            (node, cursor(position))
        };
        let edges = page.records.into_iter().map(edge).collect();
        Self { edges, page_info, list, of, count: OnceCell::new() }
    }

    fn nodes(&self) -> Vec<N> {
        self.edges.iter().map(|(node, _)| node.clone()).collect()
    }
}

impl Paged<HolderObject> {
    async fn count(&self, ctx: &Context<'_>) -> Result<Count> {
        let session = session(ctx)?;
        let count =
            self.count.get_or_try_init(|| session.registry.count_holders(&session.caller, &self.list));
        count.await.copied().map_err(|failure| error_of(&failure))
    }
}

impl Paged<AliasAccountObject> {
    async fn count(&self, ctx: &Context<'_>) -> Result<Count> {
        let session = session(ctx)?;
        let count = self.count.get_or_try_init(|| async {
            let Some(holder) = self.of else {
                return session.registry.count_alias_accounts(&session.caller, &self.list).await;
            };
            let key = CountKey { holder, filter: Arc::new(self.list.filter.clone()) };
            session.loaders.count(key).await?.map(|count| *count).ok_or(Failure::Internal)
        });
        count.await.copied().map_err(|failure| error_of(&failure))
    }
}

macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ident, $one:literal, $many:literal) => {
        #[doc = concat!("One page of ", $many, " (Relay's connection).")]
        pub(super) struct $connection(pub(super) Paged<$node>);

        #[doc = concat!("One page of ", $many, " (Relay's connection).")]
        #[Object]
        impl $connection {
            #[doc = concat!("The page's ", $many, ", each with its cursor.")]
            async fn edges(&self) -> Vec<$edge> {
                let edge =
                    |(node, cursor): &($node, String)| $edge { node: node.clone(), cursor: cursor.clone() };
                self.0.edges.iter().map(edge).collect()
            }

            #[doc = concat!("The page's ", $many, ".")]
            async fn nodes(&self) -> Vec<$node> {
                self.0.nodes()
            }

            /// Where the page lies in the list.
            async fn page_info(&self) -> PageInfo {
                self.0.page_info.clone()
            }

            /// How many records the whole list has, whatever the page: at least so many where totalCountExact is false. It is computed only where it is selected, and counting stops at 10,000 records, or after looking at 10,000 entries of an index where several conditions are given.
            #[graphql(directive = cost::apply(COUNT.to_owned()))]
            async fn total_count(&self, ctx: &Context<'_>) -> Result<usize> {
                self.0.count(ctx).await.map(|count| count.total)
            }

            /// Whether totalCount is the exact number; false where counting stopped before the end of the list.
            #[graphql(directive = cost::apply(COUNT.to_owned()))]
            async fn total_count_exact(&self, ctx: &Context<'_>) -> Result<bool> {
                self.0.count(ctx).await.map(|count| count.exact)
            }
        }

        #[doc = concat!("One ", $one, " of a page.")]
        #[derive(SimpleObject)]
        pub(super) struct $edge {
            #[doc = concat!("The ", $one, ".")]
            node: $node,
            /// Its place in this list, for `after` and `before`. Opaque; only the same list of the same organization, with the same filter, sort and direction, takes it.
            cursor: String,
        }
    };
}

connection!(HolderConnection, HolderEdge, HolderObject, "holder", "holders");
connection!(AliasAccountConnection, AliasAccountEdge, AliasAccountObject, "alias account", "alias accounts");
