//! What a migration does to rows: what it loses is found and named, and nothing is said where nothing is lost.

use devilmcp_migrate_core::name::Name;
use devilmcp_migrate_core::problem::{Place, Problem, Problems};
use devilmcp_migrate_core::prove::replay;
use devilmcp_migrate_core::sequence::Sequence;
use devilmcp_migrate_core::source::{Entry, SourceFile};
use proptest::prelude::*;

use super::choices::Choices;
use super::config;

const TYPES: [&str; 9] =
    ["INTEGER", "TEXT", "VARCHAR(40)", "JSON", "DATETIME", "DATE", "REAL", "BLOB", "TEXT NOT NULL"];

/// A table `t` with its key `id` and a few columns `c0`, `c1`, ...; and its child `child`.
#[derive(Debug, Clone)]
struct Rows {
    types: Vec<&'static str>,
}

impl Rows {
    fn generate(choices: &mut Choices) -> Self {
        Self { types: (0..2 + choices.below(4)).map(|_| choices.of(&TYPES)).collect() }
    }

    fn sql(&self) -> String {
        format!(
            "{};\nCREATE TABLE child (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id), note TEXT NOT NULL);",
            self.table("t")
        )
    }

    /// The table, by some name.
    fn table(&self, name: &str) -> String {
        let columns: Vec<String> =
            self.types.iter().enumerate().map(|(at, declared)| format!("c{at} {declared}")).collect();
        format!("CREATE TABLE {name} (id INTEGER PRIMARY KEY, {})", columns.join(", "))
    }

    fn names(&self) -> Vec<String> {
        std::iter::once("id".to_owned()).chain((0..self.types.len()).map(|at| format!("c{at}"))).collect()
    }

    /// A table made anew, which gets the values of `from` in its columns `to`.
    fn rebuild(&self, verb: &str, to: &[String], from: &[String]) -> String {
        format!(
            "{};\n{verb} INTO new ({}) SELECT {} FROM t;\nDROP TABLE t;\nALTER TABLE new RENAME TO t",
            self.table("new"),
            to.join(", "),
            from.join(", ")
        )
    }

    /// A migration that keeps every value somewhere.
    fn keep(&self, choices: &mut Choices) -> String {
        let at = choices.below(self.types.len());
        let (column, names) = (format!("c{at}"), self.names());
        match choices.below(9) {
            0 => format!("ALTER TABLE t RENAME COLUMN {column} TO other"),
            1 => "ALTER TABLE t RENAME TO other".to_owned(),
            2 => "ALTER TABLE t ADD COLUMN other TEXT NOT NULL DEFAULT 'a'".to_owned(),
            3 => {
                let mut mixed = names;
                mixed.rotate_left(at);
                self.rebuild("INSERT", &mixed, &mixed)
            }
            4 => format!(
                "CREATE TABLE other (t_id INTEGER PRIMARY KEY REFERENCES t (id), {column} {0});\n\
                 INSERT INTO other SELECT id, {column} FROM t;\nALTER TABLE t DROP COLUMN {column}",
                self.types[at]
            ),
            5 => format!("UPDATE t SET {column} = {column} || 'x'"),
            6 => format!("CREATE INDEX other ON t ({column}, id)"),
            7 => {
                format!("CREATE TRIGGER other AFTER UPDATE ON t BEGIN DELETE FROM child WHERE note = new.{column}; END")
            }
            _ => format!("CREATE VIEW other AS SELECT {column} FROM t"),
        }
    }

    /// The same without NOT NULL: where it stands, a rebuild may fail before it loses anything.
    fn lax(&self) -> Self {
        Self { types: self.types.iter().map(|declared| declared.trim_end_matches(" NOT NULL")).collect() }
    }

    /// A migration that loses something, with the columns that it loses.
    fn lose(&self, choices: &mut Choices) -> (String, Vec<String>) {
        let at = choices.below(self.types.len());
        let (column, names) = (format!("c{at}"), self.names());
        let lost = vec![format!("t.{column}")];
        let all = || names.iter().filter(|name| *name != "id").map(|name| format!("t.{name}")).collect();
        let without = || names.iter().filter(|name| **name != column).cloned().collect::<Vec<_>>();
        match choices.below(7) {
            0 => (format!("ALTER TABLE t DROP COLUMN {column}"), lost),
            1 => ("DROP TABLE child;\nDROP TABLE t".to_owned(), all()),
            2 => (self.lax().rebuild("INSERT", &without(), &without()), lost),
            3 => ("DELETE FROM child;\nDELETE FROM t WHERE id > 0".to_owned(), all()),
            4 => (format!("UPDATE t SET {column} = 'constant'"), lost),
            // Every row gets the key of the last one.
            5 => {
                let from: Vec<String> =
                    names.iter().map(|name| if name == "id" { "1".to_owned() } else { name.clone() }).collect();
                (self.lax().rebuild("INSERT OR REPLACE", &names, &from), all())
            }
            _ => {
                let other = (at + 1) % self.types.len();
                let mut from = names.clone();
                from.swap(at + 1, other + 1);
                (self.lax().rebuild("INSERT", &names, &from), lost)
            }
        }
    }

    /// What is said of the migration about rows.
    fn problems(&self, migration: &str) -> Vec<Problem> {
        let entry = |name: &str, sql: &str| Entry {
            name: Name::parse(name).unwrap(),
            file: SourceFile::new(name, format!("-- migrate: irreversible\n{sql};\n")),
        };
        let mut problems = Problems::new();
        let entries = vec![entry("0001_rows.sql", &self.sql()), entry("0002_step.sql", migration)];
        replay(&Sequence::new(entries, "migrations", &mut problems).unwrap(), &mut problems);
        problems.finish()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn where_every_value_is_kept_nothing_is_said(mut choices in Choices::strategy(20)) {
        let rows = Rows::generate(&mut choices);
        let migration = rows.keep(&mut choices);
        let problems = rows.problems(&migration);
        prop_assert!(problems.is_empty(), "{}\n{migration}\n{problems:#?}", rows.sql());
    }

    #[test]
    fn every_loss_is_named_at_its_statement(mut choices in Choices::strategy(20)) {
        let rows = Rows::generate(&mut choices);
        let (migration, lost) = rows.lose(&mut choices);
        let problems = rows.problems(&migration);
        let notes = |problem: &Problem| problem.rule.code.starts_with("M20") && matches!(problem.place, Place::Text(_));
        let said: Vec<&String> = problems.iter().filter(|problem| notes(problem)).flat_map(|problem| &problem.notes).collect();
        for column in lost {
            let named = format!("`{column}`");
            prop_assert!(said.iter().any(|note| note.contains(&named)), "{column}\n{}\n{migration}\n{problems:#?}", rows.sql());
        }
    }
}
