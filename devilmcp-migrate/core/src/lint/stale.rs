//! `stale_declaration`: what `schema.sql` still names, and a migration has dropped or renamed.

use std::ops::Range;

use rusqlite::Connection;

use super::{Levels, Lint, renaming, site};
use crate::diff::{Difference, TableDifference, differences};
use crate::place;
use crate::problem::{Problem, Problems};
use crate::schema::name::{Ident, quote};
use crate::schema::{Key, Kind, Object, Schema};
use crate::script::Script;
use crate::source::SourceFile;
use crate::statement::statements;
use crate::token::{Token, significant, without_schema};

/// More than so many are said as other differences are.
const MOST: usize = 20;

/// Reports each such object, and does to the declared schema, which is in `conn`, what the migration has done; so what else
/// is different can be told. What is declared then.
pub(crate) fn catch_up(
    conn: &Connection,
    declared: &SourceFile,
    made: &Schema,
    scripts: &[Script],
    levels: Levels,
    problems: &mut Problems,
) -> rusqlite::Result<Schema> {
    let mut schema = Schema::read(conn)?;
    for _ in 0..MOST {
        let found = differences(&schema, made);
        // What is on a column that is gone goes with it.
        let (tables, others): (Vec<_>, Vec<_>) = found.iter().partition(|one| matches!(one, Difference::Table { .. }));
        let mut in_order = tables.into_iter().chain(others);
        let Some((removal, caught_up)) = in_order.find_map(|one| Removal::of(one, made, scripts)?.apply(conn, made))
        else {
            break;
        };
        if !removal.script.directives.silence(Lint::StaleDeclaration) {
            problems.extend(levels.apply(Lint::StaleDeclaration, removal.problem(declared)));
        }
        schema = caught_up;
    }
    Ok(schema)
}

/// A statement of a migration that takes away what is declared.
struct Removal<'a> {
    script: &'a Script,
    statement: Range<usize>,
    what: What,
    how: How,
}

/// What has become of it.
#[derive(Debug, Clone)]
enum How {
    Dropped,
    /// It is there under another name.
    Renamed(Ident),
    /// The table was made anew without this column.
    LeftOut,
}

/// What is declared.
#[derive(Debug, Clone)]
enum What {
    Object(Key),
    Column(Ident, Ident),
}

impl<'a> Removal<'a> {
    /// The last one of what is missing according to `difference`.
    fn of(difference: &Difference, made: &Schema, scripts: &'a [Script]) -> Option<Self> {
        let what = match difference {
            Difference::Missing { key, .. } => What::Object(key.clone()),
            Difference::Table { name, about: TableDifference::MissingColumn { column, .. } } => {
                What::Column(name.clone(), column.clone())
            }
            _ => return None,
        };
        let removed = scripts.iter().rev().find_map(|script| {
            let sql = &*script.up.text;
            let is_it = |range: &Range<usize>| what.removed_by(&sql[range.clone()]);
            let statement = statements(sql).into_iter().rev().find(|range| is_it(range).is_some())?;
            let to = is_it(&statement).flatten();
            // What has another name again since then cannot be followed.
            let is_there = to.as_ref().is_none_or(|to| what.renamed(to).is_in(made));
            let how = to.map_or(How::Dropped, How::Renamed);
            is_there.then(|| Self { script, statement, how, what: what.clone() })
        });
        removed.or_else(|| {
            let What::Column(table, column) = &what else { return None };
            let (script, statement) = left_out(scripts, table, column)?;
            Some(Self { script, statement, how: How::LeftOut, what })
        })
    }

    /// Does the same to the declared schema; none if that does not work there.
    fn apply(self, conn: &Connection, made: &Schema) -> Option<(Self, Schema)> {
        let sql = match (&self.what, &self.how) {
            (What::Object(Key { kind: Kind::Table, name }), How::Renamed(to)) => {
                format!("ALTER TABLE {} RENAME TO {}", quote(name.as_str()), quote(to.as_str()))
            }
            (What::Object(key), _) => format!("DROP {} {}", key.kind.as_str(), quote(key.name.as_str())),
            (What::Column(table, column), how) => {
                let [table, column] = [table, column].map(|name| quote(name.as_str()));
                match how {
                    How::Renamed(to) => format!("ALTER TABLE {table} RENAME COLUMN {column} TO {}", quote(to.as_str())),
                    How::Dropped | How::LeftOut => format!("ALTER TABLE {table} DROP COLUMN {column}"),
                }
            }
        };
        conn.execute_batch("SAVEPOINT removal").ok()?;
        let done = conn.execute_batch(&sql).or_else(|_| {
            self.drop_indexes(conn, made)?;
            conn.execute_batch(&sql)
        });
        let end = if done.is_ok() { "RELEASE removal" } else { "ROLLBACK TO removal; RELEASE removal" };
        conn.execute_batch(end).ok()?;
        done.ok()?;
        let schema = Schema::read(conn).ok()?;
        Some((self, schema))
    }

