//! A disk: names, and what stands under them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use rusqlite::{Connection, OpenFlags};

use crate::fault::{Calls, Fault, Faults};
use crate::inode::Inode;
use crate::random::Random;
use crate::vfs;

/// The files of a disk, each with its contents.
pub type Image = BTreeMap<String, Vec<u8>>;

/// What of that which was not synced has reached the disk when the power goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Survivors {
    /// Nothing.
    None,
    /// Everything.
    All,
    /// Of each file the first changes, as many as the seed says.
    First(u64),
    /// Of each file any, sector by sector, as the seed says.
    Some(u64),
}

/// A disk in memory with one database on it, which SQLite reaches through a VFS of its own.
#[derive(Debug)]
pub struct Disk(Arc<Mutex<State>>);

#[derive(Debug)]
pub(crate) struct State {
    number: u64,
    inodes: Vec<Inode>,
    names: BTreeMap<String, usize>,
    /// As they were when the folder was synced last.
    durable_names: BTreeMap<String, usize>,
    /// What has become of names since, and when: none where one was removed.
    unsynced_names: Vec<(u64, String, Option<usize>)>,
    /// Counts what is done to names and lengths.
    clock: u64,
    pub(crate) faults: Faults,
}

static DISKS: Mutex<BTreeMap<u64, Weak<Mutex<State>>>> = Mutex::new(BTreeMap::new());
static NEXT: AtomicU64 = AtomicU64::new(0);

/// What the database is called.
const DATABASE: &str = "test.db";

impl Disk {
    /// One that holds this, synced.
    pub fn new(image: &Image) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let inodes = image.values().map(|data| Inode::settled(data.clone())).collect();
        let names: BTreeMap<String, usize> = image.keys().cloned().zip(0..).collect();
        let (durable_names, unsynced_names) = (names.clone(), Vec::new());
        let state = State { number, inodes, names, durable_names, unsynced_names, clock: 0, faults: Faults::default() };
        let disk = Self(Arc::new(Mutex::new(state)));
        lock(&DISKS).insert(number, Arc::downgrade(&disk.0));
        disk
    }

    /// Opens its database, or makes one.
    ///
    /// # Errors
    /// SQLite's.
    pub fn open(&self) -> rusqlite::Result<Connection> {
        let path = format!("/{}/{DATABASE}", lock(&self.0).number);
        Connection::open_with_flags_and_vfs(path, OpenFlags::default(), vfs::registered())
    }

    /// From now on counts calls, and lets one fail.
    pub fn arm(&self, fault: Fault) {
        lock(&self.0).faults.arm(Some(fault));
    }

    /// Lets everything work again, but for power that is gone; whether the armed fault has happened.
    pub fn disarm(&self) -> bool {
        let faults = &mut lock(&self.0).faults;
        let has_struck = faults.has_struck();
        faults.arm(None);
        has_struck
    }

    /// What was asked of it since it was armed or disarmed last.
    pub fn calls(&self) -> Calls {
        lock(&self.0).faults.calls()
    }

    /// What every process sees.
    pub fn image(&self) -> Image {
        let state = lock(&self.0);
        state.names.iter().map(|(name, inode)| (name.clone(), state.inodes[*inode].data.clone())).collect()
    }

    /// What is found after the power was gone.
    pub fn remains(&self, survivors: Survivors) -> Image {
        let state = lock(&self.0);
        let (Survivors::First(seed) | Survivors::Some(seed)) = survivors else {
            return state.remains(survivors, &mut Random::new(0));
        };
        state.remains(survivors, &mut Random::new(seed))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        lock(&DISKS).remove(&lock(&self.0).number);
    }
}

impl State {
    fn remains(&self, survivors: Survivors, random: &mut Random) -> Image {
        let mut names = self.durable_names.clone();
        // A file system keeps the order of what is done to names and to lengths, or so SQLite trusts: after it has deleted the journal
        // of a transaction that makes the database shorter, it cuts the file, and does not sync the folder in between.
        let count = match survivors {
            Survivors::None => 0,
            Survivors::All => self.unsynced_names.len(),
            Survivors::First(_) | Survivors::Some(_) => random.next() as usize % (self.unsynced_names.len() + 1),
        };
        let until = self.unsynced_names.get(count).map_or(u64::MAX, |(when, ..)| *when);
        for (_, name, inode) in &self.unsynced_names[..count] {
            match inode {
                Some(inode) => names.insert(name.clone(), *inode),
                None => names.remove(name),
            };
        }
        names.into_iter().map(|(name, inode)| (name, self.inodes[inode].remains(survivors, until, random))).collect()
    }

    /// The file of this name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// A new file; without a name nobody else finds it.
    pub(crate) fn create(&mut self, name: Option<&str>) -> usize {
        let inode = self.inodes.len();
        self.inodes.push(Inode::default());
        if let Some(name) = name {
            self.names.insert(name.to_owned(), inode);
            let when = self.tick();
            self.unsynced_names.push((when, name.to_owned(), Some(inode)));
        }
        inode
    }

    /// Whether there was one.
    pub(crate) fn remove(&mut self, name: &str) -> bool {
        let is_gone = self.names.remove(name).is_some();
        if is_gone {
            let when = self.tick();
            self.unsynced_names.push((when, name.to_owned(), None));
        }
        is_gone
    }

    /// From now on it is for certain which names there are.
    pub(crate) fn sync_names(&mut self) {
        self.durable_names.clone_from(&self.names);
        self.unsynced_names.clear();
    }

    /// What is done now, is done after all that was done before.
    pub(crate) fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    pub(crate) fn inode(&mut self, inode: usize) -> &mut Inode {
        &mut self.inodes[inode]
    }
}

/// The disk that a path is on, and the name of the file there.
pub(crate) fn resolve(path: &str) -> Option<(Arc<Mutex<State>>, &str)> {
    let (number, name) = path.strip_prefix('/')?.split_once('/')?;
    let disk = lock(&DISKS).get(&number.parse().ok()?)?.upgrade()?;
    Some((disk, name))
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
