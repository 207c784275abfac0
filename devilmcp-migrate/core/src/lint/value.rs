//! `unrepeatable_value`

use super::spot::Spot;
use crate::statement::statements;
use crate::token::{Kind, Token, significant};

/// The statements that write rows with values that are others in every run: what is random, or the time of the run.
///
/// In a DEFAULT, a view or a trigger they are for rows to come.
pub(super) fn unrepeatable(sql: &str) -> Vec<Spot> {
    let mut found = Vec::new();
    for range in statements(sql) {
        let tokens: Vec<Token<'_>> = significant(&sql[range.clone()]).collect();
        if !writes_rows(&tokens) {
            continue;
        }
        if let Some((token, label)) = (0..tokens.len()).find_map(|at| Some((&tokens[at], differs(&tokens[at..])?))) {
            let at = token.range();
            let place = range.start + at.start..range.start + at.end;
            found.push(Spot { range: place, title: None, label: label.to_owned(), namesake: None });
        }
    }
    found
}

fn writes_rows(tokens: &[Token<'_>]) -> bool {
    match tokens {
        [first, ..] if ["INSERT", "REPLACE", "UPDATE", "DELETE"].iter().any(|word| first.is(word)) => true,
        [first, ..] if first.is("WITH") => true,
        // CREATE TABLE name AS SELECT …
        [first, table, _, word, ..] => first.is("CREATE") && table.is("TABLE") && word.is("AS"),
        _ => false,
    }
}

/// Why the value that begins here is another in every run.
fn differs(tokens: &[Token<'_>]) -> Option<&'static str> {
    const TIME: &str = "is the time at which each database is upgraded";
    let [word, rest @ ..] = tokens else { return None };
    let is_one = |words: &[&str]| words.iter().any(|known| word.is(known));
    if is_one(&["CURRENT_TIMESTAMP", "CURRENT_TIME", "CURRENT_DATE"]) {
        return Some(TIME);
    }
    let [open, rest @ ..] = rest else { return None };
    if !open.is_operator("(") {
        return None;
    }
    if is_one(&["RANDOM", "RANDOMBLOB"]) {
        return Some("is another value in each database");
    }
    if !is_one(&["DATE", "TIME", "DATETIME", "JULIANDAY", "UNIXEPOCH", "STRFTIME"]) {
        return None;
    }
    let is_now = |token: &&Token<'_>| token.kind == Kind::String && token.text.eq_ignore_ascii_case("'now'");
    let arguments = &rest[..rest.iter().position(|token| token.is_operator(")"))?];
    // Without a time, they mean now.
    let is_without = match arguments {
        [] => true,
        [_] => word.is("STRFTIME"),
        _ => false,
    };
    (is_without || arguments.iter().any(|token| is_now(&token))).then_some(TIME)
}

#[cfg(test)]
mod tests {
    use super::unrepeatable;

    #[test]
    fn values_that_differ_are_found_where_they_are_written() {
        for sql in [
            "INSERT INTO t VALUES (random())",
            "UPDATE t SET a = lower(hex(randomblob(16)))",
            "REPLACE INTO t VALUES (Current_Timestamp)",
            "UPDATE t SET a = datetime('now', 'localtime')",
            "UPDATE t SET a = strftime('%s')",
            "UPDATE t SET a = unixepoch()",
            "WITH a AS (SELECT 1) INSERT INTO t SELECT julianday('NOW')",
            "CREATE TABLE b AS SELECT CURRENT_DATE",
            "DELETE FROM t WHERE a < date('now')",
        ] {
            assert_eq!(unrepeatable(sql).len(), 1, "{sql}");
        }
    }

    #[test]
    fn what_is_for_rows_to_come_is_let_pass() {
        for sql in [
            "CREATE TABLE t (a DEFAULT CURRENT_TIMESTAMP, b DEFAULT (datetime('now')), c DEFAULT (random()))",
            "CREATE VIEW v AS SELECT datetime('now')",
            "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = CURRENT_TIMESTAMP; END",
            "UPDATE t SET a = datetime(b, 'unixepoch'), c = strftime('%s', b), random = 1, d = 'now', e = 'CURRENT_TIME'",
            "UPDATE t SET \"current_timestamp\" = date",
            "INSERT INTO t (random, time) VALUES (1, 2)",
        ] {
            assert!(unrepeatable(sql).is_empty(), "{sql}");
        }
    }
}
