//! One thing that a migration does to a schema, with the way back, and with ways back that are wrong.

use devilmcp_migrate::rusqlite::Connection;

use super::choices::Choices;
use super::tables::{Column, Table};
use super::text::{NAMES, Piece, pieces, quoted, spell};

/// Statements, and statements that undo them.
#[derive(Debug, Clone, Default)]
pub(super) struct Step {
    pub(super) up: Vec<String>,
    pub(super) down: Vec<String>,
    /// A statement of the down by number, and one that would make something else instead.
    pub(super) wrong: Option<(usize, String)>,
    /// What is known of the tables afterwards: a name, and the table unless something else may have changed it.
    pub(super) tables: Vec<(String, Option<Table>)>,
}

/// A schema as SQLite has it, and tables that are still as they were made.
pub(super) struct Present<'a> {
    pub(super) conn: &'a Connection,
    pub(super) tables: &'a [Table],
}

impl Step {
    fn new(up: String, down: String) -> Self {
        Self { up: vec![up], down: vec![down], ..Self::default() }
    }

    /// A step, if there is what it needs; SQLite may still refuse it.
    pub(super) fn generate(present: &Present<'_>, fresh: &str, choices: &mut Choices) -> Option<Self> {
        match choices.below(16) {
            1 | 2 => present.create_index(fresh, choices),
            3 => present.create_view(fresh, choices),
            4 => present.create_trigger(fresh, choices),
            5 => present.add_column(choices),
            6 => present.rename_column(fresh, choices),
            7 => present.rename_table(fresh, choices),
            8 => present.drop_object(choices),
            9 => present.drop_table(choices),
            13 => Some(Self::new(module(fresh, choices), format!("DROP TABLE {}", name(fresh, choices)))),
            14 => present.rename_virtual_table(fresh, choices),
            10..=12 => present.rebuild(fresh, choices),
            _ => {
                let table = Table::generate(fresh, choices);
                let made = (fresh.to_owned(), Some(table.clone()));
                let step = Self::new(table.sql(choices), format!("DROP TABLE {}", name(fresh, choices)));
                Some(Self { tables: vec![made], ..step })
            }
        }
    }
}

