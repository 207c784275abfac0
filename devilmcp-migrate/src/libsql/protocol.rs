//! What is said to a server and what it answers: Hrana 3 in JSON,
//! <https://github.com/tursodatabase/libsql/blob/main/docs/HRANA_3_SPEC.md>.

use std::time::Duration;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use rusqlite::ffi;
use rusqlite::types::Value;
use serde_json::{Value as Json, json};

/// Servers leave the padding away.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// One statement, with values for its parameters.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    sql: String,
    values: Vec<Value>,
    /// Whether anybody reads what it returns.
    is_read: bool,
}

impl Statement {
    /// One that is asked something.
    pub(super) fn query(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), values: Vec::new(), is_read: true }
    }

    /// One that does something.
    pub(super) fn act(sql: impl Into<String>) -> Self {
        Self { is_read: false, ..Self::query(sql) }
    }

    pub(super) fn with(self, values: impl IntoIterator<Item = Value>) -> Self {
        Self { values: values.into_iter().collect(), ..self }
    }
}

/// What became of a statement.
#[derive(Debug)]
pub(super) enum Outcome {
    Done {
        rows: Vec<Vec<Value>>,
        duration: Duration,
    },
    Failed(rusqlite::Error),
    /// One before it has failed.
    Skipped,
}

/// When a statement of a batch is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    /// If the one before it has worked.
    Previous,
    /// If it has, and the transaction is still open: a server may have ended it meanwhile, and whatever came then would be done by itself.
    InTransaction,
}

/// A batch whose statements are run one after the other, up to the first that fails.
pub(super) fn batch(statements: &[(Guard, Statement)]) -> Json {
    let steps = statements.iter().enumerate().map(|(at, (guard, statement))| {
        let previous = at.checked_sub(1).map(|previous| json!({ "type": "ok", "step": previous }));
        let open =
            (*guard == Guard::InTransaction).then(|| json!({ "type": "not", "cond": { "type": "is_autocommit" } }));
        let conditions: Vec<Json> = previous.into_iter().chain(open).collect();
        let arguments: Vec<Json> = statement.values.iter().map(encoded).collect();
        json!({
            "condition": { "type": "and", "conds": conditions },
            "stmt": { "sql": statement.sql, "args": arguments, "want_rows": statement.is_read },
        })
    });
    json!({ "type": "batch", "batch": { "steps": steps.collect::<Vec<_>>() } })
}

/// What is answered to a batch of so many statements; none if that is no answer.
pub(super) fn outcomes(result: &Json, count: usize) -> Option<Vec<Outcome>> {
    if result["type"] == "error" {
        // Not one statement but the batch as such was refused.
        let mut outcomes = vec![Outcome::Failed(failed(&result["error"]))];
        outcomes.resize_with(count, || Outcome::Skipped);
        return Some(outcomes);
    }
    let result = &result["response"]["result"];
    let (results, errors) = (result["step_results"].as_array()?, result["step_errors"].as_array()?);
    if results.len() != count || errors.len() != count {
        return None;
    }
    results.iter().zip(errors).map(|(result, error)| outcome(result, error)).collect()
}

fn outcome(result: &Json, error: &Json) -> Option<Outcome> {
    if !error.is_null() {
        return Some(Outcome::Failed(failed(error)));
    }
    if result.is_null() {
        return Some(Outcome::Skipped);
    }
    let row = |row: &Json| row.as_array()?.iter().map(decoded).collect::<Option<Vec<_>>>();
    let rows = result["rows"].as_array()?.iter().map(row).collect::<Option<_>>()?;
    let duration = result["query_duration_ms"].as_f64().filter(|time| time.is_finite() && *time >= 0.0);
    Some(Outcome::Done { rows, duration: Duration::from_secs_f64(duration.unwrap_or_default() / 1000.0) })
}

fn encoded(value: &Value) -> Json {
    match value {
        Value::Null => json!({ "type": "null" }),
        // As text: a JSON number need not hold 64 bits.
        Value::Integer(number) => json!({ "type": "integer", "value": number.to_string() }),
        Value::Real(number) => json!({ "type": "float", "value": number }),
        Value::Text(text) => json!({ "type": "text", "value": text }),
        Value::Blob(bytes) => json!({ "type": "blob", "base64": BASE64.encode(bytes) }),
    }
}

