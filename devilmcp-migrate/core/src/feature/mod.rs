//! Which SQLite a statement needs: what its SQL has that older ones do not know.
//!
//! The versions are those of the [release history](https://sqlite.org/changes.html).

mod find;
#[cfg(feature = "prove")]
mod note;
#[cfg(all(test, feature = "prove"))]
mod tests;

use std::fmt;

use find::Words;
#[cfg(feature = "prove")]
pub(crate) use note::note;

/// Something that not every SQLite can do.
#[derive(Debug)]
pub struct Feature {
    /// What it is called.
    pub name: &'static str,
    /// The first that has it.
    pub since: Version,
    /// How it is recognised.
    mark: Mark,
}

/// SQLite's version, as far as SQL changes with it: the second number, for the first is 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32);

/// What gives a feature away.
#[derive(Debug)]
enum Mark {
    /// One of these, words and punctuation in a row.
    Row(&'static [&'static str]),
    /// A call of one of these functions. An application may have one of its own, of the same name.
    Call(&'static [&'static str]),
    /// Something else.
    Shape(fn(&Words<'_>) -> bool),
}

impl Feature {
    /// What a statement has that some SQLite does not know.
    pub fn all_in(statement: &str) -> impl Iterator<Item = &'static Self> {
        let words = Words::of(statement);
        FEATURES.iter().filter(move |feature| feature.mark.is_in(&words))
    }

    /// The one for which a statement needs the newest SQLite.
    pub fn newest_in(statement: &str) -> Option<&'static Self> {
        Self::all_in(statement).max_by_key(|feature| feature.since)
    }

    /// Whether it is a function: an application may bring it where SQLite does not have it.
    pub fn is_function(&self) -> bool {
        matches!(self.mark, Mark::Call(_))
    }
}

impl Mark {
    fn is_in(&self, words: &Words<'_>) -> bool {
        match self {
            Self::Row(rows) => rows.iter().any(|row| words.have(row)),
            Self::Call(names) => names.iter().any(|name| words.call(name)),
            Self::Shape(is_in) => is_in(words),
        }
    }
}

impl Version {
    /// The oldest that rusqlite can be built with. What it knows, every caller's does.
    pub(crate) const OLDEST: Self = Self(34);

    /// Reads what SQLite says of itself, as `3.53.1`, or `3.53`.
    pub fn parse(text: &str) -> Option<Self> {
        let numbers: Option<Vec<u32>> = text.split('.').map(|number| number.parse().ok()).collect();
        match numbers.as_deref() {
            Some([3, minor] | [3, minor, _]) => Some(Self(*minor)),
            _ => None,
        }
    }

    /// Of the SQLite that is linked here.
    pub fn linked() -> Self {
        // SQLite's SQLITE_VERSION_NUMBER: X * 1000000 + Y * 1000 + Z.
        Self(u32::try_from(rusqlite::version_number() / 1000 % 1000).unwrap_or(u32::MAX))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "3.{}", self.0)
    }
}

macro_rules! features {
    ($($minor:literal $name:literal = $kind:ident($mark:expr);)*) => {
        /// What came since 3.24, oldest first. What is missing here is not looked for; what is here, is in the release history.
        static FEATURES: &[Feature] = &[$(Feature { name: $name, since: Version($minor), mark: Mark::$kind($mark) }),*];
    };
}

features! {
    24 "UPSERT" = Row(&["ON CONFLICT (", "ON CONFLICT DO"]);
    25 "window functions" = Shape(|words| words.call_clause("OVER"));
    25 "RENAME COLUMN" = Shape(find::rename_column);
    27 "VACUUM INTO" = Shape(|words| words.begin("VACUUM") && words.have("INTO"));
    28 "GROUPS and EXCLUDE in windows" = Row(&["GROUPS BETWEEN", "GROUPS UNBOUNDED", "GROUPS CURRENT ROW", "EXCLUDE NO OTHERS", "EXCLUDE CURRENT ROW", "EXCLUDE GROUP", "EXCLUDE TIES"]);
    30 "FILTER on aggregate functions" = Shape(|words| words.call_clause("FILTER") && !words.call_clause("OVER"));
    30 "NULLS FIRST and NULLS LAST" = Row(&["NULLS FIRST", "NULLS LAST"]);
    31 "generated columns" = Shape(find::generated_column);
    32 "iif()" = Call(&["iif"]);
    33 "UPDATE FROM" = Shape(find::update_from);
    34 "substring()" = Call(&["substring"]);
    35 "RETURNING" = Row(&["RETURNING"]);
    35 "DROP COLUMN" = Shape(find::drop_column);
    35 "MATERIALIZED" = Row(&["AS MATERIALIZED (", "AS NOT MATERIALIZED ("]);
    35 "mathematical functions, if it was built with them" = Call(&[
        "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "ceil", "ceiling", "cos", "cosh", "degrees", "exp",
        "floor", "ln", "log", "log10", "log2", "mod", "pi", "pow", "power", "radians", "sign", "sin", "sinh", "sqrt",
        "tan", "tanh", "trunc",
    ]);
    37 "STRICT tables" = Shape(find::strict_table);
    38 "the operators -> and ->>" = Row(&["->", "->>"]);
    38 "unixepoch()" = Call(&["unixepoch"]);
    38 "format()" = Call(&["format"]);
    39 "RIGHT and FULL JOIN" = Row(&["RIGHT JOIN", "RIGHT OUTER JOIN", "FULL JOIN", "FULL OUTER JOIN"]);
    39 "IS DISTINCT FROM" = Row(&["IS DISTINCT FROM", "IS NOT DISTINCT FROM"]);
    41 "unhex()" = Call(&["unhex"]);
    42 "json_error_position()" = Call(&["json_error_position"]);
    43 "octet_length()" = Call(&["octet_length"]);
    43 "timediff()" = Call(&["timediff"]);
    44 "concat() and concat_ws()" = Call(&["concat", "concat_ws"]);
    44 "string_agg()" = Call(&["string_agg"]);
    44 "ORDER BY in an aggregate function" = Shape(find::ordered_aggregate);
    45 "JSONB" = Call(&[
        "jsonb", "jsonb_array", "jsonb_extract", "jsonb_group_array", "jsonb_group_object", "jsonb_insert",
        "jsonb_object", "jsonb_patch", "jsonb_remove", "jsonb_replace", "jsonb_set",
    ]);
    46 "`_` in numbers" = Shape(find::grouped_number);
    46 "json_pretty()" = Call(&["json_pretty"]);
    48 "if()" = Call(&["if"]);
    50 "unistr() and unistr_quote()" = Call(&["unistr", "unistr_quote"]);
    51 "jsonb_each() and jsonb_tree()" = Call(&["jsonb_each", "jsonb_tree"]);
    53 "ALTER TABLE that adds or drops NOT NULL and CHECK" = Shape(find::alter_constraint);
    53 "REINDEX EXPRESSIONS" = Shape(|words| words.begin("REINDEX EXPRESSIONS"));
    53 "json_array_insert() and jsonb_array_insert()" = Call(&["json_array_insert", "jsonb_array_insert"]);
}
