//! The migrations of a directory as those of a program.

use std::path::Path;

use devilmcp_migrate_core::check::{Checked, Judged, Trust};
use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::layout::Layout;
use devilmcp_migrate_core::lint::Levels;
use devilmcp_migrate_core::lockfile::Released;
use devilmcp_migrate_core::migration::Past;
use devilmcp_migrate_core::packed::{Literals, Packed};
use devilmcp_migrate_core::prove;
use devilmcp_migrate_core::revision::Revision;
use devilmcp_migrate_core::script::Script;
use devilmcp_migrate_core::sequence::Sequence;
use serde_json::json;

use super::read_layout;
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::embedded::{Adoption, Embedded, Summary, UserVersion, known};
use crate::ledger;

/// What a program is that holds no migrations: of a database it knows what that keeps.
pub(super) const SOURCELESS: Embedded = Embedded {
    migrations: &Packed::EMPTY,
    past: &[],
    head: Digest::EMPTY,
    fingerprint: Digest::EMPTY,
    adoption: Adoption { baseline: false, revisions: &[] },
    summary: None,
    sqlite: "",
    table: ledger::DEFAULT,
    user_version: UserVersion::Unknown,
    app_version: None,
    watched: None,
};

/// Tries the migrations of a directory as the compiler does, and takes them for those of this program.
pub(super) fn program(layout: Layout, dir: &Path, levels: Levels, output: Output) -> Result<Embedded, Exit> {
    let checked = read_layout(layout, dir, Judged::Unlocked, Trust::Taken, levels, output);
    if let Some(embedded) = embed(&checked) {
        return Ok(embedded);
    }
    if output.is_json() {
        output.document(&json!({ "problems": document::problems(&checked.problems), "error": REFUSED }));
    }
    output.problems(&checked.problems);
    output.error(REFUSED);
    Err(Exit::Failed)
}

const REFUSED: &str = "the migrations do not work, and the database was not touched";

fn embed(checked: &Checked) -> Option<Embedded> {
    let (sequence, proof) = (checked.sequence.as_ref()?, checked.proof.as_ref()?);
    embedded(sequence, proof.fingerprint, proof.summary.as_ref())
}

/// The migrations of a program, and what the schema is after them; none if there is more text than a program can hold.
pub(super) fn embedded(sequence: &Sequence, fingerprint: Digest, summary: Option<&prove::Summary>) -> Option<Embedded> {
    let scripts = sequence.scripts();
    let revisions = scripts.iter().flat_map(|script| {
        script.directives.revisions.iter().map(|Revision { tool, id, checksums }| {
            let checksums = Vec::leak(checksums.iter().map(|checksum| kept(checksum)).collect());
            known(*tool, kept(id), checksums, script.number.get(), kept(&script.up.path))
        })
    });
    Some(Embedded {
        migrations: Box::leak(Box::new(Literals::of(scripts.iter().map(Script::migration))?.leak())),
        past: Vec::leak(scripts.iter().flat_map(|script| &script.stands_for).map(past).collect()),
        head: scripts.last().map_or(Digest::EMPTY, |last| last.history),
        fingerprint,
        adoption: Adoption {
            baseline: scripts.first().is_some_and(|first| first.directives.baseline.is_some()),
            revisions: Vec::leak(revisions.collect()),
        },
        summary: summary.map(|found| Summary { last: found.last.get(), sql: kept(&found.sql) }),
        sqlite: rusqlite::version(),
        table: ledger::DEFAULT,
        user_version: UserVersion::Unknown,
        app_version: None,
        watched: None,
    })
}

fn past(released: &Released) -> Past {
    Past { number: released.number.get(), name: String::leak(released.slug.clone()), digest: released.up }
}

/// The same with its history in another table.
pub(super) fn kept_in(table: &str, embedded: Embedded) -> Embedded {
    if table == ledger::DEFAULT {
        return embedded;
    }
    Embedded { table: kept(table), user_version: UserVersion::Application, ..embedded }
}

/// A program's migrations are there as long as it runs. So are these: they are read once, and then the process ends.
fn kept(text: &str) -> &'static str {
    String::leak(text.to_owned())
}
