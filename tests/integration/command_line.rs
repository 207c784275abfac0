//! The embedded command line, as the example program has it: what is printed where, and how it ends.

use std::fs;
use std::process::Stdio;

use devilmcp_migrate::rusqlite::{Connection, params};
use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::name::Number;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::authoring::run;
use crate::site::Site;
use crate::support::column;

#[test]
fn looking_at_a_database_that_is_not_there_does_not_make_it() {
    for (verb, code) in
        [("version", 0), ("status", 3), ("upgrade --dry-run", 3), ("downgrade empty", 0), ("downgrade 3", 1)]
    {
        let site = Site::new();
        assert_eq!(site.db(verb).code, code, "{verb}");
        assert!(!site.storage().exists(), "{verb}");
    }
}

#[test]
fn an_upgrade_says_what_it_did_and_the_next_that_there_is_nothing_to_do() {
    let site = Site::new();
    let first = site.db("upgrade 2").done();
    let lines: Vec<&str> = first.lines().collect();
    assert!(lines[1].starts_with("0001     initial_schema       applied  ") && lines[1].ends_with(" ms"), "{first}");
    assert_eq!(lines[3..], ["the database is at 0002_performance_indexes"]);
    assert_eq!(site.db("upgrade 2").done(), "nothing to do: the database is at 0002_performance_indexes\n");
    assert_eq!(site.db("downgrade 2").done(), "nothing to do: the database is at 0002_performance_indexes\n");
    assert_eq!(site.db("version").done(), "0002_performance_indexes\n");
}

#[test]
fn what_version_prints_is_a_version_to_go_to() {
    let site = Site::new();
    site.db("upgrade memories_fts").done();
    let version = site.db("version").done();
    site.db("upgrade").done();
    site.db(&format!("downgrade {version}")).done();
    assert_eq!(site.db("version").done(), version);
    site.db("downgrade empty").done();
    assert_eq!(site.db("version").done(), "none\n");
}

