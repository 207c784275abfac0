//! `redundant_index` and `prefix_index`

use super::family::{Family, List};
use super::finding::{Finding, Subject};
use crate::schema::index::{Index, Term};
use crate::schema::name::Ident;
use crate::schema::sql::Sql;

/// The indexes that are over exactly what another index, or a key, is over: the same terms, in the same order, under the same
/// collations, and all rows. One that keeps rows from being alike is needed unless the other does so, too.
pub(super) fn redundant(family: &Family<'_>) -> Vec<Finding> {
    beside_another(family, |index, name, list| {
        // Of two that do the same, one is needed.
        let is_later = list.index.is_none_or(|other| other < name);
        let is_weaker = list.is_unique && !index.unique;
        list.terms.len() == index.terms.len() && (is_weaker || (list.is_unique == index.unique && is_later))
    })
}

/// The indexes with which a longer one begins. They may be worth their while: they are smaller, and rows that are alike in
/// them come in the order of the rowid.
pub(super) fn prefixes(family: &Family<'_>) -> Vec<Finding> {
    beside_another(family, |index, _, list| list.terms.len() > index.terms.len() && !index.unique)
}

fn beside_another(family: &Family<'_>, serves: impl Fn(&Index, &Ident, &List<'_>) -> bool) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, index) in family.indexes.iter().filter(|(_, index)| index.filter.is_none()) {
        let begins = |list: &List<'_>| {
            let pairs = index.terms.iter().zip(list.terms);
            pairs.clone().count() == index.terms.len()
                && pairs.into_iter().all(|(our, their)| resolved(family, our) == resolved(family, their))
        };
        let mut others = family.lists().filter(|list| list.index != Some(name));
        if let Some(list) = others.find(|list| serves(index, name, list) && begins(list)) {
            found.push(finding(name, index, &list));
        }
    }
    found
}

/// The term with the collation that it has without a word about it.
fn resolved(family: &Family<'_>, term: &Term) -> (Sql, bool) {
    let column = term.expression.column().filter(|column| Sql::name(column) == term.expression);
    let collation = column.and_then(|column| {
        let column = family.table.columns.iter().find(|known| known.name == column)?;
        Some(column.collation.clone().unwrap_or_else(|| Ident::new("binary")))
    });
    let expression = match collation {
        Some(collation) => term.expression.clone().collated(&Sql::name(&collation)),
        None => term.expression.clone(),
    };
    (expression, term.descending)
}

fn finding(name: &Ident, index: &Index, list: &List<'_>) -> Finding {
    let other = match list.index {
        Some(other) => format!("index `{other}`"),
        None => format!("the {} of `{}`", list.what, index.table),
    };
    let title = if list.terms.len() > index.terms.len() {
        format!("index `{name}` is the beginning of {other}")
    } else if list.index.is_some() && list.is_unique == index.unique {
        format!("index `{name}` is the same as {other}")
    } else {
        format!("index `{name}` does nothing that {other} does not do")
    };
    let terms: Vec<String> = list.terms.iter().map(ToString::to_string).collect();
    Finding {
        subject: Subject::Index(name.clone(), list.index.cloned()),
        title,
        label: format!("{other} is over ({})", terms.join(", ")),
        help: None,
    }
}
