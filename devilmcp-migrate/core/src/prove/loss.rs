//! What was there before and is nowhere after.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use super::contents::{Cells, Column, Contents};
use super::culprit;
use super::mark::{Counts, Mark};
use super::trace::without_trace;
use crate::hazard::Hazard;
use crate::place;
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::schema::name::Ident;
use crate::schema::{Key, Kind};
use crate::script::Script;
use crate::statement::statements;
use crate::token::{Token, significant};

/// A column some of whose values are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) table: Ident,
    pub(super) column: Ident,
    pub(super) kind: LossKind,
    pub(super) marks: BTreeSet<Mark>,
}

/// How the values went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LossKind {
    /// They are nowhere.
    Gone,
    /// They are in another column, whose values are in this one.
    Swapped(Ident),
}

/// The values of the tables `touched` that were there `before` and are nowhere `after`.
///
/// What cannot be decided is no loss: a column whose values are all new and still distinct was computed from something.
pub(super) fn losses(before: &Contents, after: &Contents, touched: &BTreeSet<Ident>) -> Vec<Loss> {
    let is_followed = |table| !before.is_opaque(table) && !after.is_opaque(table);
    let has_marks = |table| before.get(table).is_some_and(Cells::has_marks);
    if !touched.iter().all(is_followed) || !touched.iter().any(has_marks) {
        return Vec::new();
    }
    let [had, has] = [before.counts(touched.iter()), after.counts(touched.iter())];
    let mut losses = Vec::new();
    for table in touched {
        let Some(cells) = before.get(table) else { continue };
        for (name, column) in &cells.columns {
            let now = after.get(table).and_then(|cells| cells.columns.get(name));
            let mut gone = missing(column, now, &had, &has);
            gone.retain(|mark| !has_new_name(*mark, cells, after.get(table)));
            // A key that is still where it came from, in a table whose own values have all moved elsewhere: the rows were
            // merged into their parents.
            let is_merged =
                after.get(table).is_none() && own_values_survive(cells, &had, &has) && !is_relation(cells, &had);
            gone.retain(|mark| !(is_merged && has.contains_key(mark)));
            gone.retain(|mark| !(cells.is_virtual && after.occurrences(&[*mark]) > 0));
            if !gone.is_empty() && !now.is_some_and(|now| is_computed(now, &had)) {
                losses.push(Loss { table: table.clone(), column: name.clone(), kind: LossKind::Gone, marks: gone });
            }
        }
        losses.extend(after.get(table).and_then(|after| swap(table, cells, after)));
    }
    losses
}

/// Whether the table has nothing but several keys of others: then it is what they have to do with each other.
fn is_relation(cells: &Cells, had: &Counts) -> bool {
    let own = |column: &&Column| column.marks.keys().any(|mark| had.get(mark) == Some(&1));
    let mut marked = cells.columns.values().filter(|column| !column.marks.is_empty());
    marked.clone().count() > 1 && !marked.any(|column| own(&column))
}

/// Whether all marks that were in this table only are still somewhere.
fn own_values_survive(cells: &Cells, had: &Counts, has: &Counts) -> bool {
    let marks = cells.columns.values().flat_map(|column| column.marks.keys());
    marks.filter(|mark| had.get(mark) == Some(&1)).all(|mark| has.contains_key(mark))
}

/// Reports what the last of `scripts` loses, statement by statement, unless it says so itself.
pub(super) fn report(scripts: &[Script], losses: &[Loss], problems: &mut Problems) -> rusqlite::Result<()> {
    let Some((script, earlier)) = scripts.split_last().filter(|(script, _)| !script.directives.allow(Hazard::DataLoss))
    else {
        return Ok(());
    };
    let losses = without_trace(scripts, losses)?;
    for (rule, is_swap) in [(&rule::DATA_LOSS, false), (&rule::SWAPPED, true)] {
        let of_kind: Vec<&Loss> =
            losses.iter().copied().filter(|loss| matches!(loss.kind, LossKind::Swapped(_)) == is_swap).collect();
        for (statement, losses) in culprit::statements_that_lose(scripts, &script.up, &of_kind)? {
            let title = format!("{} {}", script.label(), rule.title.trim_start_matches("the migration "));
            let problem = if is_swap {
                swapped(script, statement, &losses)
            } else {
                let problem = Problem::at_text(rule, &script.up, statement.clone(), "the values are gone after this");
                with_copies(with_declarations(problem, earlier, &losses), script, &statement, &losses)
            };
            let mut problem = problem.titled(title);
            problem.notes = losses.iter().map(ToString::to_string).collect();
            problems.push(problem);
        }
    }
    Ok(())
}

