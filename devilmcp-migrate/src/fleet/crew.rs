//! The threads that work at a fleet.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use super::event::Event;
use super::report::{Failure, Report};
use super::upgrade::Upgrade;

/// What the threads share: the databases that nobody has begun yet, and what has become of the others.
pub(super) struct Crew<'a, I> {
    upgrade: &'a Upgrade<'a>,
    files: Mutex<I>,
    report: Mutex<Report>,
    /// Of the first that has panicked; then nobody begins another database.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
    is_over: AtomicBool,
}

impl<'a, I: Iterator<Item = PathBuf> + Send> Crew<'a, I> {
    /// For these, where this is known of others.
    pub(super) fn new(upgrade: &'a Upgrade<'a>, files: I, report: Report) -> Self {
        let (files, report) = (Mutex::new(files), Mutex::new(report));
        Self { upgrade, files, report, panic: Mutex::default(), is_over: AtomicBool::new(false) }
    }

    /// Upgrades all, and adds what has become of them to what is known of others.
    pub(super) fn work(self) -> Report {
        let threads = self.upgrade.threads(lock(&self.files).size_hint().1);
        thread::scope(|scope| {
            for _ in 1..threads {
                let thread = thread::Builder::new().name("fleet".to_owned());
                // Where the system gives no more threads, those that there are do it, and this one is there.
                if thread.spawn_scoped(scope, || self.hand()).is_err() {
                    break;
                }
            }
            self.hand();
        });
        if let Some(panic) = lock(&self.panic).take() {
            resume_unwind(panic);
        }
        self.report.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// One thread: a database after the other. A panic is kept for the thread that waits for all of them.
    fn hand(&self) {
        let all = || {
            while let Some(path) = self.next() {
                self.one(&path);
            }
        };
        if let Err(panic) = catch_unwind(AssertUnwindSafe(all)) {
            self.is_over.store(true, Ordering::Relaxed);
            lock(&self.panic).get_or_insert(panic);
        }
    }

    fn next(&self) -> Option<PathBuf> {
        let mut files = lock(&self.files);
        if self.is_over.load(Ordering::Relaxed) {
            return None;
        }
        if self.upgrade.is_cancelled() {
            self.is_over.store(true, Ordering::Relaxed);
            let left = files.by_ref().count();
            lock(&self.report).left += left;
            return None;
        }
        files.next()
    }

    fn one(&self, path: &Path) {
        self.upgrade.raise(&Event::Begun { path });
        match self.upgrade.one(path) {
            Ok(report) if report.is_noop() => {
                lock(&self.report).unchanged += 1;
                self.upgrade.raise(&Event::Unchanged { path, report: &report });
            }
            Ok(report) => {
                lock(&self.report).upgraded += 1;
                self.upgrade.raise(&Event::Upgraded { path, report: &report });
            }
            Err(error) => {
                self.upgrade.raise(&Event::Failed { path, error: &error });
                lock(&self.report).failures.push(Failure::new(path.to_owned(), error));
            }
        }
    }
}

/// What a thread that has panicked leaves is as it was between two databases.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
