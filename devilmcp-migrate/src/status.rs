//! Where a database stands.

use devilmcp_migrate_core::diff::differences;
use devilmcp_migrate_core::schema::Schema;
use rusqlite::Connection;

use crate::adopt::{of_others, without_accounts, without_others, without_permitted};
use crate::claim::Claim;
use crate::difference::Difference;
use crate::embedded::Embedded;
use crate::error::{Error, ErrorKind, Inner};
use crate::ledger::{self, Record};
use crate::order::{Options, Order};
use crate::plan::{self, Goal, Plan, Segment, Situation, Step};
use crate::policy::Drift;
use crate::session::pragma;
use crate::{adopt, bookkeeping, claim, template, too_old};

/// Where a database stands, and what an upgrade would do to it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Status {
    latest: i64,
    applied: Vec<Applied>,
    pending: Vec<Step>,
    claim: Option<Claim>,
    refusal: Option<Error>,
    drift: Vec<Difference>,
    /// Whether the schema was compared with what the applied migrations make.
    is_compared: bool,
    other_histories: Vec<String>,
}

/// One migration that was applied.
#[derive(Debug, Clone)]
pub struct Applied(pub(crate) Record);

/// Reads without writing; what would make an upgrade fail is part of the answer.
pub(crate) fn read(conn: &Connection, embedded: &Embedded) -> Result<Status, Error> {
    let read = || {
        Ok::<_, Error>((ledger::read(conn, embedded.table)?.unwrap_or_default(), claim::read(conn, embedded.table)?))
    };
    let (history, claim) = match read() {
        Ok(read) => read,
        Err(error) if error.kind() == ErrorKind::History => return Ok(Status::unreadable(error, embedded)),
        Err(error) => return Err(error),
    };
    let (pending, refusal) = match plan(
        conn,
        &history,
        Order { embedded, options: &Options::default(), goal: Goal::Upgrade(embedded.latest()) },
    ) {
        Ok(plan) => (plan.steps, None),
        Err(refusal) => (Vec::new(), Some(refusal)),
    };
    let is_ours = plan::check(&history, embedded).is_ok();
    let is_known = is_ours && known(&history, embedded).is_some();
    let drift = if is_known { drift(conn, embedded, &history)? } else { Vec::new() };
    let applied = history.into_iter().map(Applied).collect();
    let other_histories = bookkeeping::others(conn, embedded.table)?;
    Ok(Status {
        latest: embedded.latest(),
        applied,
        pending,
        claim,
        refusal,
        drift,
        is_compared: is_known,
        other_histories,
    })
}

/// What leads to the goal from where the database stands.
pub(crate) fn plan(conn: &Connection, history: &[Record], order: Order<'_>) -> Result<Plan, Error> {
    let claim = claim::read(conn, order.embedded.table)?;
    let is_new = history.is_empty() && claim.is_none() && matches!(order.goal, Goal::Upgrade(_));
    let adoptable = if is_new { adopt::assess(conn, order.embedded)? } else { 0 };
    if is_new
        && adoptable == 0
        && order.options.refuses_foreign
        && adopt::holds_something(conn)?
        && bookkeeping::others(conn, order.embedded.table)?.is_empty()
    {
        return Err(Inner::Foreign.into());
    }
    let plan = plan::make(&Situation { history, adoptable, claim: claim.as_ref() }, order)?;
    too_old::check(&plan, order)?;
    // Where something is going to be run the cookie is not enough: whoever writes the file can let it say what he likes, and what
    // he has put there would be run along.
    if order.options.drift == Drift::Refuse
        && let Some(last) = known(history, order.embedded)
        && (!plan.steps.is_empty() || last.schema_cookie != pragma(conn, "schema_version")?)
    {
        let differences = drift(conn, order.embedded, history)?;
        if !differences.is_empty() {
            return Err(Inner::Drift { at: last.label(), differences }.into());
        }
    }
    Ok(plan)
}

/// The newest migration that was applied, if this program knows what the schema is after it.
pub(crate) fn known<'h>(history: &'h [Record], embedded: &Embedded) -> Option<&'h Record> {
    history.last().filter(|last| embedded.find(last.number).is_some())
}

