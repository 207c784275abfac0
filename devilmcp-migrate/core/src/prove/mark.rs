//! Values that can be recognised wherever a migration takes them.
//!
//! A mark is a number that no migration writes by itself. It is stored as a number, as text, in JSON or as a date, and found
//! again when it was cast, concatenated, moved into an array, or turned from a date into seconds and back.

use std::collections::BTreeMap;

/// One mark: the how-many-eth, below [`MOST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Mark(i64);

/// How often each mark occurs.
pub(super) type Counts = BTreeMap<Mark, usize>;

/// Marks are written as eleven digits that begin with `7`, so far from each other that adding a little to one gives none.
const BASE: i64 = 70_000_000_000;
const STEP: i64 = 1_000;
const MOST: i64 = 10_000_000;
/// Marks that are whole days are counted from 1 January of this year.
const DAY_YEAR: i64 = 3000;
const DAYS: i64 = 2_000_000;

impl Mark {
    /// The n-th mark.
    pub(super) fn new(n: i64) -> Self {
        Self(n.rem_euclid(MOST))
    }

    /// As a whole number.
    pub(super) fn number(self) -> i64 {
        BASE + self.0 * STEP
    }

    /// As `YYYY-MM-DD hh:mm:ss`: the second that [`number`](Self::number) is since 1970.
    pub(super) fn timestamp(self) -> String {
        let (day, second) = (self.number().div_euclid(86_400), self.number().rem_euclid(86_400));
        let (year, month, day) = date(day);
        format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
    }

    /// As `YYYY-MM-DD`.
    pub(super) fn day(self) -> String {
        let (year, month, day) = date(days_before(DAY_YEAR) + self.0 % DAYS);
        format!("{year:04}-{month:02}-{day:02}")
    }

    fn from_number(number: i64) -> Option<Self> {
        let steps = number.checked_sub(BASE)?;
        (steps >= 0 && steps % STEP == 0 && steps / STEP < MOST).then_some(Self(steps / STEP))
    }

    /// Every mark in a text, as often as it occurs.
    pub(super) fn find_all(text: &str, found: &mut Counts) {
        // Plain loops: the macro is compiled without optimisation, and looks at every byte of every row.
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            while at < bytes.len() && bytes[at].is_ascii_digit() {
                at += 1;
            }
            let digits = at - start;
            if digits == 0 {
                at += 1;
            } else if let Some(mark) =
                text[start..at].get(..11).and_then(|digits| Self::from_number(digits.parse().ok()?))
            {
                *found.entry(mark).or_default() += 1;
            } else if let Some((mark, length)) = (digits == 4).then(|| dated(&text[start..])).flatten() {
                *found.entry(mark).or_default() += 1;
                at = start + length;
            }
        }
    }
}

/// The mark that a text begins with as a date, with its length.
fn dated(text: &str) -> Option<(Mark, usize)> {
    let field = |from: usize, length: usize| text.get(from..from + length)?.parse::<i64>().ok();
    let separated = |at: usize, by: &str| text.get(at..=at).is_some_and(|letter| by.contains(letter));
    if !separated(4, "-") || !separated(7, "-") {
        return None;
    }
    let day = days_before(field(0, 4)?) + day_of_year(field(0, 4)?, field(5, 2)?, field(8, 2)?)?;
    if separated(10, " T") && separated(13, ":") && separated(16, ":") {
        let number = day * 86_400 + field(11, 2)? * 3600 + field(14, 2)? * 60 + field(17, 2)?;
        return Some((Mark::from_number(number)?, 19));
    }
    let day = day - days_before(DAY_YEAR);
    (0..DAYS).contains(&day).then_some((Mark(day), 10))
}

/// Days from 1 January 1970 to 1 January of a year after it.
fn days_before(year: i64) -> i64 {
    let last = year - 1;
    (year - 1970) * 365 + (last / 4 - last / 100 + last / 400) - 477
}

fn day_of_year(year: i64, month: i64, day: i64) -> Option<i64> {
    let month = usize::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
    (day >= 1).then(|| months(year)[..month - 1].iter().sum::<i64>() + day - 1)
}

/// Year, month and day, of a day since 1 January 1970.
fn date(day: i64) -> (i64, i64, i64) {
    let mut year = 1970 + day / 366;
    while days_before(year + 1) <= day {
        year += 1;
    }
    let mut rest = day - days_before(year);
    let mut month = 1;
    for length in months(year) {
        if rest < length {
            break;
        }
        rest -= length;
        month += 1;
    }
    (year, month, rest + 1)
}

fn months(year: i64) -> [i64; 12] {
    let leap = i64::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    [31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<i64> {
        let mut counts = Counts::new();
        Mark::find_all(text, &mut counts);
        counts.into_iter().flat_map(|(mark, count)| vec![mark.0; count]).collect()
    }

    #[test]
    fn a_mark_is_found_in_every_form() {
        for n in [0, 1, 42, 86_399, 86_400, 1_999_999, MOST - 1] {
            let mark = Mark::new(n);
            assert_eq!(found(&mark.number().to_string()), [n]);
            assert_eq!(found(&format!("[\"é{}\"]", mark.number())), [n]);
            assert_eq!(found(&format!("{}.5", mark.number())), [n]);
            assert_eq!(found(&mark.timestamp()), [n]);
            assert_eq!(found(&mark.timestamp().replace(' ', "T")), [n]);
            assert_eq!(found(&format!("{0} {0}", Mark::new(7).number())), [7, 7]);
        }
        assert_eq!(found(&Mark::new(1_234).day()), [1_234]);
    }

    #[test]
    fn ordinary_values_are_no_marks() {
        for text in ["", "2026-11-22 21:00:00", "1700000000", "é7", "70", "2026-13-99", "-", "7000", "70000000001"] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn dates_agree_with_sqlite() {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        for n in (0..MOST).step_by(765_432) {
            let expected: String =
                conn.query_row("SELECT datetime(?1, 'unixepoch')", [BASE + n * STEP], |row| row.get(0)).unwrap();
            assert_eq!(Mark::new(n).timestamp(), expected);
        }
    }
}
