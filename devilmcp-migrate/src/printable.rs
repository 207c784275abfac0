//! Texts that others have written, made safe for a terminal.

use std::fmt::{self, Write};

/// A text with nothing in it that a terminal would obey: names come from a file that somebody else may have written.
#[cfg(feature = "cli")]
pub(crate) fn printable(text: &str) -> String {
    escape(text, char::is_control, |letter| letter.escape_default().to_string())
}

/// The same of all that is written to it. Of what a terminal obeys, a tab is left: it stands in statements.
pub(crate) struct Printable<'a, 'f>(pub(crate) &'a mut fmt::Formatter<'f>);

impl Write for Printable<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let is_control = |letter: char| letter.is_control() && letter != '\t';
        self.0.write_str(&escape(text, is_control, |letter| letter.escape_default().to_string()))
    }
}

pub(crate) fn escape(text: &str, is_control: impl Fn(char) -> bool, escaped: impl Fn(char) -> String) -> String {
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
