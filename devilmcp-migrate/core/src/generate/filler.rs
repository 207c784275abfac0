//! What stands in for values that do not come back.

use crate::schema::name::Ident;
use crate::schema::table::{Column, Rule, Table};

/// A value for a column of `table` in rows that have none, as different from row to row as the `rowid` if it must be.
pub(super) fn filler(table: &Table, column: &Column, rowid: Option<&str>) -> String {
    let affinity = Affinity::of(column);
    match rowid.filter(|_| is_unique(table, &column.name)) {
        Some(rowid) => match affinity {
            Affinity::Text => format!("CAST({rowid} AS TEXT)"),
            Affinity::Blob => format!("CAST({rowid} AS BLOB)"),
            Affinity::Number | Affinity::Any => rowid.to_owned(),
        },
        None => match affinity {
            Affinity::Text | Affinity::Any => "''",
            Affinity::Blob => "x''",
            Affinity::Number => "0",
        }
        .to_owned(),
    }
}

#[derive(Debug, Clone, Copy)]
enum Affinity {
    Number,
    Text,
    Blob,
    Any,
}

impl Affinity {
    /// By the rules of <https://sqlite.org/datatype3.html#determination_of_column_affinity>.
    fn of(column: &Column) -> Self {
        let has = |part: &str| column.declared_type.contains(part);
        if has("INT") {
            Self::Number
        } else if ["CHAR", "CLOB", "TEXT"].into_iter().any(has) {
            Self::Text
        } else if has("BLOB") {
            Self::Blob
        } else if column.declared_type.is_empty() || column.declared_type == "ANY" {
            Self::Any
        } else {
            Self::Number
        }
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
