//! What the endpoint tells of requests as a whole, over HTTP within the test's own process.

use super::super::bench::Bench;
use super::super::calls::text;
use super::super::mutations::{Tenant, alias_account as new_alias_account, holder as new_holder};
use super::{alias_account, holder};
use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use holdergraph::domain::ids::OrganizationId;
use holdergraph::graphql::{schema, sdl};
use holdergraph::http::documents::{Documents, Limits};
use holdergraph::http::endpoint::{Endpoint, Rules, Strangers};
use holdergraph::http::peer::Peer;
use holdergraph::http::rate_limit::{Rate, RateLimit};
use holdergraph::http::router::router;
use holdergraph::http::trusted::{Mode, Settings, TrustedDocuments};
use holdergraph::registry::ports::access::{
    AccessManager, Action, Asked, BadToken, Decision, Identity, NoDecision, Organizations, Resource,
    Unidentified,
};
use holdergraph::registry::ports::audit::{Actor, AuditEntry, EntryKind, EntryOutcome};
use holdergraph::registry::ports::call::Call;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;
use uuid::Uuid;

/// Whose token it is decides: `denied` may do nothing, `rejected` is nobody, `aliases` may read no holder.
struct ByName;

#[async_trait]
impl AccessManager for ByName {
    async fn identify(&self, authorization: Option<&str>) -> Result<Identity, Unidentified> {
        let name = authorization.and_then(|text| text.strip_prefix("Bearer ")).ok_or(BadToken("no token"))?;
        if name == "broken" {
            return Err(BadToken("it is broken").into());
        }
        let subject = format!("owner/{name}");
        Ok(Identity {
            token: None,
            subject: subject.clone(),
            expires: None,
            asked_as: Asked::Person(subject),
            organizations: Organizations::Any,
        })
    }

    async fn decide(&self, call: &Call, resource: Resource, _: Action) -> Result<Decision, NoDecision> {
        Ok(match (call.identity.subject.as_str(), resource) {
            ("owner/rejected", _) => Decision::Unauthenticated,
            ("owner/denied", _) | ("owner/aliases", Resource::Holders) => Decision::Denied,
            _ => Decision::Allowed,
        })
    }

    async fn health(&self) -> Result<(), String> {
        Ok(())
    }
}

/// An endpoint over a bench.
struct Door {
    bench: Bench,
    organization: OrganizationId,
    router: Router,
}

impl Door {
    /// Whether keys prove tokens, and how many requests a minute it lets through.
    fn new(tokens_proven: bool, per_minute: u32) -> Self {
        let bench = Bench::with_access(Arc::new(ByName));
        let settings = Settings { mode: Mode::Off, manifest: None, automatic_bytes: None };
        let endpoint = Endpoint {
            registry: bench.registry(),
            schema: schema(),
            documents: Arc::new(Documents::new(&sdl(), Limits::default()).unwrap()),
            trusted: TrustedDocuments::load(settings, Box::new(|_| Ok(())))
                .unwrap_or_else(|_| panic!("none")),
            rate_limit: Some(RateLimit::new(Rate { per_minute, burst: per_minute })),
            strangers: Strangers::default(),
            rules: Rules {
                max_body: 1024 * 1024,
                request_timeout: Duration::from_secs(600),
                open_introspection: false,
                get: true,
                batch_max: 10,
                operation_name_required: false,
                tokens_proven,
            },
        };
        let router = router(Arc::new(endpoint), Router::new(), None);
        Self { bench, organization: OrganizationId(Uuid::now_v7()), router }
    }

    /// One where whom a token names is not known before Access Manager is asked.
    fn unproven() -> Self {
        Self::new(false, 1_000)
    }

    fn proven() -> Self {
        Self::new(true, 1_000)
    }

