//! Where a database on a libSQL server is, and what is sent there.

use std::fmt;
use std::io;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::{Value, json};
use ureq::Agent;

use super::address;
use crate::error::{Cause, Error, Inner};

/// A database on a libSQL server: the address, and how it is asked.
///
/// ```
/// use devilmcp_migrate::libsql::Server;
///
/// # fn main() -> Result<(), devilmcp_migrate::Error> {
/// let server = Server::at("libsql://notes.example.com")?;
/// let tenant = Server::at("http://127.0.0.1:8080")?.namespace("ada").token("eyJ…");
/// assert!(Server::at("notes.db").is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Server {
    /// `https://notes.example.com`
    base: String,
    namespace: Option<String>,
    token: Option<String>,
    agent: Agent,
    patience: Duration,
}

impl Server {
    /// The server at this address: `libsql://HOST` and `https://HOST` over TLS, `http://HOST:PORT` and `libsql://HOST:PORT?tls=0` without. A
    /// server with namespaces takes the first part of the host for one.
    ///
    /// # Errors
    /// It is no such address, or carries a name and password or a token: that is given by [`token`](Self::token).
    pub fn at(url: &str) -> Result<Self, Error> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("devilmcp-migrate/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(ANSWER));
        let (base, agent) = (address::base(url)?, config.build().new_agent());
        Ok(Self { base, namespace: None, token: None, agent, patience: PATIENCE })
    }

    /// The namespace, whatever the host is called.
    #[must_use]
    pub fn namespace(mut self, name: impl Into<String>) -> Self {
        self.namespace = Some(name.into());
        self
    }

    /// The token that the server wants to see (`Authorization: Bearer`). It is never shown.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// How long another client that writes is waited for, and how long is tried to find out what became of a commit whose answer was lost;
    /// without this, 30 seconds. The server itself ends a transaction that is open for five, once another client waits for it.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    pub(super) fn waits(&self) -> Duration {
        self.patience
    }

    /// What it is called in messages.
    pub(super) fn shown(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!("{} (namespace {namespace})", self.base),
            None => self.base.clone(),
        }
    }

    /// Sends one request of a stream; the answer, if it is one.
    pub(super) fn post(&self, body: &Value) -> Result<Value, Error> {
        let mut request =
            self.agent.post(format!("{}/v3/pipeline", self.base)).header("Content-Type", "application/json");
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if let Some(namespace) = &self.namespace {
            request = request.header("x-namespace-bin", STANDARD_NO_PAD.encode(namespace));
        }
        let mut response = request.send(body.to_string()).map_err(|error| self.unreachable(error))?;
        let status = response.status().as_u16();
        let text = response.body_mut().with_config().limit(LARGEST).read_to_string();
        let text = text.map_err(|error| self.unreachable(error))?;
        if status == 200 {
            return serde_json::from_str(&text).map_err(|_| self.odd("an answer that is no JSON"));
        }
        let told = serde_json::from_str(&text).unwrap_or(json!(null));
        let words = ["message", "error"].into_iter().find_map(|key| told[key].as_str());
        let words = words.map_or_else(|| text.chars().take(200).collect(), str::to_owned);
        Err(self.odd(&format!("{status}: {words}")))
    }

    /// It has answered something else than what was asked.
    pub(super) fn odd(&self, answer: &str) -> Error {
        Inner::ServerAnswer { server: self.shown(), answer: answer.to_owned() }.into()
    }

    fn unreachable(&self, error: ureq::Error) -> Error {
        let source = match error {
            ureq::Error::Io(error) => error,
            other => io::Error::other(other.to_string()),
        };
        Inner::Unreachable { server: self.shown(), source: Cause::Io(source) }.into()
    }
}

/// Without the token.
impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { base, namespace, token, agent: _, patience } = self;
        let has_token = token.is_some();
        f.debug_struct("Server")
            .field("base", base)
            .field("namespace", namespace)
            .field("has_token", &has_token)
            .field("patience", patience)
            .finish_non_exhaustive()
    }
}

const CONNECT: Duration = Duration::from_secs(10);
/// A migration may take long. What takes longer is taken for lost.
const ANSWER: Duration = Duration::from_secs(600);
const PATIENCE: Duration = Duration::from_secs(30);
/// More than a server sends.
const LARGEST: u64 = 256 << 20;
