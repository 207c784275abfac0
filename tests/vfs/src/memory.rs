//! The allocator that SQLite uses, which says no when it is told to: <https://sqlite.org/c3ref/mem_methods.html>.

#![expect(unsafe_code, reason = "SQLite calls its allocator through pointers")]

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::OnceLock;

use rusqlite::ffi;

use crate::fault::Length;

/// What is to fail on this thread.
#[derive(Debug, Clone, Copy)]
struct Plan {
    at: u64,
    length: Length,
    seen: u64,
    has_struck: bool,
}

thread_local! {
    static PLAN: Cell<Option<Plan>> = const { Cell::new(None) };
}

/// SQLite's own.
static OWN: OnceLock<Methods> = OnceLock::new();

#[derive(Debug)]
struct Methods(ffi::sqlite3_mem_methods);

// SAFETY: these are functions, and a pointer that nobody follows.
unsafe impl Send for Methods {}
// SAFETY: likewise.
unsafe impl Sync for Methods {}

/// Lets the allocation with this number, counted from 0, fail on this thread, and, if it is to be for ever, those after it.
pub fn arm(at: u64, length: Length) {
    PLAN.set(Some(Plan { at, length, seen: 0, has_struck: false }));
}

/// Lets every allocation succeed again; whether one has failed.
pub fn disarm() -> bool {
    PLAN.take().is_some_and(|plan| plan.has_struck)
}

/// Puts itself in the place of SQLite's allocator. SQLite must not be in use yet.
pub(crate) fn install() {
    OWN.get_or_init(|| {
        let mut own = MaybeUninit::<ffi::sqlite3_mem_methods>::zeroed();
        // SAFETY: SQLite writes the methods to the place that it is given.
        let code = unsafe { ffi::sqlite3_config(ffi::SQLITE_CONFIG_GETMALLOC, own.as_mut_ptr()) };
        assert_eq!(code, ffi::SQLITE_OK, "SQLite tells its allocator");
        // SAFETY: all zero is valid for it, and SQLite has written it.
        let own = unsafe { own.assume_init() };
        let methods = ffi::sqlite3_mem_methods { xMalloc: Some(malloc), xRealloc: Some(realloc), ..own };
        // SAFETY: SQLite copies the methods.
        let code = unsafe { ffi::sqlite3_config(ffi::SQLITE_CONFIG_MALLOC, &raw const methods) };
        assert_eq!(code, ffi::SQLITE_OK, "SQLite is not in use yet");
        Methods(own)
    });
}

fn fails() -> bool {
    let Some(mut plan) = PLAN.get() else { return false };
    let fails = plan.seen == plan.at || (plan.length == Length::Ever && plan.seen > plan.at);
    plan.seen += 1;
    plan.has_struck |= fails;
    PLAN.set(Some(plan));
    fails
}

unsafe extern "C" fn malloc(size: c_int) -> *mut c_void {
    match OWN.get().and_then(|own| own.0.xMalloc) {
        // SAFETY: the argument is SQLite's.
        Some(own) if !fails() => unsafe { own(size) },
        _ => ptr::null_mut(),
    }
}

unsafe extern "C" fn realloc(old: *mut c_void, size: c_int) -> *mut c_void {
    match OWN.get().and_then(|own| own.0.xRealloc) {
        // SAFETY: the arguments are SQLite's.
        Some(own) if !fails() => unsafe { own(old, size) },
        _ => ptr::null_mut(),
    }
}
