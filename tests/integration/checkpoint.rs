//! `migrations.checkpoint`: what a build starts from is what running the locked migrations makes.

use std::fs;
use std::path::Path;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate_core::check::{Checked, Judged, Trust, check};
use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::lint::Levels;
use devilmcp_migrate_core::listing;
use devilmcp_migrate_core::lockfile::Lock;
use devilmcp_migrate_core::prove::{Proof, freeze};
use devilmcp_migrate_core::render;
use devilmcp_migrate_core::schema::Schema;
use tempfile::TempDir;

use crate::support::texts;

/// A directory of migrations.
pub(crate) struct Migrations(TempDir);

impl Migrations {
    /// These ups, locked.
    pub(crate) fn locked(ups: &[&str]) -> Self {
        let made = Self(TempDir::new().unwrap());
        for (at, up) in ups.iter().enumerate() {
            made.write(&format!("{:04}_m.sql", at + 1), up);
        }
        made.lock(ups.len());
        made
    }

    /// Locks the first `count`, whatever they are like.
    pub(crate) fn lock(&self, count: usize) {
        self.write(listing::LOCK, "");
        let checked = self.check(Judged::Nothing, Trust::Nothing);
        let sequence = checked.sequence.as_ref().unwrap();
        assert!(checked.proof.is_some(), "{}", said(&checked));
        self.write(listing::LOCK, &Lock::write(&sequence.scripts()[..count]));
    }

    /// Writes the checkpoint of the first `count`, or says why there is none.
    pub(crate) fn freeze(&self, count: usize) -> Result<String, String> {
        let checked = self.check(Judged::Nothing, Trust::Nothing);
        let text = freeze(&checked.sequence.unwrap().scripts()[..count]).map_err(|reason| reason.to_string())?;
        self.write(listing::CHECKPOINT, &text);
        Ok(text)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn check(&self, judged: Judged, trust: Trust) -> Checked {
        check(self.path(), "migrations", judged, trust, Levels::default())
    }

    /// The schema that the checkpoint makes.
    fn schema(&self) -> Schema {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("PRAGMA foreign_keys = OFF; BEGIN").unwrap();
        conn.execute_batch(&fs::read_to_string(self.path().join(listing::CHECKPOINT)).unwrap()).unwrap();
        Schema::read(&conn).unwrap()
    }

    /// What a build finds, after seeing that it finds the same without the checkpoint; and whether it has used that.
    pub(crate) fn build(&self) -> (Checked, bool) {
        let [with, without] = [Trust::Taken, Trust::Nothing].map(|trust| self.check(Judged::Unlocked, trust));
        let proof = |checked: &Checked| {
            // Where nothing comes after the checkpoint, it is not made.
            let schema = |proof: &Proof| proof.schema.clone().unwrap_or_else(|| self.schema());
            checked.proof.as_ref().map(|proof| (proof.changes.clone(), schema(proof), proof.fingerprint))
        };
        assert_eq!(proof(&with), proof(&without), "{}{}", said(&with), said(&without));
        let about_migrations: Vec<_> = with.problems.iter().filter(|problem| problem.rule.code != "M027").collect();
        assert_eq!(
            about_migrations.into_iter().map(render::plain).collect::<Vec<_>>(),
            without.problems.iter().map(render::plain).collect::<Vec<_>>()
        );
        let is_used = with.checkpoint.is_some() && !said(&with).contains("M027");
        (with, is_used)
    }
}

pub(crate) fn said(checked: &Checked) -> String {
    checked.problems.iter().map(|problem| render::plain(problem) + "\n").collect()
}

/// Every row of every table as SQLite keeps it, in the order in which it gives them out.
pub(crate) fn rows(conn: &Connection) -> Vec<String> {
    let query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    let tables: Vec<String> =
        conn.prepare(query).unwrap().query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    let mut found = Vec::new();
    for table in tables {
        let table = table.replace('"', "\"\"");
        let with_rowid = conn.prepare(&format!("SELECT rowid, * FROM \"{table}\""));
        let mut statement = with_rowid.or_else(|_| conn.prepare(&format!("SELECT * FROM \"{table}\""))).unwrap();
        let count = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<String> = (0..count).map(|at| format!("{:?}", row.get_ref(at).unwrap())).collect();
            found.push(format!("{table}: {}", cells.join(" ")));
        }
    }
    found
}

