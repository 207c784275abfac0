//! A directory of migrations, read from disk: the only place here that touches the file system.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::sync::Arc;

use crate::layout::{self, Origin};
use crate::listing::{CHECKPOINT, LOCK, Listed, SCHEMA, list};
use crate::name::{Fault, Name};
use crate::nearest::nearest;
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::tool::Tool;

/// A file's text, and its path as the user would write it. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The path, relative to the crate.
    pub path: Arc<str>,
    /// The text, without a byte-order mark and with LF line ends: so it is the same however it was checked out.
    pub text: Arc<str>,
    /// What another tool knows of it, if it is a migration in that tool's layout.
    pub origin: Option<Arc<Origin>>,
}

impl SourceFile {
    /// A file with this text.
    pub fn new(path: &str, text: String) -> Self {
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        // One byte is found sooner than two.
        let text = if text.contains('\r') { text.replace("\r\n", "\n") } else { text };
        Self { path: path.into(), text: text.into(), origin: None }
    }

    /// The text of a file that is on disk as `bytes`. What is no text is reported, and read as well as can be: a file that
    /// seemed not to be there would be missed elsewhere.
    pub(crate) fn decode(path: &str, bytes: &[u8], problems: &mut Problems) -> Self {
        if let Some(text) = utf_16(bytes) {
            problems.push(Problem::at_path(&rule::NOT_UTF8, path).titled("the file is UTF-16, not UTF-8 text"));
            return Self::new(path, text);
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                let file = Self::new(path, text.to_owned());
                if let Some(at) = file.text.find('\0') {
                    problems.push(Problem::at_text(&rule::NUL_BYTE, &file, at..at + 1, "NUL"));
                }
                file
            }
            Err(error) => {
                let at = error.valid_up_to();
                let file = Self::new(path, String::from_utf8_lossy(bytes).into_owned());
                let at = file.text.find('\u{fffd}').unwrap_or(at);
                problems.push(Problem::at_text(&rule::NOT_UTF8, &file, at..at + 1, "not UTF-8 from here on"));
                file
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
    let names = match list(directory) {
        Ok(names) => names,
        Err(error) => {
            problems.push(unreadable(shown, &error));
            return Vec::new();
        }
    };
    let shown = shown.trim_end_matches('/');
    let mut entries = Vec::with_capacity(names.len());
    let mut on_disk = directory.join("name");
    let mut buffer = vec![0; BUFFER];
    for Listed { name: file_name, is_directory } in without_collisions(&names, shown, problems) {
        let path = format!("{shown}/{file_name}");
        if *is_directory {
            let is_migration = directory.join(file_name).join("up.sql").is_file();
            let tool = layout::written_for(&format!("{file_name}/up.sql")).filter(|_| is_migration);
            problems.push(subdirectory(path, file_name, tool));
            continue;
        }
        let name = match Name::parse(file_name) {
            Ok(name) => name,
            Err(fault) => {
                problems.push(misnamed(path.as_str(), file_name, &names, &fault));
                // It is read under the name that was meant, so that its number and its other half are not missed as well.
                match fault {
                    Fault::Form { meant } if !has(&names, &meant.to_string()) => meant,
                    _ => continue,
                }
            }
        };
        on_disk.set_file_name(file_name);
        match read_into(&mut buffer, &on_disk) {
            Ok(bytes) => entries.push(Entry { name, file: SourceFile::decode(&path, bytes, problems) }),
            Err(error) => problems.push(unreadable_file(&path, &error)),
        }
    }
    entries
}

/// A directory that cannot be read.
pub(crate) fn unreadable(shown: &str, error: &std::io::Error) -> Problem {
    let title = format!("the migrations directory cannot be read: {error}");
    Problem::at_path(&rule::UNREADABLE, shown).titled(title)
}

/// A file that cannot be read.
pub(crate) fn unreadable_file(path: &str, error: &std::io::Error) -> Problem {
    let title = format!("the file cannot be read: {error}");
    let problem = Problem::at_path(&rule::UNREADABLE, path).titled(title);
    problem.helped("make it a readable file, or remove it")
}

/// A file of `directory` that is no migration, if it is there.
pub fn read_beside(directory: &Path, shown: &str, name: &str, problems: &mut Problems) -> Option<SourceFile> {
    let path = format!("{}/{name}", shown.trim_end_matches('/'));
    match std::fs::read(directory.join(name)) {
        Ok(bytes) => Some(SourceFile::decode(&path, &bytes, problems)),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => {
            problems.push(unreadable_file(&path, &error));
            None
        }
    }
}

/// What is in a file, in a buffer that is used again for the next: so its size need not be asked for before.
fn read_into<'a>(buffer: &'a mut Vec<u8>, path: &Path) -> std::io::Result<&'a [u8]> {
    let mut file = File::open(path)?;
    let mut length = 0;
    loop {
        if length == buffer.len() {
            // Not `resize`, which unoptimised writes byte by byte.
            let mut larger = vec![0; 2 * length];
            larger[..length].copy_from_slice(buffer);
            *buffer = larger;
        }
        match file.read(&mut buffer[length..]) {
            Ok(0) => return Ok(&buffer[..length]),
            Ok(more) => length += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Most migrations fit into it, bytes.
const BUFFER: usize = 16 * 1024;

/// Of names that differ only in case, one, which is a migration's if any of them is; the others are reported.
fn without_collisions<'a>(names: &'a [Listed], shown: &str, problems: &mut Problems) -> Vec<&'a Listed> {
    // What is the same in lower case has no other letters.
    if names.iter().all(|listed| is_lower(&listed.name)) {
        return names.iter().collect();
    }
    let mut groups: BTreeMap<String, Vec<&Listed>> = BTreeMap::new();
    for listed in names {
        groups.entry(listed.name.to_lowercase()).or_default().push(listed);
    }
    let mut left = Vec::new();
    for mut group in groups.into_values() {
        let kept = group.remove(group.iter().position(|listed| Name::parse(&listed.name).is_ok()).unwrap_or(0));
        left.push(kept);
        for Listed { name: other, .. } in group {
            let problem = Problem::at_path(&rule::CASE_COLLISION, format!("{shown}/{other}"));
            let title = format!("`{other}` and `{}` differ only in upper and lower case", kept.name);
            problems.push(problem.titled(title));
        }
    }
    left
}

fn is_lower(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_uppercase() || !bytes[at].is_ascii() {
            return false;
        }
        at += 1;
    }
    true
}

