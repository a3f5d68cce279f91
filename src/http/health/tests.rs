use super::*;
use crate::registry::ports::condition::BreakerState;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// A dependency that answers probes as it is told, and nothing else.
#[derive(Clone)]
struct Told(Arc<Telling>);

struct Telling {
    answer: Result<(), &'static str>,
    asked: AtomicUsize,
    /// A probe takes one, so it hangs while there is none.
    permits: Semaphore,
}

impl Told {
    fn new(answer: Result<(), &'static str>) -> Self {
        Self(Arc::new(Telling { answer, asked: AtomicUsize::new(0), permits: Semaphore::new(1000) }))
    }

    fn hanging() -> Self {
        let told = Self::new(Ok(()));
        told.0.permits.forget_permits(1000);
        told
    }

    async fn probed(&self) -> Result<(), String> {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        self.0.permits.acquire().await.unwrap().forget();
        self.0.answer.map_err(str::to_owned)
    }

    fn asked(&self) -> usize {
        self.0.asked.load(Ordering::SeqCst)
    }
}

/// Results are shared for as long as a test may run, unless it says otherwise.
fn health(store: &Told, access: &Told, ledger: &Told) -> Health {
    let of = |told: &Told| probe(Arc::new(told.clone()), |told| async move { told.probed().await });
    let probed = Probed {
        store: of(store),
        access: of(access),
        ledger: of(ledger),
        conditions: Arc::new(|| [None, None]),
        release: Arc::new(|| None),
    };
    let mut health = Health::new(probed, Draining::default(), vec!["mind the gap".to_owned()]);
    (health.patience, health.shared_for) = (Duration::from_secs(3600), Duration::from_secs(3600));
    health
}

async fn get_json(health: &Health, path: &str) -> (u16, Value) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = routes(health.clone()).oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn ready_when_all_are_up() {
    let up = Told::new(Ok(()));
    let (status, body) = get_json(&health(&up, &up, &up), "/readyz").await;
    let expected = json!({
        "status": "ready",
        "checks": {
            "store": { "status": "up" },
            "accessManager": { "status": "up" },
            "ledger": { "status": "up" },
        },
        "warnings": ["mind the gap"],
    });
    assert_eq!((status, body), (200, expected));
}

#[tokio::test]
async fn an_upstream_down_degrades_and_a_dead_store_takes_out_of_service() {
    let (up, down) = (Told::new(Ok(())), Told::new(Err("connection\nrefused")));
    for (store, access, ledger, expected) in [
        (&up, &down, &up, (200, "degraded")),
        (&up, &up, &down, (200, "degraded")),
        (&up, &down, &down, (200, "degraded")),
        (&down, &up, &up, (503, "unavailable")),
        (&down, &down, &down, (503, "unavailable")),
    ] {
        let (status, body) = get_json(&health(store, access, ledger), "/readyz").await;
        assert_eq!((status, body["status"].as_str().unwrap()), expected, "{body}");
        let checks = &body["checks"];
        let told = |told: &Told| if told.0.answer.is_ok() { "up" } else { "down" };
        assert_eq!(checks["store"]["status"], told(store));
        assert_eq!(checks["accessManager"]["status"], told(access));
        assert_eq!(checks["ledger"]["status"], told(ledger));
    }
    let (_, body) = get_json(&health(&down, &up, &down), "/readyz").await;
    assert_eq!(body["checks"]["store"]["detail"], "connection refused");
    assert_eq!(body["checks"]["ledger"]["detail"], "connection refused");
}

#[tokio::test]
async fn one_that_hangs_is_down_and_holds_up_none_of_the_others() {
    let (up, hangs) = (Told::new(Ok(())), Told::hanging());
    let mut health = health(&up, &hangs, &up);
    health.patience = Duration::from_millis(20);
    let (status, body) = get_json(&health, "/readyz").await;
    assert_eq!((status, &body["status"]), (200, &json!("degraded")));
    assert_eq!(body["checks"]["accessManager"], json!({ "status": "down", "detail": "no answer in time" }));
}

#[tokio::test]
async fn draining_is_told_at_once_and_nobody_is_asked() {
    for store in [Told::new(Ok(())), Told::new(Err("gone")), Told::hanging()] {
        let health = health(&store, &store, &store);
        health.draining.begin();
        let expected = json!({ "status": "draining", "checks": {}, "warnings": ["mind the gap"] });
        assert_eq!(get_json(&health, "/readyz").await, (503, expected));
        assert_eq!(store.asked(), 0);
    }
}

