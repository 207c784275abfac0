//! Nothing that can be written into a file makes the readers panic: what is not SQL is for SQLite to refuse.

use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::directive::Directives;
use devilmcp_migrate_core::name::Name;
use devilmcp_migrate_core::problem::Problems;
use devilmcp_migrate_core::render;
use devilmcp_migrate_core::schema::Schema;
use devilmcp_migrate_core::source::SourceFile;
use devilmcp_migrate_core::statement::statements;
use devilmcp_migrate_core::token::tokens;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::config;

/// Any text at all, or one that is made of what the readers look for.
fn text() -> impl Strategy<Value = String> {
    let fragments = select(vec![
        "CREATE",
        "TABLE",
        "t",
        "(",
        ")",
        ",",
        ";",
        "'",
        "\"",
        "`",
        "[",
        "]",
        "--",
        "/*",
        "*/",
        "\n",
        "\r\n",
        " ",
        "PRIMARY",
        "KEY",
        "UNIQUE",
        "CHECK",
        "REFERENCES",
        "ON",
        "DELETE",
        "SET",
        "NULL",
        "NOT",
        "DEFAULT",
        "-",
        "+",
        "AS",
        "GENERATED",
        "ALWAYS",
        "CONSTRAINT",
        "FOREIGN",
        "COLLATE",
        "DEFERRABLE",
        "INITIALLY",
        "CONFLICT",
        "WITHOUT",
        "ROWID",
        "STRICT",
        "INDEX",
        "WHERE",
        "DESC",
        "TRIGGER",
        "BEGIN",
        "END",
        "CASE",
        "VIRTUAL",
        "USING",
        "fts5",
        "-- migrate:",
        "baseline",
        "revision(alembic, \"1\")",
        "é",
        "\u{feff}",
        "\u{0}",
        "x'",
        "1e",
        "0x",
        "@",
        "?",
        "$",
        "::",
        "->>",
        ".",
        "AUTOINCREMENT",
        "MATCH",
        "日",
    ]);
    let made = vec((fragments, any::<bool>()), 0..40).prop_map(|parts| {
        parts
            .into_iter()
            .map(|(part, space)| if space { format!("{part} ") } else { part.to_owned() })
            .collect::<String>()
    });
    prop_oneof![1 => any::<String>(), 1 => "\\PC*", 4 => made]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn joined_tokens_give_any_text_back(text in text()) {
        let mut end = 0;
        for token in tokens(&text) {
            prop_assert!(!token.text.is_empty() && token.start == end);
            prop_assert_eq!(&text[token.range()], token.text);
            end = token.range().end;
        }
        prop_assert_eq!(end, text.len());
    }

    #[test]
    fn statements_of_any_text_are_apart_and_in_order(text in text()) {
        let mut end = 0;
        for range in statements(&text) {
            prop_assert!(end <= range.start && range.start < range.end);
            prop_assert!(!text[range.clone()].trim().is_empty());
            end = range.end;
        }
        prop_assert!(end <= text.len());
    }

    #[test]
    fn any_text_has_directives_a_digest_and_perhaps_a_name(text in text(), suffix in select(vec!["", ".sql", ".down.sql", ".up.SQL"])) {
        let file = SourceFile::new("0001_a.sql", text.clone());
        let mut problems = Problems::new();
        Directives::read(&file, &mut problems);
        Directives::forbid(&file, &mut problems);
        for problem in problems.finish() {
            prop_assert!(!render::plain(&problem).is_empty());
        }
        prop_assert_eq!(Digest::of_script(&text), Digest::of_script(&file.text));
        for name in [format!("{text}{suffix}"), format!("0007_{text}{suffix}")] {
            if let Ok(parsed) = Name::parse(&name) {
                prop_assert_eq!(parsed.to_string(), name);
            }
        }
    }

    #[test]
    fn any_row_of_any_schema_is_read(
        rows in vec((select(vec!["table", "index", "view", "trigger", "table", "other"]), text(), text(), 0..4_usize), 1..6),
    ) {
        let begin = ["", "CREATE TABLE t (", "CREATE INDEX i ON t (", "CREATE VIRTUAL TABLE t USING "];
        let rows: Vec<_> = rows.into_iter().map(|(kind, name, sql, at)| (kind, name, format!("{}{sql}", begin[at]))).collect();
        let read = || Schema::from_rows(rows.iter().map(|(kind, name, sql)| (*kind, name.as_str(), sql.as_str())));
        prop_assert_eq!(read().fingerprint(), read().fingerprint());
        for object in read().0.values() {
            prop_assert!(object.to_string().len() < 1 << 20);
        }
    }
}
