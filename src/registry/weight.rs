//! How much memory a record takes in an answer, about.

use super::ports::list::Page;
use super::ports::record::{AliasAccountRecord, HolderRecord, Stored};
use crate::domain::metadata::Metadata;

/// What is counted of a record beside its metadata and its sealed part.
const PLAIN: usize = 512;

/// A record whose size depends on who wrote it.
pub(super) trait Weight {
    /// In bytes.
    fn weight(&self) -> usize;
}

impl Weight for HolderRecord {
    fn weight(&self) -> usize {
        of(self, &self.clear.metadata)
    }
}

impl Weight for AliasAccountRecord {
    fn weight(&self) -> usize {
        of(self, &self.clear.metadata)
    }
}

impl<R: Weight> Weight for [R] {
    fn weight(&self) -> usize {
        self.iter().map(Weight::weight).sum()
    }
}

impl<R: Weight> Weight for Page<R> {
    fn weight(&self) -> usize {
        self.records.weight()
    }
}

fn of<C>(record: &Stored<C>, metadata: &Metadata) -> usize {
    let sealed = record.sealed.as_ref().map_or(0, |sealed| sealed.0.len());
    PLAIN + sealed + metadata.bytes()
}
