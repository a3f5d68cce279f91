//! The caller of one request: who, for which organization, until when, and what they may do.

use super::failure::Failure;
use super::ports::access::{AccessManager, Action, Decision, Resource};
use super::ports::call::Call;
use super::revealed::Revealed;
use crate::domain::ids::OrganizationId;
use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::{OnceCell, Semaphore};

type Answer = Arc<OnceCell<Result<(), Failure>>>;

/// One request's caller. Each distinct permission is asked once, however many fields need it.
pub struct Caller {
    /// Identity, trace and time limit.
    pub call: Call,
    /// The organization that the request is for.
    pub organization: OrganizationId,
    access: Arc<dyn AccessManager>,
    answers: Mutex<HashMap<(Resource, Action), Answer>>,
    committed: AtomicBool,
    known: AtomicBool,
    proven: bool,
    walks: Semaphore,
    read_bytes: AtomicUsize,
    answered_bytes: AtomicUsize,
    /// What it has seen of personal data, for the audit trail.
    pub revealed: Revealed,
}

/// Most bytes of records that one request reads: an answer is built in memory.
const READ_MAX: usize = 32 * 1024 * 1024;
/// Most bytes of long texts that one request is answered: a document may name the same field of one record many times
/// over, and each is answered in full.
const ANSWERED_MAX: usize = 32 * 1024 * 1024;

impl Caller {
    /// A caller of whom nothing has been asked yet.
    pub fn new(call: Call, organization: OrganizationId, access: Arc<dyn AccessManager>) -> Self {
        let (answers, committed, known) = (Mutex::default(), AtomicBool::new(false), AtomicBool::new(false));
        let (walks, read_bytes, answered_bytes) =
            (Semaphore::new(1), AtomicUsize::new(0), AtomicUsize::new(0));
        let (proven, revealed) = (false, Revealed::default());
        Self {
            call,
            organization,
            access,
            answers,
            committed,
            known,
            proven,
            walks,
            read_bytes,
            answered_bytes,
            revealed,
        }
    }

    /// The same, whose token keys have proven, if `proven`: then it is known who calls before Access Manager is asked.
    #[must_use]
    pub fn proven(self, proven: bool) -> Self {
        Self { proven, ..self }
    }

    /// As [`Self::within`], for walks over a list, one at a time: many lists of one request must not keep the store
    /// from all others.
    pub(super) async fn walks<T, E>(
        &self,
        work: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<T, Failure>
    where
        E: Into<Failure> + Send,
        T: Send,
    {
        self.within(async {
            // It is never closed, so there always is a turn.
            let _turn = self.walks.acquire().await;
            work.await
        })
        .await
    }

    /// Counts what was read for this request, and refuses what would be too much to answer.
    pub(super) fn spend(&self, bytes: usize) -> Result<(), Failure> {
        let spent = self.read_bytes.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if spent <= READ_MAX {
            return Ok(());
        }
        let message = format!(
            "the records of this request have more than {} MiB: ask for shorter pages, or for fewer lists at once",
            READ_MAX / (1024 * 1024)
        );
        Err(Failure::TooComplex(message))
    }

    /// Counts a long text that this request is answered, before it is written, and refuses what would be too much for
    /// one answer.
    pub fn answers(&self, bytes: usize) -> Result<(), Failure> {
        let spent = self.answered_bytes.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if spent <= ANSWERED_MAX {
            return Ok(());
        }
        let message = format!(
            "the long texts of this answer have more than {} MiB: ask for each once, or for fewer records at once",
            ANSWERED_MAX / (1024 * 1024)
        );
        Err(Failure::TooComplex(message))
    }

    /// Whether the token is for the organization of the request at all: asked before any permission and any record.
    pub fn belongs(&self) -> Result<(), Failure> {
        if self.call.identity.organizations.include(self.organization) {
            return Ok(());
        }
        let why = "this token is for other organizations: send the X-Organization-Id of one of its own";
        Err(Failure::Forbidden(why.to_owned()))
    }

    /// Asks whether the caller may do this; anything but a clear yes is a failure. Access Manager is not asked about an
    /// organization that the token is not for.
    pub async fn may(&self, resource: Resource, action: Action) -> Result<(), Failure> {
        self.belongs()?;
        let answer = {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            answers.entry((resource, action)).or_default().clone()
        };
        answer.get_or_init(|| self.ask(resource, action)).await.clone()
    }

    async fn ask(&self, resource: Resource, action: Action) -> Result<(), Failure> {
        let decision = self.within(self.access.decide(&self.call, resource, action)).await?;
        self.known.fetch_or(decision != Decision::Unauthenticated, Ordering::AcqRel);
        match decision {
            Decision::Allowed => Ok(()),
            Decision::Denied => Err(Failure::forbidden(resource, action)),
            Decision::Unauthenticated => {
                Err(Failure::Unauthenticated("Access Manager does not accept the token"))
            }
        }
    }

    /// Waits for something, but not beyond the request's time: what fails because that was over is a timeout, not an
    /// outage of whoever was asked.
    pub async fn within<T, E>(&self, work: impl Future<Output = Result<T, E>> + Send) -> Result<T, Failure>
    where
        E: Into<Failure>,
    {
        match tokio::time::timeout_at(self.call.deadline.into(), work).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(_)) | Err(_) if Instant::now() >= self.call.deadline => Err(Failure::Timeout),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(Failure::Timeout),
        }
    }

    /// Whether Access Manager has accepted the token in this request, whatever it allowed.
    pub fn is_known(&self) -> bool {
        self.known.load(Ordering::Acquire)
    }

    /// Whether it is known who calls: keys have proven the token, or Access Manager has accepted it in this request. What
    /// anybody could have written into a token is not held against whom it names.
    pub fn has_known_subject(&self) -> bool {
        self.proven || self.is_known()
    }

    /// Whether a mutation of this request has committed.
    pub fn has_committed(&self) -> bool {
        self.committed.load(Ordering::Acquire)
    }

    pub(super) fn set_committed(&self) {
        self.committed.store(true, Ordering::Release);
    }
}