fn decoded(value: &Json) -> Option<Value> {
    let given = &value["value"];
    Some(match value["type"].as_str()? {
        "null" => Value::Null,
        "integer" => Value::Integer(given.as_str()?.parse().ok()?),
        "float" => Value::Real(given.as_f64()?),
        "text" => Value::Text(given.as_str()?.to_owned()),
        "blob" => Value::Blob(BASE64.decode(value["base64"].as_str()?).ok()?),
        _ => return None,
    })
}

/// An error as SQLite itself would give it, where it is one.
fn failed(error: &Json) -> rusqlite::Error {
    let (code, message) = (error["code"].as_str().unwrap_or_default(), error["message"].as_str().unwrap_or_default());
    let number = match code.strip_prefix("SQLITE_").unwrap_or_default() {
        code if code.starts_with("BUSY") => ffi::SQLITE_BUSY,
        code if code.starts_with("CONSTRAINT_FOREIGNKEY") => ffi::SQLITE_CONSTRAINT_FOREIGNKEY,
        code if code.starts_with("CONSTRAINT") => ffi::SQLITE_CONSTRAINT,
        code if code.starts_with("READONLY") => ffi::SQLITE_READONLY,
        code if code.starts_with("CORRUPT") => ffi::SQLITE_CORRUPT,
        code if code.starts_with("FULL") => ffi::SQLITE_FULL,
        code if code.starts_with("INTERRUPT") => ffi::SQLITE_INTERRUPT,
        _ => ffi::SQLITE_ERROR,
    };
    let message = match code {
        "TRANSACTION_TIMEOUT" => {
            "the server has ended the transaction: it was open for too long while another client waited to write"
        }
        _ => message.strip_prefix("SQLite error: ").unwrap_or(message),
    };
    rusqlite::Error::SqliteFailure(ffi::Error::new(number), Some(message.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_as_it_was() {
        let values = [
            Value::Null,
            Value::Integer(i64::MIN),
            Value::Integer(i64::MAX),
            Value::Real(0.1),
            Value::Text("Zoë \" \u{0} 𝄞".to_owned()),
            Value::Blob(vec![0, 255, 7]),
        ];
        for value in values {
            assert_eq!(decoded(&encoded(&value)), Some(value));
        }
        assert_eq!(decoded(&json!({ "type": "blob", "base64": "AP8" })), Some(Value::Blob(vec![0, 255])));
        assert_eq!(decoded(&json!({ "type": "date" })), None);
    }

    #[test]
    fn after_one_that_fails_nothing_is_run() {
        let batch = batch(&[
            (Guard::Previous, Statement::act("BEGIN IMMEDIATE")),
            (Guard::InTransaction, Statement::query("SELECT ?1").with([Value::Integer(1)])),
        ]);
        let steps = &batch["batch"]["steps"];
        assert_eq!(steps[0]["condition"]["conds"], json!([]));
        let open = json!({ "type": "not", "cond": { "type": "is_autocommit" } });
        assert_eq!(steps[1]["condition"]["conds"], json!([{ "type": "ok", "step": 0 }, open]));
        assert_eq!(steps[1]["stmt"]["args"], json!([{ "type": "integer", "value": "1" }]));
    }

    #[test]
    fn what_is_no_answer_is_none() {
        let answer = |results: Json, errors: Json| json!({ "type": "ok", "response": { "result": { "step_results": results, "step_errors": errors } } });
        let done = json!({ "rows": [[{ "type": "null" }]], "query_duration_ms": 1.5 });
        let error = json!({ "message": "SQLite error: no such table: a", "code": "SQLITE_UNKNOWN" });
        let result = answer(json!([done, null, null]), json!([null, error, null]));
        let found = outcomes(&result, 3).unwrap();
        assert!(matches!(&found[0], Outcome::Done { rows, .. } if rows == &[[Value::Null]]));
        assert!(matches!(&found[1], Outcome::Failed(error) if error.to_string() == "no such table: a"));
        assert!(matches!(&found[2], Outcome::Skipped));
        assert!(outcomes(&result, 2).is_none());
        assert!(outcomes(&json!({ "type": "ok" }), 1).is_none());
        assert!(outcomes(&answer(json!([{ "rows": 1 }]), json!([null])), 1).is_none());
    }
}
