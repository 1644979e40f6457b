//! Whatever bytes come in: see `pavise_fuzz::drawing`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| pavise_fuzz::drawing(bytes));
