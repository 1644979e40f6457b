//! Whatever text comes in: see `pavise_fuzz::query`.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| pavise_fuzz::query(text));
