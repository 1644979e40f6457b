//! Whatever text comes in: see `pavise_fuzz::markdown`.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| pavise_fuzz::markdown(text));
