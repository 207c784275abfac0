//! Virtual tables: SQLite does not alter them, so they are dropped and made again, with their rows where they keep any.

use super::direction::Direction;
use super::entry::Entry;
use super::layout::{list, names};
use super::loss::Loss;
use super::refusal::Refusal;
use super::table::free_name;
use crate::schema::name::{Ident, bare};
use crate::token::{Token, significant};

impl Direction<'_> {
    /// Makes the virtual table from the text of `entry`.
    pub(super) fn virtual_table(&mut self, entry: &Entry) -> Result<(), Refusal> {
        let table = &entry.key.name;
        let Some(old) = self.from.get(&entry.key).cloned() else { return self.add(Vec::new(), entry.script()) };
        let comment = vec![format!("{table} is made anew: virtual tables cannot be altered.")];
        let name = bare(table.as_str());
        let drop = format!("DROP TABLE {}", bare(old.key.name.as_str()));
        if !has_rows(&old.sql) || !has_rows(&entry.sql) {
            // What it shows is in another table; or it shows nothing.
            if keeps_data(&old.sql) {
                self.losses.push(Loss::Rows(table.clone()));
            }
            self.add(comment, drop)?;
            return self.add(Vec::new(), entry.script());
        }
        let (before, after) = (self.here.columns(table)?, self.there.columns(table)?);
        let kept: Vec<Ident> = after.iter().filter(|column| before.contains(column)).cloned().collect();
        let lost = before.iter().filter(|column| !after.contains(column)).cloned();
        self.losses.extend(lost.map(|column| Loss::Column { table: table.clone(), column }));
        let mut columns = names(kept.iter().map(Ident::as_str));
        // The first column of an R-Tree is its rowid.
        if !Module::of(&entry.sql).is("rtree") && !Module::of(&entry.sql).is("rtree_i32") {
            columns.insert(0, "rowid".to_owned());
        } else if before.first() != after.first() {
            return self.replace(entry, &old.key.name, comment);
        }
        let copy = bare(&free_name(self, table));
        let select = list("SELECT ", &columns, &format!(" FROM {}", bare(old.key.name.as_str())));
        self.add(comment, format!("CREATE TEMP TABLE {copy} AS\n{select}"))?;
        self.add(Vec::new(), drop)?;
        self.add(Vec::new(), entry.script())?;
        let into = list(&format!("INSERT INTO {name} ("), &columns, ")");
        self.add(Vec::new(), format!("{into}\nSELECT * FROM {copy}"))?;
        self.add(Vec::new(), format!("DROP TABLE {copy}"))
    }
}

/// Whether what is in a table is nowhere else: as it is of all but full-text indexes over other tables.
pub(super) fn keeps_data(sql: &str) -> bool {
    content(sql).is_none()
}

/// Whether a table shows what is in it: a full-text index need not.
pub(crate) fn has_rows(sql: &str) -> bool {
    Module::of(sql).content.is_none()
}

/// The table or view that a full-text index is over.
pub(crate) fn content(sql: &str) -> Option<Ident> {
    Module::of(sql).content.filter(|content| !content.as_str().is_empty())
}

/// Whether the table is a full-text index.
pub(crate) fn is_full_text(sql: &str) -> bool {
    Module::of(sql).name.is_some_and(|name| name.as_str().to_ascii_lowercase().starts_with("fts"))
}

/// What stands behind `USING`.
struct Module {
    name: Option<Ident>,
    /// `content=…` of a full-text index.
    content: Option<Ident>,
}

impl Module {
    fn of(sql: &str) -> Self {
        let tokens: Vec<Token<'_>> = significant(sql).collect();
        let is_virtual = tokens.get(1).is_some_and(|token| token.is("VIRTUAL"));
        let using = tokens.iter().position(|token| token.is("USING")).filter(|_| is_virtual);
        let rest = using.map_or(&[][..], |using| &tokens[using + 1..]);
        let name = rest.first().and_then(Ident::from_token);
        let is_index = name.as_ref().is_some_and(|name| name.as_str().to_ascii_lowercase().starts_with("fts"));
        let option = |words: &[Token<'_>]| match words {
            [before, word, equals, value, ..]
                if (before.is_operator("(") || before.is_operator(","))
                    && word.is("content")
                    && equals.is_operator("=") =>
            {
                Ident::from_token(value)
            }
            _ => None,
        };
        let content = if is_index { rest.windows(4).find_map(option) } else { None };
        Self { name, content }
    }

    fn is(&self, name: &str) -> bool {
        self.name.as_ref() == Some(&Ident::new(name))
    }
}
