//! The requests of one connection: whether one has come, and what their answers say while the server leaves.

use super::peer::Peer;
use super::shutdown::Draining;
use axum::Router;
use axum::body::Body;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::Notify;

/// Whether a request has come on a connection: its head was read to the end.
#[derive(Clone, Debug, Default)]
pub(super) struct Begun(Arc<Notify>);

impl Begun {
    fn note(&self) {
        // One is kept for whoever looks later.
        self.0.notify_one();
    }

    /// Ends at once where one has come, and else with the first one.
    pub(super) async fn has_come(&self) {
        self.0.notified().await;
    }
}

/// What is done with each request of a connection. While the server leaves, every answer ends its connection: so the
/// pools of clients and proxies turn away one by one, each between two requests, before nothing is accepted any more.
pub(super) fn answered(
    router: Router,
    peer: Peer,
    draining: Draining,
    begun: Begun,
) -> impl Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future: Send> {
    let routes = TowerToHyperService::new(peer.asks(router));
    service_fn(move |request| {
        begun.note();
        let (answering, draining) = (routes.call(request), draining.clone());
        async move {
            let mut answer = answering.await?;
            if draining.has_begun() {
                answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(answer)
        }
    })
}
