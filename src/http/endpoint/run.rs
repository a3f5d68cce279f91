//! Running what was found good: one operation, or the queries of a batch at once.

use super::Endpoint;
use super::accept::Media;
use super::answer::{Answer, internal, is_unauthenticated};
use super::judge::Ready;
use super::reply::{self, Reply};
use super::report::Report;
use crate::graphql::Session;
use crate::http::documents::RequestError;
use crate::http::trusted::{Registration, Resolved};
use async_graphql::Variables;
use futures::FutureExt;
use futures::future::join_all;
use serde_json::Value;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

/// What may be executed, or why it may not, each at its place.
pub(super) type Judged = Vec<Result<Ready, Vec<RequestError>>>;

/// What all operations of one HTTP request run with.
pub(super) struct Run<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) media: Media,
    /// `None` where nothing but the schema is asked for.
    pub(super) session: Option<Arc<Session>>,
    pub(super) deadline: Instant,
    pub(super) report: Report,
}

impl Run<'_> {
    /// Runs one request, or says what is wrong with it.
    pub(super) async fn single(self, judged: Result<Ready, Vec<RequestError>>) -> Reply {
        let mut ready = match judged {
            Ok(ready) => ready,
            Err(errors) => return reply::request_errors(self.media, &errors),
        };
        let registered = to_register(&mut ready);
        let answer = self.execute(ready).await;
        self.refused(std::slice::from_ref(&answer)).unwrap_or_else(|| {
            self.register(registered);
            reply::one(self.media, answer)
        })
    }

    /// Runs the queries of a batch at once, in one task: what they ask for together becomes one store call.
    pub(super) async fn batch(self, mut judged: Judged) -> Reply {
        let registered: Vec<_> = judged.iter_mut().flatten().filter_map(to_register).collect();
        let answers = judged.into_iter().map(async |judged| match judged {
            // A panic is this operation's own: the others are answered.
            Ok(ready) => AssertUnwindSafe(self.execute(ready))
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Answer::errors(vec![internal()])),
            Err(errors) => Answer::refused(&errors),
        });
        let answers = join_all(answers).await;
        self.refused(&answers).unwrap_or_else(|| {
            self.register(registered);
            reply::batch(self.media, answers)
        })
    }

    /// Runs one operation. A query is broken off when the time is over; a mutation never, as it may have committed:
    /// what it waits for is bounded by itself.
    async fn execute(&self, ready: Ready) -> Answer {
        let told = self.report.extensions(ready.cost);
        // The executor takes the parsed form; it never looks at the text.
        let mut request = async_graphql::Request::new("");
        request.set_parsed_query(ready.executable);
        request = request.variables(Variables::from_json(Value::Object(ready.variables)));
        if let Some(session) = &self.session {
            request = request.data(session.clone());
        }
        let executed = self.endpoint.schema.execute(request);
        let answer = if !ready.is_query {
            Answer::executed(executed.await, ready.name)
        } else {
            match tokio::time::timeout_at(self.deadline.into(), executed).await {
                Ok(response) => Answer::executed(response, ready.name),
                Err(_) => Answer::timed_out(ready.name),
            }
        };
        answer.with_extensions(told)
    }

    /// Where Access Manager does not accept the token, the whole request is refused, unless a mutation of it has
    /// committed.
    fn refused(&self, answers: &[Answer]) -> Option<Reply> {
        let error = answers.iter().flat_map(Answer::told).find(|error| is_unauthenticated(error))?;
        let has_committed = self.session.as_ref().is_some_and(|session| session.caller().has_committed());
        (!has_committed).then(|| reply::unauthenticated(self.media, &error.message))
    }

    /// Remembers automatic persisted queries: for somebody whose token Access Manager has accepted, in this request.
    fn register(&self, registered: impl IntoIterator<Item = (Arc<str>, Registration)>) {
        if self.session.as_ref().is_some_and(|session| session.caller().is_known()) {
            for (text, registration) in registered {
                let resolved = Resolved { text, trusted: false, registration: Some(registration) };
                self.endpoint.trusted.register(&resolved);
            }
        }
    }
}

/// What is to be remembered of a request, once it ran. All clients share what is remembered, so a document with values
/// in it is not: whoever guesses its text could learn that somebody has asked for them.
fn to_register(ready: &mut Ready) -> Option<(Arc<str>, Registration)> {
    let registration = ready.resolved.registration.take().filter(|_| !ready.document.holds_values())?;
    Some((ready.resolved.text.clone(), registration))
}
