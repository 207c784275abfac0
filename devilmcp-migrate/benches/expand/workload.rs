//! Migrations to measure with: generated, the same ones every time, and such that nothing is wrong with them.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

/// What the migrations are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A few tables, altered, indexed, filled, updated, rebuilt and referred to over and over.
    Evolving,
    /// A new table and an index each.
    Tables,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Evolving, Self::Tables];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Evolving => "evolving",
            Self::Tables => "tables",
        }
    }

    /// The first `size` migrations of this kind.
    pub(crate) fn migrations(self, size: usize) -> Vec<Migration> {
        match self {
            Self::Evolving => {
                let mut tables: Vec<Table> = (0..TABLES).map(Table::new).collect();
                (0..size).map(|at| evolving(&mut tables, at)).collect()
            }
            Self::Tables => (0..size).map(table).collect(),
        }
    }
}

/// One migration: what to do, and how to undo it.
pub(crate) struct Migration {
    pub(crate) up: String,
    pub(crate) down: String,
}

/// Writes them into a directory, which is made.
pub(crate) fn write(migrations: &[Migration], directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    for (number, Migration { up, down }) in (1..).zip(migrations) {
        fs::write(directory.join(format!("{number:04}_step.sql")), up)?;
        fs::write(directory.join(format!("{number:04}_step.down.sql")), down)?;
    }
    Ok(())
}

fn table(at: usize) -> Migration {
    Migration {
        up: format!(
            "CREATE TABLE t_{at} (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n\
             CREATE INDEX t_{at}_name ON t_{at} (name);\n"
        ),
        down: format!("DROP TABLE t_{at};\n"),
    }
}

/// How many tables the evolving kind begins with.
const TABLES: usize = 6;

/// A table of the evolving kind, as far as it has come.
struct Table {
    name: String,
    /// The definitions of its columns, the name first.
    columns: Vec<String>,
    /// The definitions of its indexes, after `CREATE INDEX`, the name first.
    indexes: Vec<String>,
}

impl Table {
    fn new(at: usize) -> Self {
        let columns = ["id INTEGER PRIMARY KEY", "name TEXT NOT NULL", "score REAL NOT NULL DEFAULT 0"];
        Self { name: format!("item_{at}"), columns: columns.map(str::to_owned).to_vec(), indexes: Vec::new() }
    }

    fn definition(&self, name: &str) -> String {
        format!("CREATE TABLE {name} (\n    {}\n);\n", self.columns.join(",\n    "))
    }

    /// As SQLite's manual has it: a new table, filled from the old one, in the place of it.
    fn rebuilt(&self) -> String {
        let Self { name, columns, indexes } = self;
        let columns: Vec<&str> = columns.iter().filter_map(|column| column.split(' ').next()).collect();
        let columns = columns.join(", ");
        let mut sql = self.definition(&format!("{name}_new"));
        let copy = format!("INSERT INTO {name}_new ({columns}) SELECT {columns} FROM {name};\n");
        let swap = format!("DROP TABLE {name};\nALTER TABLE {name}_new RENAME TO {name};\n");
        sql = sql + &copy + &swap;
        for index in indexes {
            // Writing to a string does not fail.
            let _ = writeln!(sql, "CREATE INDEX {index};");
        }
        sql
    }
}

/// The tables, then turns of eight migrations on one of them.
fn evolving(tables: &mut [Table], at: usize) -> Migration {
    if let Some(Table { name, .. }) = tables.get(at) {
        let rows = format!("INSERT INTO {name} (name) VALUES ('first'), ('second'), ('third');\n");
        return Migration { up: tables[at].definition(name) + &rows, down: format!("DROP TABLE {name};\n") };
    }
    let (turn, step) = ((at - tables.len()) / 8, (at - tables.len()) % 8);
    let on = turn % tables.len();
    let table = &mut tables[on];
    let name = table.name.clone();
    let (up, down) = match step {
        0 => {
            table.columns.push(format!("note_{turn} TEXT"));
            add_column(table)
        }
        1 => {
            table.indexes.push(format!("ix_{turn} ON {name} (note_{turn})"));
            (format!("CREATE INDEX {};\n", table.indexes[table.indexes.len() - 1]), format!("DROP INDEX ix_{turn};\n"))
        }
        2 => (
            format!(
                "INSERT INTO {name} (name, note_{turn}) VALUES ('row {turn}.1', 'a note'), ('row {turn}.2', NULL);\n"
            ),
            format!("DELETE FROM {name} WHERE name LIKE 'row {turn}.%';\n"),
        ),
        3 => (
            format!("UPDATE {name} SET note_{turn} = 'of ' || name WHERE note_{turn} IS NULL;\n"),
            format!("UPDATE {name} SET note_{turn} = NULL WHERE note_{turn} = 'of ' || name;\n"),
        ),
        4 => {
            table.columns.push(format!("count_{turn} INTEGER NOT NULL DEFAULT {turn}"));
            add_column(table)
        }
        5 => {
            let default = format!("score REAL NOT NULL DEFAULT {turn}");
            let before = std::mem::replace(&mut table.columns[2], default.clone());
            let up = table.rebuilt();
            table.columns[2] = before;
            let down = table.rebuilt();
            table.columns[2] = default;
            (up, down)
        }
        6 => {
            let before = table.indexes.pop().unwrap_or_default();
            table.indexes.push(format!("ix_{turn} ON {name} (name, count_{turn})"));
            let swap = |index: &str| format!("DROP INDEX ix_{turn};\nCREATE INDEX {index};\n");
            (swap(&table.indexes[table.indexes.len() - 1]), swap(&before))
        }
        _ => (
            format!(
                "CREATE TABLE log_{turn} (\n    id INTEGER PRIMARY KEY,\n    item INTEGER NOT NULL REFERENCES {name} (id),\n    \
                 at TEXT NOT NULL\n);\nCREATE INDEX log_{turn}_item ON log_{turn} (item);\n"
            ),
            format!("DROP TABLE log_{turn};\n"),
        ),
    };
    Migration { up, down }
}

fn add_column(table: &Table) -> (String, String) {
    let column = &table.columns[table.columns.len() - 1];
    let name = column.split(' ').next().unwrap_or_default();
    (
        format!("ALTER TABLE {} ADD COLUMN {column};\n", table.name),
        format!("ALTER TABLE {} DROP COLUMN {name};\n", table.name),
    )
}
