//! A directory in the layout of another tool, read from disk.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::checksum::checksums;
use super::fault::Fault;
use super::origin::{Origin, needs_no_transaction};
use super::path::{Part, Said, parse};
use super::section;
use super::version::Version;
use crate::check::Files;
use crate::listing::names;
use crate::name::{Name, Number, Role, slug_of};
use crate::problem::{Problem, Problems};
use crate::revision::Revision;
use crate::rule;
use crate::source::{self, Entry, SourceFile};
use crate::statement::statements;
use crate::tool::Tool;

/// Reads every migration in `directory`, which the user calls `shown`.
pub(crate) fn read(tool: Tool, directory: &Path, shown: &str, problems: &mut Problems) -> Files {
    let shown = shown.trim_end_matches('/');
    let paths = match names(directory) {
        Ok(paths) => paths,
        Err(error) => {
            problems.push(source::unreadable(shown, &error));
            return Files::default();
        }
    };
    let mut reader =
        Reader { tool, shown, problems, found: Files::default(), alone: BTreeMap::new(), versions: BTreeMap::new() };
    // What is said of a migration beside its SQL is known before that is read.
    let (metadata, sql): (Vec<_>, Vec<_>) = paths.iter().partition(|path| path.strip_suffix(".toml").is_some());
    for path in metadata.into_iter().chain(sql) {
        if let Err(fault) = reader.take(directory, path) {
            reader.problems.push(fault.problem(tool, shown, path));
        }
    }
    reader.check_order();
    reader.found
}

/// Reads files one by one.
struct Reader<'a> {
    tool: Tool,
    shown: &'a str,
    problems: &'a mut Problems,
    found: Files,
    /// What is said beside the SQL: not to be run in a transaction.
    alone: BTreeMap<Number, bool>,
    /// Of the ways up, with their paths.
    versions: BTreeMap<Number, (Version, String)>,
}

impl Reader<'_> {
    fn take(&mut self, directory: &Path, path: &str) -> Result<(), Fault> {
        let Said { version, words, part } = parse(self.tool, path)?;
        let version = Version::parse(self.tool, version)?;
        let shown = format!("{}/{path}", self.shown);
        let bytes = match std::fs::read(directory.join(path)) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.problems.push(source::unreadable_file(&shown, &error));
                return Ok(());
            }
        };
        let sums = checksums(self.tool, version.number.get(), words, &String::from_utf8_lossy(&bytes));
        let file = SourceFile::decode(&shown, &bytes, self.problems);
        match part {
            Part::Metadata => {
                self.alone.insert(version.number, runs_alone(&file.text));
                self.found.beside.push(file);
            }
            Part::Up => {
                let is_said = self.tool == Tool::Sqlx && file.text.starts_with("-- no-transaction");
                let alone = is_said || self.alone.get(&version.number) == Some(&true);
                self.up(&version, words, file, sums, alone);
                self.versions.insert(version.number, (version, path.to_owned()));
            }
            Part::Down => self.down(&version, words, file),
            Part::Both => match section::cut(self.tool, &file) {
                Ok(sections) => {
                    let with = |text| SourceFile { text: Arc::from(text), ..file.clone() };
                    if let Some(down) = sections.down {
                        self.down(&version, words, with(down));
                    }
                    self.up(&version, words, with(sections.up), sums, sections.alone);
                    self.versions.insert(version.number, (version, path.to_owned()));
                }
                Err(problem) => self.problems.push(*problem),
            },
        }
        Ok(())
    }

    fn up(&mut self, version: &Version, words: &str, mut file: SourceFile, checksums: Vec<String>, alone: bool) {
        let revision = Revision { tool: self.tool, id: version.id.clone(), checksums };
        let alone = alone && needs_no_transaction(&file.text);
        file.origin = Some(Arc::new(Origin { revision, alone }));
        self.found.entries.push(Entry { name: name(version, words, Role::Up), file });
    }

    /// A way back without a statement is none: that is how these tools say so.
    fn down(&mut self, version: &Version, words: &str, mut file: SourceFile) {
        if statements(&file.text).is_empty() {
            self.found.beside.push(file);
        } else {
            let revision = Revision { tool: self.tool, id: version.id.clone(), checksums: Vec::new() };
            file.origin = Some(Arc::new(Origin { revision, alone: false }));
            self.found.entries.push(Entry { name: name(version, words, Role::Down), file });
        }
    }

    /// Reports what the tool runs in another order than that of the numbers.
    fn check_order(&mut self) {
        let versions: Vec<&(Version, String)> = self.versions.values().collect();
        for pair in versions.windows(2) {
            let [(before, path), (after, other)] = pair else { continue };
            if before.is_overtaken(self.tool, after) {
                let title =
                    format!("{} runs `{other}` before `{path}`, for it compares versions as texts", self.tool.name());
                let problem = Problem::at_path(&rule::BAD_NAME, format!("{}/{other}", self.shown)).titled(title);
                self.problems.push(problem.helped("write all versions with as many digits: databases know them by what they are called now, so do this before any has them"));
            }
        }
    }
}

fn name(version: &Version, words: &str, role: Role) -> Name {
    let slug = slug_of(words);
    // What has no letter of ASCII in it has a number.
    let slug = if slug.is_empty() { "migration".to_owned() } else { slug };
    Name { number: version.number, slug, role }
}

/// `run_in_transaction = false`, as Diesel reads it: where it is not said in a file that is there, that is what it takes it for.
fn runs_alone(metadata: &str) -> bool {
    let said = metadata.lines().find_map(|line| {
        let (key, value) = line.split('#').next().unwrap_or_default().split_once('=')?;
        (key.trim() == "run_in_transaction").then(|| value.trim() == "true")
    });
    said != Some(true)
}
