//! What is said of values that are gone: by which statement, where they were declared, and which copy has left them out.

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::culprit;
use super::super::trace::without_trace;
use super::{Loss, LossKind};
use crate::hazard::Hazard;
use crate::place;
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::schema::name::Ident;
use crate::schema::{Key, Kind};
use crate::script::Script;
use crate::statement::statements;
use crate::token::{Token, significant};

/// Reports what the last of `scripts` loses, statement by statement, unless it says so itself.
pub(in crate::prove) fn report(scripts: &[Script], losses: &[Loss], problems: &mut Problems) -> rusqlite::Result<()> {
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
pub(in crate::prove) fn with_declarations(mut problem: Problem, scripts: &[Script], losses: &[&Loss]) -> Problem {
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
