//! What the SQLite of this process is too old for, found before anything is begun.

use devilmcp_migrate_core::feature::{Feature, Version};
use devilmcp_migrate_core::position::line_and_column;
use devilmcp_migrate_core::statement::statements;

use crate::embedded::Embedded;
use crate::error::{Error, Inner};
use crate::order::Order;
use crate::plan::{Action, Plan, Step};

/// Refuses a plan with a statement that the SQLite of this process does not know, by what the statement says. Functions are not looked
/// for, because the application may have brought its own.
pub(crate) fn check(plan: &Plan, order: Order<'_>) -> Result<(), Error> {
    let here = order.options.sqlite.unwrap_or_else(Version::linked);
    plan.steps.iter().filter(|step| may_be(step, order.embedded, here)).try_for_each(|step| step_check(step, here))
}

/// What was run for the compiler by an SQLite that is no newer needs no look. Of a way back that the database keeps, nobody knows.
fn may_be(step: &Step, embedded: &Embedded, here: Version) -> bool {
    step.action == Action::Revert || Version::parse(embedded.sqlite).is_none_or(|proved| proved > here)
}

fn step_check(step: &Step, here: Version) -> Result<(), Error> {
    for range in statements(&step.sql) {
        let newer = |feature: &&Feature| feature.since > here && !feature.is_function();
        let needed = Feature::all_in(&step.sql[range.clone()]).filter(newer).max_by_key(|feature| feature.since);
        if let Some(Feature { name, since, .. }) = needed {
            let (line, column) = line_and_column(&step.sql, range.start);
            let (direction, migration) = (step.direction(), step.label());
            return Err(Inner::TooOld { direction, migration, line, column, name, since: *since, here }.into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use devilmcp_migrate_core::digest::Digest;
    use devilmcp_migrate_core::migration::Migration;
    use devilmcp_migrate_core::mode::Mode;
    use devilmcp_migrate_core::packed::Literals;
    use devilmcp_migrate_core::standing::Standing;
    use rusqlite::Connection;

    use super::*;
    use crate::embedded::{Adoption, UserVersion};
    use crate::order::Options;
    use crate::plan::Goal;
    use crate::{ErrorKind, ledger, run};

    const FIRST: &str = "CREATE TABLE t (a INTEGER);";
    const SECOND: &str = "-- by hand\nCREATE INDEX i ON t (a);\n  ALTER TABLE t ALTER COLUMN a SET NOT NULL;";

    /// A program of two migrations: the first runs anywhere, and outside of a transaction, so what is begun would stay.
    fn program(sqlite: &'static str) -> Embedded {
        let each = [("first", FIRST, Mode::Alone), ("second", SECOND, Mode::Plain)];
        let mut history = Digest::EMPTY;
        let migrations = (1..).zip(each).map(|(number, (name, up, mode))| {
            let digest = Digest::of_text(up);
            history = Digest::of_text(&format!("{history:?}{number}"));
            Migration { number, name, up, down: None, digest, standing: Standing::Draft, mode }
        });
        Embedded {
            migrations: Box::leak(Box::new(Literals::of(migrations).unwrap().leak())),
            past: &[],
            head: Digest::EMPTY,
            fingerprint: Digest::EMPTY,
            adoption: Adoption { baseline: false, revisions: &[] },
            summary: None,
            sqlite,
            table: ledger::DEFAULT,
            user_version: UserVersion::Migrations,
            app_version: None,
            watched: None,
        }
    }

    #[test]
    fn nothing_is_begun_of_what_this_sqlite_is_too_old_for() {
        let embedded = program("3.53.1");
        let options = Options { sqlite: Some(Version(40)), ..Options::default() };
        let mut conn = Connection::open_in_memory().unwrap();
        let order = Order { embedded: &embedded, options: &options, goal: Goal::Upgrade(2) };
        let refused = run::run(&mut conn, order).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::SqliteTooOld);
        assert_eq!(
            refused.to_string(),
            "migration 0002_second needs SQLite 3.53 or newer, and this program has 3.40, so nothing was begun: line 3, column 3 \
             has ALTER TABLE that adds or drops NOT NULL and CHECK; link a newer one, or let the feature `bundled` bring it"
        );
        assert_eq!(run::planned(&conn, order).unwrap_err().kind(), ErrorKind::SqliteTooOld);
        let count: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        assert_eq!(count, 0);
        // As far as it can, it goes.
        assert!(run::planned(&conn, Order { goal: Goal::Upgrade(1), ..order }).is_ok());
    }

    #[test]
    fn what_was_proved_by_one_that_is_no_newer_is_not_looked_at() {
        let step = |action, sql: &'static str| Step {
            number: 1,
            name: Cow::Borrowed("a"),
            action,
            sql: Cow::Borrowed(sql),
            standing: Standing::Draft,
            mode: Mode::Plain,
            has_hooks: false,
        };
        let is_refused = |action, sql, proved, here| {
            let options = Options { sqlite: Some(Version(here)), ..Options::default() };
            let embedded = program(proved);
            let order = Order { embedded: &embedded, options: &options, goal: Goal::Upgrade(1) };
            check(&Plan { current: 0, steps: vec![step(action, sql)] }, order).is_err()
        };
        let native = "ALTER TABLE t ALTER COLUMN a SET NOT NULL";
        assert!(is_refused(Action::Apply, native, "3.53.1", 52));
        assert!(!is_refused(Action::Apply, native, "3.40.1", 40), "it has run there");
        assert!(
            is_refused(Action::Revert, native, "3.40.1", 40),
            "a database may keep what a newer program has written"
        );
        assert!(is_refused(Action::Apply, native, "", 40), "nobody knows where it has run");
        assert!(!is_refused(Action::Apply, native, "3.53.1", 53));
        assert!(!is_refused(Action::Apply, "SELECT unhex('00')", "3.53.1", 40), "the application may have one");
    }
}
