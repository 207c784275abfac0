//! Statements that SQLite takes on the schema in [`SCHEMA`], as the tokens that they are made of.

use super::choices::Choices;
use super::text::{Piece, pieces, quoted};

/// What the statements are about.
pub(super) const SCHEMA: &str = "CREATE TABLE t (a, b, \"begin; end\"); CREATE VIEW v AS SELECT a, b FROM t;";

/// Any statement.
pub(super) fn statement(choices: &mut Choices) -> Vec<Piece> {
    match choices.below(7) {
        0 => select(choices),
        1 => [pieces("INSERT INTO t ( a , b ) VALUES ("), value(choices), exact(","), value(choices), exact(")")]
            .concat(),
        2 => [pieces("UPDATE t SET b ="), value(choices), pieces("WHERE"), value(choices)].concat(),
        3 => {
            [pieces("CREATE TABLE IF NOT EXISTS"), made(choices), pieces("( a INT DEFAULT"), text(choices), exact(")")]
                .concat()
        }
        4 => [
            pieces("CREATE INDEX"),
            made(choices),
            pieces("ON t ( a ,"),
            name("b"),
            pieces("DESC ) WHERE a IS NOT NULL"),
        ]
        .concat(),
        _ => trigger(choices),
    }
}

fn select(choices: &mut Choices) -> Vec<Piece> {
    let explain = choices.of(&["", "", "EXPLAIN", "EXPLAIN QUERY PLAN"]);
    [pieces(explain), pieces("SELECT"), value(choices), exact(","), name("begin; end"), pieces("FROM t")].concat()
}

fn trigger(choices: &mut Choices) -> Vec<Piece> {
    let begin =
        choices.of(&["CREATE TRIGGER", "CREATE TEMP TRIGGER", "CREATE TEMPORARY TRIGGER", "EXPLAIN CREATE TRIGGER"]);
    let on = choices.of(&["AFTER INSERT ON t", "BEFORE UPDATE OF a , b ON t", "INSTEAD OF DELETE ON v"]);
    let mut text = [pieces(begin), pieces("IF NOT EXISTS"), made(choices), pieces(on)].concat();
    if choices.flag() {
        text.extend([pieces("FOR EACH ROW WHEN"), value(choices)].concat());
    }
    text.extend(pieces("BEGIN"));
    for _ in 0..=choices.below(3) {
        let inner = match choices.below(3) {
            0 => [pieces("SELECT"), value(choices)].concat(),
            1 => [pieces("UPDATE t SET b ="), value(choices), pieces("WHERE a = 1")].concat(),
            _ => [pieces("INSERT INTO t ( a ) VALUES ("), value(choices), exact(")")].concat(),
        };
        text.extend([inner, exact(";")].concat());
    }
    text.extend(pieces("END"));
    text
}

/// An expression without columns.
fn value(choices: &mut Choices) -> Vec<Piece> {
    let case = "CASE WHEN 1 THEN 'END;' ELSE CASE 2 WHEN 3 THEN 4 END END";
    match choices.below(4) {
        0 => {
            pieces(choices.of(&[
                "1", "1.5e-3", "x'3B'", "- 0x1F", ".5", "NULL", "1 || 2", "2 <> 3", "4 >= 5", "6 - - 7", "1 << 2",
            ]))
        }
        1 => text(choices),
        2 => pieces(case),
        _ => [pieces("coalesce ("), text(choices), pieces(", ( SELECT"), text(choices), pieces(") )")].concat(),
    }
}

fn text(choices: &mut Choices) -> Vec<Piece> {
    exact(&quoted(choices.of(&["x", "a;b", "it's", "-- no\ncomment;", "/*", "END;\n", "", "日本;", "\"", "[`"])))
}

/// The name of something that is made.
fn made(choices: &mut Choices) -> Vec<Piece> {
    name(choices.of(&["made", "trigger; end", "end", "it''s", "日本", "-- made"]))
}

fn name(name: &str) -> Vec<Piece> {
    vec![Piece::Name(name.to_owned())]
}

fn exact(text: &str) -> Vec<Piece> {
    vec![Piece::Exact(text.to_owned())]
}
