//! A server is deployed, its successor is, that one is rolled back, and comes again: real builds, and guests that must not be lost.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use devilmcp_migrate::rusqlite::Connection;
use tempfile::TempDir;

use crate::authoring;
use crate::project::{Project, library, target};
use crate::support::column;

#[test]
fn no_guest_is_lost_whatever_the_caller_has_chosen() {
    let project = Project::new();
    project.write("build.rs", "fn main() { devilmcp_migrate::build::watch(\"migrations\"); }");
    project.write("src/main.rs", SERVER);
    let [v1, v2, v2_again] = [(V1, "1.0.0", PLAIN), (V2, "2.0.0", PINNED), (V2_AGAIN, "2.0.1", PINNED)]
        .map(|(files, version, insert)| build(&project, files, version, insert));

    let deployed = Site::new();
    assert_eq!(deployed.serve(&v1, "refuse", "ann"), "at 0001_guests, 1 done: ann");
    assert_eq!(deployed.serve(&v1, "refuse", "bob"), "at 0001_guests, 0 done: ann bob");
    assert_eq!(deployed.serve(&v2, "refuse", "cid"), "at 0003_visits, 2 done: ann bob cid");
    let vips = |site: &Site| column(&site.open(), "SELECT name FROM guests WHERE vip ORDER BY id");
    assert_eq!(vips(&deployed), ["cid"]);

    // Rolled back, and refused: both versions are named, and nothing has changed.
    let site = deployed.copy();
    let before = site.bytes();
    let said = site.start(&v1, "refuse", "").unwrap_err();
    assert!(
        said.contains("the database is at 0003_visits, newer than this program, which knows up to 0001_guests"),
        "{said}"
    );
    assert!(site.bytes() == before);
    assert_eq!(site.serve(&v2, "refuse", "dan"), "at 0003_visits, 0 done: ann bob cid dan");

    // Rolled back, and accepted: the old one serves on the new schema, and the new one finds all as it was.
    let site = deployed.copy();
    assert_eq!(site.serve(&v1, "accept", "dan"), "at 3 which is newer, 0 done: ann bob cid dan");
    assert_eq!(site.serve(&v1, "accept", "eve"), "at 3 which is newer, 0 done: ann bob cid dan eve");
    assert_eq!(site.serve(&v2, "accept", "fay"), "at 0003_visits, 0 done: ann bob cid dan eve fay");
    assert_eq!(vips(&site), ["cid", "fay"]);
    assert_eq!(site.serve(&v2_again, "accept", "gus"), "at 0004_when, 1 done: ann bob cid dan eve fay gus");

    // Rolled back, and taken back with it: what the old one cannot keep is gone, the guests are not.
    let site = deployed.copy();
    assert_eq!(site.serve(&v1, "downgrade", "dan"), "at 0001_guests, 2 done: ann bob cid dan");
    assert_eq!(site.serve(&v1, "refuse", "eve"), "at 0001_guests, 0 done: ann bob cid dan eve");
    assert_eq!(site.serve(&v2, "downgrade", "fay"), "at 0003_visits, 2 done: ann bob cid dan eve fay");
    assert_eq!(vips(&site), ["fay"]);
    assert_eq!(column(&site.open(), "SELECT count(*) || '' FROM visits"), ["5"], "as for guests who were always there");
    assert_eq!(site.serve(&v2_again, "refuse", "gus"), "at 0004_when, 1 done: ann bob cid dan eve fay gus");

    // By hand, with neither program nor sources.
    let site = deployed.copy();
    let call = format!("downgrade guests --database {}", site.database().display());
    authoring::run(site.0.path(), &call).done();
    assert_eq!(site.serve(&v1, "refuse", "dan"), "at 0001_guests, 0 done: ann bob cid dan");
    assert_eq!(site.serve(&v2, "refuse", "eve"), "at 0003_visits, 2 done: ann bob cid dan eve");
    let by = "SELECT app_version FROM _devilmcp_migrations ORDER BY version";
    assert_eq!(column(&site.open(), by), ["1.0.0", "2.0.0", "2.0.0"]);
}

/// Where a server runs.
struct Site(TempDir);

impl Site {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// Another, to which a server has come with the same database.
    fn copy(&self) -> Self {
        let site = Self::new();
        fs::copy(self.database(), site.database()).unwrap();
        site
    }

    fn database(&self) -> PathBuf {
        self.0.path().join("guests.db")
    }

