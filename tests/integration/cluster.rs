//! Databases on libSQL's own server: a primary that is killed at any moment, replicas, and several clients at once.
//!
//! `tests/cluster/run.sh` fetches the server and runs this; without it nothing is tried, and that is said.

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use devilmcp_migrate::libsql::{Remote, Server};
use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Backup, ErrorKind, Target};
use tempfile::TempDir;

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
    let admin = port();
    let mut node = Node::unstarted(&program, None, None);
    node.options = vec!["--enable-namespaces".into(), format!("--admin-listen-addr=127.0.0.1:{admin}")];
    node.start();
    for name in ["ada", "grace"] {
        let mut admin = TcpStream::connect(("127.0.0.1", admin)).unwrap();
        let head = "Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close";
        write!(admin, "POST /v1/namespaces/{name}/create HTTP/1.1\r\n{head}\r\n\r\n{{}}").unwrap();
        let mut answer = String::new();
        admin.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
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

#[expect(clippy::print_stderr, reason = "what was not tried is to be known")]
fn program() -> Option<OsString> {
    let program = env::var_os("DEVILMCP_MIGRATE_SQLD");
    if program.is_none() {
        eprintln!("not tried: DEVILMCP_MIGRATE_SQLD does not say where libSQL's server is");
    }
    program
}

fn within(is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(20), "it does not come about");
        thread::sleep(Duration::from_millis(50));
    }
}

/// A server at work; killed at the end.
struct Node {
    program: OsString,
    folder: TempDir,
    http: u16,
    grpc: Option<u16>,
    primary: Option<u16>,
    options: Vec<String>,
    child: Option<Child>,
}

impl Node {
    fn primary(program: &OsString) -> Self {
        Self::new(program, Some(port()), None)
    }

    fn replica_of(primary: &Self) -> Self {
        Self::new(&primary.program, None, primary.grpc)
    }

    fn new(program: &OsString, grpc: Option<u16>, primary: Option<u16>) -> Self {
        let mut node = Self::unstarted(program, grpc, primary);
        node.start();
        node
    }

    fn unstarted(program: &OsString, grpc: Option<u16>, primary: Option<u16>) -> Self {
        let (program, folder, options) = (program.clone(), TempDir::new().unwrap(), Vec::new());
        Self { program, folder, http: port(), grpc, primary, options, child: None }
    }

    fn start(&mut self) {
        let mut command = Command::new(&self.program);
        command.arg("--no-welcome").arg("-d").arg(self.folder.path());
        command.args(["--http-listen-addr", &format!("127.0.0.1:{}", self.http)]);
        if let Some(grpc) = self.grpc {
            command.args(["--grpc-listen-addr", &format!("127.0.0.1:{grpc}")]);
        }
        if let Some(primary) = self.primary {
            command.args(["--primary-grpc-url", &format!("http://127.0.0.1:{primary}")]);
        }
        command.args(&self.options);
        self.child = Some(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        // Where there are namespaces, the address is none of them, and that is an answer.
        within(|| TcpStream::connect(("127.0.0.1", self.http)).is_ok());
        within(|| !self.options.is_empty() || self.migrations().version().is_ok());
    }

    fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    fn server(&self) -> Server {
        Server::at(&format!("http://127.0.0.1:{}", self.http)).unwrap()
    }

    fn migrations(&self) -> Remote<'static, Version> {
        MIGRATIONS.migrator().on(self.server())
    }

    /// Its database, once it no longer runs.
    fn file(mut self) -> Connection {
        self.kill();
        let from: PathBuf = self.folder.path().join("dbs/default");
        let copy = self.folder.path().join("copy");
        fs::create_dir(&copy).unwrap();
        for name in ["data", "data-wal"] {
            fs::copy(from.join(name), copy.join(name)).unwrap();
        }
        memory_of(&copy.join("data"))
    }
}

fn memory_of(file: &Path) -> Connection {
    let from = Connection::open(file).unwrap();
    let mut conn = Connection::open_in_memory().unwrap();
    let backup = devilmcp_migrate::rusqlite::backup::Backup::new(&from, &mut conn).unwrap();
    backup.run_to_completion(1000, Duration::ZERO, None).unwrap();
    drop(backup);
    conn
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// One that nobody has now.
fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