/// Whether a checkpoint, run as the SQL that it is, makes what these statements make.
pub(crate) fn compare(ups: &[&str], checkpoint: &str) {
    let [run, made] = [ups, &[checkpoint]].map(|scripts| {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("PRAGMA foreign_keys = OFF; BEGIN").unwrap();
        conn.execute_batch(&scripts.join(";\n")).unwrap();
        conn.execute_batch("COMMIT").unwrap();
        conn
    });
    assert_eq!(texts(&run), texts(&made));
    assert_eq!(rows(&run), rows(&made));
}

/// Tables of every kind, rows of every kind, and what `ALTER TABLE` makes of them.
const ALL_KINDS: [&str; 4] = [
    "CREATE TABLE kinds (id INTEGER PRIMARY KEY, any, number NUMERIC, real REAL, text TEXT COLLATE NOCASE, blob BLOB,
         twice AS (real * 2), kept INTEGER GENERATED ALWAYS AS (id + 1) STORED, UNIQUE (text, any));
     INSERT INTO kinds (id, any, number, real, text, blob) VALUES
         (-9223372036854775808, 9e999, -9e999, 0.1 + 0.2, 'it''s', x''), (3, 9e999 - 9e999, 1e300, 5e-324, '', x'00ff'),
         (9223372036854775807, 'two' || char(10) || 'lines', '12x', 1e16, char(13, 10), NULL),
         (4, CAST(x'ff00' AS TEXT), 1234567.125, -0.0, 'a' || char(0) || 'b', 'text'), (5, 1.0, 2.0, 3, 4, 5);",
    "CREATE TABLE plain (a, \"row id\" TEXT); INSERT INTO plain (rowid, a) VALUES (7, 'seven'), (-1, 'less'); DELETE FROM plain WHERE a = 'x';
     CREATE TABLE pairs (x, y TEXT, z, PRIMARY KEY (y DESC, x)) WITHOUT ROWID; INSERT INTO pairs VALUES (1, 'b', 2), (2, 'b', 3), (0, 'a', 4);
     CREATE TABLE exact (a INT, b ANY) STRICT; INSERT INTO exact VALUES (1, '1'), (2, 2.5);
     CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO counted (a) VALUES (1), (2); DELETE FROM counted WHERE id = 2;",
    "CREATE VIRTUAL TABLE words USING fts5(a, content = 'plain', content_rowid = 'rowid');
     CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1); INSERT INTO boxes VALUES (1, 0.5, 2), (2, 3, 4);
     CREATE VIRTUAL TABLE alone USING fts5(a, tokenize = 'porter'); INSERT INTO alone VALUES ('running'), ('it''s'); DELETE FROM alone WHERE a MATCH 'run';
     CREATE VIEW shown AS SELECT a -- as it is
         FROM plain; CREATE TRIGGER noted AFTER INSERT ON plain BEGIN INSERT INTO counted (a) VALUES (new.a || ';'); DELETE FROM pairs WHERE x = new.a; END;
     CREATE INDEX shorter ON plain (lower(a)) WHERE a IS NOT NULL;",
    "CREATE TABLE new (id INTEGER PRIMARY KEY AUTOINCREMENT, a, b DEFAULT 'b'); INSERT INTO new (id, a) SELECT id, a FROM counted;
     DROP TRIGGER noted; DROP TABLE counted; ALTER TABLE new RENAME TO counted;
     CREATE TRIGGER noted AFTER INSERT ON plain BEGIN INSERT INTO counted (a) VALUES (new.a || ';'); DELETE FROM pairs WHERE x = new.a; END; ALTER TABLE kinds ADD COLUMN more DEFAULT 5; ALTER TABLE kinds RENAME text TO \"te xt\";
     INSERT INTO plain (a) VALUES (8); ALTER TABLE exact DROP COLUMN a; ALTER TABLE alone RENAME TO lone;
     PRAGMA application_id = 7; PRAGMA legacy_alter_table = ON; PRAGMA foreign_key_check;",
];

