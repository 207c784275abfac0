//! `stale_declaration`: what `schema.sql` still names, and a migration has dropped or renamed.

use std::ops::Range;

use rusqlite::Connection;

use super::{Levels, Lint, renaming, site};
use crate::diff::{Difference, TableDifference, differences};
use crate::place;
use crate::problem::{Problem, Problems};
use crate::schema::name::{Ident, quote};
use crate::schema::{Key, Kind, Schema};
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
        let Some((removal, caught_up)) = found.iter().find_map(|one| Removal::of(one, made, scripts)?.apply(conn))
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
    /// What it is called now, if it is there under another name.
    to: Option<Ident>,
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
        scripts.iter().rev().find_map(|script| {
            let sql = &*script.up.text;
            let is_it = |range: &Range<usize>| what.removed_by(&sql[range.clone()]);
            let statement = statements(sql).into_iter().rev().find(|range| is_it(range).is_some())?;
            let to = is_it(&statement).flatten();
            // What has another name again since then cannot be followed.
            let is_there = to.as_ref().is_none_or(|to| what.renamed(to).is_in(made));
            is_there.then(|| Self { script, statement, to, what: what.clone() })
        })
    }

    /// Does the same to the declared schema; none if that does not work there.
    fn apply(self, conn: &Connection) -> Option<(Self, Schema)> {
        let sql = match (&self.what, &self.to) {
            (What::Object(Key { kind: Kind::Table, name }), Some(to)) => {
                format!("ALTER TABLE {} RENAME TO {}", quote(name.as_str()), quote(to.as_str()))
            }
            (What::Object(key), _) => format!("DROP {} {}", key.kind.as_str(), quote(key.name.as_str())),
            (What::Column(table, column), to) => {
                let [table, column] = [table, column].map(|name| quote(name.as_str()));
                match to {
                    Some(to) => format!("ALTER TABLE {table} RENAME COLUMN {column} TO {}", quote(to.as_str())),
                    None => format!("ALTER TABLE {table} DROP COLUMN {column}"),
                }
            }
        };
        conn.execute_batch(&sql).ok()?;
        let schema = Schema::read(conn).ok()?;
        Some((self, schema))
    }

    fn problem(&self, declared: &SourceFile) -> Problem {
        let Self { script, statement, what, to } = self;
        let (did, label) = match to {
            Some(to) => (format!("renamed to `{to}`"), format!("renamed to `{to}` here")),
            None => ("dropped".to_owned(), "dropped here".to_owned()),
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
