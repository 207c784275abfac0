-- SQLite refuses to drop a column that an index mentions.
DROP INDEX ix_memories_file_path_relative;
ALTER TABLE memories DROP COLUMN file_path_relative;
