//! Names, cut and escaped for where they are drawn.

use std::borrow::Cow;

/// A text in which everything can be seen: what a terminal would obey, what turns the direction of letters, and what XML does not
/// take, is escaped; of a text without letters, its quotes are shown.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let is_hidden = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
            || matches!(letter, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    if text.is_empty() {
        return Cow::Borrowed("\"\"");
    }
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_hidden(letter) { shown.extend(letter.escape_default()) } else { shown.push(letter) }
    }
    Cow::Owned(shown)
}

/// The same as the text of an XML or HTML element, or of an attribute in double quotes.
pub(super) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in visible(text).chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// How many columns a text takes where all letters are equally wide: those of East Asia, and pictures, take two.
pub(super) fn columns(text: &str) -> i32 {
    text.chars().map(wide).sum()
}

/// The text, or as much of it as these columns have room for, and a mark that there is more.
pub(super) fn cut(text: &str, most: i32) -> Cow<'_, str> {
    let shown = visible(text);
    if columns(&shown) <= most {
        return shown;
    }
    let mut left = most - 1;
    let room = |letter: &char| {
        left -= wide(*letter);
        left >= 0
    };
    Cow::Owned(shown.chars().take_while(room).chain(['…']).collect())
}

/// As terminals have it: <https://www.unicode.org/reports/tr11/>, by blocks, and marks that stand on the letter before them.
fn wide(letter: char) -> i32 {
    match u32::from(letter) {
        0x0300..=0x036f | 0x0483..=0x0489 | 0x0591..=0x05bd | 0x064b..=0x065f | 0x20d0..=0x20ff | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_seen_is_escaped() {
        assert_eq!(visible(""), "\"\"");
        assert_eq!(visible("a\u{1b}[2J\n\u{202e}b"), "a\\u{1b}[2J\\n\\u{202e}b");
        assert_eq!(xml("<b a=\"1\">'&\u{0}"), "&lt;b a=&quot;1&quot;&gt;&#39;&amp;\\u{0}");
    }

    #[test]
    fn a_text_that_is_too_long_is_cut() {
        assert_eq!((cut("tasks", 5).as_ref(), cut("tasks", 4).as_ref()), ("tasks", "tas…"));
        assert_eq!((columns("テーブル"), cut("テーブル", 6).as_ref()), (8, "テー…"));
    }
}
