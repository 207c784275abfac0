"""Alembic on the database that the variable DATABASE names."""

import os

from alembic import context
from sqlalchemy import create_engine

with create_engine("sqlite:///" + os.environ["DATABASE"]).begin() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
