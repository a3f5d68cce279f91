//! The product over HTTP, as a client sees it: every test starts the real binary, but those of `corpora`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod apart;
mod api_page;
mod app;
mod audit;
mod audit_capture;
mod audit_entries;
mod authority;
mod bad_input;
mod bench;
mod bounds;
mod calls;
mod canaries;
mod chaos;
mod check;
mod commands;
mod corpora;
mod crashes;
mod damage;
mod decisions;
mod docs;
mod federation;
mod filters;
mod flow;
mod folder;
mod forwarded;
mod grants;
mod health;
mod idempotency;
mod inside;
mod isolation;
mod lifecycle;
mod links;
mod lookup_guard;
mod merges;
mod model;
mod mongo;
mod mutations;
mod over_http;
mod pages;
mod paging;
mod people;
mod permissions;
mod process;
mod races;
mod records;
mod rehearsing;
mod rolling;
mod security_pages;
mod seeded;
mod settings;
mod shape;
mod smoke;
mod statuses;
mod store_calls;
mod telemetry;
mod threat_model;
mod tls;
mod tokens;
mod trusted;
