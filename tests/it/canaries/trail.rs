//! The audit trail as it is asked for: with marks where a subject and an operation go.

use super::marks::MARK;
use super::run::Run;
use crate::app::{App, PATIENCE};
use serde_json::json;
use std::time::{Duration, Instant};

impl Run {
    /// Every argument of the list, once a record's entries are there.
    pub(super) async fn trail(&mut self, app: &App, record: &str) {
        let range = json!({"from": "2001-02-03T04:05:06Z", "to": "2101-02-03T04:05:06Z"});
        let of_record = json!({"recordId": record, "from": range["from"], "to": range["to"]});
        let count = "query($some: AuditEntryFilter!) { auditEntries(filter: $some) { nodes { number } } }";
        let began = Instant::now();
        while self.query(app, count, json!({"some": of_record})).await["auditEntries"]["nodes"] == json!([]) {
            assert!(began.elapsed() < PATIENCE, "nothing of {record} gets into the trail");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let (declared, arguments) = ("$some: AuditEntryFilter!", "filter: $some, direction: ASC");
        let selection = "{ edges { cursor } pageInfo { startCursor endCursor } }";
        self.walk(app, declared, "auditEntries", arguments, selection, json!({"some": of_record})).await;
        let of_marks =
            json!({"subject": format!("{MARK}/subject"), "operation": format!("{MARK} operation")});
        self.query(app, count, json!({"some": of_marks})).await;
    }
}
