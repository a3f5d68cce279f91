//! Links as JSON lines, as they are appended: for a log shipper that reads standard output.
//!
//! It is a convenience beside the trail and never in its way: where whoever reads the lines does not keep up, some are
//! left out, which is counted in the log. `holdergraph audit export` has all of them.

use super::ecs;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::TrailLink;
use std::io::Write;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

/// So many batches of lines wait for whoever reads them.
const WAITING: usize = 16;
/// So long a batch waits for room among those.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where appended links are shown.
pub struct Stream(Option<mpsc::Sender<Vec<String>>>);

/// Ends when all that was shown is written, after the stream is gone.
pub struct Written(oneshot::Receiver<()>);

impl Written {
    /// Waits for it, at most so long.
    pub async fn within(self, patience: Duration) {
        if timeout(patience, self.0).await.is_err() {
            tracing::warn!("some lines of AUDIT_STREAM were not read in time: `audit export` has them");
        }
    }
}

impl Stream {
    /// They are shown nowhere.
    pub fn off() -> Self {
        Self(None)
    }

    /// They are written here by a thread of their own, which only ends with the stream.
    ///
    /// # Errors
    /// There can be no thread.
    pub fn to(mut out: impl Write + Send + 'static) -> std::io::Result<(Self, Written)> {
        let (shown, mut batches) = mpsc::channel::<Vec<String>>(WAITING);
        let (ended, written) = oneshot::channel();
        std::thread::Builder::new().name("audit-stream".to_owned()).spawn(move || {
            let mut broken = false;
            while let Some(batch) = batches.blocking_recv() {
                let mut write = || {
                    batch.iter().try_for_each(|line| out.write_all(line.as_bytes()))?;
                    out.flush()
                };
                if !broken && let Err(error) = write() {
                    tracing::error!(%error, "AUDIT_STREAM cannot be written any more: no line follows");
                    broken = true;
                }
            }
            // Nobody may be waiting.
            let _ = ended.send(());
        })?;
        Ok((Self(Some(shown)), Written(written)))
    }

    /// Links as lines, where anybody wants them.
    pub fn lines(&self, organization: OrganizationId, links: &[TrailLink]) -> Vec<String> {
        match self.0 {
            Some(_) => links.iter().map(|link| ecs::line(organization, link)).collect(),
            None => Vec::new(),
        }
    }

    /// Shows them.
    pub async fn show(&self, lines: Vec<String>) {
        let Some(shown) = &self.0 else { return };
        let count = lines.len();
        if !matches!(timeout(PATIENCE, shown.send(lines)).await, Ok(Ok(()))) {
            tracing::warn!(
                count,
                "lines of AUDIT_STREAM are left out, nobody reads them: `audit export` has them"
            );
        }
    }
}
