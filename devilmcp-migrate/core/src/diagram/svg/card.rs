//! A table or a view as a card.

use std::fmt::Write as _;

use crate::diagram::layout::{Place, Size, length};
use crate::diagram::model::{Change, Column, Role, Sort, Table, View};
use crate::diagram::text::{self, cut, xml};

/// The part of a card with the name.
const HEAD: i32 = 34;
/// One column.
const ROW: i32 = 24;
/// A line below the columns.
const NOTE: i32 = 20;
/// Below everything.
const FOOT: i32 = 6;
/// Left and right.
const PAD: i32 = 12;
/// One badge, with the room behind it.
const BADGE: i32 = 26;
/// The sign of a change.
const SIGN: i32 = 14;
/// The most letters of a name, and of a type.
const MOST: (i32, i32) = (36, 24);

/// One card.
#[derive(Debug)]
pub(super) struct Card<'a> {
    id: String,
    class: &'static str,
    name: &'a str,
    about: String,
    change: Change,
    columns: &'a [Column],
    /// Of what a view reads.
    names: &'a [String],
    notes: Vec<String>,
    is_compared: bool,
}

impl<'a> Card<'a> {
    pub(super) fn of_table(at: usize, table: &'a Table, is_compared: bool) -> Self {
        let (class, about) = match &table.sort {
            Sort::Ordinary => ("table", table.options().collect::<Vec<_>>().join(", ")),
            Sort::Virtual(module) => ("table virtual", module.clone()),
            Sort::Missing => ("table missing", "missing".to_owned()),
        };
        let several = table.unique.iter().filter(|key| key.len() > 1 && **key != table.primary_key);
        let mut notes: Vec<String> = several.map(|key| format!("UNIQUE ({})", table.names(key))).collect();
        if table.primary_key.len() > 1 {
            notes.insert(0, format!("PRIMARY KEY ({})", table.names(&table.primary_key)));
        }
        let (id, columns, names) = (format!("t{at}"), &*table.columns, &[][..]);
        Self { id, class, name: &table.name, about, change: table.change, columns, names, notes, is_compared }
    }

    pub(super) fn of_view(at: usize, view: &'a View, is_compared: bool) -> Self {
        let (id, class, about) = (format!("v{at}"), "table view", "view".to_owned());
        let (columns, names, notes) = (&[][..], &*view.reads, Vec::new());
        Self { id, class, name: &view.name, about, change: view.change, columns, names, notes, is_compared }
    }

    pub(super) fn size(&self) -> Size {
        let about = if self.about.is_empty() { 0 } else { 16 + wide(&cut(&self.about, MOST.1), 10) };
        let head = 2 * PAD + wide(&cut(self.name, MOST.0), 13) + about;
        let rows = self.columns.iter().map(|column| {
            let declared = wide_type(column);
            self.indent() + wide(&cut(&column.name, MOST.0), 12) + 20 + declared + 14 + PAD
        });
        let names = self.names.iter().map(|name| 2 * PAD + wide(&cut(name, MOST.0), 12) + SIGN);
        let notes = self.notes.iter().map(|note| 2 * PAD + wide(&cut(note, MOST.0), 10));
        let width = rows.chain(names).chain(notes).chain([head, 168]).max().unwrap_or(head);
        // Even, so that the middle is a whole number.
        let width = width + width % 2;
        Size { width, height: self.below_rows() + NOTE * length(self.notes.len()) + FOOT }
    }

    fn below_rows(&self) -> i32 {
        HEAD + ROW * length(self.columns.len() + self.names.len()) + if self.notes.is_empty() { 0 } else { 4 }
    }

    /// Where the names of columns begin.
    fn indent(&self) -> i32 {
        let most = self.columns.iter().map(|column| keys(column).count()).max().unwrap_or(0);
        self.before_keys() + BADGE * length(most)
    }

    fn before_keys(&self) -> i32 {
        PAD + if self.is_compared { SIGN } else { 0 }
    }

    pub(super) fn draw(&self, svg: &mut String, Place { x, y, width, height }: Place) {
        let Self { id, class, name, about, change, columns, names, notes, is_compared } = self;
        let state = change.word().or(is_compared.then_some("kept")).map(|word| format!(" {word}")).unwrap_or_default();
        let _ = writeln!(
            svg,
            "<g class=\"{class}{state}\" id=\"{id}\" transform=\"translate({x} {y})\">{}<rect class=\"box\" width=\"{width}\" height=\"{height}\" rx=\"7\"/><path class=\"top\" d=\"M0 {HEAD}V7a7 7 0 0 1 7-7H{}a7 7 0 0 1 7 7V{HEAD}z\"/><text class=\"nam\" x=\"{PAD}\" y=\"22\">{}</text>{}",
            if text::columns(name) > MOST.0 { format!("<title>{}</title>", xml(name)) } else { String::new() },
            width - 7,
            xml(&cut(name, MOST.0)),
            if about.is_empty() {
                String::new()
            } else {
                format!("<text class=\"abt\" x=\"{}\" y=\"22\">{}</text>", width - PAD, xml(&cut(about, MOST.1)))
            },
        );
        for (at, column) in columns.iter().enumerate() {
            self.row(svg, column, HEAD + ROW * length(at), width);
        }
        for (at, name) in names.iter().enumerate() {
            let (y, name) = (HEAD + ROW * length(at) + 16, cut(name, MOST.0));
            let _ = writeln!(svg, "<text class=\"t rd\" x=\"{PAD}\" y=\"{y}\">← {}</text>", xml(&name));
        }
        for (at, note) in notes.iter().enumerate() {
            let y = self.below_rows() + NOTE * length(at) + 12;
            let _ = writeln!(svg, "<text class=\"not\" x=\"{PAD}\" y=\"{y}\">{}</text>", xml(&cut(note, MOST.0)));
        }
        svg.push_str("</g>\n");
    }

