//! The keys of a key server, kept here: read again every five minutes, and at once for a key that nobody knows yet.
//!
//! Keys that were good stay good while the server is down or lies. Whoever makes up names of keys causes one reload
//! in 30 seconds, for all callers together. A load is a task of its own: it ends although whoever caused it went away.

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
    Done(Result<Arc<PublicKey>, NoKey>),
    Wait,
}

enum Next {
    At(Instant),
    AfterLoad,
}

impl KeyServer {
    /// Begins to read; nobody waits for it, so the server need not be up.
    pub(super) fn start(source: impl KeySource) -> Self {
        let state = State {
            keys: KeySet::default(),
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

    /// The key that a token of this algorithm and `kid` must be signed with.
    pub(super) async fn find(&self, algorithm: Algorithm, id: Option<&str>) -> Result<Arc<PublicKey>, NoKey> {
        // Before the first look, so that no end between look and wait is missed.
        let mut ends = self.kept.ended.subscribe();
        loop {
            match Kept::look(&self.kept, algorithm, id) {
                Look::Done(found) => return found,
                Look::Wait => ends.changed().await.map_err(|_| NoKey::Unavailable)?,
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
            Next::AfterLoad => ends.changed().await,
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
        let mut state = kept.state();
        match state.keys.find(algorithm, id) {
            Found::Key(key) => return Look::Done(Ok(key)),
            Found::Unfit => return Look::Done(Err(NoKey::Unfit)),
            Found::Unknown => {}
        }
        let now = Instant::now();
        let cooling = state.asked.is_some_and(|asked| now.duration_since(asked) < COOL_DOWN);
        match state.loading {
            Some(Cause::UnknownKey) => Look::Wait,
            Some(Cause::Due) if !cooling => Look::Wait,
            None if !cooling => {
                state.asked = Some(now);
                Self::begin(kept, &mut state, Cause::UnknownKey);
                Look::Wait
            }
            Some(Cause::Due) | None => Look::Done(Err(state.verdict())),
        }
    }

    fn next(kept: &Arc<Self>) -> Next {
        let mut state = kept.state();
        if state.loading.is_none() {
            if Instant::now() < state.due {
                return Next::At(state.due);
            }
            Self::begin(kept, &mut state, Cause::Due);
        }
        Next::AfterLoad
    }

    fn begin(kept: &Arc<Self>, state: &mut State, cause: Cause) {
        state.loading = Some(cause);
        // Its end says better; a load that ends without a word must not begin again at once.
        state.due = Instant::now() + LONGEST_PAUSE;
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
    fn verdict(&self) -> NoKey {
        if self.trouble.is_some() { NoKey::Unavailable } else { NoKey::Unknown }
    }

    fn replace(&mut self, keys: KeySet) {
        if self.trouble.is_some() || self.keys != keys {
            tracing::info!(keys = keys.len(), "the key set of AUTH_JWKS_URL was read");
        }
        (self.keys, self.trouble, self.failures) = (keys, None, 0);
        self.due = Instant::now() + REFRESH;
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
