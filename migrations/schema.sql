-- What the migrations make, declared. The build compares the two, so they agree.

CREATE TABLE decisions (
    id INTEGER NOT NULL,
    decision TEXT NOT NULL,
    rationale TEXT NOT NULL,
    context JSON,
    alternatives_considered JSON,
    expected_impact TEXT,
    risk_level VARCHAR,
    tags JSON,
    timestamp DATETIME,
    outcome TEXT,
    actual_impact TEXT,
    lessons_learned TEXT,
    updated_at DATETIME,
    PRIMARY KEY (id)
);
CREATE INDEX ix_decisions_id ON decisions (id);

CREATE TABLE thought_sessions (
    id VARCHAR NOT NULL,
    context JSON,
    started_at DATETIME,
    ended_at DATETIME,
    summary TEXT,
    outcomes JSON,
    status VARCHAR,
    PRIMARY KEY (id)
);

CREATE TABLE thoughts (
    id INTEGER NOT NULL,
    thought TEXT NOT NULL,
    category VARCHAR NOT NULL,
    reasoning TEXT,
    related_to JSON,
    confidence FLOAT,
    timestamp DATETIME,
    session_id VARCHAR,
    PRIMARY KEY (id),
    FOREIGN KEY (session_id) REFERENCES thought_sessions (id)
);
CREATE INDEX ix_thoughts_id ON thoughts (id);

CREATE TABLE insights (
    id INTEGER NOT NULL,
    insight TEXT NOT NULL,
    source VARCHAR,
    applicability TEXT,
    session_id VARCHAR,
    timestamp DATETIME,
    PRIMARY KEY (id),
    FOREIGN KEY (session_id) REFERENCES thought_sessions (id)
);
CREATE INDEX ix_insights_id ON insights (id);

CREATE TABLE changes (
    id INTEGER NOT NULL,
    hash VARCHAR,
    file_path VARCHAR NOT NULL,
    change_type VARCHAR NOT NULL,
    description TEXT NOT NULL,
    rationale TEXT,
    affected_components JSON,
    risk_assessment JSON,
    rollback_plan TEXT,
    timestamp DATETIME,
    status VARCHAR,
    actual_impact TEXT,
    issues_encountered JSON,
    updated_at DATETIME,
    PRIMARY KEY (id)
);
CREATE INDEX ix_changes_id ON changes (id);

CREATE TABLE cascade_events (
    id INTEGER NOT NULL,
    "trigger" VARCHAR NOT NULL,
    affected_components JSON,
    severity VARCHAR NOT NULL,
    description TEXT NOT NULL,
    resolution TEXT,
    timestamp DATETIME,
    PRIMARY KEY (id)
);
CREATE INDEX ix_cascade_events_id ON cascade_events (id);

CREATE TABLE tools (
    id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    display_name VARCHAR NOT NULL,
    command VARCHAR NOT NULL,
    args JSON,
    capabilities JSON,
    enabled INTEGER,
    config JSON,
    created_at DATETIME,
    last_used DATETIME,
    PRIMARY KEY (id),
    UNIQUE (name)
);
CREATE INDEX ix_tools_name ON tools (name);

CREATE TABLE tool_sessions (
    id INTEGER NOT NULL,
    tool_id INTEGER NOT NULL,
    session_id VARCHAR NOT NULL,
    pid INTEGER,
    state VARCHAR,
    started_at DATETIME,
    last_activity DATETIME,
    ended_at DATETIME,
    context JSON,
    PRIMARY KEY (id),
    FOREIGN KEY (tool_id) REFERENCES tools (id),
    UNIQUE (session_id)
);
CREATE INDEX ix_tool_sessions_session_id ON tool_sessions (session_id);

CREATE TABLE task_executions (
    id INTEGER NOT NULL,
    task_description TEXT NOT NULL,
    tool_id INTEGER NOT NULL,
    session_id VARCHAR NOT NULL,
    command_sent TEXT NOT NULL,
    response_received TEXT,
    status VARCHAR,
    started_at DATETIME,
    completed_at DATETIME,
    error_message TEXT,
    context JSON,
    PRIMARY KEY (id),
    FOREIGN KEY (tool_id) REFERENCES tools (id),
    FOREIGN KEY (session_id) REFERENCES tool_sessions (session_id)
);