    fn row(&self, text: &mut String, column: &Column, y: i32, width: i32) {
        let tip = tip(column);
        text.push_str("<g>");
        if !tip.is_empty() {
            let _ = write!(text, "<title>{}</title>", xml(&tip));
        }
        let has_changed =
            self.change != Change::Added && self.change != Change::Removed && column.change != Change::Kept;
        if let Some(word) = column.change.word() {
            if has_changed {
                let _ =
                    write!(text, "<rect class=\"{word}\" x=\"1\" y=\"{y}\" width=\"{}\" height=\"{ROW}\"/>", width - 2);
            }
            let sign = match column.change {
                Change::Removed => "−",
                Change::Changed => "~",
                Change::Added | Change::Kept => "+",
            };
            let _ = write!(text, "<text class=\"sgn\" x=\"{PAD}\" y=\"{}\">{sign}</text>", y + 16);
        }
        for (at, key) in keys(column).enumerate() {
            let x = self.before_keys() + BADGE * length(at);
            let _ = write!(text, "<use href=\"#{key}\" x=\"{x}\" y=\"{}\"/>", y + 8);
        }
        let weight = if column.roles.contains(&Role::Primary) { " class=\"key\"" } else { "" };
        let _ = write!(
            text,
            "<text{weight} x=\"{}\" y=\"{}\">{}</text>",
            self.indent(),
            y + 16,
            xml(&cut(&column.name, MOST.0))
        );
        if !column.declared_type.is_empty() {
            let _ = write!(
                text,
                "<text class=\"t\" x=\"{}\" y=\"{}\">{}</text>",
                width - PAD - 14,
                y + 16,
                xml(&cut(&column.declared_type, MOST.1))
            );
        }
        let dot = if column.not_null { "nn" } else { "nu" };
        let _ = writeln!(text, "<use href=\"#{dot}\" x=\"{}\" y=\"{}\"/></g>", width - PAD - 3, y + ROW / 2);
    }
}

fn wide_type(column: &Column) -> i32 {
    if column.declared_type.is_empty() { 0 } else { wide(&cut(&column.declared_type, MOST.1), 11) }
}

/// How far below the top of a card the middle of a column is, or of the name.
pub(super) fn middle(column: Option<usize>) -> i32 {
    column.map_or(HEAD / 2, |at| HEAD + ROW * length(at) + ROW / 2)
}

/// The badges of a column.
fn keys(column: &Column) -> impl Iterator<Item = &'static str> {
    column.roles.iter().map(|role| match role {
        Role::Primary => "pk",
        Role::Foreign => "fk",
        Role::Unique => "uq",
    })
}

/// What there is no room for.
fn tip(column: &Column) -> String {
    let mut words = Vec::new();
    words.extend((text::columns(&column.name) > MOST.0).then(|| column.name.clone()));
    let is_cut = text::columns(&column.declared_type) > MOST.1;
    words.extend(is_cut.then(|| column.declared_type.clone()));
    words.extend(column.default.as_ref().map(|default| format!("DEFAULT {default}")));
    words.extend(column.collation.as_ref().map(|collation| format!("COLLATE {collation}")));
    words.extend(column.generated.as_ref().map(|generated| format!("AS {generated}")));
    words.extend(column.was.as_ref().map(|was| format!("was {was}")));
    words.join(" ")
}

/// What the cards use for keys, and for whether there may be nothing.
pub(super) fn badges() -> String {
    let badge = |id: &str, label: &str| {
        format!(
            "<g id=\"{id}\"><rect class=\"erd-{id}\" y=\"-2\" width=\"22\" height=\"13\" rx=\"3\"/><text class=\"erd-bdg erd-{id}\" x=\"11\" y=\"8\">{label}</text></g>"
        )
    };
    let dots = "<circle id=\"nn\" class=\"erd-nn\" r=\"3.5\"/><circle id=\"nu\" class=\"erd-nu\" r=\"3\"/>";
    [("pk", "PK"), ("fk", "FK"), ("uq", "UQ")].map(|(id, label)| badge(id, label)).concat() + dots
}

/// How wide a text is in a font of this height in which every letter is equally wide.
fn wide(text: &str, height: i32) -> i32 {
    (text::columns(text) * height * 61 + 99) / 100
}
