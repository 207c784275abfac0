//! The migrations of a program as constant data: one text, and for each migration a row of bytes that says where its parts are.
//!
//! There is no pointer in it. A program that can be loaded anywhere, as nearly all can, needs a relocation for each: 24 bytes in
//! the file, and a page that is written to at every start. And to a compiler it is three literals, whatever the number of
//! migrations.

use std::cmp::Ordering;

use crate::digest::Digest;
use crate::migration::Migration;
use crate::mode::Mode;
use crate::standing::Standing;

/// The migrations of a program, oldest first.
#[derive(Clone, Copy)]
pub struct Packed {
    /// Of each migration its name, its way up and its way down, one after the other.
    text: &'static str,
    rows: &'static [Row],
    /// None if they count from 1.
    numbers: &'static [[u8; 8]],
}

/// Where the text of the migration ends (4 bytes), how long its name (2) and its way up (4) are, how it is (1), and its digest.
/// What is longer than a byte is little-endian.
type Row = [u8; 4 + 2 + 4 + 1 + 32];

/// It has a way down.
const REVERSIBLE: u8 = 1;
const LOCKED: u8 = 2;
const ENFORCED: u8 = 4;
const ALONE: u8 = 8;

impl Packed {
    /// No migrations.
    pub const EMPTY: Self = Self::new("", b"", b"");

    /// Those that these literals hold.
    pub const fn new(text: &'static str, rows: &'static [u8], numbers: &'static [u8]) -> Self {
        Self { text, rows: rows.as_chunks().0, numbers: numbers.as_chunks().0 }
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Migration<'static>> {
        (0..self.len()).map(|at| self.get(at))
    }

    /// The oldest.
    pub fn first(&self) -> Option<Migration<'static>> {
        self.iter().next()
    }

    /// The newest.
    pub fn last(&self) -> Option<Migration<'static>> {
        self.iter().next_back()
    }

    /// The one with this number.
    pub fn find(&self, number: i64) -> Option<Migration<'static>> {
        self.position(number).map(|at| self.get(at))
    }

    /// The number of the one at this place, counted from 0.
    pub const fn number(&self, at: usize) -> i64 {
        if at < self.numbers.len() { i64::from_le_bytes(self.numbers[at]) } else { (at as u64).cast_signed() + 1 }
    }

    /// The name of the one at this place; empty if there is none.
    pub const fn name(&self, at: usize) -> &'static str {
        if at < self.len() { self.texts(at)[0] } else { "" }
    }

    fn get(&self, at: usize) -> Migration<'static> {
        let [name, up, down] = self.texts(at);
        let Fields { how, digest, .. } = Fields::of(&self.rows[at]);
        Migration {
            number: self.number(at),
            name,
            up,
            down: (how & REVERSIBLE != 0).then_some(down),
            digest,
            standing: if how & LOCKED == 0 { Standing::Draft } else { Standing::Locked },
            mode: match how & (ENFORCED | ALONE) {
                0 => Mode::Plain,
                ENFORCED => Mode::Enforced,
                _ => Mode::Alone,
            },
        }
    }

    fn position(&self, number: i64) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.number(middle).cmp(&number) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The name, the way up, and the way down of the one at this place.
    const fn texts(&self, at: usize) -> [&'static str; 3] {
        let start = if at == 0 { 0 } else { Fields::of(&self.rows[at - 1]).end };
        let Fields { end, name, up, .. } = Fields::of(&self.rows[at]);
        let (whole, _) = cut(self.text, end);
        let (_, whole) = cut(whole, start);
        let (name, ways) = cut(whole, name);
        let (up, down) = cut(ways, up);
        [name, up, down]
    }
}

/// Not the text: there may be megabytes of it.
impl std::fmt::Debug for Packed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packed").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// What a row says.
struct Fields {
    end: usize,
    name: usize,
    up: usize,
    how: u8,
    digest: Digest,
}

impl Fields {
    const fn of(row: &Row) -> Self {
        let [end0, end1, end2, end3, name0, name1, up0, up1, up2, up3, how, digest @ ..] = *row;
        Self {
            end: u32::from_le_bytes([end0, end1, end2, end3]) as usize,
            name: u16::from_le_bytes([name0, name1]) as usize,
            up: u32::from_le_bytes([up0, up1, up2, up3]) as usize,
            how,
            digest: Digest(digest),
        }
    }
}

