//! Tables, written down in one of the many ways that mean the same.

use super::choices::Choices;
use super::tables::{Column, PARENT_KEYS, Rule, Table, Term};
use super::text::{Piece, pieces, spell};

impl Table {
    /// A `CREATE TABLE`, spelt in the style that is chosen; without choices, plainly.
    pub(super) fn sql(&self, style: &mut Choices) -> String {
        let pieces = self.pieces(style);
        spell(&pieces, style)
    }

    fn pieces(&self, style: &mut Choices) -> Vec<Piece> {
        let mut text = pieces("CREATE TABLE");
        if style.one_in(4) {
            text.extend(pieces("IF NOT EXISTS"));
        }
        text.push(Piece::Key(self.name.clone()));
        text.extend(pieces("("));
        let (own, apart): (Vec<&Rule>, Vec<&Rule>) = self.rules.iter().partition(|rule| is_own(rule) && style.flag());
        let mut items: Vec<Vec<Piece>> = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let own = own.iter().filter(|rule| rule.columns() == [at]);
            items.push(column.pieces(own.map(|rule| self.own_rule(rule, style)).collect(), style));
        }
        for rule in apart {
            items.push(self.table_rule(rule, style));
        }
        text.extend(items.join(&Piece::Exact(",".to_owned())));
        text.extend(pieces(")"));
        let options: Vec<&str> = [(self.strict, "STRICT"), (self.without_rowid, "WITHOUT ROWID")]
            .iter()
            .filter(|option| option.0)
            .map(|option| option.1)
            .collect();
        text.extend(pieces(&options.join(" , ")));
        text
    }

    fn name_of(&self, column: usize) -> Piece {
        Piece::Key(self.columns[column].name.clone())
    }

    /// A rule as it stands with its one column.
    fn own_rule(&self, rule: &Rule, style: &mut Choices) -> Vec<Piece> {
        match rule {
            Rule::PrimaryKey { terms: _, autoincrement, conflict } => {
                let mut text = pieces("PRIMARY KEY");
                text.extend(pieces(if style.one_in(4) { "ASC" } else { "" }));
                text.extend(on_conflict(conflict, style));
                text.extend(pieces(if *autoincrement { "AUTOINCREMENT" } else { "" }));
                text
            }
            Rule::Unique { terms: _, conflict } => [pieces("UNIQUE"), on_conflict(conflict, style)].concat(),
            Rule::Check { .. } => self.check(rule, style),
            Rule::ForeignKey { .. } => Self::references(rule, style),
        }
    }

    fn table_rule(&self, rule: &Rule, style: &mut Choices) -> Vec<Piece> {
        match rule {
            Rule::PrimaryKey { terms, autoincrement, conflict } => {
                let auto = pieces(if *autoincrement { "AUTOINCREMENT" } else { "" });
                let terms = [self.terms(terms, style), auto].concat();
                [pieces("PRIMARY KEY ("), terms, pieces(")"), on_conflict(conflict, style)].concat()
            }
            Rule::Unique { terms, conflict } => {
                [pieces("UNIQUE ("), self.terms(terms, style), pieces(")"), on_conflict(conflict, style)].concat()
            }
            Rule::Check { .. } => self.check(rule, style),
            Rule::ForeignKey { columns, .. } => {
                let names: Vec<Vec<Piece>> = columns.iter().map(|column| vec![self.name_of(*column)]).collect();
                let names = names.join(&Piece::Exact(",".to_owned()));
                [pieces("FOREIGN KEY ("), names, pieces(")"), Self::references(rule, style)].concat()
            }
        }
    }

    fn terms(&self, terms: &[Term], style: &mut Choices) -> Vec<Piece> {
        let terms = terms.iter().map(|term| {
            let collation = term.collation.map(|name| vec![piece("COLLATE"), Piece::Name(name.to_owned())]);
            let order = if term.descending { "DESC" } else { style.of(&["", "", "ASC"]) };
            [vec![self.name_of(term.column)], collation.unwrap_or_default(), pieces(order)].concat()
        });
        terms.collect::<Vec<_>>().join(&Piece::Exact(",".to_owned()))
    }

    fn check(&self, rule: &Rule, style: &mut Choices) -> Vec<Piece> {
        let Rule::Check { column, test, name } = rule else { return Vec::new() };
        let mut words = name.map_or_else(Vec::new, |name| vec![piece("CONSTRAINT"), Piece::Key(name.to_owned())]);
        let column = Piece::Name(self.columns[*column].name.clone());
        let test = [vec![column], test.clone()].concat();
        let (open, close) = if style.one_in(4) { ("CHECK ( (", ") )") } else { ("CHECK (", ")") };
        words.extend([pieces(open), test, pieces(close)].concat());
        words
    }

    fn references(rule: &Rule, style: &mut Choices) -> Vec<Piece> {
        let Rule::ForeignKey { columns: _, parent, to, actions, deferred } = rule else { return Vec::new() };
        let mut text = vec![piece("REFERENCES"), Piece::Key((*parent).to_owned())];
        if !PARENT_KEYS.contains(&(*parent, to.as_slice())) || style.flag() {
            let names: Vec<Vec<Piece>> = to.iter().map(|name| vec![Piece::Key((*name).to_owned())]).collect();
            text.extend([pieces("("), names.join(&Piece::Exact(",".to_owned())), pieces(")")].concat());
        }
        let mut actions = actions.clone();
        for action in ["ON DELETE", "ON UPDATE"] {
            if style.one_in(3) && !actions.iter().any(|some| some.starts_with(action)) {
                actions.push(if action == "ON DELETE" { "ON DELETE NO ACTION" } else { "ON UPDATE NO ACTION" });
            }
        }
        if style.flag() {
            actions.reverse();
        }
        text.extend(pieces(&actions.join(" ")));
        let stated = ["", "", "NOT DEFERRABLE", "DEFERRABLE", "DEFERRABLE INITIALLY IMMEDIATE"];
        text.extend(pieces(if *deferred { "DEFERRABLE INITIALLY DEFERRED" } else { style.of(&stated) }));
        text
    }
}

