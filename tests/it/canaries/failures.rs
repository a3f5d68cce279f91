//! Every way to fail, with a mark in what was given.

use super::marks::MARK;
use super::run::{Run, full, with};
use crate::app::{App, fresh_document, send};
use crate::inside;
use serde_json::{Value, json};

/// A refusal of every kind.
pub(super) async fn of_inputs(run: &mut Run, app: &App) {
    let (holder, alias) = run.left.clone().unwrap();
    let nobody = "01900000-0000-7000-8000-000000000000";
    let party = full("RelatedPartyInput", 1);
    let new =
        || with(full("CreateHolderInput", 1), json!({"document": format!("{MARK} {}", fresh_document())}));
    for wrong in [
        json!({"name": format!("{MARK}\u{202e}")}),
        json!({"name": MARK.repeat(40), "document": format!("{MARK}\u{7}")}),
        json!({"document": MARK.repeat(10)}),
        json!({"contact": {"primaryEmail": MARK, "mobilePhone": format!("{MARK}\u{0}")}}),
        json!({"addresses": {"primary": {"country": MARK, "line2": MARK}}}),
        json!({"externalId": format!("{MARK}@example.com")}),
        json!({"metadata": {"cpf": MARK, "note": format!("{MARK}@example.com"), "list": [MARK], "long": MARK.repeat(300)}}),
    ] {
        run.mutate(app, "createHolder", "holder { name }", with(new(), wrong)).await;
    }
    let mut keyless = new();
    keyless["idempotencyKey"] = json!(format!("{MARK}ключ"));
    let document = crate::bench::mutation_document("createHolder", "holder { id }");
    for input in [keyless, with(new(), json!({"idempotencyKey": format!("{MARK}-key-1")}))] {
        run.note(&app.ask(&document, json!({"input": input})).await);
    }
    let taken = app.mutate("createHolder", "holder { id document }", &new()).await["holder"].clone();
    run.mutate(app, "createHolder", "holder { id }", with(new(), json!({"document": taken["document"]})))
        .await;
    let update = full("UpdateHolderInput", 1);
    for more in [
        json!({"id": nobody}),
        json!({"id": MARK}),
        json!({"id": holder, "name": null}),
        json!({"id": holder, "expectedVersion": 99}),
    ] {
        run.mutate(app, "updateHolder", "holder { name }", with(update.clone(), more)).await;
    }
    for (mutation, id) in [
        ("deleteHolder", holder.as_str()),
        ("restoreHolder", &holder),
        ("restoreHolder", nobody),
        ("updateAliasAccount", nobody),
        ("verifyAliasAccount", nobody),
    ] {
        run.mutate(app, mutation, "__typename", json!({"id": id})).await;
    }
    let link = |account: &Value| {
        let link = with(
            full("OnboardAliasAccountInput", 1),
            json!({"holderId": holder, "ledgerId": app.ledger_id()}),
        );
        with(link, json!({"accountId": account, "relatedParties": [party]}))
    };
    let info = |name: &str| app.info[name].clone();
    let open = json!(app.open_account().await);
    let late = with(party.clone(), json!({"endDate": "2001-01-01"}));
    let taken =
        app.mutate("createAliasAccount", "aliasAccount { accountId }", &link(&open)).await["aliasAccount"]
            .clone();
    let other = app.mutate("createHolder", "holder { id }", &new()).await["holder"]["id"].clone();
    let named = app.open_account().await;
    let url = format!(
        "{}/_sandbox/organizations/{}/ledgers/{}/accounts/{named}",
        text(&info("ledger")),
        app.organization(),
        app.ledger_id()
    );
    assert_eq!(send(app.client.put(url).json(&json!({"holderId": other}))).await.status, 200);
    for input in [
        link(&info("blockedAccountId")),
        link(&info("externalAccountId")),
        link(&info("deletedAccountId")),
        link(&json!(named)),
        link(&taken["accountId"]),
        with(link(&open), json!({"ledgerId": nobody})),
        with(link(&open), json!({"relatedParties": [late]})),
        with(
            link(&open),
            json!({"bankingDetails": {"iban": format!("{MARK}\u{7}"), "openingDate": "2024-01-02", "closingDate": "2024-01-01"}}),
        ),
    ] {
        run.mutate(app, "createAliasAccount", "aliasAccount { document }", input).await;
    }
    let of_party = with(full("UpdateRelatedPartyInput", 1), json!({"aliasAccountId": alias, "id": nobody}));
    run.mutate(app, "updateRelatedParty", "__typename", of_party).await;
    let accounts = [link(&open), link(&open)].map(without_holder);
    let onboarding = json!({"holder": new(), "aliasAccounts": accounts});
    run.mutate(app, "onboardHolder", "__typename", onboarding).await;
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn without_holder(mut link: Value) -> Value {
    link.as_object_mut().unwrap().remove("holderId");
    link
}

/// Documents, variables, headers and bodies that are none.
pub(super) async fn of_requests(run: &mut Run, app: &App) {
    let deep = format!(
        "{{ holders {{ nodes {} }} }}",
        "{ aliasAccounts { nodes { holder ".repeat(9) + "{ id }" + &" } } }".repeat(9)
    );
    for query in [
        format!("{{ holderByDocument(document: \"{MARK}\" }}"),
        format!("{{ holderByDocument(document: \"{MARK}\", unknown: \"{MARK}\") {{ id }} }}"),
        format!(
            "{{ holders(filter: {{document: \"{MARK}\", type: {}}}) {{ totalCount }} }}",
            MARK.to_uppercase()
        ),
        format!("{{ holders(filter: {{document: \"{}\"}}) {{ totalCount }} }}", MARK.repeat(10)),
        format!("{{ holders(filter: {{createdAt: {{from: \"{MARK}\"}}}}) {{ totalCount }} }}"),
        format!("{{ holders(first: \"{MARK}\") {{ totalCount }} }}"),
        format!("{{ holders(after: \"{MARK}\") {{ totalCount }} }}"),
        format!(
            "{{ aliasAccounts(before: \"{MARK}\", filter: {{bankingDetailsIban: \"{MARK}\"}}) {{ totalCount }} }}"
        ),
        format!(
            "{{ aliasAccounts(filter: {{metadata: [{{key: \"{MARK}\", string: \" \"}}]}}) {{ totalCount }} }}"
        ),
        format!(
            "{{ node(id: \"{MARK}\") {{ id }} holder(id: \"{MARK}\") {{ id }} nodes(ids: [\"{MARK}\"]) {{ id }} }}"
        ),
        format!("{{ aliasAccountByLedgerAccount(ledgerId: \"{MARK}\", accountId: \"{MARK}\") {{ id }} }}"),
        deep,
    ] {
        run.query(app, &query, json!({})).await;
    }
    let query = "query($d: String!, $f: HolderFilter!, $s: SortDirection!) { holderByDocument(document: $d) { id } holders(filter: $f, direction: $s) { totalCount } }";
    for variables in [
        json!({"d": [MARK], "f": {"type": MARK, "createdAt": MARK}, "s": MARK}),
        json!({"d": MARK, "f": MARK, "s": {"a": MARK}}),
        json!({"d": MARK, "f": {"ids": [MARK]}, "s": "ASC", "unused": MARK}),
    ] {
        run.query(app, query, variables).await;
    }
    let forged = format!("Bearer {MARK}.{MARK}.{MARK}");
    let one = || app.request("{ holders { totalCount } }", json!({}));
    for wrong in 0..4 {
        let mut request = one().build().unwrap();
        match wrong {
            0 => drop(request.headers_mut().insert("Authorization", forged.parse().unwrap())),
            1 => drop(request.headers_mut().insert("X-Organization-Id", MARK.parse().unwrap())),
            2 => drop(request.headers_mut().insert("Content-Type", format!("text/{MARK}").parse().unwrap())),
            _ => *request.body_mut() = Some(format!("{{\"query\": \"{MARK}").into()),
        }
        let answer = app.client.execute(request).await.unwrap().text().await.unwrap();
        run.note(&serde_json::from_str(&answer).unwrap());
    }
    let input = with(full("CreateHolderInput", 1), json!({"idempotencyKey": format!("{MARK}-forbidden")}));
    let create = crate::bench::mutation_document("createHolder", "holder { name }");
    for token in ["viewer", "nobody"] {
        run.note(&app.ask_as(token, &create, json!({"input": input})).await);
    }
}

/// What goes wrong before there is a document, or beside it: methods, paths, headers, ids of documents, batches.
pub(super) async fn of_http(run: &mut Run, app: &App, holder: &str) {
    let look_up = format!("query LookUp {{ holderByDocument(document: \"{MARK}\") {{ id }} }}");
    let by_variable = "query LookUp($d: String!) { holderByDocument(document: $d) { id } }";
    let variables = json!({"d": MARK}).to_string();
    for parameters in [
        vec![("query", look_up.as_str())],
        vec![("query", by_variable), ("variables", &variables)],
        vec![("query", by_variable), ("variables", MARK)],
        vec![("query", by_variable), ("operationName", MARK)],
        vec![("documentId", MARK)],
        vec![(MARK, MARK)],
    ] {
        let url = reqwest::Url::parse_with_params(&format!("{}/graphql", app.base), parameters).unwrap();
        let request = app.client.get(url).bearer_auth(app.token("admin"));
        run.note(&send(request.header("X-Organization-Id", app.organization())).await.body);
    }
    let persisted = json!({"persistedQuery": {"version": 1, "sha256Hash": MARK}});
    let entities = "query Entities($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Holder { name document } } }";
    let representations = json!([
        {"__typename": "Holder", "id": MARK}, {"__typename": "Holder", "id": holder, "name": MARK},
        {"__typename": "AliasAccount", "ledgerId": MARK, "accountId": MARK}, {"__typename": MARK, MARK: MARK},
        {"__typename": "Holder", "id": holder},
    ]);
    let one = |document: &str| json!({"query": by_variable, "variables": {"d": document}});
    for body in [
        json!({"extensions": persisted}),
        json!({"extensions": persisted, "query": look_up}),
        json!({"extensions": {MARK: MARK}, "query": look_up, MARK: MARK}),
        json!({"documentId": MARK}),
        json!({"query": by_variable, "variables": MARK}),
        json!({"query": by_variable, "operationName": MARK}),
        json!([one(MARK), {"query": look_up}, MARK, {"query": format!("{{ {MARK} }}")}]),
        json!([one(MARK), one(&MARK.repeat(9))]),
        Value::Array(vec![one(MARK); 30]),
        json!({"query": entities, "variables": {"r": representations}}),
        json!({"query": entities, "variables": {"r": [representations[4]]}}),
        json!({"query": format!("{{ holders {{ {MARK} }} ...{MARK} }}")}),
        json!({"query": format!("query($d: {MARK}) {{ holders(filter: {{{MARK}: $d}}, {MARK}: 1) {{ totalCount @{MARK} }} }}")}),
        json!({"query": format!("# {MARK}\n{{ holders {{ totalCount }} }} \"{MARK}\"")}),
    ] {
        note_all(run, &send(app.request("", json!({})).json(&body)).await.body);
    }
    for (name, value) in [
        ("Authorization", format!("Basic {MARK}")),
        ("Authorization", MARK.to_owned()),
        ("X-Organization-Id", format!("{MARK},{MARK}")),
        ("Accept", format!("text/{MARK}")),
        ("Content-Encoding", MARK.to_owned()),
        ("X-Request-Id", format!("{MARK} {MARK}")),
        ("traceparent", format!("00-{MARK}-{MARK}-01")),
        ("tracestate", format!("{MARK}={MARK}")),
        ("X-Forwarded-For", MARK.to_owned()),
        ("Cookie", format!("{MARK}={MARK}")),
        ("User-Agent", MARK.to_owned()),
        ("Apollo-Require-Preflight", MARK.to_owned()),
    ] {
        let mut request = app.request(by_variable, json!({"d": MARK})).build().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
        let answer = app.client.execute(request).await.unwrap().text().await.unwrap();
        note_all(run, &serde_json::from_str(&answer).unwrap_or(Value::String(answer)));
    }
    for (method, path) in [
        ("GET", format!("/{MARK}?d={MARK}")),
        ("PUT", format!("/graphql/{MARK}")),
        (MARK, "/graphql".to_owned()),
    ] {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let answer =
            app.client.request(method, format!("{}{path}", app.base)).body(MARK).send().await.unwrap();
        run.told.push(answer.text().await.unwrap());
    }
}

/// The same of a batch too; an answer that is no JSON has nothing but what it tells.
fn note_all(run: &mut Run, answer: &Value) {
    match answer {
        Value::Array(answers) => answers.iter().for_each(|answer| run.note(answer)),
        Value::String(text) => run.told.push(text.clone()),
        answer => run.note(answer),
    }
}

/// The store fails in the middle of its work: tables are gone, and come back.
pub(super) async fn of_the_store(run: &mut Run, app: &App) {
    let of_audit = inside::audit(app.dir()).into_iter().map(|holding| holding.name);
    for table in ["tokens", "operations", "holders"].map(str::to_owned).into_iter().chain(of_audit) {
        inside::rename_table(app.dir(), &table, "gone");
        let new =
            with(full("CreateHolderInput", 1), json!({"document": format!("{MARK} {}", fresh_document())}));
        run.mutate(app, "createHolder", "holder { name }", new).await;
        let query = "query($d: String!) { holderByDocument(document: $d) { name } holders(filter: {document: $d}) { nodes { name } } }";
        run.query(app, query, json!({"d": MARK})).await;
        inside::rename_table(app.dir(), "gone", &table);
    }
}

/// Upstreams answer what is no answer, again and again.
pub(super) async fn of_lies(run: &mut Run, app: &App, alias: &str) {
    for _ in 0..super::upstreams::LIES {
        run.mutate(app, "verifyAliasAccount", "aliasAccount { id }", json!({"id": alias})).await;
        let query = "query($d: String!) { holderByDocument(document: $d) { id } }";
        run.query(app, query, json!({"d": MARK})).await;
    }
}

/// The ledger gives no answer, and what is stored does not open.
pub(super) async fn of_the_ledger_and_of_records(run: &mut Run, app: &App, holder: &str, alias: &str) {
    let input = with(full("CreateHolderInput", 0), json!({"document": format!("{MARK} three")}));
    let made = run.mutate(app, "createHolder", "holder { id }", input).await;
    let link = |holder: &Value| {
        let account = json!({"holderId": holder, "ledgerId": app.ledger_id(), "accountId": app.account(7)});
        with(full("OnboardAliasAccountInput", 1), account)
    };
    run.mutate(app, "createAliasAccount", "aliasAccount { id }", link(&made["holder"]["id"])).await;
    run.mutate(app, "createAliasAccount", "aliasAccount { id }", link(&json!(holder))).await;
    run.mutate(app, "verifyAliasAccount", "aliasAccount { id }", json!({"id": alias})).await;
    let whole = crate::shape::whole;
    for (query, id) in [("holder", holder), ("aliasAccount", alias)] {
        let kind = if query == "holder" { "Holder" } else { "AliasAccount" };
        run.query(app, &format!("query($id: ID!) {{ {query}(id: $id) {} }}", whole(kind)), json!({"id": id}))
            .await;
    }
    run.mutate(
        app,
        "updateHolder",
        "holder { id }",
        with(full("UpdateHolderInput", 0), json!({"id": holder})),
    )
    .await;
    run.mutate(app, "deleteAliasAccount", "deletedId", json!({"id": alias})).await;
    run.mutate(app, "restoreAliasAccount", "aliasAccount { id }", json!({"id": alias})).await;
    run.query(app, &format!("{{ holders {{ nodes {} }} }}", whole("Holder")), json!({})).await;
}

/// Nobody decides who may do what.
pub(super) async fn of_access_manager(run: &mut Run, app: &App) {
    run.mutate(app, "createHolder", "holder { id }", full("CreateHolderInput", 0)).await;
    let query = "query($d: String!) { holderByDocument(document: $d) { id } }";
    run.query(app, query, json!({"d": MARK})).await;
}
