//! A record and its sealed part, which is opened at most once, and only when a field asks for it.

use super::errors::{error_of, session};
use crate::registry::Registry;
use crate::registry::failure::Failure;
use crate::registry::ports::audit::AuditedRecord;
use crate::registry::revealed::Revealed;
use async_graphql::{Context, Result, SelectionField};
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

/// A record `R` whose sealed part is a `P`. Clones share what was opened.
pub(super) struct Opened<R, P> {
    record: Arc<R>,
    personal: Arc<OnceLock<Result<P, Failure>>>,
    open: fn(&Registry, &R) -> Result<P, Failure>,
    audited: fn(&R) -> AuditedRecord,
}

impl<R, P> Clone for Opened<R, P> {
    fn clone(&self) -> Self {
        Self {
            record: self.record.clone(),
            personal: self.personal.clone(),
            open: self.open,
            audited: self.audited,
        }
    }
}

impl<R, P> Opened<R, P> {
    /// A record, how it is opened, and what the audit trail calls it.
    pub(super) fn new(
        record: impl Into<Arc<R>>,
        open: fn(&Registry, &R) -> Result<P, Failure>,
        audited: fn(&R) -> AuditedRecord,
    ) -> Self {
        Self { record: record.into(), personal: Arc::default(), open, audited }
    }

    /// The record, with its clear part.
    pub(super) fn record(&self) -> &R {
        &self.record
    }

    /// A value of the sealed part in clear; `None` where it has none, a located error where the caller may not see it
    /// or it does not open. The permission comes first: without it nothing is opened, and whether there is a value is
    /// not told either. `field` is the audit trail's word for it: the record's type and the path below it.
    pub(super) async fn sealed<T>(
        &self,
        ctx: &Context<'_>,
        field: &'static str,
        value: impl FnOnce(&P) -> Option<T>,
    ) -> Option<Result<T>> {
        let session = match session(ctx) {
            Ok(session) => session,
            Err(error) => return Some(Err(error)),
        };
        let record = (self.audited)(&self.record);
        match session.registry.may_see_personal_data(&session.caller).await {
            Ok(()) => {
                let value = self.masked(ctx, value)?;
                if value.is_ok() {
                    note(&session.caller.revealed, record, Cow::Borrowed(field), ctx.field());
                }
                Some(value)
            }
            Err(failure) => {
                session.caller.revealed.withhold([record]);
                Some(Err(error_of(&failure)))
            }
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

/// Notes a field of a record that is answered in clear; of an object, those of its fields that are selected.
fn note(revealed: &Revealed, record: AuditedRecord, field: Cow<'static, str>, selected: SelectionField<'_>) {
    let mut below = selected.selection_set().peekable();
    if below.peek().is_none() {
        return revealed.note(record, field);
    }
    for selected in below.filter(|selected| selected.name() != "__typename") {
        note(revealed, record, Cow::Owned(format!("{field}.{}", selected.name())), selected);
    }
}
