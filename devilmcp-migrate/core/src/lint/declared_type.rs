//! `unenforced_type`: <https://sqlite.org/datatype3.html#determination_of_column_affinity>

use super::family::Family;
use super::finding::{Finding, Subject};
use crate::nearest::nearest;
use crate::schema::affinity::Affinity;
use crate::schema::table::Column;

/// The columns whose declared type makes SQLite store something else than it says.
///
/// A type that SQLite enforces as little as any other, `VARCHAR(20)` or `DATETIME`, is none: whoever writes it gets what is
/// expected of it.
pub(super) fn unenforced(family: &Family<'_>) -> Vec<Finding> {
    if family.table.strict {
        // There only five types can be written, and they are enforced.
        return Vec::new();
    }
    let columns = family.table.columns.iter().filter_map(|column| Some((column, surprise(&column.declared_type)?)));
    columns.map(|(column, surprise)| finding(family, column, &surprise)).collect()
}

/// What is not as it seems about a type.
struct Surprise {
    label: String,
    help: &'static str,
}

fn finding(family: &Family<'_>, column: &Column, surprise: &Surprise) -> Finding {
    let Column { name, declared_type, .. } = column;
    Finding {
        subject: Subject::Columns(vec![name.clone()]),
        title: format!("the type {declared_type} of column `{}.{name}` is not what it seems", family.name),
        label: surprise.label.clone(),
        help: Some(format!("{}; if it is meant, `-- migrate: allow(unenforced_type) reason`", surprise.help)),
    }
}

fn surprise(declared: &str) -> Option<Surprise> {
    let bare = declared.split('(').next().unwrap_or_default();
    let words: Vec<&str> = bare.split_whitespace().collect();
    let made = Affinity::of(declared);
    let says = |label: &str, help| Some(Surprise { label: label.to_owned(), help });
    if let Some(word) = swallowed(&words) {
        return Some(Surprise {
            label: format!("{word} is a word of the type as it stands: {bare}"),
            help: "if it begins another column, write a comma before it; if it is a constraint, correct it: SQLite takes any word for a part of a type",
        });
    }
    match *words {
        [_, .., "KEY"] => says(
            "KEY without PRIMARY is a word of the type: nothing is made a key",
            "write PRIMARY KEY, or leave KEY out",
        ),
        ["STRING" | "NSTRING" | "LONGSTRING" | "STR"] => {
            says("stores '007' as the number 7: the affinity of this type is NUMERIC", "declare it TEXT")
        }
        ["ANY"] => says(
            "stores '007' as the number 7: the affinity of this type is NUMERIC, but in a STRICT table",
            "declare no type, or make the table STRICT",
        ),
        ["SERIAL" | "BIGSERIAL" | "SMALLSERIAL"] => says(
            "nobody counts here: a row that is not given a value has NULL",
            "declare it INTEGER PRIMARY KEY, and SQLite gives each row a number",
        ),
        [.., word] if made == Affinity::Integer && (word.contains("POINT") || word.contains("INTERVAL")) => says(
            "contains INT: the affinity of this type is INTEGER, and 2.0 is stored as 2",
            "declare it REAL, TEXT or BLOB, as what is stored there is",
        ),
        [word] if !KNOWN.contains(&word) => {
            let meant = nearest(word, MEANT)?;
            (Affinity::of(meant) != made).then(|| Surprise {
                label: format!("{meant} is known; the affinity of this type is {}", made.name()),
                help: "correct the type: SQLite takes any word for one",
            })
        }
        _ => None,
    }
}

/// A word that is no part of a type, and stands where another type begins, or where a constraint may be meant.
fn swallowed<'a>(words: &[&'a str]) -> Option<&'a str> {
    const CONSTRAINTS: [&str; 9] = [
        "AUTOINCREMENT",
        "AUTO_INCREMENT",
        "IDENTITY",
        "PRIMARY",
        "UNIQUE",
        "DEFAULT",
        "REFERENCES",
        "COLLATE",
        "GENERATED",
    ];
    let is_known = |word: &&str| KNOWN.contains(word) || MORE.contains(word);
    let [first, rest @ ..] = words else { return None };
    is_known(first).then_some(())?;
    let at = rest.iter().position(|word| !is_known(word))?;
    let is_between = rest.get(at + 1).is_some_and(is_known);
    (is_between || nearest(rest[at], CONSTRAINTS).is_some()).then_some(rest[at])
}

