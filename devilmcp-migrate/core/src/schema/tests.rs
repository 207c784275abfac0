//! What counts as the same structure, and what does not. Every text here is one that SQLite accepts.

use rusqlite::Connection;

use super::{Key, Kind, Object, Schema};
use crate::diff::differences;
use crate::schema::name::Ident;

fn read(sql: &str) -> Schema {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    Schema::read(&conn).unwrap()
}

/// Whether two texts are the same structure; what is said of a difference has to agree.
fn same(one: &str, other: &str) -> bool {
    let [one_read, other_read] = [one, other].map(read);
    let told = differences(&one_read, &other_read);
    assert_eq!(one_read == other_read, told.is_empty(), "{one}\n{other}\n{told:?}");
    told.is_empty()
}

fn assert_same(texts: &[&str]) {
    let wrong: Vec<_> = texts[1..].iter().filter(|other| !same(texts[0], other)).collect();
    assert!(wrong.is_empty(), "not the same as {}\n{wrong:#?}", texts[0]);
}

fn assert_different(texts: &[&str]) {
    let pairs = texts.iter().enumerate().flat_map(|(at, one)| texts[at + 1..].iter().map(move |other| (one, other)));
    let wrong: Vec<_> = pairs.filter(|(one, other)| same(one, other)).collect();
    assert!(wrong.is_empty(), "not different: {wrong:#?}");
}

