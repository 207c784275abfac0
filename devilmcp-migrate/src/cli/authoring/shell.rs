//! `completions` and `man`: what a shell and a reader are told of the program.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory as _};

use super::call::Call;
use super::whole;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::table::Tone;

/// What is asked of it.
#[derive(Debug, clap::Args)]
pub(super) struct Man {
    /// A folder for a page on the program and one on each verb [default: the first of them, on standard output]
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// Prints the script by which a shell completes the names of verbs and options.
pub(super) fn completions(shell: clap_complete::Shell, output: Output) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Call::command(), NAME, &mut script);
    output.script(&String::from_utf8_lossy(&script));
    Exit::Done
}

impl Man {
    /// Prints the page on the program, or writes all pages.
    pub(super) fn answer(&self, output: Output) -> Exit {
        let mut program = Call::command().name(NAME);
        program.build();
        let outcome = match &self.folder {
            None => page(&program).map(|page| output.script(&page)),
            Some(folder) => pages(folder, &program).map(|written| {
                for path in written {
                    output.line(Tone::Good, &format!("written: {}", path.display()));
                }
            }),
        };
        match outcome {
            Ok(()) => Exit::Done,
            Err(error) => {
                output.error(&format!("the manual cannot be written: {error}"));
                Exit::Failed
            }
        }
    }
}

/// A page on a command, and one on each of those below it.
fn pages(folder: &Path, command: &Command) -> io::Result<Vec<PathBuf>> {
    let file = format!("{}.1", command.get_display_name().unwrap_or(command.get_name()));
    whole::write(folder, &file, &page(command)?)?;
    let mut written = vec![folder.join(file)];
    let is_shown = |one: &&Command| !one.is_hide_set() && one.get_name() != "help";
    for below in command.get_subcommands().filter(is_shown) {
        written.extend(pages(folder, below)?);
    }
    Ok(written)
}

fn page(command: &Command) -> io::Result<String> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

const NAME: &str = "devilmcp-migrate";
