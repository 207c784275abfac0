//! File names: `0007_add_tags.sql` -> number 7, slug `add_tags`, up.

use std::fmt;

use crate::nearest::nearest;

/// A migration's number: consecutive from 1, or a 14-digit timestamp. Never below 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(i64);

impl Number {
    /// Where consecutive numbers begin.
    pub const FIRST: Self = Self(1);

    /// The number, if it is one that a migration can have.
    pub const fn new(number: i64) -> Option<Self> {
        if number >= 1 { Some(Self(number)) } else { None }
    }

    /// The plain integer.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether this is a timestamp (`YYYYMMDDhhmmss`) rather than one of a series.
    pub const fn is_timestamp(self) -> bool {
        self.0 >= 10_i64.pow(13)
    }
}

/// As in a file name: at least four digits.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

/// What messages call a migration, and its files begin with: `0007_add_tags`.
pub fn label(number: i64, slug: &str) -> String {
    format!("{number:04}_{slug}")
}

/// What a `Version` calls a migration: `V0007AddTags`.
pub fn variant(number: i64, slug: &str) -> String {
    let mut name = format!("V{number:04}");
    for word in slug.split('_') {
        let (first, rest) = word.split_at(word.len().min(1));
        name.extend([&first.to_ascii_uppercase(), rest]);
    }
    name
}

/// What a file is to its migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// `NNNN_slug.sql`, the migration itself.
    Up,
    /// `NNNN_slug.down.sql`, its way back.
    Down,
    /// `NNNN_slug.given.sql`, the rows before it in an example.
    Given,
    /// `NNNN_slug.then.sql`, what must hold after it in an example.
    Then,
}

impl Role {
    /// Those that a name spells out.
    const SPELT: [Self; 3] = [Self::Down, Self::Given, Self::Then];

    /// What follows the slug in a file name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Up => ".sql",
            Self::Down => ".down.sql",
            Self::Given => ".given.sql",
            Self::Then => ".then.sql",
        }
    }
}

/// A file name that says which migration the file belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The migration's number.
    pub number: Number,
    /// The migration's name: lower-case letters, digits and `_`.
    pub slug: String,
    /// What the file is to the migration.
    pub role: Role,
}

impl Name {
    /// Reads `NNNN_slug.sql`, or one that says its role: `NNNN_slug.down.sql`.
    ///
    /// # Errors
    /// What is wrong with the name, most telling first.
    pub fn parse(file_name: &str) -> Result<Self, Fault> {
        if let Some(name) = Self::as_it_should_be(file_name) {
            return Ok(name);
        }
        let stem = strip_suffix_ignoring_case(file_name, Role::Up.ending()).ok_or(Fault::NotSql)?;
        let spelt = |role: Role| Some((strip_suffix_ignoring_case(file_name, role.ending())?, role));
        let (stem, role) = Role::SPELT
            .into_iter()
            .find_map(spelt)
            .or_else(|| misspelt(stem))
            .unwrap_or_else(|| (strip_suffix_ignoring_case(stem, ".up").unwrap_or(stem), Role::Up));
        let stem = without_v(stem);
        let digits = &stem[..stem.bytes().take_while(u8::is_ascii_digit).count()];
        if digits.is_empty() {
            return Err(Fault::NoNumber);
        }
        if !stem.is_ascii()
            && let Some(letter) = stem.chars().find(|letter| !letter.is_ascii())
        {
            return Err(Fault::Letter(letter));
        }
        let number = digits.parse().map_err(|_| Fault::TooLarge)?;
        let number = Number::new(number).ok_or(Fault::Zero)?;
        let rest = &stem[digits.len()..];
        let slug = rest.strip_prefix('_').filter(|slug| is_slug(slug)).map_or_else(|| slug_of(rest), str::to_owned);
        if slug.is_empty() {
            return Err(Fault::NoSlug { number });
        }
        let name = Self { number, slug, role };
        if name.is_spelt(digits, file_name) { Ok(name) } else { Err(Fault::Form { meant: name }) }
    }

    /// The name if nothing is wrong with it, as with nearly all.
    fn as_it_should_be(file_name: &str) -> Option<Self> {
        // Plain loops: every file of a directory is named so, and the macro is compiled without optimisation.
        let bytes = file_name.as_bytes();
        let mut at = 0;
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            at += 1;
        }
        let (digits, rest) = file_name.split_at(at);
        let rest = rest.strip_prefix('_').filter(|_| is_padded(digits))?;
        let number = Number::new(digits.parse().ok()?)?;
        let mut length = 0;
        while length < rest.len() && rest.as_bytes()[length] != b'.' {
            length += 1;
        }
        let (slug, ending) = rest.split_at(length);
        let role = [Role::Up, Role::Down, Role::Given, Role::Then].into_iter().find(|role| role.ending() == ending)?;
        let is_right = !slug.is_empty() && is_slug(slug);
        is_right.then(|| Self { number, slug: slug.to_owned(), role })
    }

    /// Whether a file name with these digits in it is as [`Display`](fmt::Display) writes it.
    fn is_spelt(&self, digits: &str, file_name: &str) -> bool {
        let rest = file_name.strip_prefix(digits).and_then(|rest| rest.strip_prefix('_'));
        is_padded(digits) && rest.and_then(|rest| rest.strip_prefix(&*self.slug)) == Some(self.role.ending())
    }
}

/// The file name.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}{}", self.number, self.slug, self.role.ending())
    }
}

