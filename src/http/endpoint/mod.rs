//! `/graphql`: the order of checks is the text of `answer`.

mod accept;
mod answer;
mod asked;
mod body;
mod fault;
mod headers;
mod json;
mod judge;
mod query_string;
mod reply;
mod report;
mod revalidation;
mod run;
mod sender;
mod stages;
mod strangers;
mod tell;
mod trail;

pub(super) use reply::panicked;
pub use strangers::Strangers;

use super::documents::{Documents, RequestError};
use super::peer::Peer;
use super::rate_limit::RateLimit;
use super::trusted::TrustedDocuments;
use crate::domain::ids::OrganizationId;
use crate::graphql::{Schema, Session};
use crate::registry::Registry;
use crate::registry::caller::Caller;
use crate::registry::ports::access::{Identity, Unidentified};
use crate::registry::ports::call::Call;
use crate::telemetry::metrics::REQUESTS_IN_FLIGHT;
use crate::telemetry::traces::RequestSpan;
use accept::Media;
use asked::Asked;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use futures::FutureExt;
use headers::Ids;
use judge::{Around, NO_TOKEN, Ready, Refused, judge};
use reply::Reply;
use report::Report;
use revalidation::Revalidation;
use run::{Judged, Run};
use sender::Sender;
use stages::Stages;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tell::About;
use tracing::Instrument;
use trail::Trail;

/// What the endpoint needs to know and to reach.
pub struct Endpoint {
    /// The use cases.
    pub registry: Arc<Registry>,
    /// The executable schema.
    pub schema: Schema,
    /// The validator of the same schema.
    pub documents: Arc<Documents>,
    /// Documents by their ids and hashes.
    pub trusted: TrustedDocuments,
    /// How many requests a subject may send for an organization.
    pub rate_limit: Option<RateLimit>,
    /// Those who are refused before anybody knows who they are.
    pub strangers: Strangers,
    /// What is taken.
    pub rules: Rules,
}

/// What the endpoint takes.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Largest body, in bytes.
    pub max_body: usize,
    /// How long a whole request may take.
    pub request_timeout: Duration,
    /// Whether the schema may be read without a token (the sandbox: GraphiQL and code generators can load).
    pub open_introspection: bool,
    /// Whether queries may come over GET.
    pub get: bool,
    /// Most requests of one batch.
    pub batch_max: usize,
    /// Whether operations without a name are refused.
    pub operation_name_required: bool,
    /// Whether keys prove tokens here, so that nobody can name a subject that they are not.
    pub tokens_proven: bool,
}

/// Answers one HTTP request.
pub async fn graphql(State(endpoint): State<Arc<Endpoint>>, request: Request) -> Response {
    let mut stages = Stages::new(request.headers(), Instant::now());
    let traced = RequestSpan::begin(headers::parent(request.headers()));
    let ids = Ids::of(request.headers(), &traced);
    // Of the gravest level, so that its ids stand in every line however little is logged.
    let span = tracing::error_span!("request", request_id = ids.request_id, trace_id = traced.trace_id());
    let mut about = About::of(&request);
    let in_flight = metrics::gauge!(REQUESTS_IN_FLIGHT);
    in_flight.increment(1);
    let guard = scopeguard(move || in_flight.decrement(1));
    let began = Instant::now();
    let answered = async {
        let mut trail = Trail::default();
        let answered = answer(&endpoint, request, &ids, &mut stages, &mut trail, &mut about);
        let reply = AssertUnwindSafe(answered).catch_unwind().await.unwrap_or_else(|_| reply::broken());
        trail.tell(&endpoint, reply).await
    };
    let reply = traced.around(answered.instrument(span.clone())).await;
    drop(guard);
    span.in_scope(|| about.tell(&reply, began, traced, &ids.request_id));
    let mut response = reply.into_response(&ids);
    if let Some(told) = stages.header() {
        response.headers_mut().insert("server-timing", told);
    }
    response
}

/// The way of one request, in the order of its checks.
async fn answer(
    endpoint: &Endpoint,
    request: Request,
    ids: &Ids,
    stages: &mut Stages,
    trail: &mut Trail,
    about: &mut About,
) -> Reply {
    let (parts, body) = request.into_parts();
    let Some(media) = accept::choose(&parts.headers) else { return reply::not_acceptable() };
    let over_get = match taken(endpoint, &parts.method) {
        Ok(over_get) => over_get,
        Err(allow) => return reply::not_allowed(media, allow, "send a GraphQL request as JSON by POST"),
    };
    let deadline = stages.began() + endpoint.rules.request_timeout;
    let identity = match identify(endpoint, &parts.headers, deadline).await {
        Ok(identity) => Some(identity),
        Err(Nobody::NoToken) if endpoint.rules.open_introspection => None,
        Err(nobody) => {
            trail.nobody(nobody.reason());
            return nobody.reply(media);
        }
    };
    stages.end("token");
    let organization = headers::organization(&parts.headers);
    let session = identity.clone().zip(organization.ok()).map(|(identity, organization)| {
        let (request_id, traceparent) = (ids.request_id.clone(), ids.traceparent.clone());
        let client_address = parts.extensions.get().map(|Peer(address)| *address);
        let call = Call { identity, request_id, traceparent, client_address, deadline };
        session(endpoint, call, organization)
    });
    trail.of(session.as_ref());
    let sender = Sender::of(endpoint, identity.as_ref(), organization);
    if let Some(Err(wait)) = sender.as_ref().map(Sender::has_room) {
        trail.held_back(&wait);
        return reply::rate_limited(media, &wait);
    }
    let asked = match over_get {
        true => query_string::read(&parts.uri),
        false => {
            let (max, batch_max) = (endpoint.rules.max_body, endpoint.rules.batch_max);
            body::read(&parts.headers, body, max, batch_max, deadline).await
        }
    };
    // What cannot be read has been sent too.
    let requests = asked.as_ref().map_or(1, |asked| asked.requests.len());
    let left = match sender.map(|sender| sender.take(requests)).transpose() {
        Ok(left) => left,
        Err(wait) => {
            trail.held_back(&wait);
            return reply::rate_limited(media, &wait);
        }
    };
    let asked = match asked {
        Ok(asked) => asked,
        Err(fault) => return fault.reply(media),
    };
    stages.end("body");
    let Asked { is_batch, bytes, .. } = asked;
    let around = Around { media, identity: identity.as_ref(), organization, over_get, is_batch, bytes };
    let mut judged = match judge_all(endpoint, &around, asked, trail) {
        Ok(judged) => judged,
        Err(reply) => return *reply,
    };
    stages.end("document");
    about.judged(&judged, organization.ok());
    let report = Report::new(&parts.headers, left, total(&judged));
    let run = Run { endpoint, media, session, deadline, report };
    let reply = match judged.pop() {
        Some(only) if !is_batch => {
            let revalidates = only.as_ref().is_ok_and(|ready| over_get && ready.resolved.trusted);
            let reply = run.single(only).await;
            if revalidates { reply.revalidated(Revalidation::of(&parts.headers)) } else { reply }
        }
        last => {
            judged.extend(last);
            run.batch(judged).await
        }
    };
    stages.end("execution");
    reply
}

