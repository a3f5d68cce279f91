//! Fuzzes `holdergraph_fuzz::tokens`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| holdergraph_fuzz::tokens::run(input));
