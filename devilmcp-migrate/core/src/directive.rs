//! `-- migrate: …`, the comments at the top of a migration that direct it.

use std::ops::Range;

use crate::allowance::Allowance;
use crate::hazard::Hazard;
use crate::layout;
use crate::lint::Lint;
use crate::mode::Mode;
use crate::nearest::nearest;
use crate::problem::{Problem, Problems};
use crate::revision::Revision;
use crate::rule;
use crate::source::SourceFile;
use crate::token::{Kind, Token, tokens};
use crate::tool::Tool;

/// What the comments at the top of one migration say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directives {
    /// There is no way back from it.
    pub irreversible: Option<Range<usize>>,
    /// A database that existed before may have what it makes.
    pub baseline: Option<Range<usize>>,
    /// Foreign keys are enforced while it runs.
    pub foreign_keys: Option<Range<usize>>,
    /// It is run outside of any transaction.
    pub no_transaction: Option<Range<usize>>,
    /// It stands for migrations that were released, as the lock file says.
    pub squashed: Option<Range<usize>>,
    /// What other tools call the state that it leads to.
    pub revisions: Vec<Revision>,
    /// What it may do to rows, for a reason that is given.
    pub allowed: Vec<Hazard>,
    /// The lints that say nothing about it, for a reason that is given.
    pub silenced: Vec<Lint>,
    /// There are directives that have no effect, each of them reported: one that seems to be missing may be among them.
    pub garbled: bool,
}

impl Directives {
    /// Reads the directives at the top of `file`; those that stand elsewhere are reported.
    pub fn read(file: &SourceFile, problems: &mut Problems) -> Self {
        let mut found = Self::default();
        if let Some(origin) = &file.origin {
            found.revisions.push(origin.revision.clone());
            // The tool's own word for it stands somewhere else in each.
            found.no_transaction = origin.alone.then_some(0..0);
        }
        let mut in_head = true;
        for token in tokens_with_directives(file) {
            in_head &= matches!(token.kind, Kind::Space | Kind::Comment);
            match Line::of(&token) {
                Some(line) if in_head => found.take(&line, file, problems),
                // The other mark of a file whose first one was reported.
                Some(line) if found.garbled && line.text == "down" => {}
                Some(line) => {
                    found.garbled = true;
                    problems.push(misplaced(file, &line));
                }
                None => {}
            }
        }
        found
    }

    /// In what it is run.
    pub fn mode(&self) -> Mode {
        match (&self.no_transaction, &self.foreign_keys) {
            (Some(_), _) => Mode::Alone,
            (None, Some(_)) => Mode::Enforced,
            (None, None) => Mode::Plain,
        }
    }

    /// Whether it may do this to rows.
    pub fn allow(&self, hazard: Hazard) -> bool {
        self.allowed.contains(&hazard)
    }

    /// Whether this lint is to say nothing about it.
    pub fn silence(&self, lint: Lint) -> bool {
        self.silenced.contains(&lint)
    }

    /// What cannot be said of one migration at once.
    pub(crate) fn contradiction(&self, file: &SourceFile) -> Option<Problem> {
        let others = [&self.baseline, &self.foreign_keys, &self.no_transaction];
        if let (Some(_), Some(at)) = (&self.squashed, others.into_iter().find_map(Option::as_ref)) {
            let label = "cannot stand beside `squashed`";
            let help = "delete it: the file makes what released migrations have made, in the transaction of the run";
            return Some(Problem::at_text(&rule::CONTRADICTORY_DIRECTIVES, file, at.clone(), label).helped(help));
        }
        let (at, beside, help) = match (&self.baseline, &self.foreign_keys, &self.no_transaction) {
            (Some(_), _, Some(at)) => (
                at,
                "baseline",
                "delete it: a baseline also runs over databases that were there before, and what it makes of them is compared before it stays",
            ),
            (Some(_), Some(at), None) => (
                at,
                "baseline",
                "delete it: a baseline also runs over databases that were there before, where rows may refer to nothing and are to stay as they are",
            ),
            (None, Some(_), Some(at)) => {
                (at, "foreign_keys(on)", "make two migrations of the one: what works in a transaction is safer there")
            }
            _ => return None,
        };
        let label = format!("cannot stand beside `{beside}`");
        Some(Problem::at_text(&rule::CONTRADICTORY_DIRECTIVES, file, at.clone(), label).helped(help))
    }

