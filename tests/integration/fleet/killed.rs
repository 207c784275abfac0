//! A fleet whose process is killed in the middle.

use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::{Tenants, version};
use crate::support::author;

#[test]
fn what_was_killed_goes_on_where_it_was() {
    let mut midway = 0;
    for round in 0..6 {
        let tenants = Tenants::new(400);
        let mut child = upgrade(&tenants).stdout(Stdio::null()).spawn().unwrap();
        // Once something is done, and a little more each time.
        let started = |number: &usize| is_begun(&tenants, *number);
        while child.try_wait().unwrap().is_none() && !(0..400).step_by(20).any(|number| started(&number)) {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_millis(10 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let at: Vec<i64> = (0..400).map(|number| version(&tenants.file(number))).collect();
        assert!(at.iter().all(|version| [1, 3].contains(version)), "nothing is half done: {at:?}");
        let done = at.iter().filter(|version| **version == 3).count();
        midway += usize::from((1..400).contains(&done));

        let output = upgrade(&tenants).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let number = |name: &str| usize::try_from(report[name].as_u64().unwrap()).unwrap();
        assert_eq!(["all", "upgraded", "unchanged", "failed", "left"].map(number), [400, 400 - done, done, 0, 0]);
        assert!((0..400).all(|number| version(&tenants.file(number)) == 3));
    }
    assert!(midway > 0, "none was killed in the middle");
}

fn upgrade(tenants: &Tenants) -> Command {
    let mut command = Command::new(author());
    let migrations = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/notes_v3");
    command.args(["upgrade", "--json", "--dir", migrations, "--all"]).arg(tenants.path());
    command
}

/// Whether it was written to, told without opening it.
fn is_begun(tenants: &Tenants, number: usize) -> bool {
    let [of_it, of_the_last] = [number, 399].map(|number| tenants.file(number).metadata().unwrap().modified().unwrap());
    of_it > of_the_last + Duration::from_millis(50)
}