/// With where what was lost was declared.
pub(super) fn with_declarations(mut problem: Problem, scripts: &[Script], losses: &[&Loss]) -> Problem {
    const MOST: usize = 3;
    let tables: BTreeSet<&Ident> = losses.iter().map(|loss| &loss.table).collect();
    for table in tables.into_iter().take(MOST) {
        let mut columns = losses.iter().filter(|loss| loss.table == *table).map(|loss| &loss.column);
        let (column, is_one) = (columns.next(), columns.next().is_none());
        let column = column.filter(|_| is_one);
        if let Some((file, range)) = place::declaration(place::ups(scripts), table, column) {
            let label = match column {
                Some(column) => format!("`{table}.{column}` is declared here"),
                None => format!("`{table}` is made here"),
            };
            problem = problem.with(file, range, label);
        }
    }
    problem
}

/// With the statement that copied the rows of a table that is then dropped, if it left out a column, or rows.
fn with_copies(mut problem: Problem, script: &Script, dropping: &Range<usize>, losses: &[&Loss]) -> Problem {
    let before = &script.up.text[..dropping.start];
    let is_drop = significant(&script.up.text[dropping.clone()]).next().is_some_and(|first| first.is("DROP"));
    let Some(first) = losses.first().filter(|_| is_drop) else { return problem };
    let copies = statements(before).into_iter().rev().find(|range| {
        let words: Vec<Token<'_>> = significant(&before[range.clone()]).collect();
        let is_copy = words.iter().any(|word| word.is("SELECT")) && !words.iter().any(|word| word.is_operator("*"));
        is_copy && place::of_name(before, range, &first.table).is_some()
    });
    let Some(range) = copies else { return problem };
    let forgotten: Vec<String> = losses
        .iter()
        .filter(|loss| loss.table == first.table && place::of_name(before, &range, &loss.column).is_none())
        .map(|loss| format!("`{}`", loss.column))
        .collect();
    let columns = (!forgotten.is_empty()).then(|| format!("this copies the rows without {}", forgotten.join(", ")));
    let rows =
        keeps(&before[range.clone()]).map(|kept| format!("of rows that are in each other's way, {kept} is kept"));
    let label: Vec<String> = columns.into_iter().chain(rows).collect();
    if !label.is_empty() {
        problem = problem.with(&script.up, range, label.join("; "));
    }
    problem
}

/// Which row a statement lets stay where there is room for one only, and says nothing.
fn keeps(statement: &str) -> Option<&'static str> {
    let words: Vec<Token<'_>> = significant(statement).take(3).collect();
    match &*words {
        [replace, ..] if replace.is("REPLACE") => Some("the last"),
        [_, or, replace] if or.is("OR") && replace.is("REPLACE") => Some("the last"),
        [_, or, ignore] if or.is("OR") && ignore.is("IGNORE") => Some("the first"),
        _ => None,
    }
}

