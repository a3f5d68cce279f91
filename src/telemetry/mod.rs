//! What operators see of the service: log lines, metrics, traces, and where a panic happened.

mod json_lines;
pub mod logs;
pub mod metrics;
pub mod operation_names;
pub mod panics;
pub mod traces;