#[tokio::test]
async fn a_probe_that_was_under_way_when_it_began_tells_of_draining_too() {
    let (up, slow) = (Told::new(Ok(())), Told::hanging());
    let health = health(&up, &up, &slow);
    let asking = tokio::spawn({
        let health = health.clone();
        async move { get_json(&health, "/readyz").await }
    });
    while slow.asked() == 0 {
        tokio::task::yield_now().await;
    }
    health.draining.begin();
    slow.0.permits.add_permits(1);
    let (status, body) = asking.await.unwrap();
    assert_eq!((status, &body["status"]), (503, &json!("draining")));
}

#[tokio::test]
async fn probes_at_once_share_one_answer() {
    let (up, slow) = (Told::new(Ok(())), Told::hanging());
    let health = health(&up, &up, &slow);
    let probes: Vec<_> = (0..20)
        .map(|_| {
            let health = health.clone();
            tokio::spawn(async move { get_json(&health, "/readyz").await.0 })
        })
        .collect();
    while slow.asked() == 0 {
        tokio::task::yield_now().await;
    }
    slow.0.permits.add_permits(1000);
    for probe in probes {
        assert_eq!(probe.await.unwrap(), 200);
    }
    assert_eq!((up.asked(), slow.asked()), (2, 1));
}

#[tokio::test]
async fn a_probe_whose_caller_hung_up_serves_the_next_one() {
    let (up, slow) = (Told::new(Ok(())), Told::hanging());
    let health = health(&up, &up, &slow);
    let impatient = tokio::spawn({
        let health = health.clone();
        async move { get_json(&health, "/readyz").await }
    });
    while slow.asked() == 0 {
        tokio::task::yield_now().await;
    }
    impatient.abort();
    assert!(impatient.await.unwrap_err().is_cancelled());
    slow.0.permits.add_permits(1000);
    assert_eq!(get_json(&health, "/readyz").await.0, 200);
    assert_eq!(slow.asked(), 1);
}

#[tokio::test]
async fn an_old_answer_is_not_shared() {
    let up = Told::new(Ok(()));
    let mut health = health(&up, &up, &up);
    health.shared_for = Duration::ZERO;
    get_json(&health, "/readyz").await;
    get_json(&health, "/readyz").await;
    assert_eq!(up.asked(), 6);
}

#[tokio::test]
async fn alive_and_version_ask_nobody() {
    let down = Told::new(Err("gone"));
    let health = health(&down, &down, &down);
    assert_eq!(get_json(&health, "/health").await, (200, json!({ "status": "alive" })));
    let (status, body) = get_json(&health, "/version").await;
    assert_eq!((status, &body["version"]), (200, &json!(env!("CARGO_PKG_VERSION"))));
    assert_eq!(body["commit"].as_str(), option_env!("HOLDERGRAPH_COMMIT"));
    assert_eq!(down.asked(), 0);
}

#[tokio::test]
async fn the_way_to_each_upstream_and_a_release_that_does_not_fit_are_told() {
    let up = Told::new(Ok(()));
    let mut health = health(&up, &up, &up);
    let of_access = Condition { breaker: BreakerState::Open, in_flight: 0, waiting: 0 };
    let of_ledger = Condition { breaker: BreakerState::HalfOpen, in_flight: 64, waiting: 7 };
    health.probed.conditions = Arc::new(move || [Some(of_access), Some(of_ledger)]);
    let told = |version: &str, supported| Some(Release { version: version.to_owned(), supported });
    health.probed.release = Arc::new(move || told("v2.1.0", false));
    let (_, body) = get_json(&health, "/readyz").await;
    let expected = json!({
        "status": "ready",
        "checks": {
            "store": { "status": "up" },
            "accessManager": { "status": "up", "breaker": "open", "inFlight": 0, "waiting": 0 },
            "ledger": {
                "status": "up", "breaker": "half-open", "inFlight": 64, "waiting": 7, "version": "v2.1.0",
            },
        },
        "warnings": [
            "mind the gap",
            "the ledger is v2.1.0, which is no release that this service was made for",
        ],
    });
    assert_eq!(body, expected);
    health.probed.release = Arc::new(move || told("v3.8.0", true));
    assert_eq!(get_json(&health, "/readyz").await.1["warnings"], json!(["mind the gap"]));
}
