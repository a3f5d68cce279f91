//! One attempt at a call, however it ends.

mod answers;
mod connections;
mod measured;
mod shield;

use super::stand_in::{Reply, StandIn, call, limits};
use super::{Answer, Failure, Settings, Upstream};
use crate::registry::ports::access::Asked;
use crate::registry::ports::call::Call;
use crate::tls::UpstreamTls;
use reqwest::StatusCode;
use std::time::Duration;
use url::Url;

fn settings(base: Url, attempt_timeout: Duration) -> Settings {
    let tls = UpstreamTls::default();
    Settings { name: "ledger", base, limits: limits(attempt_timeout), longest_answer: 1000, tls }
}

fn upstream(base: &Url, attempt_timeout: Duration) -> Upstream {
    Upstream::new(&settings(base.clone(), attempt_timeout)).unwrap()
}

fn someone() -> Call {
    call(Asked::Application)
}

async fn ask(upstream: &Upstream, call: &Call) -> Result<Answer, Failure> {
    upstream.ask(("thing", upstream.get(&["v1", "thing"])), call, &[StatusCode::OK], usable).await
}

/// What says by itself that it is none is no answer.
fn usable(answer: Answer) -> Result<Answer, Failure> {
    let unusable = answer.body.as_ref().is_ok_and(|body| body.contains_key("unusable"));
    if unusable { Err(Failure::Unexpected("it says so")) } else { Ok(answer) }
}

/// What a question that is answered like this comes to.
async fn body_of(reply: Reply) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
    let timeout = reply.attempt_timeout();
    let server = StandIn::always(reply).await;
    ask(&upstream(&server.base, timeout), &someone()).await.and_then(|answer| answer.body)
}
