//! Queries over GET, and what is never taken over it.

use super::super::app::{App, new_holder, send};
use super::get;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_query_over_get_is_answered_as_over_post() {
    let app = App::sandbox();
    let holder = app.holder().await;
    let query = "query Version($id: ID!) { holder(id: $id) { id version } } query Other { __typename }";
    let variables = json!({"id": holder});
    let answer = send(get(
        &app,
        &[("query", query), ("operationName", "Version"), ("variables", &variables.to_string())],
    ))
    .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body, json!({"data": {"holder": {"id": holder, "version": 1}}}));
}

#[tokio::test]
async fn a_mutation_over_get_is_refused_and_nothing_is_stored() {
    let app = App::sandbox();
    let query =
        "mutation Create($input: CreateHolderInput!) { createHolder(input: $input) { holder { id } } }";
    let variables = json!({"input": new_holder()}).to_string();
    let answer = send(get(&app, &[("query", query), ("variables", &variables)])).await;
    assert_eq!((answer.status, answer.code()), (405, "BAD_USER_INPUT"), "{}", answer.body);
    assert_eq!(answer.headers["allow"], "POST");
    assert_eq!(app.stored(), (0, 0));
    // Nor where another operation of the document is a query.
    let both = format!("query Who {{ __typename }} {query}");
    let answer =
        send(get(&app, &[("query", &both), ("operationName", "Create"), ("variables", &variables)])).await;
    assert_eq!(answer.status, 405);
    assert_eq!(app.stored(), (0, 0));
}

#[tokio::test]
async fn get_is_off_in_serve_and_other_methods_are_never_taken() {
    let app = App::sandbox();
    let serve = App::serve(&app, &[]);
    let on = App::serve(&app, &[("GET_ENABLED", "true")]);
    let ask = |app: &App, method: Method| {
        let url = format!("{}/graphql?query=query%20Who%7B__typename%7D", app.base);
        app.client.request(method, url).bearer_auth(app.token("admin"))
    };
    for (app, method, status, allow) in [
        (&serve, Method::GET, 405, Some("POST")),
        (&serve, Method::PUT, 405, Some("POST")),
        (&on, Method::GET, 200, None),
        (&on, Method::HEAD, 405, Some("GET, POST")),
        (&on, Method::DELETE, 405, Some("GET, POST")),
        (&on, Method::OPTIONS, 405, Some("GET, POST")),
    ] {
        let answer = send(ask(app, method.clone())).await;
        assert_eq!(answer.status, status, "{method} {}", answer.body);
        assert_eq!(answer.headers.get("allow").map(|value| value.to_str().unwrap()), allow, "{method}");
    }
    let bare = send(on.client.get(format!("{}/graphql?query=query%20Who%7B__typename%7D", on.base))).await;
    assert_eq!(bare.status, 401, "GET needs a token as POST does");
}

#[tokio::test]
async fn parameters_that_are_no_request_are_told() {
    let app = App::sandbox();
    for (parameters, status) in [
        (vec![], 400),
        (vec![("query", "query A { __typename }"), ("query", "query B { __typename }")], 400),
        (vec![("query", "query A { __typename }"), ("variables", "{")], 400),
        (vec![("query", "query A { __typename }"), ("extensions", "7")], 400),
        (vec![("query", "{"), ("variables", "")], 400),
        (
            vec![("query", "query A { __typename }"), ("variables", ""), ("operationName", ""), ("x", "y")],
            200,
        ),
    ] {
        let answer = send(get(&app, &parameters)).await;
        assert_eq!(answer.status, status, "{parameters:?} {}", answer.body);
        if status != 200 {
            assert_eq!(answer.body.get("data"), None::<&Value>);
        }
    }
}