/// The path of a file of the directory that the user calls `shown`, within that.
pub fn within<'f>(file: &'f SourceFile, shown: &str) -> &'f str {
    file.path.strip_prefix(shown).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&file.path)
}

fn has(names: &[Listed], name: &str) -> bool {
    names.iter().any(|listed| listed.name == name)
}

fn subdirectory(path: String, name: &str, tool: Option<Tool>) -> Problem {
    let problem =
        Problem::at_path(&rule::UNKNOWN_FILE, path).titled(format!("`{name}` is a directory, not a migration"));
    let otherwise = "move it elsewhere: migrations are files, and no others are looked for in it";
    problem.helped(tool.map_or_else(|| otherwise.to_owned(), layout::unsaid))
}

fn misnamed(path: &str, file_name: &str, names: &[Listed], fault: &Fault) -> Problem {
    let meant = || meant(file_name, names).map(|meant| format!("did you mean `{meant}`?"));
    let (rule, title, help) = match fault {
        Fault::NotSql => (&rule::UNKNOWN_FILE, format!("`{file_name}` is not a migration"), meant()),
        Fault::NoNumber => (&rule::BAD_NAME, "the file name does not begin with a number".to_owned(), meant()),
        Fault::Zero => {
            let help = "number it, and what follows it, from 0001";
            (
                &rule::BAD_NAME,
                "the number is 0, but migrations are numbered from 0001".to_owned(),
                Some(help.to_owned()),
            )
        }
        Fault::TooLarge => {
            let title = "the number is larger than SQLite's largest integer, 9223372036854775807".to_owned();
            (&rule::BAD_NAME, title, Some("number it 0001, 0002, ... or YYYYMMDDhhmmss".to_owned()))
        }
        Fault::Letter(letter) => (&rule::BAD_NAME, format!("the file name has a `{letter}`, which is not ASCII"), None),
        Fault::NoSlug { number } => {
            let help = format!("say in its name what it does, as in {number}_initial_schema.sql");
            (&rule::BAD_NAME, "the file name says a number but no name".to_owned(), Some(help))
        }
        Fault::Form { meant } => {
            (&rule::BAD_NAME, rule::BAD_NAME.title.to_owned(), Some(format!("rename it to {meant}")))
        }
    };
    let mut problem = Problem::at_path(rule, path).titled(title);
    problem.notes.extend(layout::written_for(file_name).map(layout::unsaid));
    match help {
        Some(help) => problem.helped(help),
        None => problem,
    }
}

/// The name that this is a misspelling of: of a file beside the migrations, or with another ending, of a migration that is not
/// there.
fn meant(file_name: &str, names: &[Listed]) -> Option<String> {
    if let Some(known) = nearest(file_name, [LOCK, CHECKPOINT, SCHEMA]) {
        return Some(known.to_owned());
    }
    let (stem, ending) = file_name.rsplit_once('.')?;
    let meant = format!("{stem}.{}", nearest(ending, ["sql"])?);
    (Name::parse(&meant).is_ok() && !has(names, &meant)).then_some(meant)
}

/// The text of a file in UTF-16, which its byte-order mark gives away.
fn utf_16(bytes: &[u8]) -> Option<String> {
    let unit = match bytes.get(..2)? {
        b"\xff\xfe" => u16::from_le_bytes,
        b"\xfe\xff" => u16::from_be_bytes,
        _ => return None,
    };
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    Some(String::from_utf16_lossy(&units))
}
