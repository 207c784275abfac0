//! Decisions: what was chosen, why, and instead of what.

use devilmcp_migrate::rusqlite::{self, Row, named_params};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::{Json, tool, tool_router};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::argument::{Level, Limit, Text};
use crate::document::Document;
use crate::error::ToolError;
use crate::server::Server;

/// What `record_decision` accepts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewDecision {
    /// The decision, in one sentence
    decision: Text,
    /// Why it was made
    rationale: Text,
    /// Circumstances, as an object of any form
    context: Option<Map<String, Value>>,
    /// What else was considered
    #[serde(default)]
    alternatives_considered: Vec<String>,
    /// What it is expected to change
    expected_impact: Option<String>,
    /// How much would be lost if it proved wrong
    #[serde(default)]
    risk_level: Level,
    /// Words to find it by
    #[serde(default)]
    tags: Vec<String>,
}

/// What `list_decisions` accepts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DecisionFilter {
    /// Only decisions that carry this tag
    tag: Option<Text>,
    /// How many at most
    #[serde(default)]
    limit: Limit,
}

/// A recorded decision.
#[expect(clippy::struct_field_names, reason = "the fields are named as the columns are")]
#[derive(Debug, Serialize, JsonSchema)]
struct Decision {
    id: i64,
    decision: String,
    rationale: String,
    context: Document,
    alternatives_considered: Document,
    expected_impact: Option<String>,
    risk_level: Option<String>,
    tags: Document,
    /// When it was recorded, in UTC
    timestamp: Option<String>,
    outcome: Option<String>,
    actual_impact: Option<String>,
    lessons_learned: Option<String>,
}

/// Decisions, newest first.
#[derive(Debug, Serialize, JsonSchema)]
struct Decisions {
    decisions: Vec<Decision>,
}

#[tool_router(router = decision_tools, vis = "pub(crate)")]
impl Server {
    /// Records a decision and why it was made, so that nobody has to ask again. Returns it with its id.
    #[tool(annotations(title = "Record a decision", destructive_hint = false, open_world_hint = false))]
    fn record_decision(&self, Parameters(new): Parameters<NewDecision>) -> Result<Json<Decision>, ToolError> {
        let NewDecision { decision, rationale, context, alternatives_considered, expected_impact, risk_level, tags } =
            new;
        let recorded = self.connection().query_one(
            "INSERT INTO decisions (decision, rationale, context, alternatives_considered, expected_impact,
                                    risk_level, tags, timestamp, updated_at)
             VALUES (:decision, :rationale, :context, :alternatives, :impact, :risk, :tags,
                     strftime('%Y-%m-%d %H:%M:%f000', 'now'), strftime('%Y-%m-%d %H:%M:%f000', 'now'))
             RETURNING *",
            named_params! {
                ":decision": decision,
                ":rationale": rationale,
                ":context": context.map(Document::from),
                ":alternatives": Document::from(alternatives_considered),
                ":impact": expected_impact,
                ":risk": risk_level,
                ":tags": Document::from(tags),
            },
            Decision::read,
        )?;
        Ok(Json(recorded))
    }

    /// Lists the decisions made in this project, newest first. Look here before you decide something again.
    #[tool(annotations(title = "List decisions", read_only_hint = true, open_world_hint = false))]
    fn list_decisions(&self, Parameters(filter): Parameters<DecisionFilter>) -> Result<Json<Decisions>, ToolError> {
        let DecisionFilter { tag, limit } = filter;
        let connection = self.connection();
        // Old rows may hold anything, and json_each would fail on what is not JSON.
        let mut statement = connection.prepare(
            "SELECT * FROM decisions
             WHERE :tag IS NULL
                OR EXISTS (SELECT 1 FROM json_each(iif(json_valid(tags), tags, '[]')) WHERE value = :tag)
             ORDER BY id DESC
             LIMIT :limit",
        )?;
        let decisions = statement
            .query_map(named_params! { ":tag": tag, ":limit": limit }, Decision::read)?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Json(Decisions { decisions }))
    }
}

impl Decision {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            decision: row.get("decision")?,
            rationale: row.get("rationale")?,
            context: row.get("context")?,
            alternatives_considered: row.get("alternatives_considered")?,
            expected_impact: row.get("expected_impact")?,
            risk_level: row.get("risk_level")?,
            tags: row.get("tags")?,
            timestamp: row.get("timestamp")?,
            outcome: row.get("outcome")?,
            actual_impact: row.get("actual_impact")?,
            lessons_learned: row.get("lessons_learned")?,
        })
    }
}
