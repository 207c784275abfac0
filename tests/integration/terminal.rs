//! The command line where a person sits at it: on a terminal, which `script` of util-linux makes.

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::command_line::applied_by_a_newer_program;
use crate::fleet::projects;
use crate::site::Site;

#[test]
fn each_migration_is_a_line_when_it_is_done() {
    let site = Site::new();
    let seen = at_a_terminal(&site, "upgrade");
    for number in 1..=12 {
        assert!(seen.raw.contains(&format!("\r\u{1b}[Kapplying {number:04}_")), "{}", seen.raw);
    }
    let done: Vec<&str> = seen.left.iter().map_while(|line| line.strip_prefix("applied 00")).collect();
    assert_eq!(done.len(), 12, "{:?}", seen.left);
    assert!(done[1].starts_with("02_performance_indexes: ") && done[1].ends_with(" ms"), "{}", done[1]);
    let report = &seen.left[12..];
    assert!(report[0].starts_with("VERSION  NAME"), "{report:?}");
    assert_eq!(report.last().unwrap(), "the database is at 0012_file_hashes");
    assert_eq!(at_a_terminal(&site, "upgrade").left, ["nothing to do: the database is at 0012_file_hashes"]);

    let seen = at_a_terminal(&site, "downgrade 11 --backup");
    assert!(seen.raw.contains("\u{1b}[Kbackup: ") && seen.raw.contains("\u{1b}[Kundoing 0012_"), "{}", seen.raw);
    assert!(seen.left[0].starts_with("reverted 0012_file_hashes: "), "{:?}", seen.left);
    assert!(seen.left.last().unwrap().starts_with("what it was before is in "), "{:?}", seen.left);
}

#[test]
fn who_waits_is_told_so_until_the_wait_is_over() {
    let site = Site::new();
    site.db("upgrade 11").done();
    let blocker = site.connect();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    let started = Instant::now();
    let seen = thread::scope(|scope| {
        scope.spawn(move || {
            thread::sleep(Duration::from_secs(2));
            blocker.execute_batch("ROLLBACK").unwrap();
        });
        at_a_terminal(&site, "upgrade")
    });
    assert!(started.elapsed() >= Duration::from_secs(2));
    assert!(seen.raw.contains("\r\u{1b}[Kwaiting for another connection, for "), "{}", seen.raw);
    assert!(seen.left[0].starts_with("applied 0012_file_hashes: "), "{:?}", seen.left);
    assert_eq!(seen.left.last().unwrap(), "the database is at 0012_file_hashes");
}

#[test]
fn what_fails_says_so_on_a_line_of_its_own_and_no_name_commands_the_terminal() {
    let site = Site::new();
    site.db("upgrade").done();
    let name = "a\u{1b}[2J\u{9b}31m\r\u{7}\u{202e}";
    applied_by_a_newer_program(&site.connect(), name, "SELECT nothing");
    let seen = at_a_terminal(&site, "downgrade 11");
    assert!(seen.raw.contains("\r\u{1b}[Kundoing 0013_a\\u{1b}[2J"), "{:?}", seen.raw);
    let [error, ..] = &seen.left[..] else { panic!("{:?}", seen.left) };
    assert!(error.starts_with("error: the way back of 0013_a"), "{error}");
    let left = seen.raw.replace("\r\u{1b}[K", "").replace("\r\n", "");
    assert!(!left.contains(|letter: char| letter.is_control() || letter == '\u{202e}'), "{left:?}");
}

#[test]
fn an_answer_in_json_and_a_terminal_that_cannot_erase_get_the_report_only() {
    let site = Site::new();
    let seen = at_a_terminal(&site, "upgrade 11 --json");
    assert!(seen.raw.starts_with('{') && !seen.raw.contains('\u{1b}'), "{}", seen.raw);
    let seen = on(&site, "upgrade", "dumb");
    assert!(seen.left[0].starts_with("VERSION  NAME") && !seen.raw.contains('\u{1b}'), "{}", seen.raw);
}

#[test]
fn a_fleet_is_one_bar_that_goes_and_a_line_for_each_failure_that_stays() {
    let site = Site::new();
    let tenants = projects(9);
    std::fs::write(tenants.file(4), "Dear diary").unwrap();
    let seen = at_a_terminal(&site, &format!("upgrade --all {}", tenants.path().display()));
    assert!(seen.raw.contains("\r\u{1b}[K[################] 9 of 9, 1 failed, "), "{}", seen.raw);
    let [failure, summary] = &seen.left[..] else { panic!("{:?}", seen.left) };
    assert!(failure.starts_with(&format!("error: {}: the file is not", tenants.file(4).display())), "{failure}");
    assert!(summary.ends_with(": 8 upgraded, 0 already there, 1 failed"), "{summary}");
}

/// What a terminal was given, and which lines are left of it.
struct Seen {
    raw: String,
    left: Vec<String>,
}

fn at_a_terminal(site: &Site, verb: &str) -> Seen {
    on(site, verb, "xterm")
}

fn on(site: &Site, verb: &str, terminal: &str) -> Seen {
    let program = site.command(verb);
    let words = [program.get_program()].into_iter().chain(program.get_args());
    let line: Vec<&str> = words.map(|word| word.to_str().unwrap()).collect();
    let environment = program.get_envs().map(|(name, value)| (name, value.unwrap()));
    let mut script = Command::new("script");
    script.args(["--quiet", "--command", &line.join(" "), "/dev/null"]).envs(environment);
    script.env("NO_COLOR", "1").env("TERM", terminal);
    let output = script.stdin(Stdio::null()).output().unwrap();
    let raw = String::from_utf8(output.stdout).unwrap();
    let left = raw.lines().map(|line| line.rsplit("\u{1b}[K").next().unwrap_or_default().to_owned()).collect();
    Seen { raw, left }
}