    fn tenant(&self) -> Tenant<'_> {
        Tenant { bench: &self.bench, organization: self.organization }
    }

    /// A holder and an alias account of another one.
    async fn records(&self) -> (String, String) {
        let made = (new_holder(&self.tenant()).await, new_alias_account(&self.tenant()).await.0);
        self.bench.trail.take();
        made
    }

    async fn send(&self, token: Option<&str>, body: &Value) -> (StatusCode, Value) {
        let mut request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("x-request-id", "request-7")
            .header("x-forwarded-for", "203.0.113.9")
            .header("x-organization-id", self.organization.to_string());
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let mut request = request.body(Body::from(body.to_string())).unwrap();
        request.extensions_mut().insert(Peer("192.0.2.7".parse().unwrap()));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    async fn ask(&self, token: &str, query: &str, variables: Value) -> (StatusCode, Value) {
        self.send(Some(token), &json!({"query": query, "variables": variables})).await
    }

    fn entry(&self) -> AuditEntry {
        let entries = self.bench.trail.take();
        assert_eq!(entries.len(), 1, "{entries:#?}");
        entries.into_iter().next().unwrap()
    }

    fn nothing_is_told(&self) {
        assert_eq!(self.bench.trail.take(), []);
    }
}

const READ: &str =
    "query($h: ID!, $a: ID!) { two: aliasAccount(id: $a) { document } one: holder(id: $h) { name } }";

fn code(answer: &Value) -> &str {
    text(answer, "/errors/0/extensions/code")
}

#[tokio::test]
async fn an_answer_in_clear_is_told_with_who_what_and_where_from() {
    let door = Door::unproven();
    let (of_holder, of_alias) = door.records().await;
    let (status, answer) = door.ask("ana", READ, json!({"h": of_holder, "a": of_alias})).await;
    assert_eq!((status, &answer["errors"]), (StatusCode::OK, &Value::Null), "{answer}");
    let entry = door.entry();
    assert_eq!((entry.actor, entry.subject.as_str()), (Actor::Person, "owner/ana"));
    assert_eq!((entry.kind, entry.outcome), (EntryKind::Read, EntryOutcome::Done));
    assert_eq!(entry.operation, "aliasAccount,holder");
    assert_eq!(entry.record_count, 2);
    assert!(entry.records.contains(&holder(&of_holder)) && entry.records.contains(&alias_account(&of_alias)));
    assert_eq!(entry.fields, ["AliasAccount.document", "Holder.name"]);
    assert_eq!(entry.request_id, "request-7");
    // Never what a header says.
    assert_eq!(entry.client_address.unwrap().to_string(), "192.0.2.7");
}

#[tokio::test]
async fn a_batch_is_one_request() {
    let door = Door::unproven();
    let (of_holder, of_alias) = door.records().await;
    let batch = json!([
        {"query": "query($h: ID!) { holder(id: $h) { name } }", "variables": {"h": of_holder}},
        {"query": "query($a: ID!) { aliasAccount(id: $a) { document } }", "variables": {"a": of_alias}},
        {"query": "{ holders { totalCount } }"},
    ]);
    let (_, answers) = door.send(Some("ana"), &batch).await;
    assert_eq!(answers.as_array().unwrap().len(), 3);
    let entry = door.entry();
    assert_eq!((entry.operation.as_str(), entry.record_count), ("aliasAccount,holder,holders", 2));
}

#[tokio::test]
async fn an_answer_that_the_trail_does_not_take_is_not_given_and_one_that_reveals_nothing_is() {
    let door = Door::unproven();
    let (of_holder, of_alias) = door.records().await;
    door.bench.trail.refuse();
    let variables = json!({"h": of_holder, "a": of_alias});
    let (status, answer) = door.ask("ana", READ, variables.clone()).await;
    assert_eq!((status, code(&answer)), (StatusCode::OK, "STORE_UNAVAILABLE"), "{answer}");
    assert_eq!((&answer["data"], answer["errors"].as_array().unwrap().len()), (&Value::Null, 1), "{answer}");
    assert!(!answer.to_string().contains("Maria"), "{answer}");

    let batch = json!([{"query": READ, "variables": variables}, {"query": "{ holders { totalCount } }"}]);
    let (_, answers) = door.send(Some("ana"), &batch).await;
    for answer in answers.as_array().unwrap() {
        assert_eq!((code(answer), &answer["data"]), ("STORE_UNAVAILABLE", &Value::Null), "{answers}");
    }
    // What it refuses is no secret, and yet it must leave a trace.
    let (_, answer) = door.ask("denied", "{ holders { totalCount } }", json!({})).await;
    assert_eq!(code(&answer), "STORE_UNAVAILABLE", "{answer}");

    let (_, answer) =
        door.ask("ana", "{ holders { totalCount nodes { id documentMasked } } }", json!({})).await;
    assert_eq!(
        (&answer["errors"], &answer["data"]["holders"]["totalCount"]),
        (&Value::Null, &json!(2)),
        "{answer}"
    );
}