/// What is before `at` and what is after it. It is within the text, and between two letters, in all that [`Literals`] makes.
const fn cut(text: &'static str, at: usize) -> (&'static str, &'static str) {
    match text.split_at_checked(at) {
        Some(halves) => halves,
        None => (text, ""),
    }
}

/// What [`Packed::new`] takes.
#[derive(Debug, Default)]
pub struct Literals {
    /// The text.
    pub text: String,
    /// The rows.
    pub rows: Vec<u8>,
    /// The numbers; empty if they count from 1.
    pub numbers: Vec<u8>,
}

impl Literals {
    /// Those for these migrations; none if their text is longer than 4 GiB.
    pub fn of<'a>(migrations: impl Iterator<Item = Migration<'a>>) -> Option<Self> {
        let Self { mut text, mut rows, mut numbers } = Self::default();
        let mut counts = true;
        for (number, migration) in (1..).zip(migrations) {
            let Migration { number: own, name, up, down, digest, standing, mode } = migration;
            counts &= own == number;
            numbers.extend_from_slice(&own.to_le_bytes());
            for part in [name, up, down.unwrap_or_default()] {
                text.push_str(part);
            }
            rows.extend_from_slice(&u32::try_from(text.len()).ok()?.to_le_bytes());
            rows.extend_from_slice(&u16::try_from(name.len()).ok()?.to_le_bytes());
            rows.extend_from_slice(&u32::try_from(up.len()).ok()?.to_le_bytes());
            let reversible = if down.is_some() { REVERSIBLE } else { 0 };
            let locked = if standing == Standing::Locked { LOCKED } else { 0 };
            let mode = match mode {
                Mode::Plain => 0,
                Mode::Enforced => ENFORCED,
                Mode::Alone => ALONE,
            };
            rows.push(reversible | locked | mode);
            rows.extend_from_slice(&digest.0);
        }
        if counts {
            numbers.clear();
        }
        Some(Self { text, rows, numbers })
    }

    /// The migrations, which stay until the process ends.
    pub fn leak(self) -> Packed {
        let Self { text, rows, numbers } = self;
        Packed::new(text.leak(), rows.leak(), numbers.leak())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migrations(first: i64) -> Vec<Migration<'static>> {
        let modes = [Mode::Plain, Mode::Enforced, Mode::Alone];
        let downs = [Some("DROP TABLE größe;"), None, Some("")];
        let each = |(number, at): (i64, usize)| Migration {
            number,
            name: ["a", "längst", "add_tags"][at % 3],
            up: ["", "CREATE TABLE größe (a);", "x"][at / 3 % 3],
            down: downs[at / 9 % 3],
            digest: Digest::of_text(&number.to_string()),
            standing: if at % 2 == 0 { Standing::Draft } else { Standing::Locked },
            mode: modes[at / 27 % 3],
        };
        (first..).zip(0..81).map(each).collect()
    }

    #[test]
    fn what_was_packed_is_found() {
        for first in [1, 2, 20_261_122_210_600] {
            let migrations = migrations(first);
            let literals = Literals::of(migrations.iter().copied()).unwrap();
            assert_eq!(literals.numbers.is_empty(), first == 1);
            let packed = literals.leak();
            assert_eq!(packed.iter().collect::<Vec<_>>(), migrations);
            assert_eq!((packed.first(), packed.last()), (migrations.first().copied(), migrations.last().copied()));
            for (at, migration) in migrations.iter().enumerate() {
                assert_eq!(packed.find(migration.number), Some(*migration));
                assert_eq!((packed.number(at), packed.name(at)), (migration.number, migration.name));
            }
            for other in [0, first - 1, first + 81, i64::MAX] {
                assert_eq!(packed.find(other), None);
            }
            assert_eq!(packed.name(81), "");
        }
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        assert!(Packed::EMPTY.is_empty() && Packed::EMPTY.first().is_none() && Packed::EMPTY.find(1).is_none());
    }

    /// Whatever garbles the data, it is read without a panic.
    #[test]
    fn garbled_rows_are_read() {
        let packed = Packed::new("größe", &[3; 43 * 3 + 7], &[1; 8]);
        assert_eq!(packed.iter().count(), 3);
    }
}
