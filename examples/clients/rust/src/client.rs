//! The whole client library: one function over reqwest.

use cynic::{GraphQlError, GraphQlResponse, Operation};
use reqwest::header::ACCEPT;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::time::Duration;

/// What the service says of an error, for programs.
#[derive(Deserialize)]
pub struct Extensions {
    pub code: String,
}

/// Data and errors, each as the service sent it: a field that was refused is null, the others are there.
pub struct Answer<Data> {
    pub data: Data,
    pub errors: Vec<GraphQlError<Extensions>>,
}

/// Where to ask, and as whom.
pub struct Client {
    http: reqwest::Client,
    url: String,
    organization_id: String,
    token: String,
}

impl Client {
    pub fn new(url: String, organization_id: String, token: String) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).build()?;
        Ok(Self { http, url, organization_id, token })
    }

    /// Fails where nothing was executed: no connection, or the request itself was refused.
    pub async fn request<Data, Variables>(
        &self,
        operation: Operation<Data, Variables>,
    ) -> Result<Answer<Data>, Box<dyn Error>>
    where
        Data: DeserializeOwned + 'static,
        Variables: Serialize,
    {
        let response = self
            .http
            .post(&self.url)
            .bearer_auth(&self.token)
            .header("X-Organization-Id", &self.organization_id)
            .header(ACCEPT, "application/graphql-response+json")
            .json(&operation)
            .send()
            .await?;
        let status = response.status();
        let answer: GraphQlResponse<Data, Extensions> = response.json().await?;
        let errors = answer.errors.unwrap_or_default();
        match answer.data {
            Some(data) => Ok(Answer { data, errors }),
            None => {
                let said: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
                Err(format!("refused with status {status}: {}", said.join("; ")).into())
            }
        }
    }
}
