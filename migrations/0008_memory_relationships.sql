-- Edges of the memory graph; an edge without both its ends says nothing and goes with either.
-- No AUTOINCREMENT here or later: sqlite_sequence, once made, can never be dropped again.
CREATE TABLE memory_relationships (
    id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    target_id INTEGER NOT NULL,
    relationship VARCHAR NOT NULL,
    description TEXT,
    confidence FLOAT DEFAULT 1.0,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    FOREIGN KEY (source_id) REFERENCES memories (id) ON DELETE CASCADE,
    FOREIGN KEY (target_id) REFERENCES memories (id) ON DELETE CASCADE
);
CREATE INDEX ix_memory_relationships_source_id ON memory_relationships (source_id);
CREATE INDEX ix_memory_relationships_target_id ON memory_relationships (target_id);
CREATE INDEX ix_memory_relationships_relationship ON memory_relationships (relationship);