/// Words that are types by themselves, here or in other databases.
const KNOWN: &[&str] = &[
    "ANY",
    "BIGINT",
    "BINARY",
    "BIT",
    "BLOB",
    "BOOL",
    "BOOLEAN",
    "BYTEA",
    "CHAR",
    "CHARACTER",
    "CLOB",
    "DATE",
    "DATETIME",
    "DEC",
    "DECIMAL",
    "DOUBLE",
    "FLOAT",
    "INT",
    "INT2",
    "INT4",
    "INT8",
    "INTEGER",
    "JSON",
    "JSONB",
    "LONGBLOB",
    "LONGTEXT",
    "MEDIUMINT",
    "MEDIUMTEXT",
    "MONEY",
    "NCHAR",
    "NUMBER",
    "NUMERIC",
    "NVARCHAR",
    "REAL",
    "SMALLINT",
    "STRING",
    "TEXT",
    "TIME",
    "TIMESTAMP",
    "TIMESTAMPTZ",
    "TINYINT",
    "TINYTEXT",
    "UUID",
    "VARBINARY",
    "VARCHAR",
    "YEAR",
];

/// Those of them that a misspelt word may mean: of shorter ones, too much else differs in one letter.
const MEANT: [&str; 10] =
    ["BIGINT", "BLOB", "CHARACTER", "DOUBLE", "FLOAT", "INTEGER", "NVARCHAR", "REAL", "TEXT", "VARCHAR"];

/// Words that stand beside these.
const MORE: &[&str] = &[
    "BIG",
    "FIXED",
    "LARGE",
    "LOCAL",
    "LONG",
    "NATIONAL",
    "NATIVE",
    "OBJECT",
    "PRECISION",
    "SIGNED",
    "UNSIGNED",
    "VARYING",
    "WITH",
    "WITHOUT",
    "ZEROFILL",
    "ZONE",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gets_another_affinity_than_it_says_is_found() {
        for declared in [
            "STRING",
            "STRING(20)",
            "ANY",
            "FLOATING POINT",
            "INTERVAL",
            "POINT",
            "SERIAL",
            "TXT",
            "FLAOT",
            "VARCAHR(20)",
            "BLOP",
            "TEXT EMAIL TEXT",
            "INTEGER AUTO_INCREMENT",
            "TEXT UNIQE",
            "INTEGER PRIMRAY KEY",
        ] {
            assert!(surprise(declared).is_some(), "{declared}");
        }
    }

    #[test]
    fn what_is_common_is_let_pass() {
        for declared in [
            "",
            "INTEGER",
            "INT",
            "BIGINT UNSIGNED",
            "UNSIGNED BIG INT",
            "TEXT",
            "VARCHAR(255)",
            "VARYING CHARACTER(20)",
            "CHARACTER VARYING(20)",
            "NATIVE CHARACTER(70)",
            "DOUBLE PRECISION",
            "DATETIME",
            "DATE",
            "TIMESTAMP",
            "TIMESTAMP WITH TIME ZONE",
            "TIMESTAMP WITHOUT TIME ZONE",
            "TIMESTAMPTZ",
            "BOOLEAN",
            "BOOL",
            "JSON",
            "JSONB",
            "UUID",
            "DECIMAL(10,2)",
            "NUMERIC",
            "BLOB",
            "BYTEA",
            "VARBINARY",
            "BINARY(16)",
            "UINT64",
            "BLOB_TEXT",
            "JSON_TEXT",
            "UUID_TEXT",
            "DATETIME_TEXT",
            "ENUM_TEXT",
            "INTEGER TIMESTAMP",
            "TEXT ISO8601",
            "INET",
            "CIDR",
            "MONEY",
            "REAL",
            "FLOAT",
            "FLOAT8",
            "INTERGER",
            "BOLEAN",
            "ID",
            "HASH",
            "URL",
            "EMAIL",
            "DURATION",
            "LONG",
            "TEXT JSON",
            "BYTES",
            "U64",
            "I64",
            "DATETIMEOFFSET",
            "VARCHAR2(20)",
            "NUMBER(10)",
            "CITEXT",
            "XML",
            "TSVECTOR",
            "IMAGE",
        ] {
            assert!(surprise(declared).is_none(), "{declared}: {}", surprise(declared).unwrap().label);
        }
    }

    #[test]
    fn affinities_are_those_of_sqlite() {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        for declared in KNOWN.iter().chain(MORE).chain(&["FLOATING POINT", "CHARINT", "STRING", "BLOBREAL", "XYZ"]) {
            // The value is stored as each affinity stores it.
            conn.execute_batch(&format!("CREATE TABLE t (a \"{declared}\"); INSERT INTO t VALUES ('2.0');")).unwrap();
            let text =
                conn.query_row("SELECT typeof(a) || quote(a) FROM t", [], |row| row.get::<_, String>(0)).unwrap();
            let expected = match Affinity::of(declared) {
                Affinity::Integer | Affinity::Numeric => "integer2",
                Affinity::Real => "real2.0",
                Affinity::Text | Affinity::Blob => "text'2.0'",
            };
            assert_eq!(text, expected, "{declared}");
            conn.execute_batch("DROP TABLE t").unwrap();
        }
    }
}
