-- Filled by the server after this (examples/devilmcp/relative.rs): only it knows the project root that file_path is relative to.
ALTER TABLE memories ADD COLUMN file_path_relative VARCHAR;
CREATE INDEX ix_memories_file_path_relative ON memories (file_path_relative);
