#!/usr/bin/env python3
"""Write N migrations into a peer's crate, under the names that its tool wants.

    gen.py CRATE STYLE KIND N

Two kinds, as real histories are either: `tables` makes a new table and an index each, so the schema grows with N; `evolving` has six
tables that are altered, indexed, filled and updated over and over.
"""

import shutil
import sys
from pathlib import Path

TABLES = 6  # of the evolving kind


def tables(i):
    return (
        f"CREATE TABLE t_{i} (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n"
        f"CREATE INDEX t_{i}_name ON t_{i} (name);\n"
    )


def evolving(i):
    """Migration i, counted from 1. The first six create the tables."""
    if i <= TABLES:
        return (
            f"CREATE TABLE item_{i} (\n    id INTEGER PRIMARY KEY,\n    name TEXT NOT NULL,\n"
            f"    score REAL NOT NULL DEFAULT 0\n);\n"
            f"INSERT INTO item_{i} (name) VALUES ('first'), ('second'), ('third');\n"
        )
    turn, step = divmod(i - TABLES - 1, 8)
    table = f"item_{turn % TABLES + 1}"
    return [
        f"ALTER TABLE {table} ADD COLUMN note_{turn} TEXT;\n",
        f"CREATE INDEX ix_{turn} ON {table} (note_{turn});\n",
        f"INSERT INTO {table} (name, note_{turn}) VALUES\n"
        + ",\n".join(f"    ('row {turn}.{k}', 'note {k}')" for k in range(8)) + ";\n",
        f"UPDATE {table} SET note_{turn} = upper(name) WHERE id % 5 = {turn % 5};\n",
        f"ALTER TABLE {table} ADD COLUMN count_{turn} INTEGER NOT NULL DEFAULT {turn};\n",
        f"DROP INDEX ix_{turn};\nCREATE INDEX ix_{turn} ON {table} (name, count_{turn});\n",
        f"INSERT INTO {table} (name, count_{turn}) SELECT name || '+', {turn} FROM {table}\n"
        f"    ORDER BY id DESC LIMIT 4;\n",
        f"UPDATE {table} SET score = score + 1 WHERE name LIKE 'row%';\n"
        f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} ORDER BY id LIMIT 6);\n",
    ][step]


SQL = {"tables": tables, "evolving": evolving}
PATHS = {
    "devilmcp-migrate": "{i:04}_step.sql",
    "refinery": "V{i}__step.sql",
    "sqlx": "{i:05}_step.sql",
    "rusqlite_migration": "{i}-step/up.sql",
    "diesel": "2024-01-01-{i:06}_step/up.sql",
    "alembic": "{i:05}_step.py",
    # These also need src/migrations.rs.
    "included": "{i:05}.sql",
    "M": "{i:05}.sql",
    "sea_orm": "m20240101_{i:06}_step.sql",
}


def content(style, kind, i):
    sql = SQL[kind](i)
    if style != "alembic":
        return sql
    statements = [s + ";" for s in sql.split(";\n") if s.strip()]
    before = f'"{i - 1:05}"' if i > 1 else None
    return (f'from alembic import op\n\nrevision = "{i:05}"\ndown_revision = {before}\n\n\ndef upgrade():\n'
            + "".join(f"    op.execute({s!r})\n" for s in statements))


def rust_source(style, n):
    paths = [PATHS[style].format(i=i) for i in range(1, n + 1)]
    include = [f'include_str!("../migrations/{path}")' for path in paths]
    if style == "included":
        return "pub const MIGRATIONS: &[&str] = &[\n" + "".join(f"    {s},\n" for s in include) + "];\n"
    if style == "M":
        return ("use rusqlite_migration::M;\n\npub const MIGRATIONS: &[M<'static>] = &[\n"
                + "".join(f"    M::up({s}),\n" for s in include) + "];\n")
    rows = "".join(f'    M{i} "{Path(path).stem}" {s},\n' for i, (path, s) in enumerate(zip(paths, include), 1))
    return (
        "use sea_orm_migration::prelude::*;\n\nmacro_rules! migrations {\n"
        "    ($($ty:ident $name:literal $sql:expr,)*) => {\n        $(\n            struct $ty;\n"
        "            impl MigrationName for $ty {\n"
        "                fn name(&self) -> &str {\n                    $name\n                }\n            }\n"
        "            #[async_trait::async_trait]\n            impl MigrationTrait for $ty {\n"
        "                async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {\n"
        "                    manager.get_connection().execute_unprepared($sql).await.map(|_| ())\n"
        "                }\n            }\n        )*\n\n"
        "        pub fn all() -> Vec<Box<dyn MigrationTrait>> {\n"
        "            vec![$(Box::new($ty)),*]\n        }\n    };\n}\n\n"
        "migrations! {\n" + rows + "}\n"
    )


def write(crate, style, kind, n):
    """Write what the crate is built from anew: its migrations, and src/migrations.rs if it has one."""
    shutil.rmtree(crate / "migrations", ignore_errors=True)
    for i in range(1, n + 1):
        path = crate / "migrations" / PATHS[style].format(i=i)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content(style, kind, i))
    if style in ("included", "M", "sea_orm"):
        (crate / "src/migrations.rs").write_text(rust_source(style, n))


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    write(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
