//! Fuzzes `holdergraph_fuzz::http`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| holdergraph_fuzz::http::run(input));
