//! Replies: one answer or those of a batch, in the media type and with the status that the HTTP contract asks for.

use super::accept::Media;
use super::answer::{Answer, code, error, internal, retryable};
use super::headers::{Ids, ORGANIZATION, REQUEST_ID, TRACEPARENT};
use super::revalidation::Revalidation;
use crate::graphql::{code_of, error_of};
use crate::http::documents::RequestError;
use crate::http::rate_limit::Wait;
use crate::registry::failure::Failure;
use async_graphql::{Pos, ServerError};
use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{Response, StatusCode};

/// What a client is asked to wait before it tries again: about as long as the first reloads of a key set take.
const RETRY_AFTER_SECONDS: u64 = 2;

/// A reply that has not been written yet.
pub(super) struct Reply {
    media: Media,
    status: StatusCode,
    body: Content,
    retry_after: Option<u64>,
    allow: Option<&'static str>,
    revalidation: Option<Revalidation>,
}

enum Content {
    One(Box<Answer>),
    Batch(Vec<Answer>),
}

/// The answer of an executed operation.
pub(super) fn one(media: Media, answer: Answer) -> Reply {
    Reply::new(media, StatusCode::OK, Content::One(Box::new(answer)))
}

/// The answers of a batch, in the order of its requests. Each says for itself whether it failed.
pub(super) fn batch(media: Media, answers: Vec<Answer>) -> Reply {
    Reply::new(media, StatusCode::OK, Content::Batch(answers))
}

/// A request that cannot be executed: 400, or 200 where the client only takes `application/json`.
pub(super) fn request_errors(media: Media, errors: &[RequestError]) -> Reply {
    let status = match media {
        Media::GraphQLResponse => StatusCode::BAD_REQUEST,
        Media::Json => StatusCode::OK,
    };
    Reply::new(media, status, Content::One(Box::new(Answer::refused(errors))))
}

/// No token, or one that is not accepted.
pub(super) fn unauthenticated(media: Media, why: &str) -> Reply {
    whole(media, StatusCode::UNAUTHORIZED, error("UNAUTHENTICATED", why))
}

/// Nobody knows whether the token is good: the keys that would prove it cannot be read. Nothing is executed, so it is no
/// partial answer (200); it is no bad token either (401).
pub(super) fn unidentifiable(media: Media) -> Reply {
    let code = code_of(&Failure::AuthorizationUnavailable);
    let unavailable =
        retryable(error(code, "the keys that prove tokens cannot be read now: try again later"));
    let reply = whole(media, StatusCode::SERVICE_UNAVAILABLE, unavailable);
    Reply { retry_after: Some(RETRY_AFTER_SECONDS), ..reply }
}

/// The time was over before anything was executed.
pub(super) fn timed_out(media: Media) -> Reply {
    one(media, Answer::timed_out(None))
}

/// The organization's header is missing, repeated or no UUID.
pub(super) fn bad_organization(media: Media, why: &str) -> Reply {
    let mut error = error("BAD_USER_INPUT", why);
    error.extensions.get_or_insert_default().set("header", ORGANIZATION);
    whole(media, StatusCode::BAD_REQUEST, error)
}

/// More requests than there may be. What waiting does not mend is the request's own fault.
pub(super) fn rate_limited(media: Media, wait: &Wait) -> Reply {
    match wait.seconds {
        None => bad_request(media, StatusCode::BAD_REQUEST, &wait.to_string()),
        Some(_) => {
            let error = retryable(error("RATE_LIMITED", &wait.to_string()));
            Reply { retry_after: wait.seconds, ..whole(media, StatusCode::TOO_MANY_REQUESTS, error) }
        }
    }
}

/// What is no GraphQL request.
pub(super) fn bad_request(media: Media, status: StatusCode, why: &str) -> Reply {
    whole(media, status, error("BAD_USER_INPUT", why))
}

/// A method that is not taken, or not for this request.
pub(super) fn not_allowed(media: Media, allow: &'static str, why: &str) -> Reply {
    Reply { allow: Some(allow), ..bad_request(media, StatusCode::METHOD_NOT_ALLOWED, why) }
}

/// The client takes neither media type.
pub(super) fn not_acceptable() -> Reply {
    let why = "Accept must allow application/graphql-response+json or application/json";
    bad_request(Media::Json, StatusCode::NOT_ACCEPTABLE, why)
}

