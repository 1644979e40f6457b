//! Whatever text comes in: see `pavise_fuzz::analyser`.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| pavise_fuzz::analyser(text));
