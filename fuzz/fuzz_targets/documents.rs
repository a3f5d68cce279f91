//! Fuzzes `holdergraph_fuzz::documents`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| holdergraph_fuzz::documents::run(input));
