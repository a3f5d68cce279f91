//! What is told of a request when it has ended: one line, its metrics and its span. Names and codes only.

use super::judge::Ready;
use super::reply::Reply;
use super::run::Judged;
use super::total;
use crate::domain::ids::OrganizationId;
use crate::http::documents::logged_name;
use crate::telemetry::metrics::{REQUEST_COST, REQUEST_SECONDS, REQUESTS};
use crate::telemetry::operation_names;
use crate::telemetry::traces::{RequestSpan, Told};
use axum::extract::Request;
use axum::http::Method;
use std::time::Instant;

/// What is known of a request beside its reply.
pub(super) struct About {
    method: Method,
    /// `query` or `mutation`; of a batch, which holds queries only, the one.
    kind: Option<&'static str>,
    cost: Option<u64>,
    organization: Option<OrganizationId>,
}

impl About {
    /// Of a request of which nothing was judged yet.
    pub(super) fn of(request: &Request) -> Self {
        Self { method: request.method().clone(), kind: None, cost: None, organization: None }
    }

    /// Its documents were judged.
    pub(super) fn judged(&mut self, judged: &Judged, organization: Option<OrganizationId>) {
        let first: Option<&Ready> = judged.iter().flatten().next();
        self.kind = first.map(|ready| if ready.is_query { "query" } else { "mutation" });
        self.cost = first.map(|_| total(judged));
        self.organization = organization;
    }

    /// Tells how it ended.
    pub(super) fn tell(&self, reply: &Reply, began: Instant, span: RequestSpan, request_id: &str) {
        let (status, codes) = (reply.status().as_u16(), reply.codes());
        let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let operation = reply.operation_name().map(logged_name);
        let (operations, outcome) = (reply.operations(), reply.outcome());
        tracing::info!(status, codes, operation, operations, milliseconds, "request");
        let label = operation_names::label(operation);
        metrics::counter!(REQUESTS, "operation" => label, "outcome" => outcome.clone()).increment(1);
        let kind = self.kind.unwrap_or("none");
        metrics::histogram!(REQUEST_SECONDS, "type" => kind).record(began.elapsed().as_secs_f64());
        if let Some(cost) = self.cost {
            // No cost comes near what a float cannot hold.
            metrics::histogram!(REQUEST_COST, "type" => kind)
                .record(f64::from(u32::try_from(cost).unwrap_or(u32::MAX)));
        }
        span.end(&Told {
            method: self.method.as_str(),
            status,
            kind: self.kind,
            name: operation,
            operations,
            outcome: &outcome,
            request_id,
            organization: self.organization.map(|organization| organization.to_string()),
            cost: self.cost,
        });
    }
}
