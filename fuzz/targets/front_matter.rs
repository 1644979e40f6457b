//! Whatever text comes in: see `pavise_fuzz::front_matter`.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| pavise_fuzz::front_matter(text));
