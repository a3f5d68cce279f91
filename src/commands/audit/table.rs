//! The rows of a report, as a table or as JSON.

use crate::audit::ecs::record_type;
use crate::audit::report::{By, Counts, Row};
use crate::domain::ids::OrganizationId;
use serde_json::{Value, json};

const COLUMNS: usize = 9;

/// A table for each organization, as wide as its widest texts.
pub(super) fn as_text(rows: &[Row], by: By, entries: u64) -> String {
    let mut text = String::new();
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let end = rest.iter().position(|row| row.organization != first.organization).unwrap_or(rest.len());
        let (ours, others) = rest.split_at(end);
        text += &table(first.organization, ours, by);
        rest = others;
    }
    text + &format!("{entries} entries, {} rows\n", rows.len())
}

fn table(organization: OrganizationId, rows: &[Row], by: By) -> String {
    let (one, two) = match by {
        By::Subject => ("SUBJECT", "RECORD"),
        By::Record => ("RECORD", "SUBJECT"),
    };
    let head = [one, two, "READS", "CHANGES", "REFUSED", "UNNAMED", "FIRST", "LAST", "FIELDS"];
    let mut lines = vec![head.map(str::to_owned)];
    lines.extend(rows.iter().map(|row| cells(row, by)));
    let mut widths = [0; COLUMNS];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &[String; COLUMNS]| {
        let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        let line = padded.collect::<Vec<_>>().join("  ");
        format!("{}\n", line.trim_end())
    };
    format!("organization {organization}\n{}\n", lines.iter().map(line).collect::<String>())
}

fn cells(row: &Row, by: By) -> [String; COLUMNS] {
    let Counts { reads, changes, refused, unnamed, fields, first, last } = &row.counts;
    let record = row
        .record
        .map_or_else(|| "-".to_owned(), |record| format!("{} {}", record_type(record), record.id()));
    // A subject comes out of a token: it may say anything, but not to the terminal.
    let subject =
        row.subject.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
    let (one, two) = match by {
        By::Subject => (subject, record),
        By::Record => (record, subject),
    };
    let fields = fields.iter().map(String::as_str).collect::<Vec<_>>().join(",");
    let number = u64::to_string;
    let (reads, changes, refused, unnamed) =
        (number(reads), number(changes), number(refused), number(unnamed));
    [one, two, reads, changes, refused, unnamed, first.to_string(), last.to_string(), fields]
}

/// One object.
pub(super) fn as_json(rows: &[Row], entries: u64) -> String {
    let row = |row: &Row| {
        let record =
            row.record.map(|record| json!({"type": record_type(record), "id": record.id().to_string()}));
        json!({
            "organizationId": row.organization.to_string(),
            "subject": row.subject,
            "record": record,
            "reads": row.counts.reads,
            "changes": row.counts.changes,
            "refused": row.counts.refused,
            "unnamed": row.counts.unnamed,
            "fields": row.counts.fields,
            "first": row.counts.first.to_string(),
            "last": row.counts.last.to_string(),
        })
    };
    json!({"entries": entries, "rows": rows.iter().map(row).collect::<Vec<Value>>()}).to_string() + "\n"
}
