-- The Alembic baseline asked only whether a table exists, so databases from before these indexes
-- were recorded as revision 001 without ever getting them; newer ones have them already.
CREATE INDEX IF NOT EXISTS ix_tasks_status ON tasks (status);
CREATE INDEX IF NOT EXISTS ix_tasks_priority ON tasks (priority);
CREATE INDEX IF NOT EXISTS ix_external_dependencies_package_name ON external_dependencies (package_name);
