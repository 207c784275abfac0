//! The targets, for cargo-fuzz. `tests/fuzz.rs` of the workspace tries the same ones.

#[path = "../targets/mod.rs"]
mod targets;

mod program {
    devilmcp_migrate::migrations!("../fixtures/notes_v3");
}

/// Tries one target with these bytes.
///
/// # Panics
/// If there is no such target, or its law does not hold.
pub fn run(target: &str, data: &[u8]) {
    let (_, run) = targets::ALL.iter().find(|(name, _)| *name == target).expect("the target exists");
    run(data);
}
