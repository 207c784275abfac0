//! Columns whose declared type is JSON.

use std::borrow::Cow;

use devilmcp_migrate::rusqlite;
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::{Map, Value};

/// A JSON value as the database keeps it.
///
/// Reading one never fails, because the rows may be older than this program: text that is not JSON is a string, and
/// SQL's NULL is the `null` that SQLAlchemy may as well have written out.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Document(Value);

impl From<Vec<String>> for Document {
    fn from(list: Vec<String>) -> Self {
        Self(list.into())
    }
}

impl From<Map<String, Value>> for Document {
    fn from(object: Map<String, Value>) -> Self {
        Self(object.into())
    }
}

impl JsonSchema for Document {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Document".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        // `true` would say the same, and some clients take only an object for the schema of a property.
        json_schema!({ "type": ["object", "array", "string", "number", "boolean", "null"] })
    }
}

impl ToSql for Document {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.to_string().into())
    }
}

impl FromSql for Document {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(match value {
            ValueRef::Null => Value::Null,
            // The declared type JSON has numeric affinity: a document that is a number is stored as one.
            ValueRef::Integer(number) => number.into(),
            ValueRef::Real(number) => number.into(),
            ValueRef::Text(text) | ValueRef::Blob(text) => {
                serde_json::from_slice(text).unwrap_or_else(|_| String::from_utf8_lossy(text).into_owned().into())
            }
        }))
    }
}
