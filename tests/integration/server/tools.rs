//! What the tools answer.

use devilmcp_migrate::rusqlite::Connection;
use serde_json::{Value, json};

use super::client::Client;
use super::project::Project;

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

fn ids(list: &Value) -> Vec<i64> {
    list.as_array().expect("a list").iter().filter_map(|row| row["id"].as_i64()).collect()
}
