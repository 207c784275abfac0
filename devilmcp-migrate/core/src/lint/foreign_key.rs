//! `unindexed_foreign_key`: <https://sqlite.org/foreignkeys.html#fk_indexes>

use super::family::{Family, only_present};
use super::finding::{Finding, Subject};
use crate::schema::name::Ident;
use crate::schema::sql::Sql;
use crate::schema::table::{Constraint, Rule};

/// The foreign keys for which SQLite has to read all of the child when a row of the parent goes or gets another key.
///
/// It looks rows up by equality in all of the columns, so any index that begins with one of them will do.
pub(super) fn unindexed(family: &Family<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for Constraint { rule, .. } in &family.table.constraints {
        let Rule::ForeignKey { columns, parent, .. } = rule else { continue };
        let subject = Subject::Columns(columns.clone());
        if !is_served(family, columns) && found.iter().all(|other| other.subject != subject) {
            found.push(finding(family, columns, parent, subject));
        }
    }
    found
}

fn is_served(family: &Family<'_>, columns: &[Ident]) -> bool {
    let is_one = |term: Option<Ident>| term.is_some_and(|term| columns.contains(&term));
    let whole = family.lists().any(|list| is_one(list.terms.first().and_then(|term| term.expression.column())));
    whole
        || family.indexes.values().any(|index| {
            let first = index.terms.first().and_then(|term| term.expression.column());
            is_one(first) && index.filter.as_ref().is_some_and(|filter| is_one(only_present(filter)))
        })
}

fn finding(family: &Family<'_>, columns: &[Ident], parent: &Ident, subject: Subject) -> Finding {
    let table = &family.name;
    let names: Vec<&str> = columns.iter().map(Ident::as_str).collect();
    let list: Vec<String> = columns.iter().map(|column| Sql::name(column).to_string()).collect();
    let shown =
        if let [name] = &*names { format!("`{table}.{name}`") } else { format!("`{table}` ({})", names.join(", ")) };
    let index = Ident::new(format!("{}_{}", table.as_str(), names.join("_")));
    Finding {
        subject,
        title: format!("the foreign key {shown} has no index"),
        label: "no index begins with this".to_owned(),
        help: Some(format!(
            "`CREATE INDEX {} ON {} ({})`: without it, deleting a row of `{parent}` reads all of `{table}`; if that may be, `-- migrate: allow(unindexed_foreign_key) reason`",
            Sql::name(&index),
            Sql::name(table),
            list.join(", "),
        )),
    }
}
