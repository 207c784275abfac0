//! What is told to those who use `tracing`.

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Backup, Report, Target};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{NoSubscriber, with_default};
use tracing::{Dispatch, Level, Metadata, Subscriber};
use tracing_core::span::Current;

use crate::awaited::wait_for;
use crate::programs::{alone, notes_v1, notes_v3};
use crate::startup::{HEADER_ONLY, asked_by};
use crate::support::{Database, integer};

#[test]
fn a_run_is_a_span_with_one_for_each_migration_and_what_happens_in_them() {
    let mut conn = Connection::open_in_memory().unwrap();
    let told = Told::by(Level::TRACE, || notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap());
    let expected = [
        "> migrate to=3",
        "| INFO migrations=3 from nothing to 0003: 3 migrations",
        "|> migration number=1 name=create_notes action=Apply",
        "|| DEBUG applying 0001_create_notes",
        "|| DEBUG line=1 at=1 of=1 sql=CREATE TABLE notes (¶    id INTEGER PRIMARY KEY,¶    body TEXT NOT NULL¶) \
         0001_create_notes: statement 1 of 1, line 1: CREATE TABLE notes (",
        "|| INFO elapsed_ms 0001_create_notes",
        "|< migration",
        "|> migration number=2 name=add_pinned action=Apply",
        "|| DEBUG applying 0002_add_pinned",
        "|| DEBUG line=1 at=1 of=2 sql=ALTER TABLE notes ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0 \
         0002_add_pinned: statement 1 of 2, line 1: ALTER TABLE notes ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
        "|| DEBUG line=2 at=2 of=2 sql=CREATE INDEX notes_pinned ON notes (pinned) \
         0002_add_pinned: statement 2 of 2, line 2: CREATE INDEX notes_pinned ON notes (pinned)",
        "|| INFO elapsed_ms 0002_add_pinned",
        "|< migration",
    ];
    assert_eq!(told[..expected.len()], expected);
    let end = [
        "| INFO migrations=3 committed 0001_create_notes to 0003_unique_bodies",
        "| INFO drift=0 violations=0 at 0003",
    ];
    assert_eq!(told[told.len() - 3..], [end[0], end[1], "< migrate"]);

    let told = Told::by(Level::INFO, || notes_v3::MIGRATIONS.downgrade_to(&mut conn, Target::Empty).unwrap());
    assert_eq!(told.first().unwrap(), "> migrate from=3", "there is no migration to lead to");
    assert_eq!(told[2], "|> migration number=3 name=unique_bodies action=Revert");
    assert!(!told.iter().any(|line| line.contains("DEBUG")), "{told:?}");
}

#[test]
fn a_start_that_changes_nothing_traces_nothing_and_reads_the_header_only() {
    let database = Database::new();
    notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let mut asked = Vec::new();
    let told = Told::by(Level::TRACE, || {
        asked = asked_by(&mut database.open(), |conn| notes_v3::MIGRATIONS.upgrade(conn).unwrap());
        database.open().execute_batch("VACUUM").unwrap();
        notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap()
    });
    assert_eq!(told, [""; 0]);
    assert_eq!(asked[..], [&["PRAGMA busy_timeout"], &HEADER_ONLY[..]].concat());
    // Nobody is told of waiting, so nobody asks how long that would be.
    let told = Told::by(Level::ERROR, || {
        asked = asked_by(&mut database.open(), |conn| notes_v3::MIGRATIONS.upgrade(conn).unwrap());
        Report::default()
    });
    assert_eq!((told.len(), &asked[..]), (0, &HEADER_ONLY.map(str::to_owned)[..]));
}

#[test]
fn a_failure_is_an_error_in_the_migration_that_has_failed() {
    let mut conn = notes_v1::MIGRATIONS.open_in_memory().unwrap();
    conn.execute_batch("INSERT INTO notes (body) VALUES ('twice'), ('twice')").unwrap();
    let mut message = String::new();
    let told = Told::by(Level::INFO, || {
        let error = notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap_err();
        message = format!("|| ERROR error={error} kind=Apply failed: {error}");
    });
    let [.., begun, failed, inner, outer] = &told[..] else { panic!("{told:?}") };
    assert_eq!(begun, "|> migration number=3 name=unique_bodies action=Apply");
    assert_eq!([failed, inner, outer], [message.as_str(), "|< migration", "< migrate"]);
}

#[test]
fn a_panic_leaves_no_span_open() {
    let mut conn = Connection::open_in_memory().unwrap();
    let told = Told::by(Level::INFO, || {
        let migrator = alone::MIGRATIONS.migrator().on_event(|event| {
            assert!(!event.to_string().starts_with("0002_compact: statement"), "meant to happen");
        });
        let run = std::panic::AssertUnwindSafe(|| migrator.upgrade(&mut conn));
        std::panic::catch_unwind(run).unwrap_err();
        assert!(tracing::Span::current().is_disabled());
    });
    assert_eq!(told[told.len() - 2..], ["|< migration", "< migrate"]);
}

#[test]
fn a_hook_is_in_the_span_of_its_migration_and_a_run_of_its_own_in_its_own() {
    let told = Told::by(Level::DEBUG, || {
        let migrator = notes_v1::MIGRATIONS.migrator().after(notes_v1::Version::LATEST, |_| {
            tracing::info!("said by the program");
            alone::MIGRATIONS.upgrade_to(&mut Connection::open_in_memory()?, alone::Version::ALL[0])?;
            Ok(())
        });
        migrator.open_in_memory().unwrap()
    });
    let at = |line: &str| told.iter().position(|told| told == line).unwrap_or_else(|| panic!("{line}: {told:#?}"));
    let order = [
        "|| DEBUG when=after the hook after 0001_create_notes",
        "|| INFO said by the program",
        "||> migrate to=1",
        "|||> migration number=1 name=logs action=Apply",
        "|||< migration",
        "||< migrate",
        "|| INFO elapsed_ms 0001_create_notes",
        "< migrate",
    ];
    assert!(order.map(at).is_sorted(), "{told:#?}");
}

