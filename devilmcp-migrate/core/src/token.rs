//! SQL text -> tokens, as SQLite's own tokenizer cuts them.
//!
//! Digests rest on this cut, so it is frozen: the golden vectors in [`digest`](crate::digest) must never change. What is
//! accepted as SQL is not decided here but by SQLite, which runs every statement.

use std::ops::Range;

/// One token and where it stands in the text it was cut from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'a> {
    /// What kind of token it is.
    pub kind: Kind,
    /// Its text, as written.
    pub text: &'a str,
    /// Its first byte.
    pub start: usize,
}

/// The kinds of token that matter to somebody here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// White space, or a byte-order mark.
    Space,
    /// `-- …` to the end of the line, or `/* … */`.
    Comment,
    /// A keyword or a bare identifier.
    Word,
    /// An identifier in double quotes, backticks or brackets.
    Quoted,
    /// A string in single quotes.
    String,
    /// A number, a blob literal, a variable or an operator.
    Other,
    /// `;`
    Semicolon,
}

impl Token<'_> {
    /// The bytes this token covers.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Whether this is the given keyword, in whatever case.
    pub fn is(&self, keyword: &str) -> bool {
        matches!(self.kind, Kind::Word) && is_same(self.text.as_bytes(), keyword.as_bytes())
    }

    /// Whether this is the given punctuation.
    pub fn is_operator(&self, operator: &str) -> bool {
        matches!(self.kind, Kind::Other) && self.text == operator
    }
}

/// Cuts `sql` into tokens; joined again, they give `sql` back.
pub fn tokens(sql: &str) -> Tokens<'_> {
    Tokens { sql, at: 0 }
}

/// The tokens that carry meaning: no space, no comments.
pub fn significant(sql: &str) -> Significant<'_> {
    Significant(tokens(sql))
}

/// See [`tokens`].
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    sql: &'a str,
    at: usize,
}

/// See [`significant`].
#[derive(Debug, Clone)]
pub struct Significant<'a>(Tokens<'a>);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if self.at == self.sql.len() {
            return None;
        }
        let start = self.at;
        let (kind, length) = first(&self.sql.as_bytes()[start..]);
        self.at += length;
        Some(Token { kind, text: &self.sql[start..self.at], start })
    }
}

// Types of our own and plain loops: the macro is compiled without optimisation, where a chain of adapters costs several
// times what they do.
impl<'a> Iterator for Significant<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let tokens = &mut self.0;
        loop {
            // Nearly every other token is a space.
            let bytes = tokens.sql.as_bytes();
            while tokens.at < bytes.len() && CLASSES[bytes[tokens.at] as usize] & SPACE != 0 {
                tokens.at += 1;
            }
            let token = tokens.next()?;
            if !matches!(token.kind, Kind::Space | Kind::Comment) {
                return Some(token);
            }
        }
    }
}

impl Significant<'_> {
    /// Steps over all tokens before the next `;`, and says where the last of them ends; none if there is none. Nothing is
    /// made of these tokens, and most are words and spaces, so they need not be looked at one by one.
    pub(crate) fn skip_to_semicolon(&mut self) -> Option<usize> {
        let Tokens { sql, at } = &mut self.0;
        let bytes = sql.as_bytes();
        let mut end = None;
        while *at < bytes.len() && bytes[*at] != b';' {
            let class = CLASSES[bytes[*at] as usize];
            if class & SPACE != 0 {
                *at += 1;
            } else if class & (WORD | DIGIT) == WORD && bytes[*at] != MARK[0] {
                *at += run(bytes, *at, WORD);
                end = Some(*at);
            } else if class & PLAIN != 0 {
                *at += 1;
                end = Some(*at);
            } else {
                let (kind, length) = first(&bytes[*at..]);
                *at += length;
                if !matches!(kind, Kind::Space | Kind::Comment) {
                    end = Some(*at);
                }
            }
        }
        end
    }
}

/// Whether a word goes on with this byte.
pub(crate) fn is_word(byte: u8) -> bool {
    is(byte, WORD)
}

/// The words from a name on, without the schema that may stand before it.
pub fn without_schema<'t, 'a>(words: &'t [Token<'a>]) -> &'t [Token<'a>] {
    match words {
        [_, dot, named @ ..] if dot.is_operator(".") && !named.is_empty() => named,
        words => words,
    }
}

/// Kind and length in bytes of the token that `bytes`, which are not empty, begin with.
fn first(bytes: &[u8]) -> (Kind, usize) {
    let next = if bytes.len() > 1 { bytes[1] } else { 0 };
    // As most do that are no space.
    if bytes[0].is_ascii_alphabetic() && next != b'\'' {
        return (Kind::Word, run(bytes, 0, WORD));
    }
    match bytes[0] {
        b';' => (Kind::Semicolon, 1),
        byte if is(byte, SPACE) => (Kind::Space, run(bytes, 0, SPACE)),
        b'-' if next == b'-' => (Kind::Comment, until(bytes, 2, b"\n")),
        b'/' if next == b'*' => (Kind::Comment, (until(bytes, 2, b"*/") + 2).min(bytes.len())),
        b'\'' => (Kind::String, quoted(bytes, b'\'')),
        quote @ (b'"' | b'`') => (Kind::Quoted, quoted(bytes, quote)),
        b'[' => (Kind::Quoted, (until(bytes, 1, b"]") + 1).min(bytes.len())),
        b'x' | b'X' if next == b'\'' => (Kind::Other, 1 + quoted(&bytes[1..], b'\'')),
        byte if is(byte, DIGIT) || (byte == b'.' && is(next, DIGIT)) => (Kind::Other, number(bytes)),
        b'?' => (Kind::Other, 1 + run(bytes, 1, DIGIT)),
        b'@' | b':' | b'#' | b'$' if is(next, WORD) => (Kind::Other, 1 + run(bytes, 1, WORD)),
        0xef if bytes.starts_with(MARK) => (Kind::Space, MARK.len()),
        byte if is(byte, WORD) => (Kind::Word, run(bytes, 0, WORD)),
        byte => (Kind::Other, operator(byte, next, bytes)),
    }
}

