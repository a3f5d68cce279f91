//! Batches: several queries of one page are one request.

use super::super::app::{App, new_holder, send};
use super::super::store_calls::calls;
use super::{post, posted};
use serde_json::{Value, json};

const HOLDER: &str = "query One($id: ID!) { holder(id: $id) { id name aliasAccounts { nodes { id } } } }";

/// How often Access Manager was asked for a decision.
async fn questions(app: &App) -> u64 {
    let url = format!("{}/_sandbox/calls", app.info["accessManager"].as_str().unwrap());
    let told: Value = app.client.get(url).send().await.unwrap().json().await.unwrap();
    let calls = told["calls"].as_array().unwrap_or_else(|| panic!("{told}"));
    calls.iter().filter(|call| call["path"] == "/v1/authorize").count() as u64
}

#[tokio::test]
async fn a_batch_is_answered_in_its_order_as_each_would_be_alone() {
    let app = App::sandbox();
    let mut requests = Vec::new();
    for _ in 0..10 {
        requests.push(json!({"query": HOLDER, "variables": {"id": app.holder().await}}));
    }
    let batch = posted(&app, &json!(requests)).await;
    assert_eq!(batch.status, 200, "{}", batch.body);
    let answers = batch.body.as_array().unwrap();
    assert_eq!(answers.len(), 10);
    for (request, answer) in requests.iter().zip(answers) {
        assert_eq!(answer["data"]["holder"]["id"], request["variables"]["id"]);
        assert_eq!(*answer, posted(&app, request).await.body);
    }
}

#[tokio::test]
async fn the_queries_of_a_batch_share_permissions_and_store_calls() {
    let app = App::sandbox_with(&[("AUTH_CACHE_TTL", "off")]);
    let mut requests = Vec::new();
    for _ in 0..10 {
        requests.push(json!({"query": HOLDER, "variables": {"id": app.holder().await}}));
    }
    let before =
        (questions(&app).await, calls(&app, "holders").await, calls(&app, "alias_accounts_of").await);
    let batch = posted(&app, &json!(requests)).await;
    assert!(batch.body.as_array().unwrap().iter().all(|answer| answer["errors"] == Value::Null));
    let after = (questions(&app).await, calls(&app, "holders").await, calls(&app, "alias_accounts_of").await);
    let spent = (after.0 - before.0, after.1 - before.1, after.2 - before.2);
    assert_eq!(spent, (2, 1, 1), "holders and alias accounts: one question, one store call each");
}

#[tokio::test]
async fn a_batch_with_a_mutation_is_refused_whole() {
    let app = App::sandbox();
    let create =
        "mutation Create($input: CreateHolderInput!) { createHolder(input: $input) { holder { id } } }";
    let create = json!({"query": create, "variables": {"input": new_holder()}});
    let read = json!({"query": "query Who { __typename }"});
    let faulty = json!({"query": create["query"]});
    for batch in [
        json!([create]),
        json!([read, create]),
        json!([create, read]),
        json!([create, create]),
        // Also one that could not run anyway.
        json!([read, faulty]),
    ] {
        let answer = posted(&app, &batch).await;
        assert_eq!((answer.status, answer.code()), (400, "BAD_USER_INPUT"), "{}", answer.body);
        assert!(answer.body["errors"][0]["message"].as_str().unwrap().contains("queries only"));
    }
    assert_eq!(app.stored(), (0, 0));
    assert_eq!(posted(&app, &create).await.body["errors"], Value::Null);
    assert_eq!(app.stored(), (1, 0));
}

#[tokio::test]
async fn a_batch_is_bounded_in_number() {
    let app = App::sandbox_with(&[("BATCH_MAX", "3")]);
    let of = |requests: usize| json!(vec![json!({"query": "query Who { __typename }"}); requests]);
    for (requests, status) in [(0, 400), (1, 200), (3, 200), (4, 400), (1_000, 400)] {
        let answer = posted(&app, &of(requests)).await;
        assert_eq!(answer.status, status, "{requests}: {}", answer.body);
    }
    let off = App::sandbox_with(&[("BATCH_MAX", "1")]);
    let answer = posted(&off, &of(2)).await;
    assert!(answer.body["errors"][0]["message"].as_str().unwrap().contains("batches are not taken"));
}

