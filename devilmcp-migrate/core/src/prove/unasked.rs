//! The catalog where what statements make is foretold, and SQLite is asked once, in the end, whether it is so.

use rusqlite::Connection;

use super::catalog::Catalog;
use super::delta::{Change, Effect};
use super::entry::Entry;
use super::foretold::{Foretold, foretell, widened};
use crate::authorizer::Touched;
use crate::schema::{Key, Kind, Schema, is_internal};

impl Catalog {
    /// Takes in what these statements have done, and says what that is, without asking SQLite for it where that can be foretold. Whoever goes by
    /// what is in here has to see that it [`agrees`](Self::agrees) with SQLite.
    pub(super) fn follow_statements<'a>(
        &mut self,
        conn: &Connection,
        touched: &Touched,
        statements: impl Iterator<Item = &'a str>,
    ) -> rusqlite::Result<Vec<Change>> {
        let has_changed = !(touched.created.is_empty() && touched.altered.is_empty());
        let foretold = if has_changed && !self.is_asking { foretell(statements, touched) } else { None };
        match foretold.and_then(|foretold| self.placed(foretold)) {
            Some(placed) => Ok(self.foresee(placed)),
            None => Ok(self.follow(conn, touched)?.changes(self)),
        }
    }

    /// Takes in what will be there, and says what that changes.
    fn foresee(&mut self, placed: Vec<(Key, Entry)>) -> Vec<Change> {
        self.is_foretold = true;
        let mut changes = Vec::with_capacity(placed.len());
        for (key, entry) in placed {
            let effect = if self.place(&key, entry).is_some() { Effect::Changes } else { Effect::Creates };
            if !is_internal(key.name.as_str()) {
                changes.push(Change { key, effect });
            }
        }
        if changes.len() > 1 {
            changes.sort_by(|one, other| one.key.cmp(&other.key));
        }
        changes
    }

    /// The rows that there will be, with the tables that they are on spelled as SQLite spells them: as they were when they were
    /// made.
    fn placed(&self, foretold: Vec<Foretold<'_>>) -> Option<Vec<(Key, Entry)>> {
        let mut placed: Vec<(Key, Entry)> = Vec::with_capacity(foretold.len());
        for foretold in foretold {
            let (key, on, sql) = match foretold {
                Foretold::Made { key, on, sql } => (key, on, sql),
                Foretold::Widened { table: name, column } => {
                    let key = Key { kind: Kind::Table, name };
                    if let Some((_, entry)) = placed.iter_mut().find(|(placed, _)| *placed == key) {
                        *entry = Entry::new(entry.table.clone(), &widened(&entry.sql, column)?);
                    } else {
                        let (key, entry) = self.entries.get_key_value(&key)?;
                        placed.push((key.clone(), Entry::new(entry.table.clone(), &widened(&entry.sql, column)?)));
                    }
                    continue;
                }
            };
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
