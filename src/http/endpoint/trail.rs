//! What the audit trail is told of a request as a whole, before its answer leaves: what it reveals in clear, and what it
//! refuses to somebody who is known. Mutations tell of their own ends, in the registry.

use super::Endpoint;
use super::answer::code;
use super::reply::Reply;
use crate::graphql::Session;
use crate::http::documents::Document;
use crate::http::rate_limit::Wait;
use crate::registry::trail::Answered;
use apollo_compiler::executable::Operation;
use async_graphql::ServerError;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a request is called of which nobody knows yet what it asks for.
const UNREAD: &str = "request";

/// Codes that say no. Others say that something did not work, or ask for another try (PERSISTED_QUERY_NOT_FOUND).
const REFUSALS: [&str; 8] = [
    UNAUTHENTICATED,
    "FORBIDDEN",
    "BAD_USER_INPUT",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "QUERY_TOO_COMPLEX",
    RATE_LIMITED,
    "PERSISTED_QUERY_REQUIRED",
];

const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
const RATE_LIMITED: &str = "RATE_LIMITED";

/// Gathered while a request is judged and run.
#[derive(Default)]
pub(super) struct Trail {
    session: Option<Arc<Session>>,
    nobody: Option<&'static str>,
    fields: BTreeSet<String>,
    mutates: bool,
    is_told: bool,
}

impl Trail {
    /// Why there is nobody to act for: one of a closed list.
    pub(super) fn nobody(&mut self, reason: &'static str) {
        self.nobody = Some(reason);
    }

    /// Who acts, and for which organization; none where one of them is missing.
    pub(super) fn of(&mut self, session: Option<&Arc<Session>>) {
        self.session = session.cloned();
    }

    /// The rate limit holds it back. Of a flood the first is told: the rest must not push others' entries aside.
    pub(super) fn held_back(&mut self, wait: &Wait) {
        self.is_told = !wait.is_first;
    }

    /// What is asked for; the requests of a batch are told together.
    pub(super) fn asks(&mut self, document: &Document, operation: &Operation) {
        self.fields.extend(document.root_fields(operation).map(str::to_owned));
        self.mutates |= !operation.is_query();
    }

    /// Tells the trail of a reply. What it cannot be told is not answered.
    pub(super) async fn tell(self, endpoint: &Endpoint, reply: Reply) -> Reply {
        let known = self.session.as_ref().filter(|session| session.caller().has_known_subject());
        let Some(session) = known else {
            let codes = codes(reply.errors());
            if is_refusal(&codes) {
                endpoint.strangers.refused(self.reason(&codes));
            }
            return reply;
        };
        if self.is_told {
            return reply;
        }
        let codes = codes(reply.errors().filter(|error| !self.tells_itself(error)));
        let is_refused = is_refusal(&codes);
        let answered = Answered {
            operations: self.operations(),
            mutates: self.mutates,
            has_data: reply.has_data(),
            is_refused,
            codes,
        };
        match endpoint.registry.tell_of_answer(session.caller(), answered).await {
            Ok(()) => reply,
            Err(failure) => reply.withheld(&failure),
        }
    }

    /// Whether an error is the end of a mutation, which the registry has told of.
    fn tells_itself(&self, error: &ServerError) -> bool {
        self.mutates && (error.path.len() == 1 || code(error) == UNAUTHENTICATED)
    }

    /// What is told at once: a query is one entry, and so is each mutation that was refused before it ran.
    fn operations(&self) -> Vec<String> {
        let fields: Vec<String> = self.fields.iter().cloned().collect();
        match fields.len() {
            0 => vec![UNREAD.to_owned()],
            _ if self.mutates => fields,
            _ => vec![fields.join(",")],
        }
    }

    /// Why somebody unknown was refused, as the metric calls it.
    fn reason(&self, codes: &[String]) -> &'static str {
        let has = |wanted: &str| codes.iter().any(|code| code == wanted);
        match (self.nobody, &self.session) {
            (Some(reason), _) => reason,
            _ if has(RATE_LIMITED) => "rate_limited",
            (None, Some(_)) if has(UNAUTHENTICATED) => "not_accepted",
            (None, None) if has(UNAUTHENTICATED) => "no_token",
            (None, _) => "bad_request",
        }
    }
}

/// The codes of errors, each once, in alphabetical order.
fn codes<'a>(errors: impl Iterator<Item = &'a ServerError>) -> Vec<String> {
    errors.map(code).collect::<BTreeSet<_>>().into_iter().collect()
}

fn is_refusal(codes: &[String]) -> bool {
    codes.iter().any(|code| REFUSALS.contains(&code.as_str()))
}