#[tokio::test]
async fn what_is_wrong_with_one_request_of_a_batch_is_told_at_its_place() {
    let app = App::sandbox();
    let batch = json!([
        {"query": "query Who { __typename }"},
        {"query": "query Wrong { nobody }"},
        {"query": HOLDER},
        {"query": "query Bad { holder(id: \"no uuid\") { id } }"},
        {"query": "query Who { __typename }"},
    ]);
    let answer = posted(&app, &batch).await;
    assert_eq!(answer.status, 200);
    let answers = answer.body.as_array().unwrap();
    let codes: Vec<&Value> = answers.iter().map(|one| &one["errors"][0]["extensions"]["code"]).collect();
    let expected = ["", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT", "BAD_USER_INPUT", ""];
    for (index, (code, expected)) in codes.iter().zip(expected).enumerate() {
        assert_eq!(code.as_str().unwrap_or(""), expected, "{index}: {}", answers[index]);
        assert_eq!(answers[index].get("data").is_some(), [0, 3, 4].contains(&index), "{index}");
        if !expected.is_empty() {
            assert!(answers[index]["errors"][0]["extensions"]["requestId"].is_string());
        }
    }
}

#[tokio::test]
async fn a_batch_without_a_good_token_or_an_organization_is_refused_whole() {
    let app = App::sandbox();
    let id = app.holder().await;
    let batch = json!([
        {"query": "query Who { __typename }"},
        {"query": HOLDER, "variables": {"id": id}},
    ]);
    let (head, _) =
        app.token("admin").rsplit_once('.').map(|(head, rest)| (head.to_owned(), rest.to_owned())).unwrap();
    let forged = format!("Bearer {head}.AAAA");
    for (name, value, expected) in [
        ("Authorization", Some(forged.as_str()), (401, "UNAUTHENTICATED")),
        ("Authorization", None, (401, "UNAUTHENTICATED")),
        ("X-Organization-Id", None, (400, "BAD_USER_INPUT")),
    ] {
        let (client, request) = post(&app, &batch).build_split();
        let mut request = request.unwrap();
        request.headers_mut().remove(name);
        if let Some(value) = value {
            request.headers_mut().insert(
                name.to_lowercase().parse::<reqwest::header::HeaderName>().unwrap(),
                value.parse().unwrap(),
            );
        }
        let answer = send(reqwest::RequestBuilder::from_parts(client, request)).await;
        assert_eq!((answer.status, answer.code()), expected, "{name}: {}", answer.body);
        assert!(answer.body.is_object());
    }
}

#[tokio::test]
async fn a_batch_may_cost_no_more_in_all_than_one_operation() {
    let app = App::sandbox();
    let page = json!({"query": "query Page { holders(first: 100) { nodes { id aliasAccounts(first: 20) { nodes { id ledgerId } } } } }"});
    let alone = send(post(&app, &page).header("GraphQL-Cost", "report")).await;
    let cost = &alone.body["extensions"]["cost"];
    let number = |name: &str| cost[name].as_u64().unwrap_or_else(|| panic!("{}", alone.body));
    assert_eq!(number("limit"), number("requested") + number("left"));
    let most = usize::try_from(number("limit") / number("requested")).unwrap();
    assert!((1..10).contains(&most), "{cost}");
    let batch = |requests| json!(vec![page.clone(); requests]);
    let within = send(post(&app, &batch(most)).header("GraphQL-Cost", "report")).await;
    assert_eq!(within.status, 200);
    let left = &within.body[0]["extensions"]["cost"]["left"];
    assert_eq!(
        left.as_u64(),
        Some(number("limit") - number("requested") * most as u64),
        "of the whole batch"
    );
    let over = posted(&app, &batch(most + 1)).await;
    assert_eq!((over.status, over.code()), (400, "QUERY_TOO_COMPLEX"), "{}", over.body);
}

#[tokio::test]
async fn a_batch_refused_as_a_whole_is_answered_by_one_object() {
    let app = App::sandbox();
    let page = json!({"query": "query Page { holders(first: 100) { nodes { aliasAccounts(first: 20) { nodes { id } } } } }"});
    let alone = posted(&app, &page).await;
    assert_eq!(alone.status, 200, "{}", alone.body);
    let answer = posted(&app, &json!(vec![page; 6])).await;
    assert_eq!((answer.status, answer.code()), (400, "QUERY_TOO_COMPLEX"), "{}", answer.body);
    let message = answer.body["errors"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("the batch may cost ") && answer.body.get("data").is_none(), "{message}");
    let too_many = posted(&app, &json!(vec![json!({"query": "query Who { __typename }"}); 11])).await;
    assert_eq!((too_many.status, too_many.code()), (400, "BAD_USER_INPUT"), "{}", too_many.body);
}

#[tokio::test]
async fn the_schema_is_not_asked_for_many_times_by_one_batch() {
    let app = App::sandbox();
    let types = "types { name fields { name args { name type { name } } type { name ofType { name } } } }";
    let asked = |times: usize| -> Value {
        let fields: String = (0..times).map(|i| format!("a{i}: __schema {{ {types} }} ")).collect();
        json!({"query": format!("query Types {{ {fields} }}")})
    };
    for times in [1, 8] {
        assert_eq!(posted(&app, &asked(times)).await.status, 200, "{times}");
    }
    let answer = posted(&app, &json!(vec![asked(8); 10])).await;
    assert_eq!((answer.status, answer.code()), (400, "QUERY_TOO_COMPLEX"), "{}", answer.body);
}
