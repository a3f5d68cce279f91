//! GraphQL over HTTP as a client sees it: methods, batches, names, ids and timings.

mod batches;
mod get;
mod ids;
mod names;
mod sizes;

use super::app::{Answer, App, send};
use reqwest::RequestBuilder;
use serde_json::Value;

/// A POST of any body, by the admin for the main organization.
fn post(app: &App, body: &Value) -> RequestBuilder {
    app.request("", Value::Null).json(body)
}

async fn posted(app: &App, body: &Value) -> Answer {
    send(post(app, body)).await
}

/// A GET with these parameters, by the admin for the main organization.
fn get(app: &App, parameters: &[(&str, &str)]) -> RequestBuilder {
    let url = reqwest::Url::parse_with_params(&format!("{}/graphql", app.base), parameters).unwrap();
    app.client
        .get(url)
        .bearer_auth(app.token("admin"))
        .header("X-Organization-Id", app.organization())
        .header("Accept", "application/graphql-response+json")
}