CREATE TABLE workflow_executions (
    id INTEGER NOT NULL,
    workflow_name VARCHAR NOT NULL,
    description TEXT NOT NULL,
    steps JSON,
    status VARCHAR,
    started_at DATETIME,
    completed_at DATETIME,
    result JSON,
    PRIMARY KEY (id)
);

CREATE TABLE tasks (
    id INTEGER NOT NULL,
    title VARCHAR NOT NULL,
    description TEXT,
    status VARCHAR,
    priority VARCHAR,
    assigned_to VARCHAR,
    tags JSON,
    created_at DATETIME,
    updated_at DATETIME,
    completed_at DATETIME,
    parent_id INTEGER,
    PRIMARY KEY (id),
    FOREIGN KEY (parent_id) REFERENCES tasks (id)
);
CREATE INDEX ix_tasks_status ON tasks (status);
CREATE INDEX ix_tasks_priority ON tasks (priority);

CREATE TABLE project_files (
    id INTEGER NOT NULL,
    file_path VARCHAR NOT NULL,
    file_type VARCHAR,
    size INTEGER,
    last_modified DATETIME,
    line_count INTEGER,
    hash VARCHAR,
    language VARCHAR,
    PRIMARY KEY (id),
    UNIQUE (file_path)
);
CREATE INDEX ix_project_files_file_path ON project_files (file_path);

CREATE TABLE file_dependencies (
    id INTEGER NOT NULL,
    source_file_id INTEGER NOT NULL,
    target_file_id INTEGER NOT NULL,
    dependency_type VARCHAR,
    PRIMARY KEY (id),
    FOREIGN KEY (source_file_id) REFERENCES project_files (id),
    FOREIGN KEY (target_file_id) REFERENCES project_files (id)
);

CREATE TABLE external_dependencies (
    id INTEGER NOT NULL,
    source_file_id INTEGER NOT NULL,
    package_name VARCHAR NOT NULL,
    version_constraint VARCHAR,
    PRIMARY KEY (id),
    FOREIGN KEY (source_file_id) REFERENCES project_files (id)
);
CREATE INDEX ix_external_dependencies_package_name ON external_dependencies (package_name);

CREATE TABLE memories (
    id INTEGER NOT NULL,
    category VARCHAR NOT NULL,
    content TEXT NOT NULL,
    rationale TEXT,
    context JSON,
    tags JSON,
    file_path VARCHAR,
    keywords TEXT,
    is_permanent BOOLEAN,
    vector_embedding BLOB,
    outcome TEXT,
    worked BOOLEAN,
    created_at DATETIME,
    updated_at DATETIME,
    pinned BOOLEAN NOT NULL DEFAULT 0,
    archived BOOLEAN NOT NULL DEFAULT 0,
    file_path_relative VARCHAR,
    recall_count INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (id)
);
CREATE INDEX ix_memories_category ON memories (category);
CREATE INDEX ix_memories_file_path ON memories (file_path);
CREATE INDEX ix_memories_id ON memories (id);
CREATE INDEX ix_memories_keywords ON memories (keywords);
CREATE INDEX ix_memories_file_path_relative ON memories (file_path_relative);
CREATE TRIGGER memories_ai AFTER INSERT ON memories
BEGIN
    INSERT INTO memories_fts (rowid, content, rationale, tags)
    SELECT id, content, rationale, tags FROM memories_fts_content WHERE id = new.id;
END;
CREATE TRIGGER memories_ad AFTER DELETE ON memories
BEGIN
    INSERT INTO memories_fts (memories_fts, rowid, content, rationale, tags)
    VALUES (
        'delete',
        old.id,
        old.content,
        old.rationale,
        (
            SELECT group_concat(value, ' ')
            FROM json_each(
                CASE
                    WHEN NOT json_valid(old.tags) THEN NULL
                    WHEN json_type(old.tags) = 'array' THEN old.tags
                END
            )
        )
    );
END;
CREATE TRIGGER memories_au AFTER UPDATE ON memories
WHEN old.id IS NOT new.id
    OR old.content IS NOT new.content
    OR old.rationale IS NOT new.rationale
    OR old.tags IS NOT new.tags
BEGIN
    INSERT INTO memories_fts (memories_fts, rowid, content, rationale, tags)
    VALUES (
        'delete',
        old.id,
        old.content,
        old.rationale,
        (
            SELECT group_concat(value, ' ')
            FROM json_each(
                CASE
                    WHEN NOT json_valid(old.tags) THEN NULL
                    WHEN json_type(old.tags) = 'array' THEN old.tags
                END
            )
        )
    );
    INSERT INTO memories_fts (rowid, content, rationale, tags)
    SELECT id, content, rationale, tags FROM memories_fts_content WHERE id = new.id;
