//! Tokens that have not been spelt yet, and the many ways to spell them.

use super::choices::Choices;

/// One token of SQL, as it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A keyword, a type or a function: its case is free.
    Word(String),
    /// A name: its case and quotes are free.
    Name(String),
    /// The same where single quotes will do as well.
    Key(String),
    /// The string of a DEFAULT, where double quotes will do as well.
    Text(String),
    /// Anything else, which can be spelt in one way only.
    Exact(String),
}

/// Names that are awkward in some way.
pub(super) const NAMES: [&str; 36] = [
    "a",
    "b",
    "title",
    "created_at",
    "order",
    "select",
    "group",
    "Key",
    "two words",
    "quo\"te",
    "tick`tick",
    "br[ack",
    "naïve",
    "ÉTÉ",
    "日本",
    "1st",
    "semi;colon",
    "com,ma",
    "pa(ren",
    "-- dash",
    "/*star",
    "check",
    "generated",
    "always",
    "null",
    "end",
    "it's",
    "dol$lar",
    "_x",
    "unique",
    "constraint",
    "desc",
    "as",
    "true",
    "primary",
    "default",
];

/// `PRIMARY KEY (` -> its words and signs.
pub(super) fn pieces(sql: &str) -> Vec<Piece> {
    sql.split_whitespace().map(piece).collect()
}

fn piece(text: &str) -> Piece {
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) && !text.contains('\'') {
        Piece::Word(text.to_owned())
    } else {
        Piece::Exact(text.to_owned())
    }
}

/// Tokens -> text, in one of many ways.
pub(super) fn spell(pieces: &[Piece], style: &mut Choices) -> String {
    let mut text = String::new();
    for piece in pieces {
        if !text.is_empty() {
            text.push_str(&filler(style));
        }
        text.push_str(&spell_one(piece, style));
    }
    text
}

/// What may stand between two tokens, and means nothing.
pub(super) fn filler(style: &mut Choices) -> String {
    let fillers = [" ", " ", " ", "\n", "\t", "\r\n", "  ", " /* ; ' */ ", " -- ; \" (\n", "/**/", "\n--\n"];
    style.of(&fillers).to_owned()
}

fn spell_one(piece: &Piece, style: &mut Choices) -> String {
    match piece {
        Piece::Word(word) => recased(word, style),
        Piece::Exact(text) => text.clone(),
        Piece::Name(name) => spell_name(name, 3, style),
        Piece::Key(name) => spell_name(name, 4, style),
        Piece::Text(text) if style.one_in(3) => format!("\"{}\"", text.replace('"', "\"\"")),
        Piece::Text(text) => quoted(text),
    }
}

fn spell_name(name: &str, quotes: usize, style: &mut Choices) -> String {
    let name = if style.one_in(4) { recased(name, style) } else { name.to_owned() };
    if is_plain(&name) && style.flag() {
        return name;
    }
    match style.below(quotes) {
        1 if !name.contains(']') => format!("[{name}]"),
        2 => format!("`{}`", name.replace('`', "``")),
        3 => quoted(&name),
        _ => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// `'…'`
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn recased(word: &str, style: &mut Choices) -> String {
    match style.below(3) {
        1 => word.to_ascii_lowercase(),
        2 => word.to_ascii_uppercase(),
        _ => word.to_owned(),
    }
}

/// Whether a name can do without quotes: those of [`NAMES`] that are no keywords.
fn is_plain(name: &str) -> bool {
    let begins = |first: char| first.is_alphabetic() || first == '_';
    let keywords = &NAMES[..];
    let free = [
        "a",
        "b",
        "title",
        "created_at",
        "key",
        "naïve",
        "ÉtÉ",
        "日本",
        "dol$lar",
        "_x",
        "generated",
        "always",
        "desc",
    ];
    name.starts_with(begins)
        && name.chars().all(|letter| letter.is_alphanumeric() || "_$".contains(letter))
        && (!keywords.iter().any(|known| known.eq_ignore_ascii_case(name))
            || free.iter().any(|known| known.eq_ignore_ascii_case(name)))
}

/// Whether two tokens stay two when nothing stands between them.
pub(super) fn is_apart(one: &str, other: &str) -> bool {
    let sign = |text: &str| ["(", ")", ",", ";"].contains(&text);
    sign(one) || sign(other)
}
