//! Memories: what was learnt, worded to be found again.

use devilmcp_migrate::rusqlite::types::{ToSql, ToSqlOutput};
use devilmcp_migrate::rusqlite::{self, Row, named_params};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::{Json, tool, tool_router};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::argument::Text;
use crate::document::Document;
use crate::error::ToolError;
use crate::server::Server;

/// What `remember` accepts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewMemory {
    /// What kind of thing it is
    category: Category,
    /// The thing itself, in full sentences
    content: Text,
    /// Why it is worth remembering
    rationale: Option<String>,
    /// Circumstances, as an object of any form
    context: Option<Map<String, Value>>,
    /// Words to find it by
    #[serde(default)]
    tags: Vec<String>,
    /// The file it is about, relative to the project
    file_path: Option<String>,
}

/// What kind of thing is remembered.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(crate) enum Category {
    Decision,
    Pattern,
    Warning,
    Learning,
}

/// A memory.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Memory {
    id: i64,
    category: String,
    content: String,
    rationale: Option<String>,
    context: Document,
    tags: Document,
    file_path: Option<String>,
    /// When it was stored, in UTC
    created_at: Option<String>,
}

#[tool_router(router = memory_tools, vis = "pub(crate)")]
impl Server {
    /// Remembers a decision, a pattern, a warning or something learnt, to be searched for in later sessions.
    #[tool(annotations(title = "Remember", destructive_hint = false, open_world_hint = false))]
    fn remember(&self, Parameters(new): Parameters<NewMemory>) -> Result<Json<Memory>, ToolError> {
        let NewMemory { category, content, rationale, context, tags, file_path } = new;
        let memory = self.connection().query_one(
            "INSERT INTO memories (category, content, rationale, context, tags, file_path, is_permanent,
                                   created_at, updated_at)
             VALUES (:category, :content, :rationale, :context, :tags, :file_path, :is_permanent,
                     strftime('%Y-%m-%d %H:%M:%f000', 'now'), strftime('%Y-%m-%d %H:%M:%f000', 'now'))
             RETURNING *",
            named_params! {
                ":category": category,
                ":content": content,
                ":rationale": rationale,
                ":context": context.map(Document::from),
                ":tags": Document::from(tags),
                ":file_path": file_path,
                ":is_permanent": category.is_permanent(),
            },
            Memory::read,
        )?;
        Ok(Json(memory))
    }
}

impl Category {
    /// Patterns and warnings do not fade with time.
    fn is_permanent(self) -> bool {
        match self {
            Self::Pattern | Self::Warning => true,
            Self::Decision | Self::Learning => false,
        }
    }
}

impl ToSql for Category {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(match self {
            Self::Decision => "decision",
            Self::Pattern => "pattern",
            Self::Warning => "warning",
            Self::Learning => "learning",
        }))
    }
}

impl Memory {
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            category: row.get("category")?,
            content: row.get("content")?,
            rationale: row.get("rationale")?,
            context: row.get("context")?,
            tags: row.get("tags")?,
            file_path: row.get("file_path")?,
            created_at: row.get("created_at")?,
        })
    }
}
