//! Takes whatever is exported to it, as it comes: texts in a protobuf message are there letter by letter.

use super::marks::{MARK, Place};
use crate::process::binary;
use axum::Router;
use axum::body::Bytes;
use std::sync::{Arc, Mutex};

/// A collector that only keeps.
pub(super) struct Sink {
    url: String,
    taken: Arc<Mutex<Vec<u8>>>,
}

impl Sink {
    pub(super) async fn start() -> Self {
        let taken: Arc<Mutex<Vec<u8>>> = Arc::default();
        let into = taken.clone();
        let take = async move |body: Bytes| into.lock().unwrap().extend_from_slice(&body);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(take)).await.unwrap() });
        Self { url, taken }
    }

    /// The settings that make a service export to it; what a collector is sent beside is a secret.
    pub(super) fn settings(&self) -> [(&'static str, String); 3] {
        [
            ("ENABLE_TELEMETRY", "true".to_owned()),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", self.url.clone()),
            ("OTEL_EXPORTER_OTLP_HEADERS", format!("authorization={MARK}")),
        ]
    }

    /// What was exported: spans of every operation, where the service exports any.
    pub(super) fn exported(&self) -> Place {
        let taken = self.taken.lock().unwrap().clone();
        let help = binary().args(["serve", "--help"]).output().unwrap().stdout;
        let exports = String::from_utf8(help).unwrap().contains("ENABLE_TELEMETRY");
        assert!(!exports || taken.len() > 10_000, "only {} bytes were exported", taken.len());
        Place::new("exported spans", taken)
    }
}
