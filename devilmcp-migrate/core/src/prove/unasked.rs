//! The catalog where what statements make is foretold, and SQLite is asked once, in the end, whether it is so.

use rusqlite::Connection;

use super::catalog::Catalog;
use super::delta::Delta;
use super::entry::Entry;
use super::foretold::{Foretold, foretell};
use crate::authorizer::Touched;
use crate::schema::{Key, Kind, Schema};

impl Catalog {
    /// Takes in what these statements have made, without asking SQLite for it where that can be foretold. Whoever goes by
    /// what is in here has to see that it [`agrees`](Self::agrees) with SQLite.
    pub(super) fn follow_statements<'a>(
        &mut self,
        conn: &Connection,
        touched: &Touched,
        statements: impl Iterator<Item = &'a str>,
    ) -> rusqlite::Result<Delta> {
        let Touched { created, altered, dropped, renamed, written: _ } = touched;
        let has_only_made = !created.is_empty() && altered.is_empty() && dropped.is_empty() && !renamed;
        let foretold = if has_only_made && !self.is_asking { foretell(statements, created) } else { None };
        match foretold.and_then(|made| self.placed(made)) {
            Some(made) => {
                self.is_foretold = true;
                let mut delta = Delta::default();
                self.take_in(made.into_iter(), &mut delta);
                Ok(delta)
            }
            None => self.follow(conn, touched),
        }
    }

    /// With the tables that they are on spelled as SQLite spells them: as they were when they were made.
    fn placed(&self, made: Vec<Foretold>) -> Option<Vec<(Key, Entry)>> {
        let mut placed: Vec<(Key, Entry)> = Vec::with_capacity(made.len());
        for Foretold { key, on, sql } in made {
            let table = match on {
                None => key.name.clone(),
                Some(on) => {
                    let new = placed.iter().map(|(key, _)| key).find(|key| is_table(key) && key.name == on);
                    let old = || [Kind::Table, Kind::View].map(|kind| Key { kind, name: on.clone() });
                    let old = || old().iter().find_map(|key| self.entries.get(key));
                    new.map(|key| &key.name).or_else(|| Some(&old()?.table))?.clone()
                }
            };
            placed.push((key, Entry::new(table, &sql)));
        }
        Some(placed)
    }

    /// From now on asks SQLite for everything.
    pub(super) fn ask(&mut self) {
        self.is_asking = true;
    }

    /// Whether what was foretold is what SQLite says, by all rows of its schema, to the letter.
    pub(super) fn agrees(&self, rows: &[(i64, Key, Entry)]) -> bool {
        let is_known = |key: &Key, entry: &Entry| {
            let known = self.entries.get_key_value(key);
            known.is_some_and(|(name, known)| {
                name.name.as_str() == key.name.as_str()
                    && known.table.as_str() == entry.table.as_str()
                    && known.sql == entry.sql
            })
        };
        !self.is_foretold
            || (rows.len() == self.entries.len() && rows.iter().all(|(_, key, entry)| is_known(key, entry)))
    }

    /// The structure that these rows, which are all, are; what was read of them before is not read again.
    pub(super) fn schema(&self, rows: &[(i64, Key, Entry)]) -> Schema {
        Schema::from_objects(rows.iter().map(|(_, key, entry)| {
            let known = self.entries.get(key).filter(|known| known.sql == entry.sql).unwrap_or(entry);
            (key.clone(), &*entry.sql, known.object_once(key.kind))
        }))
    }
}

/// Whether it can have indexes or triggers.
fn is_table(key: &Key) -> bool {
    matches!(key.kind, Kind::Table | Kind::View)
}

#[cfg(test)]
mod tests {
    use super::super::entry::Rows;
    use super::*;
    use crate::authorizer::Watch;

    /// A catalog that was told of `told` where `made` was run.
    fn followed(made: &str, told: &str) -> (Catalog, Vec<(i64, Key, Entry)>) {
        let mut conn = Connection::open_in_memory().unwrap();
        let watch = Watch::install(&mut conn).unwrap();
        watch.preparing(|| conn.execute_batch(made)).unwrap();
        let mut catalog = Catalog::default();
        catalog.follow_statements(&conn, &watch.take_touched(), std::iter::once(told)).unwrap();
        let rows = Rows::all().read(&conn).unwrap();
        (catalog, rows)
    }

    #[test]
    fn what_was_foretold_wrongly_is_found_out() {
        for (told, is_right) in
            [("CREATE TABLE a (b)", true), ("CREATE TABLE a (c)", false), ("CREATE VIEW a AS SELECT 1", false)]
        {
            let (catalog, rows) = followed("CREATE TABLE a (b)", told);
            assert!(catalog.is_foretold, "{told}");
            assert_eq!(catalog.agrees(&rows), is_right, "{told}");
            // What is read in the end is what SQLite has, whatever was foretold.
            assert_eq!(catalog.schema(&rows), Schema::from_rows([("table", "a", "CREATE TABLE a (b)")]));
        }
    }

    #[test]
    fn what_cannot_be_foretold_is_asked_for() {
        let (catalog, rows) = followed("CREATE TABLE a (b)", "CREATE TABLE c (d)");
        assert!(!catalog.is_foretold && catalog.entries.len() == 1 && catalog.agrees(&rows));
    }
}
