//! Full-text search over the memories.

use std::collections::BTreeSet;

use devilmcp_migrate::rusqlite::{self, Row, named_params};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::{Json, tool, tool_router};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::argument::{Limit, Text};
use crate::error::ToolError;
use crate::memories::{Category, Memory};
use crate::server::Server;

/// What `search_memories` accepts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Search {
    /// What to look for, in plain words; there is no query syntax
    query: Text,
    /// Only memories of this kind
    category: Option<Category>,
    /// How many at most
    #[serde(default)]
    limit: Limit,
}

/// A memory that was found.
#[derive(Debug, Serialize, JsonSchema)]
struct Hit {
    #[serde(flatten)]
    memory: Memory,
    /// How well it fits; more is better, and only the order means something
    score: f64,
}

/// Memories, best first.
#[derive(Debug, Serialize, JsonSchema)]
struct Hits {
    memories: Vec<Hit>,
}

#[tool_router(router = search_tools, vis = "pub(crate)")]
impl Server {
    /// Searches what was remembered for any of the given words and returns the best matches first: memories with more
    /// of the words, or with rarer ones, come before the others.
    #[tool(annotations(title = "Search memories", read_only_hint = true, open_world_hint = false))]
    fn search_memories(&self, Parameters(search): Parameters<Search>) -> Result<Json<Hits>, ToolError> {
        let Search { query, category, limit } = search;
        let connection = self.connection();
        let mut statement = connection.prepare(
            "SELECT memories.*, -bm25(memories_fts) AS score
             FROM memories_fts JOIN memories ON memories.id = memories_fts.rowid
             WHERE memories_fts MATCH :terms
               AND NOT memories.archived
               AND (:category IS NULL OR memories.category = :category)
             ORDER BY bm25(memories_fts), memories.id DESC
             LIMIT :limit",
        )?;
        let terms = any_of(query.as_str());
        let memories = statement
            .query_map(named_params! { ":terms": terms, ":category": category, ":limit": limit }, Hit::read)?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Json(Hits { memories }))
    }
}

impl Hit {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { memory: Memory::read(row)?, score: row.get("score")? })
    }
}

/// An FTS5 expression that matches any word of the text.
///
/// FTS5 has a query language, and an agent that looks for `don't (ever) use c++ AND -O3` does not mean to speak it:
/// each word is quoted, and so becomes the phrase of its tokens. A word without tokens, such as `++`, matches nothing,
/// which is harmless among alternatives. A control character separates words too, since FTS5 would take a NUL for the
/// end.
fn any_of(text: &str) -> String {
    let words: BTreeSet<_> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .take(MAX_WORDS)
        .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
        .collect();
    // No word at all is one that matches nothing: an empty expression would be a syntax error.
    if words.is_empty() { "\"\"".to_owned() } else { Vec::from_iter(words).join(" OR ") }
}

/// More words than this make a search slow and no better.
const MAX_WORDS: usize = 64;
