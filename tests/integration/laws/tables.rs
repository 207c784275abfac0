//! Tables that SQLite accepts, mostly, as plain data.

use super::choices::Choices;
use super::text::{NAMES, Piece, pieces};

/// A table, before anybody has decided how to write it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    pub(super) rules: Vec<Rule>,
    pub(super) strict: bool,
    pub(super) without_rowid: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) declared: &'static str,
    pub(super) not_null: Option<&'static str>,
    pub(super) default: Option<Vec<Piece>>,
    pub(super) collation: Option<&'static str>,
    pub(super) generated: Option<(Vec<Piece>, bool)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rule {
    PrimaryKey {
        terms: Vec<Term>,
        autoincrement: bool,
        conflict: &'static str,
    },
    Unique {
        terms: Vec<Term>,
        conflict: &'static str,
    },
    Check {
        column: usize,
        test: Vec<Piece>,
        name: Option<&'static str>,
    },
    ForeignKey {
        columns: Vec<usize>,
        parent: &'static str,
        to: Vec<&'static str>,
        actions: Vec<&'static str>,
        deferred: bool,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) column: usize,
    pub(super) collation: Option<&'static str>,
    pub(super) descending: bool,
}

/// What foreign keys refer to, with the primary key of each.
pub(super) const PARENTS: &str = "CREATE TABLE parent (id INTEGER PRIMARY KEY, \"co de\" TEXT UNIQUE);
    CREATE TABLE pair (x INT, y INT, PRIMARY KEY (y, x));";

/// The primary keys of [`PARENTS`].
pub(super) const PARENT_KEYS: [(&str, &[&str]); 2] = [("parent", &["id"]), ("pair", &["y", "x"])];

pub(super) const PLAIN_TYPES: [&str; 14] = [
    "INTEGER",
    "TEXT",
    "INT",
    "",
    "REAL",
    "BLOB",
    "VARCHAR ( 10 )",
    "UNSIGNED BIG INT",
    "DECIMAL ( 10 , 2 )",
    "DOUBLE PRECISION",
    "datetime",
    "Boolean",
    "FLOAT ( +1.5 )",
    "JSON",
];
pub(super) const STRICT_TYPES: [&str; 6] = ["INTEGER", "TEXT", "INT", "REAL", "BLOB", "ANY"];
pub(super) const COLLATIONS: [&str; 2] = ["NOCASE", "RTRIM"];
pub(super) const CHECK_NAMES: [&str; 4] = ["positive", "Positive", "che\"ck", "no l"];
pub(super) const CONFLICTS: [&str; 5] = ["", "IGNORE", "REPLACE", "FAIL", "ROLLBACK"];
const ACTIONS: [&str; 6] = [
    "ON DELETE CASCADE",
    "ON DELETE SET NULL",
    "ON UPDATE RESTRICT",
    "ON UPDATE SET DEFAULT",
    "ON DELETE RESTRICT",
    "ON UPDATE CASCADE",
];

impl Table {
    pub(super) fn generate(name: &str, choices: &mut Choices) -> Self {
        let strict = choices.one_in(4);
        let mut columns: Vec<Column> = Vec::new();
        for _ in 0..=choices.below(5) {
            let column = Column::generate(&columns, strict, choices);
            columns.push(column);
        }
        let without_rowid = choices.one_in(5);
        let mut table = Self { name: name.to_owned(), columns, rules: Vec::new(), strict, without_rowid };
        let plain = table.plain();
        if without_rowid || choices.flag() {
            table.add_primary_key(&plain, choices);
        }
        for _ in 0..choices.below(4) {
            let rule = table.rule(&plain, choices);
            if !table.rules.contains(&rule) {
                table.rules.push(rule);
            }
        }
        table
    }

    /// Whether it means the same: the order of rules does not matter, nor that one stands there twice.
    pub(super) fn means(&self, other: &Self) -> bool {
        let within = |one: &Self, other: &Self| one.rules.iter().all(|rule| other.rules.contains(rule));
        let bare = |table: &Self| Self { rules: Vec::new(), ..table.clone() };
        within(self, other) && within(other, self) && bare(self) == bare(other)
    }

    /// The columns that are not generated; the first is one of them.
    pub(super) fn plain(&self) -> Vec<usize> {
        (0..self.columns.len()).filter(|at| self.columns[*at].generated.is_none()).collect()
    }

