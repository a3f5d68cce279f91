//! Running what was found good: one operation, or the queries of a batch at once.

use super::Endpoint;
use super::accept::Media;
use super::answer::{Answer, is_unauthenticated};
use super::judge::Ready;
use super::reply::{self, Reply};
use crate::graphql::Session;
use crate::http::documents::RequestError;
use async_graphql::Variables;
use futures::future::join_all;
use serde_json::Value;
use std::sync::Arc;
use std::time::Instant;

/// What may be executed, or why it may not, each at its place.
pub(super) type Judged = Vec<Result<Ready, Vec<RequestError>>>;

/// Runs one request, or says what is wrong with it.
pub(super) async fn single(
    endpoint: &Endpoint,
    media: Media,
    judged: Result<Ready, Vec<RequestError>>,
    session: Option<&Arc<Session>>,
    deadline: Instant,
) -> Reply {
    match judged {
        Err(errors) => reply::request_errors(media, &errors),
        Ok(ready) => {
            let answer = execute(endpoint, ready, session, deadline).await;
            refused(media, std::slice::from_ref(&answer), session)
                .unwrap_or_else(|| reply::one(media, answer))
        }
    }
}

/// Runs the queries of a batch at once, in one task: what they ask for together becomes one store call.
pub(super) async fn batch(
    endpoint: &Endpoint,
    media: Media,
    judged: Judged,
    session: Option<&Arc<Session>>,
    deadline: Instant,
) -> Reply {
    let answers = judged.into_iter().map(async |judged| match judged {
        Ok(ready) => execute(endpoint, ready, session, deadline).await,
        Err(errors) => Answer::refused(&errors),
    });
    let answers = join_all(answers).await;
    refused(media, &answers, session).unwrap_or_else(|| reply::batch(media, answers))
}

/// Runs one operation. A query is broken off when the time is over; a mutation never, as it may have committed: what it
/// waits for is bounded by itself.
async fn execute(
    endpoint: &Endpoint,
    ready: Ready,
    session: Option<&Arc<Session>>,
    deadline: Instant,
) -> Answer {
    let variables = Variables::from_json(Value::Object(ready.variables));
    // The executor takes the parsed form; it never looks at the text.
    let mut request = async_graphql::Request::new("").variables(variables);
    if let Some(name) = ready.selected {
        request = request.operation_name(name);
    }
    request.set_parsed_query(ready.document.parsed());
    if let Some(session) = session {
        request = request.data(session.clone());
    }
    let executed = endpoint.schema.execute(request);
    if !ready.is_query {
        return Answer::executed(executed.await, ready.name);
    }
    match tokio::time::timeout_at(deadline.into(), executed).await {
        Ok(response) => Answer::executed(response, ready.name),
        Err(_) => Answer::timed_out(ready.name),
    }
}

/// Where Access Manager does not accept the token, the whole request is refused, unless a mutation of it has committed.
fn refused(media: Media, answers: &[Answer], session: Option<&Arc<Session>>) -> Option<Reply> {
    let error = answers.iter().flat_map(Answer::told).find(|error| is_unauthenticated(error))?;
    let has_committed = session.is_some_and(|session| session.caller().has_committed());
    (!has_committed).then(|| reply::unauthenticated(media, &error.message))
}
