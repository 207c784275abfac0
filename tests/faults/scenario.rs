//! A database, and what is to be done to it.

use devilmcp_migrate::rusqlite::{Connection, Result};
use devilmcp_migrate::{Error, Migrations, Report, Resolution, Segment, Status, Step, Target, Versioned};
use devilmcp_migrate_vfs::{Disk, Image};

use crate::programs::{alone, devilmcp, enforced};
use crate::seen::Seen;

/// A run that is disturbed.
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) start: Image,
    program: Box<dyn Program>,
    is_down: bool,
    /// What the database holds before the run, between its parts, and after it.
    pub(crate) stages: Vec<Seen>,
}

/// The verbs of one program.
trait Program {
    fn run(&self, conn: &mut Connection, is_down: bool) -> Result<Report, Error>;
    /// The same up to each of the points between two parts.
    fn stages(&self, conn: &mut Connection, is_down: bool) -> Vec<Seen>;
    fn status(&self, conn: &Connection) -> Result<Status, Error>;
    fn resolve(&self, conn: &mut Connection, found: Resolution) -> Result<Report, Error>;
}

struct Of<V: 'static> {
    migrations: &'static Migrations<V>,
    lowest: Target<V>,
}

impl<V: Versioned> Program for Of<V> {
    fn run(&self, conn: &mut Connection, is_down: bool) -> Result<Report, Error> {
        if is_down { self.migrations.downgrade_to(conn, self.lowest) } else { self.migrations.upgrade(conn) }
    }

    fn stages(&self, conn: &mut Connection, is_down: bool) -> Vec<Seen> {
        let migrator = self.migrations.migrator();
        let plan = if is_down {
            migrator.plan_downgrade(conn, self.lowest).unwrap()
        } else {
            migrator.plan_upgrade(conn, Target::Latest).unwrap()
        };
        let last = |segment: Segment<'_>| segment.steps().last().map_or(0, Step::number) - i64::from(is_down);
        let ends: Vec<i64> = plan.segments().map(last).collect();
        let mut stages = vec![Seen::of(conn).unwrap()];
        for end in ends {
            let target = V::from_number(end).map_or(Target::Empty, Target::Version);
            if is_down {
                self.migrations.downgrade_to(conn, target).unwrap();
            } else {
                self.migrations.upgrade_to(conn, target).unwrap();
            }
            stages.push(Seen::of(conn).unwrap());
        }
        stages
    }

    fn status(&self, conn: &Connection) -> Result<Status, Error> {
        self.migrations.status(conn)
    }

    fn resolve(&self, conn: &mut Connection, found: Resolution) -> Result<Report, Error> {
        self.migrations.migrator().resolve(conn, found)
    }
}

impl Scenario {
    fn new<V: Versioned>(
        name: &str,
        program: Of<V>,
        journal: &str,
        is_down: bool,
        prepare: impl Fn(&mut Connection),
    ) -> Self {
        let disk = Disk::new(&Image::new());
        let mut conn = disk.open().unwrap();
        conn.execute_batch(&format!("PRAGMA journal_mode = {journal}")).unwrap();
        prepare(&mut conn);
        drop(conn);
        let start = disk.image();
        let stages = program.stages(&mut disk.open().unwrap(), is_down);
        let verb = if is_down { "downgrade" } else { "upgrade" };
        Self { name: format!("{name}, {verb}, {journal}"), start, program: Box::new(program), is_down, stages }
    }

    /// Every kind of database, each with a rollback journal and in WAL mode, up and down.
    pub(crate) fn all() -> Vec<Self> {
        // For who looks at one of them.
        let only = std::env::var("DEVILMCP_MIGRATE_FAULTS_OF").unwrap_or_default();
        let mut all = Vec::new();
        for journal in ["delete", "wal"] {
            for is_down in [false, true] {
                all.extend([
                    fresh(journal, is_down),
                    legacy(journal, is_down),
                    half_way(journal, is_down),
                    segments(journal, is_down),
                    outside(journal, is_down),
                ]);
            }
        }
        all.retain(|scenario| scenario.name.contains(&only));
        all
    }

    pub(crate) fn is_down(&self) -> bool {
        self.is_down
    }

    pub(crate) fn run(&self, conn: &mut Connection) -> Result<Report, Error> {
        self.program.run(conn, self.is_down)
    }

    pub(crate) fn status(&self, conn: &Connection) -> Result<Status, Error> {
        self.program.status(conn)
    }

    pub(crate) fn resolve(&self, conn: &mut Connection, found: Resolution) -> Result<Report, Error> {
        self.program.resolve(conn, found)
    }
}

fn fresh(journal: &str, is_down: bool) -> Scenario {
    let program = Of { migrations: &devilmcp::MIGRATIONS, lowest: Target::Empty };
    Scenario::new("fresh", program, journal, is_down, |conn| {
        if is_down {
            devilmcp::MIGRATIONS.upgrade(conn).unwrap();
        }
    })
}

/// A database that existed before; back only as far as it can go.
fn legacy(journal: &str, is_down: bool) -> Scenario {
    let program = Of { migrations: &devilmcp::MIGRATIONS, lowest: devilmcp::Version::ALL[0].into() };
    Scenario::new("legacy", program, journal, is_down, |conn| {
        let dump = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/legacy/create_all_nov.sql");
        conn.execute_batch(&std::fs::read_to_string(dump).unwrap()).unwrap();
        if is_down {
            devilmcp::MIGRATIONS.upgrade(conn).unwrap();
        }
    })
}

fn half_way(journal: &str, is_down: bool) -> Scenario {
    let program = Of { migrations: &devilmcp::MIGRATIONS, lowest: Target::Empty };
    Scenario::new("half-way", program, journal, is_down, |conn| {
        devilmcp::MIGRATIONS.upgrade_to(conn, devilmcp::Version::V0005MemoriesFilePathRelative).unwrap();
    })
}

fn segments(journal: &str, is_down: bool) -> Scenario {
    let program = Of { migrations: &enforced::MIGRATIONS, lowest: Target::Empty };
    Scenario::new("segments", program, journal, is_down, |conn| {
        enforced::MIGRATIONS.upgrade_to(conn, enforced::Version::V0002Gone).unwrap();
        conn.execute_batch(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
             INSERT INTO parents SELECT i, hex(randomblob(20)), i % 2 FROM n;
             INSERT INTO children SELECT id, id, hex(randomblob(20)) FROM parents;",
        )
        .unwrap();
        if is_down {
            enforced::MIGRATIONS.upgrade(conn).unwrap();
        }
    })
}

/// `journal_mode` is what one of its migrations changes.
fn outside(journal: &str, is_down: bool) -> Scenario {
    let program = Of { migrations: &alone::MIGRATIONS, lowest: Target::Empty };
    Scenario::new("no_transaction", program, journal, is_down, |conn| {
        alone::MIGRATIONS.upgrade_to(conn, alone::Version::V0001Logs).unwrap();
        conn.execute_batch(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
             INSERT INTO logs SELECT i, hex(randomblob(20)) FROM n",
        )
        .unwrap();
        if is_down {
            alone::MIGRATIONS.upgrade(conn).unwrap();
        }
    })
}