    fn add_primary_key(&mut self, plain: &[usize], choices: &mut Choices) {
        if !self.without_rowid && choices.flag() {
            let autoincrement = choices.one_in(3);
            let terms = vec![Term { column: plain[0], collation: None, descending: false }];
            let column = &mut self.columns[plain[0]];
            *column = Column { declared: "INTEGER", collation: None, ..column.clone() };
            self.rules.push(Rule::PrimaryKey { terms, autoincrement, conflict: "" });
        } else {
            let terms = Self::some_terms(plain, choices);
            self.rules.push(Rule::PrimaryKey { terms, autoincrement: false, conflict: choices.of(&CONFLICTS) });
        }
    }

    pub(super) fn rule(&self, plain: &[usize], choices: &mut Choices) -> Rule {
        match choices.below(4) {
            0 => Rule::Unique { terms: Self::some_terms(plain, choices), conflict: choices.of(&CONFLICTS) },
            1 => self.new_check(choices),
            _ => {
                let (parent, key) = choices.of(&PARENT_KEYS);
                let other = parent == "parent" && choices.one_in(3);
                let to = if other { vec!["co de"] } else { key.to_vec() };
                let columns = to.iter().map(|_| choices.of(plain)).collect();
                let mut actions = Vec::new();
                for action in ["ON DELETE", "ON UPDATE"] {
                    actions.extend(choices.maybe(2, &ACTIONS).filter(|some| some.starts_with(action)));
                }
                Rule::ForeignKey { columns, parent, to, actions, deferred: choices.one_in(3) }
            }
        }
    }

    pub(super) fn new_check(&self, choices: &mut Choices) -> Rule {
        let column = choices.below(self.columns.len());
        Rule::Check { column, test: test(choices), name: choices.maybe(2, &CHECK_NAMES) }
    }

    fn some_terms(plain: &[usize], choices: &mut Choices) -> Vec<Term> {
        let mut terms: Vec<Term> = Vec::new();
        for _ in 0..=choices.below(3) {
            let column = choices.of(plain);
            if !terms.iter().any(|term| term.column == column) {
                let collation = choices.maybe(5, &COLLATIONS);
                terms.push(Term { column, collation, descending: choices.one_in(4) });
            }
        }
        terms
    }
}

impl Column {
    pub(super) fn generate(before: &[Self], strict: bool, choices: &mut Choices) -> Self {
        let mut name = choices.of(&NAMES).to_owned();
        while before.iter().any(|column| column.name.eq_ignore_ascii_case(&name)) {
            name.push('_');
        }
        let types = if strict { &STRICT_TYPES[..] } else { &PLAIN_TYPES };
        let source = before.iter().find(|column| column.generated.is_none()).filter(|_| choices.one_in(6));
        let generated = source.map(|source| (generated(&source.name, choices), choices.flag()));
        let default = if generated.is_none() && choices.one_in(3) { Some(default(choices)) } else { None };
        Self {
            name,
            declared: choices.of(types),
            not_null: choices.maybe(3, &CONFLICTS),
            default,
            collation: choices.maybe(5, &COLLATIONS),
            generated,
        }
    }
}

/// The value of a DEFAULT, which stands in parentheses if it begins with one.
pub(super) fn default(choices: &mut Choices) -> Vec<Piece> {
    let text = choices.of(&["Todo", "todo", "it's; -- so", "", "NULL", "ÉTÉ"]);
    match choices.below(4) {
        0 => pieces(choices.of(&["0", "1", "- 1", "+ 2.5e3", "x'0aFF'", "0x1F"])),
        1 => vec![Piece::Text(text.to_owned())],
        2 => pieces(choices.of(&["NULL", "TRUE", "CURRENT_TIMESTAMP", "false"])),
        _ => pieces(choices.of(&["( 1 + ( 2 ) * 3 )", "( datetime ( 'now' ) )", "( 'a' || 'B' )", "( - 1 - 1 )"])),
    }
}

fn generated(source: &str, choices: &mut Choices) -> Vec<Piece> {
    let mut expression = vec![Piece::Name(source.to_owned())];
    expression.extend(pieces(choices.of(&["|| 'x'", "+ 1", "IS NULL", "COLLATE NOCASE"])));
    expression
}

/// What comes after the column in a CHECK.
fn test(choices: &mut Choices) -> Vec<Piece> {
    pieces(choices.of(&[
        "> 0",
        "IS NOT NULL",
        "IN ( 'A;B' , 'a;b' )",
        "<> ''",
        "BETWEEN 1 AND 2",
        "LIKE 'a%' ESCAPE '!'",
        "= CASE WHEN 1 THEN 2 ELSE 3 END",
        "!= ( 1 + 2 )",
    ]))
}