    fn open(&self) -> Connection {
        Connection::open(self.database()).unwrap()
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.database()).unwrap()
    }

    /// Lets a server start and a guest come, and says what it has answered.
    fn serve(&self, server: &Path, newer: &str, guest: &str) -> String {
        self.start(server, newer, guest).unwrap()
    }

    fn start(&self, server: &Path, newer: &str, guest: &str) -> Result<String, String> {
        let mut command = Command::new(server);
        command.current_dir(self.0.path()).env("NEWER", newer).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // One that refuses to start reads nothing.
        let _ = writeln!(child.stdin.take().unwrap(), "{guest}");
        let output = child.wait_with_output().unwrap();
        let [answer, error] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        if output.status.success() { Ok(answer.trim_end().to_owned()) } else { Err(error) }
    }
}

/// Builds a version of the server, and keeps the program.
fn build(project: &Project, files: &[(&str, &str)], version: &str, insert: &str) -> PathBuf {
    let library = library();
    project.write(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"guestbook\"\nversion = \"{version}\"\nedition = \"2024\"\n\n[dependencies]\n\
             devilmcp-migrate = {{ {library}, features = [\"bundled\"] }}\n\n[build-dependencies]\n\
             devilmcp-migrate = {{ {library} }}\n"
        ),
    );
    project.write("src/insert.sql", &format!("INSERT INTO guests ({insert})"));
    for (name, text) in files {
        project.write(&format!("migrations/{name}.sql"), text);
    }
    let built = project.cargo("build");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let program = project.path().join(format!("guestbook-{version}"));
    fs::copy(target().join("debug/guestbook"), &program).unwrap();
    // Where the server runs there are no sources.
    fs::remove_dir_all(project.path().join("migrations")).unwrap();
    program
}

const SERVER: &str = r#"
use devilmcp_migrate::Newer;
use devilmcp_migrate::rusqlite::Connection;

devilmcp_migrate::migrations!("migrations");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let newer = match std::env::var("NEWER")?.as_str() {
        "accept" => Newer::Accept,
        "downgrade" => Newer::Downgrade,
        _ => Newer::Refuse,
    };
    let mut conn = Connection::open("guests.db")?;
    let report = MIGRATIONS.migrator().newer(newer).upgrade(&mut conn)?;
    let at = match report.to() {
        Some(number) if report.is_newer() => format!("{number} which is newer"),
        _ => MIGRATIONS.version(&conn)?.map(|version| version.to_string()).unwrap_or_default(),
    };
    let mut guest = String::new();
    std::io::stdin().read_line(&mut guest)?;
    conn.execute(include_str!("insert.sql"), [guest.trim()])?;
    let mut statement = conn.prepare("SELECT name FROM guests ORDER BY id")?;
    let names = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    println!("at {at}, {} done: {}", report.done().len(), names.join(" "));
    Ok(())
}
"#;

const PLAIN: &str = "name) VALUES (?1";

const PINNED: &str = "name, vip) VALUES (?1, 1";

const V1: &[(&str, &str)] = &[
    ("0001_guests", "CREATE TABLE guests (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"),
    ("0001_guests.down", "DROP TABLE guests;"),
];

const V2: &[(&str, &str)] = &[
    V1[0],
    V1[1],
    (
        "0002_vips",
        "ALTER TABLE guests ADD COLUMN vip INTEGER NOT NULL DEFAULT 0; CREATE INDEX guests_vip ON guests (vip);",
    ),
    ("0002_vips.down", "DROP INDEX guests_vip; ALTER TABLE guests DROP COLUMN vip;"),
    (
        "0003_visits",
        "-- migrate: foreign_keys(on)
        CREATE TABLE visits (id INTEGER PRIMARY KEY, guest INTEGER NOT NULL REFERENCES guests (id) ON DELETE CASCADE);
        CREATE INDEX visits_guest ON visits (guest);
        INSERT INTO visits (guest) SELECT id FROM guests;",
    ),
    ("0003_visits.down", "DROP TABLE visits;"),
];

const V2_AGAIN: &[(&str, &str)] = &[
    V2[0],
    V2[1],
    V2[2],
    V2[3],
    V2[4],
    V2[5],
    ("0004_when", "ALTER TABLE visits ADD COLUMN at TEXT;"),
    ("0004_when.down", "ALTER TABLE visits DROP COLUMN at;"),
];