#[tokio::test]
async fn a_mutation_that_has_committed_stays_so_where_its_payload_in_clear_is_not_given() {
    let door = Door::unproven();
    door.bench.trail.refuse();
    let create = "mutation { createHolder(input: {type: NATURAL_PERSON, name: \"Maria\", document: \"77\"}) { holder { name } } }";
    let (status, answer) = door.ask("ana", create, json!({})).await;
    assert_eq!((status, code(&answer)), (StatusCode::OK, "STORE_UNAVAILABLE"), "{answer}");
    assert!(text(&answer, "/errors/0/message").contains("idempotencyKey"), "{answer}");
    assert_eq!(answer["data"], Value::Null, "{answer}");
    let found = "query { holderByDocument(document: \"77\") { id documentMasked } }";
    let (_, answer) = door.ask("ana", found, json!({})).await;
    assert_ne!(answer["data"]["holderByDocument"], Value::Null, "{answer}");
}

#[tokio::test]
async fn a_refused_query_is_one_entry_and_names_what_was_asked_for() {
    let door = Door::unproven();
    let (of_holder, of_alias) = door.records().await;
    let variables = json!({"h": of_holder, "a": of_alias});
    let (_, answer) = door.ask("denied", READ, variables.clone()).await;
    assert_eq!(code(&answer), "FORBIDDEN", "{answer}");
    let entry = door.entry();
    assert_eq!((entry.kind, entry.outcome), (EntryKind::Refusal, EntryOutcome::Refused));
    assert_eq!(
        (entry.operation.as_str(), &entry.codes[..]),
        ("aliasAccount,holder", &["FORBIDDEN".to_owned()][..])
    );
    assert_eq!((entry.record_count, &entry.fields[..]), (2, &[][..]));

    // Allowed in part: what was revealed is told, and that something was refused.
    door.ask("aliases", READ, variables).await;
    let entry = door.entry();
    assert_eq!((entry.kind, entry.outcome), (EntryKind::Read, EntryOutcome::Done));
    assert_eq!((entry.records, entry.codes), (vec![alias_account(&of_alias)], vec!["FORBIDDEN".to_owned()]));

    let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Holder { name } } }";
    door.ask("denied", nodes, json!({"ids": [of_alias, of_holder, Uuid::now_v7()]})).await;
    let entry = door.entry();
    assert_eq!((entry.operation.as_str(), entry.record_count), ("nodes", 2));

    // The holder of an alias account.
    let nested = "query($a: ID!) { aliasAccount(id: $a) { holder { name } } }";
    door.ask("aliases", nested, json!({"a": of_alias})).await;
    assert_eq!(door.entry().record_count, 1);

    door.ask("ana", "{ holders(first: 0) { nodes { id } } }", json!({})).await;
    assert_eq!(door.entry().codes, ["BAD_USER_INPUT"]);
}

#[tokio::test]
async fn a_mutation_that_is_refused_is_told_once() {
    let door = Door::unproven();
    let (of_holder, _) = door.records().await;
    let update = "mutation($id: ID!) { one: updateHolder(input: {id: $id, name: \"x\"}) { holder { name } }
        two: deleteHolder(input: {id: $id}) { deletedId } }";
    door.ask("denied", update, json!({"id": of_holder})).await;
    let told = door.bench.trail.take();
    let operations: Vec<&str> = told.iter().map(|entry| entry.operation.as_str()).collect();
    assert_eq!(operations, ["updateHolder", "deleteHolder"]);
    for entry in &told {
        assert_eq!((entry.kind, &entry.records[..]), (EntryKind::Refusal, &[holder(&of_holder)][..]));
    }
    // Of several before they run, each is told as well.
    let door = Door::proven();
    let invalid = "mutation($one: UpdateHolderInput!, $two: DeleteHolderInput!) {
        updateHolder(input: $one) { holder { id } } deleteHolder(input: $two) { deletedId } }";
    let (_, answer) = door.ask("ana", invalid, json!({"one": {"id": "Maria", "x": 1}, "two": {}})).await;
    assert_eq!(code(&answer), "BAD_USER_INPUT", "{answer}");
    let told = door.bench.trail.take();
    let operations: Vec<&str> = told.iter().map(|entry| entry.operation.as_str()).collect();
    assert_eq!(operations, ["deleteHolder", "updateHolder"]);
    assert!(
        told.iter().all(|entry| entry.codes == ["BAD_USER_INPUT"] && entry.outcome == EntryOutcome::Refused)
    );
    assert!(!serde_json::to_string(&told).unwrap().contains("Maria"));
}

