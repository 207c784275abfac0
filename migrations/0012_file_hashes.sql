-- A file whose hash has not moved is not indexed again.
CREATE TABLE file_hashes (
    id INTEGER NOT NULL,
    project_path VARCHAR NOT NULL,
    file_path VARCHAR NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    indexed_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE (project_path, file_path)
);
