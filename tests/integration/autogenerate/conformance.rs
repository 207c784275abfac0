//! Changes as people make them, each to be carried out with rows in the tables, and taken back.

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate_core::authorizer::Watch;
use devilmcp_migrate_core::diff::differences;
use devilmcp_migrate_core::generate::{Entry, Generated, Objects, Order, Renaming, Target, Wishes, generate};
use devilmcp_migrate_core::mode::Mode;
use devilmcp_migrate_core::problem::Problems;
use devilmcp_migrate_core::run::run;
use devilmcp_migrate_core::schema::name::{Ident, quote};
use devilmcp_migrate_core::schema::{Kind, Schema};
use devilmcp_migrate_core::source::SourceFile;
use devilmcp_migrate_core::standing::Standing;

use super::kept::{Kept, lines};

const CHANGES: &str = include_str!("../../fixtures/diff/changes.txt");
const REBUILDS: &str = include_str!("../../fixtures/diff/rebuilds.txt");
const DECLARED: &str = include_str!("../../fixtures/diff/declared.txt");

/// One change, and rows that are there before it.
struct Case {
    name: &'static str,
    from: &'static str,
    to: &'static str,
    rows: &'static str,
}

impl Case {
    fn all(text: &'static str) -> impl Iterator<Item = Self> {
        text.split("==== ").skip(1).map(|case| {
            let part = |at: usize| case.split("---- ").nth(at).unwrap().split_once('\n').unwrap().1.trim();
            Self { name: case.lines().next().unwrap(), from: part(1), to: part(2), rows: part(3) }
        })
    }

    /// Whether it goes there and back, whatever the connection says about foreign keys, whichever SQLite it is for, and wherever new
    /// columns come to stand.
    fn passes(&self) -> Result<(), String> {
        let here = Target::parse(devilmcp_migrate::rusqlite::version()).unwrap();
        for target in [Target::default(), here] {
            self.passes_for(target, Order::Declared)?;
            self.passes_for(target, Order::Kept)?;
        }
        Ok(())
    }

    fn passes_for(&self, target: Target, order: Order) -> Result<(), String> {
        let mut faults = Problems::new();
        let renamings = Renaming::hints(&SourceFile::new("schema.sql", self.to.to_owned()), &mut faults);
        assert!(faults.finish().is_empty(), "{}", self.name);
        let wishes = Wishes { order, renamings, target, reason: Some("it is meant".to_owned()), ..Wishes::default() };
        let there = objects(&made(self.to)).without_hints();
        if objects(&made(self.from)).schema() == there.schema() {
            let generated =
                generate(&objects(&made(self.from)), &there, &wishes).map_err(|refusal| refusal.to_string())?;
            return if generated.is_none() { Ok(()) } else { Err("something to do".to_owned()) };
        }
        let generated = generate(&objects(&made(self.from)), &there, &wishes).map_err(|refusal| refusal.to_string())?;
        let Generated { up, down, .. } = generated.ok_or("nothing to do")?;
        for foreign_keys in ["OFF", "ON"] {
            let mut conn = made(self.from);
            conn.execute_batch(self.rows).unwrap();
            conn.execute_batch(&format!("PRAGMA foreign_keys = {foreign_keys}")).unwrap();
            let values = values(&conn);
            step(&mut conn, foreign_keys, &up, self.to, order)?;
            if !wishes.renamings.is_empty() && self::values(&conn) != values {
                return Err(format!("values were {values:?}, and are {:?}\n{up}", self::values(&conn)));
            }
            if generate(&objects(&conn), &there, &wishes).map_err(|refusal| refusal.to_string())?.is_some() {
                return Err("there is more to do".to_owned());
            }
            step(&mut conn, foreign_keys, &down, self.from, Order::Declared)?;
            for table in tables(&conn) {
                let rename =
                    format!("ALTER TABLE {0} RENAME TO {1}; ALTER TABLE {1} RENAME TO {0}", quote(&table), "renamed");
                conn.execute_batch(&rename)
                    .map_err(|error| format!("after all, {table} cannot be renamed: {error}"))?;
            }
        }
        Ok(())
    }
}

