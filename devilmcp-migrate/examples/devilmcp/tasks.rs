//! Tasks: what remains to be done.

use devilmcp_migrate::rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY;
use devilmcp_migrate::rusqlite::types::{ToSql, ToSqlOutput};
use devilmcp_migrate::rusqlite::{self, Row, named_params};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::{Json, tool, tool_router};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::argument::{Level, Limit, Text};
use crate::document::Document;
use crate::error::ToolError;
use crate::server::Server;

/// What `create_task` accepts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewTask {
    /// What is to be done, in a few words
    title: Text,
    /// Everything else one needs to know to do it
    description: Option<String>,
    /// Where it stands
    #[serde(default)]
    status: TaskStatus,
    /// How urgent it is
    #[serde(default)]
    priority: Level,
    /// Who is to do it
    assigned_to: Option<String>,
    /// Words to find it by
    #[serde(default)]
    tags: Vec<String>,
    /// Id of the task that this one is a part of
    parent_id: Option<i64>,
}

/// What `list_tasks` accepts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TaskFilter {
    /// Only tasks that stand there
    status: Option<TaskStatus>,
    /// How many at most
    #[serde(default)]
    limit: Limit,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum TaskStatus {
    #[default]
    Todo,
    InProgress,
    Done,
    Blocked,
}

/// A task. Its words are those of the database, which may be older than this program and know others.
#[derive(Debug, Serialize, JsonSchema)]
struct Task {
    id: i64,
    title: String,
    description: Option<String>,
    status: Option<String>,
    priority: Option<String>,
    assigned_to: Option<String>,
    tags: Document,
    parent_id: Option<i64>,
    /// When it was created, in UTC
    created_at: Option<String>,
    /// When it was done, in UTC
    completed_at: Option<String>,
}

/// Tasks, newest first.
#[derive(Debug, Serialize, JsonSchema)]
struct Tasks {
    tasks: Vec<Task>,
}

#[tool_router(router = task_tools, vis = "pub(crate)")]
impl Server {
    /// Creates a task, on its own or as a part of another. Returns it with its id.
    #[tool(annotations(title = "Create a task", destructive_hint = false, open_world_hint = false))]
    fn create_task(&self, Parameters(new): Parameters<NewTask>) -> Result<Json<Task>, ToolError> {
        let NewTask { title, description, status, priority, assigned_to, tags, parent_id } = new;
        let created = self.connection().query_one(
            "INSERT INTO tasks (title, description, status, priority, assigned_to, tags, parent_id,
                                created_at, updated_at, completed_at)
             VALUES (:title, :description, :status, :priority, :assigned_to, :tags, :parent_id,
                     strftime('%Y-%m-%d %H:%M:%f000', 'now'), strftime('%Y-%m-%d %H:%M:%f000', 'now'),
                     iif(:done, strftime('%Y-%m-%d %H:%M:%f000', 'now'), NULL))
             RETURNING *",
            named_params! {
                ":title": title,
                ":description": description,
                ":status": status,
                ":priority": priority,
                ":assigned_to": assigned_to,
                ":tags": Document::from(tags),
                ":parent_id": parent_id,
                ":done": status == TaskStatus::Done,
            },
            Task::read,
        );
        created.map(Json).map_err(|error| match parent_id {
            Some(parent) if is_foreign_key(&error) => ToolError::Parent(parent),
            _ => error.into(),
        })
    }

    /// Lists the tasks of this project, newest first, all of them or those with one status.
    #[tool(annotations(title = "List tasks", read_only_hint = true, open_world_hint = false))]
    fn list_tasks(&self, Parameters(filter): Parameters<TaskFilter>) -> Result<Json<Tasks>, ToolError> {
        let TaskFilter { status, limit } = filter;
        let connection = self.connection();
        let mut statement = connection
            .prepare("SELECT * FROM tasks WHERE :status IS NULL OR status = :status ORDER BY id DESC LIMIT :limit")?;
        let tasks = statement
            .query_map(named_params! { ":status": status, ":limit": limit }, Task::read)?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Json(Tasks { tasks }))
    }
}

impl Task {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            title: row.get("title")?,
            description: row.get("description")?,
            status: row.get("status")?,
            priority: row.get("priority")?,
            assigned_to: row.get("assigned_to")?,
            tags: row.get("tags")?,
            parent_id: row.get("parent_id")?,
            created_at: row.get("created_at")?,
            completed_at: row.get("completed_at")?,
        })
    }
}

impl ToSql for TaskStatus {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(match self {
            Self::Todo => "todo",
            Self::InProgress => "in_progress",
            Self::Done => "done",
            Self::Blocked => "blocked",
        }))
    }
}

fn is_foreign_key(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == SQLITE_CONSTRAINT_FOREIGNKEY)
}
