//! What holds for everything that can be generated, and not only for the examples that somebody thought of.
//!
//! `PROPTEST_CASES` says how many cases each law is tried on, `PROPTEST_RNG_SEED` which; both have a default, so that a run
//! can be repeated. A failure prints the choices that lead to it, made as small as they get.

mod changing;
mod choices;
mod declaring;
mod digests;
mod drawing;
mod generating;
mod histories;
mod losing;
mod noise;
mod reading;
mod replaying;
mod resuming;
mod seen;
mod splitting;
mod squashing;
mod statements;
mod steps;
mod summing;
mod tables;
mod text;
mod writing;

use proptest::test_runner::{Config, RngSeed};

/// How the laws are tried. Nothing is written to disk.
fn config() -> Config {
    let given = |name| std::env::var_os(name).is_some();
    let default = Config::default();
    let cases = if given("PROPTEST_CASES") { default.cases } else { 256 };
    let rng_seed = if given("PROPTEST_RNG_SEED") { default.rng_seed } else { RngSeed::Fixed(20_261_122) };
    Config {
        cases,
        rng_seed,
        failure_persistence: None,
        max_global_rejects: 64 * cases,
        max_shrink_iters: 4096,
        ..default
    }
}