#[test]
fn a_checkpoint_makes_what_the_migrations_make() {
    let migrations = Migrations::locked(&ALL_KINDS);
    let text = migrations.freeze(4).unwrap();
    // Renamed, the inner tables of a virtual one have their names in other quotes.
    let ups: Vec<String> = ALL_KINDS.iter().map(|up| up.replace("ALTER TABLE alone RENAME TO lone;", "")).collect();
    let unrenamed = Migrations::locked(&ups.iter().map(String::as_str).collect::<Vec<_>>());
    compare(&ups.iter().map(String::as_str).collect::<Vec<_>>(), &unrenamed.freeze(4).unwrap());
    assert!(migrations.build().1, "{text}");
    assert!(migrations.check(Judged::Unlocked, Trust::Proved).problems.is_empty());
}

#[test]
fn what_comes_after_a_checkpoint_is_judged_as_if_all_had_been_run() {
    let users = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INT); INSERT INTO users VALUES (1, 'Ada', 36);
        CREATE VIRTUAL TABLE words USING fts5(name); INSERT INTO words VALUES ('Ada');
        CREATE TRIGGER said AFTER INSERT ON users BEGIN INSERT INTO words VALUES (new.name); END; CREATE VIEW v AS SELECT * FROM users";
    for (up, down, then) in [
        ("CREATE TABLE posts (id INTEGER PRIMARY KEY, by INT REFERENCES users)", "DROP TABLE posts", ""),
        ("ALTER TABLE users DROP COLUMN age", "ALTER TABLE users ADD COLUMN age INT", ""),
        ("ALTER TABLE users ADD COLUMN email TEXT NOT NULL", "ALTER TABLE users DROP COLUMN email", ""),
        ("CREATE UNIQUE INDEX one ON users (name)", "DROP INDEX one", ""),
        ("DROP TABLE users", "", ""),
        ("INSERT INTO users (name) VALUES ('Bob')", "DELETE FROM users WHERE name = 'Bob'", ""),
        (
            "INSERT INTO users (name) VALUES ('Bob')",
            "DELETE FROM users WHERE name = 'Bob'",
            "SELECT * FROM words WHERE words MATCH 'bob'",
        ),
        ("INSERT INTO words (words) VALUES ('integrity-check')", "SELECT 1", "SELECT name FROM users WHERE id > 1"),
        (
            "INSERT INTO words (words) VALUES ('optimize')",
            "SELECT 1",
            "SELECT 1 WHERE NOT EXISTS (SELECT * FROM words WHERE words MATCH 'ada')",
        ),
        ("CREATE VIEW w AS SELECT nme FROM users", "DROP VIEW w", ""),
        ("DELETE FROM nothing", "SELECT 1", ""),
    ] {
        let migrations = Migrations::locked(&[users]);
        migrations.freeze(1).unwrap();
        migrations.write(
            "0002_m.sql",
            &if down.is_empty() { format!("-- migrate: irreversible\n{up}") } else { up.to_owned() },
        );
        for (name, text) in [("0002_m.down.sql", down), ("0002_m.then.sql", then)] {
            if !text.is_empty() {
                migrations.write(name, text);
            }
        }
        assert!(migrations.build().1, "{up}");
    }
}

#[test]
fn a_checkpoint_of_less_than_what_is_locked_is_still_started_from() {
    let migrations = Migrations::locked(&["CREATE TABLE a (b); INSERT INTO a VALUES (1)"]);
    migrations.freeze(1).unwrap();
    migrations.write("0002_m.sql", "BEGIN; ALTER TABLE a ADD COLUMN c; UPDATE a SET c = b; COMMIT;");
    migrations.lock(2);
    assert!(migrations.build().1);
    assert!(migrations.check(Judged::Unlocked, Trust::Proved).problems.is_empty());
}

