"""The statements of the others."""

from pathlib import Path

from alembic import op

revision = "004"
down_revision = "003"

SQL = Path(__file__).parents[3] / "fixtures/tools/alembic/migrations/0004_add_pinned.sql"


def upgrade():
    op.get_bind().connection.driver_connection.executescript(SQL.read_text())
