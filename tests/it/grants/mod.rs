//! Which permission each query and each mutation needs: a table of all of them.

mod decisions;
mod roles;

pub(crate) use decisions::{EVERY, Gate};

use super::bench::mutation_document;
use super::mutations::{MUTATIONS, Ready, Service, alias_account, fields, holder, ready, with};
use holdergraph::registry::ports::access::{Action, Resource};
use serde_json::{Value, json};

use Action::{Delete, Get, Patch, Post, Purge};
use Resource::{Aliases, Audit, Holders};

/// A permission, as grants name it.
pub(crate) type Grant = (Resource, Action);

/// One request that succeeds where it is allowed.
struct Request {
    /// The field of the query or mutation.
    field: &'static str,
    document: String,
    variables: Value,
    needs: Vec<Grant>,
}

/// Deletions for good need another permission than the others: they stand by themselves.
const HARD: [&str; 2] = ["deleteHolder", "deleteAliasAccount"];

/// What each mutation needs; of deletions, the soft ones.
fn needs(mutation: &str) -> Vec<Grant> {
    match mutation {
        "createHolder" => vec![(Holders, Post)],
        "onboardHolder" => vec![(Holders, Post), (Aliases, Post)],
        "updateHolder" | "restoreHolder" => vec![(Holders, Patch)],
        "deleteHolder" => vec![(Holders, Delete)],
        "createAliasAccount" => vec![(Aliases, Post)],
        "updateAliasAccount"
        | "restoreAliasAccount"
        | "verifyAliasAccount"
        | "addRelatedParty"
        | "updateRelatedParty" => vec![(Aliases, Patch)],
        "deleteAliasAccount" | "removeRelatedParty" => vec![(Aliases, Delete)],
        other => panic!("{other} is not in the table"),
    }
}

/// Every mutation with records of its own, each as often as it can need something else.
async fn mutations(service: &impl Service) -> Vec<Request> {
    let mut all = Vec::new();
    for place in 0..MUTATION_REQUESTS {
        all.push(mutation(service, place).await);
    }
    all
}

/// So many there are.
const MUTATION_REQUESTS: usize = MUTATIONS.len() + HARD.len() + 1;

/// The request at a place of the table of mutations, with records of its own.
async fn mutation(service: &impl Service, place: usize) -> Request {
    let (field, input, needs) = if let Some(mutation) = MUTATIONS.get(place) {
        let Ready { input, .. } = ready(service, mutation).await;
        (*mutation, input, needs(mutation))
    } else if let Some(mutation) = HARD.get(place - MUTATIONS.len()) {
        let Ready { input, .. } = ready(service, mutation).await;
        let needs = if *mutation == "deleteHolder" { (Holders, Purge) } else { (Aliases, Purge) };
        (*mutation, with(input, "mode", "HARD"), vec![needs])
    } else {
        let (id, _) = alias_account(service).await;
        ("verifyAliasAccount", json!({"id": id}), needs("verifyAliasAccount"))
    };
    let document = mutation_document(field, fields(field));
    Request { field, document, variables: json!({"input": input}), needs }
}

/// What each query needs, nothing nested under it.
const QUERIES: [(&str, &str, &[Grant]); 11] = [
    ("node", "query($holder: ID!) { node(id: $holder) { id } }", &[(Holders, Get)]),
    ("node", "query($alias: ID!) { node(id: $alias) { id } }", &[(Aliases, Get)]),
    ("holder", "query($holder: ID!) { holder(id: $holder) { id name } }", &[(Holders, Get)]),
    ("holderByDocument", "{ holderByDocument(document: \"x\") { id } }", &[(Holders, Get)]),
    ("holders", "{ holders { nodes { id } totalCount } }", &[(Holders, Get)]),
    ("aliasAccount", "query($alias: ID!) { aliasAccount(id: $alias) { id document } }", &[(Aliases, Get)]),
    (
        "aliasAccountByLedgerAccount",
        "query($id: UUID!) { aliasAccountByLedgerAccount(ledgerId: $id, accountId: $id) { id } }",
        &[(Aliases, Get)],
    ),
    (
        "aliasAccountsByLedgerAccounts",
        "query($id: UUID!) { aliasAccountsByLedgerAccounts(ledgerId: $id, accountIds: [$id]) { id } }",
        &[(Aliases, Get)],
    ),
    ("aliasAccounts", "{ aliasAccounts { nodes { id } totalCount } }", &[(Aliases, Get)]),
    ("auditEntries", "{ auditEntries { nodes { id } } }", &[(Audit, Get)]),
    // A list of nodes that are all of one kind; of two kinds it is answered in part.
    ("nodes", "query($holder: ID!) { nodes(ids: [$holder]) { id } }", &[(Holders, Get)]),
];

/// Every query, about a holder and an alias account that are there.
async fn queries(service: &impl Service) -> Vec<Request> {
    let (holder, alias) = (holder(service).await, alias_account(service).await.0);
    let request = |(field, document, needs): (&'static str, &str, &[Grant])| {
        let all = json!({"holder": holder, "alias": alias, "id": alias});
        let used = |name: &str| document.contains(&format!("${name}"));
        let variables = all.as_object().unwrap().iter().filter(|(name, _)| used(name));
        let variables = variables.map(|(name, value)| (name.clone(), value.clone())).collect();
        Request { field, document: document.to_owned(), variables, needs: needs.to_vec() }
    };
    QUERIES.into_iter().map(request).collect()
}
