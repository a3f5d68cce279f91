//! Asks the ledger over HTTP.

use super::body::{self, Body};
use super::known::Known;
use super::release;
use super::round::{Answered, Question, Round};
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::domain::redacted;
use crate::registry::ports::call::Call;
use crate::registry::ports::condition::Condition;
use crate::registry::ports::ledger::{Ledger, LedgerAccount, LedgerError, Release};
use crate::registry::ports::own_token::OwnToken;
use crate::telemetry::metrics::LEDGER_VERSION_SUPPORTED;
use crate::tls::UpstreamTls;
use crate::upstream::{self, Answer, Failure, Limits, SetUpError, Upstream};
use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::header::AUTHORIZATION;
use secrecy::SecretString;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

/// The segment before an account's id.
const ACCOUNTS: &str = "accounts";

const LONGEST_ANSWER: usize = 1024 * 1024;

/// Where the ledger is.
#[derive(Clone)]
pub struct Settings {
    /// The base URL, with or without a slash at its end.
    pub base: Url,
    /// The token that questions are asked with; `None`: with the caller's own.
    pub own_token: Option<Arc<dyn OwnToken>>,
    /// How long an account that may be linked is taken for confirmed; `None`: it is asked for each time.
    pub known_for: Option<Duration>,
    /// What bounds its calls.
    pub limits: Limits,
    /// Whom to trust there, and what to show.
    pub tls: UpstreamTls,
}
redacted!(Settings);

/// The ledger.
pub struct Client {
    upstream: Upstream,
    own_token: Option<Arc<dyn OwnToken>>,
    known: Option<Known>,
    release: RwLock<Option<Release>>,
}
redacted!(Client);

impl Client {
    /// Checks the settings; asks nothing yet, so the ledger need not be up.
    pub fn new(settings: Settings) -> Result<Self, SetUpError> {
        let upstream = Upstream::new(&upstream::Settings {
            name: "ledger",
            base: settings.base,
            limits: settings.limits,
            longest_answer: LONGEST_ANSWER,
            tls: settings.tls,
        })?;
        Ok(Self {
            upstream,
            own_token: settings.own_token,
            known: settings.known_for.map(Known::new),
            release: RwLock::default(),
        })
    }

    /// Asks with the caller's token, so that the ledger decides by itself what this caller may see; or with the
    /// service's own, which was perhaps withdrawn: then with one other.
    async fn ask<T>(
        &self,
        call: &Call,
        path: &[&str],
        read: impl Fn(Answer) -> Result<Said<T>, Failure>,
    ) -> Result<Said<T>, LedgerError> {
        let failed = |failure| unanswered(call, path, &failure);
        let Some(own) = &self.own_token else {
            return self.ask_with(call, path, call.identity.token.as_ref(), read).await.map_err(failed);
        };
        let mut again = true;
        loop {
            let token = own.token(call).await.map_err(|why| LedgerError::Unavailable(why.to_string()))?;
            match self.ask_with(call, path, Some(&token), &read).await.map_err(failed)? {
                Said::Refused(StatusCode::UNAUTHORIZED)
                    if std::mem::take(&mut again) && own.refused(&token) => {}
                Said::Refused(status) => return Err(refuses_us(call, status)),
                said => return Ok(said),
            }
        }
    }

    async fn ask_with<T>(
        &self,
        call: &Call,
        path: &[&str],
        token: Option<&SecretString>,
        read: impl Fn(Answer) -> Result<Said<T>, Failure>,
    ) -> Result<Said<T>, Failure> {
        let mut question = self.upstream.get(path);
        if let Some(token) = token {
            question = question.header(AUTHORIZATION, upstream::authorization("Bearer ", token)?);
        }
        let name = if path.contains(&ACCOUNTS) { "account" } else { "ledger" };
        let telling = [StatusCode::OK, StatusCode::NOT_FOUND];
        self.upstream.ask((name, question), call, &telling, read).await
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
                let path = [path.as_slice(), &[ACCOUNTS, &a]].concat();
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
        read: impl Fn(&Body) -> Result<Option<T>, Failure>,
    ) -> Result<T, LedgerError> {
        match self.ask(call, path, |answer| said(answer, &read)).await? {
            Said::There(found) => Ok(found),
            Said::Missing => Err(missing),
            Said::Refused(_) => Err(LedgerError::Forbidden),
        }
    }
}

/// What an answer says.
enum Said<T> {
    There(T),
    Missing,
    /// 401 or 403.
    Refused(StatusCode),
}

