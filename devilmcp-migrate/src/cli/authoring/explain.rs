//! `explain`: what is behind a problem's code.

use devilmcp_migrate_core::nearest::nearest;
use devilmcp_migrate_core::rule::{self, Rule};
use serde_json::{Value, json};

use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::table::Tone;

/// The page with a section for every code.
const PAGE: &str = include_str!("../../../problems.md");

/// Prints the section of one code; or, without one, every code with its title.
pub(super) fn explain(code: Option<&str>, output: Output) -> Exit {
    let Some(code) = code else {
        if output.is_json() {
            output.document(&rule::ALL.iter().map(|rule| document(rule)).collect());
        } else {
            let row = |rule: &&Rule| (Tone::Plain, [rule.code, rule.level.name(), rule.title].map(str::to_owned));
            output.table(["code", "level", "what is wrong"], &rule::ALL.iter().map(row).collect::<Vec<_>>());
        }
        return Exit::Done;
    };
    let known = rule::ALL.iter().find(|rule| rule.code.eq_ignore_ascii_case(code));
    let Some(rule) = known else {
        let near = nearest(code, rule::ALL.iter().map(|rule| rule.code));
        let near = near.map(|near| format!("did you mean {near}? ")).unwrap_or_default();
        output.error(&format!("there is no problem {code:?}: {near}`devilmcp-migrate explain` lists them all"));
        return Exit::Usage;
    };
    if output.is_json() {
        output.document(&document(rule));
        return Exit::Done;
    }
    output.line(Tone::Head, &format!("{} ({}): {}", rule.code, rule.level.name(), rule.title));
    output.line(Tone::Plain, &format!("\n{}\n", section(rule).trim()));
    output.line(Tone::Head, &format!("What to do: {}.", rule.help));
    Exit::Done
}

fn document(rule: &Rule) -> Value {
    let (code, title, help) = (rule.code, rule.title, rule.help);
    json!({ "code": code, "level": rule.level.name(), "title": title, "help": help, "text": section(rule).trim() })
}

/// What the page says below the heading of the rule.
fn section(rule: &Rule) -> &'static str {
    let heading = format!("## {}: {}\n", rule.code, rule.title);
    let after = PAGE.split_once(&heading).map_or("", |(_, after)| after);
    after.split("\n## ").next().unwrap_or_default()
}