/// The byte-order mark.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Where `end` stands first from there on, or the length of all.
fn until(bytes: &[u8], from: usize, end: &[u8]) -> usize {
    let mut at = from;
    while at < bytes.len() {
        if bytes[at] == end[0] && bytes[at..].starts_with(end) {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// Length of the literal that begins with `quote`, which is doubled to stand for itself; unterminated, it takes the rest.
fn quoted(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < bytes.len() {
        at += 1;
        if bytes[at - 1] == quote {
            if at == bytes.len() || bytes[at] != quote {
                return at;
            }
            at += 1;
        }
    }
    bytes.len()
}

/// Length of a number: digits, point, exponent, hexadecimal, `_` between digits. SQLite swallows letters that follow (and
/// then refuses the number), so they belong to it here, too.
fn number(bytes: &[u8]) -> usize {
    let mut at = run(bytes, 0, WORD | POINT);
    let hexadecimal = bytes.len() > 1 && bytes[0] == b'0' && matches!(bytes[1], b'x' | b'X');
    let exponent = !hexadecimal && matches!(bytes[at - 1], b'e' | b'E');
    if exponent && matches!(bytes.get(at), Some(b'+' | b'-')) && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        at += 1 + run(bytes, at + 1, WORD);
    }
    at
}

/// Length of what is none of the others, and begins with these two bytes.
fn operator(byte: u8, next: u8, bytes: &[u8]) -> usize {
    match (byte, next) {
        (b'-', b'>') if bytes.len() > 2 && bytes[2] == b'>' => 3,
        (b'|', b'|') | (b'-', b'>') | (b'<', b'=' | b'>' | b'<') | (b'>', b'=' | b'>') | (b'=' | b'!', b'=') => 2,
        _ => 1,
    }
}

/// How many bytes from there on are of one of the classes. A plain loop over a table: the macro is compiled without
/// optimisation, and looks at every byte of every migration.
fn run(bytes: &[u8], from: usize, classes: u8) -> usize {
    let mut at = from;
    while at < bytes.len() && CLASSES[bytes[at] as usize] & classes != 0 {
        at += 1;
    }
    at - from
}

/// Without regard to the case of ASCII letters, which differ in one bit.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        let difference = one[at] ^ other[at];
        if difference != 0 && (difference != 0x20 || !one[at].is_ascii_alphabetic()) {
            return false;
        }
        at += 1;
    }
    true
}

fn is(byte: u8, classes: u8) -> bool {
    CLASSES[byte as usize] & classes != 0
}

const SPACE: u8 = 1;
const WORD: u8 = 2;
const DIGIT: u8 = 4;
const POINT: u8 = 8;
/// A token by itself, whatever follows.
const PLAIN: u8 = 16;

/// Of each byte, the classes that it is of. Every byte of a character beyond ASCII counts as a letter, as it does for SQLite.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    loop {
        classes[byte as usize] = match byte {
            b' ' | b'\t' | b'\n' | b'\x0c' | b'\r' => SPACE,
            b'0'..=b'9' => WORD | DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | 0x80.. => WORD,
            b'.' => POINT,
            b'(' | b')' | b',' | b'*' | b'+' => PLAIN,
            _ => 0,
        };
        if byte == u8::MAX {
            break classes;
        }
        byte += 1;
    }
};

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str) -> Vec<&str> {
        significant(sql).map(|token| token.text).collect()
    }

    #[test]
    fn joined_tokens_give_the_text_back() {
        for sql in [
            "SELECT 'it''s', \"a\"\"b\", `c`, [d e], x'0aF', 1.5e-3, .5, 0xFF, 1_000, ?1, :a, @b, $c /* ; */ -- ;\n;",
            "'unterminated",
            "/* unterminated",
            "[unterminated",
            "\u{feff}CREATE TABLE tïtle(a)\r\n",
            "~ \u{0b} \\ é ; ' '' ",
        ] {
            let joined: String = tokens(sql).map(|token| token.text).collect();
            assert_eq!(joined, sql);
        }
    }

    #[test]
    fn operators_and_literals_are_one_token_each() {
        assert_eq!(texts("a->>'$.b'||c<>1"), ["a", "->>", "'$.b'", "||", "c", "<>", "1"]);
        assert_eq!(texts("x'ab' 1e+5 1.5-2 a-1"), ["x'ab'", "1e+5", "1.5", "-", "2", "a", "-", "1"]);
        assert_eq!(texts("a--b\n-c"), ["a", "-", "c"]);
        assert_eq!(texts("\"a\"\"b\"[c]`d`"), ["\"a\"\"b\"", "[c]", "`d`"]);
    }
}
