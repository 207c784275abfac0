//! Rows -> aligned text, a line each.

use anstyle::{AnsiColor, Style};
use comfy_table::{Table, presets};

use crate::printable::printable;

/// How a line stands out on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Head,
    Good,
    Attention,
    Bad,
}

impl Tone {
    pub(super) fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Head => Style::new().bold(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Attention => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
        }
    }
}

/// Lines with their tones, a head first, columns aligned.
pub(super) fn lines<const N: usize>(head: [&str; N], rows: &[(Tone, [String; N])]) -> Vec<(Tone, String)> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(head);
    for (_, row) in rows {
        table.add_row(row.iter().map(|cell| printable(cell)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let tones = std::iter::once(Tone::Head).chain(rows.iter().map(|(tone, _)| *tone));
    tones.zip(table.lines().map(|line| line.trim_end().to_owned())).collect()
}
