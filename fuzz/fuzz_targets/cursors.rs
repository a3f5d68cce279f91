//! Fuzzes `holdergraph_fuzz::cursors`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| holdergraph_fuzz::cursors::run(input));
