//! The memory that the connections to a database in WAL mode share: <https://sqlite.org/walformat.html#the_wal_index_file_format>.

#![expect(unsafe_code, reason = "SQLite is given pointers to this memory, and keeps them")]

use std::collections::BTreeMap;
use std::ffi::c_int;
use std::ptr::NonNull;

use rusqlite::ffi;

/// Regions of memory, and who has locked which of its eight slots.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    regions: Vec<Region>,
    /// Of each that has mapped it: the slots held with others, and those held alone.
    holders: BTreeMap<u64, [u8; 2]>,
}

/// A piece of memory that stays where it is.
#[derive(Debug)]
struct Region(NonNull<[u64]>);

// SAFETY: the memory is owned, and is read and written by SQLite only, under locks of its own.
unsafe impl Send for Region {}

impl Region {
    fn new(bytes: usize) -> Self {
        let memory: &'static mut [u64] = Box::leak(vec![0; bytes.div_ceil(8)].into_boxed_slice());
        Self(NonNull::from(memory))
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: it was leaked from a box in `new`, and nobody has mapped it any more.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

impl Shared {
    /// Where the region is; none if it is not there and is not to be made.
    pub(crate) fn map(&mut self, who: u64, region: usize, bytes: usize, makes: bool) -> Option<NonNull<u64>> {
        self.holders.entry(who).or_default();
        while makes && self.regions.len() <= region {
            self.regions.push(Region::new(bytes));
        }
        self.regions.get(region).map(|region| region.0.cast())
    }

    /// Whoever was the last takes the memory with it.
    pub(crate) fn unmap(&mut self, who: u64) {
        self.holders.remove(&who);
        if self.holders.is_empty() {
            self.regions.clear();
        }
    }

    pub(crate) fn lock(&mut self, who: u64, slots: u8, flags: c_int) -> Result<(), c_int> {
        let others = |at: usize| {
            self.holders.iter().filter(|(holder, _)| **holder != who).fold(0, |held, (_, slots)| held | slots[at])
        };
        let (with_others, alone) = (others(0), others(1));
        let held = self.holders.entry(who).or_default();
        if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
            *held = held.map(|held| held & !slots);
        } else if flags & ffi::SQLITE_SHM_SHARED != 0 {
            if alone & slots != 0 {
                return Err(ffi::SQLITE_BUSY);
            }
            held[0] |= slots;
        } else {
            if (with_others | alone) & slots != 0 {
                return Err(ffi::SQLITE_BUSY);
            }
            held[1] |= slots;
        }
        Ok(())
    }
}