/// Points at the two lists of columns, if a statement has both names in it.
fn swapped(script: &Script, culprit: Range<usize>, losses: &[&Loss]) -> Problem {
    let sql = &*script.up.text;
    let plain = |at| Problem::at_text(&rule::SWAPPED, &script.up, at, "the values are swapped here");
    let Some(Loss { column, kind: LossKind::Swapped(other), .. }) = losses.first() else { return plain(culprit) };
    let both = [column, other];
    let copies = |range: &Range<usize>| {
        let mut words = significant(&sql[range.clone()]);
        let copies =
            words.next().is_some_and(|first| ["INSERT", "REPLACE", "UPDATE"].iter().any(|word| first.is(word)));
        copies && both.iter().all(|name| place::of_name(sql, range, name).is_some())
    };
    let Some(range) = statements(&sql[..culprit.end]).into_iter().rev().find(copies) else { return plain(culprit) };
    let words: Vec<Token<'_>> = significant(&sql[range.clone()]).collect();
    let Some(select) = words.iter().position(|word| word.is("SELECT")) else { return plain(range) };
    let list = |words: &[Token<'_>]| {
        let named =
            || words.iter().filter(|word| both.iter().any(|name| Ident::from_token(word).as_ref() == Some(*name)));
        let (first, last) = (named().next()?.range(), named().next_back()?.range());
        Some(range.start + first.start..range.start + last.end)
    };
    let end = words[select..].iter().position(|word| word.is("FROM")).map_or(words.len(), |from| select + from);
    let Some(read) = list(&words[select..end]) else { return plain(range) };
    let problem = Problem::at_text(&rule::SWAPPED, &script.up, read, "read in this order");
    let target = words.iter().position(|word| word.is("INTO")).and_then(|into| Ident::from_token(words.get(into + 1)?));
    let written = list(&words[..select]).map(|range| (&script.up, range)).or_else(|| {
        let target = target?;
        let making = place::making(&sql[..range.start], &Key { kind: Kind::Table, name: target })?;
        let [one, two] = [place::of_name(sql, &making, both[0])?, place::of_name(sql, &making, both[1])?];
        Some((&script.up, one.start.min(two.start)..one.end.max(two.end)))
    });
    match written {
        Some((file, range)) => problem.with(file, range, "and written in this one"),
        None => problem,
    }
}

/// The marks that the column had, that it has no more, and of which there are fewer than there were.
fn missing(column: &Column, now: Option<&Column>, had: &Counts, has: &Counts) -> BTreeSet<Mark> {
    let stayed = |mark: &Mark| now.is_some_and(|now| now.marks.contains_key(mark));
    let fewer = |mark: &Mark| has.get(mark).copied().unwrap_or(0) < had.get(mark).copied().unwrap_or(0);
    column.marks.keys().filter(|mark| !stayed(mark) && fewer(mark)).copied().collect()
}

/// Whether the mark is in a column of the table that was not there before, as it is where a column was renamed.
fn has_new_name(mark: Mark, before: &Cells, after: Option<&Cells>) -> bool {
    let mut now = after.into_iter().flat_map(|after| &after.columns);
    now.any(|(name, column)| !before.columns.contains_key(name) && column.marks.contains_key(&mark))
}

/// Whether what is in the column now was computed: several values, and none of them was there before.
fn is_computed(now: &Column, had: &Counts) -> bool {
    now.is_varied && !now.marks.keys().any(|mark| had.contains_key(mark))
}

/// Two columns of a table, each of which has what the other had.
fn swap(table: &Ident, before: &Cells, after: &Cells) -> Option<Loss> {
    let moved_to = |name: &Ident, column: &Column| {
        let first = column.marks.keys().next()?;
        let there = after.columns.iter().find(|(other, now)| *other != name && now.marks.contains_key(first))?;
        let stayed = after.columns.get(name).is_none_or(|now| now.marks.contains_key(first));
        (!stayed && before.columns.contains_key(there.0)).then(|| there.0.clone())
    };
    before.columns.iter().find_map(|(name, column)| {
        let other = moved_to(name, column)?;
        let back = moved_to(&other, before.columns.get(&other)?)?;
        let marks = column.marks.keys().copied().collect();
        (back == *name).then(|| Loss {
            table: table.clone(),
            column: name.clone(),
            kind: LossKind::Swapped(other),
            marks,
        })
    })
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, column, kind, marks: _ } = self;
        match kind {
            LossKind::Gone => write!(f, "values of `{table}.{column}` are nowhere afterwards"),
            LossKind::Swapped(other) => {
                write!(f, "`{table}.{column}` and `{table}.{other}` have each other's values afterwards")
            }
        }
    }
}