/// Whether a method means GET; or, where it is not taken, which are.
fn taken(endpoint: &Endpoint, method: &Method) -> Result<bool, &'static str> {
    match *method {
        Method::POST => Ok(false),
        Method::GET if endpoint.rules.get => Ok(true),
        _ if endpoint.rules.get => Err("GET, POST"),
        _ => Err("POST"),
    }
}

/// Judges every request; of a batch, whether they may run side by side.
fn judge_all(
    endpoint: &Endpoint,
    around: &Around<'_>,
    asked: Asked,
    trail: &mut Trail,
) -> Result<Judged, Box<Reply>> {
    let mut judged = Judged::with_capacity(asked.requests.len());
    for request in asked.requests {
        match judge(endpoint, around, request, trail) {
            Ok(ready) => judged.push(Ok(ready)),
            Err(Refused::This(errors)) => judged.push(Err(errors)),
            Err(Refused::Whole(reply)) => return Err(reply),
        }
    }
    if let Some(limit) = judged.iter().flatten().map(|ready| ready.cost.limit).next()
        && total(&judged) > limit
    {
        let cost = total(&judged);
        let message = format!(
            "the batch may cost {cost} in all, and at most {limit} is allowed: send fewer requests at once"
        );
        let error = RequestError { code: "QUERY_TOO_COMPLEX", message, location: None };
        return Err(Box::new(reply::request_errors(around.media, &[error])));
    }
    Ok(judged)
}

/// What all requests cost together.
fn total(judged: &Judged) -> u64 {
    judged.iter().flatten().fold(0, |total, ready: &Ready| total.saturating_add(ready.cost.requested))
}

/// Why there is nobody to act for.
enum Nobody {
    NoToken,
    Unidentified(Unidentified),
    OutOfTime,
}

impl Nobody {
    /// Why, as a metric calls it.
    fn reason(&self) -> &'static str {
        match self {
            Self::NoToken => "no_token",
            Self::Unidentified(Unidentified::BadToken(_)) => "bad_token",
            Self::Unidentified(Unidentified::Unavailable) => "keys_unavailable",
            Self::OutOfTime => "timed_out",
        }
    }

    fn reply(self, media: Media) -> Reply {
        match self {
            Self::NoToken => reply::unauthenticated(media, NO_TOKEN),
            Self::Unidentified(Unidentified::BadToken(why)) => reply::unauthenticated(media, why.0),
            Self::Unidentified(Unidentified::Unavailable) => reply::unidentifiable(media),
            Self::OutOfTime => reply::timed_out(media),
        }
    }
}

/// Who calls.
async fn identify(endpoint: &Endpoint, headers: &HeaderMap, deadline: Instant) -> Result<Identity, Nobody> {
    let authorization = headers::authorization(headers).map_err(|why| Nobody::Unidentified(why.into()))?;
    let identified = endpoint.registry.access.identify(authorization);
    match tokio::time::timeout_at(deadline.into(), identified).await {
        Ok(Ok(identity)) => Ok(identity),
        Ok(Err(_)) if authorization.is_none() => Err(Nobody::NoToken),
        Ok(Err(why)) => Err(Nobody::Unidentified(why)),
        Err(_) => Err(Nobody::OutOfTime),
    }
}

/// What the resolvers of all operations of this request share.
fn session(endpoint: &Endpoint, call: Call, organization: OrganizationId) -> Arc<Session> {
    let caller = Caller::new(call, organization, endpoint.registry.access.clone());
    let caller = Arc::new(caller.proven(endpoint.rules.tokens_proven));
    Arc::new(Session::new(endpoint.registry.clone(), caller))
}

/// Runs something when it is dropped: also where the client went away and the request with it.
fn scopeguard(run: impl FnOnce()) -> impl Drop {
    struct Guard<F: FnOnce()>(Option<F>);
    impl<F: FnOnce()> Drop for Guard<F> {
        fn drop(&mut self) {
            if let Some(run) = self.0.take() {
                run();
            }
        }
    }
    Guard(Some(run))
}
