//! The fuzz targets on what is kept of their findings, and on a little that is made of it: a short run of what
//! `fuzz/README.md` tells to run for long.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "fuzz/targets/mod.rs"]
mod targets;

mod program {
    devilmcp_migrate::migrations!("fixtures/notes_v3");
}

mod panics;

use std::path::Path;
use std::{env, fs};

use panics::without_panics;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngSeed, TestRunner};

#[test]
fn what_was_found_once_is_not_found_again() {
    for (name, run) in targets::ALL {
        for (file, bytes) in corpus(name) {
            without_panics(&format!("{name}: {file}"), || run(&bytes));
        }
    }
}

/// `DEVILMCP_MIGRATE_FUZZ_CASES` says how many databases are tried, and a tenth of how many texts.
#[test]
fn nothing_is_found_in_a_short_run() {
    let databases = env::var("DEVILMCP_MIGRATE_FUZZ_CASES").map_or(400, |cases| cases.parse().unwrap());
    for (name, run) in targets::ALL {
        let corpus: Vec<Vec<u8>> = corpus(name).into_iter().map(|(_, bytes)| bytes).collect();
        let cases = if ["database", "tampering"].contains(&name) { databases } else { 10 * databases };
        let rng_seed = RngSeed::Fixed(20_261_124);
        let config = Config { cases, rng_seed, failure_persistence: None, ..Config::default() };
        let edits = proptest::collection::vec(any::<[usize; 3]>(), 0..6);
        let outcome = TestRunner::new(config).run(&(0..corpus.len(), edits), |(seed, edits)| {
            let bytes = edits.into_iter().fold(corpus[seed].clone(), |bytes, edit| edited(bytes, edit, &corpus));
            without_panics(name, || run(&bytes));
            Ok(())
        });
        outcome.unwrap_or_else(|failure| panic!("{name}: {failure}"));
    }
}

/// What is kept of one target, each by its name.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = fs::read_dir(folder).expect("each target has a folder").map(|entry| entry.unwrap());
    let mut files: Vec<_> =
        files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())).collect();
    files.sort();
    assert!(!files.is_empty(), "{target} has nothing to begin with");
    files
}

/// One small change, as the three numbers say.
fn edited(mut bytes: Vec<u8>, [what, at, with]: [usize; 3], corpus: &[Vec<u8>]) -> Vec<u8> {
    let at = at % (bytes.len() + 1);
    let end = (at + 1 + with % 16).min(bytes.len());
    match what % 5 {
        0 if at < bytes.len() => bytes[at] ^= 1 << (with % 8),
        1 => bytes.insert(at, TELLING[with % TELLING.len()]),
        2 if at < end => drop(bytes.drain(at..end)),
        3 => {
            let again = bytes[at..end].to_vec();
            bytes.splice(at..at, again);
        }
        _ => {
            let other = &corpus[with % corpus.len()];
            let from = what % (other.len() + 1);
            bytes.splice(at..end, other[from..(from + 64).min(other.len())].iter().copied());
        }
    }
    bytes
}

/// Bytes that begin, end or spoil something.
const TELLING: &[u8] = b"\0\n'\"`[]();-/*\xff\xc3 a0";
