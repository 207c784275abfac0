//! Real processes that start at once on one file: none fails, and each migration is run once.

mod company;
mod laws;
mod server;
mod starts;

/// How often the main race is run; the others in proportion.
fn rounds() -> usize {
    std::env::var("DEVILMCP_MIGRATE_RACE_ROUNDS").map_or(20, |rounds| rounds.parse().unwrap())
}
