//! Files that stand for what is locked, and files that do not.

use super::*;
use crate::name::Name;
use crate::problem::Problems;
use crate::prove::freeze;
use crate::sequence::Sequence;
use crate::source::Entry;

/// A file, what is locked, and the changes that are in it.
fn written() -> (String, Lock, Arc<Vec<Vec<Change>>>) {
    let ups =
        ["CREATE TABLE \"a \"\" b\" (c); INSERT INTO \"a \"\" b\" VALUES ('d')", "CREATE INDEX e ON \"a \"\" b\" (c)"];
    let entries = ups.iter().enumerate().map(|(at, up)| {
        let name = format!("{:04}_m.sql", at + 1);
        Entry {
            name: Name::parse(&name).unwrap(),
            file: SourceFile::new(&name, format!("-- migrate: irreversible\n{up}")),
        }
    });
    let mut problems = Problems::new();
    let sequence = Sequence::new(entries.collect(), "migrations", &mut problems).unwrap();
    let changes = crate::prove::replay(&sequence, &mut problems).unwrap().changes;
    assert!(problems.finish().is_empty());
    (freeze(sequence.scripts()).unwrap(), Lock::of(sequence.scripts()), changes)
}

fn read(text: &[u8], lock: &Lock) -> Result<Checkpoint, Unfit> {
    Checkpoint::read(&SourceFile::new("migrations.checkpoint", String::from_utf8_lossy(text).into_owned()), lock)
}

#[test]
fn what_is_written_is_read() {
    let (text, lock, changes) = written();
    let checkpoint = read(text.as_bytes(), &lock).unwrap();
    assert_eq!((checkpoint.last().get(), checkpoint.changes()), (2, &changes));
    assert!(text.ends_with(checkpoint.sql()) && checkpoint.sql().starts_with("CREATE TABLE"), "{text}");
}

#[test]
fn no_byte_can_be_another() {
    let (text, lock, _) = written();
    for at in 0..text.len() {
        for change in [1_u8, 0x20, 0x80] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= change;
            assert!(read(&bytes, &lock).is_err(), "{at} {change}");
        }
        assert!(read(&[&text.as_bytes()[..at], &text.as_bytes()[at + 1..]].concat(), &lock).is_err(), "{at}");
    }
}

#[test]
fn one_of_another_history_does_not_fit() {
    let (text, lock, _) = written();
    assert_eq!(read(text.as_bytes(), &Lock::default()).unwrap_err(), Unfit::Lock);
    assert_eq!(read(text.as_bytes(), &lock.covering_all()).map(|checkpoint| checkpoint.last().get()), Ok(2));
}
