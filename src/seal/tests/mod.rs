//! The vault's promises, each test named after its rule.

mod fixtures;
mod index;
mod keys;
mod known_answers;
mod sealing;
mod texts;
