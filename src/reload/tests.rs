//! What becomes of files that change, whatever stands in them.

use super::{Fresh, Renewed, Reread, Watched, keep_fresh};
use secrecy::{ExposeSecret, SecretString};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Counts the looks, and stops at the first one as a look with a fault would.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Watched for Counter {
    fn of(&self) -> &'static str {
        "counter"
    }

    fn begin(&self) {}

    fn look(&self) {
        assert!(self.0.fetch_add(1, Ordering::SeqCst) > 0, "the first look fails");
    }
}

async fn looks(every: Duration, told: impl futures::Stream<Item = ()> + Unpin, wanted: usize) {
    let counter = Arc::new(Counter::default());
    let enough = async {
        while counter.0.load(Ordering::SeqCst) < wanted {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = keep_fresh(vec![counter.clone()], every, told) => panic!("it ended"),
        () = enough => {}
    }
}

#[tokio::test]
async fn files_are_looked_at_again_and_again_and_whenever_somebody_says_so() {
    let never = Duration::from_secs(3600);
    looks(Duration::from_millis(1), futures::stream::pending(), 5).await;
    looks(never, futures::stream::iter([(); 3]), 4).await;
    // Nobody says anything any more: it goes on by itself.
    looks(Duration::from_millis(1), futures::stream::empty(), 5).await;
}

/// A look that never comes to its end.
struct Hanging(Mutex<std::sync::mpsc::Receiver<()>>);

impl Watched for Hanging {
    fn of(&self) -> &'static str {
        "hanging"
    }

    fn begin(&self) {}

    fn look(&self) {
        // It ends with the test, which has the sender.
        assert!(self.0.lock().unwrap().recv().is_err());
    }
}

#[tokio::test]
async fn a_file_that_hangs_keeps_nobody_from_the_others() {
    let (hold, held) = std::sync::mpsc::sync_channel(0);
    let hanging: Arc<dyn Watched> = Arc::new(Hanging(Mutex::new(held)));
    let counter = Arc::new(Counter::default());
    let enough = async {
        while counter.0.load(Ordering::SeqCst) < 5 {
            tokio::task::yield_now().await;
        }
    };
    let all = vec![hanging, counter.clone()];
    tokio::select! {
        () = keep_fresh(all, Duration::from_millis(1), futures::stream::pending()) => panic!("it ended"),
        () = enough => {}
    }
    drop(hold);
}

/// A file with a secret, by what stands there: `None` is a file that is gone.
fn secret(there: &Arc<Mutex<Option<&'static str>>>) -> Fresh<SecretString> {
    let there = there.clone();
    let reread = Reread::by(move || match *there.lock().unwrap() {
        Some(text) => Ok(SecretString::from(text)),
        None => Err("SECRET_FILE: the file cannot be read".to_owned()),
    });
    Fresh::new("secret", SecretString::from("first"), Some(reread))
}

#[test]
fn a_value_changes_with_its_file_and_each_change_is_counted_once() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let counted = || {
        let of = |outcome: &str| {
            let line = format!("holdergraph_secret_reloads_total{{of=\"secret\",outcome=\"{outcome}\"}} ");
            handle.render().lines().find_map(|l| l.strip_prefix(&line)?.parse::<u64>().ok()).unwrap_or(0)
        };
        let pending = handle.render().contains("holdergraph_secret_pending{of=\"secret\"} 1");
        (of("taken"), of("refused"), pending)
    };
    let there = Arc::new(Mutex::new(Some("first")));
    let fresh = secret(&there);
    let now = || (fresh.current().value.expose_secret().to_owned(), fresh.current().number);
    for (text, value, number, outcome) in [
        (Some("first"), "first", 0, (0, 0, false)),
        (Some("second"), "second", 1, (1, 0, false)),
        (Some("second"), "second", 1, (1, 0, false)),
        (None, "second", 1, (1, 1, true)),
        (None, "second", 1, (1, 1, true)),
        // It says again what it said before: nothing has changed for anybody.
        (Some("second"), "second", 1, (1, 1, false)),
        (None, "second", 1, (1, 2, true)),
        (Some("first"), "first", 2, (2, 2, false)),
    ] {
        *there.lock().unwrap() = text;
        fresh.look();
        assert_eq!((now(), counted()), ((value.to_owned(), number), outcome), "{text:?}");
    }
}

#[test]
fn a_value_without_a_file_never_changes_and_how_one_is_read_shows_nothing() {
    let fixed = Fresh::fixed(SecretString::from("hunter2"));
    assert!(!fixed.changes() && fixed.renew() == Renewed::Nothing);
    let reread = Reread::by(|| Ok(SecretString::from("hunter2")));
    assert_eq!(format!("{reread:?}"), "Reread");
    assert_eq!(reread.then(|_| Err::<u8, _>("no".to_owned())).read(), Err("no".to_owned()));
}
