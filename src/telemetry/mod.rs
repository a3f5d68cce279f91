//! What operators see of the service: log lines, metrics, and where a panic happened.

mod json_lines;
pub mod logs;
pub mod metrics;
pub mod panics;