/// Runs a script, and looks at what has become of the database.
fn step(conn: &mut Connection, foreign_keys: &str, script: &str, to: &str, order: Order) -> Result<(), String> {
    let wanted = made(to);
    let before = Kept::of(conn, &wanted);
    let watch = Watch::install(conn).unwrap();
    Mode::Plain.begin(conn, &watch).unwrap();
    run(conn, &watch, script, Standing::Draft).map_err(|failure| format!("{}\n{script}", failure.message()))?;
    Mode::Plain.end(conn).unwrap();
    Watch::remove(conn).unwrap();
    conn.execute_batch(&format!("PRAGMA foreign_keys = {foreign_keys}")).unwrap();
    let same = |what: &str, one: Vec<String>, other: Vec<String>| {
        if one == other { Ok(()) } else { Err(format!("{what}: {one:?}, and should be {other:?}\n{script}")) }
    };
    let left = differences(&Schema::read(&wanted).unwrap(), &Schema::read(conn).unwrap());
    if left.iter().any(|left| order == Order::Declared || !left.is_order()) {
        return Err(format!("another structure\n{script}"));
    }
    let is_made_anew = |table: &String| script.contains(&format!("DROP TABLE {table};"));
    for table in tables(&wanted) {
        same("columns", pragma(conn, &table, order), pragma(&wanted, &table, order))?;
        if is_made_anew(&table) {
            same("text", texts(&objects(conn), &table), texts(&objects(&wanted).without_hints(), &table))?;
        }
    }
    same("rows", before.lost(conn), Vec::new())?;
    same("integrity", lines(conn, "PRAGMA integrity_check"), vec!["ok".to_owned()])?;
    same("foreign keys", lines(conn, "SELECT \"table\" FROM pragma_foreign_key_check"), Vec::new())
}

/// Every value of every table, whatever it is called now: what is new is not in it.
fn values(conn: &Connection) -> Vec<String> {
    let columns = "SELECT format('SELECT quote(\"%w\") FROM \"%w\"', c.name, t.name) FROM pragma_table_list t, pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND c.dflt_value IS NOT 'CURRENT_TIMESTAMP'";
    let mut values: Vec<String> = lines(conn, columns).iter().flat_map(|query| lines(conn, query)).collect();
    values.retain(|value| value != "NULL");
    values.sort();
    values
}

fn made(sql: &str) -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(sql).unwrap();
    conn
}

fn objects(conn: &Connection) -> Objects {
    Objects::read(conn).unwrap()
}

fn tables(conn: &Connection) -> Vec<String> {
    let objects = objects(conn);
    objects.iter().filter(|entry| entry.key.kind == Kind::Table).map(|entry| entry.key.name.to_string()).collect()
}

fn texts(objects: &Objects, table: &str) -> Vec<String> {
    let is_it = |entry: &&Entry| entry.key.kind == Kind::Table && entry.key.name == Ident::new(table);
    objects.iter().filter(is_it).map(|entry| entry.sql.clone()).collect()
}

fn pragma(conn: &Connection, table: &str, order: Order) -> Vec<String> {
    let place = if order == Order::Declared { "cid" } else { "name" };
    let columns = "name || type || \"notnull\" || ifnull(dflt_value, '-') || pk || hidden";
    lines(conn, &format!("SELECT {columns} FROM pragma_table_xinfo('{table}') ORDER BY {place}"))
}

fn failures(text: &'static str) -> Vec<String> {
    Case::all(text).filter_map(|case| Some(format!("{}: {}", case.name, case.passes().err()?))).collect()
}

#[test]
fn every_change_is_made_and_taken_back() {
    let count = Case::all(CHANGES).count();
    // Rows need a value there, which nobody can guess.
    let asks = "add_col_notnull_nodefault_populated: column `t.c` must have a value, and has no DEFAULT";
    assert_eq!((count, failures(CHANGES)), (43, vec![asks.to_owned()]));
}

#[test]
fn every_table_is_made_anew_with_what_belongs_to_it() {
    assert_eq!((Case::all(REBUILDS).count(), failures(REBUILDS)), (28, Vec::<String>::new()));
}

#[test]
fn every_declared_schema_is_reached_and_left() {
    assert_eq!((Case::all(DECLARED).count(), failures(DECLARED)), (49, Vec::<String>::new()));
}

#[test]
fn the_table_of_the_cases_says_what_is_so() {
    let table = include_str!("../../fixtures/conformance.md");
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
    let files = [("changes.txt", CHANGES), ("rebuilds.txt", REBUILDS), ("declared.txt", DECLARED)];
    let mut expected = Vec::new();
    for (file, text) in files {
        expected.extend(Case::all(text).map(|case| {
            let outcome = match case.passes() {
                Ok(()) => "passed".to_owned(),
                Err(refusal) => format!("refused: {}", refusal.lines().next().unwrap()),
            };
            format!("| `{file}` | {} | {outcome} |", case.name)
        }));
    }
    assert_eq!(rows, expected, "{}", expected.join("\n"));
}