#[test]
fn waiting_is_a_warning_and_the_connection_is_given_back_as_it_was() {
    let database = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let blocker = database.open();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut conn = database.open();
    conn.busy_timeout(Duration::from_secs(50)).unwrap();
    let calls = Arc::new(AtomicU32::new(0));
    let seen = Arc::clone(&calls);
    conn.progress_handler(1, Some(move || seen.fetch_add(1, Ordering::Relaxed) == u32::MAX)).unwrap();
    let told = thread::scope(|scope| {
        scope.spawn(move || {
            thread::sleep(Duration::from_millis(600));
            blocker.execute_batch("ROLLBACK").unwrap();
        });
        Told::by(Level::WARN, || notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap())
    });
    assert!(told[0].starts_with(" WARN elapsed_ms waiting for another connection, for "), "{told:?}");
    assert_eq!(integer(&conn, "PRAGMA busy_timeout"), 50_000);
    let during = calls.load(Ordering::Relaxed);
    assert_eq!(integer(&conn, "SELECT count(*) FROM notes"), 0);
    assert!(calls.load(Ordering::Relaxed) > during, "its progress handler is the caller's");
}

#[test]
fn the_backup_is_told_where_it_is() {
    let database = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let mut kept = String::new();
    let told = Told::by(Level::DEBUG, || {
        let report = notes_v3::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut database.open()).unwrap();
        kept = format!("| INFO drift=0 violations=0 backup={:?} at 0003", report.backup().unwrap());
    });
    assert!(told.iter().any(|line| line.starts_with("| DEBUG copied=")), "{told:?}");
    assert_eq!(told[told.len() - 2], kept);
}

#[test]
fn an_awaited_run_is_in_the_span_of_who_awaits_it() {
    let database = Database::new();
    let told = Told::by(Level::INFO, || {
        let _request = tracing::info_span!(target: "devilmcp_migrate", "request").entered();
        wait_for(async { notes_v1::MIGRATIONS.upgrade_file(database.path()).await }).unwrap()
    });
    // Its thread enters the span, too, which is then two deep.
    assert_eq!(told[..2], ["> request", "||> migrate to=1"]);
    assert_eq!(told[told.len() - 3..], ["||< migrate", "|< request", "< request"]);
}

/// What was told, a line each: `|` for each span that it is in, `>` where one begins and `<` where one ends.
#[derive(Default)]
struct Told {
    lines: Vec<String>,
    /// The spans, by their ids.
    spans: Vec<&'static Metadata<'static>>,
    /// The spans that were entered.
    within: Vec<u64>,
}

impl Told {
    /// What is told while this is done, down to the level.
    fn by<T>(level: Level, act: impl FnOnce() -> T) -> Vec<String> {
        // Which places speak at all, tracing keeps for all threads together. As long as there is one subscriber alone, it asks that of
        // the thread that comes by first, which may have none, and then the place stays silent for all. Of two it asks both.
        static ANOTHER: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::default()));
        LazyLock::force(&ANOTHER);
        let told = Arc::new(Mutex::new(Self::default()));
        let subscriber = Listening { level, told: Arc::clone(&told), spans: AtomicU64::new(0) };
        with_default(subscriber, act);
        let mut told = told.lock().unwrap();
        assert!(told.within.is_empty(), "a span is open");
        std::mem::take(&mut told.lines)
    }

    fn metadata(&self, span: &Id) -> &'static Metadata<'static> {
        self.spans[usize::try_from(span.into_u64()).unwrap() - 1]
    }

    fn tell(&mut self, line: &str) {
        self.lines.push(format!("{}{line}", "|".repeat(self.within.len())));
    }
}

struct Listening {
    level: Level,
    told: Arc<Mutex<Told>>,
    spans: AtomicU64,
}

impl Listening {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap()
    }
}

impl Subscriber for Listening {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.level
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        span.record(&mut fields);
        let mut told = self.told();
        let name = span.metadata().name();
        assert_eq!(span.metadata().target(), "devilmcp_migrate");
        told.tell(&format!("> {name}{}", fields.0));
        told.spans.push(span.metadata());
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let Fields(values, message) = fields;
        // How long a migration took is not to be compared.
        let is_done = values == " elapsed_ms" && *event.metadata().level() == Level::INFO;
        let message = message.split_once(": ").filter(|_| is_done).map_or(&*message, |(name, _)| name);
        self.told().tell(&format!(" {}{values} {message}", event.metadata().level()));
    }

    fn enter(&self, span: &Id) {
        self.told().within.push(span.into_u64());
    }

    fn exit(&self, span: &Id) {
        let mut told = self.told();
        assert_eq!(told.within.pop(), Some(span.into_u64()), "the innermost first");
        let name = told.metadata(span).name();
        told.tell(&format!("< {name}"));
    }

    fn current_span(&self) -> Current {
        let told = self.told();
        let innermost = told.within.last().map(|&id| Id::from_u64(id));
        innermost.map_or_else(Current::none, |id| Current::new(id.clone(), told.metadata(&id)))
    }
}

/// The fields, and the message.
#[derive(Default)]
struct Fields(String, String);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{}", value.replace('\n', "¶")));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            "message" => self.1 = format!("{value:?}"),
            "elapsed_ms" => self.0 += " elapsed_ms",
            name => write!(self.0, " {name}={value:?}").unwrap(),
        }
    }
}
