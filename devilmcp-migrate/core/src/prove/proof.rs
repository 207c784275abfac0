//! What running migrations has shown.

use std::sync::Arc;

use super::delta::Change;
use super::summary::Summary;
use crate::checkpoint::Checkpoint;
use crate::digest::Digest;
use crate::schema::Schema;

/// What running a sequence has shown.
#[derive(Debug, Clone)]
pub struct Proof {
    /// What each migration does to the schema, in order.
    pub changes: Arc<Vec<Vec<Change>>>,
    /// Of the schema at the end.
    pub fingerprint: Digest,
    /// The schema at the end; none if it was not made, because all else is known.
    pub schema: Option<Schema>,
    /// What makes the database of the locked migrations in one go, if there is such a thing.
    pub summary: Option<Summary>,
}

impl Proof {
    /// What running the migrations that a checkpoint stands for, and no others, has shown when it was written.
    pub(crate) fn of(checkpoint: &Checkpoint) -> Option<Self> {
        let fingerprint = checkpoint.fingerprint()?;
        Some(Self { changes: Arc::clone(checkpoint.changes()), fingerprint, schema: None, summary: None })
    }
}
