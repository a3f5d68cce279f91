//! docs/threat-model.md is true: every test and file that it names is there, and no threat is without one.
//! What is no test of Rust is found as its script writes it, so that a renamed check is missed here.

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

/// What runs a check of that name in shell scripts: in those of the chart, and in that of the tools.
const COMMANDS: [&str; 8] = ["has", "lacks", "refuses", "matches", "differs", "succeeds", "verdict", "good"];

/// Whether a file has a check of this name: a test of Rust, a check of JavaScript, shell or Go, a planted fault of a list,
/// or a part of scripts/test. Other files have none.
fn has_check(file: &str, source: &str, name: &str) -> bool {
    let quoted = format!("\"{name}\"");
    let mut lines = source.lines().map(str::trim);
    match Path::new(file).extension().and_then(|extension| extension.to_str()) {
        Some("rs") => is_test(source, name),
        Some("mjs") => lines.any(|line| line.starts_with(&format!("await check({quoted}, "))),
        Some("sh") => lines.any(|line| {
            line.split_once(' ')
                .is_some_and(|(command, rest)| COMMANDS.contains(&command) && rest.starts_with(&quoted))
        }),
        Some("go") => {
            lines.any(|line| line.starts_with("{\"") && line.contains(&format!("\", {quoted}, func(")))
        }
        Some("yaml") => lines.any(|line| line == format!("- name: {name}")),
        None if file == "scripts/test" => is_part(source, name),
        _ => false,
    }
}

/// Whether scripts/test has a part of this name, and runs it where nobody says which.
fn is_part(source: &str, name: &str) -> bool {
    let listed = source.lines().find_map(|line| line.strip_prefix("parts=(")?.strip_suffix(')'));
    listed.is_some_and(|parts| parts.split(' ').any(|part| part == name))
        && source.lines().any(|line| line.starts_with(&format!("part_{name}() {{")))
}

#[test]
fn every_test_that_the_threat_model_names_is_there() {
    let mut tests = 0;
    for (name, proof) in
        threats().iter().flat_map(|threat| threat.proofs.iter().map(|proof| (threat.name, *proof)))
    {
        let (file, test) = proof.split_once("::").unwrap_or_else(|| panic!("{name}: {proof} names no test"));
        let source =
            std::fs::read_to_string(path(file)).unwrap_or_else(|error| panic!("{name}: {file}: {error}"));
        assert!(has_check(file, &source, test), "{name}: {file} has no test {test}");
        tests += 1;
    }
    assert!(tests > 120, "only {tests} tests were read out of the page");
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
    let is_file = |text: &&str| {
        ["src/", "scripts/", "tests/"].iter().any(|folder| text.starts_with(folder))
            && !text.contains([' ', ':'])
    };
    let files: Vec<&str> = ticked.filter(is_file).collect();
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

#[test]
fn a_check_is_found_as_its_script_writes_it_and_nowhere_else() {
    let shell = "  has \"one\" text\n  # has \"two\" text\n  echo \"three\"\n  has \"four, and more\" text\n";
    let script =
        "await check(\"one\", () => {\n// await check(\"two\", () => {\nconsole.log(\"three\", 1);\n";
    let go = "{\"id\", \"one\", func() {\n// {\"id\", \"two\", func() {\nfmt.Println(\"three\", 1)\n";
    let faults = "- name: one\n  # - name: two\n  other: three\n- name: four, and more\n";
    for (file, source) in [("a.sh", shell), ("a.mjs", script), ("a.go", go), ("a.yaml", faults)] {
        assert!(has_check(file, source, "one"), "{file}");
        for name in ["two", "three", "four", "on", ""] {
            assert!(!has_check(file, source, name), "{file}: {name}");
        }
    }
    assert!(!has_check("a.toml", shell, "one") && !has_check("test", shell, "one"));
    let parts = "parts=(one two)\npart_one() { true; }\npart_three() { true; }\n";
    assert!(has_check("scripts/test", parts, "one"));
    assert!(["two", "three", "on"].iter().all(|name| !has_check("scripts/test", parts, name)));
}

#[test]
fn unsafe_code_is_forbidden_and_no_attribute_allows_it_again() {
    let (_, lints) = include_str!("../../Cargo.toml").split_once("\n[lints.rust]\n").unwrap();
    let of_rust = lints.split("\n[").next().unwrap();
    // `forbid`, unlike `deny`, is refused by the compiler together with an attribute that allows it.
    assert!(of_rust.lines().any(|line| line == "unsafe_code = \"forbid\""), "{of_rust}");
}
