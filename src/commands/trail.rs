//! What keeps the audit trail while a server runs: put together, started, and stopped in order.

use super::failure::Failure;
use crate::audit::key::TrailKey;
use crate::audit::recorder::Recorder;
use crate::audit::retention::Retention;
use crate::audit::sequencer::Sequencer;
use crate::audit::stream::{Stream, Written};
use crate::config::audit::{Audit, AuditStream};
use crate::domain::time::Timestamp;
use crate::registry::mint::Clock;
use crate::registry::ports::audit::{AuditLog, AuditStore};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use uuid::Uuid;

/// When the server leaves, so long it tries to write the entries that it has taken.
const WRITING: Duration = Duration::from_secs(5);
/// So long the sequencer may take in all; it bounds each of its own steps too.
const MOVING: Duration = Duration::from_secs(8);
/// So long whoever reads the lines may take for the last of them.
const SHOWING: Duration = Duration::from_secs(2);

/// All of it, not started.
pub(super) struct Trail {
    recorder: Arc<Recorder>,
    sequencer: Sequencer,
    retention: Option<Retention>,
    written: Option<Written>,
}

impl Trail {
    /// Over this store, as the settings say.
    pub(super) fn new(settings: &Audit, store: Arc<dyn AuditStore>, key: TrailKey) -> Result<Self, Failure> {
        let (stream, written) = match settings.stream {
            AuditStream::Off => (Stream::off(), None),
            AuditStream::Stdout => {
                let opened = Stream::to(std::io::stdout());
                let (stream, written) =
                    opened.map_err(|error| Failure::because("starting AUDIT_STREAM", error))?;
                (stream, Some(written))
            }
        };
        let (key, me, clock) = (Arc::new(key), Uuid::new_v4(), Arc::new(Timestamp::now) as Clock);
        let retention = settings
            .retention
            .map(|keep| Retention::new(store.clone(), key.clone(), clock.clone(), me, keep));
        let recorder = Arc::new(Recorder::new(store.clone()));
        Ok(Self { recorder, sequencer: Sequencer::new(store, key, clock, me, stream), retention, written })
    }

    /// What use cases and the endpoint tell their entries.
    pub(super) fn recorder(&self) -> Arc<dyn AuditLog> {
        self.recorder.clone()
    }

    /// Starts all of it.
    pub(super) fn start(self) -> Running {
        let (stop_taking, taking) = watch::channel(false);
        let (stop_moving, moving) = watch::channel(false);
        let recorder = self.recorder.clone();
        Running {
            writing: tokio::spawn(async move { recorder.run(taking).await }),
            moving: tokio::spawn(self.sequencer.run(moving.clone())),
            removing: self.retention.map(|retention| tokio::spawn(retention.run(moving))),
            recorder: self.recorder,
            written: self.written,
            stop_taking,
            stop_moving,
        }
    }
}

/// All of it, at work.
pub(super) struct Running {
    recorder: Arc<Recorder>,
    writing: JoinHandle<()>,
    moving: JoinHandle<()>,
    removing: Option<JoinHandle<()>>,
    written: Option<Written>,
    stop_taking: watch::Sender<bool>,
    stop_moving: watch::Sender<bool>,
}

impl Running {
    /// Writes what was taken, moves what waits, tells the heads; each within its time.
    pub(super) async fn stop(self) {
        self.stop_taking.send_replace(true);
        if timeout(WRITING, self.writing).await.is_err() {
            let lost = self.recorder.unwritten();
            tracing::error!(lost, "audit entries of reads are lost: the store did not take them to the end");
        }
        self.stop_moving.send_replace(true);
        if timeout(MOVING, self.moving).await.is_err() {
            tracing::warn!("entries may still wait for the audit trail: the next server moves them");
        }
        if let Some(removing) = self.removing {
            removing.abort();
        }
        if let Some(written) = self.written {
            written.within(SHOWING).await;
        }
    }
}
