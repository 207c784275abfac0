//! The pages for those who come from another tool: what they tell to type is typed, beside a database that the tool has made.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::authoring::run;

#[test]
fn what_the_pages_tell_to_type_takes_a_database_of_the_tool_over() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../devilmcp-migrate/coming_from");
    let mut tried = Vec::new();
    for page in fs::read_dir(pages).unwrap() {
        let page = page.unwrap().path();
        let tool = page.file_stem().unwrap().to_str().unwrap().to_owned();
        let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tools").join(&tool);
        let folder = TempDir::new().unwrap();
        copy(&made.join("migrations"), &folder.path().join("migrations"));
        fs::copy(made.join("applied.db"), folder.path().join("app.db")).unwrap();
        let text = fs::read_to_string(&page).unwrap();
        let blocks = text.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap());
        for call in blocks.flat_map(str::lines) {
            let call = call.strip_prefix("devilmcp-migrate ").unwrap();
            let done = run(folder.path(), call);
            assert_eq!(done.code, 0, "{tool}: {call}: {}{}", done.stdout, done.stderr);
        }
        let history = run(folder.path(), "history --database app.db").done();
        assert_eq!(history.matches("  adopted  ").count(), 4, "{tool}: {history}");
        tried.push(tool);
    }
    tried.sort();
    let expected = ["alembic", "dbmate", "diesel", "goose", "refinery", "rusqlite_migration", "sea_orm", "sqlx"];
    assert_eq!(tried, expected);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(path, to).unwrap();
        }
    }
}