/// A panic: what was going on is in the log, by its place alone.
pub(super) fn broken() -> Reply {
    whole(Media::Json, StatusCode::INTERNAL_SERVER_ERROR, internal())
}

/// The same for a request of which nothing is known.
pub(in crate::http) fn panicked() -> Response<Body> {
    broken().into_response(&Ids::unknown())
}

fn whole(media: Media, status: StatusCode, error: ServerError) -> Reply {
    Reply::new(media, status, Content::One(Box::new(Answer::errors(vec![error]))))
}

impl Reply {
    fn new(media: Media, status: StatusCode, body: Content) -> Self {
        Self { media, status, body, retry_after: None, allow: None, revalidation: None }
    }

    /// The same, which the client may keep and ask for again.
    pub(super) fn revalidated(self, revalidation: Revalidation) -> Self {
        Self { revalidation: Some(revalidation), ..self }
    }

    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    /// The operation's name; of a batch there are several.
    pub(super) fn operation_name(&self) -> Option<&str> {
        match &self.body {
            Content::One(answer) => answer.operation_name(),
            Content::Batch(_) => None,
        }
    }

    /// How many operations it answers.
    pub(super) fn operations(&self) -> usize {
        self.answers().len()
    }

    /// The codes of the errors in it, each once.
    pub(super) fn codes(&self) -> String {
        let mut codes: Vec<String> = self.errors().map(code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.join(",")
    }

    /// A label for metrics: `ok`, or the first error's code in lower case.
    pub(super) fn outcome(&self) -> String {
        self.errors().next().map_or_else(|| "ok".to_owned(), |error| code(error).to_lowercase())
    }

    fn answers(&self) -> &[Answer] {
        match &self.body {
            Content::One(answer) => std::slice::from_ref(&**answer),
            Content::Batch(answers) => answers,
        }
    }

    pub(super) fn errors(&self) -> impl Iterator<Item = &ServerError> {
        self.answers().iter().flat_map(Answer::told)
    }

    /// Whether it answers anything but errors.
    pub(super) fn has_data(&self) -> bool {
        self.answers().iter().any(Answer::has_data)
    }

    /// A reply of the same shape that says nothing but why it does not say more. What was not executed is no partial
    /// answer (200), and no refusal any more.
    pub(super) fn withheld(self, failure: &Failure) -> Self {
        let error = || error_of(failure).into_server_error(Pos::default());
        let error = || ServerError { locations: Vec::new(), ..error() };
        let body = match self.body {
            Content::One(answer) => Content::One(Box::new(answer.withheld(error()))),
            Content::Batch(answers) => {
                Content::Batch(answers.into_iter().map(|answer| answer.withheld(error())).collect())
            }
        };
        let reply = Self::new(self.media, self.status, body);
        match self.status {
            StatusCode::OK => reply,
            _ => Self {
                status: StatusCode::SERVICE_UNAVAILABLE,
                retry_after: Some(RETRY_AFTER_SECONDS),
                ..reply
            },
        }
    }

    /// Writes it, each error with the request's id.
    pub(super) fn into_response(mut self, ids: &Ids) -> Response<Body> {
        let is_faultless = self.errors().next().is_none();
        let body = match &mut self.body {
            Content::One(answer) => {
                answer.complete(&ids.request_id);
                serde_json::to_vec(answer)
            }
            Content::Batch(answers) => {
                answers.iter_mut().for_each(|answer| answer.complete(&ids.request_id));
                serde_json::to_vec(answers)
            }
        };
        let mut response = Response::new(Body::empty());
        // Text and numbers always have a JSON form; if one had none, an empty 200 would read as an answer.
        let Ok(body) = body else {
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            return response;
        };
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media.content_type()));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in [(REQUEST_ID, &ids.request_id), (TRACEPARENT, &ids.traceparent)] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if let Some(allow) = self.allow {
            headers.insert(ALLOW, HeaderValue::from_static(allow));
        }
        // An answer with an error may be another one a moment later.
        if let Some(revalidation) = self.revalidation.filter(|_| is_faultless)
            && revalidation.mark(headers, &body)
        {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        *response.body_mut() = Body::from(body);
        response
    }
}
