//! What the documentation of a `Version` says.

use devilmcp_migrate_core::mode::Mode;
use devilmcp_migrate_core::prove::{Change, Effect};
use devilmcp_migrate_core::script::Script;

/// Of one variant: what the migration is called, what it does to the schema, and its SQL.
pub(crate) fn variant(script: &Script, changes: &[Change]) -> String {
    let mut text = format!("`{}`\n", script.label());
    for (effect, verb) in [(Effect::Creates, "Creates"), (Effect::Changes, "Changes"), (Effect::Drops, "Drops")] {
        let objects: Vec<String> =
            changes.iter().filter(|change| change.effect == effect).map(|change| change.key.to_string()).collect();
        if !objects.is_empty() {
            text = text + "\n" + verb + " " + &objects.join(", ") + ".\n";
        }
    }
    if script.down.is_none() {
        text.push_str("\nIrreversible.\n");
    }
    match script.mode() {
        Mode::Plain => {}
        Mode::Enforced => text.push_str("\nForeign keys are enforced while it runs.\n"),
        Mode::Alone => text.push_str("\nRun outside of a transaction.\n"),
    }
    let fence = fence(&script.up.text);
    text + &format!("\n{fence}sql\n{}\n{fence}", script.up.text.trim_end())
}

/// Backticks, one more than any run of them in `text`.
fn fence(text: &str) -> String {
    // Nearly none has one, and to look at every letter takes a macro that is not optimised long.
    if !text.contains('`') {
        return "```".to_owned();
    }
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    "`".repeat((longest + 1).max(3))
}
