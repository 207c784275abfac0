//! See `targets/statements.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| devilmcp_migrate_fuzz::run("statements", data));
