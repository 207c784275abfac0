//! What a person at a terminal is asked, so that a migration can be written. Whoever says nothing gets what a script would.

use devilmcp_migrate_core::generate::{Objects, Refusal, Renaming, Wishes, alike, newly_required};

use crate::cli::output::{Output, Person};

/// Those that can be asked, if anybody can answer.
#[derive(Debug)]
pub(super) struct Questions(Option<Person>);

impl Questions {
    /// To whoever is there; to nobody where what is shown goes elsewhere.
    pub(super) fn to(output: Output, is_shown: bool) -> Self {
        Self(output.person(is_shown))
    }

    /// What cannot be seen: whether something new is something old, and what is to stand where nothing is.
    pub(super) fn ask(&self, head: &Objects, declared: &Objects, wishes: &mut Wishes) -> Result<(), Refusal> {
        let Some(person) = &self.0 else { return Ok(()) };
        let mut denied: Vec<Renaming> = Vec::new();
        loop {
            let found = alike(head, declared, &wishes.renamings)?;
            let Some(renaming) = found.into_iter().find(|one| !denied.contains(one)) else { break };
            match person.answer(&was_renamed(&renaming)).map(|answer| answer.to_lowercase()).as_deref() {
                Some("y" | "yes") => wishes.renamings.push(renaming),
                _ => denied.push(renaming),
            }
        }
        for (table, column) in newly_required(head, declared) {
            let key = (table, column);
            if wishes.defaults.contains_key(&key) {
                continue;
            }
            let (table, column) = &key;
            let question =
                format!("{table}.{column} becomes NOT NULL. Its value where it is NULL (an SQL expression) [none]:");
            if let Some(value) = person.answer(&question) {
                wishes.defaults.insert(key, value);
            }
        }
        Ok(())
    }

    /// Asks for what is missing; whether it was said.
    pub(super) fn settle(&self, refusal: &Refusal, wishes: &mut Wishes) -> bool {
        let Some(person) = &self.0 else { return false };
        match refusal {
            Refusal::Value { table, column } => {
                let question = format!(
                    "{table}.{column} must have a value. That of rows that are there (an SQL expression, which may name their columns) [none]:"
                );
                let value = person.answer(&question);
                let is_said = value.is_some();
                wishes.defaults.extend(value.map(|value| ((table.clone(), column.clone()), value)));
                is_said
            }
            Refusal::Reason(_) => {
                wishes.reason = person.answer(&format!("{refusal}. Why is that right? [it is not]"));
                wishes.reason.is_some()
            }
            _ => false,
        }
    }
}

fn was_renamed(Renaming { table, column, old }: &Renaming) -> String {
    match column {
        Some(column) => format!("{table}.{column} is new, and {table}.{old} is gone. Is it the same, renamed? [y/N]"),
        None => format!("table {table} is new, and {old} is gone. Is it the same, renamed? [y/N]"),
    }
}