#[test]
fn what_is_another_in_every_run_is_not_written_down() {
    let table = "CREATE TABLE a (b, c DEFAULT CURRENT_TIMESTAMP, d DEFAULT (unixepoch()));";
    for (unsteady, up) in [
        ("a", "INSERT INTO a (b) VALUES (1)"),
        ("a", "INSERT INTO a VALUES (date(), 1, 1)"),
        ("a", "INSERT INTO a VALUES (strftime('%J'), 1, 1)"),
        ("a", "INSERT INTO a VALUES (strftime('%s', 'NOW', 'localtime'), 1, 1)"),
        ("a", "INSERT INTO a VALUES (hex(randomblob(8)), 1, 1)"),
        ("a", "INSERT INTO a VALUES (unixepoch('subsec'), 1, 1)"),
        ("t", "CREATE TABLE t AS SELECT current_time AS e"),
        (
            "t",
            "CREATE TABLE t (e); CREATE TRIGGER r AFTER INSERT ON a BEGIN INSERT INTO t VALUES (julianday('now')); END; INSERT INTO a VALUES (1, 1, 1)",
        ),
    ] {
        let reason = Migrations::locked(&[table, up]).freeze(2).unwrap_err();
        assert!(reason.contains(&format!("the rows of `{unsteady}` are others in every run")), "{up}: {reason}");
    }
    for steady in [
        "CREATE TABLE t (e); INSERT INTO t VALUES (1)",
        "INSERT INTO a VALUES (date('2026-11-23', '+1 day'), 'now', strftime('%Y', 0, 'unixepoch'))",
        "INSERT INTO a VALUES (julianday('2026-11-23'), datetime(NULL), timediff('2026-01-01', '2025-01-01'))",
        "UPDATE a SET b = datetime('now'); INSERT INTO a VALUES (1, 1, 1)",
        "CREATE TRIGGER r AFTER UPDATE ON a BEGIN SELECT random(); END; INSERT INTO a VALUES (1, 1, 1)",
        "CREATE INDEX i ON a (date(b)); INSERT INTO a VALUES ('2026-11-23', 1, 1)",
    ] {
        let outcome = Migrations::locked(&[table, steady]).freeze(2);
        assert!(outcome.is_ok(), "{steady}: {outcome:?}");
    }
}

#[test]
fn what_cannot_be_written_down_is_said() {
    for (up, reason) in [
        ("PRAGMA case_sensitive_like = ON", "0002_m sets a pragma"),
        ("EXPLAIN PRAGMA main.reverse_unordered_selects(1)", "0002_m sets a pragma"),
        ("CREATE TEMP TABLE t (a)", "temporary objects"),
        ("ANALYZE", "statistics of ANALYZE"),
        (
            "CREATE TABLE t (rowid, _rowid_, oid); INSERT INTO t VALUES (1, 2, 3)",
            "table `t` calls columns by all the names",
        ),
        ("CREATE TABLE \"two\nlines\" (a)", "a name of more than one line"),
    ] {
        let migrations = Migrations::locked(&["CREATE TABLE a (b PRIMARY KEY)", up]);
        let said = migrations.freeze(2).unwrap_err();
        assert!(said.contains(reason), "{up}: {said}");
    }
}

/// The same with another body, which is what is hashed.
fn with_body(text: &str, change: impl FnOnce(&str) -> String) -> String {
    let (head, body) = text.split_once("-- sha256 ").unwrap();
    let body = change(body.split_once('\n').unwrap().1);
    format!("{head}-- sha256 {}\n{body}", Digest::of_text(&body))
}

#[test]
fn one_that_does_not_fit_is_not_used() {
    let migrations = Migrations::locked(&[
        "CREATE TABLE a (b); INSERT INTO a VALUES (1), ('two')",
        "DROP TABLE a; CREATE TABLE c (d)",
    ]);
    let text = migrations.freeze(2).unwrap();
    // What is declared is compared with what the checkpoint makes, so it has to make it.
    migrations.write(listing::SCHEMA, "CREATE TABLE c (d);");
    let sqlite = format!("-- sqlite {}\n", devilmcp_migrate::rusqlite::version());
    for (wrong, reason) in [
        (text.clone(), None),
        (text.replace('\n', "\r\n"), None),
        (format!("\u{feff}{text}"), None),
        (text.replace(&sqlite, "-- sqlite 3.7.15\n"), Some("")),
        (text.replace("checkpoint 2", "checkpoint 1"), Some("it is of another format")),
        (text.replace("TABLE c", "TABLE e"), Some("it is not any more what was written")),
        (text.replace("written by", "written  by"), Some("it is not any more what was written")),
        (text[..text.len() - 1].to_owned(), Some("it is not any more what was written")),
        (text.replace("locked 0002", "locked 0001"), Some("it is not of the migrations that are locked")),
        (format!("<<<<<<< HEAD\n{text}"), Some("it is not any more what was written")),
        (String::new(), Some("it is not any more what was written")),
        (with_body(&text, |body| body.replace("TABLE c", "TABEL c")), Some("SQLite does not make it: near \"TABEL\"")),
        (
            with_body(&text, |body| body.replace("TABLE c", "TABLE _devilmcp_migrations")),
            Some("SQLite does not make it"),
        ),
        (with_body(&text, |body| body.replace("-- 0002_m\n", "")), Some("it is not of the migrations that are locked")),
    ] {
        migrations.write(listing::CHECKPOINT, &wrong);
        let (checked, is_used) = migrations.build();
        assert_eq!(is_used, reason.is_none(), "{wrong}");
        match reason {
            None | Some("") => assert_eq!(said(&checked), "", "{wrong}"),
            Some(reason) => {
                assert!(
                    said(&checked).contains(&format!("the checkpoint is not used: {reason}")),
                    "{}",
                    said(&checked)
                );
            }
        }
        assert!(checked.proof.is_some());
    }
    fs::write(migrations.path().join(listing::CHECKPOINT), b"\xff\xfe\xff").unwrap();
    assert!(!migrations.build().1);
    migrations.write(listing::CHECKPOINT, &text);
    migrations.write("0001_m.down.sql", "DROP TABLE a");
    migrations.lock(2);
    assert!(said(&migrations.build().0).contains("it is not of the migrations that are locked"));
}

