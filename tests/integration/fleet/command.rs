//! `upgrade --all`, embedded and by itself.

use std::fs;
use std::path::Path;

use devilmcp_migrate::rusqlite::Connection;
use serde_json::json;

use super::Tenants;
use crate::authoring::run;
use crate::programs::devilmcp;
use crate::site::{Run, Site};

#[test]
fn all_of_a_directory_are_upgraded_and_the_report_adds_up() {
    let tenants = projects(5);
    devilmcp::MIGRATIONS.upgrade(&mut tenants.open(4)).unwrap();
    fs::write(tenants.named("notes.txt"), "").unwrap();
    let said = all(&tenants, "").done();
    let shown = tenants.path().display();
    assert_eq!(
        said,
        format!(
            "5 databases in {shown}: 4 upgraded, 1 already there, 0 failed\n\
             not called like a database, and left alone:\n  {shown}/notes.txt\n"
        )
    );
    let report = all(&tenants, "--json").json(0);
    let expected = json!({
        "all": 5, "upgraded": 0, "unchanged": 5, "failed": 0, "left": 0, "failures": [],
        "skipped": [tenants.named("notes.txt").to_str().unwrap()],
    });
    assert_eq!(report, expected);
}

#[test]
fn each_failure_is_a_line_and_the_rest_is_done() {
    let tenants = projects(4);
    fs::write(tenants.file(1), "Dear diary").unwrap();
    fs::remove_file(tenants.file(2)).unwrap();
    tenants.open(2).execute_batch("CREATE TABLE someone_elses (a)").unwrap();
    let ended = all(&tenants, "--jobs 1");
    let shown = tenants.path().display();
    assert_eq!(
        (ended.code, ended.stdout),
        (1, format!("4 databases in {shown}: 2 upgraded, 0 already there, 2 failed\n"))
    );
    let lines: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    let [one, two] = [1, 2].map(|number| format!("error: {}: ", tenants.file(number).display()));
    assert!(lines[0].starts_with(&format!("{one}the file is not an SQLite database")), "{lines:?}");
    assert!(lines[1].starts_with(&format!("{two}the database is another program's")), "{lines:?}");

    let report = all(&tenants, "--json").json(1);
    assert_eq!((&report["all"], &report["unchanged"], &report["failed"]), (&json!(4), &json!(2), &json!(2)));
    let kinds: Vec<_> =
        report["failures"].as_array().unwrap().iter().map(|failure| &failure["error"]["kind"]).collect();
    assert!(kinds.contains(&&json!("NotADatabase")) && kinds.contains(&&json!("Foreign")), "{report}");
}

#[test]
fn which_are_meant_can_be_said_and_so_can_be_how_and_how_far() {
    let tenants = projects(2);
    fs::create_dir(tenants.named("more")).unwrap();
    Connection::open(tenants.named("more/tenant.data")).unwrap().execute_batch("VACUUM").unwrap();
    let shown = tenants.path().display();
    let count = |options: &str| all(&tenants, options).done().lines().next().unwrap_or_default().to_owned();
    let one = format!("1 database in {shown}: 1 upgraded, 0 already there, 0 failed");
    assert_eq!(count("--pattern *0.db 11"), one);
    assert_eq!(count("--recursive --pattern *.data --jobs 3"), one);
    let both = format!("3 databases in {shown}: 2 upgraded, 1 already there, 0 failed");
    assert_eq!(count("--recursive --pattern *.db --pattern *.data --backup"), both);
    let files = fs::read_dir(tenants.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(files.filter(|name| name.ends_with(".backup")).count(), 1, "one of them had something to keep");
    assert_eq!(count("--pattern x"), format!("0 databases in {shown}: 0 upgraded, 0 already there, 0 failed"));
}

#[test]
fn a_call_that_makes_no_sense_is_refused_and_so_is_a_directory_that_is_not_there() {
    let site = Site::new();
    for call in ["upgrade --jobs 2", "upgrade --recursive", "upgrade --all . --dry-run", "upgrade --all . --jobs 0"] {
        let ended = site.db(call);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{call}: {}", ended.stderr);
    }
    let refused = site.db("upgrade --all nowhere").refused();
    assert!(refused.starts_with("error: cannot read nowhere: "), "{refused}");
    assert_eq!(site.db("upgrade --all nowhere --json").json(1)["error"]["kind"], "Unreadable");
    assert!(!site.database().exists(), "the program's own database is none of theirs");
}

#[test]
fn the_program_that_knows_a_directory_of_migrations_does_it_too() {
    let tenants = Tenants::new(3);
    let call = |rest: &str| {
        let migrations = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/notes_v3");
        run(tenants.path(), &format!("upgrade --dir {migrations} {rest}"))
    };
    assert_eq!(call("--all . 2").done(), "3 databases in .: 3 upgraded, 0 already there, 0 failed\n");
    assert_eq!(call("--all .").done(), "3 databases in .: 3 upgraded, 0 already there, 0 failed\n");
    for wrong in ["", "--all . --database tenant-0000.db"] {
        let ended = call(wrong);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{wrong}: {}", ended.stderr);
    }
}

/// So many projects of the example program, none of them begun.
pub(crate) fn projects(count: usize) -> Tenants {
    let tenants = Tenants::new(0);
    (0..count).for_each(|number| fs::write(tenants.file(number), "").unwrap());
    tenants
}

fn all(tenants: &Tenants, options: &str) -> Run {
    Site::new().db(&call(tenants.path(), options))
}

fn call(path: &Path, options: &str) -> String {
    format!("upgrade --all {} {options}", path.display())
}
