"""The statements of the others."""

from pathlib import Path

from alembic import op

revision = "003"
down_revision = "002"

SQL = Path(__file__).parents[3] / "fixtures/tools/alembic/migrations/0003_count_notes.sql"


def upgrade():
    op.get_bind().connection.driver_connection.executescript(SQL.read_text())