#[test]
fn every_form_of_a_table_is_understood() {
    let mut wrong = Vec::new();
    for sql in [
        "CREATE TABLE t(a UNSIGNED BIG INT, b VARCHAR ( 10 ), c DECIMAL(10 , 2) NOT NULL, d DOUBLE PRECISION, e)",
        "CREATE TABLE t(a INT -- first; column\n, /* , */ b TEXT/**/)",
        "CREATE TABLE t(a INT CONSTRAINT nn NOT NULL CONSTRAINT u UNIQUE CONSTRAINT d DEFAULT 1)",
        "CREATE TABLE t(a INT CHECK(a>0)CHECK(a<9)UNIQUE)",
        "CREATE TABLE t(a INT GENERATED ALWAYS AS (b + 1) STORED NOT NULL, b AS (2) UNIQUE, c INT)",
        "CREATE TABLE t(a INT NOT NULL ON CONFLICT IGNORE UNIQUE ON CONFLICT REPLACE, b, PRIMARY KEY (b) ON CONFLICT FAIL)",
        "CREATE TABLE t(a DEFAULT -1, b DEFAULT +1.5e3, c DEFAULT 'x', d DEFAULT x'00', e DEFAULT (1 + (2)), f DEFAULT NULL)",
        "CREATE TABLE t(a DEFAULT CURRENT_TIMESTAMP, b DEFAULT TRUE, c DEFAULT word, d DEFAULT \"quoted\", e DEFAULT - 1)",
        "CREATE TABLE 't' ('a' INT, 'b c' TEXT, PRIMARY KEY ('a'))",
        "CREATE TABLE t([a] INT, `b` TEXT, \"c\" REAL, UNIQUE ([a], `b`))",
        "CREATE TABLE t(desc INT, asc TEXT, PRIMARY KEY (desc DESC), CONSTRAINT c UNIQUE (asc) CHECK (asc))",
        "CREATE TABLE t(a INT REFERENCES t NOT NULL DEFERRABLE INITIALLY DEFERRED, b INT REFERENCES t DEFERRABLE)",
        "CREATE TABLE t(a INT, CHECK (a) CHECK (a > 1) UNIQUE (a) CONSTRAINT f FOREIGN KEY (a) REFERENCES t)",
        "CREATE TABLE t(a INT, CONSTRAINT lonely)",
        "CREATE TABLE t(a INT CONSTRAINT lonely)",
        "CREATE TABLE t(a INT REFERENCES t ON DELETE SET NULL ON UPDATE CASCADE MATCH FULL DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TABLE t(a INT REFERENCES t NOT DEFERRABLE INITIALLY IMMEDIATE NOT NULL, b INT REFERENCES t NOT NULL)",
        "CREATE TABLE t(a INT REFERENCES t (a) ON DELETE SET DEFAULT ON INSERT CASCADE, b)",
        "CREATE TABLE t(a INT REFERENCES t DEFERRABLE UNIQUE)",
        "CREATE TABLE t(a COLLATE NOCASE, b TEXT COLLATE 'RTRIM' NULL)",
        "CREATE TABLE t(key INT, \"order\" INT, desc_ INT, abort INT, \"check\" INT)",
        "CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL)",
        "CREATE TABLE t(a INTEGER, PRIMARY KEY (a AUTOINCREMENT))",
        "CREATE TABLE t(a INTEGER PRIMARY KEY ON CONFLICT ROLLBACK AUTOINCREMENT)",
        "CREATE TABLE t(a INT PRIMARY KEY) WITHOUT ROWID, STRICT",
        "CREATE TABLE s(x, y); CREATE TABLE t AS SELECT x, y || 'a;b' AS \"two words\", 1 FROM s",
        "CREATE TABLE t(a); ALTER TABLE t ADD COLUMN b -- last\n TEXT DEFAULT 'x' NOT NULL /* ! */;",
        "CREATE TABLE t(a, UNIQUE (a)); ALTER TABLE t ADD COLUMN b INT; ALTER TABLE t ADD c CHECK (c > 0)",
        "CREATE TABLE t(a, b, CHECK (a > b)); ALTER TABLE t RENAME COLUMN a TO \"group\"",
        "CREATE TABLE t(a generated, b \"generated always\", c always)",
        "CREATE TABLE t(a 'text', b \"big int\", c [int])",
        "CREATE TABLE t(a FLOAT(+1.5, -2))",
    ] {
        let schema = read(sql);
        let object = schema.0.get(&Key { kind: Kind::Table, name: Ident::new("t") });
        if !matches!(object, Some(Object::Table(_))) {
            wrong.push(sql);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn spelling_makes_no_difference() {
    assert_same(&[
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a VARCHAR(10) NOT NULL UNIQUE)",
        "create table IF NOT EXISTS main.\"T\" (ID integer, [a] varchar ( 10 ) not null, primary key (\"id\" ASC), unique(A))",
        "CREATE TABLE 't' ('id' INTEGER, 'a' VARCHAR (10) NOT NULL /* ! */ ON CONFLICT ABORT, UNIQUE ('a'), PRIMARY KEY (`ID`));",
    ]);
    assert_same(&[
        "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE t(a INT REFERENCES p)",
        "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE t(a INT, FOREIGN KEY (A) REFERENCES \"P\" (\"ID\"))",
        "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE t(a INT REFERENCES p(id) ON DELETE NO ACTION NOT DEFERRABLE)",
    ]);
    assert_same(&[
        "CREATE TABLE p(\"I \"\"d\" TEXT PRIMARY KEY COLLATE NOCASE); CREATE TABLE t(a INT REFERENCES p)",
        "CREATE TABLE p(\"I \"\"d\" TEXT COLLATE NOCASE, PRIMARY KEY (\"i \"\"d\")); CREATE TABLE t(a INT REFERENCES p ([I \"D]))",
    ]);
    assert_same(&[
        "CREATE TABLE p(a, b, PRIMARY KEY (b COLLATE NOCASE, a DESC)); CREATE TABLE t(a, b, FOREIGN KEY (a, b) REFERENCES p)",
        "CREATE TABLE p(a, b, PRIMARY KEY (b COLLATE NOCASE, a DESC)); CREATE TABLE t(a, b, FOREIGN KEY (a, b) REFERENCES p (b, a))",
    ]);
    // SQLite parses MATCH and goes by none, and the name of a constraint that is no CHECK occurs nowhere again.
    assert_same(&[
        "CREATE TABLE t(a INT PRIMARY KEY REFERENCES t)",
        "CREATE TABLE t(a INT PRIMARY KEY REFERENCES t MATCH SIMPLE ON DELETE NO ACTION)",
        "CREATE TABLE t(a INT CONSTRAINT pk PRIMARY KEY, CONSTRAINT fk FOREIGN KEY (a) REFERENCES t MATCH FULL)",
    ]);
    assert_same(&["CREATE TABLE t(a UNIQUE)", "CREATE TABLE t(a, CONSTRAINT uq UNIQUE (a))"]);
    assert_same(&["CREATE TABLE t(a DEFAULT 1)", "CREATE TABLE t(a DEFAULT (1))", "CREATE TABLE t(a default ((1)))"]);
    assert_same(&["CREATE TABLE t(a DEFAULT -1)", "CREATE TABLE t(a DEFAULT (-1))", "CREATE TABLE t(a DEFAULT - 1)"]);
    assert_same(&["CREATE TABLE t(a DEFAULT 'x')", "CREATE TABLE t(a DEFAULT \"x\")", "CREATE TABLE t(a DEFAULT x)"]);
    assert_same(&["CREATE TABLE t(a DEFAULT true)", "CREATE TABLE t(a DEFAULT TRUE)"]);
    assert_same(&["CREATE TABLE t(a, b AS (a+1))", "CREATE TABLE t(a, b GENERATED ALWAYS AS (a + 1) VIRTUAL)"]);
    assert_same(&[
        "CREATE TABLE t(a CHECK (a > 1))",
        "CREATE TABLE t(a, CHECK((\"A\">1)))",
        "CREATE TABLE t(a NULL CHECK(a>1))",
    ]);
    assert_same(&["CREATE TABLE t(\"order\" INT UNIQUE)", "CREATE TABLE t([order] INT, UNIQUE(`ORDER`))"]);
    assert_same(&["CREATE TABLE t(a TEXT COLLATE nocase)", "CREATE TABLE t(a TEXT COLLATE \"NOCASE\")"]);
    assert_same(&["CREATE TABLE t(a UNSIGNED BIG INT)", "CREATE TABLE t(a unsigned  big\n/**/int)"]);
    assert_same(&[
        "CREATE TABLE t(a); CREATE INDEX i ON t(a) WHERE a > 1",
        "CREATE TABLE t(a); CREATE INDEX IF NOT EXISTS main.[i] ON T ( 'a' ASC ) where (a>1)",
    ]);
    assert_same(&["CREATE TABLE t(a, b)", "CREATE TABLE s(a, b); CREATE TABLE t AS SELECT * FROM s; DROP TABLE s"]);
    assert_same(&[
        "CREATE TABLE t(a, b)",
        "CREATE TABLE t(a); ALTER TABLE t ADD COLUMN b",
        "CREATE TABLE t(a, c); ALTER TABLE t RENAME c TO b",
    ]);
    assert_same(&[
        "CREATE TABLE t(a); CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END",
        "CREATE TABLE t(a); CREATE VIEW IF NOT EXISTS main.\"V\" AS SELECT \"a\" FROM [t]; CREATE TRIGGER IF NOT EXISTS main.g AFTER INSERT ON t BEGIN SELECT 1; END",
        "CREATE TABLE x(a); CREATE VIEW v AS SELECT a FROM x; CREATE TRIGGER g AFTER INSERT ON x BEGIN SELECT 1; END; ALTER TABLE x RENAME TO t",
    ]);
}

#[test]
fn meaning_makes_a_difference() {
    assert_different(&[
        "CREATE TABLE t(a INT)",
        "CREATE TABLE t(a INTEGER)",
        "CREATE TABLE t(a)",
        "CREATE TABLE t(b INT)",
        "CREATE TABLE t(a INT NOT NULL)",
        "CREATE TABLE t(a INT NOT NULL ON CONFLICT IGNORE)",
        "CREATE TABLE t(a INT UNIQUE)",
        "CREATE TABLE t(a INT UNIQUE ON CONFLICT IGNORE)",
        "CREATE TABLE t(a INT PRIMARY KEY)",
        "CREATE TABLE t(a INT PRIMARY KEY DESC)",
        "CREATE TABLE t(a INT PRIMARY KEY) WITHOUT ROWID",
        "CREATE TABLE t(a INT PRIMARY KEY) STRICT",
        "CREATE TABLE t(a INT CHECK (a > 1))",
        "CREATE TABLE t(a INT CHECK (a > '1'))",
        "CREATE TABLE t(a INT CONSTRAINT large CHECK (a > '1'))",
        "CREATE TABLE t(a INT COLLATE NOCASE)",
        "CREATE TABLE t(a INT AS (1), c)",
        "CREATE TABLE t(a INT AS (2), c)",
        "CREATE TABLE t(a INT AS (2) STORED, c)",
        "CREATE TABLE t(a INT REFERENCES t)",
        "CREATE TABLE t(a INT REFERENCES t ON DELETE CASCADE)",
        "CREATE TABLE t(a INT REFERENCES t ON UPDATE CASCADE)",
        "CREATE TABLE t(a INT REFERENCES t DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TABLE t(a INT REFERENCES t (a))",
        "CREATE TABLE t(a INT, b)",
        "CREATE TABLE t(b, a INT)",
    ]);
    assert_different(&[
        "CREATE TABLE t(a)",
        "CREATE TABLE t(a DEFAULT NULL)",
        "CREATE TABLE t(a DEFAULT 'null')",
        "CREATE TABLE t(a DEFAULT 1)",
        "CREATE TABLE t(a DEFAULT '1')",
        "CREATE TABLE t(a DEFAULT -1)",
        "CREATE TABLE t(a DEFAULT 'Todo')",
        "CREATE TABLE t(a DEFAULT 'todo')",
        "CREATE TABLE t(a DEFAULT \"TODO\")",
        "CREATE TABLE t(a DEFAULT ToDo)",
        "CREATE TABLE t(a DEFAULT TRUE)",
        "CREATE TABLE t(a DEFAULT 'TRUE')",
        "CREATE TABLE t(a DEFAULT CURRENT_TIMESTAMP)",
        "CREATE TABLE t(a DEFAULT 'CURRENT_TIMESTAMP')",
        "CREATE TABLE t(a DEFAULT X'0A')",
    ]);
    assert_different(&[
        "CREATE TABLE t(a, b, \"null\")",
        "CREATE TABLE t(a, b, \"null\", CHECK (\"null\"))",
        "CREATE TABLE t(a, b, \"null\", CHECK (null))",
        "CREATE TABLE t(a, b, \"null\", CHECK (a + (b)))",
        "CREATE TABLE t(a, b, \"null\", CHECK (a - b))",
        "CREATE TABLE t(a, b, \"null\", CHECK (a AND b))",
        "CREATE TABLE t(a, b, \"null\", CHECK (a IN ('B')))",
        "CREATE TABLE t(a, b, \"null\", CHECK (a IN ('b')))",
        "CREATE TABLE t(a, b, \"null\", CHECK (a IN (\"b\")))",
        "CREATE TABLE t(a, b, \"null\", CHECK (a IN (\"C\")))",
        "CREATE TABLE t(a, b, \"null\", CHECK (a IN (\"c\")))",
    ]);
    assert_different(&[
        "CREATE TABLE t(a, b)",
        "CREATE TABLE t(a, b); CREATE INDEX i ON t(a)",
        "CREATE TABLE t(a, b); CREATE INDEX j ON t(a)",
        "CREATE TABLE t(a, b); CREATE UNIQUE INDEX i ON t(a)",
        "CREATE TABLE t(a, b); CREATE INDEX i ON t(b)",
        "CREATE TABLE t(a, b); CREATE INDEX i ON t(a, b)",
        "CREATE TABLE t(a, b); CREATE INDEX i ON t(b, a)",
        "CREATE TABLE t(a, b); CREATE INDEX i ON t(a DESC)",
        "CREATE TABLE t(a, b); CREATE INDEX i ON t(a COLLATE NOCASE)",
        "CREATE TABLE t(a, b); CREATE INDEX i ON t(lower(a))",
        "CREATE TABLE t(a, b); CREATE INDEX i ON t(a) WHERE b",
        "CREATE TABLE t(a, b); CREATE INDEX i ON t(a) WHERE b = 'x'",
        "CREATE TABLE t(a, b); CREATE VIEW i AS SELECT a FROM t",
        "CREATE TABLE t(a, b); CREATE VIEW i AS SELECT 'A' FROM t",
        "CREATE TABLE t(a, b); CREATE VIEW i AS SELECT 'a' FROM t",
        "CREATE TABLE t(a, b); CREATE VIEW i (a) AS SELECT 'a' FROM t",
    ]);
}

#[test]
fn shadow_tables_are_the_modules_affair() {
    let schema = read(
        "CREATE VIRTUAL TABLE f USING fts5(a, content='');
         CREATE VIRTUAL TABLE \"two words\" USING \"fts5\"(a, b);
         CREATE VIRTUAL TABLE r USING rtree(id, x0, x1, +note);
         CREATE VIRTUAL TABLE g USING fts4(a);
         CREATE TABLE f_other(a)",
    );
    let names: Vec<&str> = schema.0.keys().map(|key| key.name.as_str()).collect();
    assert_eq!(names, ["f", "f_other", "g", "r", "two words"]);
    assert_different(&[
        "CREATE VIRTUAL TABLE f USING fts5(a)",
        "CREATE VIRTUAL TABLE f USING fts5(a, tokenize='porter')",
    ]);
    // Quotes of a module's arguments may be part of them.
    assert_same(&["CREATE VIRTUAL TABLE f USING fts5(a, b)", "create virtual table \"f\" using FTS5 (a,b)"]);
}
