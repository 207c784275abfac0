//! The example server, started as a program and driven as an MCP client drives it: lines of JSON-RPC on its standard
//! input and output.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use devilmcp_migrate::rusqlite::{Connection, OpenFlags, types::Value as SqlValue};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support;

#[test]
fn a_legacy_database_is_upgraded_at_start_and_keeps_every_row() {
    let project = Project::legacy();
    let before = rows(&project.database, None);

    let mut client = Client::connect(&mut project.server());
    let version = client.call("schema_version", json!({}));
    let stderr = client.finish();

    assert_eq!(version["is_latest"], true, "{version}");
    assert_eq!(version["version"], version["latest"]);
    assert_eq!(version["pending"], 0);
    assert!(version["name"].as_str().is_some_and(|name| !name.is_empty()), "{version}");
    assert_eq!(rows(&project.database, Some(&before)), before);
    // The dump holds a thought of a session that is gone and an edge to a file that is gone.
    let warned = |table: &str| stderr.lines().any(|line| line.contains("warning") && line.contains(table));
    assert!(warned("thoughts") && warned("file_dependencies"), "{stderr}");
}

#[test]
fn a_second_start_changes_nothing_and_says_nothing() {
    let project = Project::legacy();
    Client::connect(&mut project.server()).finish();
    let before = fs::read(&project.database).unwrap();

    let mut client = Client::connect(&mut project.server());
    client.call("schema_version", json!({}));
    client.call("list_tasks", json!({}));
    let stderr = client.finish();

    assert!(fs::read(&project.database).unwrap() == before, "the file's bytes differ");
    assert_eq!(stderr, "");
}

#[test]
fn servers_that_start_at_once_agree() {
    let project = Project::legacy();
    let mut commands = [project.server(), project.server(), project.server(), project.server()];
    let servers: Vec<_> = commands.iter_mut().map(Client::spawn).collect();

    for mut client in servers {
        client.handshake();
        assert_eq!(client.call("schema_version", json!({}))["is_latest"], true);
        client.finish();
    }
}

#[test]
fn a_new_project_gets_its_database_in_its_own_directory() {
    let project = TempDir::new().unwrap();
    let mut client = Client::connect(program().arg("--project").arg(project.path()));
    assert_eq!(client.call("list_decisions", json!({})), json!({ "decisions": [] }));
    client.finish();
    assert!(project.path().join(".devilmcp/storage/devilmcp.db").is_file());

    let elsewhere = TempDir::new().unwrap();
    Client::connect(program().arg("serve").current_dir(elsewhere.path())).finish();
    assert!(elsewhere.path().join(".devilmcp/storage/devilmcp.db").is_file());

    let (status, stderr) = Client::spawn(program().arg("--project").arg(project.path().join("misspelt"))).wait();
    assert!(!status.success());
    assert!(stderr.contains("misspelt is not a directory"), "{stderr}");
}

#[test]
fn an_old_database_is_refused_when_automatic_upgrade_is_off() {
    for off in ["false", "0", "No", "OFF"] {
        let project = Project::legacy();
        let before = fs::read(&project.database).unwrap();

        let (status, stderr) = Client::spawn(project.server().env("DEVILMCP_AUTO_MIGRATE", off)).wait();
        assert!(!status.success());
        assert!(stderr.contains("`devilmcp db upgrade`"), "{stderr}");
        assert!(fs::read(&project.database).unwrap() == before, "the refused database was changed");
    }

    let project = Project::legacy();
    Client::connect(&mut project.server()).finish();
    let mut client = Client::connect(project.server().env("DEVILMCP_AUTO_MIGRATE", "false"));
    assert_eq!(client.call("schema_version", json!({}))["is_latest"], true);
    client.finish();
}

#[test]
fn where_automatic_upgrade_is_off_no_database_is_made() {
    let project = TempDir::new().unwrap();
    let mut server = program();
    server.arg("--project").arg(project.path());

    let (status, stderr) = Client::spawn(server.env("DEVILMCP_AUTO_MIGRATE", "false")).wait();
    assert!(!status.success());
    assert!(stderr.contains("`devilmcp db upgrade`"), "{stderr}");
    let (status, stderr) = Client::spawn(server.env("DEVILMCP_AUTO_MIGRATE", "flase")).wait();
    assert!(!status.success());
    assert!(stderr.contains("flase"), "{stderr}");
    assert_eq!(fs::read_dir(project.path()).unwrap().count(), 0);
}