    /// Drops the declared indexes over a column that are not there either: as long as they are, it cannot be dropped.
    fn drop_indexes(&self, conn: &Connection, made: &Schema) -> rusqlite::Result<()> {
        let What::Column(table, column) = &self.what else { return Ok(()) };
        let indexes = Schema::read(conn)?.0.into_iter().filter_map(|(key, object)| match object {
            Object::Index(index) => (index.table == *table && !made.0.contains_key(&key)).then_some(key.name),
            _ => None,
        });
        for name in indexes {
            let text = "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?1 COLLATE NOCASE";
            let sql: String = conn.query_row(text, [name.as_str()], |row| row.get(0))?;
            if place::of_name(&sql, &(0..sql.len()), column).is_some() {
                conn.execute_batch(&format!("DROP INDEX {}", quote(name.as_str())))?;
            }
        }
        Ok(())
    }

    fn problem(&self, declared: &SourceFile) -> Problem {
        let Self { script, statement, what, how } = self;
        let (did, label) = match how {
            How::Renamed(to) => (format!("renamed to `{to}`"), format!("renamed to `{to}` here")),
            How::Dropped => ("dropped".to_owned(), "dropped here".to_owned()),
            How::LeftOut => ("left out".to_owned(), "made anew here without it".to_owned()),
        };
        let sql = &*declared.text;
        let place = match what {
            What::Object(key) => {
                place::making(sql, key).map(|range| place::of_name(sql, &range, &key.name).unwrap_or(range))
            }
            What::Column(table, column) => site::of_column(sql, table, column),
        };
        let rule = Lint::StaleDeclaration.rule();
        let problem = match place {
            Some(range) => Problem::at_text(rule, declared, range, "still declared here"),
            None => Problem::at_path(rule, &*declared.path),
        };
        let title = format!("schema.sql still declares {}, which {} {did}", what.shown(), script.label());
        problem.titled(title).with(&script.up, statement.clone(), label)
    }
}

/// The migration that makes a table anew without a column which was declared before, and the name of the table there.
fn left_out<'a>(scripts: &'a [Script], table: &Ident, column: &Ident) -> Option<(&'a Script, Range<usize>)> {
    let declares = |script: &Script| site::of_column(&script.up.text, table, column).is_some();
    let after = scripts.iter().rposition(declares)? + 1;
    let old = What::Object(Key { kind: Kind::Table, name: table.clone() });
    scripts[after..].iter().find_map(|script| {
        let sql = &*script.up.text;
        let is_gone = statements(sql).into_iter().any(|range| old.removed_by(&sql[range]).is_some());
        Some((script, site::of_table(sql, table).filter(|_| is_gone)?))
    })
}

impl What {
    /// Whether a statement takes this away: and what it is called then, or nothing if it is dropped.
    #[expect(clippy::option_option, reason = "outside: not at all; inside: no new name")]
    fn removed_by(&self, statement: &str) -> Option<Option<Ident>> {
        let tokens: Vec<Token<'_>> = significant(statement).take(8).collect();
        let [verb, kind, rest @ ..] = &*tokens else { return None };
        let is = |token: &Token<'_>, name: &Ident| Ident::from_token(token).as_ref() == Some(name);
        match self {
            Self::Object(key) if verb.is("DROP") && kind.text.eq_ignore_ascii_case(key.kind.as_str()) => {
                let rest = if rest.first().is_some_and(|word| word.is("IF")) { rest.get(2..)? } else { rest };
                without_schema(rest).first().is_some_and(|name| is(name, &key.name)).then_some(None)
            }
            Self::Object(Key { kind: Kind::Table, name }) => Some(Some(renaming::later_table(statement, name)?)),
            Self::Column(table, column) if verb.is("ALTER") => {
                if let Some(to) = renaming::later_column(statement, table, column) {
                    return Some(Some(to));
                }
                let [name, drop, rest @ ..] = without_schema(rest) else { return None };
                let dropped = match rest {
                    [word, dropped, ..] if word.is("COLUMN") => dropped,
                    [dropped, ..] => dropped,
                    [] => return None,
                };
                (is(name, table) && drop.is("DROP") && is(dropped, column)).then_some(None)
            }
            Self::Object(_) | Self::Column(..) => None,
        }
    }

    /// The same under another name.
    fn renamed(&self, to: &Ident) -> Self {
        match self {
            Self::Object(key) => Self::Object(Key { kind: key.kind, name: to.clone() }),
            Self::Column(table, _) => Self::Column(table.clone(), to.clone()),
        }
    }

    fn is_in(&self, schema: &Schema) -> bool {
        match self {
            Self::Object(key) => schema.0.contains_key(key),
            Self::Column(table, column) => schema
                .tables()
                .any(|(name, read)| name == table && read.columns.iter().any(|known| known.name == *column)),
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Object(key) => key.to_string(),
            Self::Column(table, column) => format!("column `{table}.{column}`"),
        }
    }
}
