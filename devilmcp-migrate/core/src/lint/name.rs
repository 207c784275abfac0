//! `reserved_name`: <https://sqlite.org/lang_keywords.html>, and <https://sqlite.org/lang_createtable.html#rowid>

use super::family::Family;
use super::finding::{Finding, Subject};
use super::spot::Spot;
use crate::place;
use crate::schema::Key;
use crate::schema::name::Ident;
use crate::schema::sql::{Sql, is_keyword};
use crate::schema::table::{Constraint, Rule};

/// Names of a table, its columns and its indexes that have to stand in quotes wherever they are used, and columns that hide
/// the rowid.
pub(super) fn reserved(family: &Family<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    if is_word(&family.name) {
        found.push(keyword(Subject::Table, &format!("table `{}`", family.name)));
    }
    for column in &family.table.columns {
        let subject = || Subject::Columns(vec![column.name.clone()]);
        let shown = format!("column `{}.{}`", family.name, column.name);
        if is_word(&column.name) {
            found.push(keyword(subject(), &shown));
        } else if hides_rowid(family, &column.name) {
            found.push(Finding {
                subject: subject(),
                title: format!("{shown} hides the rowid"),
                label: "means this column from now on, and not the number of the row".to_owned(),
                help: None,
            });
        }
    }
    for index in family.indexes.keys().filter(|name| is_word(name)) {
        found.push(keyword(Subject::Index(index.clone(), None), &format!("index `{index}`")));
    }
    found
}

/// Where `sql` makes a view or a trigger, whose name has to stand in quotes.
pub(super) fn of_object(sql: &str, key: &Key) -> Option<Spot> {
    let made = place::making(sql, key)?;
    let range = place::of_name(sql, &made, &key.name)?;
    Some(Spot { range, title: Some(title(&key.to_string())), label: LABEL.to_owned(), namesake: None })
}

/// Whether a name is a word of SQL's.
pub(super) fn is_word(name: &Ident) -> bool {
    is_keyword(&name.as_str().to_ascii_lowercase())
}

fn keyword(subject: Subject, shown: &str) -> Finding {
    Finding { subject, title: title(shown), label: LABEL.to_owned(), help: None }
}

fn title(shown: &str) -> String {
    format!("{shown} is called by a word of SQL's")
}

fn hides_rowid(family: &Family<'_>, column: &Ident) -> bool {
    let is_name = ["rowid", "oid", "_rowid_"].iter().any(|name| column.as_str().eq_ignore_ascii_case(name));
    let is_key = |constraint: &Constraint| matches!(&constraint.rule, Rule::PrimaryKey { terms, .. } if matches!(&**terms, [term] if term.expression == Sql::name(column)));
    is_name && !family.table.without_rowid && !family.table.constraints.iter().any(is_key)
}

const LABEL: &str = "has to stand in quotes wherever it is used";
