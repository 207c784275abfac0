//! See `targets/lock_file.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| devilmcp_migrate_fuzz::run("lock_file", data));
