//! Migrations as files of this tool's own layout.

use std::fmt::Write as _;

use devilmcp_migrate_core::name::{Name, Number, Role};
use devilmcp_migrate_core::script::Script;

/// How migrations are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// As they are.
    Kept,
    /// From 1, because they have gaps.
    Consecutive,
}

impl Numbers {
    /// Those that the migrations have, if they may have them here.
    pub(super) fn of(scripts: &[Script]) -> Self {
        let is_consecutive = (1..).zip(scripts).all(|(number, script)| script.number.get() == number);
        let are_timestamps = scripts.iter().all(|script| script.number.is_timestamp());
        if is_consecutive || are_timestamps { Self::Kept } else { Self::Consecutive }
    }
}

/// The files of migrations that were written for another tool, each with its name: what the tool knows of them is said by directives.
pub(super) fn rewritten(scripts: &[Script], numbers: Numbers) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for (at, script) in (1..).zip(scripts) {
        let number = match numbers {
            Numbers::Kept => script.number,
            Numbers::Consecutive => Number::new(at).unwrap_or(script.number),
        };
        let name = |role| Name { number, slug: script.slug.clone(), role }.to_string();
        if let Some(down) = &script.down {
            files.push((name(Role::Down), without_marks(&down.text)));
        }
        files.push((name(Role::Up), head(script) + &without_marks(&script.up.text)));
    }
    files
}

fn head(script: &Script) -> String {
    let mut head = String::new();
    if let Some(origin) = &script.up.origin {
        let _ = writeln!(head, "-- migrate: {}", origin.revision);
        if origin.alone {
            head.push_str("-- migrate: no_transaction\n");
        }
    }
    if script.down.is_none() && script.directives.irreversible.is_none() {
        head.push_str("-- migrate: irreversible\n");
    }
    head
}

/// A text without the lines before it, and without marks that mean nothing here.
fn without_marks(text: &str) -> String {
    let lines = text.trim().lines().filter(|line| !line.starts_with("-- +goose"));
    lines.fold(String::new(), |text, line| text + line + "\n")
}