#[test]
fn every_tool_describes_itself_and_what_it_takes() {
    let project = Project::legacy();
    let mut client = Client::spawn(&mut project.server());
    let greeting = client.handshake();
    let listed = client.request("tools/list", json!({}));
    client.finish();

    assert_eq!(greeting["result"]["serverInfo"]["name"], "devilmcp", "{greeting}");
    assert!(greeting["result"]["capabilities"]["tools"].is_object(), "{greeting}");
    let tools = listed["result"]["tools"].as_array().unwrap();
    let names: Vec<_> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert_eq!(
        names,
        [
            "create_task",
            "list_decisions",
            "list_tasks",
            "record_decision",
            "remember",
            "schema_version",
            "search_memories"
        ]
    );
    for tool in tools {
        assert!(tool["description"].as_str().is_some_and(|text| text.len() > 40), "{tool}");
        for schema in [&tool["inputSchema"], &tool["outputSchema"]] {
            assert_eq!(schema["type"], "object", "{tool}");
            // Some clients refuse the schema `true`, which JSON Schema allows.
            let properties = schema["properties"].as_object().unwrap();
            assert!(properties.values().all(Value::is_object), "{schema}");
        }
        for (name, property) in tool["inputSchema"]["properties"].as_object().unwrap() {
            assert!(property["description"].is_string(), "{}: {name}", tool["name"]);
        }
    }
}

#[test]
fn a_recorded_decision_is_listed_before_the_legacy_ones() {
    let project = Project::legacy();
    let mut client = Client::connect(&mut project.server());
    let recorded = client.call(
        "record_decision",
        json!({
            "decision": "keep one file; it's \"fine\" – ünïcode",
            "rationale": "nobody runs a database server for this",
            "context": { "files": ["a.rs"], "depth": 2 },
            "alternatives_considered": ["postgres"],
            "risk_level": "high",
            "tags": ["storage", "sqlite"],
        }),
    );
    let all = client.call("list_decisions", json!({}));
    let tagged = client.call("list_decisions", json!({ "tag": "storage" }));
    let legacy = client.call("list_decisions", json!({ "tag": "db", "limit": 2 }));
    client.finish();

    assert_eq!(recorded["id"], 4);
    assert_eq!(recorded["decision"], "keep one file; it's \"fine\" – ünïcode");
    assert_eq!(recorded["context"], json!({ "files": ["a.rs"], "depth": 2 }));
    assert_eq!(recorded["risk_level"], "high");
    assert_eq!(ids(&all["decisions"]), [4, 3, 2, 1]);
    assert_eq!(all["decisions"][0], recorded);
    assert_eq!(all["decisions"][3]["context"], json!({ "a": [1, 2] }));
    assert_eq!(ids(&tagged["decisions"]), [4]);
    assert_eq!(ids(&legacy["decisions"]), [3, 2]);
    // SQLAlchemy reads this column too, so the time has its form: 2025-11-30 12:34:56.789012.
    let form = recorded["timestamp"].as_str().unwrap().replace(|c: char| c.is_ascii_digit(), "0");
    assert_eq!(form, "0000-00-00 00:00:00.000000");
}

#[test]
fn tasks_are_created_and_listed_by_status() {
    let project = Project::legacy();
    let mut client = Client::connect(&mut project.server());
    let task = client.call("create_task", json!({ "title": "write it down" }));
    let part = client.call(
        "create_task",
        json!({ "title": "and read it", "status": "in_progress", "priority": "critical", "parent_id": task["id"] }),
    );
    let todo = client.call("list_tasks", json!({ "status": "todo" }));
    let started = client.call("list_tasks", json!({ "status": "in_progress" }));
    let orphan = client.refusal("create_task", json!({ "title": "of nothing", "parent_id": 404 }));
    let all = client.call("list_tasks", json!({}));
    client.finish();

    assert_eq!((&task["status"], &task["priority"]), (&json!("todo"), &json!("medium")));
    assert_eq!(part["parent_id"], task["id"]);
    assert_eq!(ids(&todo["tasks"]), [4, 3, 2, 1]);
    assert_eq!(started["tasks"], json!([part]));
    assert!(orphan.contains("no task 404"), "{orphan}");
    assert_eq!(ids(&all["tasks"]), [5, 4, 3, 2, 1]);
}

