//! What the server does when it starts, and when it refuses to.

use std::fs;

use serde_json::json;
use tempfile::TempDir;

use super::client::Client;
use super::project::{Project, program, rows};

#[test]
fn a_legacy_database_is_upgraded_at_start_and_keeps_every_row() {
    let project = Project::legacy();
    let before = rows(&project.database, None);

    let mut client = Client::connect(&mut project.server());
    let version = client.call("schema_version", json!({}));
    let stderr = client.finish();

    assert_eq!(version["is_latest"], true, "{version}");
    assert_eq!(version["version"], version["latest"]);
    assert_eq!(version["pending"], 0);
    assert!(version["name"].as_str().is_some_and(|name| !name.is_empty()), "{version}");
    assert_eq!(rows(&project.database, Some(&before)), before);
    // The dump holds a thought of a session that is gone and an edge to a file that is gone.
    let warned = |table: &str| stderr.lines().any(|line| line.contains("warning") && line.contains(table));
    assert!(warned("thoughts") && warned("file_dependencies"), "{stderr}");
}

#[test]
fn a_second_start_changes_nothing_and_says_nothing() {
    let project = Project::legacy();
    Client::connect(&mut project.server()).finish();
    let before = fs::read(&project.database).unwrap();

    let mut client = Client::connect(&mut project.server());
    client.call("schema_version", json!({}));
    client.call("list_tasks", json!({}));
    let stderr = client.finish();

    assert!(fs::read(&project.database).unwrap() == before, "the file's bytes differ");
    assert_eq!(stderr, "");
}

#[test]
fn servers_that_start_at_once_agree() {
    let project = Project::legacy();
    let mut commands = [project.server(), project.server(), project.server(), project.server()];
    let servers: Vec<_> = commands.iter_mut().map(Client::spawn).collect();

    for mut client in servers {
        client.handshake();
        assert_eq!(client.call("schema_version", json!({}))["is_latest"], true);
        client.finish();
    }
}

#[test]
fn a_new_project_gets_its_database_in_its_own_directory() {
    let project = TempDir::new().unwrap();
    let mut client = Client::connect(program().arg("--project").arg(project.path()));
    assert_eq!(client.call("list_decisions", json!({})), json!({ "decisions": [] }));
    client.finish();
    assert!(project.path().join(".devilmcp/storage/devilmcp.db").is_file());

    let elsewhere = TempDir::new().unwrap();
    Client::connect(program().arg("serve").current_dir(elsewhere.path())).finish();
    assert!(elsewhere.path().join(".devilmcp/storage/devilmcp.db").is_file());

    let (status, stderr) = Client::spawn(program().arg("--project").arg(project.path().join("misspelt"))).wait();
    assert!(!status.success());
    assert!(stderr.contains("misspelt is not a directory"), "{stderr}");
}

#[test]
fn an_old_database_is_refused_when_automatic_upgrade_is_off() {
    for off in ["false", "0", "No", "OFF"] {
        let project = Project::legacy();
        let before = fs::read(&project.database).unwrap();

        let (status, stderr) = Client::spawn(project.server().env("DEVILMCP_AUTO_MIGRATE", off)).wait();
        assert!(!status.success());
        assert!(stderr.contains("`devilmcp db upgrade`"), "{stderr}");
        assert!(fs::read(&project.database).unwrap() == before, "the refused database was changed");
    }

    let project = Project::legacy();
    Client::connect(&mut project.server()).finish();
    let mut client = Client::connect(project.server().env("DEVILMCP_AUTO_MIGRATE", "false"));
    assert_eq!(client.call("schema_version", json!({}))["is_latest"], true);
    client.finish();
}

#[test]
fn where_automatic_upgrade_is_off_no_database_is_made() {
    let project = TempDir::new().unwrap();
    let mut server = program();
    server.arg("--project").arg(project.path());

    let (status, stderr) = Client::spawn(server.env("DEVILMCP_AUTO_MIGRATE", "false")).wait();
    assert!(!status.success());
    assert!(stderr.contains("`devilmcp db upgrade`"), "{stderr}");
    let (status, stderr) = Client::spawn(server.env("DEVILMCP_AUTO_MIGRATE", "flase")).wait();
    assert!(!status.success());
    assert!(stderr.contains("flase"), "{stderr}");
    assert_eq!(fs::read_dir(project.path()).unwrap().count(), 0);
}