/// In what the schema is not what the applied migrations make.
pub(crate) fn drift(conn: &Connection, embedded: &Embedded, history: &[Record]) -> Result<Vec<Difference>, Error> {
    let number = history.last().map_or(0, |last| last.number);
    let found = Schema::read(conn).map_err(Error::sqlite("read the schema"))?;
    if number == embedded.latest() && found.fingerprint() == embedded.fingerprint {
        return Ok(Vec::new());
    }
    let expected = template::schema(embedded, number)?;
    let mut differences = differences(&expected, &found);
    without_accounts(&mut differences, embedded);
    // What others have made beside is none of ours.
    if history.iter().any(|record| record.adopted) || !bookkeeping::others(conn, embedded.table)?.is_empty() {
        differences = without_others(without_permitted(differences), &of_others(conn, &expected)?);
    }
    Ok(differences.into_iter().map(Difference).collect())
}

/// The same after a run; refused if that is the policy.
pub(crate) fn drift_after(
    conn: &Connection,
    embedded: &Embedded,
    history: &[Record],
    policy: Drift,
) -> Result<Vec<Difference>, Error> {
    let differences = drift(conn, embedded, history)?;
    match history.last() {
        Some(last) if policy == Drift::Refuse && !differences.is_empty() => {
            Err(Inner::DriftAfter { at: last.label(), differences }.into())
        }
        _ => Ok(differences),
    }
}

impl Status {
    /// Where a database stands whose history makes no sense: nobody knows.
    fn unreadable(refusal: Error, embedded: &Embedded) -> Self {
        let latest = embedded.latest();
        let (applied, pending, drift) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            latest,
            applied,
            pending,
            claim: None,
            refusal: Some(refusal),
            drift,
            is_compared: false,
            other_histories: Vec::new(),
        }
    }

    /// The number of the migration that the database is at; none before the first.
    pub fn current(&self) -> Option<i64> {
        self.applied.last().map(Applied::number)
    }

    /// Its name.
    pub fn current_name(&self) -> Option<&str> {
        self.applied.last().map(Applied::name)
    }

    /// The number of the newest migration of this program; 0 if it has none.
    pub fn latest(&self) -> i64 {
        self.latest
    }

    /// What was applied, oldest first.
    pub fn applied(&self) -> &[Applied] {
        &self.applied
    }

    /// What an upgrade would do, in order; empty if nothing, or if it would be [refused](Status::refusal).
    pub fn pending(&self) -> &[Step] {
        &self.pending
    }

    /// The same by the transaction that each would be done in.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        plan::segments(&self.pending)
    }

    /// What was begun outside of a transaction and is not recorded as done; then an upgrade is [refused](Status::refusal).
    pub fn claim(&self) -> Option<&Claim> {
        self.claim.as_ref()
    }

    /// Why an upgrade would be refused, if it would.
    pub fn refusal(&self) -> Option<&Error> {
        self.refusal.as_ref()
    }

    /// In what the schema is not what the applied migrations make; not known where the database is [newer](Self::is_newer).
    pub fn drift(&self) -> &[Difference] {
        &self.drift
    }

    /// Whether the database is at a migration that this program does not know. What an upgrade does then, [the caller
    /// chooses](crate::Newer); here it counts as refused.
    pub fn is_newer(&self) -> bool {
        self.current().is_some_and(|current| current > self.latest)
    }

    /// Whether the schema was compared with what the applied migrations make. Otherwise nobody knows whether there is
    /// [drift](Self::drift): none is applied, or not by what this program holds.
    pub fn is_compared(&self) -> bool {
        self.is_compared
    }

    /// The tables of the other [histories](crate::migrations!#several-histories) that are kept in the database: those of libraries, and seen
    /// from a library that of the program.
    pub fn other_histories(&self) -> &[String] {
        &self.other_histories
    }

    /// Whether the database is at the newest migration of this program.
    pub fn is_latest(&self) -> bool {
        self.refusal.is_none() && self.pending.is_empty()
    }
}

impl Applied {
    /// The migration's number.
    pub fn number(&self) -> i64 {
        self.0.number
    }

    /// The migration's name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// When: UTC, RFC 3339, with milliseconds.
    pub fn applied_at(&self) -> &str {
        &self.0.applied_at
    }

    /// How long it took, in microseconds.
    pub fn duration_us(&self) -> i64 {
        self.0.duration_us
    }

    /// The version of the program that applied it.
    pub fn app_version(&self) -> Option<&str> {
        self.0.app_version.as_deref()
    }

    /// Whether the database keeps a way back for it, so that even a program that does not know it can undo it.
    pub fn is_reversible(&self) -> bool {
        self.0.down.is_some()
    }

    /// Whether what it makes was there before.
    pub fn is_adopted(&self) -> bool {
        self.0.adopted
    }
}
