//! What a table may be called in which a history is kept.

use crate::schema::HISTORY_PREFIX;

/// Whether a history can be kept in a table of this name. All that is this tool's in a database begins alike: so no migration can touch it,
/// no application has it by chance, and no program takes it for what another one has made.
///
/// # Errors
/// It cannot, and why.
pub fn check_name(name: &str) -> Result<(), String> {
    let Some(own) = name.strip_prefix(HISTORY_PREFIX) else {
        let rest = name.to_ascii_lowercase().replace(|letter| !is_allowed(letter), "_");
        let rest = if rest.is_empty() { "queue" } else { rest.trim_start_matches('_') };
        let example = format!("{HISTORY_PREFIX}_{rest}");
        return Err(format!(
            "a table in which a history is kept begins with `{HISTORY_PREFIX}_`, so that everybody knows what it is: \"{example}\""
        ));
    };
    let Some(own) = own.strip_prefix('_').filter(|own| !own.is_empty()) else {
        return Err(format!(
            "`{name}` is where a program's own history is kept if nothing is said: add a name, as in \"{HISTORY_PREFIX}_queue\""
        ));
    };
    if let Some(letter) = own.chars().find(|letter| !is_allowed(*letter)) {
        return Err(format!("`{letter}` cannot stand in the name of a history: small letters, digits and _ can"));
    }
    if own == CLAIM || own.ends_with(&format!("_{CLAIM}")) {
        return Err(format!("what ends in `_{CLAIM}` is where a history notes what it has begun: choose another name"));
    }
    if name.len() > MOST {
        return Err(format!("the name of a history has at most {MOST} letters, this one has {}", name.len()));
    }
    Ok(())
}

/// Where the history of this table notes what was begun outside of a transaction.
pub fn claim(table: &str) -> String {
    format!("{table}_{CLAIM}")
}

/// Whether this is the table of a history, rather than one that is beside it.
pub fn is_history(name: &str) -> bool {
    name == HISTORY_PREFIX || check_name(name).is_ok()
}

/// SQLite tells no small letters from large ones, and two names must not be one.
fn is_allowed(letter: char) -> bool {
    matches!(letter, 'a'..='z' | '0'..='9' | '_')
}

const CLAIM: &str = "claim";
const MOST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_histories() {
        for name in [
            "_devilmcp_migrations_queue",
            "_devilmcp_migrations_2",
            "_devilmcp_migrations__x",
            "_devilmcp_migrations_claims",
        ] {
            assert_eq!(check_name(name), Ok(()), "{name}");
            assert!(is_history(name) && !is_history(&claim(name)));
        }
        let long = format!("{HISTORY_PREFIX}_{}", "a".repeat(64));
        for name in [
            "",
            "queue",
            "_devilmcp_migrations",
            "_devilmcp_migrations_",
            "_devilmcp_migrationsqueue",
            "_DEVILMCP_MIGRATIONS_queue",
            "_devilmcp_migrations_Queue",
            "_devilmcp_migrations_a b",
            "_devilmcp_migrations_ä",
            "_devilmcp_migrations_a\"b",
            "_devilmcp_migrations_claim",
            "_devilmcp_migrations_queue_claim",
            &long,
        ] {
            assert!(check_name(name).is_err(), "{name}");
        }
        let said = check_name("Queue-Migrations").unwrap_err();
        assert!(said.ends_with(": \"_devilmcp_migrations_queue_migrations\""), "{said}");
        assert!(is_history(HISTORY_PREFIX));
    }
}
