//! The command line, with a database on a server.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::thread;

use clap::Parser as _;
use devilmcp_migrate::cli::Db;
use serde_json::{Value, json};

use super::node::{Node, program};
use crate::authoring::{run, run_with};
use crate::programs::devilmcp::MIGRATIONS;
use crate::site::Run;
use crate::support;

#[test]
fn the_verbs_take_a_database_on_a_server() {
    let Some(program) = program() else { return };
    let primary = Node::primary(&program);
    let on = |call: &str| run(&repository(), &format!("{call} --url {}", primary.url()));
    assert_eq!(on("version").done(), "none\n");
    let plan = on("upgrade 5 --dry-run").done_with(3);
    assert!(plan.ends_with("afterwards, the database is at 0005_memories_file_path_relative\n"), "{plan}");
    let refused = on("upgrade --backup").refused();
    assert!(refused.contains("a backup cannot be done on a libSQL server"), "{refused}");
    assert_eq!(on("version").done(), "none\n");

    let report = on("upgrade --json").json(0);
    assert_eq!((&report["from"], &report["to"]), (&Value::Null, &json!(12)));
    assert_eq!(on("upgrade").done(), format!("nothing to do: the database is at {}\n", on("version").done().trim()));
    assert!(on("status --dir migrations --json").json(0)["pending"].as_array().unwrap().is_empty());
    let history = on("history -v").done();
    assert!(history.contains("+ table tasks") && !history.contains("not known"), "{history}");

    // By what the database keeps: no directory is named.
    let undone = on("downgrade 5").done();
    assert!(undone.ends_with("the database is at 0005_memories_file_path_relative\n"), "{undone}");
    assert_eq!(on("status --dir migrations --json").json(3)["pending"].as_array().unwrap().len(), 7);
    assert_eq!(MIGRATIONS.status(&primary.file()).unwrap().current(), Some(5));
}

#[test]
fn a_namespace_is_named_and_a_program_has_the_same_verbs() {
    let Some(program) = program() else { return };
    let node = Node::of_namespaces(&program, &["ada", "grace"]);
    let on = |call: &str, name: &str| run(&repository(), &format!("{call} --url {} --namespace {name}", node.url()));
    on("upgrade", "ada").done();
    assert_eq!(on("version", "grace").done(), "none\n");
    let refused = on("upgrade", "nobody").refused();
    assert!(refused.contains("nobody"), "{refused}");

    let embedded = |call: &str| {
        let db = Embedded::parse_from(format!("program {call}").split_whitespace()).db;
        format!("{:?}", db.run_on(&MIGRATIONS.migrator(), &node.server().namespace("grace")))
    };
    assert_eq!(embedded("upgrade 5"), format!("{:?}", ExitCode::SUCCESS));
    assert!(on("version", "grace").done().starts_with("0005_"));
    for call in ["check", "schema", "stamp 3", "restore file", "resolve --applied", "sql"] {
        assert_eq!(embedded(call), format!("{:?}", ExitCode::from(2)), "{call}");
    }
    assert!(on("version", "grace").done().starts_with("0005_"));
}

#[derive(clap::Parser)]
struct Embedded {
    #[command(subcommand)]
    db: Db,
}

#[test]
fn the_token_is_taken_from_the_environment_and_never_shown() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            head.push(line.trim().to_ascii_lowercase());
        }
        let length = head.iter().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
        reader.read_exact(&mut vec![0; length]).unwrap();
        let body = "{\"error\":\"no such token\"}";
        let answer =
            format!("HTTP/1.1 401 Unauthorized\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
        reader.get_mut().write_all(answer.as_bytes()).unwrap();
        head
    });
    let mut command = Command::new(support::author());
    command.args(["version", "--namespace", "ada", "--url", &url]).env("LIBSQL_AUTH_TOKEN", "hunter2");
    let output = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("401: no such token") && !said.contains("hunter2"), "{said}");
    let head = server.join().unwrap();
    assert!(head.contains(&"authorization: bearer hunter2".to_owned()), "{head:?}");
    assert!(head.contains(&"x-namespace-bin: ywrh".to_owned()), "{head:?}");
}

#[test]
fn what_is_done_to_files_only_is_refused_in_words() {
    let said = "error: this is done to files only: of a database on a server there are `version`, `status`, `history`, `upgrade` and `downgrade`\n";
    for verb in ["check", "schema", "sql", "stamp 3", "restore file", "resolve --applied", "lock", "pull"] {
        let Run { code, stdout, stderr } = run(&repository(), &format!("{verb} --url http://127.0.0.1:1"));
        assert_eq!((code, stdout.as_str(), stderr.as_str()), (2, "", said), "{verb}");
    }
}

#[test]
fn an_address_that_is_none_is_refused_and_one_database_is_meant() {
    for (arguments, expected) in [
        (["version", "--url", "notes.db"].as_slice(), "is not the address of a libSQL server"),
        (&["history", "--url", "http://ada:hunter2@notes"], "it carries a name and a password"),
        (&["upgrade", "--url", "libsql://notes?authToken=hunter2"], "it takes tls=0, or tls=1, and no more"),
        (&["status", "--url", "http://127.0.0.1:1"], "http://127.0.0.1:1"),
        (&["version", "--url", "http://notes", "--database", "notes.db"], "cannot be used with"),
        (&["upgrade", "--url", "http://notes", "--all", "tenants"], "cannot be used with"),
        (&["history", "--url", "http://notes", "--database", "notes.db"], "cannot be used with"),
        (&["downgrade", "1", "--namespace", "ada", "--database", "notes.db"], "say with --url of which"),
        (&["upgrade", "--namespace", "ada", "--all", "tenants"], "say with --url of which"),
        (&["version"], "<--database <FILE>|--url <URL>>"),
    ] {
        let Run { code, stdout, stderr } = run_with(&repository(), arguments);
        assert!(code != 0 && stdout.is_empty() && stderr.contains(expected), "{arguments:?}: {stderr}");
        assert!(!stderr.contains("hunter2"), "{stderr}");
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