impl Present<'_> {
    fn texts(&self, query: &str) -> Vec<String> {
        let mut statement = self.conn.prepare(query).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// A table, and a column of it.
    fn column(&self, choices: &mut Choices) -> Option<(String, String)> {
        let mut tables =
            self.texts("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name");
        // Not too often: what refers to them cannot be rebuilt afterwards.
        let keep = choices.one_in(6);
        tables.retain(|table| keep || !["parent", "pair"].contains(&table.as_str()));
        let table = (!tables.is_empty()).then(|| choices.of(&tables))?;
        let columns = self.texts(&format!("SELECT name FROM pragma_table_info({})", quoted(&table)));
        let column = (!columns.is_empty()).then(|| choices.of(&columns))?;
        Some((table, column))
    }

    fn create_index(&self, fresh: &str, choices: &mut Choices) -> Option<Step> {
        let (table, column) = self.column(choices)?;
        let [index, table, column] = [fresh, &table, &column].map(|text| name(text, choices));
        let unique = choices.of(&["", "UNIQUE"]);
        let term = choices.of(&[
            "{}",
            "{} DESC",
            "{} COLLATE NOCASE ASC",
            "lower({})",
            "{} || 'x;'",
            "({}), {} DESC",
            "CASE {} WHEN 1 THEN 2 END",
        ]);
        let filter = choices.of(&["", "", " WHERE {} IS NOT NULL", " where {} > 'a;b' AND {}<>3"]);
        let rest = format!("{index} ON {table} ({term}){filter}").replace("{}", &column);
        Some(Step::new(format!("CREATE {unique} INDEX {rest}"), format!("DROP INDEX {index}")))
    }

    fn create_view(&self, fresh: &str, choices: &mut Choices) -> Option<Step> {
        let (table, column) = self.column(choices)?;
        let [view, table, column] = [fresh, &table, &column].map(|text| name(text, choices));
        let body = choices.of(&[
            "SELECT {c} FROM {t}",
            "SELECT t.{c} AS x, count(*) FROM {t} AS t GROUP BY 1",
            "WITH w AS (SELECT {c} AS c FROM {t}) SELECT c FROM w WHERE c = 'a;b'",
        ]);
        let body = body.replace("{c}", &column).replace("{t}", &table);
        let begin = choices.of(&["CREATE VIEW", "create view if not exists"]);
        Some(Step::new(format!("{begin} {view} AS {body}"), format!("DROP VIEW {view}")))
    }

    fn create_trigger(&self, fresh: &str, choices: &mut Choices) -> Option<Step> {
        let (table, column) = self.column(choices)?;
        let [trigger, table, column] = [fresh, &table, &column].map(|text| name(text, choices));
        let event = choices.of(&["AFTER INSERT", "BEFORE UPDATE OF {c}", "AFTER DELETE"]).replace("{c}", &column);
        let when = choices.of(&["", " WHEN 1 <> 2", " FOR EACH ROW"]);
        let body = choices.of(&[
            "SELECT 1;",
            "UPDATE {t} SET {c} = CASE WHEN {c} IS NULL THEN 'END;' ELSE {c} END WHERE 0;",
            "INSERT INTO {t} ({c}) SELECT {c} FROM {t} WHERE 0; DELETE FROM {t} WHERE {c} = 'x'; -- done;\n",
        ]);
        let body = body.replace("{c}", &column).replace("{t}", &table);
        Some(Step::new(
            format!("CREATE TRIGGER {trigger} {event} ON {table}{when} BEGIN {body} END"),
            format!("DROP TRIGGER {trigger}"),
        ))
    }

    fn add_column(&self, choices: &mut Choices) -> Option<Step> {
        let (table, _) = self.column(choices)?;
        let column = Column::generate(&[], false, choices);
        let sql = spell(&column.pieces(Vec::new(), choices), choices);
        let (shown, column) = (name(&table, choices), name(&column.name, choices));
        let step = Step::new(
            format!("ALTER TABLE {shown} ADD COLUMN {sql}"),
            format!("ALTER TABLE {shown} DROP COLUMN {column}"),
        );
        Some(Step { tables: vec![(table, None)], ..step })
    }

    fn rename_column(&self, fresh: &str, choices: &mut Choices) -> Option<Step> {
        let (table, column) = self.column(choices)?;
        let [shown, from, to] = [&table, &column, fresh].map(|text| name(text, choices));
        let rename = |from: &str, to: &str| format!("ALTER TABLE {shown} RENAME COLUMN {from} TO {to}");
        let wrong = Some((0, rename(&to, &name(&format!("{column}x"), choices))));
        Some(Step { wrong, tables: vec![(table, None)], ..Step::new(rename(&from, &to), rename(&to, &from)) })
    }

    fn rename_table(&self, fresh: &str, choices: &mut Choices) -> Option<Step> {
        let (table, _) = self.column(choices)?;
        let [from, to] = [&table, fresh].map(|text| name(text, choices));
        let rename = |from: &str, to: &str| format!("ALTER TABLE {from} RENAME TO {to}");
        let wrong = Some((0, rename(&to, &name(&format!("{table}x"), choices))));
        let tables = vec![(table, None), (fresh.to_owned(), None)];
        Some(Step { wrong, tables, ..Step::new(rename(&from, &to), rename(&to, &from)) })
    }

    /// Renames a virtual table, and so the tables in which it keeps its data.
    fn rename_virtual_table(&self, fresh: &str, choices: &mut Choices) -> Option<Step> {
        let tables =
            self.texts("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'virtual' ORDER BY name");
        let table = (!tables.is_empty()).then(|| choices.of(&tables))?;
        let [from, to] = [&table, fresh].map(|text| name(text, choices));
        let rename = |from: &str, to: &str| format!("ALTER TABLE {from} RENAME TO {to}");
        Some(Step::new(rename(&from, &to), rename(&to, &from)))
    }

    /// Drops an index, a view or a trigger; the way back is its own text.
    fn drop_object(&self, choices: &mut Choices) -> Option<Step> {
        let objects = self.texts("SELECT format('%s %s', upper(type), name) FROM sqlite_schema WHERE type != 'table' AND sql IS NOT NULL ORDER BY 1");
        let object = (!objects.is_empty()).then(|| choices.of(&objects))?;
        let (kind, called) = object.split_once(' ')?;
        let down = self.texts(&format!("SELECT sql FROM sqlite_schema WHERE name = {}", quoted(called))).pop()?;
        let wrong = match kind {
            "INDEX" if down.starts_with("CREATE UNIQUE") => down.replacen("UNIQUE", "", 1),
            "INDEX" => down.replacen("CREATE", "CREATE UNIQUE", 1),
            "VIEW" => format!("{down} LIMIT 7"),
            _ => down.replacen("BEGIN", "BEGIN SELECT 7;", 1),
        };
        Some(Step { wrong: Some((0, wrong)), ..Step::new(format!("DROP {kind} {}", name(called, choices)), down) })
    }

    /// Drops a table; the way back is the texts of all that goes with it.
    fn drop_table(&self, choices: &mut Choices) -> Option<Step> {
        let (table, _) = self.column(choices)?;
        let down = self.belongings(&table, "type IN ('table', 'index', 'trigger')");
        let up = vec![format!("DROP TABLE {}", name(&table, choices))];
        Some(Step { up, down, wrong: None, tables: vec![(table, None)] })
    }

    /// Makes a table anew with one thing changed, as <https://sqlite.org/lang_altertable.html#otheralter> says.
    fn rebuild(&self, fresh: &str, choices: &mut Choices) -> Option<Step> {
        let old = (!self.tables.is_empty()).then(|| choices.of(self.tables))?;
        let new = old.changed_but_for_its_columns(choices);
        let others = self.belongings(&old.name, "type IN ('index', 'trigger')");
        let mut rebuild = |to: &Table| -> Vec<String> {
            let scratch = Table { name: fresh.to_owned(), ..to.clone() };
            let columns: Vec<String> = to.plain().into_iter().map(|at| name(&to.columns[at].name, choices)).collect();
            let (columns, table, fresh) = (columns.join(", "), name(&old.name, choices), name(fresh, choices));
            let mut statements = vec![
                scratch.sql(choices),
                format!("INSERT INTO {fresh} ({columns}) SELECT {columns} FROM {table}"),
                format!("DROP TABLE {table}"),
                format!("ALTER TABLE {fresh} RENAME TO {table}"),
            ];
            statements.extend(others.clone());
            statements
        };
        let (up, down) = (rebuild(&new), rebuild(&old));
        let another = Table { name: fresh.to_owned(), ..old.changed_but_for_its_columns(choices) };
        let wrong =
            (!another.means(&Table { name: fresh.to_owned(), ..old.clone() })).then(|| (0, another.sql(choices)));
        Some(Step { up, down, wrong, tables: vec![(old.name.clone(), Some(new))] })
    }

    fn belongings(&self, table: &str, which: &str) -> Vec<String> {
        let query = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND lower(tbl_name) = lower({t}) AND {w} ORDER BY type = 'table' DESC, rowid";
        self.texts(&query.replace("{t}", &quoted(table)).replace("{w}", which))
    }
}

