//! `/health`, `/readyz` and `/version`. A dead store takes this replica out of service; Access Manager or the ledger
//! being down does not, else one outage of theirs would take out every replica at once.

use super::shutdown::Draining;
use crate::registry::Registry;
use crate::registry::ports::condition::Condition;
use crate::registry::ports::ledger::Release;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

#[cfg(test)]
mod tests;

/// Asks a dependency whether it answers now; the reason why not is for operators.
type Probe = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// What is asked whether it answers.
#[derive(Clone)]
pub struct Probed {
    /// Without it nothing can be served.
    store: Probe,
    /// Needed by each request, yet shared by all replicas.
    access: Probe,
    /// Needed by new links.
    ledger: Probe,
    /// How the ways to the two stand.
    conditions: Conditions,
    /// The release that the ledger says it is.
    release: Arc<dyn Fn() -> Option<Release> + Send + Sync>,
}

/// Of Access Manager and of the ledger.
type Conditions = Arc<dyn Fn() -> [Option<Condition>; 2] + Send + Sync>;

impl Probed {
    /// What the use cases need.
    pub fn of(registry: &Registry) -> Self {
        let (store, access, ledger) =
            (registry.store.clone(), registry.access.clone(), registry.ledger.clone());
        let (of_access, of_ledger, of_release) = (access.clone(), ledger.clone(), ledger.clone());
        Self {
            conditions: Arc::new(move || [of_access.condition(), of_ledger.condition()]),
            release: Arc::new(move || of_release.release()),
            store: probe(
                store,
                |store| async move { store.ready().await.map_err(|error| error.to_string()) },
            ),
            access: probe(access, |access| async move { access.health().await }),
            ledger: probe(ledger, |ledger| async move { ledger.health().await }),
        }
    }
}

