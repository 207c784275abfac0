//! What SQLite will keep of an object, told from the statement that makes it. To ask SQLite after each migration costs about
//! as much as the migration.

use std::collections::BTreeSet;

use crate::schema::name::Ident;
use crate::schema::{Key, Kind};
use crate::token::{Token, significant};

/// A row that there will be in `sqlite_schema`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Foretold {
    pub(super) key: Key,
    /// The table that it is on, as the statement spells it; none of a table or a view.
    pub(super) on: Option<Ident>,
    pub(super) sql: String,
}

/// What these statements make; none if that cannot be told, or if SQLite has said that it makes anything else.
pub(super) fn foretell<'a>(
    statements: impl Iterator<Item = &'a str>,
    created: &BTreeSet<String>,
) -> Option<Vec<Foretold>> {
    let mut found = Vec::new();
    for statement in statements.filter(|statement| begins_with_create(statement)) {
        let object = Foretold::of(statement)?;
        if !created.contains(object.key.name.as_str()) {
            return None;
        }
        found.push(object);
    }
    // The index of a constraint has no text.
    let of_constraints = created.iter().filter(|name| name.starts_with("sqlite_autoindex_")).count();
    (found.len() + of_constraints == created.len()).then_some(found)
}

fn begins_with_create(statement: &str) -> bool {
    const WORD: &[u8] = b"CREATE";
    let bytes = statement.as_bytes();
    bytes.len() > WORD.len() && bytes[..WORD.len()].eq_ignore_ascii_case(WORD)
}

impl Foretold {
    /// From its name on, SQLite keeps a statement as it was written. Where it may make nothing, or something else besides, or
    /// in another database, nothing is told.
    fn of(statement: &str) -> Option<Self> {
        let mut tokens = significant(statement);
        tokens.next().filter(|first| first.is("CREATE"))?;
        let (kind, begin) = match tokens.next()? {
            word if word.is("TABLE") => (Kind::Table, "CREATE TABLE "),
            word if word.is("INDEX") => (Kind::Index, "CREATE INDEX "),
            word if word.is("UNIQUE") => {
                tokens.next().filter(|word| word.is("INDEX"))?;
                (Kind::Index, "CREATE UNIQUE INDEX ")
            }
            word if word.is("VIEW") => (Kind::View, "CREATE VIEW "),
            word if word.is("TRIGGER") => (Kind::Trigger, "CREATE TRIGGER "),
            _ => return None,
        };
        let name = tokens.next().filter(|name| !name.is("IF"))?;
        let next = tokens.next()?;
        let is_plain = match kind {
            Kind::Table => next.is_operator("("),
            Kind::Index => next.is("ON"),
            Kind::View | Kind::Trigger => !next.is_operator("."),
        };
        let on = match kind {
            Kind::Table | Kind::View => None,
            Kind::Index => Some(table(&mut tokens)?),
            Kind::Trigger => {
                tokens.find(|token| token.is("ON"))?;
                Some(table(&mut tokens)?)
            }
        };
        let key = Key { kind, name: Ident::from_token(&name)? };
        is_plain.then(|| Self { key, on, sql: format!("{begin}{}", &statement[name.start..]) })
    }
}

/// The table that is named next, if it is named without its database.
fn table<'a>(tokens: &mut impl Iterator<Item = Token<'a>>) -> Option<Ident> {
    let name = tokens.next()?;
    tokens.next().filter(|next| !next.is_operator("."))?;
    Ident::from_token(&name)
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::authorizer::Watch;
    use crate::statement::statements;

    /// What is foretold of a script, beside what SQLite then keeps.
    fn tried(script: &str) -> (Option<Vec<String>>, Vec<String>) {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE old (a, b); CREATE VIEW seen AS SELECT 1 AS a").unwrap();
        let watch = Watch::install(&mut conn).unwrap();
        let ranges = statements(script);
        for range in &ranges {
            watch.preparing(|| conn.execute_batch(&script[range.clone()])).unwrap();
        }
        let touched = watch.take_touched();
        let foretold = foretell(ranges.into_iter().map(|range| &script[range]), &touched.created);
        let shown = |kind: &str, name: &str, sql: &str| format!("{kind} {name}: {sql}");
        let foretold = foretold.map(|found| {
            found.iter().map(|one| shown(one.key.kind.as_str(), one.key.name.as_str(), &one.sql)).collect()
        });
        let query = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND rowid > 2 ORDER BY rowid";
        let mut kept = conn.prepare(query).unwrap();
        let row = |row: &rusqlite::Row<'_>| {
            let [kind, name, sql]: [String; 3] = [row.get(0)?, row.get(1)?, row.get(2)?];
            Ok(shown(&kind, &name, &sql))
        };
        let kept = kept.query_map([], row).unwrap().map(Result::unwrap).collect();
        (foretold, kept)
    }

    #[test]
    fn what_is_foretold_is_what_sqlite_keeps() {
        for script in [
            "CREATE TABLE a (b); create  table\n\"c\"(d TEXT -- why\n, UNIQUE (d)) -- and\n  ;",
            "CREATE TABLE a (b INT PRIMARY KEY) /* so */ WITHOUT ROWID, STRICT;",
            "CREATE TABLE a(b TEXT PRIMARY KEY)WITHOUT ROWID",
            "CREATE TABLE [a b] (\"c\"\"d\" INTEGER REFERENCES old(a)); CREATE TABLE 'quoted' (a);",
            "CREATE INDEX i ON old (a DESC) -- why\n; CREATE UNIQUE /* u */ INDEX \"j\" ON \"old\" (b) WHERE b > 0 ;",
            "CREATE VIEW v (x) AS -- why\n SELECT a FROM old -- end\n ;CREATE VIEW w AS SELECT 1",
            "CREATE TRIGGER t AFTER UPDATE OF a, b ON old BEGIN DELETE FROM old; SELECT ';'; END -- end\n;",
            "CREATE TRIGGER \"on\" INSTEAD OF DELETE ON seen BEGIN SELECT 1; END;",
            "INSERT INTO old VALUES (1, 2); CREATE TABLE a (b); UPDATE old SET a = 3; CREATE INDEX i ON a (b);",
            "CREATE TABLE a (b); -- é\nCREATE TABLE ï (b) ; SELECT 'CREATE TABLE c (d)'",
        ] {
            let (foretold, kept) = tried(script);
            assert_eq!(foretold.as_ref(), Some(&kept), "{script}");
        }
    }

    #[test]
    fn what_may_be_otherwise_is_not_foretold() {
        for script in [
            "CREATE TABLE IF NOT EXISTS a (b)",
            "CREATE TABLE IF NOT EXISTS old (b)",
            "CREATE TABLE main.a (b)",
            "CREATE TABLE a AS SELECT * FROM old",
            "CREATE TABLE a (b INTEGER PRIMARY KEY AUTOINCREMENT)",
            "CREATE TEMP TABLE a (b)",
            "CREATE TEMPORARY VIEW a AS SELECT 1",
            "CREATE TABLE temp.a (b)",
            "CREATE TEMP TABLE old (a); CREATE INDEX i ON old (a)",
            "CREATE VIRTUAL TABLE a USING fts5 (b)",
            "CREATE INDEX main.i ON old (a)",
            "CREATE VIEW main.v AS SELECT 1",
            "CREATE TRIGGER main.t DELETE ON old BEGIN SELECT 1; END",
            "CREATE TRIGGER t DELETE ON main.old BEGIN SELECT 1; END",
            "EXPLAIN CREATE TABLE a (b)",
        ] {
            assert_eq!(tried(script).0, None, "{script}");
        }
    }
}
