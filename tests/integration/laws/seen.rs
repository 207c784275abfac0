//! What SQLite's pragmas tell about a table, and the same from our reading of its text.

use std::collections::BTreeSet;

use devilmcp_migrate::rusqlite::{Connection, Row};
use devilmcp_migrate_core::schema::index::Term;
use devilmcp_migrate_core::schema::name::Ident;
use devilmcp_migrate_core::schema::table::{self, Rule};
use devilmcp_migrate_core::schema::{Kind, object};
use devilmcp_migrate_core::token::significant;

use super::text;

/// What the pragmas of SQLite tell about a table, and so what a reader of its text has to find there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// Name, type, not null, default, kind of generation.
    columns: Vec<(String, String, bool, String, i64)>,
    primary_key: Vec<String>,
    /// Name, descending, collation of each term.
    unique: BTreeSet<Vec<(String, bool, String)>>,
    foreign_keys: Vec<ForeignKey>,
    without_rowid: bool,
    strict: bool,
}

/// Parent, columns of both, actions on update and on delete.
type ForeignKey = (String, Vec<(String, String)>, String, String);

impl Seen {
    pub(super) fn by_pragmas(conn: &Connection, name: &str) -> Self {
        let columns = rows(
            conn,
            "SELECT name, type, \"notnull\", ifnull(dflt_value, ''), hidden FROM pragma_table_xinfo(?1)",
            name,
            |row| {
                Ok((
                    folded(&row.get::<_, String>(0)?),
                    bare(&row.get::<_, String>(1)?),
                    row.get(2)?,
                    constant(&row.get::<_, String>(3)?),
                    row.get(4)?,
                ))
            },
        );
        let primary_key = rows(conn, "SELECT name FROM pragma_table_xinfo(?1) WHERE pk ORDER BY pk", name, |row| {
            Ok(folded(&row.get::<_, String>(0)?))
        });
        let indexes: Vec<String> =
            rows(conn, "SELECT name FROM pragma_index_list(?1) WHERE origin != 'c'", name, |row| row.get(0));
        let terms = "SELECT name, \"desc\", coll FROM pragma_index_xinfo(?1) WHERE key";
        let term =
            |row: &Row<'_>| Ok((folded(&row.get::<_, String>(0)?), row.get(1)?, folded(&row.get::<_, String>(2)?)));
        let unique = indexes.iter().map(|index| rows(conn, terms, index, term)).collect();
        let query = "SELECT \"table\", \"from\", ifnull(\"to\", ''), on_update, on_delete, id FROM pragma_foreign_key_list(?1) ORDER BY id, seq";
        let mut foreign_keys: Vec<(i64, ForeignKey)> = Vec::new();
        for (id, key) in rows(conn, query, name, |row| {
            let columns = vec![(folded(&row.get::<_, String>(1)?), folded(&row.get::<_, String>(2)?))];
            Ok((
                row.get(5)?,
                (
                    folded(&row.get::<_, String>(0)?),
                    columns,
                    folded(&row.get::<_, String>(3)?),
                    folded(&row.get::<_, String>(4)?),
                ),
            ))
        }) {
            match foreign_keys.last_mut().filter(|last| last.0 == id) {
                Some((_, last)) => last.1.extend(key.1),
                None => foreign_keys.push((id, key)),
            }
        }
        let mut foreign_keys: Vec<_> = foreign_keys.into_iter().map(|(_, key)| key).collect();
        for (parent, columns, ..) in &mut foreign_keys {
            let key =
                rows(conn, "SELECT name FROM pragma_table_xinfo(?1) WHERE pk ORDER BY pk", parent, |row| row.get(0));
            columns.iter_mut().zip(key).filter(|(pair, _)| pair.1.is_empty()).for_each(|(pair, key)| pair.1 = key);
        }
        foreign_keys.sort();
        let options = "SELECT wr, strict FROM pragma_table_list(?1)";
        let (without_rowid, strict) = rows(conn, options, name, |row| Ok((row.get(0)?, row.get(1)?)))[0];
        Self { columns, primary_key, unique, foreign_keys, without_rowid, strict }
    }

