//! What fails, and stops no other.

use std::error::Error as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use devilmcp_migrate::fleet;
use devilmcp_migrate::{Error, ErrorKind};

use super::{Tenants, counts, version};
use crate::programs::{devilmcp, notes_edited, notes_v1, notes_v2, notes_v3};
use crate::support::{database_from_dump, legacy};

#[test]
fn one_that_fails_stops_no_other_and_is_as_it_was() {
    let tenants = Tenants::new(40);
    let spoil: [(usize, ErrorKind); 6] = [
        (3, ErrorKind::NotADatabase),
        (7, ErrorKind::NotADatabase),
        (11, ErrorKind::Newer),
        (19, ErrorKind::Foreign),
        (23, ErrorKind::Edited),
        (29, ErrorKind::Apply),
    ];
    fs::write(tenants.file(3), "Dear diary").unwrap();
    let mut bytes = fs::read(tenants.file(7)).unwrap();
    bytes[100..400].fill(0xa5);
    fs::write(tenants.file(7), bytes).unwrap();
    notes_v3::MIGRATIONS.upgrade(&mut tenants.open(11)).unwrap();
    fs::remove_file(tenants.file(19)).unwrap();
    tenants.open(19).execute_batch("CREATE TABLE thumbnails (id INTEGER PRIMARY KEY, image BLOB)").unwrap();
    fs::remove_file(tenants.file(23)).unwrap();
    notes_edited::MIGRATIONS.upgrade(&mut tenants.open(23)).unwrap();
    tenants.open(29).execute_batch("ALTER TABLE notes ADD COLUMN pinned TEXT").unwrap();
    let before = spoil.map(|(number, _)| fs::read(tenants.file(number)).unwrap());
    let blocker = tenants.open(31);
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();

    let migrator = notes_v2::MIGRATIONS.migrator();
    let upgrade = fleet::upgrade(&migrator).busy_timeout(Duration::from_millis(50));
    let report = upgrade.directory(tenants.path()).unwrap();
    assert_eq!(counts(&report), [33, 0, 7, 0]);
    let mut failed: Vec<_> =
        report.failures().iter().map(|failure| (failure.path().to_owned(), failure.error().kind())).collect();
    failed.sort_by(|(one, _), (other, _)| one.cmp(other));
    let expected = spoil.into_iter().chain([(31, ErrorKind::Locked)]);
    assert_eq!(failed, expected.map(|(number, kind)| (tenants.file(number), kind)).collect::<Vec<_>>());
    for ((number, kind), before) in spoil.into_iter().zip(before) {
        assert!(fs::read(tenants.file(number)).unwrap() == before, "{kind:?}");
    }
    let healthy = (0..40).filter(|number| failed.iter().all(|(path, _)| *path != tenants.file(*number)));
    assert!(healthy.map(|number| version(&tenants.file(number))).all(|version| version == 2));

    drop(blocker);
    assert_eq!(counts(&upgrade.directory(tenants.path()).unwrap()), [1, 33, 6, 0], "again");
}

#[test]
fn a_failure_says_which_and_its_source_says_why() {
    let [foreign, unreadable] = errors();
    assert_eq!((foreign.kind(), unreadable.kind()), (ErrorKind::Foreign, ErrorKind::Unreadable));
    let tenants = Tenants::new(0);
    tenants.open(0).execute_batch("CREATE TABLE a (b)").unwrap();
    let report = fleet::upgrade(&notes_v1::MIGRATIONS.migrator()).files([tenants.file(0)]);
    let failure = &report.failures()[0];
    assert_eq!(failure.to_string(), format!("cannot upgrade {}", tenants.file(0).display()));
    assert_eq!(failure.source().unwrap().to_string(), foreign.to_string());
}

#[test]
fn a_database_that_a_baseline_can_adopt_is_not_foreign() {
    let tenants = Tenants::new(0);
    database_from_dump(&legacy("create_all_nov.sql"), &tenants.file(0));
    tenants.open(1).execute_batch("CREATE TABLE something_else (a)").unwrap();
    let report = fleet::upgrade(&devilmcp::MIGRATIONS.migrator()).directory(tenants.path()).unwrap();
    assert_eq!(counts(&report), [1, 0, 1, 0]);
    assert_eq!(report.failures()[0].path(), tenants.file(1));
    // By itself it is taken for what its caller says that it is.
    notes_v1::MIGRATIONS.upgrade(&mut tenants.open(1)).unwrap();
}

#[test]
fn a_panic_of_the_programs_lets_others_finish_begins_none_and_goes_on() {
    let tenants = Tenants::new(200);
    tenants.open(5).execute_batch("UPDATE notes SET body = 'bad'").unwrap();
    let migrator = notes_v3::MIGRATIONS.migrator().after(notes_v3::Version::V0002AddPinned, |sql| {
        let bad = sql.query_row("SELECT body = 'bad' FROM notes", (), |row| row.get::<_, bool>(0))?;
        assert!(!bad, "a bad note");
        Ok(())
    });
    let upgrade = fleet::upgrade(&migrator);
    let panic = catch_unwind(AssertUnwindSafe(|| upgrade.directory(tenants.path()))).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"a bad note"));
    tenants.open(5).execute_batch("UPDATE notes SET body = 'kept'").unwrap();
    let at: Vec<i64> = (0..200).map(|number| version(&tenants.file(number))).collect();
    assert_eq!(at[5], 1);
    let done = at.iter().filter(|version| **version == 3).count();
    assert!(done < 199 && at.iter().all(|version| [1, 3].contains(version)), "{at:?}");
    assert_eq!(
        counts(&fleet::upgrade(&notes_v3::MIGRATIONS.migrator()).directory(tenants.path()).unwrap()),
        [200 - done, done, 0, 0]
    );
}

/// A database of another program, and a directory that is not there.
pub(crate) fn errors() -> [Error; 2] {
    let tenants = Tenants::new(0);
    tenants.open(0).execute_batch("CREATE TABLE a (b)").unwrap();
    let upgrade = |path| fleet::upgrade(&notes_v1::MIGRATIONS.migrator()).directory(path);
    let foreign = upgrade(tenants.path().to_owned()).unwrap().into_failures().remove(0);
    [foreign.into_error(), upgrade(tenants.named("nowhere")).unwrap_err()]
}
