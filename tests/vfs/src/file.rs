//! An open file, as SQLite uses it: <https://sqlite.org/c3ref/io_methods.html>.

#![expect(unsafe_code, reason = "SQLite calls the methods of a file through pointers")]

use std::ffi::{c_int, c_void};
use std::fmt;
use std::ptr;
use std::slice;
use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::sync::{Arc, Mutex, MutexGuard};

use rusqlite::ffi;

use crate::disk::{State, lock};
use crate::fault::{Call, Fate};
use crate::inode::SECTOR;

/// What SQLite has in its hands.
#[repr(C)]
pub(crate) struct Handle {
    base: ffi::sqlite3_file,
    opened: *mut Opened,
}

/// What is behind it.
#[derive(Debug)]
pub(crate) struct Opened {
    disk: Arc<Mutex<State>>,
    inode: usize,
    /// Who has opened it, for the locks.
    who: u64,
    /// The folder is synced with it, because its name is new.
    syncs_names: bool,
}

impl Handle {
    pub(crate) fn closed() -> Self {
        Self { base: ffi::sqlite3_file { pMethods: ptr::null() }, opened: ptr::null_mut() }
    }

    pub(crate) fn open(opened: Opened) -> Self {
        Self { base: ffi::sqlite3_file { pMethods: &raw const METHODS }, opened: Box::into_raw(Box::new(opened)) }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("opened", &self.opened).finish_non_exhaustive()
    }
}

impl Opened {
    pub(crate) fn new(disk: Arc<Mutex<State>>, name: Option<&str>, flags: c_int) -> Result<Self, c_int> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        const JOURNALS: c_int = ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_SUPER_JOURNAL | ffi::SQLITE_OPEN_WAL;
        let mut state = lock(&disk);
        match state.faults.fate(Call::Open) {
            Fate::Refused(code) | Fate::Torn(code) => return Err(code),
            Fate::Done => {}
        }
        let makes = flags & ffi::SQLITE_OPEN_CREATE != 0;
        let inode = match name.and_then(|name| state.find(name)) {
            Some(inode) => inode,
            None if makes => state.create(name),
            None => return Err(ffi::SQLITE_CANTOPEN),
        };
        drop(state);
        let syncs_names = makes && flags & JOURNALS != 0;
        Ok(Self { disk, inode, who: NEXT.fetch_add(1, Ordering::Relaxed), syncs_names })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.disk)
    }

    /// Does something to the file, unless it is to fail.
    fn act(&self, call: Call, act: impl FnOnce(&mut State) -> Result<(), c_int>) -> c_int {
        let mut state = self.state();
        match state.faults.fate(call) {
            Fate::Done => act(&mut state).err().unwrap_or(ffi::SQLITE_OK),
            Fate::Refused(code) | Fate::Torn(code) => code,
        }
    }
}

