//! The reader of tables agrees with SQLite, which knows from its own reading what it shows in its pragmas.

use std::collections::BTreeSet;

use devilmcp_migrate::rusqlite::{Connection, Row};
use devilmcp_migrate_core::diff::differences;
use devilmcp_migrate_core::schema::name::Ident;
use devilmcp_migrate_core::schema::table::{self, Rule};
use devilmcp_migrate_core::schema::{Key, Kind, Object, Schema, object};
use devilmcp_migrate_core::token::significant;
use proptest::prelude::*;

use super::choices::Choices;
use super::config;
use super::tables::{PARENTS, Table};
use super::text::{self, NAMES};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_read_from_the_text_is_what_the_pragmas_say(mut choices in Choices::strategy(80), mut style in Choices::strategy(200)) {
        let name = choices.of(&NAMES);
        let sql = Table::generate(name, &mut choices).sql(&mut style);
        let conn = made(&sql);
        prop_assume!(conn.is_some());
        let conn = conn.unwrap();
        let found = Seen::by_pragmas(&conn, name);
        prop_assert_eq!(Seen::by_reading(&read(&conn, name), &found), found, "{}", sql);
    }

    #[test]
    fn a_table_is_the_same_in_every_spelling(
        mut choices in Choices::strategy(80), mut one in Choices::strategy(200), mut other in Choices::strategy(200),
    ) {
        let table = Table::generate(choices.of(&NAMES), &mut choices);
        let [one, other] = [table.sql(&mut one), table.sql(&mut other)];
        let conns = (made(&one), made(&other));
// In a STRICT table SQLite takes a comment before GENERATED for a part of the type.
        prop_assume!(conns.0.is_some() && conns.1.is_some());
        let [one_read, other_read] = [conns.0, conns.1].map(|conn| Schema::read(&conn.unwrap()).unwrap());
        let told: Vec<String> = differences(&one_read, &other_read).iter().map(ToString::to_string).collect();
        prop_assert!(told.is_empty() && one_read == other_read, "{one}\n{other}\n{told:?}");
    }

    #[test]
    fn a_table_that_was_changed_is_another(
        mut choices in Choices::strategy(80), mut one in Choices::strategy(200), mut other in Choices::strategy(200),
    ) {
        let table = Table::generate(choices.of(&NAMES), &mut choices);
        let changed = table.changed(&mut choices);
        prop_assume!(!changed.means(&table));
        let [one, other] = [table.sql(&mut one), changed.sql(&mut other)];
        let conns = (made(&one), made(&other));
        prop_assume!(conns.0.is_some() && conns.1.is_some());
        let [one_read, other_read] = [conns.0, conns.1].map(|conn| Schema::read(&conn.unwrap()).unwrap());
        prop_assert!(one_read != other_read && one_read.fingerprint() != other_read.fingerprint(), "{one}\n{other}");
        prop_assert!(!differences(&one_read, &other_read).is_empty(), "nothing to say:\n{one}\n{other}");
    }
}

/// A database with the table and what it refers to, if SQLite takes it.
fn made(sql: &str) -> Option<Connection> {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(PARENTS).unwrap();
    conn.execute_batch(sql).is_ok().then_some(conn)
}

fn read(conn: &Connection, name: &str) -> table::Table {
    let key = Key { kind: Kind::Table, name: Ident::new(name) };
    match Schema::read(conn).unwrap().0.remove(&key) {
        Some(Object::Table(table)) => table,
        other => panic!("not understood: {other:?}"),
    }
}

/// What the pragmas of SQLite tell about a table, and so what a reader of its text has to find there.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    /// Name, type, not null, default, kind of generation.
    columns: Vec<(String, String, bool, String, i64)>,
    primary_key: Vec<String>,
    /// Name, descending, collation of each term.
    unique: BTreeSet<Vec<(String, bool, String)>>,
    /// Parent, columns of both, actions on update and on delete.
    foreign_keys: Vec<(String, Vec<(String, String)>, String, String)>,
    without_rowid: bool,
    strict: bool,
}

