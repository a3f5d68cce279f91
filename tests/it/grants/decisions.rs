//! Each request is allowed with exactly the permissions that the table says: without any of them it is FORBIDDEN and
//! nothing is done, whatever else is granted.

use super::super::bench::Bench;
use super::super::calls::text;
use super::super::mutations::{Tenant, alias_account, holder};
use super::*;
use async_trait::async_trait;
use holdergraph::domain::ids::OrganizationId;
use holdergraph::registry::ports::access::{
    AccessManager, BadToken, Decision, Identity, NoDecision, Unidentified,
};
use holdergraph::registry::ports::call::Call;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

pub(crate) const EVERY: [Grant; 11] = [
    (Holders, Get),
    (Holders, Post),
    (Holders, Patch),
    (Holders, Delete),
    (Holders, Purge),
    (Aliases, Get),
    (Aliases, Post),
    (Aliases, Patch),
    (Aliases, Delete),
    (Aliases, Purge),
    (Audit, Get),
];

/// An Access Manager that grants what the test says, or says nothing.
#[derive(Default)]
pub(crate) struct Granting {
    granted: Mutex<Option<Vec<Grant>>>,
}

impl Granting {
    pub(crate) fn grant(&self, granted: &[Grant]) {
        *self.granted.lock().unwrap() = Some(granted.to_vec());
    }

    pub(crate) fn fall_silent(&self) {
        *self.granted.lock().unwrap() = None;
    }
}

#[async_trait]
impl AccessManager for Granting {
    async fn identify(&self, _: Option<&str>) -> Result<Identity, Unidentified> {
        Err(BadToken("nobody asks the bench for an identity").into())
    }

    async fn decide(&self, _: &Call, resource: Resource, action: Action) -> Result<Decision, NoDecision> {
        match &*self.granted.lock().unwrap() {
            Some(granted) if granted.contains(&(resource, action)) => Ok(Decision::Allowed),
            Some(_) => Ok(Decision::Denied),
            None => Err(NoDecision("it says nothing".to_owned())),
        }
    }

    async fn health(&self) -> Result<(), String> {
        Ok(())
    }
}

/// An organization of a service that grants what a test says; everything at first.
pub(crate) struct Gate {
    pub(crate) access: Arc<Granting>,
    pub(crate) bench: Bench,
    pub(crate) organization: OrganizationId,
}

impl Gate {
    pub(crate) fn new() -> Self {
        let access = Arc::new(Granting::default());
        let bench = Bench::with_access(access.clone());
        access.grant(&EVERY);
        Self { access, bench, organization: OrganizationId(Uuid::now_v7()) }
    }

    pub(crate) fn tenant(&self) -> Tenant<'_> {
        Tenant { bench: &self.bench, organization: self.organization }
    }

    async fn answer(&self, request: &Request) -> Value {
        self.bench.answer(self.organization, &request.document, request.variables.clone()).await
    }

    /// All that is stored, whatever is granted.
    async fn everything(&self) -> Value {
        self.access.grant(&EVERY);
        let query = "{ holders(filter: {state: ANY}, last: 100) { nodes { id version deletedAt
            aliasAccounts(filter: {state: ANY}) { nodes { id version deletedAt link { checkedAt } } } } } }";
        self.bench.ask(self.organization, query, json!({})).await
    }

    /// The request is refused with this code, and nothing is done.
    async fn is_refused(&self, request: &Request, granted: Option<&[Grant]>, code: &str) {
        let before = self.everything().await;
        match granted {
            Some(granted) => self.access.grant(granted),
            None => self.access.fall_silent(),
        }
        let answer = self.answer(request).await;
        let told = format!("{} with {granted:?}: {answer}", request.document);
        assert_eq!(text(&answer, "/errors/0/extensions/code"), code, "{told}");
        assert_eq!(answer["errors"][0]["path"][0], json!(request.field), "{told}");
        let shown = &answer["data"][request.field];
        assert!(shown.is_null() || *shown == json!([null]), "{told}");
        assert_eq!(self.everything().await, before, "{told}");
    }

    async fn is_answered(&self, request: &Request, granted: &[Grant]) {
        self.access.grant(granted);
        let answer = self.answer(request).await;
        let told = format!("{} with {granted:?}: {answer}", request.document);
        assert_eq!(answer["errors"], Value::Null, "{told}");
        let refused = answer["data"][request.field]["userErrors"].as_array();
        assert!(refused.is_none_or(Vec::is_empty), "{told}");
        self.access.grant(&EVERY);
    }
}

fn all_but(grant: Grant) -> Vec<Grant> {
    EVERY.into_iter().filter(|other| *other != grant).collect()
}

