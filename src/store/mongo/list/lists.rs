//! Several lists that are read at once.

use super::super::budget::Budget;
use super::super::database::Collections;
use super::super::kind::Kind;
use super::super::trouble::Trouble;
use super::batch::{self, Question};
use super::joiners::{Fault, Joiners};
use super::span::Span;
use super::walk::Walk;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::list::{Count, PageRequest, Sort};
use crate::registry::ports::store::StoreError;
use mongodb::Collection;
use mongodb::bson::Document;

/// Lists of one collection that are walked along the same index.
pub(super) struct Lists<'a> {
    pub(super) budget: &'a Budget,
    pub(super) on: &'a Collections,
    pub(super) collection: &'a Collection<Document>,
    pub(super) walks: Vec<Walk>,
    pub(super) joiners: &'a Joiners,
}

impl Lists<'_> {
    /// Asks some of the lists, each by its place; the answers are by list, and empty for all others.
    pub(super) async fn ask(
        &self,
        sort: Sort,
        questions: impl Iterator<Item = (usize, Vec<Document>)>,
        fields: Document,
    ) -> Result<Vec<Vec<Document>>, Trouble> {
        let question = |(list, stages)| Question { list, stages, fields: fields.clone() };
        let questions = questions.map(question).collect();
        let Some(walk) = self.walks.first() else { return Ok(Vec::new()) };
        let (query, count) = (walk.query(sort), self.walks.len());
        batch::ask(self.budget, self.on, self.collection, query, questions, count).await
    }
}

/// What is read of lists.
pub(super) trait Reading: Sync {
    /// What is told of each.
    type Told: Send;

    /// Reads all lists at once.
    fn read(&self, lists: &Lists<'_>) -> impl Future<Output = Result<Vec<Self::Told>, Fault>> + Send;
}

impl Reading for PageRequest {
    type Told = Span;

    async fn read(&self, lists: &Lists<'_>) -> Result<Vec<Span>, Fault> {
        lists.spans(self).await
    }
}

/// The number of records is read.
pub(super) struct Counting;

impl Reading for Counting {
    type Told = Count;

    async fn read(&self, lists: &Lists<'_>) -> Result<Vec<Count>, Fault> {
        lists.counts().await
    }
}

impl Collections {
    /// Reads lists, again where it must first be known which holders are there.
    pub(super) async fn read_lists<T: Kind, R: Reading>(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        walks: &[Walk],
        reading: &R,
    ) -> Result<Vec<R::Told>, StoreError> {
        let mut joiners = Joiners::default();
        loop {
            let walks = walks.iter().map(|walk| walk.with(joiners.condition())).collect();
            let collection = self.records::<T>();
            let lists = Lists { budget, on: self, collection, walks, joiners: &joiners };
            match reading.read(&lists).await {
                Ok(told) => return Ok(told),
                Err(Fault::Store(error)) => return Err(error),
                Err(Fault::Joining(holders)) => joiners.learn(self, budget, organization, holders).await?,
            }
        }
    }
}
