//! Every route of the main port.

use super::endpoint::{self, Endpoint};
use super::forwarded::noticed;
use axum::Router;
use axum::body::Body;
use axum::http::Response;
use axum::routing::any;
use std::any::Any;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;

/// The router: `/graphql`, what answers about health, and, where it is on, the playground.
pub fn router(endpoint: Arc<Endpoint>, health: Router, playground: Option<Router>) -> Router {
    let graphql = Router::new().route("/graphql", any(endpoint::graphql)).with_state(endpoint);
    // Not those about health: load balancers forward their own probes.
    let routes = health.merge(noticed(graphql.merge(playground.unwrap_or_default())));
    routes.layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| -> Response<Body> { endpoint::panicked() }))
}
