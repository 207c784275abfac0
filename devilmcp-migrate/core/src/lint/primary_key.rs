//! `missing_primary_key`

use super::family::Family;
use super::finding::{Finding, Subject};

/// A table none of whose rows can be told from another, by a primary key or by anything else that is unique.
pub(super) fn missing(family: &Family<'_>) -> Vec<Finding> {
    if family.lists().any(|list| list.is_unique) {
        return Vec::new();
    }
    vec![Finding {
        subject: Subject::Table,
        title: format!("table `{}` has no key", family.name),
        label: "its rows may be alike in everything".to_owned(),
        help: None,
    }]
}
