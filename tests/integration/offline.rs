//! `sql`: the script does what the program would have done, and the program knows it.

use devilmcp_migrate::rusqlite::Connection;

use crate::authoring::run_with;
use crate::site::Site;
use crate::support::{cells, column, plain_tables, texts};

/// What the history says, but for times.
fn history(conn: &Connection) -> Vec<String> {
    let query = "SELECT version || name || hex(digest) || hex(history) || ifnull(down, '-') || ifnull(app_version, '-') || adopted FROM _devilmcp_migrations ORDER BY 1";
    column(conn, query)
}

fn looks_like(one: &Site, other: &Site) {
    let [one, other] = [one.connect(), other.connect()];
    assert_eq!(texts(&one), texts(&other));
    let all: Vec<_> = plain_tables(&one).into_iter().filter(|(name, _)| name != "_devilmcp_migrations").collect();
    assert_eq!(cells(&one, &all), cells(&other, &all));
    if texts(&one).iter().any(|text| text.contains("_devilmcp_migrations")) {
        assert_eq!(history(&one), history(&other));
    }
}

#[test]
fn a_script_does_what_a_run_does() {
    // 0005 has code of the program's, which does nothing where there are no rows.
    for (from, to) in [("empty", "12"), ("empty", "1"), ("3", "9"), ("12", "4"), ("2", "empty")] {
        let [run, script] = [Site::new(), Site::new()];
        for site in [&run, &script] {
            site.db(&format!("upgrade {}", if from == "empty" { "1" } else { from })).done();
            if from == "empty" {
                site.db("downgrade empty").done();
            }
        }
        let verb = if from == "empty" || from == "3" { "upgrade" } else { "downgrade" };
        let offline = script.db(&format!("sql --from {from} {to}")).done();
        let online = script.db(&format!("sql {to}")).done();
        assert!(online.starts_with(offline.split("COMMIT;").next().unwrap()), "{offline}\n{online}");
        run.db(&format!("{verb} {to}")).done();
        script.connect().execute_batch(&offline).unwrap();
        looks_like(&run, &script);
        assert_eq!(script.db("version").done(), run.db("version").done());
        assert_eq!(script.db("status").code, run.db("status").code);
        // Anywhere else it fails at once.
        let again = script.connect();
        let before = texts(&again);
        assert!(again.execute_batch(&offline).is_err(), "{offline}");
        again.execute_batch("ROLLBACK").unwrap();
        assert_eq!(texts(&again), before);
    }
}

#[test]
fn a_script_of_a_database_adopts_and_tags_it() {
    let [run, script] = [Site::legacy(), Site::legacy()];
    let sql = script.db("sql").done();
    assert!(
        sql.contains("\n-- adopt 0001_initial_schema\n") && sql.contains("\n-- Here the program runs code of its own"),
        "{sql}"
    );
    script.connect().execute_batch(&sql).unwrap();
    run.db("upgrade").done();
    looks_like(&run, &script);
    assert!(script.db("status").done().ends_with("up to date\n"));
    script.db("upgrade").done();
    let tag = "SELECT user_version FROM pragma_user_version";
    let tagged: i64 = script.connect().query_row(tag, [], |row| row.get(0)).unwrap();
    assert!(tagged != 0);
    assert_eq!(script.db("sql").done(), "-- nothing to do: the database is at 0012_file_hashes\n");
    let answer = script.db("sql 11 --json").json(0);
    assert_eq!(answer["steps"][0]["action"], "revert");
    assert!(answer["sql"].as_str().unwrap().contains("DROP TABLE file_hashes"), "{answer}");
    assert_eq!(script.db("sql --from 99").code, 2);
}

#[test]
fn what_runs_in_several_parts_is_written_in_several() {
    let made = tempfile::tempdir().unwrap();
    let directory = made.path().join("migrations");
    std::fs::create_dir(&directory).unwrap();
    let write = |name: &str, text: &str| std::fs::write(directory.join(name), text).unwrap();
    write(
        "0001_a.sql",
        "CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT); INSERT INTO a VALUES (1, 'x'), (2, 'y') -- two",
    );
    write("0001_a.down.sql", "DROP TABLE a;");
    write(
        "0002_less.sql",
        "-- migrate: foreign_keys(on)\nCREATE TABLE b (a INTEGER REFERENCES a ON DELETE CASCADE);\nCREATE INDEX b_a ON b (a);\n",
    );
    write("0002_less.down.sql", "DROP TABLE b;");
    write("0003_compact.sql", "-- migrate: no_transaction\nVACUUM");
    write("0003_compact.down.sql", "-- nothing\n");
    write("0004_c.sql", "CREATE TABLE c (d);\n");
    write("0004_c.down.sql", "DROP TABLE c;\n");
    let run = |call: &[&str]| run_with(made.path(), call);
    let sql = run(&["sql"]).done();
    assert_eq!(sql.matches("BEGIN IMMEDIATE;\n").count(), 4, "{sql}");
    let conn = Connection::open(made.path().join("a.db")).unwrap();
    conn.execute_batch(&sql).unwrap();
    let status = run(&["status", "--database", "a.db", "--dir", "migrations"]).done();
    assert!(status.ends_with("up to date\n"), "{status}");
    conn.execute_batch(&run(&["sql", "empty", "--database", "a.db"]).done()).unwrap();
    assert_eq!(texts(&conn), [""; 0]);
    assert!(run(&["stamp", "4", "--database", "a.db"]).refused().contains("`a` is missing"));
}