impl Column {
    pub(super) fn pieces(&self, rules: Vec<Vec<Piece>>, style: &mut Choices) -> Vec<Piece> {
        let mut constraints = rules;
        if let Some(conflict) = self.not_null {
            constraints.push([pieces("NOT NULL"), on_conflict(conflict, style)].concat());
        }
        if let Some(default) = &self.default {
            let word = piece("DEFAULT");
            constraints.push(if default[0] != Piece::Exact("(".to_owned()) && style.one_in(4) {
                [vec![word], pieces("("), default.clone(), pieces(")")].concat()
            } else {
                [vec![word], default.clone()].concat()
            });
        }
        if let Some(collation) = self.collation {
            constraints.push(vec![piece("COLLATE"), Piece::Name(collation.to_owned())]);
        }
        if let Some((expression, stored)) = &self.generated {
            // In one piece: SQLite takes the words for a type if a comment stands between them.
            let begin = style.of(&["", "GENERATED ALWAYS", "generated  always"]);
            let begin = [vec![Piece::Exact(begin.to_owned())], pieces("AS (")].concat();
            let end = if *stored { ") STORED" } else { style.of(&[")", ") VIRTUAL"]) };
            constraints.push([begin, expression.clone(), pieces(end)].concat());
        }
        let by = style.below(constraints.len().max(1));
        constraints.rotate_left(by);
        [vec![Piece::Key(self.name.clone())], pieces(self.declared), constraints.concat()].concat()
    }
}

impl Rule {
    fn columns(&self) -> Vec<usize> {
        match self {
            Self::PrimaryKey { terms, .. } | Self::Unique { terms, .. } => {
                terms.iter().map(|term| term.column).collect()
            }
            Self::Check { column, .. } => vec![*column],
            Self::ForeignKey { columns, .. } => columns.clone(),
        }
    }
}

/// Whether a rule can be written with its column and means the same there.
fn is_own(rule: &Rule) -> bool {
    let plain = |terms: &[Term]| terms.iter().all(|term| term.collation.is_none() && !term.descending);
    rule.columns().len() == 1
        && match rule {
            Rule::PrimaryKey { terms, .. } | Rule::Unique { terms, .. } => plain(terms),
            Rule::Check { .. } | Rule::ForeignKey { .. } => true,
        }
}

fn on_conflict(conflict: &str, style: &mut Choices) -> Vec<Piece> {
    match conflict {
        "" if style.one_in(5) => pieces("ON CONFLICT ABORT"),
        "" => Vec::new(),
        conflict => pieces(&format!("ON CONFLICT {conflict}")),
    }
}

fn piece(word: &str) -> Piece {
    Piece::Word(word.to_owned())
}