/// A virtual table.
fn module(fresh: &str, choices: &mut Choices) -> String {
    let begin = choices.of(&["CREATE VIRTUAL TABLE", "create virtual table if not exists"]);
    let module =
        choices.of(&["fts5(a, b)", "\"FTS5\" (a, content = '')", "rtree(id, x0, x1, +note)", "fts4(\"two words\", b)"]);
    format!("{begin} {} USING {module}", name(fresh, choices))
}

/// A name as somebody might write it.
pub(super) fn name(text: &str, choices: &mut Choices) -> String {
    let plain = NAMES.iter().any(|known| text.starts_with(known) && known.len() > 2 && text.len() > known.len() + 1);
    let piece = Piece::Name(text.to_owned());
    if plain { spell(&[piece], choices) } else { spell(&[piece], &mut Choices::none()) }
}

/// Statements as one script, with what may stand between them.
pub(super) fn script(statements: &[String], style: &mut Choices) -> String {
    let mut script = style.of(&["", "\u{feff}", "-- by hand;\n", "\r\n"]).to_owned();
    for statement in statements {
        script.push_str(statement);
        script.push_str(style.of(&[";\n", " ;", ";\r\n-- next; 'one\n", ";;"]));
    }
    if pieces(&script).is_empty() { String::new() } else { script }
}
