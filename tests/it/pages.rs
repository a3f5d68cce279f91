//! The pages lead where they say: every relative link of every page goes to a file that is there, and to a heading of it.

use std::path::{Path, PathBuf};

/// Where pages are that people read; what others wrote is in none of these.
const FOLDERS: [&str; 4] = [".", "docs", "docs/security", "charts/holdergraph"];

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = FOLDERS.iter().flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// The page without its fenced blocks, which may look like links and headings.
fn prose(page: &str) -> Vec<&str> {
    let mut fenced = false;
    let mut lines = Vec::new();
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            lines.push(line);
        }
    }
    lines
}

/// What stands in the round brackets of `[…](…)`.
fn links(page: &str) -> Vec<&str> {
    let parts = prose(page).into_iter().flat_map(|line| line.split("](").skip(1));
    parts.filter_map(|part| part.split_once(')')).map(|(link, _)| link).collect()
}

/// How a heading is linked to: small letters, spaces as hyphens, and no punctuation.
fn anchor(heading: &str) -> String {
    let small = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = small.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn has_heading(page: &str, wanted: &str) -> bool {
    prose(page).into_iter().filter(|line| line.starts_with('#')).any(|line| anchor(line) == wanted)
}

#[test]
fn every_link_of_every_page_leads_to_a_file_and_a_heading_that_are_there() {
    let mut faults = Vec::new();
    let mut looked_at = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for link in links(&text).into_iter().filter(|link| !link.contains("://")) {
            looked_at += 1;
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            let leads = target.exists()
                && (heading.is_empty() || has_heading(&std::fs::read_to_string(&target).unwrap(), heading));
            if !leads {
                faults.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(looked_at > 100, "only {looked_at} links were found");
    assert!(faults.is_empty(), "these lead nowhere:\n{}", faults.join("\n"));
}

#[test]
fn links_and_headings_are_read_as_they_are_shown() {
    let page = "# The `first` heading, and more\n[a](b.md#c) [d](e)\n```text\n# none\n[f](g)\n```\n";
    assert_eq!(links(page), ["b.md#c", "e"]);
    assert!(has_heading(page, "the-first-heading-and-more"));
    assert!(!has_heading(page, "none"));
}
