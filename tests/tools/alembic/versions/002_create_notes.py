"""The statements of the others."""

from pathlib import Path

from alembic import op

revision = "002"
down_revision = "001"

SQL = Path(__file__).parents[3] / "fixtures/tools/alembic/migrations/0002_create_notes.sql"


def upgrade():
    op.get_bind().connection.driver_connection.executescript(SQL.read_text())
