//! Asks the ledger over HTTP.

use super::body::{self, Body};
use super::round::{Answered, Question, Round};
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::domain::redacted;
use crate::registry::ports::call::Call;
use crate::registry::ports::ledger::{Ledger, LedgerAccount, LedgerError};
use crate::tls::UpstreamTls;
use crate::upstream::{self, Answer, Failure, SetUpError, Upstream};
use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::header::AUTHORIZATION;
use std::time::Duration;
use url::Url;

const LONGEST_ANSWER: usize = 1024 * 1024;

/// Where the ledger is.
#[derive(Clone)]
pub struct Settings {
    /// The base URL, with or without a slash at its end.
    pub base: Url,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long one attempt may take with everything in it.
    pub attempt_timeout: Duration,
    /// Whom to trust there, and what to show.
    pub tls: UpstreamTls,
}
redacted!(Settings);

/// The ledger.
pub struct Client {
    upstream: Upstream,
}
redacted!(Client);

impl Client {
    /// Checks the settings; asks nothing yet, so the ledger need not be up.
    pub fn new(settings: Settings) -> Result<Self, SetUpError> {
        let upstream = Upstream::new(&upstream::Settings {
            name: "ledger",
            base: settings.base,
            connect_timeout: settings.connect_timeout,
            attempt_timeout: settings.attempt_timeout,
            longest_answer: LONGEST_ANSWER,
            tls: settings.tls,
        })?;
        Ok(Self { upstream })
    }

    /// The caller's own token goes with the question: the ledger decides by itself what this caller may see.
    async fn ask(&self, call: &Call, path: &[&str]) -> Result<Answer, Failure> {
        let mut question = self.upstream.get(path);
        if let Some(token) = &call.identity.token {
            question = question.header(AUTHORIZATION, upstream::authorization("Bearer ", token)?);
        }
        self.upstream.ask(question, call, &[StatusCode::OK, StatusCode::NOT_FOUND]).await
    }

    /// What the ledger says to one question.
    async fn answer(&self, call: &Call, organization: OrganizationId, question: Question) -> Answered {
        let [o, l] = &[organization.to_string(), question.ledger().to_string()];
        let path: [&str; 5] = ["v1", "organizations", o, "ledgers", l];
        match question {
            Question::Ledger(ledger) => {
                let read = |body: &Body| body::ledger(body, organization, ledger);
                let found = self.find(call, &path, LedgerError::LedgerNotFound, read).await;
                Answered::Ledger(ledger, found)
            }
            Question::Account(ledger, account) => {
                let a = account.to_string();
                let path = [path.as_slice(), &["accounts", &a]].concat();
                let read = |body: &Body| body::account(body, organization, ledger, account);
                let found = self.find(call, &path, LedgerError::AccountNotFound, read).await;
                Answered::Account(ledger, account, found)
            }
        }
    }

    /// One call and what its answer says; `read` gives `None` for what is there no more.
    async fn find<T>(
        &self,
        call: &Call,
        path: &[&str],
        missing: LedgerError,
        read: impl FnOnce(&Body) -> Result<Option<T>, Failure>,
    ) -> Result<T, LedgerError> {
        let answer = self.ask(call, path).await.map_err(unavailable)?;
        match (answer.status, answer.body) {
            (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _) => Err(LedgerError::Forbidden),
            (StatusCode::NOT_FOUND, Ok(body)) if body::says_missing(&body) => Err(missing),
            (StatusCode::NOT_FOUND, _) => Err(foreign_404(call, path)),
            (_, Ok(body)) => read(&body).map_err(|failure| unusable(call, path, failure))?.ok_or(missing),
            (_, Err(failure)) => Err(unavailable(failure)),
        }
    }
}

fn unavailable(failure: Failure) -> LedgerError {
    LedgerError::Unavailable(failure.to_string())
}

/// A proxy or a wrong base URL answers 404 too, and says nothing of accounts by it.
fn foreign_404(call: &Call, path: &[&str]) -> LedgerError {
    const REASON: &str = "status 404 without a code of the ledger";
    tracing::warn!(
        request_id = call.request_id,
        path = path.join("/"),
        "{REASON}: a proxy answered, or the ledger's base URL is wrong"
    );
    unavailable(Failure::Unexpected(REASON))
}

fn unusable(call: &Call, path: &[&str], failure: Failure) -> LedgerError {
    tracing::error!(
        request_id = call.request_id,
        path = path.join("/"),
        reason = %failure,
        "the ledger's answer cannot be used"
    );
    unavailable(failure)
}

#[async_trait]
impl Ledger for Client {
    async fn accounts(
        &self,
        call: &Call,
        organization: OrganizationId,
        accounts: &[(LedgerId, AccountId)],
    ) -> Vec<Result<LedgerAccount, LedgerError>> {
        Round::new(accounts).run(|question| self.answer(call, organization, question)).await.tell(accounts)
    }

    async fn health(&self) -> Result<(), String> {
        self.upstream.health().await
    }
}
