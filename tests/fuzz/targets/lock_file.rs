//! A lock file is understood to the letter, or not at all.

use devilmcp_migrate_core::lockfile::Lock;
use devilmcp_migrate_core::name::Number;
use devilmcp_migrate_core::problem::{Place, Problems};
use devilmcp_migrate_core::source::SourceFile;

pub(super) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let file = SourceFile::new("migrations/migrations.lock", text.to_owned());
    let mut problems = Problems::new();
    let lock = Lock::read(&file, &mut problems);
    let problems = problems.finish();
    for problem in &problems {
        let Place::Text(label) = &problem.place else { panic!("{problem:?} has no place") };
        assert!(file.text.get(label.range.clone()).is_some(), "{problem:?}");
    }
    let first = Number::new(1).filter(|first| lock.has(*first));
    assert!(problems.is_empty() || first.is_none(), "nothing is taken from a file that is not understood");
}
