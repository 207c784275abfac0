//! A migration that is written from two schemas leads from the one to the other, and back, with all rows that have a place there.

use devilmcp_migrate::rusqlite::types::Value;
use devilmcp_migrate::rusqlite::{Connection, Error, ErrorCode};
use devilmcp_migrate_core::diff::{Difference, differences};
use devilmcp_migrate_core::generate::{Generated, Objects, Order, Refusal, Renaming, Target, Wishes, generate};
use devilmcp_migrate_core::schema::name::Ident;
use devilmcp_migrate_core::schema::{Kind, Schema};
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::choices::Choices;
use super::config;
use super::tables::{PARENTS, Table};
use super::text::NAMES;
use crate::autogenerate::kept::{Kept, lines};

/// What else may be there, each by one of its definitions or not at all. None of them minds whether another one is there.
const OTHERS: [&[&str]; 7] = [
    &[
        "CREATE TABLE c1 (id INTEGER PRIMARY KEY AUTOINCREMENT, o INT REFERENCES c2 (id))",
        "CREATE TABLE c1 (id INTEGER PRIMARY KEY AUTOINCREMENT, o INT REFERENCES c2 ON DELETE CASCADE, n TEXT DEFAULT 'x y')",
        "CREATE TABLE C1 (n TEXT, id INTEGER PRIMARY KEY, o INT CHECK (C1.o > 0))",
        "CREATE TABLE c1 (id INTEGER PRIMARY KEY, o INT, n TEXT NOT NULL DEFAULT (lower('X')), s AS (o + 1) STORED)",
        "CREATE TABLE c1 (o INT, id INTEGER PRIMARY KEY AUTOINCREMENT -- the key\n)",
    ],
    &[
        "CREATE TABLE c2 (id INTEGER PRIMARY KEY, up INT REFERENCES c2, o INT REFERENCES c1 (id))",
        "CREATE TABLE c2 (id INTEGER PRIMARY KEY, o INT REFERENCES c1 (id), rowid TEXT)",
        "CREATE TABLE c2 (o INT UNIQUE ON CONFLICT REPLACE, id TEXT PRIMARY KEY)",
    ],
    &[
        "CREATE INDEX i ON c1 (o)",
        "CREATE UNIQUE INDEX i ON c1 (o DESC, id) WHERE c1.o > 0",
        "CREATE INDEX i ON c2 (lower(o) COLLATE NOCASE)",
        "CREATE TABLE i (a)",
        "CREATE VIEW i AS SELECT 1 AS a -- one",
    ],
    &[
        "CREATE VIEW v AS SELECT * FROM c1",
        "CREATE VIEW v (a) AS SELECT id FROM c2 -- all of them",
        "CREATE TABLE v (id INTEGER PRIMARY KEY, o INT)",
        "CREATE VIRTUAL TABLE v USING rtree(id, x0, x1)",
    ],
    &[
        "CREATE TRIGGER g AFTER INSERT ON c1 BEGIN DELETE FROM c1; END",
        "CREATE TRIGGER g BEFORE UPDATE OF o ON c1 WHEN new.o > 0 BEGIN INSERT INTO c2 (o) VALUES (1); END",
        "CREATE TRIGGER g AFTER DELETE ON c2 BEGIN UPDATE c1 SET o = NULL; END",
    ],
    &[
        "CREATE VIRTUAL TABLE f USING fts5(a, b)",
        "CREATE VIRTUAL TABLE f USING fts5(b, c, tokenize = 'porter')",
        "CREATE VIRTUAL TABLE f USING fts5(o, content = 'c1', content_rowid = 'id')",
        "CREATE VIRTUAL TABLE f USING fts5(a, content = '')",
    ],
    &["CREATE VIRTUAL TABLE r USING rtree(id, x0, x1)", "CREATE VIRTUAL TABLE r USING rtree(id, x0, x1, +note)"],
];

const ROWS: &str = "INSERT INTO parent VALUES (1, 'a'), (2, 'b'); INSERT INTO pair VALUES (1, 1), (1, 2);
    INSERT INTO c1 (id, o) VALUES (1, 1), (4, NULL), (9, 2); DELETE FROM c1 WHERE id = 9;
    INSERT INTO c2 (id, o) VALUES (1, 4), (2, NULL); INSERT INTO v (id, o) VALUES (7, 7);
    INSERT INTO f (rowid, a, b) VALUES (5, 'one', 'two'); INSERT INTO f (rowid, b, c) VALUES (6, 'one', 'two');
    INSERT INTO r (id, x0, x1) VALUES (3, 1.5, 2.5); INSERT INTO i VALUES (1);
    UPDATE c1 SET o = NULL WHERE o NOT IN (SELECT id FROM c2); UPDATE c2 SET o = NULL WHERE o NOT IN (SELECT id FROM c1)";

/// A schema: a table with everything, and others.
#[derive(Debug, Clone)]
pub(super) struct Made {
    statements: Vec<String>,
}

