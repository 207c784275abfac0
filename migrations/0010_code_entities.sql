CREATE TABLE code_entities (
    id VARCHAR NOT NULL,
    project_path VARCHAR NOT NULL,
    entity_type VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    qualified_name VARCHAR,
    file_path VARCHAR NOT NULL,
    line_start INTEGER,
    line_end INTEGER,
    signature TEXT,
    docstring TEXT,
    calls JSON DEFAULT '[]',
    called_by JSON DEFAULT '[]',
    imports JSON DEFAULT '[]',
    inherits JSON DEFAULT '[]',
    indexed_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
);
CREATE INDEX ix_code_entities_project_path ON code_entities (project_path);
CREATE INDEX ix_code_entities_file_path ON code_entities (file_path);
CREATE INDEX ix_code_entities_name ON code_entities (name);
CREATE INDEX ix_code_entities_entity_type ON code_entities (entity_type);

-- code_entity_id is deliberately no foreign key: indexing a project again deletes its entities and
-- inserts them under the same ids, and the references must still be there afterwards.
CREATE TABLE memory_code_refs (
    id INTEGER NOT NULL,
    memory_id INTEGER,
    code_entity_id VARCHAR,
    entity_type VARCHAR,
    entity_name VARCHAR,
    file_path VARCHAR,
    line_number INTEGER,
    relationship VARCHAR,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    FOREIGN KEY (memory_id) REFERENCES memories (id) ON DELETE CASCADE
);
CREATE INDEX ix_memory_code_refs_memory_id ON memory_code_refs (memory_id);
CREATE INDEX ix_memory_code_refs_code_entity_id ON memory_code_refs (code_entity_id);
