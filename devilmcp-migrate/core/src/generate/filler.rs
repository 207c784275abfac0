//! What stands in for values that do not come back.

use crate::schema::affinity::Affinity;
use crate::schema::name::Ident;
use crate::schema::table::{Column, Rule, Table};

/// A value for a column of `table` in rows that have none, as different from row to row as the `rowid` if it must be.
pub(super) fn filler(table: &Table, column: &Column, rowid: Option<&str>) -> String {
    let is_any = ["", "ANY"].contains(&column.declared_type.as_str());
    let affinity = Affinity::of(&column.declared_type);
    match rowid.filter(|_| is_unique(table, &column.name)) {
        Some(rowid) if is_any => rowid.to_owned(),
        Some(rowid) => match affinity {
            Affinity::Text => format!("CAST({rowid} AS TEXT)"),
            Affinity::Blob => format!("CAST({rowid} AS BLOB)"),
            Affinity::Integer | Affinity::Real | Affinity::Numeric => rowid.to_owned(),
        },
        None if is_any => "''".to_owned(),
        None => match affinity {
            Affinity::Text => "''",
            Affinity::Blob => "x''",
            Affinity::Integer | Affinity::Real | Affinity::Numeric => "0",
        }
        .to_owned(),
    }
}

fn is_unique(table: &Table, column: &Ident) -> bool {
    table.constraints.iter().any(|constraint| match &constraint.rule {
        Rule::PrimaryKey { terms, .. } | Rule::Unique(terms) => {
            terms.len() == 1 && terms[0].expression.column().as_ref() == Some(column)
        }
        Rule::Check(_) | Rule::ForeignKey { .. } => false,
    })
}
