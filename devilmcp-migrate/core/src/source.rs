//! A directory of migrations, read from disk: the only place here that touches the file system.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::name::{Fault, Name};
use crate::problem::{Problem, Problems};
use crate::rule;

/// A file's text, and its path as the user would write it. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The path, relative to the crate.
    pub path: Arc<str>,
    /// The text, without a byte-order mark and with LF line ends: so it is the same however it was checked out.
    pub text: Arc<str>,
}

impl SourceFile {
    /// A file with this text.
    pub fn new(path: &str, text: String) -> Self {
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let text = if text.contains("\r\n") { text.replace("\r\n", "\n") } else { text };
        Self { path: path.into(), text: text.into() }
    }

    /// The text of a file that is on disk as `bytes`.
    fn decode(path: &str, bytes: Vec<u8>, problems: &mut Problems) -> Option<Self> {
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            problems.push(Problem::at_path(&rule::NOT_UTF8, path).titled("the file is UTF-16, not UTF-8 text"));
            return None;
        }
        match String::from_utf8(bytes) {
            Ok(text) => {
                let file = Self::new(path, text);
                if let Some(at) = file.text.find('\0') {
                    problems.push(Problem::at_text(&rule::NUL_BYTE, &file, at..at + 1, "NUL"));
                    return None;
                }
                Some(file)
            }
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let file = Self::new(path, String::from_utf8_lossy(error.as_bytes()).into_owned());
                let at = file.text.find('\u{fffd}').unwrap_or(at);
                problems.push(Problem::at_text(&rule::NOT_UTF8, &file, at..at + 1, "not UTF-8 from here on"));
                None
            }
        }
    }
}

/// A migration's file: its name, taken apart, and its text.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What the file is called.
    pub name: Name,
    /// What is in it.
    pub file: SourceFile,
}

/// Reads every migration in `directory`, which the user calls `shown`, in the order of their names. `README.md` and
/// dot-files are left alone; whatever else is there is reported, because a file silently skipped is a migration that is
/// never applied.
pub fn read(directory: &Path, shown: &str, problems: &mut Problems) -> Vec<Entry> {
    let names = match names(directory) {
        Ok(names) => names,
        Err(error) => {
            let title = format!("the migrations directory cannot be read: {error}");
            problems.push(Problem::at_path(&rule::UNREADABLE, shown).titled(title));
            return Vec::new();
        }
    };
    let mut entries = Vec::new();
    let mut folded: BTreeMap<String, &str> = BTreeMap::new();
    for file_name in &names {
        let path = format!("{}/{file_name}", shown.trim_end_matches('/'));
        if let Some(other) = folded.insert(file_name.to_lowercase(), file_name) {
            let title = format!("`{other}` and `{file_name}` differ only in upper and lower case");
            problems.push(Problem::at_path(&rule::CASE_COLLISION, path).titled(title));
            continue;
        }
        match Name::parse(file_name) {
            Err(fault) => problems.push(misnamed(path, file_name, &fault)),
            Ok(name) => match std::fs::read(directory.join(file_name)) {
                Ok(bytes) => {
                    let file = SourceFile::decode(&path, bytes, problems);
                    entries.extend(file.map(|file| Entry { name, file }));
                }
                Err(error) => {
                    let title = format!("the file cannot be read: {error}");
                    let problem = Problem::at_path(&rule::UNREADABLE, path).titled(title);
                    problems.push(problem.helped("make it a readable file, or remove it"));
                }
            },
        }
    }
    entries
}

/// The names of what is in `directory`, sorted, without what is none of a migration tool's business.
///
/// # Errors
/// The directory cannot be read.
pub fn names(directory: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && !name.eq_ignore_ascii_case("README.md") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn misnamed(path: String, file_name: &str, fault: &Fault) -> Problem {
    let (rule, title, help) = match fault {
        Fault::NotSql => (&rule::UNKNOWN_FILE, format!("`{file_name}` is not a migration"), None),
        Fault::NoNumber => (&rule::BAD_NAME, "the file name does not begin with a number".to_owned(), None),
        Fault::Zero => (&rule::BAD_NAME, "the number is 0, but migrations are numbered from 0001".to_owned(), None),
        Fault::TooLarge => {
            let title = "the number is larger than SQLite's largest integer, 9223372036854775807".to_owned();
            (&rule::BAD_NAME, title, Some("number it 0001, 0002, ... or YYYYMMDDhhmmss".to_owned()))
        }
        Fault::NoSlug => (&rule::BAD_NAME, "the file name says a number but no name".to_owned(), None),
        Fault::Form { right } => {
            (&rule::BAD_NAME, rule::BAD_NAME.title.to_owned(), Some(format!("rename it to {right}")))
        }
    };
    let problem = Problem::at_path(rule, path).titled(title);
    match help {
        Some(help) => problem.helped(help),
        None => problem,
    }
}
