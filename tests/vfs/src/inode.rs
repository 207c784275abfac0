//! What a file holds: as it is, as it is for certain, and what lies between the two.

use crate::disk::Survivors;
use crate::locks::Locks;
use crate::random::Random;
use crate::shared::Shared;

/// A file without its name.
#[derive(Debug, Default)]
pub(crate) struct Inode {
    /// As every process sees it.
    pub(crate) data: Vec<u8>,
    /// As it was at the last sync.
    durable: Vec<u8>,
    /// What was changed since.
    unsynced: Vec<Change>,
    pub(crate) locks: Locks,
    pub(crate) shared: Shared,
}

#[derive(Debug, Clone)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Truncate { length: usize, when: u64 },
}

/// A disk writes as much at once, or not.
pub(crate) const SECTOR: usize = 512;

impl Inode {
    /// One that has been there for long.
    pub(crate) fn settled(data: Vec<u8>) -> Self {
        Self { durable: data.clone(), data, ..Self::default() }
    }

    pub(crate) fn write(&mut self, at: usize, bytes: &[u8]) {
        put(&mut self.data, at, bytes, 0);
        self.unsynced.push(Change::Write { at, bytes: bytes.to_owned() });
    }

    /// `when` tells what came before it, and after.
    pub(crate) fn truncate(&mut self, length: usize, when: u64) {
        self.data.resize(length, 0);
        self.unsynced.push(Change::Truncate { length, when });
    }

    pub(crate) fn sync(&mut self) {
        self.durable.clone_from(&self.data);
        self.unsynced.clear();
    }

    /// What is found after the power was gone. From `until` on, no change of a length has survived.
    pub(crate) fn remains(&self, survivors: Survivors, until: u64, random: &mut Random) -> Vec<u8> {
        let mut remains = self.durable.clone();
        // Where a file has grown, and what made it grow has not arrived, there is anything.
        let junk = random.next().to_le_bytes()[0];
        let prefix = match survivors {
            Survivors::None => 0,
            Survivors::All | Survivors::Some(_) => self.unsynced.len(),
            Survivors::First(_) => random.next() as usize % (self.unsynced.len() + 1),
        };
        let picks = matches!(survivors, Survivors::Some(_));
        for change in &self.unsynced[..prefix] {
            match change {
                Change::Truncate { length, when } if *when < until && (!picks || random.coin()) => {
                    remains.resize(*length, junk);
                }
                Change::Truncate { .. } => {}
                Change::Write { at, bytes } if !picks => put(&mut remains, *at, bytes, junk),
                Change::Write { at, bytes } => {
                    for (number, sector) in bytes.chunks(SECTOR).enumerate() {
                        if random.coin() {
                            put(&mut remains, at + number * SECTOR, sector, junk);
                        }
                    }
                }
            }
        }
        remains
    }
}

fn put(data: &mut Vec<u8>, at: usize, bytes: &[u8], filler: u8) {
    let end = at + bytes.len();
    if data.len() < end {
        data.resize(end, filler);
    }
    data[at..end].copy_from_slice(bytes);
}
