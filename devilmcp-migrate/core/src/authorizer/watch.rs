//! Who answers SQLite, and sees what is asked.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use super::denial::{Denial, denial, is_history, is_outside, is_within_vacuum};
use super::touched::Touched;
use crate::mode::Mode;
use crate::rows;

/// Sees what the statements on one connection do.
#[derive(Debug, Clone, Default)]
pub struct Watch(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// In what the script is run.
    mode: Mode,
    /// Whose statement is being prepared. While one runs, SQLite's own modules prepare others: FTS opens
    /// savepoints and reads pragmas, and may.
    preparing: Option<Whose>,
    denied: Option<Denial>,
    touched: Touched,
}

/// Whose statement it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Script,
    Hook,
}

impl Watch {
    /// Takes the connection's one authorizer slot; whatever was there is gone.
    ///
    /// # Errors
    /// SQLite's, if the connection cannot have one.
    pub fn install(conn: &mut Connection) -> rusqlite::Result<Self> {
        let watch = Self::default();
        let seen = watch.clone();
        conn.authorizer(Some(move |context: AuthContext<'_>| seen.decide(&context)))?;
        Ok(watch)
    }

    /// Frees the connection's authorizer slot.
    ///
    /// # Errors
    /// SQLite's.
    pub fn remove(conn: &mut Connection) -> rusqlite::Result<()> {
        conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)
    }

    /// Prepares a statement of the script, with the answers that are for scripts only.
    pub fn preparing<T>(&self, prepare: impl FnOnce() -> T) -> T {
        self.prepare(Whose::Script, prepare)
    }

    /// Prepares a statement of a hook, which may read and write rows, and nothing else.
    pub fn preparing_hook<T>(&self, prepare: impl FnOnce() -> T) -> T {
        self.prepare(Whose::Hook, prepare)
    }

    fn prepare<T>(&self, whose: Whose, prepare: impl FnOnce() -> T) -> T {
        self.state().preparing = Some(whose);
        let prepared = prepare();
        self.state().preparing = None;
        prepared
    }

    /// Scripts are run in this mode from now on.
    pub fn enter(&self, mode: Mode) {
        self.state().mode = mode;
    }

    /// In what scripts are run.
    pub fn mode(&self) -> Mode {
        self.state().mode
    }

    /// Notes that a statement renames something, of which SQLite says only that it alters a table.
    pub fn note_rename(&self) {
        self.state().touched.renamed = true;
    }

    /// Why the last statement was not allowed, once.
    pub fn take_denial(&self) -> Option<Denial> {
        self.state().denied.take()
    }

    /// What has been touched since the last call.
    pub fn take_touched(&self) -> Touched {
        std::mem::take(&mut self.state().touched)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is sound at every moment, so a panic elsewhere does not spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn decide(&self, context: &AuthContext<'_>) -> Authorization {
        // Most of what is asked is this: it is asked for each column of each statement.
        if matches!(context.action, AuthAction::Read { table_name, .. } if !is_history(table_name))
            && context.database_name == Some("main")
        {
            return Authorization::Allow;
        }
        let mut state = self.state();
        if state.preparing.is_none() && !state.mode.is_atomic() && is_within_vacuum(context) {
            return Authorization::Allow;
        }
        let denial = if is_outside(context) { Some(Denial::Outside) } else { denial(&context.action, state.mode) };
        if let Some(denial) = denial.filter(|denial| state.preparing.is_some() || *denial == Denial::Outside) {
            state.denied = Some(denial);
            return Authorization::Deny;
        }
        if state.preparing == Some(Whose::Hook) && !rows::is_about_rows(&context.action) {
            state.denied = rows::denial(&context.action);
            return Authorization::Deny;
        }
        if context.database_name != Some("temp") {
            state.touched.note(&context.action);
        }
        Authorization::Allow
    }
}
