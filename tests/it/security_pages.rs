//! docs/security.md and its pages are whole and name nothing that is not there: each recommendation says what the service
//! does, what is left to the operator and how that is seen; settings, metrics, alerts and versions are those of the code.

use super::app::binary;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const CONTENTS: &str = include_str!("../../docs/security.md");
const VERSIONS: &str = include_str!("../../docs/security/product.md");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The rows of the table of contents: number, name, page, and heading on it.
fn recommendations() -> Vec<(usize, &'static str, &'static str, &'static str)> {
    let rows = CONTENTS.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | ["));
    rows.filter_map(|(number, rest)| {
        let (name, rest) = rest.split_once("](")?;
        let (page, heading) = rest.split_once(')')?.0.split_once('#')?;
        Some((number.parse().ok()?, name, page, heading))
    })
    .collect()
}

/// The part of a page below the heading with this number.
fn section(page: &str, number: usize) -> String {
    let begin = format!("## {number}. ");
    let mut lines = page.lines().skip_while(|line| !line.starts_with(&begin));
    let heading = lines.next().unwrap_or_else(|| panic!("no heading {begin}"));
    let rest: Vec<&str> = lines.take_while(|line| !line.starts_with("## ")).collect();
    format!("{heading}\n{}", rest.join("\n"))
}

#[test]
fn each_recommendation_says_what_the_service_does_what_is_left_and_how_to_verify_it() {
    let all = recommendations();
    let numbers: Vec<usize> = all.iter().map(|(number, ..)| *number).collect();
    assert_eq!(numbers, (1..=29).collect::<Vec<_>>());
    for (number, name, page, heading) in all {
        let text = section(&read(&format!("docs/{page}")), number);
        assert!(text.to_lowercase().starts_with(&format!("## {number}. {name}").to_lowercase()), "{text}");
        assert!(heading.starts_with(&format!("{number}-")), "{number}: {heading}");
        for part in ["**The service**", "**You**", "**Verify**"] {
            assert!(text.contains(part), "{number}. {name} has no {part}");
        }
    }
}

/// All pages of security, one text.
fn pages() -> String {
    let folder = std::fs::read_dir(root().join("docs/security")).unwrap();
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.extend(["docs/security.md", "docs/threat-model.md", "SECURITY.md"].map(|path| root().join(path)));
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap() + "\n").collect()
}

/// The words of a text that begin so.
fn words(text: &str, begins: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with(begins) && word.len() > begins.len()).map(str::to_owned).collect()
}

#[test]
fn every_metric_and_alert_that_the_pages_name_is_there() {
    let pages = pages();
    let (metrics, alerts) = (read("docs/observability.md"), read("charts/holdergraph/files/rules.yaml"));
    let named = words(&pages, "holdergraph_");
    assert!(named.len() > 10, "{named:?}");
    // Where a name ends so, several are meant.
    for metric in named.into_iter().filter(|metric| !metric.ends_with('_')) {
        assert!(metrics.contains(&format!("| `{metric}` |")), "there is no metric {metric}");
    }
    let named = words(&pages, "Holdergraph");
    assert!(named.len() > 8, "{named:?}");
    for alert in named {
        assert!(alerts.contains(&format!("alert: {alert}\n")), "there is no alert {alert}");
    }
}

#[test]
fn every_setting_that_the_pages_name_is_one_of_serve() {
    let help = String::from_utf8(binary().args(["serve", "--help"]).output().unwrap().stdout).unwrap();
    let known = words(&help, "");
    let prefixes = [
        "ALLOW_",
        "AUDIT_",
        "AUTH_",
        "DATA_",
        "DEPLOYMENT_",
        "DRAIN_",
        "ENABLE_",
        "INTROSPECTION_",
        "LCRYPTO_",
        "LEDGER_HOLDER",
        "LINK_",
        "LOG_",
        "LOOKUP_",
        "METADATA_GUARD",
        "MIDAZ_",
        "MONGO_",
        "OPS_",
        "OTEL_",
        "PLUGIN_",
        "RATE_LIMIT_",
        "SERVER_",
        "SHUTDOWN_",
        "TLS_",
        "TRUSTED_",
        "UPSTREAM_",
    ];
    let pages = pages();
    let mut named = 0;
    // A name that ends so stands for all that begin with it.
    let settings =
        prefixes.iter().flat_map(|prefix| words(&pages, prefix)).filter(|word| !word.ends_with('_'));
    for setting in settings.filter(|word| word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')) {
        named += 1;
        assert!(known.contains(&setting), "serve has no setting {setting}");
    }
    assert!(named > 30, "only {named} settings were found");
}

#[test]
fn every_value_of_the_chart_that_the_pages_name_is_in_its_table() {
    let table = read("charts/holdergraph/README.md");
    let roots = ["backup", "externalSecrets", "image", "metrics", "networkPolicy", "secretsStoreCsi", "test"];
    let pages = pages();
    let is_value = |text: &&str| text.split_once('.').is_some_and(|(root, _)| roots.contains(&root));
    let named: BTreeSet<&str> =
        pages.split('`').filter(is_value).filter(|text| !text.contains(' ')).collect();
    assert!(named.len() > 10, "{named:?}");
    for value in named {
        // One value, or all of a map.
        let rows = [format!("| `{value}` |"), format!("| `{value}.")];
        assert!(rows.iter().any(|row| table.contains(row)), "the chart has no value {value}");
    }
}

#[test]
fn the_table_of_versions_says_what_the_code_says() {
    let (_, after) = VERSIONS.split_once("| holdergraph | ledger (Midaz) |").unwrap();
    let row = after.lines().nth(2).unwrap();
    let manifest = read("Cargo.toml");
    let value = |name: &str| {
        let line = manifest.lines().find_map(|line| line.strip_prefix(&format!("{name} = \""))).unwrap();
        line.trim_end_matches('"').to_owned()
    };
    let version = value("version");
    let series = version.rsplit_once('.').unwrap().0;
    assert!(row.starts_with(&format!("| {series}.x |")), "{series}: {row}");
    assert!(row.ends_with(&format!("| {} |", value("rust-version"))), "{row}");
    let supported = read("src/ledger/release.rs");
    let supported = supported.split_once("SUPPORTED: &str = \"").unwrap().1.split_once('"').unwrap().0;
    assert!(row.contains(&format!("| {supported}; ")), "{supported}: {row}");
    let chart = read("charts/holdergraph/Chart.yaml");
    if let Some((_, after)) = chart.split_once("kubeVersion: \">=") {
        let kubernetes = after.split_once(".0-0").unwrap().0;
        assert!(row.contains(&format!("| {kubernetes} and newer, for the chart |")), "{kubernetes}: {row}");
    }
    // Each layout of the embedded store has a file.
    let file = |number: &usize| root().join(format!("src/store/sqlite/layout_{number}.sql")).exists();
    let sqlite = (1..).take_while(file).count();
    let mongo = read("src/store/mongo/layout.rs");
    let mongo = mongo.split_once("const KNOWN: i32 = ").unwrap().1.split_once(';').unwrap().0;
    let told = format!("SQLite {sqlite}, MongoDB {mongo};");
    assert!(VERSIONS.replace('\n', " ").contains(&told), "{told}");
}
