//! The keys of a key server, kept here: read again every five minutes, and at once for a key that nobody knows yet.
//!
//! Keys that were good stay good while the server is down or lies, for a day: then they prove nothing any more, for
//! else the last key could never be withdrawn. Whoever makes up names of keys causes one reload in 30 seconds, for all
//! callers together. A load is a task of its own: it ends although whoever caused it went away.

use super::algorithm::Algorithm;
use super::key_set::{Found, KeySet};
use super::key_source::{KeySource, NoAnswer};
use super::public_key::PublicKey;
use crate::telemetry::metrics::KEY_SET_LOADS;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// How long a set is good before it is read again.
pub(super) const REFRESH: Duration = Duration::from_secs(5 * 60);
/// How long after a reload for an unknown key there is no other for such a reason.
pub(super) const COOL_DOWN: Duration = Duration::from_secs(30);
/// The first pause after a load that failed; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long keys prove tokens without being confirmed by another load.
pub(super) const OLDEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a key is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoKey {
    /// The key server answers, and has no such key.
    Unknown,
    /// The key is there, and not for such a token.
    Unfit,
    /// The key server gives no key set, so nobody knows.
    Unavailable,
}

/// The keys of a key server.
pub(super) struct KeyServer {
    kept: Arc<Kept>,
    refresher: JoinHandle<()>,
}

struct Kept {
    source: Box<dyn KeySource>,
    state: Mutex<State>,
    /// Tells whoever waits that a load has ended.
    ended: watch::Sender<()>,
}

struct State {
    keys: KeySet,
    /// When they were last read.
    confirmed: Instant,
    /// Why the last load gave none; also before the first.
    trouble: Option<String>,
    /// How many loads in a row have failed.
    failures: u32,
    loading: Option<Cause>,
    /// When it is read again by itself.
    due: Instant,
    /// When it was last read for an unknown key.
    asked: Option<Instant>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cause {
    Due,
    UnknownKey,
}

enum Look {
    Done(Result<Vec<Arc<PublicKey>>, NoKey>),
    /// For the load that has begun; whether this look began it.
    Wait {
        begun: bool,
    },
}

enum Next {
    At(Instant),
    /// After the load that has begun; whether this step began it.
    AfterLoad {
        begun: bool,
    },
}

impl KeyServer {
    /// Begins to read; nobody waits for it, so the server need not be up.
    pub(super) fn start(source: impl KeySource) -> Self {
        let state = State {
            keys: KeySet::default(),
            confirmed: Instant::now(),
            trouble: Some("not read yet".to_owned()),
            failures: 0,
            loading: None,
            due: Instant::now(),
            asked: None,
        };
        let (ended, _) = watch::channel(());
        let kept = Arc::new(Kept { source: Box::new(source), state: Mutex::new(state), ended });
        // At once, so that no token that comes first counts as one with an unknown key.
        Kept::next(&kept);
        let refresher = tokio::spawn(refresh(kept.clone()));
        Self { kept, refresher }
    }

    /// The keys that a token of this algorithm and `kid` must be signed with one of: just one where it has a `kid`.
    pub(super) async fn find(
        &self,
        algorithm: Algorithm,
        id: Option<&str>,
    ) -> Result<Vec<Arc<PublicKey>>, NoKey> {
        // Before the first look, so that no end between look and wait is missed.
        let mut ends = self.kept.ended.subscribe();
        loop {
            match Kept::look(&self.kept, algorithm, id) {
                Look::Done(found) => return found,
                Look::Wait { .. } => ends.changed().await.map_err(|_| NoKey::Unavailable)?,
            }
        }
    }

    /// Why the last load failed, if it did; the keys from before may still serve.
    pub(super) fn trouble(&self) -> Option<String> {
        self.kept.state().trouble.clone()
    }
}

impl Drop for KeyServer {
    fn drop(&mut self) {
        self.refresher.abort();
    }
}

/// Begins a load whenever one is due.
async fn refresh(kept: Arc<Kept>) {
    let mut ends = kept.ended.subscribe();
    loop {
        let next = Kept::next(&kept);
        let changed = match next {
            Next::At(due) => tokio::select! {
                () = sleep_until(due) => Ok(()),
                changed = ends.changed() => changed,
            },
            Next::AfterLoad { .. } => ends.changed().await,
        };
        if changed.is_err() {
            return;
        }
    }
}

impl Kept {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(kept: &Arc<Self>, algorithm: Algorithm, id: Option<&str>) -> Look {
        let look = kept.state().look(algorithm, id);
        if let Look::Wait { begun: true } = look {
            Self::spawn_load(kept);
        }
        look
    }