#[tokio::test]
async fn a_token_that_keys_have_proven_is_somebody_known_whatever_is_refused() {
    let door = Door::proven();
    let told = async |token: &str, query: &str, status: StatusCode, operation: &str, code: &str| {
        let (answered, answer) = door.ask(token, query, json!({})).await;
        assert_eq!(answered, status, "{query}: {answer}");
        let entry = door.entry();
        assert_eq!(
            (entry.operation.as_str(), &entry.codes[..]),
            (operation, &[code.to_owned()][..]),
            "{query}"
        );
        assert_eq!((entry.kind, entry.outcome), (EntryKind::Refusal, EntryOutcome::Refused));
        assert_eq!(entry.subject, format!("owner/{token}"));
    };
    let ok = StatusCode::OK;
    told("ana", "{ holders { nobody } }", ok, "request", "GRAPHQL_VALIDATION_FAILED").await;
    told("ana", "{ holders", ok, "request", "GRAPHQL_PARSE_FAILED").await;
    told("rejected", "{ holders { totalCount } }", StatusCode::UNAUTHORIZED, "holders", "UNAUTHENTICATED")
        .await;
    let delete =
        format!("mutation {{ deleteHolder(input: {{id: \"{}\"}}) {{ deletedId }} }}", Uuid::now_v7());
    told("rejected", &delete, StatusCode::UNAUTHORIZED, "deleteHolder", "UNAUTHENTICATED").await;

    let door = Door::new(true, 1);
    door.ask("ana", "{ holders { totalCount } }", json!({})).await;
    door.nothing_is_told();
    let (status, _) = door.ask("ana", "{ holders { totalCount } }", json!({})).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    let entry = door.entry();
    assert_eq!((entry.operation.as_str(), &entry.codes[..]), ("request", &["RATE_LIMITED".to_owned()][..]));
}

#[tokio::test]
async fn whoever_is_not_known_is_counted_by_a_reason_and_nothing_is_stored() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _here = metrics::set_default_local_recorder(&recorder);
    let door = Door::new(false, 1);
    let count = "{ holders { totalCount } }";
    let body = json!({"query": count});
    assert_eq!(door.send(None, &body).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(door.send(Some("broken"), &body).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(door.send(Some("rejected"), &body).await.0, StatusCode::UNAUTHORIZED);
    // Without keys each token is a sender of its own; without a token all of these are one subject.
    assert_eq!(door.send(Some("rejected"), &body).await.0, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(code(&door.send(Some("ana"), &json!({"query": "{ holders"})).await.1), "GRAPHQL_PARSE_FAILED");
    let delete =
        format!("mutation {{ deleteHolder(input: {{id: \"{}\"}}) {{ deletedId }} }}", Uuid::now_v7());
    let door_of_mutations = Door::unproven();
    let (status, _) = door_of_mutations.ask("rejected", &delete, json!({})).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    door.nothing_is_told();
    door_of_mutations.nothing_is_told();
    let told = recorder.handle().render();
    for (reason, times) in
        [("no_token", 1), ("bad_token", 1), ("not_accepted", 2), ("rate_limited", 1), ("bad_request", 1)]
    {
        let line = format!("holdergraph_unknown_refused_total{{reason=\"{reason}\"}} {times}\n");
        assert!(told.contains(&line), "{line}{told}");
    }
}
