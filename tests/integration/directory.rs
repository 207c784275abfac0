//! The migrations of a directory as those of a program, without a compiler.

use std::fmt;
use std::path::Path;

use devilmcp_migrate::__private::v0::{Adoption, Embedded, Summary, UserVersion, migrations, past};
use devilmcp_migrate::{Migrations, Versioned};
use devilmcp_migrate_core::check::{Judged, Trust, check};
use devilmcp_migrate_core::lint::Levels;
use devilmcp_migrate_core::lockfile::Released;
use devilmcp_migrate_core::migration::Past;
use devilmcp_migrate_core::packed::Literals;
use devilmcp_migrate_core::render;
use devilmcp_migrate_core::script::Script;

/// A version of any of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Any(pub(crate) i64);

impl Versioned for Any {
    const ALL: &'static [Self] = &{
        let mut all = [Self(0); 256];
        let (mut at, mut number) = (0, 1);
        while at < all.len() {
            all[at] = Self(number);
            (at, number) = (at + 1, number + 1);
        }
        all
    };

    fn number(self) -> i64 {
        self.0
    }

    fn name(self) -> &'static str {
        "any"
    }
}

impl fmt::Display for Any {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

/// What the macro would make of the directory, which has to work.
pub(crate) fn program(directory: &Path) -> Migrations<Any> {
    let checked = check(directory, "migrations", Judged::Unlocked, Trust::Nothing, Levels::default());
    let said = || checked.problems.iter().map(render::plain).collect::<Vec<_>>().join("\n");
    let proof = checked.proof.as_ref().unwrap_or_else(|| panic!("{}", said()));
    let scripts = checked.sequence.as_ref().unwrap().scripts();
    migrations(Embedded {
        migrations: Box::leak(Box::new(Literals::of(scripts.iter().map(Script::migration)).unwrap().leak())),
        past: Vec::leak(scripts[0].stands_for.iter().map(released).collect()),
        head: scripts.last().unwrap().history,
        fingerprint: proof.fingerprint,
        adoption: Adoption { baseline: scripts[0].directives.baseline.is_some(), revisions: &[] },
        user_version: UserVersion::Migrations,
        summary: proof
            .summary
            .as_ref()
            .map(|summary| Summary { last: summary.last.get(), sql: String::leak(summary.sql.to_string()) }),
        sqlite: devilmcp_migrate::rusqlite::version(),
        table: "_devilmcp_migrations",
        app_version: None,
        watched: None,
    })
}

fn released(Released { number, slug, up, .. }: &Released) -> Past {
    past(number.get(), String::leak(slug.clone()), &up.0)
}