impl Made {
    pub(super) fn with(table: Option<&Table>, choices: &mut Choices) -> Self {
        let mut statements: Vec<String> = PARENTS.split(';').map(str::to_owned).collect();
        statements.extend(table.map(|table| table.sql(choices)));
        for (at, others) in OTHERS.iter().enumerate() {
            // The first two are always there, so that what is on them can be.
            if at < 2 || choices.one_in(2) {
                statements.push(choices.of(others).to_owned());
            }
        }
        Self { statements }
    }

    pub(super) fn database(&self) -> Option<Connection> {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        self.statements.iter().all(|sql| conn.execute_batch(sql).is_ok()).then_some(conn)
    }

    fn objects(&self) -> Objects {
        Objects::read(&self.database().unwrap()).unwrap()
    }
}

/// Puts in what the tables take.
fn fill(conn: &Connection, table: &Table, choices: &mut Choices) {
    for statement in ROWS.split(';') {
        // Not every table is there.
        let _ = conn.execute_batch(statement);
    }
    let plain = table.plain();
    let names: Vec<String> =
        plain.iter().map(|at| format!("\"{}\"", table.columns[*at].name.replace('"', "\"\""))).collect();
    let sql = format!(
        "INSERT OR IGNORE INTO \"{}\" ({}) VALUES ({})",
        table.name.replace('"', "\"\""),
        names.join(", "),
        vec!["?"; names.len()].join(", ")
    );
    let values = [
        Value::Integer(1),
        Value::Integer(2),
        Value::Null,
        Value::Text("a".to_owned()),
        Value::Text("12".to_owned()),
        Value::Real(1.5),
        Value::Blob(vec![0, 255]),
    ];
    for _ in 0..4 {
        let row: Vec<Value> = plain.iter().map(|_| choices.of(&values)).collect();
        // Nor does every table take every row.
        let _ = conn.execute(&sql, devilmcp_migrate::rusqlite::params_from_iter(row));
    }
}

/// The migration, with whatever has to be said for it.
fn write(from: &Objects, to: &Objects, mut wishes: Wishes) -> Result<Option<Generated>, Refusal> {
    loop {
        match generate(from, to, &wishes) {
            Err(Refusal::Value { table, column }) => {
                wishes.defaults.insert((table, column), "'7'".to_owned());
            }
            other => return other,
        }
    }
}

/// The oldest SQLite there is, the one for which everything is written, and the one that is here.
fn targets() -> [Target; 3] {
    let here = Target::parse(devilmcp_migrate::rusqlite::version()).unwrap();
    [Target::parse("3.34").unwrap(), Target::default(), here]
}

/// The columns that have another name in the same place, and not that of another one.
fn renamings(from: &Table, to: &Table) -> Vec<Renaming> {
    let has = |table: &Table, name: &str| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    let pairs = from.columns.iter().zip(&to.columns);
    let renamed = pairs.filter(|(old, new)| !has(to, &old.name) && !has(from, &new.name));
    renamed
        .map(|(old, new)| Renaming {
            table: Ident::new(&to.name),
            column: Some(Ident::new(&new.name)),
            old: Ident::new(&old.name),
        })
        .collect()
}

/// Whether it is the rows that the script fails on.
fn is_about_rows(error: &Error) -> bool {
    // ALTER TABLE has no codes for it. The last is said of a STRICT table whose DEFAULT is of another type: no row can have it.
    let says = |words: &str| error.to_string().contains(words);
    matches!(error.sqlite_error_code(), Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch))
        || says("constraint failed")
        || says("type mismatch on DEFAULT")
}

/// Runs the script over rows; whether it is done.
fn step(conn: &Connection, script: &str, to: &Connection, order: Order) -> Result<bool, TestCaseError> {
    let kept = Kept::of(conn, to);
    let orphans_before = orphans(conn);
    conn.execute_batch("BEGIN").unwrap();
    if let Err(error) = conn.execute_batch(script) {
        prop_assert!(is_about_rows(&error), "{error}\n{script}");
        return Ok(false);
    }
    conn.execute_batch("COMMIT").unwrap();
    prop_assert_eq!(kept.lost(conn), Vec::<String>::new(), "{}", script);
    prop_assert_eq!(left(conn, to, order), [], "{}", script);
    prop_assert_eq!(lines(conn, "PRAGMA integrity_check"), ["ok"], "{}", script);
    prop_assert_eq!(lines(conn, "SELECT name FROM temp.sqlite_master"), Vec::<String>::new());
    prop_assert!(orphans(conn).iter().all(|orphan| orphans_before.contains(orphan)), "{}", script);
    Ok(true)
}

/// In what a database is not yet another one.
fn left(conn: &Connection, to: &Connection, order: Order) -> Vec<Difference> {
    let mut left = differences(&Schema::read(to).unwrap(), &Schema::read(conn).unwrap());
    left.retain(|difference| order == Order::Declared || !difference.is_order());
    left
}

