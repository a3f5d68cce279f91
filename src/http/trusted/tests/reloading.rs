//! A manifest that changes while the service runs.

use super::*;
use metrics_exporter_prometheus::PrometheusBuilder;

struct Bench {
    folder: tempfile::TempDir,
    documents: TrustedDocuments,
    watched: Arc<dyn Watched>,
}

impl Bench {
    /// With a manifest of `HOLDER` as `a`.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("m.json"), json!({ "a": HOLDER }).to_string()).unwrap();
        let documents = load(&folder.path().join("m.json"), Mode::Enforce, None).unwrap();
        let watched = documents.watched().unwrap();
        Self { folder, documents, watched }
    }

    fn write(&self, content: &str) {
        let path = self.folder.path();
        std::fs::write(path.join("new"), content).unwrap();
        std::fs::rename(path.join("new"), path.join("m.json")).unwrap();
    }

    fn has(&self, id: &str) -> bool {
        self.documents.resolve(&by_id(id)).is_ok()
    }
}

#[test]
fn a_changed_manifest_is_used_from_then_on() {
    let bench = Bench::new();
    bench.watched.begin();
    bench.write(&json!({ "b": PAGE }).to_string());
    assert!(bench.has("a") && !bench.has("b"), "until somebody looks");
    bench.watched.look();
    assert!(!bench.has("a") && bench.has("b"));
    assert_eq!(code(&bench.documents, &by_text(HOLDER)), "PERSISTED_QUERY_REQUIRED");
}

#[test]
fn a_manifest_that_cannot_be_used_changes_nothing_and_is_counted_once() {
    let recorder = PrometheusBuilder::new().build_recorder();
    metrics::with_local_recorder(&recorder, || {
        let bench = Bench::new();
        bench.watched.begin();
        // One good document among bad ones is none: never half a set.
        bench.write(&json!({ "b": PAGE, "c": "{ nothing }" }).to_string());
        for _ in 0..3 {
            bench.watched.look();
            assert!(bench.has("a") && !bench.has("b"));
        }
        std::fs::remove_file(bench.folder.path().join("m.json")).unwrap();
        bench.watched.look();
        assert!(bench.has("a"));
        bench.write("{");
        bench.watched.look();
        assert!(bench.has("a"));
        bench.write(&json!({ "b": PAGE, "c": OTHER }).to_string());
        for _ in 0..2 {
            bench.watched.look();
            assert!(!bench.has("a") && bench.has("b") && bench.has("c"));
        }
    });
    let text = recorder.handle().render();
    for expected in [
        r#"holdergraph_trusted_document_reloads_total{outcome="refused"} 3"#,
        r#"holdergraph_trusted_document_reloads_total{outcome="taken"} 1"#,
        "holdergraph_trusted_documents 2",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn a_folder_that_is_swapped_as_kubernetes_does_it_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for (version, id) in [("..v1", "a"), ("..v2", "b")] {
        std::fs::create_dir(path.join(version)).unwrap();
        std::fs::write(path.join(version).join("m.json"), json!({ id: HOLDER }).to_string()).unwrap();
    }
    let link = |to: &str, at: &str| std::os::unix::fs::symlink(to, path.join(at)).unwrap();
    link("..v1", "..data");
    link("..data/m.json", "m.json");
    let documents = load(path, Mode::Enforce, None).unwrap();
    let watched = documents.watched().unwrap();
    assert!(documents.resolve(&by_id("a")).is_ok());
    link("..v2", "..data_new");
    std::fs::rename(path.join("..data_new"), path.join("..data")).unwrap();
    watched.look();
    assert!(documents.resolve(&by_id("a")).is_err() && documents.resolve(&by_id("b")).is_ok());
}

#[test]
fn without_a_manifest_there_is_nothing_to_look_at() {
    assert!(untrusted(None).watched().is_none());
}