/// Why a file name is not a migration's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It does not end in `.sql`.
    NotSql,
    /// It does not begin with a digit.
    NoNumber,
    /// The number is 0.
    Zero,
    /// The number does not fit 64 bits.
    TooLarge,
    /// A letter beyond ASCII, which is not the same bytes on every system.
    Letter(char),
    /// Nothing but the number.
    NoSlug {
        /// The number.
        number: Number,
    },
    /// It can be read but is not written as it should be.
    Form {
        /// The name in its right form.
        meant: Name,
    },
}

/// What `0002_tags.donw` was to be, the `.sql` taken off.
fn misspelt(stem: &str) -> Option<(&str, Role)> {
    let (rest, word) = stem.rsplit_once('.')?;
    let [down, given, then] = Role::SPELT;
    let known = [("up", Role::Up), ("down", down), ("given", given), ("then", then)];
    let meant = nearest(word, known.map(|(word, _)| word))?;
    known.into_iter().find(|(word, _)| *word == meant).map(|(_, role)| (rest, role))
}

/// Whether these digits are as many as a number is written with.
fn is_padded(digits: &str) -> bool {
    digits.len() == 4 || (digits.len() > 4 && !digits.starts_with('0'))
}

/// Whether this is what [`slug_of`] makes of it.
fn is_slug(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut before = b'_';
    while at < bytes.len() {
        let is_letter = matches!(bytes[at], b'a'..=b'z' | b'0'..=b'9');
        if !is_letter && (bytes[at] != b'_' || before == b'_') {
            return false;
        }
        before = bytes[at];
        at += 1;
    }
    before != b'_'
}

/// The nearest thing to `text` that is a slug; empty if nothing of it can be in one.
pub fn slug_of(text: &str) -> String {
    let mut slug = String::new();
    let mut before = '_';
    for letter in text.chars() {
        if letter.is_ascii_uppercase() && before.is_ascii_lowercase() {
            slug.push('_');
        }
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
        before = letter;
    }
    slug.truncate(slug.trim_end_matches('_').len());
    slug
}

/// Flyway and refinery put a `V` before the number.
fn without_v(stem: &str) -> &str {
    let number = stem.strip_prefix(['V', 'v']).filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    number.unwrap_or(stem)
}

fn strip_suffix_ignoring_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(suffix.len())?;
    let (rest, end) = (text.get(..at)?, text.get(at..)?);
    end.eq_ignore_ascii_case(suffix).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right(file_name: &str) -> String {
        match Name::parse(file_name) {
            Err(Fault::Form { meant }) => meant.to_string(),
            other => panic!("{file_name}: {other:?}"),
        }
    }

    #[test]
    fn a_name_is_read_and_written_back() {
        for file_name in [
            "0001_initial_schema.sql",
            "0042_a.down.sql",
            "10000_x1.sql",
            "20261122210600_add_tags.sql",
            "0002_a.given.sql",
            "0002_a.then.sql",
        ] {
            assert_eq!(Name::parse(file_name).unwrap().to_string(), file_name);
        }
    }

    #[test]
    fn a_name_is_right_if_it_is_as_it_would_be_written() {
        let names = [
            "0001_a",
            "001_a",
            "00001_a",
            "10000_a",
            "0001__a",
            "0001_a_",
            "0001_a__b",
            "0001_a_b",
            "0001_A",
            "V0001_a",
            "0001a",
            "0001_1",
        ];
        for name in names {
            for ending in [".sql", ".down.sql", ".up.sql", ".SQL", ".given.sql"] {
                let file_name = format!("{name}{ending}");
                match Name::parse(&file_name) {
                    Ok(name) => assert_eq!(name.to_string(), file_name),
                    Err(Fault::Form { meant }) => assert_ne!(meant.to_string(), file_name),
                    Err(other) => panic!("{file_name}: {other:?}"),
                }
            }
            let slug = name.trim_start_matches(|letter: char| letter.is_ascii_digit());
            assert_eq!(is_slug(slug), slug_of(slug) == slug && !slug.is_empty(), "{slug}");
        }
    }

    #[test]
    fn a_misspelt_name_is_told_the_right_one() {
        assert_eq!(right("1_add.sql"), "0001_add.sql");
        assert_eq!(right("0002-AddTags.SQL"), "0002_add_tags.sql");
        assert_eq!(right("0003_add tags.up.sql"), "0003_add_tags.sql");
        assert_eq!(right("00012_x.Down.sql"), "0012_x.down.sql");
        assert_eq!(right("V7__x.sql"), "0007_x.sql");
        assert_eq!(right("4_x.Given.sql"), "0004_x.given.sql");
        assert_eq!(right("0005_x.donw.sql"), "0005_x.down.sql");
        assert_eq!(right("0005_x.thne.sql"), "0005_x.then.sql");
        assert_eq!(right("0006_v1.2.sql"), "0006_v1_2.sql");
    }

    #[test]
    fn what_cannot_be_a_migration_is_told_why() {
        assert_eq!(Name::parse("notes.txt"), Err(Fault::NotSql));
        assert_eq!(Name::parse("add_tags.sql"), Err(Fault::NoNumber));
        assert_eq!(Name::parse("0000_zero.sql"), Err(Fault::Zero));
        assert_eq!(Name::parse("9223372036854775808_x.sql"), Err(Fault::TooLarge));
        assert_eq!(Name::parse("0001.sql"), Err(Fault::NoSlug { number: Number::FIRST }));
        assert_eq!(Name::parse("0001_größe.sql"), Err(Fault::Letter('ö')));
        assert_eq!(Name::parse("vacuum.sql"), Err(Fault::NoNumber));
        assert_eq!(Name::parse("é"), Err(Fault::NotSql));
    }
}
