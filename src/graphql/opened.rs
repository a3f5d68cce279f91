//! A record and its sealed part, which is opened at most once, and only when a field asks for it.

use super::errors::{error_of, session};
use crate::registry::Registry;
use crate::registry::failure::Failure;
use async_graphql::{Context, Result};
use std::sync::{Arc, OnceLock};

/// A record `R` whose sealed part is a `P`. Clones share what was opened.
pub(super) struct Opened<R, P> {
    record: Arc<R>,
    personal: Arc<OnceLock<Result<P, Failure>>>,
    open: fn(&Registry, &R) -> Result<P, Failure>,
}

impl<R, P> Clone for Opened<R, P> {
    fn clone(&self) -> Self {
        Self { record: self.record.clone(), personal: self.personal.clone(), open: self.open }
    }
}

impl<R, P> Opened<R, P> {
    /// A record, and how it is opened.
    pub(super) fn new(record: impl Into<Arc<R>>, open: fn(&Registry, &R) -> Result<P, Failure>) -> Self {
        Self { record: record.into(), personal: Arc::default(), open }
    }

    /// The record, with its clear part.
    pub(super) fn record(&self) -> &R {
        &self.record
    }

    /// A value of the sealed part in clear; `None` where it has none, a located error where the caller may not see it
    /// or it does not open. The permission comes first: without it nothing is opened, and whether there is a value is
    /// not told either.
    pub(super) async fn sealed<T>(
        &self,
        ctx: &Context<'_>,
        value: impl FnOnce(&P) -> Option<T>,
    ) -> Option<Result<T>> {
        let session = match session(ctx) {
            Ok(session) => session,
            Err(error) => return Some(Err(error)),
        };
        match session.registry.may_see_personal_data(&session.caller).await {
            Ok(()) => self.masked(ctx, value),
            Err(failure) => Some(Err(error_of(&failure))),
        }
    }

    /// A value that is made of the sealed part and tells none of it in clear: it needs no permission to see that.
    pub(super) fn masked<T>(
        &self,
        ctx: &Context<'_>,
        value: impl FnOnce(&P) -> Option<T>,
    ) -> Option<Result<T>> {
        let registry = match session(ctx) {
            Ok(session) => &session.registry,
            Err(error) => return Some(Err(error)),
        };
        match self.personal.get_or_init(|| (self.open)(registry, &self.record)) {
            Ok(personal) => value(personal).map(Ok),
            Err(failure) => Some(Err(error_of(failure))),
        }
    }
}