/// # Safety
/// `file` is one that `xOpen` has opened, and that is not closed.
unsafe fn opened<'a>(file: *mut ffi::sqlite3_file) -> &'a Opened {
    // SAFETY: by the caller; a `Handle` begins with a `sqlite3_file`.
    let opened = unsafe { (*file.cast::<Handle>()).opened };
    // SAFETY: it comes from a box, which `xClose` frees.
    unsafe { &*opened }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: a `Handle` begins with a `sqlite3_file`.
    let opened = unsafe { (*file.cast::<Handle>()).opened };
    // SAFETY: it comes from a box, and SQLite closes what it has opened once.
    let opened = unsafe { Box::from_raw(opened) };
    let mut state = opened.state();
    let inode = state.inode(opened.inode);
    inode.locks.unlock(opened.who, ffi::SQLITE_LOCK_NONE);
    inode.shared.unmap(opened.who);
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    buffer: *mut c_void,
    count: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: the file is open.
    let opened = unsafe { opened(file) };
    // SAFETY: SQLite gives as much room as it says.
    let buffer = unsafe { slice::from_raw_parts_mut(buffer.cast::<u8>(), count as usize) };
    opened.act(Call::Read, |state| {
        let data = state.inode(opened.inode).data.get(at as usize..).unwrap_or_default();
        let found = data.len().min(buffer.len());
        buffer[..found].copy_from_slice(&data[..found]);
        buffer[found..].fill(0);
        if found < buffer.len() { Err(ffi::SQLITE_IOERR_SHORT_READ) } else { Ok(()) }
    })
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    count: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: the file is open.
    let opened = unsafe { opened(file) };
    // SAFETY: SQLite gives as many bytes as it says.
    let bytes = unsafe { slice::from_raw_parts(bytes.cast::<u8>(), count as usize) };
    let mut state = opened.state();
    let (bytes, code) = match state.faults.fate(Call::Write) {
        Fate::Done => (bytes, ffi::SQLITE_OK),
        Fate::Torn(code) => (&bytes[..bytes.len() / 2], code),
        Fate::Refused(code) => return code,
    };
    state.inode(opened.inode).write(at as usize, bytes);
    code
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, length: ffi::sqlite3_int64) -> c_int {
    // SAFETY: the file is open.
    let opened = unsafe { opened(file) };
    opened.act(Call::Truncate, |state| {
        let when = state.tick();
        state.inode(opened.inode).truncate(length as usize, when);
        Ok(())
    })
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: the file is open.
    let opened = unsafe { opened(file) };
    opened.act(Call::Sync, |state| {
        state.inode(opened.inode).sync();
        if opened.syncs_names {
            state.sync_names();
        }
        Ok(())
    })
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, size: *mut ffi::sqlite3_int64) -> c_int {
    // SAFETY: the file is open.
    let opened = unsafe { opened(file) };
    opened.act(Call::FileSize, |state| {
        // SAFETY: SQLite gives a place for one number.
        unsafe { size.write(state.inode(opened.inode).data.len() as ffi::sqlite3_int64) };
        Ok(())
    })
}

unsafe extern "C" fn take(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: the file is open.
    let opened = unsafe { opened(file) };
    opened.act(Call::Lock, |state| state.inode(opened.inode).locks.lock(opened.who, level))
}

unsafe extern "C" fn release(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: the file is open.
    let opened = unsafe { opened(file) };
    opened.act(Call::Unlock, |state| {
        state.inode(opened.inode).locks.unlock(opened.who, level);
        Ok(())
    })
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, found: *mut c_int) -> c_int {
    // SAFETY: the file is open.
    let opened = unsafe { opened(file) };
    opened.act(Call::CheckReservedLock, |state| {
        // SAFETY: SQLite gives a place for one integer.
        unsafe { found.write(c_int::from(state.inode(opened.inode).locks.is_reserved())) };
        Ok(())
    })
}

unsafe extern "C" fn control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    SECTOR as c_int
}

/// A disk that promises no more than SQLite's own VFS says of every disk.
unsafe extern "C" fn characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    size: c_int,
    makes: c_int,
    place: *mut *mut c_void,
) -> c_int {
    // SAFETY: the file is open.
    let opened = unsafe { opened(file) };
    opened.act(Call::ShmMap, |state| {
        let shared = &mut state.inode(opened.inode).shared;
        let found = shared.map(opened.who, region as usize, size as usize, makes != 0);
        // SAFETY: SQLite gives a place for one pointer.
        unsafe { place.write(found.map_or(ptr::null_mut(), |found| found.as_ptr().cast())) };
        Ok(())
    })
}

unsafe extern "C" fn shm_lock(file: *mut ffi::sqlite3_file, first: c_int, count: c_int, flags: c_int) -> c_int {
    // SAFETY: the file is open.
    let opened = unsafe { opened(file) };
    let slots = (first..first + count).fold(0, |slots, slot| slots | 1 << slot);
    // Giving a lock back does not fail: SQLite would not look at the answer.
    let call = if flags & ffi::SQLITE_SHM_UNLOCK != 0 { None } else { Some(Call::ShmLock) };
    let act = |state: &mut State| state.inode(opened.inode).shared.lock(opened.who, slots, flags);
    match call {
        Some(call) => opened.act(call, act),
        None => act(&mut opened.state()).err().unwrap_or(ffi::SQLITE_OK),
    }
}

unsafe extern "C" fn shm_barrier(_: *mut ffi::sqlite3_file) {
    fence(Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: the file is open.
    let opened = unsafe { opened(file) };
    opened.state().inode(opened.inode).shared.unmap(opened.who);
    ffi::SQLITE_OK
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    // Without memory-mapped files.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(take),
    xUnlock: Some(release),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};
