//! A database, and what is to be done to it.

use std::cell::OnceCell;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Error, Migrations, Report, Resolution, Segment, Status, Step, Target, Versioned};
use devilmcp_migrate_vfs::{Disk, Image};

use crate::law::Broken;
use crate::programs::{alone, devilmcp, enforced, summed};
use crate::seen::Seen;

/// A run that is disturbed.
pub(crate) struct Scenario {
    pub(crate) kind: Kind,
    pub(crate) is_down: bool,
    pub(crate) name: String,
    pub(crate) start: Image,
    program: Box<dyn Program>,
    /// What the database holds before the run, between its parts, and after it.
    pub(crate) stages: Vec<Seen>,
    /// What holds of the files before the run, once somebody has asked.
    pub(crate) start_holds: OnceCell<Result<(), Broken>>,
}

/// What kind of database it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Fresh,
    /// It existed before; back only as far as it can go.
    Legacy,
    HalfWay,
    /// Three transactions a run.
    Segments,
    /// Two of four parts outside of transactions; one of them changes the journal mode.
    NoTransaction,
    /// With text in UTF-16, which is written anew wherever it is read.
    Wide,
    /// New, and made of the summary of most of its migrations.
    Summed,
}

impl Kind {
    pub(crate) const ALL: [Self; 7] =
        [Self::Fresh, Self::Legacy, Self::HalfWay, Self::Segments, Self::NoTransaction, Self::Wide, Self::Summed];

    /// What is to be done, for who does not look at what comes of it.
    pub(crate) fn run(self, conn: &mut Connection, is_down: bool) -> Result<Report, Error> {
        self.program().run(conn, is_down)
    }

    fn program(self) -> Box<dyn Program> {
        match self {
            Self::Fresh | Self::HalfWay => Box::new(Of { migrations: &devilmcp::MIGRATIONS, lowest: Target::Empty }),
            Self::Legacy => {
                Box::new(Of { migrations: &devilmcp::MIGRATIONS, lowest: devilmcp::Version::ALL[0].into() })
            }
            Self::Segments | Self::Wide => Box::new(Of { migrations: &enforced::MIGRATIONS, lowest: Target::Empty }),
            Self::Summed => Box::new(Of { migrations: summed::migrations(), lowest: Target::Empty }),
            Self::NoTransaction => Box::new(Of { migrations: &alone::MIGRATIONS, lowest: Target::Empty }),
        }
    }

    /// Makes the database that is to be upgraded, or downgraded.
    fn prepare(self, conn: &mut Connection, is_down: bool) {
        match self {
            Self::Fresh | Self::Summed => {}
            Self::Legacy => {
                let dump = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/legacy/create_all_nov.sql");
                conn.execute_batch(&std::fs::read_to_string(dump).unwrap()).unwrap();
            }
            Self::HalfWay => {
                devilmcp::MIGRATIONS.upgrade_to(conn, devilmcp::Version::V0005MemoriesFilePathRelative).unwrap();
            }
            Self::Segments => {
                enforced::MIGRATIONS.upgrade_to(conn, enforced::Version::V0002Gone).unwrap();
                conn.execute_batch(
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
                     INSERT INTO parents SELECT i, printf('%040d', i * 7919), i % 2 FROM n;
                     INSERT INTO children SELECT id, id, printf('%040d', id * 7919) FROM parents;
                     PRAGMA foreign_keys = OFF;
                     INSERT INTO children VALUES (1000, 1000, 'of nobody');",
                )
                .unwrap();
            }
            Self::NoTransaction => {
                alone::MIGRATIONS.upgrade_to(conn, alone::Version::V0001Logs).unwrap();
                conn.execute_batch(
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
                     INSERT INTO logs SELECT i, printf('%040d', i * 7919) FROM n",
                )
                .unwrap();
            }
            Self::Wide => {
                enforced::MIGRATIONS.upgrade_to(conn, enforced::Version::V0001Families).unwrap();
                conn.execute_batch(
                    "INSERT INTO parents VALUES (1, 'Zoë'); INSERT INTO children VALUES (1, 1, 'Øre');
                     PRAGMA foreign_keys = OFF; INSERT INTO children VALUES (2, 9, 'of nobody')",
                )
                .unwrap();
            }
        }
        if is_down && !matches!(self, Self::HalfWay) {
            self.run(conn, false).unwrap();
        }
    }
}

/// The verbs of one program.
trait Program {
    fn run(&self, conn: &mut Connection, is_down: bool) -> Result<Report, Error>;
    /// The same up to each of the points between two parts.
    fn stages(&self, conn: &mut Connection, is_down: bool) -> Vec<Seen>;
    fn status(&self, conn: &Connection) -> Result<Status, Error>;
    fn latest(&self) -> i64;
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

    fn latest(&self) -> i64 {
        let plan = self.migrations.plan(&Connection::open_in_memory().unwrap(), Target::Latest).unwrap();
        plan.steps().last().map_or(0, Step::number)
    }

    fn resolve(&self, conn: &mut Connection, found: Resolution) -> Result<Report, Error> {
        self.migrations.migrator().resolve(conn, found)
    }
}

impl Scenario {
    pub(crate) fn new(kind: Kind, journal: &str, is_down: bool) -> Self {
        let program = kind.program();
        let disk = Disk::new(&Image::new());
        let mut conn = disk.open().unwrap();
        // The encoding has to be chosen before there is anything in the file.
        if matches!(kind, Kind::Wide) {
            conn.execute_batch("PRAGMA encoding = 'UTF-16le'").unwrap();
        }
        conn.execute_batch(&format!("PRAGMA journal_mode = {journal}")).unwrap();
        kind.prepare(&mut conn, is_down);
        drop(conn);
        let start = disk.image();
        let stages = program.stages(&mut disk.open().unwrap(), is_down);
        let name = format!("{kind:?}, {}, {journal}", if is_down { "downgrade" } else { "upgrade" });
        Self { kind, is_down, name, start, program, stages, start_holds: OnceCell::new() }
    }

    /// Every kind of database, each with a rollback journal and in WAL mode, up and down.
    pub(crate) fn all() -> Vec<Self> {
        // For who looks at some of them.
        let only = std::env::var("DEVILMCP_MIGRATE_FAULTS_OF").unwrap_or_default();
        let mut all = Vec::new();
        for journal in ["delete", "wal"] {
            for is_down in [false, true] {
                all.extend(Kind::ALL.map(|kind| Self::new(kind, journal, is_down)));
            }
        }
        all.retain(|scenario| scenario.name.contains(&only));
        all
    }

    /// How many migrations the program has.
    pub(crate) fn migrations(&self) -> i64 {
        self.program.latest()
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