impl Seen {
    fn by_pragmas(conn: &Connection, name: &str) -> Self {
        let columns = rows(
            conn,
            "SELECT name, type, \"notnull\", ifnull(dflt_value, ''), hidden FROM pragma_table_xinfo(?1)",
            name,
            |row| {
                Ok((
                    folded(row.get(0)?),
                    bare(&row.get::<_, String>(1)?),
                    row.get(2)?,
                    constant(&row.get::<_, String>(3)?),
                    row.get(4)?,
                ))
            },
        );
        let primary_key = rows(conn, "SELECT name FROM pragma_table_xinfo(?1) WHERE pk ORDER BY pk", name, |row| {
            row.get(0).map(folded)
        });
        let indexes: Vec<String> =
            rows(conn, "SELECT name FROM pragma_index_list(?1) WHERE origin != 'c'", name, |row| row.get(0));
        let terms = "SELECT name, \"desc\", coll FROM pragma_index_xinfo(?1) WHERE key";
        let term = |row: &Row<'_>| Ok((folded(row.get(0)?), row.get(1)?, folded(row.get(2)?)));
        let unique = indexes.iter().map(|index| rows(conn, terms, index, term)).collect();
        let query = "SELECT \"table\", \"from\", ifnull(\"to\", ''), on_update, on_delete, id FROM pragma_foreign_key_list(?1) ORDER BY id, seq";
        let mut foreign_keys: Vec<(i64, (String, Vec<(String, String)>, String, String))> = Vec::new();
        for (id, key) in rows(conn, query, name, |row| {
            let columns = vec![(folded(row.get(1)?), folded(row.get(2)?))];
            Ok((row.get(5)?, (folded(row.get(0)?), columns, folded(row.get(3)?), folded(row.get(4)?))))
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
    fn by_reading(table: &table::Table, pragmas: &Self) -> Self {
        let primary_key: Vec<String> =
            table.key().unwrap_or_default().iter().map(|name| folded(name.as_str().to_owned())).collect();
        let columns: Vec<_> = table
            .columns
            .iter()
            .map(|column| {
                let name = folded(column.name.as_str().to_owned());
                let is_alias = primary_key.len() == 1 && column.declared_type == "INTEGER" && !table.without_rowid;
                let implied = primary_key.contains(&name) && (table.without_rowid || table.strict && !is_alias);
                let default = column.default.as_ref().map_or(String::new(), |default| normal(default.as_str()));
                let hidden = column.generated.as_ref().map_or(0, |generated| if generated.stored { 3 } else { 2 });
                (name, bare(&column.declared_type), column.not_null.is_some() || implied, default, hidden)
            })
            .collect();
        let column = |name: &str| table.columns.iter().find(|column| column.name == Ident::new(name)).unwrap();
        let own_collation = |name: &str| {
            folded(column(name).collation.as_ref().map_or("binary", |collation| collation.as_str()).to_owned())
        };
        let is_integer =
            |key: &[(String, bool, String)]| key.len() == 1 && column(&key[0].0).declared_type == "INTEGER";
        let terms = |terms: &[devilmcp_migrate_core::schema::index::Term]| -> Vec<(String, bool, String)> {
            terms
                .iter()
                .map(|term| {
                    let text = term.expression.as_str();
                    let (name, collation) = text.split_once(" collate ").unwrap_or((text, ""));
                    let column =
                        table.columns.iter().find(|column| normal(&quoted(column.name.as_str())) == name).unwrap();
                    let own = column.collation.as_ref().map_or("binary", |collation| collation.as_str());
                    let collation = if collation.is_empty() { own } else { collation };
                    (folded(column.name.as_str().to_owned()), term.descending, folded(collation.to_owned()))
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
                    let text = |name: &Ident| folded(name.as_str().to_owned());
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

fn folded(name: String) -> String {
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
