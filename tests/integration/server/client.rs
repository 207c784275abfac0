//! An MCP client that writes its messages by hand.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A running server and our end of the conversation with it.
pub(super) struct Client {
    server: Child,
    stdin: Option<ChildStdin>,
    stdout: Receiver<String>,
    stderr: Option<JoinHandle<String>>,
    requests: u32,
}

#[expect(clippy::needless_pass_by_value, reason = "a literal reads better without a borrow")]
impl Client {
    pub(super) fn spawn(command: &mut Command) -> Self {
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
    pub(super) fn connect(command: &mut Command) -> Self {
        let mut client = Self::spawn(command);
        client.handshake();
        client
    }

    pub(super) fn handshake(&mut self) -> Value {
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

    pub(super) fn send_line(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().expect("not closed yet");
        // If the server is gone, the answer that does not come tells more than a broken pipe.
        let _ = writeln!(stdin, "{line}").and_then(|()| stdin.flush());
    }

    /// Sends a request and waits for its response. Every line of the server's output must belong to the protocol.
    pub(super) fn request(&mut self, method: &str, params: Value) -> Value {
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
    pub(super) fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let response = self.request("tools/call", json!({ "name": tool, "arguments": arguments }));
        let result = &response["result"];
        assert!(result.is_object() && result["isError"] != true, "{tool}: {response}");
        let text = result["content"][0]["text"].as_str().expect("a text for clients without structured content");
        assert_eq!(serde_json::from_str::<Value>(text).expect("JSON"), result["structuredContent"]);
        result["structuredContent"].clone()
    }

    /// What the client is told by a tool that fails: in its result, or in a JSON-RPC error.
    pub(super) fn refusal(&mut self, tool: &str, arguments: Value) -> String {
        let response = self.request("tools/call", json!({ "name": tool, "arguments": arguments }));
        let text = match &response["result"] {
            result if result["isError"] == true => &result["content"][0]["text"],
            _ => &response["error"]["message"],
        };
        text.as_str().unwrap_or_else(|| panic!("{tool} did not fail: {response}")).to_owned()
    }

    /// Closes the conversation, which ends the server, and returns what it wrote for humans.
    pub(super) fn finish(mut self) -> String {
        drop(self.stdin.take());
        let (status, stderr) = self.end();
        assert!(status.success(), "{status}\n{stderr}");
        stderr
    }

    /// Waits for a server that ends by itself.
    pub(super) fn wait(mut self) -> (ExitStatus, String) {
        drop(self.stdin.take());
        let outcome = self.end();
        assert!(self.stdout.recv().is_err(), "a server that does not start has nothing to say to the client");
        outcome
    }

    pub(super) fn end(&mut self) -> (ExitStatus, String) {
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

/// How long to wait for what takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(60);
