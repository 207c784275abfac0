CREATE TABLE project_links (
    id INTEGER NOT NULL,
    source_path VARCHAR NOT NULL,
    linked_path VARCHAR NOT NULL,
    relationship VARCHAR DEFAULT 'related',
    label VARCHAR,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
);

-- Also serves look-ups by source_path alone, its first column.
CREATE UNIQUE INDEX ix_project_links_source_path_linked_path ON project_links (source_path, linked_path);
