"""The statements of the others."""

from pathlib import Path

from alembic import op

revision = "001"
down_revision = None

SQL = Path(__file__).parents[3] / "fixtures/tools/alembic/migrations/0001_create_authors.sql"


def upgrade():
    op.get_bind().connection.driver_connection.executescript(SQL.read_text())