#[test]
fn a_dry_run_says_that_a_legacy_database_would_be_adopted() {
    let site = Site::legacy();
    let before = fs::read(site.database()).unwrap();
    let run = site.db("upgrade --dry-run 0003_memories_fts");
    assert_eq!((run.code, run.stderr.as_str()), (3, ""));
    assert_snapshot!(run.stdout, @r"
    VERSION  NAME                 WOULD
    0001     initial_schema       adopt
    0002     performance_indexes  apply
    0003     memories_fts         apply
    adopt: the database was there before 0001_initial_schema; what is missing is made, and all rows stay
    dry run: nothing was changed; afterwards, the database is at 0003_memories_fts
    ");
    assert!(fs::read(site.database()).unwrap() == before, "a dry run has changed the file");
}

#[test]
fn an_upgrade_runs_what_the_program_adds_and_a_dry_run_says_so() {
    let site = Site::new();
    site.db("upgrade 4").done();
    let here = std::env::current_dir().unwrap();
    let memories = [here.join("src/lib.rs").display().to_string(), "/elsewhere/main.rs".to_owned()];
    for path in &memories {
        let insert = "INSERT INTO memories (category, content, file_path) VALUES ('fact', 'a', ?1)";
        site.connect().execute(insert, [path]).unwrap();
    }
    let said = site.db("upgrade 5 --dry-run").done_with(3);
    assert!(said.contains("0005     memories_file_path_relative  apply, with code of the program's\n"), "{said}");
    assert_eq!(site.db("upgrade --dry-run --json").json(3)["steps"][0]["hooks"], true);
    site.db("upgrade").done();
    let relative = "SELECT ifnull(file_path_relative, '-') FROM memories ORDER BY id";
    assert_eq!(column(&site.connect(), relative), ["src/lib.rs", "-"]);
}

#[test]
fn going_below_an_adopted_baseline_takes_force() {
    let site = Site::legacy();
    site.db("upgrade").done();
    assert!(site.db("downgrade empty").refused().contains("0001_initial_schema"));
    site.db("downgrade empty --force").done();
    assert_eq!(site.db("version").done(), "none\n");
}

#[test]
fn a_refusal_names_every_difference_on_its_own_line() {
    let site = Site::new();
    let contradiction =
        "CREATE TABLE file_edges (a); CREATE VIEW memories AS SELECT 1; CREATE TABLE rules (id INTEGER);";
    site.connect().execute_batch(contradiction).unwrap();
    let message = site.db("upgrade").refused();
    assert_eq!(message, site.db("upgrade --dry-run").refused());
    assert!(message.starts_with("error: the database existed before and is not what 0001_initial_schema makes:\n"));
    assert!(message.lines().any(|line| line == "  `memories` is a view, expected a table"), "{message}");
    assert!(message.lines().skip(1).all(|line| line.starts_with("  ") && line.len() < 120), "{message}");

    let status = site.db("status");
    assert_eq!((status.code, status.stderr.as_str()), (3, ""));
    let would = format!("an upgrade would be refused: {}", message.strip_prefix("error: ").unwrap());
    assert_eq!(status.stdout, would);

    let details = site.db("upgrade --json").json(1)["error"]["details"].as_array().unwrap().len();
    assert_eq!(details, message.lines().count() - 1);
    assert_eq!(site.db("status --json").json(3)["refusal"]["kind"], "Contradiction");
}

#[test]
fn drift_is_named_and_has_its_own_exit_code() {
    let site = Site::new();
    site.db("upgrade").done();
    assert!(site.db("status").done().ends_with("\nup to date\n"));
    let drift = "DROP INDEX ix_tasks_status; ALTER TABLE tasks ADD COLUMN extra TEXT";
    site.connect().execute_batch(drift).unwrap();

    let status = site.db("status");
    assert_eq!(status.code, 3);
    assert_snapshot!(status.stdout.lines().skip(13).collect::<Vec<_>>().join("\n"), @r"
    no migration is pending
    the schema is not what the migrations make:
      table `tasks`: column `extra` is not expected
      index `ix_tasks_status` is missing
    ");
    let status = site.db("status --json").json(3);
    let column = json!({
        "object": "table", "name": "tasks", "column": "extra", "expected": null, "found": "TEXT",
        "message": "table `tasks`: column `extra` is not expected",
    });
    let index = json!({
        "object": "index", "name": "ix_tasks_status", "column": null, "expected": "INDEX ON tasks (status)", "found": null,
        "message": "index `ix_tasks_status` is missing",
    });
    assert_eq!(status["drift"], json!([column, index]));
    assert_eq!(status["is_latest"], true);
}

#[test]
fn what_is_done_about_drift_is_for_the_caller_to_say() {
    let site = Site::new();
    site.db("upgrade 11").done();
    site.connect().execute_batch("CREATE INDEX by_hand ON tasks (id)").unwrap();
    for verb in ["upgrade --drift refuse", "downgrade 10 --drift=refuse", "upgrade --dry-run --drift refuse"] {
        let message = site.db(verb).refused();
        assert!(message.ends_with(":\n  index `by_hand` is not expected\n"), "{verb}: {message}");
    }
    assert_eq!(site.db("version").done(), "0011_project_links\n");
    let ignored = site.db("upgrade --drift ignore").done();
    assert!(ignored.ends_with("the database is at 0012_file_hashes\n"), "{ignored}");
    let reported = site.db("downgrade 11").done();
    assert!(reported.ends_with("  index `by_hand` is not expected\n"), "{reported}");
    let again = site.db("upgrade --drift report").done();
    assert!(again.ends_with("  index `by_hand` is not expected\n"), "{again}");
}

#[test]
fn what_is_done_about_a_newer_database_is_for_the_caller_to_say() {
    let site = Site::new();
    site.db("upgrade").done();
    applied_by_a_newer_program(&site.connect(), "later", "SELECT 1");
    let refused = site.db("upgrade").refused();
    assert_eq!(refused, site.db("upgrade --newer refuse").refused());
    let accepted = site.db("upgrade --newer accept");
    let said = "nothing to do: the database is at 0013\na newer program has migrated it, and it is left as it is\n";
    assert_eq!(accepted.done(), said);
    assert_eq!(site.db("upgrade --newer accept --json").json(0)["newer"], true);
    let taken_back = site.db("upgrade --newer downgrade").done();
    assert!(taken_back.contains(" reverted ") && taken_back.ends_with("at 0012_file_hashes\n"), "{taken_back}");
    let wrong = site.db("upgrade --newer accpt");
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.stderr.contains("'accept'") && wrong.stderr.contains("refuse, accept, downgrade"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn what_was_interrupted_outside_of_a_transaction_is_resolved() {
    let site = Site::new();
    site.db("upgrade").done();
    assert!(site.db("resolve --applied").refused().contains("there is no migration to resolve"));
    // As if 0012 were such a migration, and its process had died.
    site.connect()
        .execute_batch(
            "CREATE TABLE _devilmcp_migrations_claim AS SELECT x'00' AS token, 'apply' AS action, 4711 AS process,
                 '2026-01-01T00:00:00.000Z' AS since, version, name, digest, history, down, app_version
                 FROM _devilmcp_migrations WHERE version = 12;
             DELETE FROM _devilmcp_migrations WHERE version = 12;",
        )
        .unwrap();
    let status = site.db("status");
    assert_eq!(status.code, 3);
    let would = "an upgrade would be refused: 0012_file_hashes was begun outside of a transaction by process 4711";
    assert!(status.stdout.lines().any(|line| line.starts_with(would)), "{}", status.stdout);
    let claim = &site.db("status --json").json(3)["claim"];
    assert_eq!((&claim["version"], &claim["action"], &claim["process"]), (&json!(12), &json!("apply"), &json!(4711)));

    for verb in ["resolve", "resolve --applied --not-applied"] {
        let refused = site.db(verb);
        assert_eq!(refused.code, 2, "{verb}");
        assert!(refused.stderr.contains("<--applied|--not-applied>"), "{}", refused.stderr);
    }
    assert_eq!(site.db("resolve --applied").done(), "resolved: the database is at 0012_file_hashes\n");
    assert!(site.db("status").done().ends_with("\nup to date\n"));
}

#[test]
fn every_verb_answers_in_json() {
    let site = Site::new();
    assert_eq!(site.db("version --json").json(0), json!({ "version": null, "name": null, "latest": 12 }));
    let plan = site.db("upgrade 1 --dry-run --json").json(3);
    let step = json!({ "version": 1, "name": "initial_schema", "action": "apply", "hooks": false });
    let segment = json!({ "versions": [1], "atomic": true, "foreign_keys": false });
    assert_eq!(plan, json!({ "from": null, "steps": [step], "segments": [segment] }));

    let report = site.db("upgrade --json").json(0);
    assert_eq!((&report["from"], &report["to"]), (&Value::Null, &json!(12)));
    assert_eq!(report["done"][11]["action"], "applied");
    assert!(report["done"][11]["duration_us"].is_u64());

    let status = site.db("status --json").json(0);
    assert_eq!(
        (&status["is_latest"], &status["pending"], &status["refusal"]),
        (&json!(true), &json!([]), &Value::Null)
    );
    assert_eq!(status["applied"][0]["name"], "initial_schema");

    let report = site.db("downgrade 11 --json").json(0);
    assert_eq!(report["done"][0]["action"], "reverted");
    assert_eq!(site.db("status --json").json(3)["pending"][0]["version"], 12);
    assert_eq!(site.db("upgrade 99 --json").json(2)["error"]["kind"], "UnknownVersion");
    assert_eq!(site.db("upgrade 3 --json").json(1)["error"]["kind"], "WrongDirection");
}

#[test]
fn a_wrong_call_is_told_what_would_be_right() {
    let site = Site::new();
    for verb in ["upgrade 13", "downgrade 0", "upgrade 12_file_hashes", "downgrade --dry-run nowhere"] {
        let run = site.db(verb);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{verb}");
        assert!(run.stderr.contains("there are 0001_initial_schema to 0012_file_hashes"), "{}", run.stderr);
    }
    for verb in ["", "downgrade", "migrate", "upgrade --fast"] {
        let run = site.db(verb);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{verb}");
        assert!(run.stderr.contains("Usage: devilmcp db"), "{}", run.stderr);
    }
}

#[test]
fn what_is_no_database_is_refused_and_left_alone() {
    let site = Site::new();
    fs::create_dir_all(site.database()).unwrap();
    for verb in ["version", "status", "upgrade", "downgrade 1"] {
        assert!(site.db(verb).refused().ends_with("devilmcp.db: it is a directory, not a database file\n"));
    }
    fs::remove_dir(site.database()).unwrap();
    let text = "This is a letter, and not a database. ".repeat(40);
    fs::write(site.database(), &text).unwrap();
    for verb in ["version", "status", "upgrade", "upgrade --dry-run", "downgrade 1"] {
        let message = "error: the file is not an SQLite database, or is damaged: file is not a database\n";
        assert_eq!(site.db(verb).refused(), message);
    }
    assert_eq!(fs::read_to_string(site.database()).unwrap(), text);
}

#[test]
fn names_in_a_hostile_file_command_no_terminal() {
    const HOSTILE: &str = "a\u{1b}[2J\u{9b}31m\r\n\u{7}\u{202e}\u{2066}\u{7f}";
    let site = Site::new();
    site.db("upgrade").done();
    let conn = site.connect();
    applied_by_a_newer_program(&conn, HOSTILE, HOSTILE);
    let seen = |verb: &str, code: i32| {
        for verb in [verb.to_owned(), format!("{verb} --json")] {
            let run = site.db(&verb);
            let output = format!("{}{}", run.stdout, run.stderr);
            let obeyed = |letter: char| letter.is_control() && letter != '\n' || "\u{202e}\u{2066}".contains(letter);
            assert!(output.contains("[2J") && !output.contains(obeyed), "{verb}: {output:?}");
            assert_eq!(run.code, code, "{verb}: {output}");
        }
    };
    ["version", "downgrade 12 --dry-run"].iter().zip([0, 3]).for_each(|(verb, code)| seen(verb, code));
    ["status", "upgrade", "downgrade 11"].iter().zip([3, 1, 1]).for_each(|(verb, code)| seen(verb, code));

    conn.execute("DELETE FROM _devilmcp_migrations WHERE version = 13", []).unwrap();
    conn.execute_batch(&format!("ALTER TABLE tasks ADD COLUMN \"{HOSTILE}\"; CREATE TABLE \"{HOSTILE}\" (a)")).unwrap();
    ["status", "upgrade"].iter().zip([3, 0]).for_each(|(verb, code)| seen(verb, code));
}

#[test]
fn a_pipe_gets_no_colour_and_may_close_early() {
    let site = Site::new();
    for colour in ["", "1"] {
        let output = site.command("status").env("NO_COLOR", colour).env("CLICOLOR_FORCE", "1").output().unwrap();
        assert!(!output.stdout.contains(&0x1b));
    }
    let mut child = site.command("upgrade").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
    assert_eq!(site.db("version").done(), "0012_file_hashes\n");
}

#[test]
fn help_is_worth_reading() {
    let site = Site::new();
    let verbs = [
        "",
        "version ",
        "upgrade ",
        "downgrade ",
        "resolve ",
        "restore ",
        "status ",
        "history ",
        "check ",
        "schema ",
        "stamp ",
        "sql ",
    ];
    let help = verbs
        .map(|verb| format!("$ devilmcp db {verb}--help\n{}", site.db(&format!("{verb}--help")).done()))
        .join("\n");
    assert_snapshot!(help);
}

#[test]
fn so_is_that_of_the_program_for_authors() {
    let folder = tempfile::tempdir().unwrap();
    let help = |verb: &str| {
        format!("$ devilmcp-migrate {verb}--help\n{}", run(folder.path(), &format!("{verb}--help")).done())
    };
    assert_snapshot!(["", "check ", "lock ", "schema ", "upgrade ", "downgrade "].map(help).join("\n"));
}

/// Another migration than the program knows, with a way back.
pub(crate) fn applied_by_a_newer_program(conn: &Connection, text: &str, down: &str) {
    let digest = Digest::of_text(text);
    let last: Vec<u8> =
        conn.query_row("SELECT history FROM _devilmcp_migrations WHERE version = 12", [], |row| row.get(0)).unwrap();
    let history = Digest::from_slice(&last).unwrap().then(Number::new(13).unwrap(), text, digest);
    let insert = "INSERT INTO _devilmcp_migrations VALUES (13, ?1, ?2, ?3, ?4, ?1, 1, ?1, 1, 0)";
    conn.execute(insert, params![text, digest.0, history.0, down]).unwrap();
    // Without its tag the file is read in full.
    conn.pragma_update(None, "user_version", 0).unwrap();
}
