//! A script is cut into statements without losing a token, and each of them is one by itself.

use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::statement::statements;
use devilmcp_migrate_core::token::{Kind, significant, tokens};

pub(super) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut end = 0;
    for token in tokens(text) {
        assert_eq!(token.start, end, "tokens leave nothing out");
        assert!(!token.text.is_empty());
        end = token.range().end;
    }
    assert_eq!(end, text.len(), "tokens leave nothing out");

    let ranges = statements(text);
    let mut before = 0;
    for range in &ranges {
        assert!(before <= range.start && range.start < range.end, "{ranges:?}");
        before = range.end;
        let statement = &text[range.clone()];
        let [whole] = &*statements(statement) else { panic!("{statement:?} is not one") };
        assert_eq!(*whole, 0..statement.len());
    }
    // Nothing but white space, comments and `;` stands outside of them.
    for token in significant(text).filter(|token| token.kind != Kind::Semicolon) {
        let at = token.range();
        assert!(ranges.iter().any(|range| range.start <= at.start && at.end <= range.end), "{token:?} is in none");
    }
    if !is_open(text) {
        assert_eq!(
            Digest::of_script(&format!("{text}\n-- It is done;")),
            Digest::of_script(text),
            "comments do not count"
        );
    }
}

/// Whether the text ends within a comment, a string or a name, and so takes in whatever follows.
fn is_open(text: &str) -> bool {
    tokens(text).last().is_some_and(|last| match last.kind {
        Kind::Space | Kind::Semicolon | Kind::Word => false,
        Kind::Comment | Kind::Quoted | Kind::String | Kind::Other => true,
    })
}
