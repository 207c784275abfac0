//! Two tables compared.

use std::fmt::Write as _;

use super::TableDifference;
use crate::schema::name::Ident;
use crate::schema::table::{Column, Generated, Table};

/// Everything in which `found` is not what is `expected`.
pub(crate) fn differences(expected: &Table, found: &Table) -> Vec<TableDifference> {
    let mut differences = Vec::new();
    for column in &expected.columns {
        match found.columns.iter().find(|other| other.name == column.name) {
            None => differences
                .push(TableDifference::MissingColumn { column: column.name.clone(), expected: describe(column) }),
            Some(other) if other == column => {}
            Some(other) => {
                let (expected, found) = (describe(column), describe(other));
                differences.push(TableDifference::Column { column: column.name.clone(), expected, found });
            }
        }
    }
    for column in &found.columns {
        if !expected.columns.iter().any(|other| other.name == column.name) {
            let found = describe(column);
            differences.push(TableDifference::UnexpectedColumn { column: column.name.clone(), found });
        }
    }
    if differences.is_empty() && !expected.columns.iter().map(name).eq(found.columns.iter().map(name)) {
        let [expected, found] = [expected, found].map(|table| {
            let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            names.join(", ")
        });
        differences.push(TableDifference::ColumnOrder { expected, found });
    }
    let missing = expected.constraints.difference(&found.constraints).cloned();
    differences.extend(missing.map(TableDifference::MissingConstraint));
    let unexpected = found.constraints.difference(&expected.constraints).cloned();
    differences.extend(unexpected.map(TableDifference::UnexpectedConstraint));
    for (option, expected, found) in
        [("STRICT", expected.strict, found.strict), ("WITHOUT ROWID", expected.without_rowid, found.without_rowid)]
    {
        if expected != found {
            differences.push(TableDifference::Option { option, expected });
        }
    }
    differences
}

fn name(column: &Column) -> &Ident {
    &column.name
}

/// `VARCHAR NOT NULL DEFAULT 'todo'`
fn describe(column: &Column) -> String {
    // In full: a property that is added and forgotten here would make two columns differ without a word.
    let Column { name: _, declared_type, not_null, default, collation, generated } = column;
    let mut text = if declared_type.is_empty() { "untyped".to_owned() } else { declared_type.clone() };
    if let Some(conflict) = not_null {
        text.push_str(" NOT NULL");
        if !conflict.as_str().is_empty() {
            let _ = write!(text, " ON CONFLICT {conflict}");
        }
    }
    if let Some(default) = default {
        let _ = write!(text, " DEFAULT {default}");
    }
    if let Some(collation) = collation {
        let _ = write!(text, " COLLATE {collation}");
    }
    if let Some(Generated { expression, stored }) = generated {
        let _ = write!(text, " AS ({expression}) {}", if *stored { "STORED" } else { "VIRTUAL" });
    }
    text
}
