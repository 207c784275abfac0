//! One connection of the server's, which is ours as long as we know its baton.

use serde_json::{Value as Json, json};

use super::protocol::{Guard, Outcome, Statement, batch, outcomes};
use super::server::Server;
use crate::error::Error;

/// One connection of the server's. What is begun on it and not committed when it is dropped, the server rolls back.
#[derive(Debug)]
pub(super) struct Stream<'s> {
    server: &'s Server,
    /// By what the server knows it; none before the first request, or after the last.
    baton: Option<String>,
}

impl<'s> Stream<'s> {
    pub(super) fn new(server: &'s Server) -> Self {
        Self { server, baton: None }
    }

    pub(super) fn server(&self) -> &'s Server {
        self.server
    }

    /// Runs statements one after the other, up to the first that fails.
    pub(super) fn run(&mut self, statements: &[(Guard, Statement)]) -> Result<Vec<Outcome>, Error> {
        let answer = self.send(&[batch(statements)])?;
        let outcomes = outcomes(&answer["results"][0], statements.len());
        outcomes.ok_or_else(|| self.server.odd("what does not answer the statements"))
    }

    fn send(&mut self, requests: &[Json]) -> Result<Json, Error> {
        // A baton is good for one request. Where the answer is lost, so is the stream.
        let answer = self.server.post(&json!({ "baton": self.baton.take(), "requests": requests }))?;
        self.baton = answer["baton"].as_str().map(str::to_owned);
        Ok(answer)
    }
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        if self.baton.is_some() {
            // If it fails, the server rolls back by itself, a little later.
            let _ = self.send(&[json!({ "type": "close" })]);
        }
    }
}
