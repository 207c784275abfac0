//! What is in a statement, as far as its words show.

use crate::token::{Kind, Token, significant};

/// The words and punctuation of one statement, without comments.
pub(super) struct Words<'a>(Vec<Token<'a>>);

impl<'a> Words<'a> {
    pub(super) fn of(statement: &'a str) -> Self {
        Self(significant(statement).collect())
    }

    /// Whether it begins with these.
    pub(super) fn begin(&self, row: &str) -> bool {
        self.are_at(0, row)
    }

    /// Whether these stand somewhere, one after the other.
    pub(super) fn have(&self, row: &str) -> bool {
        self.places(row).next().is_some()
    }

    /// Whether a function is called: tables and common table expressions have their columns in parentheses, too.
    pub(super) fn call(&self, name: &str) -> bool {
        const BEFORE_TABLE: [&str; 8] = ["INTO", "TABLE", "VIEW", "EXISTS", "REFERENCES", "WITH", "RECURSIVE", "."];
        let is_index = self.begin("CREATE INDEX") || self.begin("CREATE UNIQUE INDEX");
        self.places(name).any(|at| {
            let is_table = at.checked_sub(1).is_some_and(|before| {
                BEFORE_TABLE.iter().any(|word| self.is_at(before, word)) || (is_index && self.is_at(before, "ON"))
            });
            let is_common = || {
                let end = self.closing(at + 1);
                self.is_at(end + 1, "AS") && ["(", "NOT", "MATERIALIZED"].iter().any(|next| self.is_at(end + 2, next))
            };
            self.is_at(at + 1, "(") && !is_table && !is_common()
        })
    }

    /// Whether a call is followed by this word and what belongs to it.
    pub(super) fn call_clause(&self, word: &str) -> bool {
        self.places(word).any(|at| {
            let follows = at.checked_sub(1).is_some_and(|before| self.is_at(before, ")"));
            let next = self.0.get(at + 1);
            follows && next.is_some_and(|next| next.is_operator("(") || (word == "OVER" && next.kind == Kind::Word))
        })
    }

    /// Where these stand, one after the other.
    fn places<'w>(&'w self, row: &'w str) -> impl Iterator<Item = usize> + 'w {
        (0..self.0.len()).filter(move |at| self.are_at(*at, row))
    }

    fn are_at(&self, at: usize, row: &str) -> bool {
        row.split(' ').enumerate().all(|(nth, word)| self.is_at(at + nth, word))
    }

    fn is_at(&self, at: usize, word: &str) -> bool {
        let is_it = |token: &Token<'_>| match token.kind {
            Kind::Word => token.text.eq_ignore_ascii_case(word),
            Kind::Other | Kind::Semicolon => token.text == word,
            Kind::Space | Kind::Comment | Kind::Quoted | Kind::String => false,
        };
        self.0.get(at).is_some_and(is_it)
    }

    /// Of each, in how many parentheses it stands; a parenthesis itself is outside.
    fn depths(&self) -> Vec<usize> {
        let mut depth: usize = 0;
        let depths = self.0.iter().map(|token| {
            if token.is_operator(")") {
                depth = depth.saturating_sub(1);
            }
            let own = depth;
            depth += usize::from(token.is_operator("("));
            own
        });
        depths.collect()
    }

    /// Where the parenthesis closes that opens at `opening`.
    fn closing(&self, opening: usize) -> usize {
        let depths = self.depths();
        let closes = |at: &usize| self.is_at(*at, ")") && depths.get(opening) == depths.get(*at);
        (opening..self.0.len()).find(closes).unwrap_or(self.0.len())
    }
}

/// `ALTER TABLE t RENAME [COLUMN] a TO b`
pub(super) fn rename_column(words: &Words<'_>) -> bool {
    words.begin("ALTER") && words.places("RENAME").any(|at| !words.is_at(at + 1, "TO"))
}

/// `ALTER TABLE t DROP [COLUMN] a`
pub(super) fn drop_column(words: &Words<'_>) -> bool {
    let is_other = |at| words.is_at(at, "CONSTRAINT") || words.is_at(at, "NOT");
    words.begin("ALTER") && words.places("DROP").any(|at| !is_other(at + 1))
}

/// `ALTER TABLE t ADD [CONSTRAINT n] CHECK (…)`, `… DROP CONSTRAINT n`, `… ALTER [COLUMN] a SET NOT NULL`
pub(super) fn alter_constraint(words: &Words<'_>) -> bool {
    const CHANGES: [&str; 5] = ["ADD CONSTRAINT", "ADD CHECK", "DROP CONSTRAINT", "DROP NOT NULL", "SET NOT NULL"];
    words.begin("ALTER") && CHANGES.iter().any(|change| words.have(change))
}

/// `a INTEGER AS (b + 1)`
pub(super) fn generated_column(words: &Words<'_>) -> bool {
    let is_definition = words.begin("CREATE TABLE") || words.begin("CREATE TEMP") || words.begin("ALTER");
    let depths = words.depths();
    let is_column = |at: usize| words.begin("ALTER") || depths[at] > 0;
    is_definition && words.places("AS (").any(is_column)
}

/// `CREATE TABLE t (…) STRICT`
pub(super) fn strict_table(words: &Words<'_>) -> bool {
    let depths = words.depths();
    let is_option = |at: usize| {
        at > 0
            && depths[at] == 0
            && (words.is_at(at - 1, ")") || words.is_at(at - 1, ",") || words.is_at(at - 1, "ROWID"))
    };
    words.begin("CREATE") && words.have("TABLE") && words.places("STRICT").any(is_option)
}

/// `UPDATE t SET … FROM …`
pub(super) fn update_from(words: &Words<'_>) -> bool {
    let depths = words.depths();
    words.places("SET").any(|set| {
        let within = (set + 1..words.0.len()).filter(|at| depths[*at] == depths[set]);
        let ends = |at: &usize| {
            ["WHERE", ";", "RETURNING"].iter().any(|end| words.is_at(*at, end)) || depths[*at] < depths[set]
        };
        within.take_while(|at| !ends(at)).any(|at| words.is_at(at, "FROM") && !words.is_at(at - 1, "DISTINCT"))
    })
}

/// `group_concat(a ORDER BY b)`
pub(super) fn ordered_aggregate(words: &Words<'_>) -> bool {
    const NO_CALL: [&str; 5] = ["SELECT", "WITH", "VALUES", "PARTITION", "ORDER"];
    let depths = words.depths();
    words.places("ORDER BY").any(|order| {
        let opening = (0..order).rev().find(|at| depths[*at] + 1 == depths[order] && words.is_at(*at, "("));
        opening.and_then(|opening| Some((opening, opening.checked_sub(1)?))).is_some_and(|(opening, name)| {
            let is_name = matches!(words.0[name].kind, Kind::Word | Kind::Quoted);
            let is_call = is_name && !words.is_at(name, "OVER") && !words.is_at(name, "AS");
            is_call && !NO_CALL.iter().any(|word| words.is_at(opening + 1, word))
        })
    })
}

/// `1_000`
pub(super) fn grouped_number(words: &Words<'_>) -> bool {
    let is_number =
        |token: &Token<'_>| token.kind == Kind::Other && token.text.starts_with(|c: char| c.is_ascii_digit());
    words.0.iter().any(|token| is_number(token) && token.text.contains('_'))
}