/// What a script does to rows, if it does not stop.
fn outcome(conn: &Connection, script: &str) -> Option<Vec<String>> {
    // What is made at that moment is made at another one the next time.
    let cell = "iif(\"%w\" LIKE ''____-__-__ __:__:__'', ''now'', quote(\"%w\"))";
    let query = format!(
        "SELECT format('SELECT group_concat({cell}, ''|'') FROM \"%w\"', c.name, c.name, t.name)
         FROM pragma_table_list t, pragma_table_xinfo(t.name) c
         WHERE t.schema = 'main' AND t.type IN ('table', 'virtual') AND c.hidden <> 1 AND t.name NOT LIKE 'sqlite%' ORDER BY t.name COLLATE NOCASE, c.name COLLATE NOCASE"
    );
    conn.execute_batch("SAVEPOINT tried").unwrap();
    let works = conn.execute_batch(script).is_ok();
    let rows = works.then(|| lines(conn, &query).iter().flat_map(|query| lines(conn, query)).collect());
    conn.execute_batch("ROLLBACK TO tried; RELEASE tried").unwrap();
    rows
}

/// Rows of `c1` and `c2` that point at nothing; at first there are none.
fn orphans(conn: &Connection) -> Vec<String> {
    let query = "SELECT lower(\"table\") || ifnull(rowid, '') || lower(parent) FROM pragma_foreign_key_check
        WHERE lower(\"table\") IN ('c1', 'c2') AND (lower(\"table\"), lower(parent)) <> ('c2', 'c2')";
    lines(conn, query)
}

/// The texts of tables that were made anew are those that declare them.
fn texts_are_declared(conn: &Connection, to: &Objects, script: &str) -> Result<(), TestCaseError> {
    let now = Objects::read(conn).unwrap();
    for entry in now.iter().filter(|entry| entry.key.kind == Kind::Table && script.contains(&format!("{};", entry.sql)))
    {
        let declared = to.iter().find(|other| other.key == entry.key).unwrap();
        prop_assert_eq!(&declared.sql, &entry.sql);
    }
    Ok(())
}

proptest! {
    // A case takes many databases.
    #![proptest_config(Config { max_shrink_iters: 64, ..config() })]

    #[test]
    fn what_is_written_leads_there_and_back(mut choices in Choices::strategy(160), mut style in Choices::strategy(200)) {
        let table = Table::generate(choices.of(&NAMES), &mut choices);
        let mut other = Some(table.clone()).filter(|_| !choices.one_in(8));
        let is_about_rows = choices.one_in(3);
        for _ in 0..choices.below(4) {
            other = other.map(|table| if is_about_rows { table.constrained(&mut choices) } else { table.changed(&mut choices) });
        }
        let told = other.as_ref().filter(|_| choices.flag()).map_or_else(Vec::new, |other| renamings(&table, other));
        let from = Made::with(Some(&table), &mut style);
        let to = Made::with(other.as_ref(), &mut style);
        let (conn, there) = (from.database(), to.database());
        prop_assume!(conn.is_some() && there.is_some());
        let (conn, there) = (conn.unwrap(), there.unwrap());
        let (head, declared) = (from.objects(), to.objects());
        let [oldest, usual, newest] = targets();
        let target = style.of(&[oldest, newest, newest]);
        let order = style.of(&[Order::Declared, Order::Kept]);
        let for_target = |target| {
            let reason = Some("it is meant".to_owned());
            Wishes { order, reason, renamings: told.clone(), target, ..Wishes::default() }
        };
        let written = write(&head, &declared, for_target(target));
        prop_assert!(written.is_ok(), "{}\n{from:#?}\n{to:#?}", written.unwrap_err());
        let written = written.unwrap();
        prop_assert_eq!(&write(&head, &declared, for_target(target)).unwrap(), &written, "not the same again");
        prop_assert_eq!(written.is_none(), left(&conn, &there, order).is_empty());
        prop_assert_eq!(write(&declared, &to.objects(), for_target(target)).unwrap(), None);
        let Some(Generated { up, down, .. }) = written else { return Ok(()) };

        let empty = from.database().unwrap();
        prop_assert!(step(&empty, &up, &there, order)?, "not even without rows\n{up}");
        texts_are_declared(&empty, &declared, &up)?;
        prop_assert!(step(&empty, &down, &conn, Order::Declared)?, "not even without rows\n{down}");

        fill(&conn, &table, &mut choices);
        // Whatever SQLite it is for, it does the same to rows, or stops.
        let other = write(&head, &declared, for_target(usual)).unwrap().unwrap();
        prop_assert_eq!(outcome(&conn, &up), outcome(&conn, &other.up), "{}\n-- and\n{}", up, other.up);
        let before = from.database().unwrap();
        if step(&conn, &up, &there, order)? {
            step(&conn, &down, &before, Order::Declared)?;
        }
    }
}
