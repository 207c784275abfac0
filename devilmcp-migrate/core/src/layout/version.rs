//! What a tool takes for a version -> the number that orders the migration here, and the name that the tool has for it.

use std::borrow::Cow;

use super::fault::Fault;
use crate::name::Number;
use crate::tool::Tool;

/// A version, as both sides know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) number: Number,
    /// As it stands in the tool's table.
    pub(super) id: String,
}

impl Version {
    /// Reads what the path says.
    pub(super) fn parse(tool: Tool, text: &str) -> Result<Self, Fault> {
        let digits = if tool == Tool::Diesel { text.replace('-', "") } else { text.to_owned() };
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(Fault::NoNumber);
        }
        let number = if tool == Tool::Diesel { timestamp(&digits) } else { Cow::Borrowed(&*digits) };
        let number: i64 = number.parse().map_err(|_| Fault::TooLarge)?;
        let number = Number::new(number).ok_or(Fault::Zero)?;
        let id = if is_text(tool) { digits } else { number.get().to_string() };
        Ok(Self { number, id })
    }

    /// Whether the tool runs this one before the other, though its number is larger.
    pub(super) fn is_overtaken(&self, tool: Tool, other: &Self) -> bool {
        is_text(tool) && self.id >= other.id
    }
}

/// Whether the tool keeps versions as text, and orders them so.
fn is_text(tool: Tool) -> bool {
    matches!(tool, Tool::Diesel | Tool::Dbmate)
}

/// Diesel's command line writes `2025-02-01-080000-0000` since it counts migrations of one second, and wrote
/// `2025-01-02-030405` before: the same kind of number, unless there is something to count. `2024-03-13_add_tags`, written by hand or by a
/// slip of it, is ordered as the beginning of such a number.
fn timestamp(digits: &str) -> Cow<'_, str> {
    match digits.split_at_checked(TIMESTAMP) {
        Some((timestamp, "0000")) => timestamp.into(),
        None if digits.len() >= DATE => format!("{digits:0<TIMESTAMP$}").into(),
        _ => digits.into(),
    }
}

/// How many digits `YYYYMMDD` has.
const DATE: usize = 8;
/// How many digits `YYYYMMDDhhmmss` has.
const TIMESTAMP: usize = 14;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tool: Tool, text: &str) -> (i64, String) {
        let version = Version::parse(tool, text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
        (version.number.get(), version.id)
    }

    #[test]
    fn a_version_is_a_number_here_and_what_the_tool_keeps_there() {
        assert_eq!(read(Tool::Sqlx, "0007"), (7, "7".to_owned()));
        assert_eq!(read(Tool::Refinery, "1"), (1, "1".to_owned()));
        assert_eq!(read(Tool::Diesel, "2025-01-02-030405"), (20_250_102_030_405, "20250102030405".to_owned()));
        assert_eq!(read(Tool::Diesel, "2025-01-02-030405-0000"), (20_250_102_030_405, "202501020304050000".to_owned()));
        assert_eq!(
            read(Tool::Diesel, "2025-01-02-030405-0001"),
            (202_501_020_304_050_001, "202501020304050001".to_owned())
        );
        assert_eq!(read(Tool::Diesel, "2024-03-13"), (20_240_313_000_000, "20240313".to_owned()));
        assert_eq!(read(Tool::Diesel, "00007"), (7, "00007".to_owned()));
        assert_eq!(read(Tool::Dbmate, "007"), (7, "007".to_owned()));
        assert_eq!(Version::parse(Tool::Sqlx, "0"), Err(Fault::Zero));
        assert_eq!(Version::parse(Tool::Sqlx, "1-2"), Err(Fault::NoNumber));
        assert_eq!(Version::parse(Tool::Sqlx, "9223372036854775808"), Err(Fault::TooLarge));
    }

    #[test]
    fn an_order_of_texts_is_another_than_one_of_numbers() {
        let version = |text| Version::parse(Tool::Diesel, text).unwrap();
        assert!(version("9").is_overtaken(Tool::Diesel, &version("10")));
        assert!(!version("2025-01-02-030405-0000").is_overtaken(Tool::Diesel, &version("2025-03-01-000000")));
        assert!(!version("2024-03-13").is_overtaken(Tool::Diesel, &version("2024-06-05-131359")));
        assert!(!version("9").is_overtaken(Tool::Sqlx, &version("10")));
    }
}
