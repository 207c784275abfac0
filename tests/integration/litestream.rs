//! A database that Litestream replicates while it is migrated: whatever moment is restored, a run is in it whole or not at all.
//!
//! `tests/litestream/run.sh` fetches Litestream and runs this; without it nothing is tried, and that is said.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::rusqlite::backup::Backup;
use tempfile::TempDir;

use crate::backup::contents;
use crate::programs::devilmcp::{MIGRATIONS, Version};
use crate::site::Site;

#[test]
#[expect(clippy::print_stderr, reason = "what was not tried is to be known")]
fn whatever_moment_is_restored_a_run_is_in_it_whole_or_not_at_all() {
    let Some(program) = env::var_os("DEVILMCP_MIGRATE_LITESTREAM") else {
        eprintln!("not tried: DEVILMCP_MIGRATE_LITESTREAM does not say where Litestream is");
        return;
    };
    let replicated = Replicated { program: program.into(), site: Site::legacy() };
    let mut conn = replicated.site.connect();
    conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 10000").unwrap();
    let mut follower = replicated.start();
    within(Duration::from_secs(20), || !replicated.moments().is_empty());
    for round in 0..8 {
        let moments = replicated.moments().len();
        match round {
            // Litestream dies in the middle of it, and comes back after.
            3 => follower.kill().unwrap(),
            4 => follower = replicated.start(),
            _ => {}
        }
        if round % 2 == 0 {
            MIGRATIONS.upgrade(&mut conn).unwrap();
        } else {
            MIGRATIONS.downgrade_to(&mut conn, HALFWAY).unwrap();
        }
        conn.execute("INSERT INTO thought_sessions (id) VALUES (?1)", [format!("round {round}")]).unwrap();
        if round != 3 {
            within(Duration::from_secs(20), || replicated.moments().len() > moments);
        }
    }
    MIGRATIONS.upgrade(&mut conn).unwrap();
    within(Duration::from_secs(20), || contents(&replicated.restored(&[])) == contents(&conn));
    follower.kill().unwrap();

    let mut versions = Vec::new();
    for moment in replicated.moments() {
        let restored = replicated.restored(&["-txid", &moment]);
        let status = MIGRATIONS.status(&restored).unwrap();
        assert!(status.drift().is_empty(), "{moment}: {:?}", status.drift());
        assert_eq!(restored.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap(), "ok");
        versions.push(MIGRATIONS.version(&restored).unwrap());
    }
    for version in [None, Some(HALFWAY), Some(Version::LATEST)] {
        assert!(versions.contains(&version), "{versions:?}");
    }
    assert!(MIGRATIONS.upgrade(&mut replicated.restored(&[])).unwrap().is_noop());
}

const HALFWAY: Version = Version::V0005MemoriesFilePathRelative;

fn within(time: Duration, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < time, "it does not come about");
        thread::sleep(Duration::from_millis(50));
    }
}

/// A site whose database Litestream copies into a folder.
struct Replicated {
    program: PathBuf,
    site: Site,
}

impl Replicated {
    fn start(&self) -> Follower {
        let [database, replica] = [self.site.database(), self.replica()];
        let config = self.site.storage().join("litestream.yml");
        let text = format!(
            "dbs:\n  - path: {}\n    replica:\n      type: file\n      path: {}\n      sync-interval: 100ms\n",
            database.display(),
            replica.display()
        );
        fs::write(&config, text).unwrap();
        let mut command = Command::new(&self.program);
        command.arg("replicate").arg("-config").arg(config).stdout(Stdio::null()).stderr(Stdio::null());
        Follower(command.spawn().unwrap())
    }

    fn replica(&self) -> PathBuf {
        self.site.storage().join("replica")
    }

    fn url(&self) -> String {
        format!("file://{}", self.replica().display())
    }

    /// What can be restored, the oldest first.
    fn moments(&self) -> Vec<String> {
        let list = Command::new(&self.program).arg("ltx").arg(self.url()).output().unwrap();
        let list = String::from_utf8(list.stdout).unwrap();
        let moment = |line: &str| line.split_whitespace().nth(2).map(str::to_owned);
        list.lines().skip(1).filter_map(moment).collect()
    }

    fn restored(&self, moment: &[&str]) -> Connection {
        let into = TempDir::new().unwrap();
        let file = into.path().join("restored.db");
        let mut command = Command::new(&self.program);
        command.arg("restore").args(moment).arg("-o").arg(&file).arg(self.url());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let from = Connection::open(file).unwrap();
        let mut conn = Connection::open_in_memory().unwrap();
        Backup::new(&from, &mut conn).unwrap().run_to_completion(1000, Duration::ZERO, None).unwrap();
        conn
    }
}

/// Litestream at work; killed at the end.
struct Follower(Child);

impl Follower {
    fn kill(&mut self) -> std::io::Result<()> {
        self.0.kill()?;
        self.0.wait().map(drop)
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}
