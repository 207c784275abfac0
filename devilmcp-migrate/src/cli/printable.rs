//! Texts that others have written, made safe for a terminal.

/// A text with nothing in it that a terminal would obey: names come from a file that somebody else may have written.
pub(super) fn printable(text: &str) -> String {
    escape(text, char::is_control, |letter| letter.escape_default().to_string())
}

pub(super) fn escape(text: &str, is_control: impl Fn(char) -> bool, escaped: impl Fn(char) -> String) -> String {
    let mut printable = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_control(letter) || is_layout(letter) {
            printable.push_str(&escaped(letter));
        } else {
            printable.push(letter);
        }
    }
    printable
}

/// Whether it ends a line or turns the direction of the letters around it, and so shows a text as another than it is.
fn is_layout(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