fn probe<T, F>(of: Arc<T>, ask: impl Fn(Arc<T>) -> F + Send + Sync + 'static) -> Probe
where
    T: ?Sized + Send + Sync + 'static,
    F: Future<Output = Result<(), String>> + Send + 'static,
{
    Arc::new(move || ask(of.clone()).boxed())
}

/// Knows whether this replica should get requests.
#[derive(Clone)]
pub struct Health {
    probed: Probed,
    draining: Draining,
    warnings: Arc<[String]>,
    /// How long one probe may take.
    patience: Duration,
    /// How long its result serves everyone, so that probes never become load on the upstreams.
    shared_for: Duration,
    last: Arc<Mutex<Option<(Instant, Checks)>>>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
struct Checks {
    store: Check,
    access_manager: Check,
    ledger: Check,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
enum Check {
    Up,
    Down { detail: String },
}

impl Health {
    /// `warnings` are shown as they are.
    pub fn new(probed: Probed, draining: Draining, warnings: Vec<String>) -> Self {
        Self {
            probed,
            draining,
            warnings: warnings.into(),
            patience: Duration::from_secs(1),
            shared_for: Duration::from_secs(1),
            last: Arc::default(),
        }
    }

    /// What weakens this deployment, and what does not fit.
    fn warnings_now(&self) -> Vec<String> {
        let unsupported = (self.probed.release)().filter(|release| !release.supported);
        let unsupported = unsupported.map(|release| {
            format!("the ledger is {}, which is no release that this service was made for", release.version)
        });
        self.warnings.iter().cloned().chain(unsupported).collect()
    }

    /// The answer of `/readyz`.
    fn told(&self, code: StatusCode, status: &str, checks: Value) -> Response {
        let body = json!({ "status": status, "checks": checks, "warnings": self.warnings_now() });
        (code, [(CACHE_CONTROL, "no-store")], Json(body)).into_response()
    }

    /// The last result, or a new one. Probing is a task of its own: it serves the next caller even where this one
    /// has hung up meanwhile, as an impatient load balancer does.
    async fn checks(&self) -> Checks {
        let mut last = Arc::clone(&self.last).lock_owned().await;
        if let Some((at, checks)) = last.as_ref()
            && at.elapsed() < self.shared_for
        {
            return checks.clone();
        }
        let (probed, patience) = (self.probed.clone(), self.patience);
        let probing = tokio::spawn(async move {
            let checks = probed.check(patience).await;
            checks.log_changes(last.as_ref().map(|(_, before)| before));
            *last = Some((Instant::now(), checks.clone()));
            checks
        });
        probing.await.unwrap_or_else(|_| Checks::unknown())
    }
}

impl Probed {
    /// Asks all three at once.
    async fn check(&self, patience: Duration) -> Checks {
        let (store, access_manager, ledger) = tokio::join!(
            Check::of((self.store)(), patience),
            Check::of((self.access)(), patience),
            Check::of((self.ledger)(), patience),
        );
        Checks { store, access_manager, ledger }
    }
}

impl Probed {
    /// What was found, and how the ways to both upstreams stand at this moment.
    fn tell(&self, checks: &Checks) -> Value {
        let [access_manager, ledger] = (self.conditions)();
        let mut ledger = with_condition(&checks.ledger, ledger);
        if let (Some(release), Value::Object(ledger)) = ((self.release)(), &mut ledger) {
            ledger.insert("version".to_owned(), release.version.into());
        }
        json!({
            "store": checks.store,
            "accessManager": with_condition(&checks.access_manager, access_manager),
            "ledger": ledger,
        })
    }
}

fn with_condition(check: &Check, condition: Option<Condition>) -> Value {
    let mut told = json!(check);
    if let (Some(condition), Value::Object(told)) = (condition, &mut told) {
        told.insert("breaker".to_owned(), condition.breaker.as_str().into());
        told.insert("inFlight".to_owned(), condition.in_flight.into());
        told.insert("waiting".to_owned(), condition.waiting.into());
    }
    told
}

impl Checks {
    /// A probe itself failed: nothing is known, so nothing is relied on.
    fn unknown() -> Self {
        let down = Check::Down { detail: "the probe failed".to_owned() };
        Self { store: down.clone(), access_manager: down.clone(), ledger: down }
    }

    fn named(&self) -> [(&'static str, &Check); 3] {
        [("store", &self.store), ("Access Manager", &self.access_manager), ("ledger", &self.ledger)]
    }

    /// One log line when something goes down, and one when it is up again.
    fn log_changes(&self, before: Option<&Self>) {
        let before = before.map(Self::named);
        for (i, (name, now)) in self.named().into_iter().enumerate() {
            let was_up = before.and_then(|checks| checks.get(i).map(|(_, check)| check.is_up()));
            match now {
                Check::Down { detail } if was_up != Some(false) => {
                    tracing::warn!(name, detail, "a dependency is down");
                }
                Check::Up if was_up == Some(false) => tracing::info!(name, "a dependency is up again"),
                Check::Up | Check::Down { .. } => {}
            }
        }
    }
}

impl Check {
    async fn of(probe: impl Future<Output = Result<(), String>>, patience: Duration) -> Self {
        match tokio::time::timeout(patience, probe).await {
            Ok(Ok(())) => Self::Up,
            Ok(Err(reason)) => Self::Down { detail: one_line(&reason) },
            Err(_) => Self::Down { detail: "no answer in time".to_owned() },
        }
    }

    fn is_up(&self) -> bool {
        *self == Self::Up
    }
}

/// A reason as one short line.
fn one_line(reason: &str) -> String {
    reason.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}

/// The routes for probes and operators; none of them needs a token.
pub fn routes(health: Health) -> Router {
    Router::new()
        .route("/health", get(async || Json(json!({ "status": "alive" }))))
        .route("/version", get(version))
        .route("/readyz", get(readyz))
        .with_state(health)
}

async fn version() -> Response {
    let version = env!("CARGO_PKG_VERSION");
    match option_env!("HOLDERGRAPH_COMMIT") {
        Some(commit) => Json(json!({ "version": version, "commit": commit })).into_response(),
        None => Json(json!({ "version": version })).into_response(),
    }
}

async fn readyz(State(health): State<Health>) -> Response {
    // Whoever leaves says so at once: asking the others first may take as long as a load balancer waits.
    if health.draining.has_begun() {
        return health.told(StatusCode::SERVICE_UNAVAILABLE, "draining", json!({}));
    }
    let checks = health.checks().await;
    let found = health.probed.tell(&checks);
    let (code, status) = if health.draining.has_begun() {
        (StatusCode::SERVICE_UNAVAILABLE, "draining")
    } else if !checks.store.is_up() {
        (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
    } else if !(checks.access_manager.is_up() && checks.ledger.is_up()) {
        (StatusCode::OK, "degraded")
    } else {
        (StatusCode::OK, "ready")
    };
    health.told(code, status, found)
}
