//! A name or a keyword that is not known -> the one that was probably meant.

use rusqlite::Connection;

use crate::keyword::KEYWORDS;
use crate::nearest::{nearby, nearest};
use crate::place::made;
use crate::run::{Failure, is_syntax, message};
use crate::schema::name::Ident;
use crate::schema::{HISTORY_PREFIX, Kind, Object, is_internal, object};
use crate::statement::statements;
use crate::token::{Kind as TokenKind, Token, significant};

/// What to say of a statement of `script` that has failed on `conn`, if it is likely to be misspelt.
pub(super) fn meant(conn: &Connection, script: &str, failure: &Failure) -> Option<String> {
    let statement = statements(script).into_iter().find(|range| {
        // SQLite may point at the end of the statement.
        range.start <= failure.range.start && failure.range.start <= range.end
    })?;
    let message = failure.message();
    if is_syntax(&message) {
        return keyword(conn, &script[statement.clone()], failure.range.start - statement.start);
    }
    let found = Missing::of(&message)?.nearest(conn, &script[..statement.end], &script[statement])?;
    Some(format!("did you mean `{found}`?"))
}

/// The table that is there and has nearly this name.
pub(super) fn table(conn: &Connection, name: &Ident) -> Option<String> {
    let known = names(conn, TABLES);
    nearest(name.as_str(), known.iter().map(String::as_str)).map(str::to_owned)
}

/// The column with nearly this name, of the tables and views that `sql` names.
pub(super) fn column(conn: &Connection, sql: &str, name: &Ident) -> Option<String> {
    let known = columns(conn, "", sql);
    nearest(name.as_str(), known.iter().map(String::as_str)).map(str::to_owned)
}

/// What a name that is not known stands for, and the name.
enum Missing<'a> {
    Table(&'a str),
    /// An index, a trigger or a view.
    Object(&'a str, &'a str),
    Column(&'a str),
    Function(&'a str),
    Collation(&'a str),
    Module(&'a str),
    Option(&'a str),
}

impl<'a> Missing<'a> {
    /// Reads what SQLite says.
    fn of(message: &'a str) -> Option<Self> {
        if let Some((_, column)) = message.split_once(" has no column named ") {
            return Some(Self::Column(bare(column)));
        }
        if let Some((column, _)) = message.strip_prefix("unknown column ").and_then(|rest| rest.split_once(" in ")) {
            return Some(Self::Column(bare(column)));
        }
        if let Some(function) = message.strip_prefix("unknown function: ") {
            return Some(Self::Function(function.trim_end_matches("()")));
        }
        if let Some(option) = message.strip_prefix("unknown table option: ") {
            return Some(Self::Option(option));
        }
        let (kind, name) = message.strip_prefix("no such ")?.split_once(": ")?;
        Some(match kind {
            "table" => Self::Table(bare(name)),
            "index" | "trigger" | "view" => Self::Object(kind, bare(name)),
            "column" => Self::Column(bare(name)),
            "function" => Self::Function(name),
            "collation sequence" => Self::Collation(name),
            "module" => Self::Module(name),
            _ => return None,
        })
    }

    /// The nearest one that is there, or that the script has made `so_far`, which may have been taken back.
    fn nearest(&self, conn: &Connection, so_far: &str, statement: &str) -> Option<String> {
        let (name, known) = match self {
            Self::Table(name) => (name, with_made(names(conn, TABLES), so_far, &[Kind::Table, Kind::View])),
            Self::Object(kind, name) => {
                let query = format!("SELECT name FROM sqlite_master WHERE type = '{kind}'");
                (name, with_made(names(conn, &query), so_far, Kind::from_type(kind).as_slice()))
            }
            Self::Column(name) => (name, columns(conn, so_far, statement)),
            Self::Function(name) => (name, names(conn, "SELECT DISTINCT name FROM pragma_function_list ORDER BY name")),
            Self::Collation(name) => (name, names(conn, "SELECT name FROM pragma_collation_list ORDER BY name")),
            Self::Module(name) => (name, names(conn, "SELECT name FROM pragma_module_list ORDER BY name")),
            Self::Option(name) => (name, vec!["STRICT".to_owned(), "WITHOUT ROWID".to_owned()]),
        };
        nearest(name, known.iter().map(String::as_str).filter(|known| known != name)).map(str::to_owned)
    }
}

/// Tables and views.
const TABLES: &str = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')";

/// `body`, of `main.notes.body` and of `"body" - should this be a string literal in single-quotes?`
fn bare(name: &str) -> &str {
    let name = name.split_once(" - should ").map_or(name, |(name, _)| name).trim_matches('"');
    name.rsplit('.').next().unwrap_or(name)
}

/// What a query returns, but for names that are nobody's to use.
fn names(conn: &Connection, query: &str) -> Vec<String> {
    let Ok(mut query) = conn.prepare(query) else { return Vec::new() };
    let Ok(rows) = query.query_map([], |row| row.get::<_, String>(0)) else { return Vec::new() };
    let is_used = |name: &String| !is_internal(name) && !name.starts_with(HISTORY_PREFIX);
    rows.flatten().filter(is_used).collect()
}

fn with_made(mut known: Vec<String>, so_far: &str, kinds: &[Kind]) -> Vec<String> {
    let made = statements(so_far).into_iter().filter_map(|range| made(&so_far[range]));
    known.extend(made.filter(|key| kinds.contains(&key.kind)).map(|key| key.name.as_str().to_owned()));
    known
}

/// The columns of all tables that `statement` names, as they are or were made `so_far`.
fn columns(conn: &Connection, so_far: &str, statement: &str) -> Vec<String> {
    let named: Vec<Ident> = significant(statement).filter_map(|token| Ident::from_token(&token)).collect();
    let mut known = Vec::new();
    for name in &named {
        let literal = name.as_str().replace('\'', "''");
        known.extend(names(conn, &format!("SELECT name FROM pragma_table_xinfo('{literal}')")));
    }
    for sql in statements(so_far).into_iter().map(|range| &so_far[range]) {
        if made(sql).is_some_and(|key| key.kind == Kind::Table && named.contains(&key.name))
            && let Object::Table(table) = object(Kind::Table, sql)
        {
            known.extend(table.columns.iter().map(|column| column.name.as_str().to_owned()));
        }
    }
    known
}

/// The keyword without which a statement is none. SQLite points at the first word that makes no sense, `at`; what is misspelt
/// may stand a little before it, taken for a name or for a part of a type.
fn keyword(conn: &Connection, statement: &str, at: usize) -> Option<String> {
    const MOST_BACK: usize = 4;
    let words: Vec<Token<'_>> = significant(statement).take_while(|token| token.start <= at).collect();
    let pointed = words.last()?.start;
    words.iter().rev().take(MOST_BACK).filter(|token| token.kind == TokenKind::Word).find_map(|token| {
        let (before, after) = (&statement[..token.start], &statement[token.range().end..]);
        let is_right = |keyword: &&str| {
            let corrected = format!("{before}{keyword}{after}");
            !token.is(keyword) && conn.prepare(&corrected).err().is_none_or(|error| !is_syntax(&message(&error)))
        };
        let keyword = nearby(token.text, KEYWORDS).into_iter().find(is_right)?;
        Some(if token.start == pointed {
            format!("did you mean `{keyword}`?")
        } else {
            format!("did you mean `{keyword}` where it says `{}`?", token.text)
        })
    })
}
