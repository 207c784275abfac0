//! What SQLite will keep of an object, told from the statement that makes it. To ask SQLite after each migration costs about
//! as much as the migration.

use crate::authorizer::Touched;

use crate::schema::name::Ident;
use crate::schema::{Key, Kind};
use crate::statement::begins_with;
use crate::token::{self, Token, significant};

/// What a statement does to `sqlite_schema`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Foretold<'a> {
    /// There will be another row.
    Made {
        key: Key,
        /// The table that it is on, as the statement spells it; none of a table or a view.
        on: Option<Ident>,
        sql: String,
    },
    /// A table will have one column more.
    Widened {
        /// As the statement spells it.
        table: Ident,
        /// The definition of the column.
        column: &'a str,
    },
}

/// What these statements do, in order; none if that cannot be told, or if SQLite has said that they do anything else.
pub(super) fn foretell<'a>(statements: impl Iterator<Item = &'a str>, touched: &Touched) -> Option<Vec<Foretold<'a>>> {
    let Touched { created, altered, dropped, renamed, written: _ } = touched;
    if *renamed || !dropped.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    let mut made = 0;
    for statement in statements {
        let foretold = if begins_with(statement, "CREATE") {
            Foretold::made(statement)?
        } else if begins_with(statement, "ALTER") {
            Foretold::widened(statement)?
        } else {
            continue;
        };
        let is_as_said = match &foretold {
            Foretold::Made { key, .. } => created.contains(key.name.as_str()),
            Foretold::Widened { table, .. } => altered.iter().any(|name| name.eq_ignore_ascii_case(table.as_str())),
        };
        if !is_as_said {
            return None;
        }
        made += usize::from(matches!(foretold, Foretold::Made { .. }));
        found.push(foretold);
    }
    // The index of a constraint has no text.
    let of_constraints = created.iter().filter(|name| name.starts_with("sqlite_autoindex_")).count();
    (made + of_constraints == created.len()).then_some(found)
}

/// The text that SQLite makes of that of a table which is given this column: it stands after the other columns, and before
/// what is said of the table. None if that cannot be told.
pub(super) fn widened(sql: &str, column: &str) -> Option<String> {
    let mut tokens = significant(sql).skip_while(|token| !token.is_operator("("));
    tokens.next()?;
    let (mut depth, mut comma) = (0_usize, None);
    for token in tokens {
        let is_of_table = || ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].iter().any(|word| token.is(word));
        let end = match comma.take() {
            Some(comma) if is_of_table() => Some(comma),
            _ if token.kind != token::Kind::Other => None,
            _ if token.text == "(" => {
                depth += 1;
                None
            }
            _ if token.text == ")" && depth == 0 => Some(token.start),
            _ if token.text == ")" => {
                depth -= 1;
                None
            }
            _ => {
                comma = (depth == 0 && token.text == ",").then_some(token.start);
                None
            }
        };
        if let Some(end) = end {
            return Some(format!("{}, {column}{}", &sql[..end], &sql[end..]));
        }
    }
    None
}

impl<'a> Foretold<'a> {
    /// From its name on, SQLite keeps a statement as it was written. Where it may make nothing, or something else besides, or
    /// in another database, nothing is told.
    fn made(statement: &str) -> Option<Self> {
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
        is_plain.then(|| Self::Made { key, on, sql: format!("{begin}{}", &statement[name.start..]) })
    }

    /// Of `ALTER TABLE`, only `ADD COLUMN` can be told: SQLite adds the definition to the text as it was written.
    fn widened(statement: &'a str) -> Option<Self> {
        let mut tokens = significant(statement).skip(1);
        tokens.next().filter(|word| word.is("TABLE"))?;
        let name = tokens.next()?;
        tokens.next().filter(|word| word.is("ADD"))?;
        let mut column = tokens.next()?;
        if column.is("COLUMN") {
            column = tokens.next()?;
        }
        let is_column = !["CONSTRAINT", "CHECK", "IF"].iter().any(|word| column.is(word));
        let table = Ident::from_token(&name)?;
        is_column.then(|| Self::Widened { table, column: &statement[column.start..] })
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

    use super::super::catalog::Catalog;
    use super::super::entry::Rows;
    use crate::authorizer::{Touched, Watch};
    use crate::statement::statements;

    /// Whether what is foretold of a script is what SQLite then keeps; none if nothing is foretold.
    fn tried(script: &str) -> Option<bool> {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(
            "CREATE TABLE old (a, b); CREATE VIEW seen AS SELECT 1 AS a; CREATE INDEX by_a ON old (a);
             CREATE TABLE main.\"o(\"(a TEXT DEFAULT '(,' /* ( */, b CHECK (b IN (1, 2)) -- why\n, \"check\" INT\n  , UNIQUE (a));
             CREATE TABLE keyed (a INT, b INT, CONSTRAINT k PRIMARY KEY (a, b)) WITHOUT ROWID, STRICT",
        )
        .unwrap();
        let watch = Watch::install(&mut conn).unwrap();
        let mut catalog = Catalog::default();
        catalog.follow(&conn, &Touched { renamed: true, ..Touched::default() }).unwrap();
        let ranges = statements(script);
        for range in &ranges {
            watch.preparing(|| conn.execute_batch(&script[range.clone()])).unwrap();
        }
        let texts = ranges.into_iter().map(|range| &script[range]);
        catalog.follow_statements(&conn, &watch.take_touched(), texts).unwrap();
        let rows = Rows::all().read(&conn).unwrap();
        assert!(catalog.agrees(&rows) || catalog.is_foretold);
        catalog.is_foretold.then(|| catalog.agrees(&rows))
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
            "ALTER TABLE old ADD COLUMN c; alter table OLD add d TEXT NOT NULL DEFAULT 'x' -- why\n;",
            "ALTER TABLE \"o(\" ADD COLUMN /* so */ \"c\" INTEGER REFERENCES old (a) -- end\n;",
            "ALTER TABLE keyed ADD COLUMN c INT CHECK (c > 0)",
            "CREATE TABLE a (b, c REFERENCES old); CREATE INDEX i ON a (b); ALTER TABLE a ADD column column; ALTER TABLE A ADD e",
            "ALTER TABLE old ADD é TEXT DEFAULT 'ü'; UPDATE old SET é = a; ALTER TABLE old ADD g",
            "CREATE TABLE a (b); -- é\nCREATE TABLE ï (b) ; SELECT 'CREATE TABLE c (d)'",
        ] {
            assert_eq!(tried(script), Some(true), "{script}");
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
            "ALTER TABLE main.old ADD c",
            "ALTER TABLE old ADD c; ALTER TABLE old DROP b",
            "ALTER TABLE old RENAME COLUMN b TO c",
            "ALTER TABLE old ADD CONSTRAINT c CHECK (a > 0)",
            "ALTER TABLE old ADD CHECK (a > 0)",
            "ALTER TABLE old ALTER b SET NOT NULL",
            "ALTER TABLE old ADD c; DROP INDEX by_a",
        ] {
            assert_eq!(tried(script), None, "{script}");
        }
    }
}