    /// Reports every directive in a file that has none to give, a down.
    pub fn forbid(file: &SourceFile, problems: &mut Problems) {
        for line in tokens_with_directives(file).filter_map(|token| Line::of(&token)) {
            problems.push(misplaced(file, &line));
        }
    }

    fn take(&mut self, line: &Line<'_>, file: &SourceFile, problems: &mut Problems) {
        let (word, rest) = line.text.split_at(line.text.find(|c: char| !is_word(c)).unwrap_or(line.text.len()));
        let refused = match word {
            "irreversible" => {
                self.irreversible = Some(line.range.clone());
                None
            }
            "baseline" if rest.is_empty() => {
                self.baseline = Some(line.range.clone());
                None
            }
            "foreign_keys" if parenthesized(rest) == Some("on") => {
                self.foreign_keys = Some(line.range.clone());
                None
            }
            "no_transaction" if rest.is_empty() => {
                self.no_transaction = Some(line.range.clone());
                None
            }
            "squashed" if rest.is_empty() => {
                self.squashed = Some(line.range.clone());
                None
            }
            "allow" => match Allowance::parse(rest) {
                Ok(allowance) => {
                    match allowance {
                        Allowance::Hazard(hazard) => self.allowed.push(hazard),
                        Allowance::Lint(silenced) => self.silenced.push(silenced),
                    }
                    None
                }
                Err(label) => Some(malformed_allow(file, line, rest, label)),
            },
            "revision" => match parenthesized(rest).and_then(Revision::parse) {
                Some(revision) => {
                    self.revisions.push(revision);
                    None
                }
                None => Some(malformed(file, line, word, rest)),
            },
            "baseline" | "foreign_keys" | "no_transaction" | "squashed" => Some(malformed(file, line, word, rest)),
            _ => Some(unknown(file, line, word)),
        };
        self.garbled |= refused.is_some();
        problems.extend(refused);
    }
}

/// The tokens of a file that may have directives; most have none, which is seen sooner without tokens.
pub(crate) fn tokens_with_directives(file: &SourceFile) -> impl Iterator<Item = Token<'_>> {
    // Looked for first because it is one byte, which is found sooner.
    let has_directives = file.text.contains(':') && file.text.contains(WORD);
    tokens(if has_directives { &file.text } else { "" })
}

/// One `-- migrate:` comment: what it says, and where.
pub(crate) struct Line<'a> {
    pub(crate) text: &'a str,
    pub(crate) range: Range<usize>,
}

impl<'a> Line<'a> {
    pub(crate) fn of(token: &Token<'a>) -> Option<Self> {
        let text = token.text.strip_prefix("--").filter(|_| token.kind == Kind::Comment)?.trim_start();
        let text = text.strip_prefix(WORD)?.trim_start().strip_prefix(':')?.trim();
        let end = token.start + token.text.trim_end().len();
        Some(Self { text, range: token.start..end })
    }
}

/// The word in `(on)`.
fn parenthesized(text: &str) -> Option<&str> {
    Some(text.trim().strip_prefix('(')?.strip_suffix(')')?.trim())
}

/// The two words in `(alembic, "001")`.
fn arguments(text: &str) -> Option<(&str, &str)> {
    let (tool, id) = parenthesized(text)?.split_once(',')?;
    Some((tool.trim(), id.trim()))
}

fn malformed_allow(file: &SourceFile, line: &Line<'_>, rest: &str, label: String) -> Problem {
    let problem = Problem::at_text(&rule::MALFORMED_DIRECTIVE, file, line.range.clone(), label);
    problem.helped(Allowance::correction(rest))
}

fn malformed(file: &SourceFile, line: &Line<'_>, word: &str, rest: &str) -> Problem {
    let problem = |label: &str| Problem::at_text(&rule::MALFORMED_DIRECTIVE, file, line.range.clone(), label);
    match arguments(rest).map(|(tool, _)| tool) {
        _ if ["baseline", "no_transaction", "squashed"].contains(&word) => problem("takes nothing after it")
            .helped(format!("write it as `-- migrate: {word}`, without more on the line")),
        _ if word == "foreign_keys" => {
            let label =
                if parenthesized(rest) == Some("off") { "they are off unless it says on" } else { "takes (on)" };
            problem(label).helped(
                "write it as `-- migrate: foreign_keys(on)`; without it, foreign keys are off while the migration runs, and checked before the commit",
            )
        }
        Some(tool) if Tool::named(tool).is_none() => {
            problem("a tool that is not known").helped(Tool::meant(tool, Tool::ALL.into_iter()))
        }
        _ => problem("not of the form revision(tool, \"id\")")
            .helped("write it as `-- migrate: revision(alembic, \"001\")`, the id in double quotes"),
    }
}

