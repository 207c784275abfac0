//! `stamp`: the history says what a database is, and nothing is run.

use serde_json::json;

use crate::site::Site;
use crate::support::{cells, plain_tables, texts};

/// A database that somebody has brought to a version by other means: without a history.
fn unrecorded(version: &str) -> Site {
    let site = Site::new();
    site.db(&format!("upgrade {version}")).done();
    site.connect().execute_batch("DROP TABLE _devilmcp_migrations; PRAGMA user_version = 0").unwrap();
    site
}

#[test]
fn what_is_there_counts_as_applied_and_nothing_is_run() {
    let site = unrecorded("7");
    site.connect().execute_batch("INSERT INTO tasks (title) VALUES ('one')").unwrap();
    let (before, tables) = (texts(&site.connect()), plain_tables(&site.connect()));
    let rows = cells(&site.connect(), &tables);
    let dry = site.db("stamp memories_recall_count --dry-run").done_with(3);
    assert!(
        dry.ends_with("dry run: nothing was changed; afterwards, the database is at 0007_memories_recall_count\n"),
        "{dry}"
    );
    assert_eq!(site.db("version").done(), "none\n");
    let said = site.db("stamp 7").done();
    assert!(said.contains("\n0001     initial_schema               recorded\n"), "{said}");
    assert!(said.ends_with("nothing was run; the database is at 0007_memories_recall_count\n"), "{said}");
    let after: Vec<String> = texts(&site.connect()).into_iter().filter(|text| !text.contains("_devilmcp")).collect();
    assert_eq!((after, cells(&site.connect(), &tables)), (before, rows));
    assert_eq!(site.db("stamp 7").done(), "nothing to record: the database is at 0007_memories_recall_count\n");
    // What comes after it is applied as ever.
    assert!(site.db("upgrade").done().ends_with("the database is at 0012_file_hashes\n"));
    assert_eq!(site.db("check").code, 0);
    // What was there before is not undone without insistence.
    site.db("downgrade 7").done();
    assert!(site.db("downgrade 6").refused().contains("was adopted"));
    site.db("downgrade 6 --force").done();
}

#[test]
fn a_structure_that_is_another_is_not_recorded_unless_it_is_asked() {
    let site = unrecorded("7");
    let before = std::fs::read(site.database()).unwrap();
    for (version, difference) in [
        ("6", "table `memories`: column `recall_count` is not expected"),
        ("8", "table `memory_relationships` is missing"),
        ("12", "is missing"),
    ] {
        let refused = site.db(&format!("stamp {version}")).refused();
        assert!(refused.starts_with("error: the schema is not that of a database after 00"), "{refused}");
        assert!(refused.contains(difference), "{refused}");
        assert_eq!(site.db(&format!("stamp {version} --json")).json(1)["error"]["kind"], "Drift");
    }
    assert!(std::fs::read(site.database()).unwrap() == before);
    let said = site.db("stamp 8 --force").done();
    assert!(
        said.contains("the schema is not what the migrations make:\n  ")
            && said.contains("`memory_relationships` is missing"),
        "{said}"
    );
    assert_eq!(site.db("status").code, 3);
    let back = site.db("stamp 7 --json").json(0);
    assert_eq!(back["forgotten"], json!([{ "version": 8, "name": "memory_relationships" }]));
    assert_eq!((&back["from"], &back["to"], &back["drift"]), (&json!(8), &json!(7), &json!([])));
    assert_eq!(site.db("check").code, 0);
}

#[test]
fn what_is_gone_is_forgotten() {
    let site = Site::new();
    site.db("upgrade").done();
    let refused = site.db("stamp empty").refused();
    assert!(refused.starts_with("error: the schema is not that of a database before the first migration"), "{refused}");
    site.connect().execute_batch("DROP TABLE file_hashes").unwrap();
    site.db("stamp 11").done();
    assert_eq!(site.db("status --json").json(3)["pending"][0]["name"], "file_hashes");
    assert!(site.db("upgrade").done().ends_with("the database is at 0012_file_hashes\n"));
    assert_eq!(site.db("check").code, 0);
    site.db("stamp empty --force").done();
    assert_eq!(site.db("version").done(), "none\n");
    assert!(!texts(&site.connect()).iter().any(|text| text.contains("_devilmcp")));
    // It can be taken for what it is again.
    site.db("stamp 12").done();
    assert!(site.db("status").done().ends_with("up to date\n"));
}

#[test]
fn a_history_that_is_another_is_not_written_over() {
    let site = Site::new();
    site.db("upgrade 3").done();
    site.connect().execute_batch("UPDATE _devilmcp_migrations SET name = 'other' WHERE version = 3").unwrap();
    assert!(site.db("stamp 5 --force").refused().contains("digests do not add up"));
    assert_eq!(Site::new().db("stamp 5 --force").refused().lines().count(), 1);
    assert_eq!(site.db("stamp 99").code, 2);
}