    fn next(kept: &Arc<Self>) -> Next {
        let next = kept.state().next();
        if let Next::AfterLoad { begun: true } = next {
            Self::spawn_load(kept);
        }
        next
    }

    /// Never called with the state locked: a runtime that shuts down drops the task within `spawn`, and its end locks
    /// the state.
    fn spawn_load(kept: &Arc<Self>) {
        tokio::spawn(load(Loading(kept.clone())));
    }

    fn take(&self, read: Result<KeySet, NoAnswer>) {
        let outcome = read.as_ref().map_or_else(NoAnswer::outcome, |_| "success");
        metrics::counter!(KEY_SET_LOADS, "outcome" => outcome).increment(1);
        let mut state = self.state();
        match read {
            Ok(keys) => state.replace(keys),
            Err(why) => state.keep(why.to_string()),
        }
    }
}

impl State {
    fn look(&mut self, algorithm: Algorithm, id: Option<&str>) -> Look {
        let now = Instant::now();
        self.forget_old(now);
        match self.keys.find(algorithm, id) {
            Found::Keys(keys) => return Look::Done(Ok(keys)),
            Found::Unfit => return Look::Done(Err(NoKey::Unfit)),
            Found::Unknown => {}
        }
        let cooling = self.asked.is_some_and(|asked| now.duration_since(asked) < COOL_DOWN);
        match self.loading {
            Some(Cause::UnknownKey) => Look::Wait { begun: false },
            Some(Cause::Due) if !cooling => Look::Wait { begun: false },
            None if !cooling => {
                self.asked = Some(now);
                self.begin(Cause::UnknownKey);
                Look::Wait { begun: true }
            }
            Some(Cause::Due) | None => Look::Done(Err(self.verdict())),
        }
    }

    fn next(&mut self) -> Next {
        if self.loading.is_some() {
            return Next::AfterLoad { begun: false };
        }
        if Instant::now() < self.due {
            return Next::At(self.due);
        }
        self.begin(Cause::Due);
        Next::AfterLoad { begun: true }
    }

    /// Whoever calls this spawns the load, once the state is no longer locked.
    fn begin(&mut self, cause: Cause) {
        self.loading = Some(cause);
        // Its end says better; a load that ends without a word must not begin again at once.
        self.due = Instant::now() + LONGEST_PAUSE;
    }

    /// Drops keys that have not been confirmed for too long.
    fn forget_old(&mut self, now: Instant) {
        if self.keys.len() == 0 || now.duration_since(self.confirmed) < OLDEST {
            return;
        }
        self.keys = KeySet::default();
        self.trouble.get_or_insert_with(|| "not read for 24 hours".to_owned());
        tracing::error!(
            "the key set of AUTH_JWKS_URL could not be read for 24 hours; its keys prove no token any more"
        );
    }

    fn verdict(&self) -> NoKey {
        if self.trouble.is_some() { NoKey::Unavailable } else { NoKey::Unknown }
    }

    fn replace(&mut self, keys: KeySet) {
        if self.trouble.is_some() || self.keys != keys {
            tracing::info!(keys = keys.len(), "the key set of AUTH_JWKS_URL was read");
            if keys.ambiguous() > 0 {
                tracing::warn!(
                    names = keys.ambiguous(),
                    "the key set of AUTH_JWKS_URL has different keys of one algorithm with the same kid; none of them \
                     proves a token"
                );
            }
        }
        let now = Instant::now();
        (self.keys, self.trouble, self.failures) = (keys, None, 0);
        (self.confirmed, self.due) = (now, now + REFRESH);
    }

    fn keep(&mut self, trouble: String) {
        if self.trouble.as_ref() != Some(&trouble) {
            let kept = self.keys.len();
            tracing::warn!(
                trouble,
                kept,
                "the key set of AUTH_JWKS_URL cannot be read; the keys from before are kept"
            );
        }
        self.forget_old(Instant::now());
        let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(self.failures)).min(LONGEST_PAUSE);
        (self.trouble, self.failures) = (Some(trouble), self.failures.saturating_add(1));
        self.due = Instant::now() + pause;
    }
}

/// A load under way. However it ends, whoever waits for it goes on.
struct Loading(Arc<Kept>);

async fn load(loading: Loading) {
    let Loading(kept) = &loading;
    let fetched = kept.source.fetch().await;
    kept.take(fetched.and_then(|body| KeySet::read(&body).map_err(NoAnswer::from)));
}

impl Drop for Loading {
    fn drop(&mut self) {
        self.0.state().loading = None;
        self.0.ended.send_replace(());
    }
}

#[cfg(test)]
mod tests;
