//! The fuzzers' seeds, each run once as the fuzzers run it. What a fuzzer ever found is among them.

#[allow(unreachable_pub, reason = "the fuzzers have it as a crate of its own")]
#[path = "../../fuzz/src/lib.rs"]
mod fuzzed;

use fuzzed::TARGETS;
use std::fs;
use std::path::{Path, PathBuf};

fn seeds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|name| name.into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

fn replay(wanted: &str) {
    let (_, run) = TARGETS.iter().find(|(name, _)| *name == wanted).unwrap();
    let folder = seeds().join(wanted);
    let seeds = names(&folder);
    assert!(seeds.len() >= 10, "{wanted} has {} seeds", seeds.len());
    for seed in seeds {
        // Shown where the test fails.
        println!("{wanted}/{seed}");
        run(&fs::read(folder.join(seed)).unwrap());
    }
}

#[test]
fn every_target_has_seeds_and_every_folder_of_seeds_a_target() {
    let mut targets: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    targets.sort_unstable();
    assert_eq!(names(&seeds()), targets);
}

#[test]
fn documents_and_variables_are_judged_without_a_fault_of_ours() {
    replay("documents");
}

#[test]
fn any_request_is_answered_as_documented() {
    replay("http");
}

#[test]
fn only_genuine_cursors_are_taken() {
    replay("cursors");
}

#[test]
fn metadata_that_is_taken_is_within_the_limits_and_is_kept_as_it_is() {
    replay("metadata");
}

#[test]
fn only_genuine_tokens_are_taken() {
    replay("tokens");
}
