//! The objects of a database -> the text of a file that makes them: `schema.sql`, or a baseline.

mod layout;
mod table;

use crate::generate::{Entry, Objects};
use crate::schema::{Key, Kind};
use crate::token::{Token, significant};
use layout::Paragraph;

pub(crate) use layout::closed;

/// The text of `schema.sql`: each table with its indexes and triggers below it, then the views. Texts are as SQLite keeps them, with the
/// comments in them; those of tables that nobody has laid out are laid out.
pub fn declaration(objects: &Objects) -> String {
    const HEAD: &str = "-- The schema as it is to be. Change it here, and `devilmcp-migrate diff` writes the migration that leads to it.\n\n";
    HEAD.to_owned() + &definitions(objects)
}

/// The same statements, and nothing said about them.
pub fn definitions(objects: &Objects) -> String {
    layout::text(&paragraphs(objects, table::laid_out))
}

/// The statements of a baseline: the same, and each leaves alone what is there already.
pub fn baseline(objects: &Objects) -> String {
    layout::text(&paragraphs(objects, |sql| table::laid_out(&if_not_exists(sql))))
}

fn paragraphs(objects: &Objects, laid_out: impl Fn(&str) -> String) -> Vec<Paragraph> {
    let is_own = |entry: &&Entry| matches!(entry.key.kind, Kind::Table | Kind::View);
    let (tables, views): (Vec<&Entry>, Vec<&Entry>) =
        objects.iter().filter(is_own).partition(|entry| entry.key.kind == Kind::Table);
    let mut paragraphs = Vec::new();
    for owner in tables.into_iter().chain(views) {
        let paragraph =
            |entry: &Entry, begins| Paragraph { sql: entry.remark().to_owned() + &laid_out(&entry.sql), begins };
        paragraphs.push(paragraph(owner, true));
        for kind in [Kind::Index, Kind::Trigger] {
            let belongs = |entry: &&Entry| entry.key.kind == kind && entry.owner == owner.key.name;
            let others = objects.iter().filter(belongs);
            paragraphs.extend(others.map(|entry| paragraph(entry, false)));
        }
    }
    paragraphs
}

/// The tables in which other tools for migrations keep account of their own, and which no migration of ours makes.
#[must_use]
pub fn without_accounts(objects: Objects) -> (Objects, Vec<Key>) {
    const ACCOUNTS: [&str; 12] = [
        "alembic_version",
        "_sqlx_migrations",
        "refinery_schema_history",
        "__diesel_schema_migrations",
        "_prisma_migrations",
        "__drizzle_migrations",
        "django_migrations",
        "knex_migrations",
        "knex_migrations_lock",
        "flyway_schema_history",
        "goose_db_version",
        "atlas_schema_revisions",
    ];
    let is_account =
        |key: &Key| key.kind == Kind::Table && ACCOUNTS.iter().any(|name| name.eq_ignore_ascii_case(key.name.as_str()));
    let left_out: Vec<Key> = objects.iter().map(|entry| entry.key.clone()).filter(is_account).collect();
    (objects.without(&left_out), left_out)
}

/// `CREATE TABLE IF NOT EXISTS …`; SQLite keeps no text with these words.
fn if_not_exists(sql: &str) -> String {
    let is_kind = |token: &Token<'_>| ["TABLE", "INDEX", "VIEW", "TRIGGER"].into_iter().any(|kind| token.is(kind));
    match significant(sql).find(is_kind) {
        Some(kind) => {
            let (before, after) = sql.split_at(kind.range().end);
            format!("{before} IF NOT EXISTS{after}")
        }
        None => sql.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    fn objects(sql: &str) -> Objects {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(sql).unwrap();
        Objects::read(&conn).unwrap()
    }

    #[test]
    fn each_table_has_what_is_on_it_below_it() {
        let made = objects(
            "CREATE TABLE a (b, c); CREATE TABLE d (e); CREATE VIEW v AS SELECT 1 AS x -- one
                ; CREATE INDEX a_c ON a (c);
             CREATE TRIGGER t AFTER INSERT ON a BEGIN\n    SELECT 1;\nEND; CREATE INDEX IF NOT EXISTS a_b ON a (b); ANALYZE;
             CREATE VIRTUAL TABLE IF NOT EXISTS f USING fts5(b);",
        );
        let text = declaration(&made);
        let (_, text) = text.split_once("\n\n").unwrap();
        assert_eq!(
            text,
            "CREATE TABLE a (b, c);\nCREATE INDEX a_c ON a (c);\nCREATE INDEX a_b ON a (b);\n\n\
             CREATE TRIGGER t AFTER INSERT ON a BEGIN\n    SELECT 1;\nEND;\n\n\
             CREATE TABLE d (e);\n\nCREATE VIRTUAL TABLE f USING fts5(b);\n\nCREATE VIEW v AS SELECT 1 AS x -- one\n;\n"
        );
        let twice = format!("{}{}", baseline(&made), baseline(&made));
        assert_eq!(objects(&twice).schema(), made.schema());
    }

    #[test]
    fn what_other_tools_keep_is_left_out() {
        let (rest, left_out) = without_accounts(objects(
            "CREATE TABLE Alembic_Version (a); CREATE INDEX i ON alembic_version (a); CREATE TABLE alembic_versions (a);",
        ));
        assert_eq!(left_out.len(), 1);
        assert_eq!(rest.iter().map(|entry| entry.key.name.as_str()).collect::<Vec<_>>(), ["alembic_versions"]);
        assert_eq!(rest.schema().0.len(), 1);
    }
}
