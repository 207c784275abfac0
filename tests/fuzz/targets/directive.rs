//! The top of a migration: whatever it says is understood, or reported at a place that is in the text.

use devilmcp_migrate_core::directive::Directives;
use devilmcp_migrate_core::problem::{Place, Problems};
use devilmcp_migrate_core::render;
use devilmcp_migrate_core::source::SourceFile;

pub(super) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let file = SourceFile::new("migrations/0001_a.sql", text.to_owned());
    let mut problems = Problems::new();
    let _ = Directives::read(&file, &mut problems);
    Directives::forbid(&file, &mut problems);
    for problem in problems.finish() {
        if let Place::Text(label) = &problem.place {
            assert!(file.text.get(label.range.clone()).is_some(), "{problem:?}");
        }
        assert!(render::plain(&problem).contains(problem.rule.code));
    }
}
