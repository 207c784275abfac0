//! libSQL's server at work.

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use devilmcp_migrate::libsql::{Remote, Server};
use devilmcp_migrate::rusqlite::Connection;
use tempfile::TempDir;

use crate::programs::devilmcp::{MIGRATIONS, Version};

#[expect(clippy::print_stderr, reason = "what was not tried is to be known")]
pub(super) fn program() -> Option<OsString> {
    let program = env::var_os("DEVILMCP_MIGRATE_SQLD");
    if program.is_none() {
        eprintln!("not tried: DEVILMCP_MIGRATE_SQLD does not say where libSQL's server is");
    }
    program
}

pub(super) fn within(is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(20), "it does not come about");
        thread::sleep(Duration::from_millis(50));
    }
}

/// A server at work; killed at the end.
pub(super) struct Node {
    program: OsString,
    folder: TempDir,
    http: u16,
    grpc: Option<u16>,
    primary: Option<u16>,
    options: Vec<String>,
    child: Option<Child>,
}

impl Node {
    /// With these namespaces.
    pub(super) fn of_namespaces(program: &OsString, names: &[&str]) -> Self {
        let admin = port();
        let mut node = Self::unstarted(program, None, None);
        node.options = vec!["--enable-namespaces".into(), format!("--admin-listen-addr=127.0.0.1:{admin}")];
        node.start();
        for name in names {
            let mut admin = TcpStream::connect(("127.0.0.1", admin)).unwrap();
            let head = "Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close";
            write!(admin, "POST /v1/namespaces/{name}/create HTTP/1.1\r\n{head}\r\n\r\n{{}}").unwrap();
            let mut answer = String::new();
            admin.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
        node
    }

    pub(super) fn primary(program: &OsString) -> Self {
        Self::new(program, Some(port()), None)
    }

    pub(super) fn replica_of(primary: &Self) -> Self {
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

    pub(super) fn start(&mut self) {
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

    pub(super) fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.http)
    }

    pub(super) fn server(&self) -> Server {
        Server::at(&self.url()).unwrap()
    }

    pub(super) fn migrations(&self) -> Remote<'static, Version> {
        MIGRATIONS.migrator().on(self.server())
    }

    /// Its database, once it no longer runs.
    pub(super) fn file(mut self) -> Connection {
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