/// A 404 that is not the ledger's own: a proxy or a wrong base URL answers so too, and says nothing of accounts by it.
const FOREIGN_404: &str = "status 404 without a code of the ledger";

fn said<T>(answer: Answer, read: impl Fn(&Body) -> Result<Option<T>, Failure>) -> Result<Said<T>, Failure> {
    match (answer.status, answer.body) {
        (status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN), _) => Ok(Said::Refused(status)),
        (StatusCode::NOT_FOUND, Ok(body)) if body::says_missing(&body) => Ok(Said::Missing),
        (StatusCode::NOT_FOUND, Ok(_) | Err(Failure::NotJson | Failure::NoObject | Failure::TooLong(_))) => {
            Err(Failure::Unexpected(FOREIGN_404))
        }
        (_, body) => Ok(read(&body?)?.map_or(Said::Missing, Said::There)),
    }
}

/// There is no answer: what an operator has to look at is told in the log.
fn unanswered(call: &Call, path: &[&str], failure: &Failure) -> LedgerError {
    match failure {
        Failure::Unexpected(FOREIGN_404) => tracing::warn!(
            request_id = call.request_id,
            path = path.join("/"),
            "{FOREIGN_404}: a proxy answered, or the ledger's base URL is wrong"
        ),
        Failure::Unexpected(reason) => tracing::error!(
            request_id = call.request_id,
            path = path.join("/"),
            reason,
            "the ledger's answer cannot be used"
        ),
        _ => {}
    }
    LedgerError::Unavailable(failure.to_string())
}

/// The ledger refuses this service itself: nothing that the caller could mend.
fn refuses_us(call: &Call, status: StatusCode) -> LedgerError {
    tracing::error!(
        request_id = call.request_id,
        status = status.as_u16(),
        "the ledger refuses this service's own token: look at MIDAZ_CLIENT_ID and at what the ledger grants it"
    );
    LedgerError::Unavailable(Failure::Status(status.as_u16()).to_string())
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

    async fn accounts_to_link(
        &self,
        call: &Call,
        organization: OrganizationId,
        accounts: &[(LedgerId, AccountId)],
    ) -> Vec<Result<LedgerAccount, LedgerError>> {
        let Some(known) = &self.known else { return self.accounts(call, organization, accounts).await };
        // With a token of our own the ledger shows everyone the same.
        let token = call.identity.token.as_ref().filter(|_| self.own_token.is_none());
        let kept: Vec<_> = accounts.iter().map(|account| known.get(organization, *account, token)).collect();
        let asked = Instant::now();
        let unknown: Vec<_> =
            accounts.iter().zip(&kept).filter(|(_, kept)| kept.is_none()).map(|(one, _)| *one).collect();
        let told = self.accounts(call, organization, &unknown).await;
        for (account, told) in unknown.iter().zip(&told) {
            if let Ok(confirmed) = told {
                known.keep(organization, *account, token, (asked, confirmed));
            }
        }
        let mut told = told.into_iter();
        let unasked = || Err(LedgerError::Unavailable("the ledger was not asked".to_owned()));
        kept.into_iter().map(|kept| kept.map_or_else(|| told.next().unwrap_or_else(unasked), Ok)).collect()
    }

    async fn is_open_to_us(&self, call: &Call) -> Result<(), String> {
        if let Some(own) = &self.own_token {
            own.token(call).await.map_err(|why| why.to_string())?;
        }
        self.health().await
    }

    async fn ask_release(&self, call: &Call) -> Result<(), String> {
        let question = self.upstream.get(&["version"]);
        let read = |answer: Answer| release::read(&answer.body?);
        let release = self.upstream.ask(("version", question), call, &[StatusCode::OK], read).await;
        let release = release.map_err(|failure| failure.to_string())?;
        metrics::gauge!(LEDGER_VERSION_SUPPORTED).set(if release.supported { 1.0 } else { 0.0 });
        let mut last = self.release.write().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref() != Some(&release) {
            let version = &release.version;
            match release.supported {
                true => tracing::info!(version, "the ledger's release is supported"),
                false => tracing::warn!(
                    version,
                    "the ledger's release is none that this service was made for ({})",
                    release::SUPPORTED
                ),
            }
        }
        *last = Some(release);
        Ok(())
    }

    fn release(&self) -> Option<Release> {
        self.release.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn health(&self) -> Result<(), String> {
        self.upstream.health().await
    }

    fn condition(&self) -> Option<Condition> {
        Some(self.upstream.condition())
    }
}
