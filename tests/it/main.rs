//! The product over HTTP, as a client sees it: every test starts the real binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod app;
mod bad_input;
mod bench;
mod calls;
mod canaries;
mod check;
mod commands;
mod crashes;
mod flow;
mod grants;
mod idempotency;
mod isolation;
mod lifecycle;
mod model;
mod mutations;
mod permissions;
mod races;
mod seeded;
mod settings;
mod statuses;
mod store_calls;
