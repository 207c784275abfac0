//! `db upgrade --backup` and `db restore`.

use std::path::Path;

use serde_json::{Value, json};

use super::{backups, contents, notes, open};
use crate::authoring::run;
use crate::programs::notes_v3;
use crate::site::Site;

#[test]
fn an_upgrade_says_where_the_backup_is_and_a_restore_puts_it_back() {
    let site = Site::new();
    site.db("upgrade 3 --backup").done();
    let before = contents(&site.connect());
    let said = site.db("upgrade --backup").done();
    let backup = backups(&site.storage()).pop().unwrap();
    assert_eq!(said.lines().last().unwrap(), format!("what it was before is in {}", backup.display()));
    assert!(!site.db("upgrade --backup").done().contains("before is in"), "there was nothing to do");

    let said = site.db(&format!("restore {}", backup.display())).done();
    let saved = backups(&site.storage()).pop().unwrap();
    let expected =
        format!("restored: the database is at 0003_memories_fts\nwhat it was before is in {}\n", saved.display());
    assert_eq!(said, expected);
    assert!(contents(&site.connect()) == before);
    assert_eq!(site.db("version").done(), "0003_memories_fts\n");
}

#[test]
fn flags_say_where_and_how_many() {
    let site = Site::new();
    let folder = site.storage().join("older");
    site.db("upgrade 3").done();
    std::fs::create_dir(&folder).unwrap();
    for verb in ["upgrade", "downgrade 3", "upgrade", "downgrade 3"] {
        site.db(&format!("{verb} --backup-to {} --keep 2", folder.display())).done();
    }
    assert_eq!((backups(&folder).len(), backups(&site.storage()).len()), (2, 0));
    for wrong in ["--backup --backup-to x", "--keep 3", "--backup --keep 0", "--backup --keep all"] {
        assert_eq!(site.db(&format!("upgrade {wrong}")).code, 2, "{wrong}");
    }
    let dry = site.db("upgrade --dry-run --backup");
    assert_eq!((dry.code, backups(&site.storage()).len()), (3, 0));
}

#[test]
fn both_answer_in_json() {
    let site = Site::new();
    assert_eq!(site.db("upgrade 3 --backup --json").json(0)["backup"], Value::Null);
    let report = site.db("upgrade --backup --json").json(0);
    let backup = report["backup"].as_str().unwrap();
    assert_eq!(report["retention_failure"], Value::Null);
    let after = contents(&site.connect());
    let restored = site.db(&format!("restore {backup} --json")).json(0);
    assert_eq!((&restored["version"], &restored["name"]), (&json!(3), &json!("memories_fts")));
    assert!(contents(&open(Path::new(restored["saved"].as_str().unwrap()))) == after);

    assert_eq!(site.db("restore nowhere --json").json(1)["error"]["kind"], "Backup");
    assert_eq!(site.db("upgrade --backup-to nowhere --json").json(1)["error"]["kind"], "Backup");
    assert_eq!(site.db("restore").code, 2);
}

/// Neither the server nor its migrations are at hand, nor, in the end, the database.
#[test]
fn the_program_alone_takes_back_and_puts_back() {
    let database = notes("wal");
    notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let folder = database.path().parent().unwrap().to_owned();
    let before = contents(&database.open());
    run(&folder, "downgrade 1 --backup --database test.db").done();
    let backup = backups(&folder).pop().unwrap();
    for _ in 0..2 {
        let said = run(&folder, &format!("restore {} --database test.db", backup.display())).done();
        assert!(said.starts_with("restored: the database is at 0003_unique_bodies\n"), "{said}");
        assert!(contents(&database.open()) == before);
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.join(format!("test.db{end}")));
        }
    }
    assert_eq!(run(&folder, "restore test.db --database test.db").code, 1);
    assert!(!database.path().exists(), "nothing was made");
}
