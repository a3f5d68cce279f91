//! How the sandbox servers are driven, to rehearse outages: faults that are put before all of a server's routes, and
//! a log of what it was asked. Kept in memory only: a rehearsal ends with the process at the latest.

mod calls;
mod counted;
mod door;
mod faults;
mod members;
mod question;
mod routes;
mod rule;
mod strike;

pub(super) use self::calls::Connection;
pub(super) use self::door::says_json;
pub(super) use self::members::Members;
pub(super) use self::routes::body;

use self::calls::{Call, Caller, Calls};
use self::counted::Counted;
use self::faults::Faults;
use super::bearer;
use super::refusal::Refusal;
use super::world::World;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// How a server words an error of this status, in the form that its clients know.
pub(super) type Wording = fn(StatusCode, String) -> Refusal;

/// What is shared by a server's routes and its connections.
#[derive(Clone, Default)]
pub(super) struct Drive {
    faults: Arc<Faults>,
    calls: Arc<Calls>,
}

/// All that is needed to strike a request and to log it.
struct Driven {
    drive: Drive,
    world: Arc<World>,
    wording: Wording,
}

impl Drive {
    /// Puts the faults and the log before these routes, and adds the routes that drive them.
    pub(super) fn around(&self, routes: Router, world: Arc<World>, wording: Wording) -> Router {
        let driven = Arc::new(Driven { drive: self.clone(), world, wording });
        let own = routes::routes(Arc::clone(&driven));
        routes.merge(own).layer(from_fn_with_state(driven, through))
    }

    /// A connection was accepted.
    pub(super) fn connected(&self) -> Connection {
        Calls::connected(&self.calls)
    }

    /// Ends all faults, so that no request holds up a server that shall stop.
    pub(super) fn release(&self) {
        self.faults.replace(Vec::new());
    }
}

/// The way of each request. Those that drive the server are let in by other rules, never struck and not logged.
async fn through(State(this): State<Arc<Driven>>, request: Request, next: Next) -> Response {
    let drives = door::is_drive(request.uri().path());
    if let Some(connection) = request.extensions().get::<Connection>() {
        connection.asked(drives);
    }
    if drives {
        return match door::admit(&request) {
            Ok(()) => next.run(request).await,
            Err((status, why)) => (this.wording)(status, why).into_response(),
        };
    }
    let head = request.method() == Method::HEAD;
    let caller = Caller::of(bearer::authenticate(this.world.key(), request.headers()));
    let call = Calls::begin(&this.drive.calls, request.method(), request.uri().path(), caller);
    let struck = this.drive.faults.strike(&request);
    if let Some(struck) = &struck {
        call.struck(struck.kind.name());
    }
    let (request, question) = question::read(request).await;
    if let Some(question) = question {
        call.asks(question);
    }
    let response = match struck {
        Some(struck) => strike::answer(struck, this.wording, request, next).await,
        None => next.run(request).await,
    };
    counted(response, head, call)
}

/// Notes the status, and when the body has been sent to its end.
fn counted(response: Response, head: bool, call: Call) -> Response {
    let status = response.status();
    call.answered(status.as_u16());
    // The connection drops such a body unread, which would look as if the client had gone.
    let bodiless = head || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let (parts, body) = response.into_parts();
    let body = if bodiless { Body::empty() } else { body };
    let body = Counted::new(body, &parts.headers, call);
    Response::from_parts(parts, Body::new(body))
}

#[cfg(test)]
mod tests;
