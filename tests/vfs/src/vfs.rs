//! The VFS by which SQLite reaches the disks: <https://sqlite.org/c3ref/vfs.html>.

#![expect(unsafe_code, reason = "SQLite calls its VFS through pointers")]

use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_int};
use std::ptr;
use std::sync::{Arc, Mutex, OnceLock};

use rusqlite::ffi;

use crate::disk::{self, State, lock};
use crate::fault::{Call, Fate};
use crate::file::{Handle, Opened};
use crate::memory;

const NAME: &CStr = c"devilmcp-migrate-faults";

thread_local! {
    /// The disk whose database was opened last: temporary files have no name that says where they are to be.
    static CURRENT: RefCell<Option<Arc<Mutex<State>>>> = const { RefCell::new(None) };
}

/// The name of the VFS, which is registered if it is not.
pub(crate) fn registered() -> &'static CStr {
    static REGISTERED: OnceLock<()> = OnceLock::new();
    REGISTERED.get_or_init(|| {
        // The allocator can be put in only before SQLite does anything else.
        memory::install();
        let vfs = Box::leak(Box::new(ffi::sqlite3_vfs {
            iVersion: 2,
            szOsFile: size_of::<Handle>() as c_int,
            mxPathname: 512,
            pNext: ptr::null_mut(),
            zName: NAME.as_ptr(),
            pAppData: ptr::null_mut(),
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            xFullPathname: Some(full_pathname),
            xDlOpen: None,
            xDlError: None,
            xDlSym: None,
            xDlClose: None,
            xRandomness: Some(randomness),
            xSleep: Some(sleep),
            xCurrentTime: None,
            xGetLastError: Some(last_error),
            xCurrentTimeInt64: Some(current_time),
            xSetSystemCall: None,
            xGetSystemCall: None,
            xNextSystemCall: None,
        }));
        // SAFETY: `vfs` is whole, and lives for as long as the process.
        let code = unsafe { ffi::sqlite3_vfs_register(vfs, 0) };
        assert_eq!(code, ffi::SQLITE_OK, "SQLite takes the VFS");
    });
    NAME
}

/// The disk that a path is on, and the name of the file there.
///
/// # Safety
/// `path` is null, or a string that ends in a zero byte and outlives the result.
unsafe fn resolve<'a>(path: *const c_char) -> Option<(Arc<Mutex<State>>, &'a str)> {
    if path.is_null() {
        return None;
    }
    // SAFETY: by the caller.
    disk::resolve(unsafe { CStr::from_ptr(path) }.to_str().ok()?)
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    path: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let file = file.cast::<Handle>();
    // SQLite calls `xClose` unless it finds this.
    // SAFETY: `file` has room for a `Handle`, as `szOsFile` says.
    unsafe { file.write(Handle::closed()) };
    // SAFETY: SQLite gives a path, or null.
    let (disk, name) = match unsafe { resolve(path) } {
        Some((disk, name)) => (disk, Some(name)),
        None if path.is_null() => match CURRENT.with_borrow(Clone::clone) {
            Some(disk) => (disk, None),
            None => return ffi::SQLITE_CANTOPEN,
        },
        None => return ffi::SQLITE_CANTOPEN,
    };
    if flags & ffi::SQLITE_OPEN_MAIN_DB != 0 {
        CURRENT.set(Some(Arc::clone(&disk)));
    }
    match Opened::new(disk, name, flags) {
        Ok(opened) => {
            // SAFETY: as above.
            unsafe { file.write(Handle::open(opened)) };
            if !out_flags.is_null() {
                // SAFETY: SQLite gives a place for one integer, or null.
                unsafe { out_flags.write(flags) };
            }
            ffi::SQLITE_OK
        }
        Err(code) => code,
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, path: *const c_char, sync: c_int) -> c_int {
    // SAFETY: SQLite gives a path.
    let Some((disk, name)) = (unsafe { resolve(path) }) else { return ffi::SQLITE_IOERR_DELETE };
    let mut disk = lock(&disk);
    match disk.faults.fate(Call::Delete) {
        Fate::Refused(code) | Fate::Torn(code) => return code,
        Fate::Done => {}
    }
    if !disk.remove(name) {
        return ffi::SQLITE_IOERR_DELETE_NOENT;
    }
    if sync != 0 {
        disk.sync_names();
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn access(_: *mut ffi::sqlite3_vfs, path: *const c_char, flags: c_int, found: *mut c_int) -> c_int {
    // SAFETY: SQLite gives a path.
    let Some((disk, name)) = (unsafe { resolve(path) }) else { return ffi::SQLITE_IOERR_ACCESS };
    let mut disk = lock(&disk);
    match disk.faults.fate(Call::Access) {
        Fate::Refused(code) | Fate::Torn(code) => return code,
        Fate::Done => {}
    }
    // SQLite's own VFS takes an empty file for none.
    let is_there =
        disk.find(name).is_some_and(|inode| flags != ffi::SQLITE_ACCESS_EXISTS || !disk.inode(inode).data.is_empty());
    // SAFETY: SQLite gives a place for one integer.
    unsafe { found.write(c_int::from(is_there)) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    room: c_int,
    full: *mut c_char,
) -> c_int {
    // SAFETY: SQLite gives a string.
    let path = unsafe { CStr::from_ptr(path) }.to_bytes_with_nul();
    if path.len() > room as usize {
        return ffi::SQLITE_CANTOPEN;
    }
    // SAFETY: there is room for as many bytes, as was just seen.
    unsafe { ptr::copy_nonoverlapping(path.as_ptr().cast(), full, path.len()) };
    ffi::SQLITE_OK
}

/// SQLite's own VFS, for what has nothing to do with files.
fn own() -> *mut ffi::sqlite3_vfs {
    // SAFETY: null stands for the default VFS, which this one is not.
    unsafe { ffi::sqlite3_vfs_find(ptr::null()) }
}

unsafe extern "C" fn randomness(_: *mut ffi::sqlite3_vfs, count: c_int, bytes: *mut c_char) -> c_int {
    // SAFETY: SQLite's own VFS is never freed.
    let call = unsafe { (*own()).xRandomness };
    // SAFETY: the arguments are SQLite's.
    call.map_or(0, |call| unsafe { call(own(), count, bytes) })
}

unsafe extern "C" fn current_time(_: *mut ffi::sqlite3_vfs, now: *mut ffi::sqlite3_int64) -> c_int {
    // SAFETY: SQLite's own VFS is never freed.
    let call = unsafe { (*own()).xCurrentTimeInt64 };
    // SAFETY: the arguments are SQLite's.
    call.map_or(ffi::SQLITE_ERROR, |call| unsafe { call(own(), now) })
}

/// Nobody else is there for whom to wait.
unsafe extern "C" fn sleep(_: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    microseconds
}

unsafe extern "C" fn last_error(_: *mut ffi::sqlite3_vfs, _: c_int, _: *mut c_char) -> c_int {
    0
}
