//! The catalogue of rules: code, wording, advice.
//!
//! Codes are for good: one that is retired is not used again. M0 is the directory, M1 what happens when SQLite
//! runs it, M2 what happens to rows, M3 what is seldom meant and can be chosen to hear of, M4 the examples that migrations
//! are tried with.

/// One rule that a directory of migrations has to keep.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// A short name to look it up by.
    pub code: &'static str,
    /// What is wrong, as a lower-case sentence without its period.
    pub title: &'static str,
    /// What to do about it.
    pub help: &'static str,
    /// Whether breaking it stops the build, unless the caller decides otherwise.
    pub level: Level,
}

/// How bad it is to break a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The build stops.
    Error,
    /// The build goes on and says so.
    Warning,
}

impl Level {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

macro_rules! catalogue {
    ($($level:ident $name:ident = $code:literal, $title:literal, $help:literal;)*) => {
        $(
            #[doc = concat!($code, ": ", $title, ".")]
            pub static $name: Rule = Rule { code: $code, title: $title, help: $help, level: Level::$level };
        )*

        /// Every rule, in the order of its code.
        pub static ALL: &[&Rule] = &[$(&$name),*];
    };
}

catalogue! {
    Error UNREADABLE = "M001", "the migrations directory cannot be read",
        "create the directory, or correct the path: it is relative to the folder of the crate's Cargo.toml";
    Error NO_MIGRATIONS = "M002", "the directory holds no migration",
        "write the first one as 0001_initial_schema.sql, with its way back in 0001_initial_schema.down.sql";
    Error UNKNOWN_FILE = "M003", "this is not a migration",
        "only NNNN_name.sql, its .down.sql, .given.sql and .then.sql, schema.sql, migrations.lock, migrations.checkpoint, README.md and dot-files belong here: rename it, or move it elsewhere";
    Error BAD_NAME = "M004", "the file name is not in the form of a migration's",
        "rename it to NNNN_name.sql: at least four digits, then lower-case letters, digits and `_`";
    Error CASE_COLLISION = "M005", "two file names differ only in upper and lower case",
        "rename one: on macOS and Windows they are the same file";
    Error DUPLICATE_NUMBER = "M006", "two migrations share a number",
        "`devilmcp-migrate renumber` gives the newer one the next number, together with its down; one that has shipped keeps its own";
    Error GAP = "M007", "a number is missing",
        "numbers are consecutive from 0001: renumber what follows, or add the file that is missing";
    Error MIXED_NUMBERS = "M008", "consecutive numbers and timestamps are mixed",
        "number the migrations of one directory either 0001, 0002, ... or YYYYMMDDhhmmss";
    Error ORPHAN_DOWN = "M009", "a down has no migration that it undoes",
        "name it as the migration it belongs to, with .down.sql instead of .sql";
    Error MISSING_DOWN = "M010", "the migration has no way back",
        "write its .down.sql, or put `-- migrate: irreversible` at its top";
    Error UNUSED_DOWN = "M011", "the migration calls itself irreversible and has a down",
        "delete the directive, or the .down.sql";
    Error NOT_UTF8 = "M012", "the file is not UTF-8 text",
        "save it as UTF-8";
    Error NUL_BYTE = "M013", "the file has a NUL byte, where SQLite would stop reading",
        "delete it; inside a value, write it as char(0) or as a blob x'00'";
    Error UNKNOWN_DIRECTIVE = "M014", "unknown directive",
        "the directives are: allow(hazard) reason, baseline, foreign_keys(on), irreversible, no_transaction, revision(tool, \"id\")";
    Error MALFORMED_DIRECTIVE = "M015", "malformed directive",
        "write it as `-- migrate: baseline`, `-- migrate: foreign_keys(on)`, `-- migrate: irreversible`, `-- migrate: no_transaction`, `-- migrate: revision(alembic, \"001\")` or `-- migrate: allow(data_loss) reason`";
    Error MISPLACED_DIRECTIVE = "M016", "a directive stands where it has no effect",
        "directives stand at the top of the NNNN_name.sql they direct, before its first statement";
    Error LATE_BASELINE = "M017", "only the first migration can be the baseline",
        "put `-- migrate: baseline` into the first migration, or delete it here";
    Error OPEN_COMMENT = "M018", "a comment has no end",
        "end it with `*/`: as it is, SQLite skips the rest of the file without a word";
    Error CONTRADICTORY_DIRECTIVES = "M019", "two directives contradict each other",
        "delete one of them, or make two migrations of the one";
    Error LOCK_UNREADABLE = "M021", "the lock file cannot be understood",
        "`devilmcp-migrate lock` writes it: take it back from version control as it was";
    Error LOCK_BROKEN = "M022", "the lines of the lock file do not belong together",
        "take it back from version control as it was released; what was not released then, `devilmcp-migrate lock` adds";
    Error LOCKED_CHANGED = "M023", "a locked migration has changed",
        "put it back as it was released, and write a new migration for the change: databases that have this one will not run it again";
    Error LOCKED_RENAMED = "M024", "a locked migration has another name",
        "give it back the name it was released with: databases know it by that";
    Error LOCKED_MISSING = "M025", "a locked migration is missing",
        "put it back as it was released: new databases need it, and old ones have it in their history";
    Error LOCKED_PRECEDED = "M026", "a new migration comes before a locked one",
        "number it after the last locked one: databases that are past its place would never run it";
    Warning CHECKPOINT_UNUSED = "M027", "the checkpoint is not used",
        "`devilmcp-migrate lock` writes it anew; or delete it: without it, all that is locked is run in every build";
    Error CHECKPOINT_WRONG = "M028", "the checkpoint is not what the locked migrations make",
        "`devilmcp-migrate lock` writes it anew; or delete it: without it, all that is locked is run in every build";
    Error SQUASH_UNKNOWN = "M029", "the file stands for migrations that the lock file does not have",
        "take migrations.lock back from version control: it says what databases know, and only `devilmcp-migrate squash` writes such a file";
    Error SQUASHED_PRESENT = "M030", "a migration is there that was squashed",
        "delete it with its down, if it was left over; number it after the last one, if it is new";
    Error MARKS = "M031", "the marks of the file do not cut it into a way up and a way back",
        "write `-- +goose Up` above the way up and `-- +goose Down` above the way back; in dbmate's files, `-- migrate:up` and `-- migrate:down`";
    Error FAILS = "M101", "the statement fails",
        "correct the statement: this is SQLite's own answer to it, given the migrations before";
    Error TRANSACTION = "M102", "the migration would end or nest the transaction it runs in",
        "delete the statement: all pending migrations run in one transaction, which is begun and committed for you";
    Error OUTSIDE = "M103", "the migration reaches outside its database",
        "a migration changes its own database only: do this in the application, outside of migrations";
    Error PRAGMA = "M104", "the pragma has no business in a migration",
        "delete it, or set it in the application when it opens the database";
    Error RESERVED_NAME = "M105", "the history table is not a migration's to touch",
        "choose another name, or delete the statement: what begins with _devilmcp_migrations is for this tool to keep";
    Error DOWN_FAILS = "M106", "the way back fails",
        "correct the down: it is run on the schema that its migration has just made";
    Error NOT_REVERSED = "M107", "the way back does not lead back",
        "let the down undo all that the migration does, and no more; or delete it and say `-- migrate: irreversible`";
    Error NOT_REPEATABLE = "M108", "after its way back, the migration cannot be applied again",
        "let the down remove everything that the migration makes";
    Error BASELINE_NOT_IDEMPOTENT = "M109", "the baseline cannot run over what it has made itself",
        "databases that existed before have these objects: use CREATE TABLE IF NOT EXISTS and the like";
    Warning EMPTY = "M110", "the migration does nothing",
        "write its statements, or delete the file if it has not shipped";
    Warning COLUMN_ORDER = "M111", "after the way back, a table has its columns in another order",
        "harmless unless something relies on the order: INSERT without a column list, or SELECT *";
    Error BROKEN_VIEW = "M121", "a view cannot be read",
        "correct it, drop it, or make what it names: SQLite looks only when the view is used; if the application makes it, `-- migrate: allow(broken_reference) reason`";
    Error BROKEN_TRIGGER = "M122", "a trigger fails whenever it fires",
        "correct it, drop it, or make what it names: SQLite looks only when the trigger fires; if the application makes it, `-- migrate: allow(broken_reference) reason`";
    Error MISSING_PARENT = "M123", "a foreign key points at a table that does not exist",
        "correct the name, or make the table: where foreign keys are enforced, writing a value there fails; if it is meant, `-- migrate: allow(broken_reference) reason`";
    Error NOT_A_KEY = "M124", "a foreign key points at what is no key",
        "point it at the primary key, or make exactly these columns UNIQUE there, under their own collations: where foreign keys are enforced, writing to either table fails; if it is meant, `-- migrate: allow(broken_reference) reason`";
    Warning BROKEN_FOR_A_WHILE = "M125", "a reference is broken until a later migration repairs it",
        "repair it here: a database that stops at this version fails; if none ever will, `-- migrate: allow(broken_reference) reason`";
    Error CONSTANT_TERM = "M126", "an index is over a text, and not over a column",
        "correct the name: what SQLite does not find, and stands in double quotes, it takes for a string, the same for every row";
    Warning QUOTED_STRING = "M127", "a text in double quotes names no column",
        "if a column is meant, correct its name; if a string is meant, write it in single quotes: SQLite takes it for a string as it is";
    Error SCHEMA_FAILS = "M130", "the declared schema fails",
        "correct the statement: this is SQLite's own answer to it, given the statements before";
    Error NO_DEFINITION = "M131", "the declared schema holds what declares nothing",
        "delete it: schema.sql is CREATE statements only, and rows are for migrations to make";
    Error NOT_AS_DECLARED = "M132", "the migrations do not make the schema that schema.sql declares",
        "`devilmcp-migrate diff` writes the migration that makes the difference; or correct schema.sql";
    Warning DECLARED_ORDER = "M133", "a table has its columns in another order than schema.sql declares",
        "write them in schema.sql in the order that the migrations make, by which INSERT without a column list and SELECT * go; or let `devilmcp-migrate diff --reorder` make the table anew";
    Error FAILS_WITH_ROWS = "M201", "the migration works on empty tables and fails where there are rows",
        "make it work for rows that are there: they are what it will meet";
    Error NULL_ROWS = "M202", "the migration fails where rows have no value",
        "give a constant DEFAULT, as in `NOT NULL DEFAULT 0`, or fill the column first, as in `UPDATE t SET c = 0 WHERE c IS NULL`; if no such row can exist, `-- migrate: allow(not_null_violation) reason`";
    Error CHECK_ROWS = "M203", "the migration fails where rows break its CHECK",
        "change those rows first; if no such row can exist, `-- migrate: allow(check_violation) reason`";
    Error DUPLICATE_ROWS = "M204", "the migration fails where rows are alike",
        "remove or merge duplicates first; if there can be none, `-- migrate: allow(unique_violation) reason`";
    Error MISFIT_ROWS = "M205", "the migration fails where rows have values of another type",
        "convert them first, with CAST; if there can be none, `-- migrate: allow(type_violation) reason`";
    Error DANGLING_ROWS = "M206", "the migration leaves rows whose foreign keys point at nothing",
        "change or remove those rows, or give them a parent: an upgrade that leaves such rows is rolled back; if there can be none, `-- migrate: allow(foreign_key_violation) reason`";
    Error DATA_LOSS = "M207", "the migration loses data",
        "keep the values somewhere; if they are to go, `-- migrate: allow(data_loss) reason`";
    Error SWAPPED = "M208", "the migration swaps the values of two columns",
        "name the columns in INSERT and SELECT in the same order; if it is meant, `-- migrate: allow(data_loss) reason`";
    Error DOWN_FAILS_WITH_ROWS = "M209", "the way back works on empty tables and fails where there are rows",
        "make it work for the rows that the migration leaves";
    Error REVERSAL_LOSS = "M210", "the way back loses data that the migration kept",
        "carry the values back; if they are to go, put `-- migrate: allow(reversal_loss) reason` at the top of the migration";
    Error ENFORCED_ROWS = "M211", "the migration fails where foreign keys of rows are enforced",
        "change or remove first what refers to those rows, or give it a parent; if there can be no such rows, `-- migrate: allow(foreign_key_violation) reason`";
    Warning UNINDEXED_FOREIGN_KEY = "M301", "a foreign key has no index",
        "make an index that begins with its columns; if every search may read the whole table, `-- migrate: allow(unindexed_foreign_key) reason`";
    Warning MISSING_PRIMARY_KEY = "M302", "a table has no key",
        "give it a PRIMARY KEY; if its rows need not be told apart, `-- migrate: allow(missing_primary_key) reason`";
    Warning REDUNDANT_INDEX = "M303", "an index does nothing that another does not do",
        "drop it: every write keeps it up to date; if it is meant, `-- migrate: allow(redundant_index) reason`";
    Warning HIDDEN_DRIFT = "M304", "the statement does nothing where something else is there already",
        "delete the condition: a migration is run once, and where it finds what it does not expect, it had better fail; if it is meant, `-- migrate: allow(hidden_drift) reason`";
    Warning UNREPEATABLE_VALUE = "M305", "the migration writes values that differ in every database",
        "write a constant, or let the application write it; if it is meant, `-- migrate: allow(unrepeatable_value) reason`";
    Warning UNENFORCED_TYPE = "M306", "a declared type is not what SQLite takes it for",
        "declare INTEGER, TEXT, REAL, BLOB or NUMERIC: https://sqlite.org/datatype3.html tells what SQLite makes of others; if it is meant, `-- migrate: allow(unenforced_type) reason`";
    Warning KEYWORD_NAME = "M307", "a name is a word of SQL's, or hides one",
        "choose another name; if it is meant, `-- migrate: allow(reserved_name) reason`";
    Error STALE_DECLARATION = "M308", "schema.sql still declares what a migration has removed",
        "let schema.sql say what the migrations make";
    Warning IGNORED_DEFINITION = "M309", "the statement does nothing, for there is another object of that name",
        "write what is to change: IF NOT EXISTS leaves what is there as it is; if it is meant, `-- migrate: allow(ignored_definition) reason`";
    Warning PREFIX_INDEX = "M310", "an index is the beginning of a longer one",
        "drop it, unless being shorter makes up for the writes: SQLite finds rows by the longer one as well; if it is meant, `-- migrate: allow(prefix_index) reason`";
    Error ORPHAN_EXAMPLE = "M401", "an example has no migration that it tries",
        "name it as the migration it belongs to, with .given.sql or .then.sql instead of .sql";
    Error NOTHING_EXPECTED = "M402", "the example does not say what must hold after the migration",
        "write its .then.sql: queries, each of which must return no row after the migration";
    Error NOT_ROWS = "M403", "the rows of an example are given by a statement that changes none",
        "write INSERT, UPDATE and DELETE only: the tables are those that the migrations before have made";
    Error GIVEN_FAILS = "M404", "the rows of the example cannot be given",
        "correct the statement: it is run on the schema before the migration, with no rows but those that migrations have put there";
    Error FAILS_ON_EXAMPLE = "M405", "the migration fails on its example",
        "make it work for the rows of its .given.sql: they are what you say that it will meet";
    Error NOT_A_QUERY = "M406", "what must hold after the migration is asked by a statement that is no query",
        "write SELECT: each statement of a .then.sql returns the rows that must not be there after the migration";
    Error THEN_FAILS = "M407", "what must hold after the migration cannot be asked",
        "correct the query: it is run on the schema after the migration";
    Error THEN_NOT_HELD = "M408", "the migration does not do what its example says",
        "correct the migration, or the example: each query of a .then.sql returns the rows that must not be there";
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(ALL.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn wording_is_uniform() {
        for rule in ALL {
            for text in [rule.title, rule.help] {
                assert!(!text.ends_with('.') && !text.starts_with(char::is_uppercase), "{}: {text}", rule.code);
            }
        }
    }
}
