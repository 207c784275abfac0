//! See `targets/database.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| devilmcp_migrate_fuzz::run("database", data));
