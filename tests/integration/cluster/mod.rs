//! Databases on libSQL's own server: a primary that is killed at any moment, replicas, and several clients at once.
//!
//! `tests/cluster/run.sh` fetches the server and runs this; without it nothing is tried, and that is said.

mod command;
mod node;

use std::time::Instant;
use std::{env, thread};

use devilmcp_migrate::{Backup, ErrorKind, Target};

use self::node::{Node, program, within};
use crate::programs::devilmcp::{MIGRATIONS, Version};

const HALFWAY: Version = Version::V0005MemoriesFilePathRelative;

#[test]
fn a_database_on_a_server_is_taken_up_and_down_and_a_file_of_it_is_known() {
    let Some(program) = program() else { return };
    let primary = Node::primary(&program);
    let there = primary.migrations();
    assert_eq!(there.version().unwrap(), None);
    assert_eq!(there.plan_upgrade(Target::Latest).unwrap().steps().len(), Version::ALL.len());
    assert_eq!(there.upgrade().unwrap().done().len(), Version::ALL.len());
    assert!(there.upgrade().unwrap().is_noop());
    let status = there.status().unwrap();
    assert!(status.is_latest() && status.drift().is_empty(), "{status:?}");
    there.downgrade_to(HALFWAY).unwrap();
    assert_eq!(there.version().unwrap(), Some(HALFWAY));
    assert_eq!(there.downgrade_to(Target::Latest).unwrap_err().kind(), ErrorKind::WrongDirection);
    let kept = MIGRATIONS.migrator().backup(Backup::beside()).on(primary.server());
    assert_eq!(kept.upgrade().unwrap_err().kind(), ErrorKind::Unsupported);
    let hooked = MIGRATIONS.migrator().after(Version::LATEST, |_| Ok(())).on(primary.server());
    assert_eq!(hooked.upgrade().unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(there.version().unwrap(), Some(HALFWAY));
    let server_history = there.status().unwrap();

    let mut conn = primary.file();
    let status = MIGRATIONS.status(&conn).unwrap();
    assert_eq!(format!("{:?}", status.applied()), format!("{:?}", server_history.applied()));
    assert!(MIGRATIONS.migrator().upgrade_to(&mut conn, HALFWAY).unwrap().is_noop());
    assert_eq!(MIGRATIONS.upgrade(&mut conn).unwrap().from(), Some(5));
}

#[test]
fn what_a_primary_has_shows_on_its_replicas_and_of_two_clients_one_does_it() {
    let Some(program) = program() else { return };
    let primary = Node::primary(&program);
    let replicas = [Node::replica_of(&primary), Node::replica_of(&primary)];
    for round in 0..4 {
        let upgrade = || primary.migrations().upgrade().unwrap().done().len();
        let done: usize = thread::scope(|scope| {
            let clients = [scope.spawn(upgrade), scope.spawn(upgrade)];
            clients.into_iter().map(|client| client.join().unwrap()).sum()
        });
        let expected = if round == 0 { Version::ALL.len() } else { Version::ALL.len() - 5 };
        assert_eq!(done, expected, "round {round}");
        for replica in &replicas {
            within(|| replica.migrations().version().ok().flatten() == Some(Version::LATEST));
            assert!(replica.migrations().status().unwrap().drift().is_empty());
        }
        primary.migrations().downgrade_to(HALFWAY).unwrap();
    }
}

#[test]
fn whenever_a_primary_is_killed_a_run_is_done_whole_or_not_at_all() {
    let Some(program) = program() else { return };
    let mut primary = Node::primary(&program);
    primary.migrations().upgrade_to(HALFWAY).unwrap();
    let started = Instant::now();
    primary.migrations().upgrade().unwrap();
    let usual = started.elapsed();
    let mut is_up = true;
    let mut seen = [0; 2];
    for round in 0..rounds() {
        let migrations = primary.migrations();
        let run = thread::spawn(move || if is_up { migrations.downgrade_to(HALFWAY) } else { migrations.upgrade() });
        // Each time at another moment of the run.
        thread::sleep(usual * (round * 7 % 20) / 16);
        primary.kill();
        primary.start();
        let outcome = run.join().unwrap();
        let status = primary.migrations().status().unwrap();
        assert!(status.drift().is_empty() && status.refusal().is_none(), "round {round}: {status:?}");
        let now = status.is_latest();
        assert!(now || status.current() == Some(5), "round {round}: {status:?}");
        match outcome {
            Ok(_) => assert_ne!(now, is_up, "round {round}: it is told as done"),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Server, "round {round}: {error:?}");
                assert_eq!(now, is_up, "round {round}: it is told as rolled back: {error:?}");
            }
        }
        seen[usize::from(now == is_up)] += 1;
        is_up = now;
    }
    assert!(seen.iter().all(|count| *count > 0), "done and not done: {seen:?}");
}

#[test]
fn each_namespace_is_a_database_by_itself() {
    let Some(program) = program() else { return };
    let node = Node::of_namespaces(&program, &["ada", "grace"]);
    let of = |name: &str| MIGRATIONS.migrator().on(node.server().namespace(name));
    of("ada").upgrade().unwrap();
    of("grace").upgrade_to(HALFWAY).unwrap();
    assert_eq!(of("ada").version().unwrap(), Some(Version::LATEST));
    assert_eq!(of("grace").version().unwrap(), Some(HALFWAY));
    let error = of("nobody").upgrade().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    assert!(error.to_string().contains("nobody"), "{error}");
}

fn rounds() -> u32 {
    env::var("DEVILMCP_MIGRATE_ROUNDS").ok().map_or(40, |rounds| rounds.parse().unwrap())
}
