//! docs/threat-model.md is true: every test and file that it names is there, and no threat is without one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const PAGE: &str = include_str!("../../docs/threat-model.md");

/// One threat: its name, such as `S1`, and what its proof names.
struct Threat {
    name: &'static str,
    proofs: Vec<&'static str>,
}

/// The rows of all tables with the head of threats.
fn threats() -> Vec<Threat> {
    let tables = PAGE.split("| | threat | control | proven by |\n").skip(1);
    let rows = tables.flat_map(|table| table.lines().skip(1).take_while(|line| line.starts_with("| ")));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        assert_eq!(cells.len(), 4, "{row}");
        Threat { name: cells[0], proofs: cells[3].split('`').skip(1).step_by(2).collect() }
    })
    .collect()
}

fn path(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(of)
}

/// Whether a source has a test of this name: a function with an attribute of tests right above it.
fn is_test(source: &str, name: &str) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let begins =
        |line: &str| ["fn ", "async fn "].iter().any(|kind| line.starts_with(&format!("{kind}{name}(")));
    lines.iter().position(|line| begins(line)).is_some_and(|place| {
        let above = lines[..place].iter().rev().take_while(|line| line.starts_with("#["));
        above.copied().any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"))
    })
}

#[test]
fn every_test_that_the_threat_model_names_is_there() {
    let mut tests = 0;
    for (name, proof) in
        threats().iter().flat_map(|threat| threat.proofs.iter().map(|proof| (threat.name, *proof)))
    {
        let (file, test) = proof.split_once("::").map_or((proof, None), |(file, test)| (file, Some(test)));
        let source =
            std::fs::read_to_string(path(file)).unwrap_or_else(|error| panic!("{name}: {file}: {error}"));
        if let Some(test) = test {
            assert!(is_test(&source, test), "{name}: {file} has no test {test}");
            tests += 1;
        }
    }
    assert!(tests > 80, "only {tests} tests were read out of the page");
}

#[test]
fn every_threat_has_a_name_of_its_own_and_a_proof() {
    let threats = threats();
    let names: BTreeSet<&str> = threats.iter().map(|threat| threat.name).collect();
    assert_eq!(names.len(), threats.len(), "a name stands for two threats");
    for letter in ["S", "T", "R", "I", "D", "E"] {
        let numbers: BTreeSet<usize> = names
            .iter()
            .filter_map(|name| name.strip_prefix(letter))
            .map(|number| number.parse().unwrap())
            .collect();
        let expected: BTreeSet<usize> = (1..=numbers.len()).collect();
        assert!(!numbers.is_empty() && numbers == expected, "{letter}: {numbers:?}");
    }
    for threat in threats {
        assert!(!threat.proofs.is_empty(), "{} has no proof", threat.name);
    }
}

#[test]
fn every_file_that_a_control_names_is_there() {
    let ticked = PAGE.split('`').skip(1).step_by(2);
    let files: Vec<&str> = ticked.filter(|text| text.starts_with("src/") && !text.contains("::")).collect();
    assert!(files.len() > 8, "{files:?}");
    for file in files {
        assert!(path(file).exists(), "there is no {file}");
    }
}

#[test]
fn a_function_without_the_attribute_of_a_test_is_none() {
    let source =
        "#[tokio::test]\nasync fn one() {}\n\nfn two() {}\n    #[test]\n    #[ignore]\n    fn three() {}\n";
    assert!(is_test(source, "one") && is_test(source, "three"));
    assert!(!is_test(source, "two") && !is_test(source, "on") && !is_test(source, "four"));
}
