//! The difference between two schemas -> a migration, and its way back.
//!
//! Both schemas are what SQLite says of them once it has made them, and every statement is tried on a database in memory
//! before it is written down: whether `ALTER TABLE` will do is not guessed but seen. What it cannot do is done by copying a
//! table's rows out, making the table anew from the text that declares it, and copying them back. Nothing is renamed, so
//! no text is rewritten by SQLite, and the foreign keys, views and triggers of other tables stay as they are.

mod alike;
mod alter;
mod constrain;
mod direction;
mod entry;
mod expression;
mod filler;
mod hint;
mod layout;
mod loss;
mod rebuild;
mod refusal;
mod remark;
mod renamed;
mod risk;
mod table;
mod target;
mod truth;
mod virtual_table;
mod wishes;
mod workbench;

use direction::{Direction, Way};
use renamed::Renamed;

use crate::diff::differences;

pub(crate) use virtual_table::{content, has_rows, is_full_text};

pub use alike::{alike, newly_required};
pub use entry::{Entry, Objects};
pub use hint::Renaming;
pub use loss::Loss;
pub use refusal::Refusal;
pub use risk::{Kind as RiskKind, Risk};
pub use target::Target;
pub use wishes::{Order, Wishes};

/// A migration that nobody has tried yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The text of `NNNN_slug.sql`.
    pub up: String,
    /// The text of `NNNN_slug.down.sql`.
    pub down: String,
    /// What the migration loses.
    pub losses: Vec<Loss>,
    /// What rows may suffer from it, or stop it by.
    pub risks: Vec<Risk>,
}

/// Writes what leads from `head` to `declared`, and back; none if they are the same.
///
/// # Errors
/// It cannot be written without knowing more: a value, or a reason.
pub fn generate(head: &Objects, declared: &Objects, wishes: &Wishes) -> Result<Option<Generated>, Refusal> {
    let Renamed { objects: renamed, forward, back } = Renamed::of(head, declared, &wishes.renamings)?;
    let up = Direction::between(&renamed, declared, wishes, Way::Up)?;
    if let Some((table, column)) = wishes.unused(&up.valued) {
        return Err(Refusal::Unused { table: table.clone(), column: column.clone() });
    }
    if forward.is_empty() && up.paragraphs.is_empty() {
        return Ok(None);
    }
    if wishes.reason.is_none() && !up.losses.is_empty() {
        return Err(Refusal::Reason(up.losses));
    }
    // Columns may have come to stand elsewhere than is declared; otherwise, it is what is declared.
    let reached = up.here.objects()?;
    let has_moved = !differences(declared.schema(), reached.schema()).is_empty();
    let down = Direction::between(if has_moved { &reached } else { declared }, &renamed, wishes, Way::Down)?;
    let directives = layout::directives(wishes, !up.losses.is_empty());
    let remarks = layout::losses(&up.losses);
    Ok(Some(Generated {
        up: layout::script(directives, up.needs, &[forward, up.paragraphs].concat()),
        down: layout::script(remarks, down.needs, &[down.paragraphs, back].concat()),
        losses: up.losses,
        risks: up.risks,
    }))
}