fn unknown(file: &SourceFile, line: &Line<'_>, word: &str) -> Problem {
    let label = if word.is_empty() { "names no directive" } else { "not known here" };
    let problem = Problem::at_text(&rule::UNKNOWN_DIRECTIVE, file, line.range.clone(), label);
    match meant(word) {
        _ if ["up", "down"].contains(&word) => problem.helped(layout::unsaid(Tool::Dbmate)),
        Some(known) => problem.helped(format!("did you mean `-- migrate: {known}`?")),
        None => problem,
    }
}

fn misplaced(file: &SourceFile, line: &Line<'_>) -> Problem {
    Problem::at_text(&rule::MISPLACED_DIRECTIVE, file, line.range.clone(), "has no effect here")
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// How the known directive is written that `word` is a misspelling of.
fn meant(word: &str) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 7] = [
        ("allow", "allow(data_loss) reason"),
        ("baseline", "baseline"),
        ("foreign_keys", "foreign_keys(on)"),
        ("irreversible", "irreversible"),
        ("no_transaction", "no_transaction"),
        ("revision", "revision(alembic, \"001\")"),
        ("squashed", "squashed"),
    ];
    let name = nearest(word, KNOWN.map(|(name, _)| name))?;
    KNOWN.into_iter().find(|(known, _)| *known == name).map(|(_, form)| form)
}

/// What every directive begins with.
const WORD: &str = "migrate";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Directives, Vec<Problem>) {
        let file = SourceFile::new("0001_a.sql", text.to_owned());
        let mut problems = Problems::new();
        let directives = Directives::read(&file, &mut problems);
        (directives, problems.finish())
    }

    #[test]
    fn the_head_of_a_file_is_read() {
        let (found, problems) =
            read("-- Everything.\n--migrate:baseline\n\n-- migrate: revision( alembic , \"a 1\" )\nSELECT 1;");
        assert!(problems.is_empty(), "{problems:?}");
        assert!(found.baseline.is_some() && found.irreversible.is_none());
        assert_eq!(found.revisions, [Revision { tool: Tool::Alembic, id: "a 1".to_owned(), checksums: Vec::new() }]);
        assert!(read("-- migrate: irreversible the old rows are gone").0.irreversible.is_some());
        assert_eq!(read("-- migrate: foreign_keys( on )").0.mode(), Mode::Enforced);
    }

    #[test]
    fn what_is_not_understood_is_reported() {
        for (text, rule) in [
            ("-- migrate: irreversable", &rule::UNKNOWN_DIRECTIVE),
            ("-- migrate:", &rule::UNKNOWN_DIRECTIVE),
            ("-- migrate: baseline(1)", &rule::MALFORMED_DIRECTIVE),
            ("-- migrate: revision(alembic, 001)", &rule::MALFORMED_DIRECTIVE),
            ("-- migrate: revision(flask, \"1\")", &rule::MALFORMED_DIRECTIVE),
            ("-- migrate: foreign_keys", &rule::MALFORMED_DIRECTIVE),
            ("-- migrate: foreign_keys(off)", &rule::MALFORMED_DIRECTIVE),
            ("-- migrate: foreign_keys(on) please", &rule::MALFORMED_DIRECTIVE),
            ("-- migrate: no_transaction please", &rule::MALFORMED_DIRECTIVE),
            ("-- migrate: allow(data_loss)", &rule::MALFORMED_DIRECTIVE),
            ("-- migrate: allow(loss) of course", &rule::MALFORMED_DIRECTIVE),
            ("SELECT 1; -- migrate: baseline", &rule::MISPLACED_DIRECTIVE),
        ] {
            let (_, problems) = read(text);
            assert_eq!(problems.iter().map(|problem| problem.rule).collect::<Vec<_>>(), [rule], "{text}");
        }
        assert_eq!(read("-- migrate: base_line").1[0].help.as_deref(), Some("did you mean `-- migrate: baseline`?"));
        assert_eq!(read("-- migrate: zzz").1[0].help, None);
    }

    #[test]
    fn a_comment_about_migrating_is_no_directive() {
        assert!(read("-- migrate the rows first\n-- migrated: yes\n/* migrate: baseline */").1.is_empty());
    }
}