#[test]
fn memories_are_found_by_any_text_best_first() {
    let project = Project::legacy();
    let mut client = Client::connect(&mut project.server());
    for (category, content) in [
        ("warning", "Never run VACUUM while the server's backup is being taken."),
        ("pattern", "A backup is taken beside the database."),
        ("learning", "c++ isn't \"needed\" here: don't use it (ever) AND never NEAR the parser*"),
    ] {
        client.call("remember", json!({ "category": category, "content": content, "tags": ["upkeep"] }));
    }
    // Archived memories are kept, and not found.
    client.call("remember", json!({ "category": "decision", "content": "No backup, no parser, no vacuum." }));
    let changed = Connection::open(&project.database)
        .and_then(|connection| connection.execute("UPDATE memories SET archived = 1 WHERE id = 4", []));
    assert_eq!(changed.unwrap(), 1);
    let mut found = |arguments| ids(&client.call("search_memories", arguments)["memories"]);

    assert_eq!(found(json!({ "query": "vacuum backup" })), [1, 2]);
    assert_eq!(found(json!({ "query": "vacuum backup", "category": "pattern" })), [2]);
    assert_eq!(found(json!({ "query": "vacuum backup", "limit": 1 })), [1]);
    assert_eq!(found(json!({ "query": "UPKEEP" })).len(), 3);
    assert_eq!(found(json!({ "query": "nothing-like-it" })), [0; 0]);
    for odd in
        ["\"needed", "don't", "c++ OR", "NEAR (parser*", "-parser", "parser:", "{parser} ^", "zz\u{0}parser", "(ever)"]
    {
        assert_eq!(found(json!({ "query": odd })), [3], "{odd:?}");
    }
    for empty in ["\"", "*", "++", "\u{0}", "🦀", "'';--"] {
        assert_eq!(found(json!({ "query": empty })), [0; 0], "{empty:?}");
    }
    assert_eq!(found(json!({ "query": "parser \" ".repeat(5_000) })), [3]);
    client.finish();
}

#[test]
fn bad_arguments_are_an_error_and_the_server_goes_on() {
    let project = Project::legacy();
    let mut client = Client::connect(&mut project.server());
    for (tool, arguments, told) in [
        ("record_decision", json!({}), "decision"),
        ("record_decision", json!({ "decision": "x" }), "rationale"),
        ("record_decision", json!({ "decision": "x", "rationale": " \n" }), "blank"),
        ("record_decision", json!({ "decision": "x", "rationale": "y", "tag": "z" }), "unknown field"),
        ("list_decisions", json!({ "limit": 0 }), "between 1 and 200"),
        ("list_tasks", json!({ "limit": "many" }), "many"),
        ("list_tasks", json!({ "status": "forgotten" }), "in_progress"),
        ("create_task", json!({ "title": 7 }), "string"),
        ("remember", json!({ "category": "rumour", "content": "x" }), "learning"),
        ("search_memories", json!({ "query": "" }), "blank"),
        ("no_such_tool", json!({}), "not found"),
    ] {
        let refusal = client.refusal(tool, arguments);
        assert!(refusal.contains(told), "{tool}: {refusal}");
    }
    assert!(client.request("no/such/method", json!({}))["error"].is_object());
    client.send_line("this is not JSON");
    let decisions = client.call("list_decisions", json!({}));
    client.finish();
    assert_eq!(ids(&decisions["decisions"]), [3, 2, 1]);
}

/// A directory with a database that the November version of DevilMCP made.
struct Project {
    directory: TempDir,
    database: PathBuf,
}

impl Project {
    fn legacy() -> Self {
        let directory = TempDir::new().expect("a temporary directory");
        let database = directory.path().join("devilmcp.db");
        let dump = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/legacy/create_all_nov.sql");
        support::database_from_dump(&dump, &database);
        Self { directory, database }
    }

    /// The command that serves it.
    fn server(&self) -> Command {
        let mut command = program();
        command.env("DEVILMCP_STORAGE_PATH", self.directory.path());
        command
    }
}

/// A running server and our end of the conversation with it.
struct Client {
    server: Child,
    stdin: Option<ChildStdin>,
    stdout: Receiver<String>,
    stderr: Option<JoinHandle<String>>,
    requests: u32,
}

#[expect(clippy::needless_pass_by_value, reason = "a literal reads better without a borrow")]
impl Client {
    fn spawn(command: &mut Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut server = command.spawn().expect("the example starts");
        let stdin = server.stdin.take();
        let stdout = BufReader::new(server.stdout.take().expect("a pipe"));
        let mut stderr = server.stderr.take().expect("a pipe");
        // Reads on threads of their own, because a read of a pipe has no timeout.
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let stderr = thread::spawn(move || {
            let mut text = Vec::new();
            stderr.read_to_end(&mut text).expect("the standard error stream is readable");
            String::from_utf8_lossy(&text).into_owned()
        });
        Self { server, stdin, stdout: receiver, stderr: Some(stderr), requests: 0 }
    }

    /// Starts the server and shakes hands with it.
    fn connect(command: &mut Command) -> Self {
        let mut client = Self::spawn(command);
        client.handshake();
        client
    }

