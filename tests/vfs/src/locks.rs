//! The locks on a file: <https://sqlite.org/lockingv3.html#locking>.

use std::ffi::c_int;

use rusqlite::ffi;

/// Who holds what. Whoever has the file open is known by a number.
#[derive(Debug, Default)]
pub(crate) struct Locks {
    shared: Vec<u64>,
    reserved: Option<u64>,
    pending: Option<u64>,
    exclusive: Option<u64>,
}

impl Locks {
    /// Takes the lock of this level, or says that it cannot be had.
    pub(crate) fn lock(&mut self, who: u64, level: c_int) -> Result<(), c_int> {
        let is_others = |holder: Option<u64>| holder.is_some_and(|holder| holder != who);
        if level >= ffi::SQLITE_LOCK_SHARED && !self.shared.contains(&who) {
            if is_others(self.pending) || is_others(self.exclusive) {
                return Err(ffi::SQLITE_BUSY);
            }
            self.shared.push(who);
        }
        if level >= ffi::SQLITE_LOCK_RESERVED {
            if is_others(self.reserved) || is_others(self.pending) || is_others(self.exclusive) {
                return Err(ffi::SQLITE_BUSY);
            }
            // A hot journal is rolled back without this one.
            if level == ffi::SQLITE_LOCK_RESERVED {
                self.reserved = Some(who);
            }
        }
        if level == ffi::SQLITE_LOCK_EXCLUSIVE {
            self.pending = Some(who);
            if self.shared.iter().any(|holder| *holder != who) {
                return Err(ffi::SQLITE_BUSY);
            }
            self.exclusive = Some(who);
        }
        Ok(())
    }

    /// Gives up all above this level.
    pub(crate) fn unlock(&mut self, who: u64, level: c_int) {
        for holder in [&mut self.reserved, &mut self.pending, &mut self.exclusive] {
            holder.take_if(|holder| *holder == who);
        }
        if level == ffi::SQLITE_LOCK_NONE {
            self.shared.retain(|holder| *holder != who);
        }
    }

    pub(crate) fn is_reserved(&self) -> bool {
        self.reserved.is_some() || self.pending.is_some() || self.exclusive.is_some()
    }
}