END;
CREATE TRIGGER memories_touch_ins AFTER INSERT ON memories
BEGIN
    INSERT INTO meta (key, value)
    VALUES ('memories_last_modified', strftime('%Y-%m-%d %H:%M:%f', 'now'))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
END;
CREATE TRIGGER memories_touch_upd AFTER UPDATE ON memories
BEGIN
    INSERT INTO meta (key, value)
    VALUES ('memories_last_modified', strftime('%Y-%m-%d %H:%M:%f', 'now'))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
END;
CREATE TRIGGER memories_touch_del AFTER DELETE ON memories
BEGIN
    INSERT INTO meta (key, value)
    VALUES ('memories_last_modified', strftime('%Y-%m-%d %H:%M:%f', 'now'))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
END;

CREATE TABLE rules (
    id INTEGER NOT NULL,
    "trigger" TEXT NOT NULL,
    trigger_keywords TEXT,
    must_do JSON,
    must_not JSON,
    ask_first JSON,
    warnings JSON,
    priority INTEGER,
    enabled BOOLEAN,
    created_at DATETIME,
    PRIMARY KEY (id)
);
CREATE INDEX ix_rules_id ON rules (id);
CREATE INDEX ix_rules_trigger_keywords ON rules (trigger_keywords);
CREATE TRIGGER rules_touch_ins AFTER INSERT ON rules
BEGIN
    INSERT INTO meta (key, value)
    VALUES ('rules_last_modified', strftime('%Y-%m-%d %H:%M:%f', 'now'))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
END;
CREATE TRIGGER rules_touch_upd AFTER UPDATE ON rules
BEGIN
    INSERT INTO meta (key, value)
    VALUES ('rules_last_modified', strftime('%Y-%m-%d %H:%M:%f', 'now'))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
END;
CREATE TRIGGER rules_touch_del AFTER DELETE ON rules
BEGIN
    INSERT INTO meta (key, value)
    VALUES ('rules_last_modified', strftime('%Y-%m-%d %H:%M:%f', 'now'))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
END;

CREATE VIRTUAL TABLE memories_fts USING fts5 (
    content,
    rationale,
    tags,
    content = 'memories_fts_content',
    content_rowid = 'id'
);

CREATE TABLE meta (
    key VARCHAR NOT NULL,
    value TEXT,
    PRIMARY KEY (key)
);

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

CREATE TABLE session_state (
    id INTEGER NOT NULL,
    session_id VARCHAR NOT NULL,
    project_path VARCHAR NOT NULL,
    briefed BOOLEAN DEFAULT 0,
    context_checks JSON DEFAULT '[]',
    pending_decisions JSON DEFAULT '[]',
    last_activity DATETIME DEFAULT CURRENT_TIMESTAMP,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE (session_id)
);

CREATE TABLE enforcement_bypass_log (
    id INTEGER NOT NULL,
    timestamp DATETIME DEFAULT CURRENT_TIMESTAMP,
    pending_decisions JSON DEFAULT '[]',
    staged_files_with_warnings JSON DEFAULT '[]',
    reason TEXT,
    PRIMARY KEY (id)
);

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

CREATE TABLE project_links (
    id INTEGER NOT NULL,
    source_path VARCHAR NOT NULL,
    linked_path VARCHAR NOT NULL,
    relationship VARCHAR DEFAULT 'related',
    label VARCHAR,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_project_links_source_path_linked_path ON project_links (source_path, linked_path);

CREATE TABLE file_hashes (
    id INTEGER NOT NULL,
    project_path VARCHAR NOT NULL,
    file_path VARCHAR NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    indexed_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE (project_path, file_path)
);

CREATE VIEW memories_fts_content AS
SELECT
    id,
    content,
    rationale,
    (
        WITH RECURSIVE element (position) AS (
            SELECT 0
            WHERE json_array_length(CASE WHEN json_valid(memories.tags) THEN memories.tags END) > 0
            UNION ALL
            SELECT position + 1
            FROM element
            WHERE position + 1 < json_array_length(memories.tags)
        )
        SELECT group_concat(json_extract(memories.tags, '$[' || position || ']'), ' ')
        FROM element
    ) AS tags
FROM memories;
