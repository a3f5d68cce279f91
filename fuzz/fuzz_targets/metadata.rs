//! Fuzzes `holdergraph_fuzz::metadata`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| holdergraph_fuzz::metadata::run(input));
