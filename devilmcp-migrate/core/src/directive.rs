//! `-- migrate: …`, the comments at the top of a migration that direct it.

use std::ops::Range;

use crate::hazard::Hazard;
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::source::SourceFile;
use crate::token::{Kind, Token, tokens};

/// What the comments at the top of one migration say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directives {
    /// There is no way back from it.
    pub irreversible: Option<Range<usize>>,
    /// A database that existed before may have what it makes.
    pub baseline: Option<Range<usize>>,
    /// What other tools call the state that it leads to.
    pub revisions: Vec<Revision>,
    /// What it may do to rows, for a reason that is given.
    pub allowed: Vec<Hazard>,
    /// There are directives that have no effect, each of them reported: one that seems to be missing may be among them.
    pub garbled: bool,
}

/// A state of the schema under the name that another migration tool gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// Alembic: the table `alembic_version`.
    Alembic,
}

/// The name of a state in the history of another tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The tool.
    pub tool: Tool,
    /// Its name for the state.
    pub id: String,
}

impl Directives {
    /// Reads the directives at the top of `file`; those that stand elsewhere are reported.
    pub fn read(file: &SourceFile, problems: &mut Problems) -> Self {
        let mut found = Self::default();
        if !file.text.contains(WORD) {
            return found;
        }
        let mut in_head = true;
        for token in tokens(&file.text) {
            in_head &= matches!(token.kind, Kind::Space | Kind::Comment);
            match Line::of(&token) {
                Some(line) if in_head => found.take(&line, file, problems),
                Some(line) => {
                    found.garbled = true;
                    problems.push(misplaced(file, &line));
                }
                None => {}
            }
        }
        found
    }

    /// Whether it may do this to rows.
    pub fn allow(&self, hazard: Hazard) -> bool {
        self.allowed.contains(&hazard)
    }

    /// Reports every directive in a file that has none to give, a down.
    pub fn forbid(file: &SourceFile, problems: &mut Problems) {
        if !file.text.contains(WORD) {
            return;
        }
        for line in tokens(&file.text).filter_map(|token| Line::of(&token)) {
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
            "allow" => match Hazard::parse(rest) {
                Ok(hazard) => {
                    self.allowed.push(hazard);
                    None
                }
                Err(label) => Some(malformed_allow(file, line, label)),
            },
            "revision" if Revision::parse(rest).is_some() => {
                self.revisions.extend(Revision::parse(rest));
                None
            }
            "baseline" | "revision" => Some(malformed(file, line, word, rest)),
            _ => Some(unknown(file, line, word)),
        };
        self.garbled |= refused.is_some();
        problems.extend(refused);
    }
}

impl Revision {
    /// Reads `(alembic, "001")`.
    fn parse(text: &str) -> Option<Self> {
        let (tool, id) = arguments(text)?;
        let id = id.strip_prefix('"')?.strip_suffix('"')?;
        let tool = match tool {
            "alembic" => Tool::Alembic,
            _ => return None,
        };
        (!id.is_empty() && !id.contains('"')).then(|| Self { tool, id: id.to_owned() })
    }
}

/// What follows the `--` of a directive; most files have none.
const WORD: &str = "migrate";

/// One `-- migrate:` comment: what it says, and where.
struct Line<'a> {
    text: &'a str,
    range: Range<usize>,
}

impl<'a> Line<'a> {
    fn of(token: &Token<'a>) -> Option<Self> {
        let text = token.text.strip_prefix("--").filter(|_| token.kind == Kind::Comment)?.trim_start();
        let text = text.strip_prefix(WORD)?.trim_start().strip_prefix(':')?.trim();
        let end = token.start + token.text.trim_end().len();
        Some(Self { text, range: token.start..end })
    }
}

/// The two words in `(alembic, "001")`.
fn arguments(text: &str) -> Option<(&str, &str)> {
    let (tool, id) = text.trim().strip_prefix('(')?.strip_suffix(')')?.split_once(',')?;
    Some((tool.trim(), id.trim()))
}

fn malformed_allow(file: &SourceFile, line: &Line<'_>, label: String) -> Problem {
    let problem = Problem::at_text(&rule::MALFORMED_DIRECTIVE, file, line.range.clone(), label);
    problem.helped("write it as `-- migrate: allow(data_loss) reason`")
}

fn malformed(file: &SourceFile, line: &Line<'_>, word: &str, rest: &str) -> Problem {
    let problem = |label: &str| Problem::at_text(&rule::MALFORMED_DIRECTIVE, file, line.range.clone(), label);
    match arguments(rest).map(|(tool, _)| tool) {
        _ if word == "baseline" => {
            problem("takes nothing after it").helped("write it as `-- migrate: baseline`, without more on the line")
        }
        Some(tool) if tool != "alembic" => {
            problem("a tool that is not known").helped("the tools whose revisions are known are: alembic")
        }
        _ => problem("not of the form revision(tool, \"id\")")
            .helped("write it as `-- migrate: revision(alembic, \"001\")`, the id in double quotes"),
    }
}

fn unknown(file: &SourceFile, line: &Line<'_>, word: &str) -> Problem {
    let label = if word.is_empty() { "names no directive" } else { "not known here" };
    let problem = Problem::at_text(&rule::UNKNOWN_DIRECTIVE, file, line.range.clone(), label);
    match nearest(word) {
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

/// The known directive that `word` is a misspelling of.
fn nearest(word: &str) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 4] = [
        ("allow", "allow(data_loss) reason"),
        ("baseline", "baseline"),
        ("irreversible", "irreversible"),
        ("revision", "revision(alembic, \"001\")"),
    ];
    let closest = KNOWN.iter().map(|(name, form)| (distance(word, name), *form)).min()?;
    (closest.0 <= word.chars().count() / 2).then_some(closest.1)
}

/// Levenshtein's distance: the fewest letters to insert, delete or replace.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(!from.eq_ignore_ascii_case(to));
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

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
        assert_eq!(found.revisions, [Revision { tool: Tool::Alembic, id: "a 1".to_owned() }]);
        assert!(read("-- migrate: irreversible the old rows are gone").0.irreversible.is_some());
    }

    #[test]
    fn what_is_not_understood_is_reported() {
        for (text, rule) in [
            ("-- migrate: irreversable", &rule::UNKNOWN_DIRECTIVE),
            ("-- migrate:", &rule::UNKNOWN_DIRECTIVE),
            ("-- migrate: baseline(1)", &rule::MALFORMED_DIRECTIVE),
            ("-- migrate: revision(alembic, 001)", &rule::MALFORMED_DIRECTIVE),
            ("-- migrate: revision(flask, \"1\")", &rule::MALFORMED_DIRECTIVE),
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