#[tokio::test]
async fn every_query_needs_what_the_table_says_and_nothing_else() {
    let gate = Gate::new();
    for request in queries(&gate.tenant()).await {
        for grant in &request.needs {
            gate.is_refused(&request, Some(&all_but(*grant)), "FORBIDDEN").await;
        }
        gate.is_refused(&request, Some(&[]), "FORBIDDEN").await;
        gate.is_refused(&request, None, "AUTHORIZATION_UNAVAILABLE").await;
        gate.is_answered(&request, &request.needs).await;
    }
}

#[tokio::test]
async fn every_mutation_needs_what_the_table_says_and_nothing_else() {
    let gate = Gate::new();
    for request in mutations(&gate.tenant()).await {
        for grant in &request.needs {
            gate.is_refused(&request, Some(&all_but(*grant)), "FORBIDDEN").await;
        }
        gate.is_refused(&request, Some(&[]), "FORBIDDEN").await;
        gate.is_refused(&request, None, "AUTHORIZATION_UNAVAILABLE").await;
        gate.is_answered(&request, &request.needs).await;
    }
}

#[tokio::test]
async fn who_may_not_is_not_told_what_is_wrong_with_the_input() {
    let gate = Gate::new();
    for mut request in mutations(&gate.tenant()).await {
        let wrong = if request.field == "verifyAliasAccount" { ("id", "7") } else { ("idempotencyKey", "") };
        request.variables["input"][wrong.0] = json!(wrong.1);
        for grant in &request.needs {
            gate.is_refused(&request, Some(&all_but(*grant)), "FORBIDDEN").await;
        }
        gate.access.grant(&EVERY);
        let answer = gate.answer(&request).await;
        let error = &answer["data"][request.field]["userErrors"][0];
        assert_eq!(error["code"], "INVALID_VALUE", "{} {answer}", request.field);
    }
}

#[tokio::test]
async fn what_is_nested_under_a_record_needs_its_own_permission_and_the_rest_is_served() {
    let gate = Gate::new();
    let tenant = gate.tenant();
    let (holder, alias) = (holder(&tenant).await, alias_account(&tenant).await.0);
    let ask = async |granted: &[Grant], document: &str| {
        gate.access.grant(granted);
        let answer =
            gate.bench.answer(gate.organization, document, json!({"holder": holder, "alias": alias})).await;
        gate.access.grant(&EVERY);
        answer
    };
    let answer =
        ask(&[(Holders, Get)], "query($holder: ID!, $alias: ID!) { holder(id: $holder) { id aliasAccounts { nodes { id } } } nodes(ids: [$holder, $alias]) { id } }").await;
    assert_eq!(answer["data"]["holder"], json!({"id": holder, "aliasAccounts": null}));
    assert_eq!(answer["data"]["nodes"], json!([{"id": holder}, null]));
    let paths: Vec<&Value> =
        answer["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
    assert!(paths.contains(&&json!(["holder", "aliasAccounts"])) && paths.contains(&&json!(["nodes", 1])));
    assert_eq!(paths.len(), 2, "{answer}");
    let answer =
        ask(&[(Aliases, Get)], "query($alias: ID!) { aliasAccount(id: $alias) { id holder { id } } }").await;
    assert_eq!(answer["data"]["aliasAccount"], json!({"id": alias, "holder": null}));
    assert_eq!(answer["errors"][0]["path"], json!(["aliasAccount", "holder"]));
    let document = "mutation($holder: ID!) { updateHolder(input: {id: $holder, name: \"New\"}) {
        holder { name aliasAccounts { nodes { id } } } userErrors { code } } }";
    let answer = ask(&[(Holders, Patch)], document).await;
    let expected = json!({"holder": {"name": "New", "aliasAccounts": null}, "userErrors": []});
    assert_eq!(
        answer["data"]["updateHolder"], expected,
        "the mutation's own record needs no permission to read"
    );
    assert_eq!(text(&answer, "/errors/0/extensions/code"), "FORBIDDEN");
}

#[tokio::test]
async fn the_tables_know_every_query_and_every_mutation() {
    let gate = Gate::new();
    let schema = "{ query: __type(name: \"Query\") { fields { name } }
        mutation: __type(name: \"Mutation\") { fields { name } } }";
    let schema = gate.bench.ask(gate.organization, schema, json!({})).await;
    let names = |kind: &str| -> Vec<String> {
        schema[kind]["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| text(field, "/name").to_owned())
            .collect()
    };
    for query in names("query") {
        assert!(QUERIES.iter().any(|(field, ..)| *field == query), "{query} is not in the table");
    }
    let mutations = mutations(&gate.tenant()).await;
    for mutation in names("mutation") {
        assert!(mutations.iter().any(|request| request.field == mutation), "{mutation} is not in the table");
    }
}
