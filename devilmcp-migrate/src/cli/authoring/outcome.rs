//! How a comparison with `schema.sql` has ended, and how that is said.

use std::path::Path;

use devilmcp_migrate_core::problem::Problem;
use serde_json::json;

use super::draft::Draft;
use super::shown;
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::table::Tone;

/// How it has ended.
pub(super) enum Outcome {
    /// There is no difference.
    Same,
    /// There is, and no more was asked.
    Differs(Vec<String>),
    /// This is the migration, what is said of it (without an error among that, it works), and what rows may suffer from it.
    Drafted(Draft, Vec<Problem>, Vec<String>),
    /// The migrations or the declared schema do not work.
    Unusable(Vec<Problem>),
    /// It cannot be written, and what to do about that.
    Refused(String, String),
}

/// What becomes of a migration that works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    Write,
    Show,
}

impl Outcome {
    /// Writes what there is to be written, and says what has happened.
    pub(super) fn end(&self, dir: &Path, goal: Goal, output: Output) -> Exit {
        let failure = match self {
            Self::Drafted(draft, problems, _) if goal == Goal::Write && !problems.iter().any(Problem::is_error) => {
                draft.write(dir).err().map(|error| format!("the migration cannot be written: {error}"))
            }
            Self::Refused(refusal, _) => Some(refusal.clone()),
            Self::Drafted(..) | Self::Same | Self::Differs(_) | Self::Unusable(_) => None,
        };
        let exit = self.exit(failure.is_some());
        if output.is_json() {
            self.say_in_json(dir, goal, failure.as_deref(), exit, output);
        } else {
            self.say(dir, goal, failure.as_deref(), exit, output);
        }
        exit
    }

    fn exit(&self, has_failed: bool) -> Exit {
        match self {
            _ if has_failed || self.problems().iter().any(Problem::is_error) => Exit::Failed,
            Self::Differs(_) => Exit::Pending,
            Self::Unusable(_) => Exit::Failed,
            Self::Same | Self::Drafted(..) | Self::Refused(..) => Exit::Done,
        }
    }

    fn problems(&self) -> &[Problem] {
        match self {
            Self::Drafted(_, problems, _) | Self::Unusable(problems) => problems,
            Self::Same | Self::Differs(_) | Self::Refused(..) => &[],
        }
    }

    fn say(&self, dir: &Path, goal: Goal, failure: Option<&str>, exit: Exit, output: Output) {
        output.problems(self.problems());
        match self {
            Self::Same => output.line(Tone::Good, "the migrations make what schema.sql declares"),
            Self::Differs(differences) => {
                output.list("the migrations do not make what schema.sql declares:", differences);
            }
            Self::Unusable(_) => output.error("nothing was written"),
            Self::Refused(refusal, help) => output.refusal(refusal, help),
            Self::Drafted(draft, ..) if goal == Goal::Show => {
                let files = draft.files().into_iter().rev();
                let texts: Vec<String> =
                    files.map(|(name, text)| format!("-- {}/{name}\n{}", shown(dir), text.trim_end())).collect();
                output.line(Tone::Plain, &texts.join("\n\n"));
            }
            Self::Drafted(draft, _, risks) if exit == Exit::Done => {
                for (name, _) in draft.files().into_iter().rev() {
                    output.line(Tone::Good, &format!("written: {}/{name}", shown(dir)));
                }
                output.list("what to think of where there are rows:", risks);
                output.line(Tone::Plain, "read them, and commit them with schema.sql");
            }
            Self::Drafted(..) => output.error(failure.unwrap_or(
                "nothing was written; `--default TABLE.COLUMN=EXPR` fills what has no value, `--allow HAZARD --reason TEXT` allows what may happen to rows, and --print shows the migration to start from",
            )),
        }
    }

    fn say_in_json(&self, dir: &Path, goal: Goal, failure: Option<&str>, exit: Exit, output: Output) {
        let (mut files, mut differences, mut advice) = ([None, None], None, None);
        let mut warnings = &Vec::new();
        match self {
            Self::Drafted(draft, _, risks) => {
                warnings = risks;
                files = draft
                    .files()
                    .map(|(name, text)| Some(json!({ "path": format!("{}/{name}", shown(dir)), "text": text })));
            }
            Self::Differs(found) => differences = Some(found),
            Self::Refused(_, help) => advice = Some(help),
            Self::Same | Self::Unusable(_) => {}
        }
        let [down, up] = files;
        output.document(&json!({
            "same": matches!(self, Self::Same),
            "differences": differences,
            "written": up.is_some() && goal == Goal::Write && exit == Exit::Done,
            "up": up,
            "down": down,
            "warnings": warnings,
            "problems": document::problems(self.problems()),
            "error": failure,
            "help": advice,
        }));
    }
}