#[test]
fn one_that_is_something_else_is_found_by_running_everything() {
    let migrations = Migrations::locked(&["CREATE TABLE a (b); INSERT INTO a VALUES (1), ('two')"]);
    let text = migrations.freeze(1).unwrap();
    for (wrong, line) in [
        (with_body(&text, |body| body.replace("'two'", "'three'")), "(2, 'three')"),
        (with_body(&text, |body| body.replace("(a (b)", "(a (b, c)").replace("a (b);", "a (b, c);")), "a (b, c)"),
        (with_body(&text, |body| body.replace("creates table \"a\"", "creates view \"a\"")), "creates view"),
        (with_body(&text, |body| format!("{body}CREATE TABLE c (d);\n")), "CREATE TABLE c"),
        (with_body(&text, |body| body.split_inclusive("INSERT").next().unwrap().replace("INSERT", "")), "INSERT INTO"),
    ] {
        migrations.write(listing::CHECKPOINT, &wrong);
        let checked = migrations.check(Judged::Unlocked, Trust::Proved);
        let said = said(&checked);
        assert!(checked.proof.is_none() && said.contains("[M028]") && said.contains(line), "{said}");
        assert_eq!(checked.problems.len(), 1, "{said}");
    }
    migrations.write(listing::CHECKPOINT, &with_body(&text, |body| body.replace("'two'", "'three'")));
    // `every_rule_has_a_case` of the UI tests looks for it there: no build shows it.
    insta::assert_snapshot!("found_by_running_everything", said(&migrations.check(Judged::Unlocked, Trust::Proved)));
    let sqlite = format!("-- sqlite {}\n", devilmcp_migrate::rusqlite::version());
    migrations.write(listing::CHECKPOINT, &text.replace(&sqlite, "-- sqlite 3.7.15\n"));
    let told = said(&migrations.check(Judged::Unlocked, Trust::Proved));
    assert!(told.contains("SQLite 3.7.15 has made it"), "{told}");
}

/// A checkpoint serves one version of SQLite and of this crate. With another, the UI case `from_a_checkpoint` would still pass, and
/// show nothing.
#[test]
fn the_checkpoint_of_the_ui_case_is_one_that_is_used() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ui/from_a_checkpoint");
    let checked = check(&directory, "migrations", Judged::Unlocked, Trust::Nothing, Levels::default());
    let scripts = checked.sequence.as_ref().unwrap().scripts();
    let locked = scripts.iter().filter(|script| checked.lock.has(script.number)).count();
    let [text, path] = [freeze(&scripts[..locked]).unwrap(), directory.join(listing::CHECKPOINT).display().to_string()];
    if std::env::var("TRYBUILD").is_ok_and(|wish| wish == "overwrite") {
        fs::write(&path, &text).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap();
    assert!(
        there.contains(&format!("-- sqlite {}\n", devilmcp_migrate::rusqlite::version())),
        "{path} is not of this SQLite: `TRYBUILD=overwrite cargo test -p devilmcp-migrate-tests --test integration \
         the_checkpoint_of_the_ui_case` writes it anew"
    );
    assert_eq!(there, text, "{path} would be written otherwise now; TRYBUILD=overwrite writes it anew");
    assert!(check(&directory, "migrations", Judged::Unlocked, Trust::Taken, Levels::default()).checkpoint.is_some());
}
