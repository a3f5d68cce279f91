//! The product over HTTP, as a client sees it: every test starts the real binary.

mod app;
mod bad_input;
mod canaries;
mod commands;
mod flow;
mod idempotency;
mod lifecycle;
mod permissions;
mod settings;
mod statuses;
mod store_calls;