    fn handshake(&mut self) -> Value {
        let greeting = self.request(
            "initialize",
            json!({
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": { "name": "integration test", "version": "1" },
            }),
        );
        assert_eq!(greeting["result"]["protocolVersion"], "2025-06-18", "{greeting}");
        self.send_line(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }).to_string());
        greeting
    }

    fn send_line(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().expect("not closed yet");
        // If the server is gone, the answer that does not come tells more than a broken pipe.
        let _ = writeln!(stdin, "{line}").and_then(|()| stdin.flush());
    }

    /// Sends a request and waits for its response. Every line of the server's output must belong to the protocol.
    fn request(&mut self, method: &str, params: Value) -> Value {
        self.requests += 1;
        let id = self.requests;
        self.send_line(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string());
        let deadline = Instant::now() + PATIENCE;
        loop {
            let rest = deadline.saturating_duration_since(Instant::now());
            let Ok(line) = self.stdout.recv_timeout(rest) else {
                // Nothing happens if it has ended by itself; then its status tells more.
                let _ = self.server.kill();
                let (status, stderr) = self.end();
                panic!("no response to {method} {params}; server: {status}\n{stderr}");
            };
            let message: Value = serde_json::from_str(&line).expect("a line of JSON");
            assert_eq!(message["jsonrpc"], "2.0", "{line}");
            if message["id"] == id {
                return message;
            }
        }
    }

    /// The structured result of a tool that succeeds.
    fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let response = self.request("tools/call", json!({ "name": tool, "arguments": arguments }));
        let result = &response["result"];
        assert!(result.is_object() && result["isError"] != true, "{tool}: {response}");
        let text = result["content"][0]["text"].as_str().expect("a text for clients without structured content");
        assert_eq!(serde_json::from_str::<Value>(text).expect("JSON"), result["structuredContent"]);
        result["structuredContent"].clone()
    }

    /// What the client is told by a tool that fails: in its result, or in a JSON-RPC error.
    fn refusal(&mut self, tool: &str, arguments: Value) -> String {
        let response = self.request("tools/call", json!({ "name": tool, "arguments": arguments }));
        let text = match &response["result"] {
            result if result["isError"] == true => &result["content"][0]["text"],
            _ => &response["error"]["message"],
        };
        text.as_str().unwrap_or_else(|| panic!("{tool} did not fail: {response}")).to_owned()
    }

    /// Closes the conversation, which ends the server, and returns what it wrote for humans.
    fn finish(mut self) -> String {
        drop(self.stdin.take());
        let (status, stderr) = self.end();
        assert!(status.success(), "{status}\n{stderr}");
        stderr
    }

    /// Waits for a server that ends by itself.
    fn wait(mut self) -> (ExitStatus, String) {
        drop(self.stdin.take());
        let outcome = self.end();
        assert!(self.stdout.recv().is_err(), "a server that does not start has nothing to say to the client");
        outcome
    }

    fn end(&mut self) -> (ExitStatus, String) {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            match self.server.try_wait().expect("our child") {
                Some(status) => break status,
                None if Instant::now() < deadline => thread::sleep(Duration::from_millis(5)),
                None => {
                    self.server.kill().expect("our child");
                    break self.server.wait().expect("our child");
                }
            }
        };
        let stderr = self.stderr.take().expect("ended once").join().expect("the reader does not panic");
        (status, stderr)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Of a test that failed half-way. Where the server has ended, there is nothing left to kill.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The example, without what the environment of the tests may say about it.
fn program() -> Command {
    let mut command = Command::new(support::example("devilmcp"));
    command.env_remove("DEVILMCP_STORAGE_PATH").env_remove("DEVILMCP_AUTO_MIGRATE");
    command
}

type Rows = BTreeMap<(String, Vec<String>), Vec<Vec<SqlValue>>>;

/// Every row of every table, or of the tables and columns that were there before.
fn rows(database: &Path, before: Option<&Rows>) -> Rows {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a database");
    let names = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).expect("valid SQL");
        let names = statement.query_map([], |row| row.get(0)).expect("a query");
        names.collect::<Result<_, _>>().expect("names")
    };
    let tables: Vec<(String, Vec<String>)> = match before {
        Some(before) => before.keys().cloned().collect(),
        None => names("SELECT name FROM sqlite_schema WHERE type = 'table'")
            .into_iter()
            .map(|table| {
                let columns = names(&format!("SELECT name FROM pragma_table_info('{table}')"));
                (table, columns)
            })
            .collect(),
    };
    let content = |(table, columns): (String, Vec<String>)| {
        let sql = format!("SELECT \"{}\" FROM \"{table}\" ORDER BY rowid", columns.join("\", \""));
        let mut statement = connection.prepare(&sql).expect("the columns are still there");
        let rows = statement
            .query_map([], |row| (0..columns.len()).map(|column| row.get(column)).collect())
            .expect("a query")
            .collect::<Result<_, _>>()
            .expect("rows");
        ((table, columns), rows)
    };
    tables.into_iter().map(content).collect()
}

fn ids(list: &Value) -> Vec<i64> {
    list.as_array().expect("a list").iter().filter_map(|row| row["id"].as_i64()).collect()
}

/// How long to wait for what takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(60);