    /// The same from our reading, as far as the pragmas tell it: some things that SQLite adds are taken from there.
    pub(super) fn by_reading(table: &table::Table, pragmas: &Self) -> Self {
        let primary_key: Vec<String> =
            table.key().unwrap_or_default().iter().map(|name| folded(name.as_str())).collect();
        let columns: Vec<_> = table
            .columns
            .iter()
            .map(|column| {
                let name = folded(column.name.as_str());
                let is_alias = primary_key.len() == 1 && column.declared_type == "INTEGER" && !table.without_rowid;
                let implied = primary_key.contains(&name) && (table.without_rowid || table.strict && !is_alias);
                let default = column.default.as_ref().map_or(String::new(), |default| normal(default.as_str()));
                let hidden = column.generated.as_ref().map_or(0, |generated| if generated.stored { 3 } else { 2 });
                (name, bare(&column.declared_type), column.not_null.is_some() || implied, default, hidden)
            })
            .collect();
        let column = |name: &str| table.columns.iter().find(|column| column.name == Ident::new(name)).unwrap();
        let own_collation =
            |name: &str| folded(column(name).collation.as_ref().map_or("binary", |collation| collation.as_str()));
        let is_integer =
            |key: &[(String, bool, String)]| key.len() == 1 && column(&key[0].0).declared_type == "INTEGER";
        let terms = |terms: &[Term]| -> Vec<(String, bool, String)> {
            terms
                .iter()
                .map(|term| {
                    let text = term.expression.as_str();
                    let (name, collation) = text.split_once(" collate ").unwrap_or((text, ""));
                    let column =
                        table.columns.iter().find(|column| normal(&quoted(column.name.as_str())) == name).unwrap();
                    let own = column.collation.as_ref().map_or("binary", |collation| collation.as_str());
                    let collation = if collation.is_empty() { own } else { collation };
                    (folded(column.name.as_str()), term.descending, folded(collation))
                })
                .collect()
        };
        let mut unique = BTreeSet::new();
        let mut foreign_keys = Vec::new();
        for constraint in &table.constraints {
            match &constraint.rule {
                // What is unique already, or is the rowid itself, gets no index of its own.
                Rule::PrimaryKey { terms: key, .. } | Rule::Unique(key) => {
                    let mut key = terms(key);
                    // Of what would be the rowid, if there were one, SQLite forgets the collation.
                    if matches!(constraint.rule, Rule::PrimaryKey { .. }) && is_integer(&key) {
                        key[0].2 = own_collation(&key[0].0);
                    }
                    let same = |other: &&Vec<(String, bool, String)>| {
                        other.len() == key.len() && other.iter().zip(&key).all(|(a, b)| a.0 == b.0 && a.2 == b.2)
                    };
                    let is_rowid = matches!(constraint.rule, Rule::PrimaryKey { .. })
                        && !pragmas.unique.iter().any(|other| same(&other));
                    if !is_rowid {
                        unique.insert(
                            pragmas
                                .unique
                                .iter()
                                .find(same)
                                .filter(|_| !pragmas.unique.contains(&key))
                                .cloned()
                                .unwrap_or(key),
                        );
                    }
                }
                Rule::Check(_) => {}
                Rule::ForeignKey { columns, parent, parent_columns, actions, deferred: _ } => {
                    let text = |name: &Ident| folded(name.as_str());
                    let action = |begin: &str| {
                        actions
                            .iter()
                            .find_map(|action| action.as_str().strip_prefix(begin))
                            .unwrap_or("no action")
                            .to_owned()
                    };
                    let columns = columns.iter().map(text).zip(parent_columns.iter().map(text)).collect();
                    foreign_keys.push((text(parent), columns, action("on update "), action("on delete ")));
                }
            }
        }
        foreign_keys.sort();
        Self { columns, primary_key, unique, foreign_keys, without_rowid: table.without_rowid, strict: table.strict }
    }
}

fn rows<T>(
    conn: &Connection,
    query: &str,
    name: &str,
    row: impl FnMut(&Row<'_>) -> devilmcp_migrate::rusqlite::Result<T>,
) -> Vec<T> {
    conn.prepare(query).unwrap().query_map([name], row).unwrap().collect::<Result<_, _>>().unwrap()
}

/// An expression in the form in which the reader keeps it.
fn normal(sql: &str) -> String {
    object(Kind::View, &format!("({sql})")).to_string()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// The same of a DEFAULT, which can name nothing.
fn constant(sql: &str) -> String {
    let string = |text: &str| {
        text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).map(|text| text.replace("\"\"", "\""))
    };
    let tokens = significant(sql)
        .map(|token| string(token.text).map_or_else(|| token.text.to_owned(), |text| text::quoted(&text)));
    normal(&tokens.collect::<Vec<_>>().join(" "))
}

/// A type without its spaces and comments.
fn bare(declared: &str) -> String {
    significant(declared).map(|token| token.text.to_ascii_uppercase()).collect()
}
